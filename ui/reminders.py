"""Reminding on the desktop, by the system's tray: what ends soon, who is suspended, and what was
picked up in spite of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.reminders import slot_at, to_tell
from chemsales.rules.roles import Action
from chemsales.words import _
from ui import memory
from ui.context import Context
from ui.work.licences import Due, due

LOOK_EVERY_MS = 5 * 60_000
SWITCH = "remind"  # whether this person wants it; "1" at first
TOLD = "reminded"


def wanted() -> bool:
    """Whether the person who works here wants to be reminded."""
    return memory.recall(memory.own(SWITCH), "1") == "1"


def want(on: bool) -> None:
    """Keep whether the person who works here wants to be reminded."""
    memory.remember(memory.own(SWITCH), "1" if on else "0")


class Tray(QObject):
    """Shows a sentence in the system's tray; a click on it goes to the licences."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._icon: QSystemTrayIcon | None = None
        self._context = context

    @staticmethod
    def available() -> bool:
        """Whether this desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()

    def show(self, title: str, text: str) -> None:
        """Show a message; the icon stays, for the system takes the message away with it."""
        if self._icon is None:
            self._icon = QSystemTrayIcon(QApplication.windowIcon(), self)
            self._icon.messageClicked.connect(self._go)
            self._icon.show()
        self._icon.setToolTip(text)
        self._icon.showMessage(title, text)

    def _go(self) -> None:
        window = self._context.parent()
        if isinstance(window, QWidget):
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.activateWindow()
        self._context.go.emit("licences", None)


class Reminder(QObject):
    """Tells the person of a window what is due, by `tell(title, text)`; nothing without it."""

    def __init__(self, context: Context, tell: Callable[[str, str], object] | None = None) -> None:
        super().__init__(context)
        self._context = context
        self._tell = tell or (Tray(context).show if Tray.available() else None)
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        if self._tell is not None and context.may(Action.LICENCE_RUN):
            self._timer.start()
            QTimer.singleShot(0, self, self.look)

    def look(self) -> None:
        """Tell where a summary is on and was not told yet."""
        now = self._context.session.now().astimezone(COMPANY_ZONE).replace(tzinfo=None)
        told = memory.recall(memory.own(TOLD))
        if wanted() and slot_at(now) not in ("", told):
            show = partial(self._show, now)
            self._context.read(due, now.date(), done=show, failed=_next_time)

    def _show(self, now: datetime, found: Due) -> None:
        told = memory.recall(memory.own(TOLD))  # it may have been told meanwhile
        slot = to_tell(now, told, found.number)
        if slot and self._tell is not None:
            memory.remember(memory.own(TOLD), slot)
            self._tell(_("Chemical sales"), summary(found))


def summary(found: Due) -> str:
    """What is due, a line for each sort of thing."""
    steps = _(", ").join(
        _("{days} days: {count}", days=days, count=count)
        if days
        else _("last day: {count}", count=count)
        for days, count in found.steps
    )
    ends = _(
        "Licences that end within {days} days: {count} ({steps})",
        days=found.ahead,
        count=found.expiring,
        steps=steps,
    )
    lines = (
        (found.suspended, _("Dealings suspended: {count}", count=found.suspended)),
        (found.expiring, ends),
        (found.agents, _("Exclusive agents to be licensed: {count}", count=found.agents)),
        (found.violations, _("Violations: {count}", count=found.violations)),
    )
    return "\n".join(text for number, text in lines if number)


def _next_time(_error: ChemsalesError) -> None:
    """What cannot be read now is looked for again a little later."""
