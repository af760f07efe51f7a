"""A line in which anything may be typed, with what is likely offered below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget


class SuggestedLine(QLineEdit):
    """Offers, while it is typed, what contains it; Down offers all, and its placeholder names
    them."""

    def __init__(self, likely: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        completer = QCompleter(list(likely), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.setPlaceholderText(" / ".join(likely))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not self.isReadOnly():
            completer = self.completer()
            completer.setCompletionPrefix("")
            completer.complete()
            return
        super().keyPressEvent(event)
