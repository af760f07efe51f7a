"""The line at the top of the window: back and forward, the search of everything, where the data
lies, who works, and the menu."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from chemsales.rules.roles import Actor
from chemsales.words import _, label
from ui import theme
from ui.actions import Act, button, button_for, fill, key_text
from ui.widgets.labels import PlainLabel


class SearchButton(QPushButton):
    """Looks like a search box and opens the search of everything; says as much as there is room
    for."""

    def __init__(self, find: Act, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keys = key_text(find.verb.keys[0])
        self.texts = (
            _("Search customers, cases, actions … ({keys})", keys=keys),
            _("Search … ({keys})", keys=keys),
        )
        self.setProperty("role", "search")
        self.setAutoDefault(False)
        self.setAccessibleName(find.text())
        self.setToolTip(find.toolTip())
        self.setStatusTip(find.statusTip())
        self.setMaximumWidth(theme.scaled(520))
        self.clicked.connect(lambda _checked=False: find.trigger())
        self.setText(self.texts[-1])
        self.setMinimumWidth(self.sizeHint().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - theme.scaled(32)
        fitting = [text for text in self.texts if self.fontMetrics().horizontalAdvance(text) < room]
        self.setText((fitting or self.texts[-1:])[0])


class TopLine(QFrame):
    """`menu` is filled by the window; `show_reached(bool)` says whether the database answers."""

    def __init__(
        self, acts: dict[str, Act], actor: Actor, embedded: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("topline")
        self.embedded = embedded
        self.back = button_for(acts["back"], "tool", "◀")
        self.forward = button_for(acts["forward"], "tool", "▶")
        self.search = SearchButton(acts["find"])
        self.state = PlainLabel(role="quiet")
        self.who = PlainLabel(actor.name)
        self.who.setToolTip(", ".join(label(role) for role in sorted(actor.roles)))
        self.help = button_for(acts["help"], "tool", "?")
        self.menu = QMenu(self)
        self.menu_button = button(_("Menu"), None, "tool", _("Language, size, lock, sign out"))
        self.menu_button.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(*[theme.scaled(n) for n in (12, 6, 12, 6)])
        row.setSpacing(theme.scaled(8))
        for part in (self.back, self.forward):
            row.addWidget(part)
        row.addWidget(self.search, 3)
        row.addStretch(1)
        for part in (self.state, self.who, self.help, self.menu_button):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_reached(True)

    def show_reached(self, reached: bool) -> None:
        """Say where the data lies, and whether it can be reached."""
        if self.embedded:
            words = _("Data on this computer") if reached else _("The database does not answer")
        else:
            words = _("Server connected") if reached else _("Server not reachable")
        self.state.setText(words)
        self.state.set_role("quiet" if reached else "problem")

    def group(self, acts: Iterable[QAction]) -> None:
        """A group of the menu, with a line between it and the one before."""
        made = [act for act in acts if act.isVisible()]
        if made and not self.menu.isEmpty():
            self.menu.addSeparator()
        fill(self.menu, made)
