"""Tabs whose labels stand closer where they would not all fit beside each other."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget


class CloseTabs(QTabWidget):
    """A document's tabs, all of which are seen in a narrow window too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self._close, self._wanted = False, 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        bar = self.tabBar()
        if not self._close:
            self._wanted = bar.sizeHint().width()
        close = self._wanted > self.width()
        if close != self._close:
            self._close = close
            bar.setProperty("close", close)
            bar.style().unpolish(bar)
            bar.style().polish(bar)
            QApplication.sendEvent(bar, QEvent(QEvent.Type.StyleChange))
