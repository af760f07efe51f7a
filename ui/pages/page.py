"""The base of every place: header with title and buttons, a body, and refreshing when its
subjects change."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chemsales.rules.roles import DELEGABLE
from chemsales.services.changes import Subject
from chemsales.words import say_all
from ui import actions, theme
from ui.actions import Act
from ui.context import Context
from ui.verb import Verb
from ui.verbs import VERBS
from ui.widgets.labels import PlainLabel

MARGINS, LOW_MARGINS = (24, 20, 24, 16), (16, 8, 16, 8)
LOW = 460  # at 100 %


class Page(QWidget):
    """One place of the window.

    Register it with a row in ui/places.py ("ui.pages.customers:CustomersPage"); the window makes it
    with `Page(context)` when it is first shown, and makes all pages anew when the language changes,
    so that a page takes its words once, in `__init__`.

    A subclass says which `subjects` it shows, builds its widgets in `__init__` (buttons into
    `self.add_button(...)`, the rest into `self.body`), and reads in `refresh()`. `refresh()` is
    called when the page is shown for the first time, when one of its subjects changed (at once if
    it is visible, else when it is shown again) and on F5. `open(target)` is called when another
    place points here (`context.go.emit("customers", customer_id)`); a page that shows one record
    in place of its list says so with `here(target, title)`, so that back and forward know it, and
    comes back to the list in `home()`; one whose records follow each other on the spot, beside
    their list, says so with `turn(target, title)`. What can be done is made with
    `act("customers.new", slot)`.
    """

    arrived = Signal(object, str)  # a record is shown: its target for `open`, what it is called
    turned = Signal(object, str)  # another record is shown in its place
    subjects: ClassVar[frozenset[Subject]] = frozenset()
    nested: ClassVar[bool] = False  # a section inside another page: smaller heading, no margins

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._stale = True
        self.acts: dict[str, Act] = {}
        self.record: tuple[object, str] = (None, "")  # what `here` was told last
        self.heading = PlainLabel(self.title(), role="record" if self.nested else "title")
        self.remark = PlainLabel("", role="quiet")
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.header.addWidget(self.heading)
        self.header.addWidget(self.remark, 1, Qt.AlignmentFlag.AlignBottom)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*((0, 0, 0, 0) if self.nested else MARGINS))
        outer.setSpacing(16)
        outer.addLayout(self.header)
        outer.addLayout(self.body, 1)
        context.changed.connect(self._on_changed)
        context.outage.connect(self._suspend)

    def title(self) -> str:
        """The heading, in the window's language."""
        raise NotImplementedError

    def empty_text(self) -> str:
        """What stands here when there is nothing to show, and what to do next."""
        return ""

    def refresh(self) -> None:
        """Read again what is shown (through `context.read`)."""

    def open(self, target: object) -> None:
        """Show this target (a key) inside the page."""

    def fold(self, low: bool) -> None:
        """The window is low now, or no longer: parts that can do with less height take less."""

    def home(self) -> None:
        """Come back from a record to the list; nothing where a page has no such record."""

    def here(self, target: object, title: str) -> None:
        """Say which record is shown now (None, "": the list)."""
        self.record = (target, title)
        self.arrived.emit(target, title)

    def turn(self, target: object, title: str) -> None:
        """Say which record is shown now in the place of the one before: back leads to the last one
        alone."""
        self.record = (target, title)
        self.turned.emit(target, title)

    def act(self, name: str, slot: Callable[[], object], owner: QWidget | None = None) -> Act:
        """The action of this name in the registry, live here (or while `owner` is shown), greyed
        for good where the roles forbid it."""
        self.acts[name] = actions.make(name, owner or self, slot, self._forbidden(VERBS[name]))
        return self.acts[name]

    def _forbidden(self, verb: Verb) -> str:
        """Why the person may not do this now, "" where nothing forbids it."""
        return say_all(self.context.blockers(verb.permission)) if verb.permission else ""

    def may_leave(self) -> bool:
        """Whether the page can be thrown away now (False after telling the person what is
        unsaved)."""
        return True

    def add_button(self, button: QWidget) -> None:
        """Put a button at the right end of the header."""
        self.header.addWidget(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window margins are small, and the room of a heading with no button beside it
        goes to the page; the tab at the left says which place this is."""
        super().resizeEvent(event)
        if self.nested:
            return
        low = self.height() < theme.scaled(LOW)
        self.fold(low)
        self.layout().setContentsMargins(*(LOW_MARGINS if low else MARGINS))
        for part in (self.heading, self.remark):
            part.setVisible(not low or self.header.count() > 2)

    def _suspend(self, lost: str) -> None:
        """Nothing can be written for the time being; `lost` is empty when it can again."""
        for act in self.acts.values():
            if act.verb.writes:
                act.suspend(lost)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._suspend(self.context.lost)
        if self._stale:
            self._stale = False
            self.refresh()

    def _on_changed(self, subjects: frozenset[Subject]) -> None:
        for act in self.acts.values():
            if act.verb.permission in DELEGABLE:  # what is delegated comes and goes
                act.forbid(self._forbidden(act.verb))
        if subjects & self.subjects:
            self.renew()

    def renew(self) -> None:
        """Read again: at once if the page is shown, else when it is shown next."""
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True
