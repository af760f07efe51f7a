"""Asking for a reason in words: a return, a rejection, an undo, a reopening, an accepted code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from chemsales.words import _
from ui import theme
from ui.actions import set_blocked
from ui.dialogs.form_dialog import FormDialog
from ui.forms.editors import text_box
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class ReasonDraft:
    """A reason in words."""

    reason: str = ""


class ReasonDialog(FormDialog):
    """One text that must not be empty.

    `on_given(text, dialog)` gets it when the verb is pressed (Ctrl+Enter); whoever opened the
    dialog calls `accept()` when the act succeeded and `refused(error)` when it did not, so that
    nothing typed is lost. `choices` (key, words) are reasons to tick: their words stand in the
    text too, where more can be written; `chosen()` has the keys.
    """

    def __init__(
        self,
        title: str,
        explanation: str,
        verb: str,
        on_given: Callable[[str, ReasonDialog], object],
        text: str = "",
        danger: bool = False,
        choices: Sequence[tuple[str, str]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent, labels_above=True)
        self.setMinimumWidth(theme.scaled(460))
        self.body.addWidget(PlainLabel(title, role="section", wrap=True))
        if explanation:
            self.body.addWidget(PlainLabel(explanation, role="quiet", wrap=True))
        self.boxes = {key: QCheckBox(words) for key, words in choices}
        self._add_choices()
        self.edit = text_box(theme.scaled(110))
        self.form.add("reason", _("Reason"), self.edit, required=True)
        self.body.addWidget(self.form)
        self.why = PlainLabel("", role="quiet")
        self.body.addWidget(self.why)
        self.bind(ReasonDraft())
        self.fill(ReasonDraft(text))
        self.verb = self.add_giving(verb, "danger" if danger else "primary")
        self.given.connect(lambda draft: on_given(draft.reason, self))
        self.fields.edited.connect(self._judge)
        self.edit.setFocus()
        self._judge()

    def _add_choices(self) -> None:
        grid, rows = QGridLayout(), (len(self.boxes) + 1) // 2
        grid.setVerticalSpacing(0)
        for at, box in enumerate(self.boxes.values()):
            box.toggled.connect(partial(self._write, box.text()))
            grid.addWidget(box, at % rows, at // rows)
        self.body.addLayout(grid)

    def chosen(self) -> tuple[str, ...]:
        """The keys of the reasons that are ticked."""
        return tuple(key for key, box in self.boxes.items() if box.isChecked())

    def _write(self, words: str, on: bool) -> None:
        """Put the words of a reason into the text, or take them out of it again."""
        lines = [line for line in self.text().split("\n") if line and line != words]
        self.edit.setPlainText("\n".join([*lines, words] if on else lines))

    def text(self) -> str:
        """The reason as typed, trimmed."""
        return self.form["reason"].text()

    def release(self) -> None:
        self._judge()

    def _judge(self) -> None:
        missing = "" if self.form["reason"].text() else _("Please give a reason.")
        set_blocked(self.verb, missing)
        self.why.setText(missing or _("Ctrl+Enter does it"))
