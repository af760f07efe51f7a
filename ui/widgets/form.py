"""Forms: a label, an editor and the message under it, by the name of the field."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from chemsales.rules.errors import Invalid, Problem
from chemsales.words import _, say
from ui import theme
from ui.widgets.labels import PlainLabel


class FormField(QWidget):
    """An editor with its message below it.

    `editor` may be any widget; QLineEdit (and DateField, NumberField), QPlainTextEdit, QComboBox
    (by its item data) and QCheckBox are read and written by `text()`/`set_text()`. `check` gives
    the message to show for what is typed, "" where it is right; it runs when the field is left, and
    while typing once a message stands.
    """

    edited = Signal()

    def __init__(
        self,
        name: str,
        label: str,
        editor: QWidget,
        required: bool = False,
        hint: str = "",
        check: Callable[[str], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name, self.editor, self.required = name, editor, required
        self.hint, self._check = hint, check
        self.label = PlainLabel(f"{label} *" if required else label)
        self.label.setBuddy(editor)
        if required:
            self.label.setToolTip(_("Required"))
        editor.setAccessibleName(label)
        self.message = PlainLabel(hint, role="quiet", wrap=True)
        self.message.setVisible(bool(hint))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(editor)
        layout.addWidget(self.message)
        self._wrong = False
        self._connect(editor)

    def _connect(self, editor: QWidget) -> None:
        if isinstance(editor, QLineEdit):
            editor.textChanged.connect(self._on_edit)
            editor.editingFinished.connect(self.validate)
        elif isinstance(editor, QPlainTextEdit):
            editor.textChanged.connect(self._on_edit)
        elif isinstance(editor, QComboBox):
            editor.currentIndexChanged.connect(self._on_edit)
        elif isinstance(editor, QCheckBox):
            editor.toggled.connect(self._on_edit)

    def text(self) -> str:
        """What the field holds, trimmed; a combo box gives its item's data, a check box "1" or
        ""."""
        editor = self.editor
        if isinstance(editor, QLineEdit):
            return editor.text().strip()
        if isinstance(editor, QPlainTextEdit):
            return editor.toPlainText().strip()
        if isinstance(editor, QComboBox):
            data = editor.currentData()
            return editor.currentText().strip() if data is None else str(data)
        if isinstance(editor, QCheckBox):
            return "1" if editor.isChecked() else ""
        if isinstance(editor, QLabel):
            return editor.text()
        raise TypeError(type(editor).__name__)

    def set_text(self, text: str) -> None:
        """Put this into the field, as `text()` gives it."""
        editor = self.editor
        if isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.setCursorPosition(0)
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText(text)
        elif isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(text))
        elif isinstance(editor, QCheckBox):
            editor.setChecked(bool(text))
        elif isinstance(editor, QLabel):
            editor.setText(text)
        else:
            raise TypeError(type(editor).__name__)

    def set_message(self, text: str, warning: bool = False) -> None:
        """Show a message under the field; "" puts the hint back."""
        self._wrong = bool(text) and not warning
        role = ("warning" if warning else "problem") if text else "quiet"
        sign = theme.SIGNS[theme.Tone.SOON if warning else theme.Tone.PROBLEM]
        self.message.set_role(role)
        self.message.setText(f"{sign} {text}" if text else self.hint)
        self.message.setVisible(bool(text or self.hint))
        self.editor.setProperty("wrong", self._wrong)
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)
        self.editor.setAccessibleDescription(text)

    @property
    def wrong(self) -> bool:
        """Whether an error stands under the field."""
        return self._wrong

    def validate(self) -> bool:
        """Check what is typed and show the message; True where it is right."""
        if self._check is not None:
            self.set_message(self._check(self.text()))
        return not self._wrong

    def _on_edit(self) -> None:
        if self._wrong:
            if self._check is not None:
                self.validate()
            else:
                self.set_message("")
        self.edited.emit()


class Form(QWidget):
    """Rows of fields, labels to the right beside them (or above, in a narrow place).

    `columns` puts that many fields beside each other. Fields are found by name:
    `form["bank"].text()`.
    """

    edited = Signal()

    def __init__(
        self, columns: int = 1, labels_above: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.fields: dict[str, FormField] = {}
        self._columns, self._above = columns, labels_above
        self._at = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8 if not labels_above else 3)
        for column in range(columns):
            self._grid.setColumnStretch(column if labels_above else 2 * column + 1, 1)

    def __getitem__(self, name: str) -> FormField:
        return self.fields[name]

    def add(
        self,
        name: str,
        label: str,
        editor: QWidget | None = None,
        required: bool = False,
        hint: str = "",
        check: Callable[[str], str] | None = None,
        wide: bool = False,
    ) -> FormField:
        """Add a field (a line edit where no editor is given); `wide` takes the whole row."""
        field = FormField(name, label, editor or QLineEdit(), required, hint, check)
        self.fields[name] = field
        if wide and self._at % self._columns:
            self._at += self._columns - self._at % self._columns
        row, column = divmod(self._at, self._columns)
        span = self._columns if wide else 1
        top = Qt.AlignmentFlag.AlignTop
        if self._above:
            field.label.setContentsMargins(0, theme.scaled(6) if row else 0, 0, 0)
            self._grid.addWidget(field.label, 2 * row, column, 1, span)
            self._grid.addWidget(field, 2 * row + 1, column, 1, span, top)
        else:
            # in line with the text inside an editor that has a frame
            down = 0 if isinstance(field.editor, QLabel) else theme.scaled(5)
            field.label.setContentsMargins(0, down, 0, 0)
            right = Qt.AlignmentFlag.AlignRight
            self._grid.addWidget(field.label, row, 2 * column, right | top)
            self._grid.addWidget(field, row, 2 * column + 1, 1, 2 * span - 1, top)
        self._at += span
        field.edited.connect(self.edited)
        return field

    def add_row(self, widget: QWidget) -> None:
        """Put a widget over a whole row (a section's heading, a note)."""
        self._at += -self._at % self._columns
        row = self._at // self._columns
        if self._above:
            self._grid.addWidget(widget, 2 * row, 0, 1, self._columns)
        else:
            self._grid.addWidget(widget, row, 0, 1, 2 * self._columns)
        self._at += self._columns

    def values(self) -> dict[str, str]:
        """What every field holds, by name."""
        return {name: field.text() for name, field in self.fields.items()}

    def set_values(self, values: dict[str, str]) -> None:
        """Fill the fields of these names and forget the messages."""
        for name, value in values.items():
            if name in self.fields:
                self.fields[name].set_text(value)
        self.clear_problems()

    def set_read_only(self, read_only: bool) -> None:
        """Forbid or allow editing in every field."""
        for field in self.fields.values():
            editor = field.editor
            if isinstance(editor, QLineEdit | QPlainTextEdit):
                editor.setReadOnly(read_only)
            else:
                editor.setEnabled(not read_only)

    def clear_problems(self) -> None:
        """Take every message away."""
        for field in self.fields.values():
            field.set_message("")

    def show_problems(self, problems: Iterable[Problem] | Invalid) -> list[Problem]:
        """Show each problem under its field, focus the first wrong one, return those without a
        field."""
        found = problems.problems if isinstance(problems, Invalid) else tuple(problems)
        self.clear_problems()
        by_place: dict[str, list[Problem]] = {}
        for problem in found:
            by_place.setdefault(problem.place, []).append(problem)
        first: FormField | None = None
        for name, field in self.fields.items():
            here = by_place.pop(name, [])
            if here:
                warning = all(problem.warning for problem in here)
                field.set_message("\n".join(say(problem.reason) for problem in here), warning)
                first = first or (None if warning else field)
        if first is not None:
            first.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return [problem for rest in by_place.values() for problem in rest]

    def check_required(self) -> bool:
        """Show "required" under empty required fields and run every check; True where all is
        right."""
        for field in self.fields.values():
            if field.required and not field.text():
                field.set_message(_("Please fill in this field."))
            else:
                field.validate()
        wrong = next((field for field in self.fields.values() if field.wrong), None)
        if wrong is not None:
            wrong.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return wrong is None
