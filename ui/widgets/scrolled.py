"""A part of a page that scrolls where the window is low."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ui import theme


def scrolled(part: QWidget, name: str = "") -> QScrollArea:
    """The part inside an area that scrolls up and down only; keys scroll it where it has a name to
    be told by, else the fields in it bring themselves into view."""
    area = QScrollArea()
    _dress(area, part, name)
    if not name:
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


class AtMost(QScrollArea):
    """A text of any length that is as high as it needs, at most `pixels` at 100 %; a longer one
    scrolls, also by keys."""

    def __init__(self, text: QWidget, name: str, pixels: int) -> None:
        super().__init__()
        self._most = theme.scaled(pixels)
        _dress(self, text, name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        policy = self.sizePolicy()
        policy.setVerticalPolicy(policy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        edge = 2 * self.frameWidth()
        return min(self.widget().heightForWidth(width - edge) + edge, self._most)

    def sizeHint(self) -> QSize:
        width = max(self.width(), self.widget().minimumSizeHint().width())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.widget().minimumSizeHint().width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        scrolls = self.widget().heightForWidth(self.viewport().width()) > self.viewport().height()
        policy = Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)


def _dress(area: QScrollArea, part: QWidget, name: str) -> None:
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(part)
    area.setAccessibleName(name)
    area.viewport().setAutoFillBackground(False)
    part.setAutoFillBackground(False)  # the card or page behind shows through
