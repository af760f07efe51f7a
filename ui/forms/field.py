"""A field with its message, and the set of all fields of one form, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from chemsales.rules.errors import Invalid, Problem
from chemsales.words import _, say
from ui import theme
from ui.forms import editors
from ui.widgets.labels import PlainLabel

Check = Callable[[str], str]
NAMELESS = frozenset({"reason.field_required", "reason.text_missing"})  # "This is required."


class FormField(QWidget):
    """An editor with its message below it.

    `editor` is one of those that ui/forms/editors.py knows. `check` gives the message to show for
    what is typed, "" where it is right (what a day or a number cannot be read from is told without
    it); it runs when the field is left, and while typing once a message stands. Fields of one
    `group` (a contact, called `group_title`) belong together. With `apart` whoever makes the field
    places `message`.
    """

    edited = Signal()
    left = Signal()  # for the first time

    def __init__(
        self,
        name: str,
        label: str,
        editor: QWidget,
        required: bool = False,
        hint: str = "",
        check: Check | None = None,
        group: str = "",
        group_title: str = "",
        apart: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name, self.title, self.editor = name, label, editor
        self.hint, self._check, self.apart = hint, check, apart
        self.group, self.group_title = group or name, group_title or label
        self.touched = False
        self._wrong = False
        self._example = editor.placeholderText() if isinstance(editor, QLineEdit) else ""
        self.label = PlainLabel(label)
        self.label.setBuddy(editor)
        self.set_required(required)
        if not editor.accessibleName():
            editor.setAccessibleName(label)
        self.message = PlainLabel(hint, role="quiet", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(editor)
        if not apart:
            layout.addWidget(self.message)
        if not hint:
            self.message.hide()
        editors.on_edit(editor, self._on_edit)
        editor.installEventFilter(self)
        if isinstance(editor, QLineEdit):
            editor.editingFinished.connect(self.validate)

    def text(self) -> str:
        """What the field holds, trimmed (editors.raw_text)."""
        return editors.raw_text(self.editor).strip()

    def set_text(self, text: str) -> None:
        """Put this into the field, as `text()` gives it."""
        editors.set_text(self.editor, text)

    def value(self) -> object:
        """What the text stands for (editors.value_of)."""
        return editors.value_of(self.editor)

    def set_value(self, value: object) -> None:
        """The inverse of `value`."""
        editors.set_value(self.editor, value)

    def told(self, problem: Problem) -> str:
        """A problem as its message says it: with the field's name where that does not stand above
        it and the sentence names nothing."""
        text = say(problem.reason)
        if not self.apart or problem.reason.code not in NAMELESS:
            return text
        return _("{field}: {text}", field=self.title, text=text)

    def set_message(self, text: str, warning: bool = False) -> None:
        """Show a message under the field; "" puts the hint back."""
        self._wrong = bool(text) and not warning
        role = ("warning" if warning else "problem") if text else "quiet"
        sign = theme.SIGNS[theme.Tone.SOON if warning else theme.Tone.PROBLEM]
        self.message.set_role(role)
        self.message.setText(f"{sign} {text}" if text else self.hint)
        self.message.setVisible(bool(text or self.hint))
        theme.mark(self.editor, "wrong", self._wrong)
        self.editor.setAccessibleDescription(text)

    @property
    def wrong(self) -> bool:
        """Whether an error stands under the field."""
        return self._wrong

    def problem(self) -> str:
        """What is wrong with what is typed, "" where nothing is."""
        found = editors.problem_of(self.editor)
        return found or (self._check(self.text()) if self._check is not None else "")

    def validate(self) -> bool:
        """Check what is typed and show the message; True where it is right."""
        found = self.problem()
        if found or self._check is not None or self._own():
            self.set_message(found)
        return not self._wrong

    def set_required(self, required: bool) -> None:
        """Mark the field as one that must be filled in, or as one that need not be."""
        self.required = required
        self.label.setText(f"{self.title} *" if required else self.title)
        self.label.setToolTip(_("Required") if required else "")
        if self.apart and isinstance(self.editor, QLineEdit):  # its label is a heading of all rows
            said = _("Required") if required else ""
            self.editor.setPlaceholderText(self._example or said)

    def validate_required(self) -> bool:
        """As `validate`, and where it must be filled in, whether it is."""
        if self.required and not self.text():
            self.set_message(_("Please fill in this field."))
            return False
        return self.validate()

    def set_read_only(self, read_only: bool) -> None:
        """Forbid or allow editing."""
        editors.set_read_only(self.editor, read_only)

    def focus(self) -> None:
        """Put the cursor here, and scroll what the field stands in to it."""
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll_here()
        QTimer.singleShot(0, self, self._scroll_here)  # once more when the messages are laid out

    def _scroll_here(self) -> None:
        around = self.parentWidget()
        while around is not None:
            if isinstance(around, QScrollArea):
                around.ensureWidgetVisible(self, 0, theme.scaled(60))
            around = around.parentWidget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        left = event.type() == QEvent.Type.FocusOut and watched is self.editor
        if left and not self.touched:
            self.touched = True
            self.left.emit()
        return super().eventFilter(watched, event)

    def _own(self) -> bool:
        """Whether the editor itself can be wrong, so that its message may be taken away again."""
        return isinstance(self.editor, editors.ValueEditor)

    def _on_edit(self) -> None:
        if self._wrong:
            self.set_message(self.problem())
        self.edited.emit()


class FieldSet(QObject):
    """All fields of one form, wherever they stand on it.

    `notes` are messages of places that have no field of their own (a section "contacts").
    """

    edited = Signal()
    left = Signal()  # a field was left for the first time

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, FormField] = {}
        self.notes: dict[str, PlainLabel] = {}
        self.growers: list[Callable[[Sequence[str]], None]] = []  # make fields of these names
        self._clean: dict[str, str] = {}

    def __getitem__(self, name: str) -> FormField:
        return self.fields[name]

    def add(self, field: FormField) -> FormField:
        """Take a field into the form."""
        self.fields[field.name] = field
        field.edited.connect(self.edited)
        field.left.connect(self.left)
        return field

    def add_note(self, place: str) -> PlainLabel:
        """A message for a place without a field; whoever asks puts it there."""
        made = self.notes[place] = PlainLabel("", role="problem", wrap=True)
        made.hide()
        return made

    # -- what is typed -----------------------------------------------------------------------------

    def texts(self) -> dict[str, str]:
        """What can be typed, letter by letter, by name; without passwords and what is only
        shown."""
        return {
            name: editors.raw_text(field.editor)
            for name, field in self.fields.items()
            if not editors.is_secret(field.editor) and editors.is_editable(field.editor)
        }

    def set_texts(self, texts: Mapping[str, str]) -> None:
        """Put texts back, as `texts` gave them; what the form does not have is left out, whether a
        name or a choice: another version of the program may have kept them."""
        for grow in self.growers:
            grow(list(texts))
        for name, text in texts.items():
            field = self.fields.get(name)
            if field is None or editors.is_secret(field.editor):
                continue
            if editors.can_hold(field.editor, text):
                field.set_text(text)

    @property
    def dirty(self) -> bool:
        """Whether anything differs from when the form was last filled or saved."""
        return any(self._clean.get(name, "") != text for name, text in self.texts().items())

    @property
    def clean(self) -> Mapping[str, str]:
        """The texts as the form was last filled or saved."""
        return self._clean

    def mark_clean(self, texts: Mapping[str, str] | None = None) -> None:
        """What is in the fields now (or these texts) is what is stored."""
        self._clean = self.texts() if texts is None else dict(texts)

    def set_read_only(self, read_only: bool) -> None:
        """Forbid or allow editing in every field."""
        for field in self.fields.values():
            editors.set_read_only(field.editor, read_only)

    # -- messages ----------------------------------------------------------------------------------

    def clear_problems(self) -> None:
        """Take every message away."""
        for field in self.fields.values():
            field.set_message("")
        for note in self.notes.values():
            note.hide()

    def touch_all(self) -> None:
        """From now on every problem is shown, also under fields that were not visited."""
        for field in self.fields.values():
            field.touched = True

    def show_problems(
        self, problems: Iterable[Problem] | Invalid, untouched: bool = True
    ) -> list[Problem]:
        """Show each problem at its place; those without a place here are returned.

        Without `untouched` an empty field that was not left yet says nothing. What cannot be read
        is told in any case.
        """
        found = problems.problems if isinstance(problems, Invalid) else tuple(problems)
        places: dict[str, list[Problem]] = {}
        for problem in found:
            places.setdefault(problem.place, []).append(problem)
        for name, field in self.fields.items():
            here = places.pop(name, [])
            if not (untouched or field.touched or field.text()):
                here = []
            unread = editors.problem_of(field.editor)
            said = unread or "\n".join(map(field.told, here))
            field.set_message(said, not unread and all(problem.warning for problem in here))
        for place, note in self.notes.items():
            here = places.pop(place, [])
            shown = untouched or self._section_touched(place)
            note.setText("\n".join(say(problem.reason) for problem in here))
            note.setVisible(bool(here) and shown)
        return [problem for rest in places.values() for problem in rest]

    def check(self) -> bool:
        """Show under every field what is missing or cannot be read; True where all is right."""
        right = [field.validate_required() for field in self.fields.values()]
        return all(right)

    def focus_first_wrong(self) -> bool:
        """Put the cursor into the first field with an error; False where there is none."""
        wrong = next((field for field in self.fields.values() if field.wrong), None)
        if wrong is not None:
            wrong.focus()
        return wrong is not None

    def _section_touched(self, place: str) -> bool:
        start = f"{place}."
        return any(f.touched for name, f in self.fields.items() if name.startswith(start))
