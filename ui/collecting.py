"""Python's cyclic garbage is collected on the window's thread alone.

Python collects on whichever thread allocates. What it finds may be a window that was closed, and a
window that dies on a worker's thread, beside one that is being laid out, ends the program. So the
collector of Python is switched off, and its work done here: the young objects often and little at a
time, all of them only while nothing happens, for that takes as long as a person notices.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 100
YOUNG = 700  # new containers since the last look that are worth one
MANY = 5_000  # so many are cleared away before they count as old
QUIET_LOOKS = 10  # a second without much that is new
OLD = 5  # collections of the middle generation until all are looked through in a quiet second
LATEST = 500  # and until they are without waiting for one


class Collector(QObject):
    """Collects while the event loop of the application runs."""

    def __init__(self, app: QObject) -> None:
        super().__init__(app)
        gc.disable()
        gc.freeze()  # what the start has loaded stays
        self._quiet = 0
        self._clock = QTimer(self, interval=EVERY_MS)
        self._clock.timeout.connect(self.look)
        self._clock.start()

    def look(self) -> None:
        """Collect what is due."""
        new, young, middle = gc.get_count()
        self._quiet = self._quiet + 1 if new < YOUNG else 0
        if middle > LATEST or (middle > OLD and self._quiet >= QUIET_LOOKS):
            gc.collect()
            self._quiet = 0
        elif new > MANY or young > 10:
            gc.collect(1)
        elif new > YOUNG:
            gc.collect(0)
