"""The main window: tabs at the left, the top line and the place beside them, the status below."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QByteArray, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from chemsales.rules.errors import ChemsalesError
from chemsales.services.changes import Subject
from chemsales.words import _, say_all
from ui import actions, history, known, left_over, memory, panes, theme
from ui.actions import Act
from ui.context import Context
from ui.dialogs import message
from ui.history import History, Stop
from ui.i18n import NAMES
from ui.pages.page import Page
from ui.palette import Palette
from ui.performance import Performance
from ui.places import Place, load, places_for
from ui.rail import Rail
from ui.topline import TopLine
from ui.verbs import VERBS
from ui.widgets.backup_banner import BackupBanner, back_up
from ui.widgets.busy import BusyBar
from ui.widgets.connection_banner import ConnectionBanner
from ui.work.finding import Entry

if TYPE_CHECKING:
    from ui.dialogs.help import HelpDialog

HEAD_WIDTH, HEAD_HEIGHT = 160, 32  # what has to be seen of a window to move it
SECTIONS_OF_MENU = (
    ("refresh", "check_code", "back_up"),
    ("zoom_in", "zoom_out", "zoom_reset", "rail"),
    ("help", "keys", "about"),
)


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
        self.acts: dict[str, Act] = {}
        memory.whose(context.actor.login)
        self._recent_key = memory.own("recent")
        self.history = History(history.from_text(memory.recall(self._recent_key)))
        self.stack = QStackedWidget()
        self._closing = False
        self._help: HelpDialog | None = None
        self.setWindowTitle(_("Chemical sales") + f" - {context.actor.name}")
        self._make_acts()
        self.rail = Rail(tuple(self.places.values()), self.acts["rail"])
        embedded = context.config.database.startswith("sqlite:")
        self.top = TopLine(self.acts, context.actor, embedded)
        self.banner = BackupBanner(context, embedded)
        self._lay_out()
        self.palette_box = Palette(context, self._known, self._recent, self)
        self.palette_box.chosen.connect(self._open_entry)
        self.top.menu.aboutToShow.connect(self._fill_menu)
        self.rail.chosen.connect(self.show_place)
        context.go.connect(self.go)
        context.said.connect(self.say)
        context.outage.connect(self.acts["back_up"].suspend)
        context.changed.connect(self._on_changed)
        context.jobs.refused.connect(self._refused)
        context.jobs.reached.connect(self.top.show_reached)
        self._restore()
        self.show_place(place if place in self.places else next(iter(self.places)))
        self._count()
        self.banner.refresh()
        context.left_over.connect(partial(left_over.say, self, context))
        context.ask_left_over()

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

    def show_place(self, key: str, passing: bool = False) -> None:
        """Show a place (`passing`: on the way to a record in it); its page is made at the first
        time."""
        if key not in self.pages:
            page = load(self.places[key].page)(self.context)
            page.setObjectName("page")
            page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            page.arrived.connect(partial(self._arrived, key))
            page.turned.connect(partial(self._turned, key))
            self.pages[key] = page
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(self.pages[key])
        self.rail.mark(key)
        self._arrived(key, *self.page.record, passing)

    def _arrived(self, key: str, target: object, title: str, passing: bool = False) -> None:
        """The person is at a place or a record now, which back and forward remember."""
        if key == self.place:
            self.history.visit(Stop(key, target, title), passing)
            self._judge_moves()

    def _turned(self, key: str, target: object, title: str) -> None:
        """Another record is shown in the place of the one before, to which nobody goes back."""
        if key == self.place:
            self.history.turn(Stop(key, target, title))

    def _judge_moves(self) -> None:
        for name, by in (("back", -1), ("forward", 1)):
            self.acts[name].block("" if self.history.may_move(by) else _("There is nothing there."))

    def travel(self, by: int) -> None:
        """Go back (-1) or forward (1)."""
        stop = self.history.move(by)
        if stop is not None:
            page = self.pages[stop.place]
            page.record = (stop.target, stop.title)  # it is on its way there
            self.show_place(stop.place)
            if stop.target is None:
                page.home()
            else:
                page.open(stop.target)
            self._judge_moves()

    def go(self, key: str, target: object) -> None:
        """Show a place and, where a target is given, open it there."""
        if key in self.places:
            self.show_place(key, passing=target is not None)
            if target is not None:
                self.page.open(target)

    def say(self, text: str) -> None:
        """A sentence in the status line, for ten seconds."""
        self.statusBar().showMessage(text, 10_000)

    def may_leave(self) -> bool:
        """Whether every page can be thrown away now."""
        return all(page.may_leave() for page in self.pages.values())

    def perform(self, name: str) -> None:
        """Do an action of the registry: go to its place first, and wait until it can be done."""
        verb = VERBS[name]
        if verb.place in self.places:
            self.show_place(verb.place)
            if verb.part is not None:
                self.page.open(verb.part)
        Performance(self.context, self.page.acts.get(name) or self.acts[name], self)

    # -- making ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        shell = QWidget()
        shell.setObjectName("shell")
        column = QVBoxLayout()
        column.setSpacing(0)
        for part in (self.top, ConnectionBanner(self.context), self.banner, self.stack):
            column.addWidget(part, int(part is self.stack))
        row = QHBoxLayout(shell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)
        self.setCentralWidget(shell)
        self.busy = BusyBar(self.context.jobs)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self.busy)

    def _make_acts(self) -> None:
        slots = {
            "find": lambda: self.palette_box.open(),
            "back": partial(self.travel, -1),
            "forward": partial(self.travel, 1),
            "refresh": self._refresh,
            "rail": lambda: self.rail.toggle(),
            "next_pane": partial(self._next_pane, 1),
            "previous_pane": partial(self._next_pane, -1),
            "next_place": partial(self._step, 1),
            "previous_place": partial(self._step, -1),
            "open_settings": partial(self.show_place, "settings"),
            "zoom_in": partial(self._zoom, 1),
            "zoom_out": partial(self._zoom, -1),
            "zoom_reset": partial(self._zoom, 0),
            "check_code": self._check_code,
            "keys": self._show_keys,
            "help": self._show_help,
            "about": self._show_about,
            "back_up": lambda: back_up(self.context),
            "lock": self.lock_wanted.emit,
            "logout": self.logout_wanted.emit,
            **{f"scheme_{key}": partial(self._colour, key) for key in theme.SCHEMES},
            **{f"language_{code}": partial(self._speak, code) for code in NAMES},
        }
        self.acts = {
            name: actions.make(name, self, slot, self._forbidden(name))
            for name, slot in slots.items()
        }
        for number, key in enumerate(list(self.places)[:9], start=1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self, activated=partial(self.show_place, key))

    def _forbidden(self, name: str) -> str:
        """Why the person's roles forbid an action of the window, "" where they do not."""
        wanted = VERBS[name].permission
        return say_all(self.context.blockers(wanted)) if wanted else ""

    def _fill_menu(self) -> None:
        """The menu as it is now: what the page does, the window, languages, leaving."""
        menu = self.top.menu
        menu.clear()
        self.top.group(act for act in self.page.acts.values() if act.verb.search)
        for part in SECTIONS_OF_MENU:
            self.top.group(self.acts[name] for name in part)
        self.top.group(self._languages())
        self.top.group((self.acts["lock"], self.acts["logout"]))

    def _languages(self) -> list[QAction]:
        """The languages of the window, the present one marked."""
        group = QActionGroup(self.top.menu)
        for code, name in NAMES.items():
            made = group.addAction(self.acts[f"language_{code}"])
            made.setText(name)
            made.setCheckable(True)
            made.setChecked(code == self.context.config.language)
        return group.actions()

    def _speak(self, code: str) -> None:
        if code != self.context.config.language:
            self.context.language_wanted.emit(code)

    def _known(self) -> list[Entry]:
        """The places, actions and reports that the search of everything finds."""
        actor, today = self.context.actor, self.context.session.today()
        live = dict(self.acts)
        for page in self.pages.values():
            live.update(page.acts)
        found = tuple(self.places.values())
        return [
            *known.places(found, actor, today),
            *known.actions(self.places, live, actor),
            *known.offered(self.page),
        ]

    def _recent(self) -> list[Entry]:
        stops = self.history.recent(known.RECENT)
        places = [Stop(key, None, "") for key in self.places if key != self.place]
        return known.recent(stops or places, self.places, bool(stops))

    def _open_entry(self, entry: Entry) -> None:
        offer = known.offer_of(self.page, entry)
        if offer is not None:
            offer.do()
        elif entry.verb:
            self.perform(entry.verb)
        else:
            self.go(entry.place, entry.target)

    def _refresh(self) -> None:
        self.page.refresh()
        self._count()

    def _next_pane(self, by: int) -> None:
        panes.go_round(panes.panes([self.rail, self.top], self.page), by)

    def _show_help(self) -> None:
        """The help of this place, in one window that turns to wherever F1 is pressed."""
        from ui.dialogs.help import HelpDialog

        if self._help is None or not shiboken6.isValid(self._help):
            self._help = HelpDialog(self.place, self)
        self._help.show_page(self.place)
        self._help.show()
        self._help.activateWindow()

    def _check_code(self) -> None:
        from ui.dialogs.check_code import CheckCodeDialog

        CheckCodeDialog(self.context, self).open()

    def _show_about(self) -> None:
        from ui.dialogs.about import AboutDialog

        AboutDialog(self.context, self).open()

    def _show_keys(self) -> None:
        from ui.dialogs.keys import KeysDialog

        KeysDialog(tuple(self.places.values()), self).open()

    def _step(self, by: int) -> None:
        keys = list(self.places)
        self.show_place(keys[(keys.index(self.place) + by) % len(keys)])

    def _zoom(self, by: int) -> None:
        sizes = theme.ZOOMS
        at = sizes.index(theme.zoom()) if theme.zoom() in sizes else sizes.index(100)
        wanted = 100 if by == 0 else sizes[min(len(sizes) - 1, max(0, at + by))]
        if wanted != theme.zoom():
            self.context.appearance_wanted.emit(memory.recall("scheme", "light"), wanted)

    def _colour(self, scheme: str) -> None:
        if scheme != memory.recall("scheme", "light"):
            self.context.appearance_wanted.emit(scheme, theme.zoom())

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
        if geometry and self.restoreGeometry(QByteArray(geometry)) and not self.isMaximized():
            self.setGeometry(on_screen(self.geometry()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rail.room(self.width())
        if self.palette_box.isVisible():
            self.palette_box.place()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._closing and not self.may_leave():
            event.ignore()
            return
        memory.remember("geometry", bytes(self.saveGeometry().data()).hex())
        stops = self.history.recent(known.RECENT, present=True)
        memory.remember(self._recent_key, history.to_text(stops))
        if not self._closing:
            self.closed.emit()
        super().closeEvent(event)

    def discard(self) -> None:
        """Close without asking; the window and its pages are gone afterwards."""
        self._closing = True
        self.close()
        if shiboken6.isValid(self):
            self.deleteLater()


def on_screen(wanted: QRect) -> QRect:
    """A window's place where its head can be taken hold of: as wanted where a present screen shows
    enough of it, else in the middle of the first screen; never larger than the screen."""
    rooms = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    head = QRect(wanted.topLeft(), QSize(wanted.width(), HEAD_HEIGHT))
    for room in rooms:
        shown = room.intersected(head)
        if shown.width() >= HEAD_WIDTH and shown.height() >= HEAD_HEIGHT:
            return QRect(wanted.topLeft(), wanted.size().boundedTo(room.size()))
    moved = QRect(wanted.topLeft(), wanted.size().boundedTo(rooms[0].size()))
    moved.moveCenter(rooms[0].center())
    return moved


def _waiting(place: Place, actor: object) -> int:
    return int(load(place.count)(actor))
