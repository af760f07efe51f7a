"""The main window: tabs at the left, the place beside them, the status line below."""

from __future__ import annotations

from functools import partial

import shiboken6
from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from chemsales.rules.errors import ChemsalesError
from chemsales.services.changes import Subject
from chemsales.words import _, label
from ui import actions, memory, theme
from ui.actions import button_for
from ui.context import Context
from ui.dialogs import message
from ui.i18n import NAMES
from ui.pages.page import Page
from ui.places import Place, load, places_for
from ui.rail import Rail
from ui.widgets.busy import BusyBar
from ui.widgets.labels import PlainLabel


class MainWindow(QMainWindow):
    """The places of one signed-in person. Pages are made when they are first shown.

    Another language, size or colour scheme makes the whole window anew (ui/app.py does it).
    """

    lock_wanted = Signal()
    logout_wanted = Signal()
    closed = Signal()

    def __init__(self, context: Context, place: str = "") -> None:
        super().__init__()
        self.context = context
        context.setParent(self)
        self.places = {found.key: found for found in places_for(context.actor)}
        self.pages: dict[str, Page] = {}
        self.rail = Rail(tuple(self.places.values()))
        self.stack = QStackedWidget()
        self._closing = False
        self.setWindowTitle(_("Chemical sales") + f" - {context.actor.name}")
        shell = QWidget()
        shell.setObjectName("shell")
        row = QHBoxLayout(shell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.stack, 1)
        self.setCentralWidget(shell)
        self._make_foot()
        self._make_status()
        self._make_keys()
        self.rail.chosen.connect(self.show_place)
        context.go.connect(self.go)
        context.said.connect(self.say)
        context.changed.connect(self._on_changed)
        context.jobs.refused.connect(self._refused)
        self._restore()
        self.show_place(place if place in self.places else next(iter(self.places)))
        self._count()

    @property
    def place(self) -> str:
        """The key of the place shown."""
        return next(key for key, page in self.pages.items() if page is self.page)

    @property
    def page(self) -> Page:
        """The page shown."""
        page = self.stack.currentWidget()
        assert isinstance(page, Page)
        return page

    def show_place(self, key: str) -> None:
        """Show a place; its page is made at the first time."""
        if key not in self.pages:
            page = load(self.places[key].page)(self.context)
            page.setObjectName("page")
            page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            self.pages[key] = page
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(self.pages[key])
        self.rail.mark(key)

    def go(self, key: str, target: object) -> None:
        """Show a place and, where a target is given, open it there."""
        if key in self.places:
            self.show_place(key)
            if target is not None:
                self.page.open(target)

    def say(self, text: str) -> None:
        """A sentence in the status line, for ten seconds."""
        self.statusBar().showMessage(text, 10_000)

    def may_leave(self) -> bool:
        """Whether every page can be thrown away now."""
        return all(page.may_leave() for page in self.pages.values())

    def _make_foot(self) -> None:
        actor = self.context.actor
        foot = self.rail.foot
        roles = ", ".join(label(role) for role in sorted(actor.roles))
        foot.addWidget(PlainLabel(actor.name))
        foot.addWidget(PlainLabel(roles, role="quiet", wrap=True))
        self.language = actions.button(
            "", self._other_language, "link", _("Switch the language of the window")
        )
        other = self._next_language()
        self.language.setText(NAMES[other])
        self.language.setAccessibleName(NAMES[other])
        self.lock = actions.make("lock", self, self.lock_wanted.emit)
        self.logout = actions.make("logout", self, self.logout_wanted.emit)
        foot.addWidget(self.language, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(button_for(self.lock, "link"))
        row.addWidget(button_for(self.logout, "link"))
        row.addStretch(1)
        foot.addLayout(row)

    def _make_status(self) -> None:
        self.busy = BusyBar(self.context.jobs)
        self.where = PlainLabel(self._database_words(), role="quiet")
        self.where.setContentsMargins(8, 0, 8, 0)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self.busy)
        self.statusBar().addPermanentWidget(self.where)

    def _database_words(self) -> str:
        embedded = self.context.config.database.startswith("sqlite:")
        return _("Data on this computer") if embedded else _("Data on the server")

    def _make_keys(self) -> None:
        for number, key in enumerate(list(self.places)[:9], start=1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self, activated=partial(self.show_place, key))
        QShortcut(QKeySequence("Ctrl+,"), self, activated=partial(self.show_place, "settings"))
        actions.make("refresh", self, lambda: (self.page.refresh(), self._count()))
        actions.make("next_place", self, partial(self._step, 1))
        actions.make("previous_place", self, partial(self._step, -1))
        actions.make("zoom_in", self, partial(self._zoom, 1))
        actions.make("zoom_out", self, partial(self._zoom, -1))
        actions.make("zoom_reset", self, partial(self._zoom, 0))
        QShortcut(QKeySequence("Ctrl+="), self, activated=partial(self._zoom, 1))

    def _step(self, by: int) -> None:
        keys = list(self.places)
        self.show_place(keys[(keys.index(self.place) + by) % len(keys)])

    def _zoom(self, by: int) -> None:
        sizes = theme.ZOOMS
        at = sizes.index(theme.zoom()) if theme.zoom() in sizes else sizes.index(100)
        wanted = 100 if by == 0 else sizes[min(len(sizes) - 1, max(0, at + by))]
        if wanted != theme.zoom():
            self.context.appearance_wanted.emit(memory.recall("scheme", "light"), wanted)

    def _other_language(self) -> None:
        self.context.language_wanted.emit(self._next_language())

    def _next_language(self) -> str:
        codes = list(NAMES)
        return codes[(codes.index(self.context.config.language) + 1) % len(codes)]

    def _on_changed(self, _subjects: frozenset[Subject]) -> None:
        self._count()

    def _count(self) -> None:
        for place in self.places.values():
            if place.count:
                self.context.read(
                    partial(_waiting, place),
                    done=partial(self._counted, place.key),
                    failed=lambda _error: None,
                    channel=f"count {place.key}",
                )

    def _counted(self, key: str, number: int) -> None:
        self.rail.tabs[key].set_count(number)

    def _refused(self, error: ChemsalesError) -> None:
        message.refuse(error)

    def _restore(self) -> None:
        self.resize(1280, 760)
        self.setMinimumSize(1024, 600)
        geometry = memory.recall_bytes("geometry")
        if geometry:
            self.restoreGeometry(QByteArray(geometry))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._closing and not self.may_leave():
            event.ignore()
            return
        memory.remember("geometry", bytes(self.saveGeometry().data()).hex())
        if not self._closing:
            self.closed.emit()
        super().closeEvent(event)

    def discard(self) -> None:
        """Close without asking; the window and its pages are gone afterwards."""
        self._closing = True
        self.close()
        if shiboken6.isValid(self):
            self.deleteLater()


def _waiting(place: Place, actor: object) -> int:
    return int(load(place.count)(actor))
