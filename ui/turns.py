"""The writes of one dialog, one after another: each needs the key and version of the one before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from ui.context import Context


class Turns(QObject):
    """Acts of `parent` wait here while a write of it is under way.

    `busy(True)` is called when a write begins and `busy(False)` when none is left.
    """

    def __init__(self, context: Context, busy: Callable[[bool], object], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._busy = context, busy
        self._running = 0
        self._waiting: list[Callable[[], object]] = []

    @property
    def busy(self) -> bool:
        """Whether a write is under way."""
        return self._running > 0

    def take(self, act: Callable[[], object]) -> None:
        """Do this now, or as soon as no write is under way; an act that waits already, once."""
        if not self.busy:
            act()
        elif act not in self._waiting:
            self._waiting.append(act)

    def write(
        self,
        service: Callable[..., Any],
        *args: object,
        done: Callable[[Any], object],
        failed: Callable[[Any], object],
        title: str = "",
    ) -> None:
        """Call the service off the window's thread; what waits begins after it."""
        self._running += 1
        self._busy(True)
        self._context.write(
            service, *args, done=done, failed=failed, always=self._ended, title=title
        )

    def forget(self) -> None:
        """Nothing that waits is wanted any longer."""
        self._waiting.clear()

    def _ended(self) -> None:
        self._running -= 1
        while self._waiting and not self.busy:
            self._waiting.pop(0)()
        if not self.busy:
            self._busy(False)
