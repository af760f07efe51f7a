"""Sending a case back: reasons to choose from, and what is written beside them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from chemsales.rules.review import ReturnReason
from chemsales.words import label
from ui.dialogs.reason import ReasonDialog


class ReturnDialog(ReasonDialog):
    """A reason that is chosen stands in the text too, where more can be written."""

    def __init__(
        self,
        title: str,
        explanation: str,
        verb: str,
        on_given: Callable[[str, ReasonDialog], object],
        text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, explanation, verb, on_given, text, parent=parent)
        self.boxes = {reason: QCheckBox(label(reason)) for reason in ReturnReason}
        grid, rows = QGridLayout(), (len(self.boxes) + 1) // 2
        grid.setVerticalSpacing(0)
        for at, (reason, box) in enumerate(self.boxes.items()):
            box.toggled.connect(partial(self._write, label(reason)))
            grid.addWidget(box, at % rows, at // rows)
        self.body.insertLayout(self.body.indexOf(self.form), grid)

    def chosen(self) -> tuple[ReturnReason, ...]:
        """The reasons that are chosen."""
        return tuple(reason for reason, box in self.boxes.items() if box.isChecked())

    def _write(self, words: str, on: bool) -> None:
        """Put the words of a reason into the text, or take them out of it again."""
        lines = [line for line in self.text().split("\n") if line and line != words]
        self.edit.setPlainText("\n".join([*lines, words] if on else lines))
