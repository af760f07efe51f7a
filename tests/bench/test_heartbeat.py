"""The heartbeat itself: it sees what blocks the window's thread, and only that."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.bench.heartbeat import Heartbeat, heart_during
from tests.waiting import run_events

BLOCK = 0.12


def spin(seconds: float) -> None:
    """Work of this thread's own."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


@pytest.mark.usefixtures("qapp")
def test_a_block_is_seen_from_its_beginning_to_its_end() -> None:
    heart = heart_during(lambda: time.sleep(BLOCK))
    assert heart.largest_ms >= 100
    assert heart.largest_own_ms < heart.largest_ms  # it slept


@pytest.mark.usefixtures("qapp")
def test_own_work_counts_as_own() -> None:
    heart = heart_during(lambda: spin(BLOCK))
    assert heart.largest_own_ms >= 100
    assert heart.largest_ms >= heart.largest_own_ms - 1  # two clocks


@pytest.mark.usefixtures("qapp")
def test_a_block_in_a_later_event_is_seen() -> None:
    over: list[bool] = []

    def later() -> None:
        time.sleep(BLOCK)
        over.append(True)

    heart = heart_during(lambda: QTimer.singleShot(30, later), until=lambda: over)
    assert heart.largest_ms >= 100
    assert heart.beats >= 2


@pytest.mark.usefixtures("qapp")
def test_a_block_without_an_event_loop_is_one_gap() -> None:
    with Heartbeat() as heart:
        time.sleep(BLOCK)
    assert heart.beats == 0
    assert heart.largest_ms >= 100


@pytest.fixture
def clean(qapp: QApplication) -> Iterator[None]:
    """What other tests left is done with before, and not looked through meanwhile: both would be
    work of this thread."""
    run_events(100)
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("clean")
def test_work_of_another_thread_is_no_block() -> None:
    thread = threading.Thread(target=time.sleep, args=(0.3,))
    heart = heart_during(thread.start, until=lambda: not thread.is_alive())
    thread.join()
    assert heart.beats >= 5  # the 5 ms of the timer fit sixty times into it
    assert heart.largest_own_ms < 100


@pytest.mark.usefixtures("qapp")
def test_loops_inside_the_work_beat() -> None:
    def work() -> None:
        end = time.monotonic() + 0.2
        while time.monotonic() < end:
            QApplication.processEvents()

    assert heart_during(work).beats >= 5


@pytest.mark.usefixtures("qapp")
def test_what_goes_wrong_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        heart_during(lambda: 1 // 0)
    with pytest.raises(TimeoutError):
        heart_during(lambda: None, until=lambda: False, patience=0.05)
