"""A part of a page that scrolls where the window is low."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
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
    """A text of any length that is as high as it needs, at most `pixels` at 100 % and a fifth of
    the screen; a longer one scrolls, also by keys."""

    def __init__(self, text: QWidget, name: str, pixels: int) -> None:
        super().__init__()
        screen = QGuiApplication.primaryScreen().availableSize().height()
        self._most = min(theme.scaled(pixels), screen // 5)
        _dress(self, text, name)
        shrinks = text.sizePolicy()  # else it is never lower than at the width that it likes best
        shrinks.setVerticalPolicy(shrinks.Policy.Ignored)
        text.setSizePolicy(shrinks)
        self.setFrameShape(QFrame.Shape.NoFrame)
        policy = self.sizePolicy()
        policy.setVerticalPolicy(policy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        edge = 2 * self.frameWidth()
        return min(self._needed(width - edge) + edge, self._most)

    def _needed(self, width: int) -> int:
        inside = self.widget()
        needed = inside.heightForWidth(width)
        return needed if needed >= 0 else inside.sizeHint().height()

    def sizeHint(self) -> QSize:
        width = max(self.width(), self.widget().minimumSizeHint().width())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.widget().minimumSizeHint().width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        scrolls = self._needed(self.viewport().width()) > self.viewport().height()
        policy = Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)
        # wrapped lines ask for more than they need at this width
        bar = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            bar.ScrollBarAsNeeded if scrolls else bar.ScrollBarAlwaysOff
        )


def _dress(area: QScrollArea, part: QWidget, name: str) -> None:
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(part)
    area.setAccessibleName(name)
    area.viewport().setAutoFillBackground(False)
    part.setAutoFillBackground(False)  # the card or page behind shows through
