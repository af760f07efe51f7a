"""Two columns beside each other where there is room, else one below the other."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ui import theme


class Beside(QWidget):
    """`columns` are filled by who makes it; `least` is the width of each, at 100 %, from which on
    they stand beside each other."""

    def __init__(self, least: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least = theme.scaled(least)
        self._both = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.setSpacing(theme.scaled(8))
        self.columns = (QVBoxLayout(), QVBoxLayout())
        for each in self.columns:
            each.addStretch(1)
            self._both.addLayout(each, 1)

    def minimumSizeHint(self) -> QSize:
        """No wider than one column: the other goes below it."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        least = max(self._least, *(each.minimumSize().width() for each in self.columns))
        wide = self.width() >= 2 * least + self._both.spacing()
        used = [each.count() > 1 for each in self.columns]
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._both.setDirection(across if wide and all(used) else down)
