"""A minute of the day, typed as people type it: 14:03, 1403, 14点03分."""

from __future__ import annotations

from datetime import time

from PySide6.QtWidgets import QLineEdit, QWidget

from chemsales.rules.days import parse_time
from chemsales.rules.errors import Invalid
from chemsales.words import _, say


class TimeField(QLineEdit):
    """`value()` is the minute typed, None where that is none; written out when it is left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(_("HH:MM"))
        self.editingFinished.connect(self._write_out)

    def value(self) -> time | None:
        """The minute typed, None where nothing or none is."""
        try:
            return parse_time(self.text())
        except Invalid:
            return None

    def set_value(self, value: time | None) -> None:
        """Show this minute; None empties the field."""
        self.setText("" if value is None else value.strftime("%H:%M"))

    def problem(self) -> str:
        """What is wrong with the text, "" where it is a minute of the day or empty."""
        if not self.text().strip():
            return ""
        try:
            parse_time(self.text())
        except Invalid as refused:
            return say(refused.reasons[0])
        return ""

    def _write_out(self) -> None:
        typed = self.value()
        if typed is not None and not self.isReadOnly():
            self.set_value(typed)
