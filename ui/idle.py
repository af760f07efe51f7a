"""Notices when nobody has touched keyboard or mouse for a while."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.InputMethod,
        QEvent.Type.TouchBegin,
    }
)
LOOK_EVERY_MS = 5_000


class IdleWatch(QObject):
    """`idle` comes once when `minutes` have passed untouched; 0 minutes never. Watches while
    started."""

    idle = Signal()

    def __init__(self, app: QApplication, minutes: int) -> None:
        super().__init__(app)
        self._app = app
        self.seconds = minutes * 60.0
        self._touched = time.monotonic()
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to watch, as if touched now."""
        self._touched = time.monotonic()
        if self.seconds > 0 and not self._timer.isActive():
            self._app.installEventFilter(self)
            self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._app.removeEventFilter(self)
        self._timer.stop()

    def look(self) -> None:
        """Send `idle` and stop where the time has passed."""
        if time.monotonic() - self._touched >= self.seconds:
            self.stop()
            self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in TOUCHES:
            self._touched = time.monotonic()
        return False
