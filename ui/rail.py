"""The tabs down the left side: words in groups, with the number of what waits beside them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from chemsales.words import _
from ui import theme
from ui.actions import plain_button, plain_tip
from ui.places import Place
from ui.widgets.labels import Line, PlainLabel


class Tab(QPushButton):
    """One place: its word, and a number where something waits."""

    def __init__(self, place: Place, number: int, parent: QWidget | None = None) -> None:
        super().__init__(plain_button(_(place.title)), parent)
        self.place = place
        self.setProperty("role", "rail")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAccessibleName(_(place.title))
        key = f"Ctrl+{number}" if number <= 9 else ""
        self.setToolTip(plain_tip(f"{_(place.title)} ({key})" if key else _(place.title)))
        self.setStatusTip(_(place.title))
        self.count = PlainLabel("")
        self.count.setObjectName("count")
        self.count.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, theme.scaled(10), 0)
        row.addStretch(1)
        row.addWidget(self.count)

    def sizeHint(self) -> QSize:
        """Room for the word in its bold form and a number of three digits beside it."""
        hint = super().sizeHint()
        bold = theme.font(bold=True)
        metrics = self.fontMetrics()
        self.ensurePolished()
        words = max(metrics.horizontalAdvance(self.text()), _width(bold, self.text()))
        hint.setWidth(words + theme.scaled(74))
        return hint

    def set_count(self, number: int) -> None:
        """Show how many wait; nothing for 0."""
        self.count.setText(str(number) if number else "")
        self.count.setVisible(number > 0)
        name = _(self.place.title)
        waiting = _("{place}, {count} waiting", place=name, count=number)
        self.setAccessibleName(waiting if number else name)


def _width(font: object, text: str) -> int:
    from PySide6.QtGui import QFont, QFontMetrics

    assert isinstance(font, QFont)
    return QFontMetrics(font).horizontalAdvance(text)


class Rail(QFrame):
    """`chosen(key)` when a tab is pressed."""

    chosen = Signal(str)

    def __init__(self, places: tuple[Place, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.tabs: dict[str, Tab] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.scaled(12), 0, theme.scaled(12))
        column.setSpacing(2)
        name = PlainLabel(_("Chemical sales"), role="section")
        name.setContentsMargins(theme.scaled(15), 0, theme.scaled(12), theme.scaled(8))
        column.addWidget(name)
        before = None
        for number, place in enumerate(places, start=1):
            if before is not None and place.group != before:
                column.addSpacing(theme.scaled(6))
                column.addWidget(Line())
                column.addSpacing(theme.scaled(6))
            before = place.group
            tab = self.tabs[place.key] = Tab(place, number)
            tab.clicked.connect(lambda _checked=False, key=place.key: self.chosen.emit(key))
            self._group.addButton(tab)
            column.addWidget(tab)
        column.addStretch(1)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def mark(self, key: str) -> None:
        """Show this tab as the one that is open."""
        self.tabs[key].setChecked(True)
