"""Whether the window's thread stays free: a timer that beats every 5 ms, and its largest gap.

    heart = heart_during(lambda: scroll(view))                      # work on the window's thread
    heart = heart_during(page.refresh, until=lambda: page.filled)   # and what comes back to it
    Figure("scrolling blocks for", heart.largest_ms, None, 50, "ms")

The gap is what a person feels: it counts the thread's own work, its waits for the interpreter
lock, and what the machine gives to others. `largest_own_ms` is the processor time of the thread
within a gap, which other processes cannot lengthen: where the gap is over and that is not, the
machine was busy, or another thread held the lock (compare a repetition before believing either).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QEventLoop, Qt, QTimer

EVERY_MS = 5
PATIENCE = 60.0  # seconds


class Heartbeat:
    """Beats while its block runs; a stretch without an event loop is a gap like any other.

    `largest_ms` is the longest time between two beats, `largest_own_ms` the most processor time of
    this thread between two beats, `beats` how many there were. Made and used on the window's
    thread.
    """

    def __init__(self) -> None:
        self.beats = 0
        self.largest_ms = self.largest_own_ms = 0.0
        self._timer = QTimer(interval=EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = self._last_own = 0.0

    def __enter__(self) -> Heartbeat:
        self._last, self._last_own = time.perf_counter(), time.thread_time()
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.stop()
        self._close_gap()  # the block may end on what kept it from beating

    def _beat(self) -> None:
        self.beats += 1
        self._close_gap()

    def _close_gap(self) -> None:
        now, own = time.perf_counter(), time.thread_time()
        self.largest_ms = max(self.largest_ms, (now - self._last) * 1000)
        self.largest_own_ms = max(self.largest_own_ms, (own - self._last_own) * 1000)
        self._last, self._last_own = now, own


def heart_during(
    work: Callable[[], object],
    until: Callable[[], object] = lambda: True,
    patience: float = PATIENCE,
) -> Heartbeat:
    """Run `work` inside an event loop, and the loop on until `until()` is true; the heartbeat.

    TimeoutError where it is not within `patience` seconds. An error of `work` is raised here.
    """
    loop = QEventLoop()
    errors: list[BaseException] = []
    end = time.monotonic() + patience

    def begin() -> None:
        try:
            work()
        except BaseException as error:  # raised again below: Qt would print and forget it
            errors.append(error)
            loop.quit()
        else:
            look.start()

    def ask() -> None:
        if until() or time.monotonic() > end:
            loop.quit()

    look = QTimer(interval=EVERY_MS)
    look.timeout.connect(ask)
    with Heartbeat() as heart:
        QTimer.singleShot(0, begin)
        loop.exec()
        look.stop()
    if errors:
        raise errors[0]
    if not until():
        raise TimeoutError(f"not done within {patience:g} s")
    return heart
