"""The course of a day: first start, signing in, the main window, lock, another language,
leaving."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from chemsales import config as configuration
from chemsales.config import Config
from chemsales.rules.errors import ChemsalesError
from chemsales.words import _
from ui import i18n, memory, theme
from ui.following import Follow
from ui.jobs import Jobs
from ui.login import LoginWindow
from ui.work import desk as work

if TYPE_CHECKING:
    from chemsales.restoring import Owner, Restored
    from chemsales.services.session import Session
    from ui.context import Context
    from ui.idle import IdleWatch

log = logging.getLogger(__name__)
LEAVE_SECONDS = 10.0
BACKUP_SECONDS = 120.0  # more than that a backup of the work of the day may not take at the end
LEARN_AFTER_MS = 2_000
SEAL_AFTER_MS = 3_000  # the chain is sealed when nothing was written for so long


def _instant(done: Restored) -> str:
    """Until when what was restored goes."""
    from datetime import datetime

    from ui import text

    return text.when(datetime.fromisoformat(done.up_to)) if done.up_to else ""


def server_told(instant: str, name: str, count: int) -> str:
    """What is told of a server that was restored up to an instant, and what there is to do."""
    return _(
        "Restored up to {instant}. The database before is kept on the server as {name}; {count}"
        " later entries are in it alone. The other desks may start again. Sign in with your"
        " password of today, look through Settings, People, and confirm the restored data.",
        instant=instant, name=name, count=count,
    )  # fmt: skip


class Desk(QObject):
    """Holds what stands on the screen now: the first start, the login, or a person's window."""

    left = Signal()  # everything has ended; the process may

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.app = app
        self.config = Config()
        self.session: Session | None = None
        self.worked: Session | None = None  # who worked last, also after signing out
        self.jobs = Jobs(self)
        self.follow = Follow(self)
        self._sealing = QTimer(self, singleShot=True, interval=SEAL_AFTER_MS)
        self._sealing.timeout.connect(self._seal_now)
        self.jobs.changed.connect(lambda _subjects: self._sealing.start())
        self.login: LoginWindow | None = None
        self.window: QWidget | None = None
        self.context: Context | None = None  # of the person's window
        self.idle: IdleWatch | None = None
        self.ready = False  # the database is open and somebody has a login in it
        self._hidden: list[QWidget] = []
        app.setQuitOnLastWindowClosed(False)
        app.styleHints().colorSchemeChanged.connect(self._system_scheme)

    def start(self, found: Config | None) -> None:
        """Begin: the questions of the first start where nothing is chosen yet, else the login."""
        if found is None or not found.database:
            self.first_run(found or Config())
            return
        self.config = found
        i18n.speak(found.language)
        self.ask_login()
        assert self.login is not None
        # what the database needs is imported while the person looks at the login already
        self.login.painted.connect(self.open_database, Qt.ConnectionType.QueuedConnection)

    def first_run(self, found: Config) -> None:
        """Ask language, place of the data and its content; then the login."""
        from ui.first_run import FirstRun

        self.config = found
        i18n.speak(found.language)
        dialog = FirstRun(self.jobs, found)
        dialog.language_wanted.connect(self._first_run_in)
        dialog.finished_setup.connect(self._set_up)
        dialog.rejected.connect(self._first_run_left)
        self._close_login()
        self._replace_window(dialog)
        dialog.show()

    def _first_run_in(self, code: str) -> None:
        self.first_run(replace(self.config, language=code))

    def _first_run_left(self) -> None:
        """The first start was cancelled: back to the login where a database is open, else the
        end."""
        if self.ready:
            self.ask_login()
        else:
            self.leave()

    def _set_up(self, config: Config) -> None:
        configuration.save(config)
        self.config = config
        self.ready = True
        self.ask_login()

    def open_database(self) -> None:
        """Open the chosen database off this thread; the login waits for it."""
        assert self.login is not None
        self.jobs.write(
            work.prepare, self.config.database, done=self._opened, failed=self._not_opened
        )

    def _opened(self, people: bool) -> None:
        self.ready = people
        if not people:
            self.first_run(self.config)
        elif self.login is not None:
            self.login.set_ready(True)

    def _not_opened(self, error: object) -> None:
        if self.login is not None:
            self.login.show_failure(error)  # type: ignore[arg-type]

    def ask_login(self) -> None:
        """Show the login; whoever worked before has gone."""
        self.session = None
        self.follow.stop()
        if self.idle is not None:
            self.idle.stop()
        self._close_login()
        login = LoginWindow(self.jobs, self.config.database)
        login.set_ready(self.ready)
        login.signed_in.connect(self.sign_in)
        login.language_wanted.connect(self._login_in)
        login.setup_wanted.connect(lambda: self.first_run(self.config))
        login.closed.connect(self._login_closed)
        self.login = login
        login.show()
        self._replace_window(None)

    def _login_in(self, code: str) -> None:
        """The login in another language; typed text is not kept."""
        self._choose(replace(self.config, language=code))
        self.ask_login()

    def _login_closed(self) -> None:
        if self.window is None or not self.window.isVisible():
            self.leave()

    def _close_login(self) -> None:
        if self.login is not None:
            self.login.closed.disconnect()
            self.login.close()
            self.login.deleteLater()
            self.login = None

    def sign_in(self, session: Session) -> None:
        """Show the person's window."""
        self.session = self.worked = session
        self.follow.start(session)
        self._show_window("today")
        # before anybody searches a list, but after the window has come
        QTimer.singleShot(LEARN_AFTER_MS, self, self._learn)
        self._close_login()
        self._watch_idle()

    def _learn(self) -> None:
        if self.session is not None:
            self.jobs.keep(work.learn_pinyin)

    def _show_window(self, place: str) -> None:
        from ui import guards, withdrawn
        from ui.context import Context
        from ui.daily import Daily
        from ui.main_window import MainWindow
        from ui.reminders import Reminder

        assert self.session is not None
        guards.install(self.app)
        context = Context(self.session, self.config, self.jobs)
        window = MainWindow(context, place)
        self.follow.serve(context)
        context.language_wanted.connect(self._window_in)
        context.appearance_wanted.connect(self._appear)
        context.config_changed.connect(self._on_config)
        context.restore_wanted.connect(self.restore)
        withdrawn.watch(context, self.lock)
        window.lock_wanted.connect(self.lock)
        window.logout_wanted.connect(self.log_out)
        window.closed.connect(self.leave)
        self._replace_window(window)
        window.show()
        Daily(context)
        Reminder(context)

    def _replace_window(self, window: QWidget | None) -> None:
        before, self.window = self.window, window
        self.context = getattr(window, "context", None)
        if before is not None:
            if hasattr(before, "discard"):
                before.discard()
            else:
                before.hide()
                before.deleteLater()

    def _keep_typed(self) -> None:
        """Keep what is typed in the person's window, which is about to vanish."""
        if self.context is not None:
            self.context.keep_now.emit()

    def _again(self) -> None:
        """Make the person's window anew, with the same place open."""
        self._keep_typed()
        place = getattr(self.window, "place", None)
        if place is not None:
            self._show_window(place)

    def _may_leave(self) -> bool:
        return not hasattr(self.window, "may_leave") or self.window.may_leave()  # type: ignore[union-attr]

    def _window_in(self, code: str) -> None:
        if self._may_leave():
            self._choose(replace(self.config, language=code))
            self._again()

    def _on_config(self, config: Config) -> None:
        self.config = config
        self._watch_idle()

    def _watch_idle(self) -> None:
        """Lock after the minutes chosen; 0 never locks."""
        from ui.idle import IdleWatch

        if self.idle is not None:
            self.idle.stop()
            self.idle.deleteLater()
        self.idle = IdleWatch(self.app, self.config.idle_lock_minutes)
        self.idle.idle.connect(self.lock)
        self.idle.start()

    def _choose(self, config: Config) -> None:
        self.config = config
        configuration.save(config)
        i18n.speak(config.language)

    def _appear(self, scheme: str, zoom: int) -> None:
        if self._may_leave():
            memory.remember("scheme", scheme)
            memory.remember("zoom", str(zoom))
            theme.apply(self.app, scheme, zoom)
            self._again()

    def _system_scheme(self) -> None:
        """The system turned dark or light: follow it where the person chose so."""
        scheme = memory.recall("scheme", "light")
        if scheme == "system" and theme.resolved(scheme) is not theme.tokens():
            self._appear(scheme, theme.zoom())

    def lock(self) -> None:
        """Hide everything and ask the person's password again."""
        if self.session is None or self.login is not None:
            return
        self._keep_typed()
        if self.idle is not None:
            self.idle.stop()
        self._hidden = [widget for widget in self.app.topLevelWidgets() if widget.isVisible()]
        self.login = LoginWindow(self.jobs, self.config.database, self.session.actor)
        self.login.signed_in.connect(self._unlock)
        self.login.another_person.connect(self.log_out)
        self.login.closed.connect(self.leave)
        self.login.show()
        for widget in self._hidden:
            widget.hide()
        self.app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While the screen is locked, what opens (a result, a refusal) waits behind the lock."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            login = self.login
            if login is not None and watched is not login and not login.isAncestorOf(watched):
                self._hidden.append(watched)
                QTimer.singleShot(0, watched, watched.hide)
        return False

    def _unlock(self, session: Session) -> None:
        """Show again what was hidden; whose name or roles changed meanwhile begins anew."""
        self.app.removeEventFilter(self)
        hidden, self._hidden = self._hidden, []
        if self.session is None or not session.actor.is_as(self.session.actor):
            self.sign_in(session)
            return
        for widget in filter(shiboken6.isValid, hidden):
            widget.show()
        self._close_login()
        if self.idle is not None:
            self.idle.start()

    def log_out(self) -> None:
        """Let another person sign in; asks first where something is not saved."""
        if self.login is not None or self._may_leave():
            self.app.removeEventFilter(self)
            self._hidden = []
            self._keep_typed()
            self.ask_login()

    def restore(self, path: str, owner: Owner | None = None) -> None:
        """Sign out, put a backup in the place of the database (a server's with the login of its
        owner), and let people sign in again."""
        if self.session is None or not self._may_leave():
            return
        session, url = self.session, self.config.database
        self._keep_typed()
        self.ask_login()
        assert self.login is not None
        told = _("The backup is checked and restored …")
        self.login.set_ready(False, told)
        self._sealing.stop()  # restoring reads, and seals, what it restores
        if owner is None:
            self.jobs.write(
                work.restore, path, url, session, done=self._restored, failed=self._not_restored
            )
            return
        self.worked = None  # a copy of the day's work would be of another database
        self.login.show_busy()
        self.jobs.write(
            work.restore_server, path, url, session, owner,
            done=self._server_restored, failed=self._not_restored, title=_("Restoring"),
            always=self._restoring_ended, control=True,
        )  # fmt: skip

    def _restored(self, done: Restored) -> None:
        self.worked = None  # nothing of this day's work is left to back up
        if self.login is not None:
            told = _("Restored up to {instant}; the file before is kept as {file}.",
                     instant=_instant(done), file=done.replaced)  # fmt: skip
            self.login.set_ready(True, told)

    def _server_restored(self, done: Restored) -> None:
        if self.login is not None:
            told = server_told(_instant(done), done.replaced, done.lost_events)
            self.login.set_ready(True, told)

    def _restoring_ended(self) -> None:
        """Where it was cancelled nothing else is told."""
        if self.login is not None and not self.login.ready:
            self.login.set_ready(True, _("Cancelled. The database is as it was."))

    def _not_restored(self, error: ChemsalesError) -> None:
        if self.login is not None:
            self.login.set_ready(True)
            self.login.show_failure(error)

    def _seal_now(self) -> None:
        """Seal what was written, off this thread and off the path of the writes."""
        self._sealing.stop()
        self.jobs.write(work.seal)

    def _backs_up(self, session: Session) -> bool:
        """Whether the work is backed up at the end."""
        from chemsales.rules.backup import made_for

        return made_for(session.actor, not self.config.database.startswith("sqlite:"))

    def leave(self) -> None:
        """End the program; tasks under way get a limited time."""
        self._keep_typed()
        if self._sealing.isActive():
            self._seal_now()
        self.follow.stop()
        seconds = LEAVE_SECONDS
        if self.worked is not None and self._backs_up(self.worked):
            self.jobs.write(work.back_up_work, self.worked)
            seconds = BACKUP_SECONDS
        if not self.jobs.stop(seconds):
            log.warning("a task was still running when the program ended")
        if documents := sys.modules.get("ui.documents"):
            documents.stop()
        work.let_go()
        self.left.emit()
