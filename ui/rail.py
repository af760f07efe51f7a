"""The tabs down the left side: words in groups, with the number of what waits beside them; narrow
with short words where the person or a small window wants the room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from chemsales.words import _
from ui import memory, theme
from ui.actions import Act, button_for, plain_button, plain_tip
from ui.places import Place
from ui.widgets.labels import Line, PlainLabel

SMALL_WINDOW = 1100  # at 100 %: what is narrower leaves the room to the page
NARROW, WIDE = "narrow", "wide"
NARROW_SIGN, WIDE_SIGN = "»", "«"


class Tab(QPushButton):
    """One place: its word (`narrow`: a short one), and a number where something waits."""

    def __init__(self, place: Place, number: int, parent: QWidget | None = None) -> None:
        super().__init__(plain_button(_(place.title)), parent)
        self.place = place
        self.narrow = False
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
        hint.setWidth(words + theme.scaled(50 if self.narrow else 74))
        return hint

    def set_narrow(self, narrow: bool) -> None:
        """Show the short word, or the whole one."""
        self.narrow = narrow
        self.setText(plain_button(_(self.place.short if narrow else self.place.title)))
        self.updateGeometry()

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
    """`chosen(key)` when a tab is pressed.

    It is narrow in a narrow window (`room`), until the person says how it shall be (`toggle`),
    which is remembered.
    """

    chosen = Signal(str)

    def __init__(self, places: tuple[Place, ...], fold: Act, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.tabs: dict[str, Tab] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.scaled(12), 0, theme.scaled(12))
        column.setSpacing(2)
        self.key = memory.own("rail")
        self.narrow = False
        self._chosen = memory.recall(self.key)
        self.name = PlainLabel(_("Chemical sales"), role="section")
        self.name.setContentsMargins(theme.scaled(15), 0, theme.scaled(12), theme.scaled(8))
        column.addWidget(self.name)
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
        self.fold = button_for(fold, "tool", WIDE_SIGN)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignRight)
        column.setContentsMargins(0, theme.scaled(12), 0, theme.scaled(8))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def room(self, width: int) -> None:
        """The window is so wide now."""
        small = width < theme.scaled(SMALL_WINDOW)
        self._set_narrow(self._chosen == NARROW if self._chosen else small)

    def toggle(self) -> None:
        """Narrow where it is wide and wide where it is narrow, from now on."""
        self._chosen = WIDE if self.narrow else NARROW
        memory.remember(self.key, self._chosen)
        self._set_narrow(self._chosen == NARROW)

    def _set_narrow(self, narrow: bool) -> None:
        if narrow == self.narrow:
            return
        self.narrow = narrow
        self.name.setVisible(not narrow)
        for tab in self.tabs.values():
            tab.set_narrow(narrow)
        self.fold.setText(NARROW_SIGN if narrow else WIDE_SIGN)

    def mark(self, key: str) -> None:
        """Show this tab as the one that is open."""
        self.tabs[key].setChecked(True)
