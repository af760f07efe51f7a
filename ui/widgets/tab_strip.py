"""The buttons of some documents, over as many lines as they take where there is room for them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

from ui import theme
from ui.actions import plain_button
from ui.widgets.flow import FlowLayout

MOST_LINES = 3


class TabStrip(QScrollArea):
    """`show_tabs(buttons)`; what does not fit goes on in a next line, of which at most three are
    seen, one where it is `fold`ed. `reveal(button)` brings its line into sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._named: Mapping[QPushButton, tuple[str, str]] = {}
        self._lines = MOST_LINES
        inner = QWidget()
        self._flow = FlowLayout(theme.scaled(4), inner)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    @property
    def tabs(self) -> list[QPushButton]:
        """The buttons that are shown."""
        return list(self._named)

    def show_tabs(self, named: Mapping[QPushButton, tuple[str, str]]) -> None:
        """Show these in place of those before, each with its name and the mark behind that, which
        is never left out."""
        while (item := self._flow.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self._named = named
        for tab in named:
            self._flow.addWidget(tab)
            tab.ensurePolished()  # its size is known with its style
        self._fit()

    def fold(self, low: bool) -> None:
        """In a low window one line is seen."""
        self._lines = 1 if low else MOST_LINES
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Name the buttons as far as the width goes, and be as high as the lines that are seen."""
        for tab, (name, mark) in self._named.items():
            tab.setText(plain_button(name + mark))
            measure = tab.fontMetrics()
            over = tab.sizeHint().width() - self.viewport().width()
            if over > 0:
                room = measure.horizontalAdvance(name) - over
                kept = measure.elidedText(name, Qt.TextElideMode.ElideRight, room)
                tab.setText(plain_button(kept + mark))
        high = max((tab.sizeHint().height() for tab in self.tabs), default=0)
        most = self._lines * (high + self._flow.spacing()) - self._flow.spacing()
        wanted = self._flow.heightForWidth(self.viewport().width())
        self.setFixedHeight(min(max(wanted, high), most) + 2 * self.frameWidth())

    def reveal(self, tab: QPushButton) -> None:
        """Bring the line of a button into sight, from its top on."""
        bar = self.verticalScrollBar()
        end = tab.geometry().bottom() + 1 - self.viewport().height()
        bar.setValue(min(tab.y(), max(bar.value(), end)))
