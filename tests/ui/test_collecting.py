"""Cyclic garbage dies on the window's thread, whichever thread allocates."""

from __future__ import annotations

import threading
import weakref

from PySide6.QtWidgets import QApplication

from tests.waiting import run_events
from ui.collecting import EVERY_MS
from ui.jobs import Jobs


class Knot:
    """Something that only the collector takes apart."""

    def __init__(self) -> None:
        self.self = self


def test_what_a_worker_leaves_is_collected_on_the_windows_thread(qapp: QApplication) -> None:
    died: list[threading.Thread] = []
    done: list[int] = []
    jobs = Jobs(qapp)
    held = [Knot()]  # a window, say, that is closed while a report is drawn
    weakref.finalize(held[0], lambda: died.append(threading.current_thread()))

    def busy() -> int:
        held.clear()
        return len([Knot() for _ in range(50_000)])

    jobs.read(busy, done=done.append)
    for _ in range(100):
        run_events(EVERY_MS)
        if done and died:
            break
    jobs.stop()
    assert done == [50_000]
    assert died == [threading.main_thread()]
