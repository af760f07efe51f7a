"""Work off the window's thread: results, refusals, faults, stale reads, cancel, the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from chemsales.rules.errors import ChemsalesError, NotAllowed, Reason
from chemsales.services.changes import Changed, Subject
from ui.jobs import Jobs
from ui.widgets.busy import BusyBar

Settle = Callable[[], None]


class Catcher(QObject):
    """A window's part that takes results."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[object] = []
        self.threads: list[str] = []

    def take(self, value: object) -> None:
        self.values.append(value)
        self.threads.append(threading.current_thread().name)


def refuse() -> None:
    raise NotAllowed(Reason("reason.role_missing"))


def fail() -> None:
    raise ZeroDivisionError("a fault")


def test_results_arrive_on_the_windows_thread(jobs: Jobs, settle: Settle) -> None:
    catcher = Catcher()
    jobs.read(lambda a, b: (a + b, threading.current_thread().name), 1, 2, done=catcher.take)
    settle()
    [(total, worker)] = catcher.values
    assert total == 3
    assert worker.startswith("read-")
    assert catcher.threads == ["MainThread"]


def test_writes_run_one_at_a_time_in_order(jobs: Jobs, settle: Settle) -> None:
    seen: list[int] = []
    running = []

    def write(number: int) -> None:
        running.append(number)
        assert len(running) == 1
        time.sleep(0.005)
        seen.append(number)
        running.remove(number)

    for number in range(10):
        jobs.write(write, number)
    settle()
    assert seen == list(range(10))


def test_changed_tells_subjects_after_done(jobs: Jobs, settle: Settle, qtbot: QtBot) -> None:
    order: list[object] = []
    jobs.changed.connect(order.append)
    changed = Changed(7, frozenset({Subject.PEOPLE}), "event")
    jobs.write(lambda: changed, done=lambda value: order.append(value.value))
    settle()
    assert order == [7, frozenset({Subject.PEOPLE})]


def test_refusal_goes_to_failed_else_to_the_signal(jobs: Jobs, settle: Settle) -> None:
    failed: list[ChemsalesError] = []
    refused: list[ChemsalesError] = []
    always: list[bool] = []
    jobs.refused.connect(refused.append)
    jobs.write(refuse, failed=failed.append, always=lambda: always.append(True))
    jobs.write(refuse, always=lambda: always.append(True))
    settle()
    assert [type(error) for error in failed] == [NotAllowed]
    assert [type(error) for error in refused] == [NotAllowed]
    assert always == [True, True]


def test_fault_reaches_the_hook_and_work_goes_on(
    jobs: Jobs, settle: Settle, faults: list[BaseException]
) -> None:
    values: list[object] = []
    jobs.write(fail, done=values.append)
    jobs.read(fail, done=lambda value: values.append(value))
    jobs.write(lambda: 5, done=values.append)
    settle()
    assert [type(error) for error in faults] == [ZeroDivisionError, ZeroDivisionError]
    assert values == [5]


def test_stale_read_is_dropped(jobs: Jobs, settle: Settle) -> None:
    catcher = Catcher()
    slow = threading.Event()

    def read(name: str, wait: bool) -> str:
        if wait:
            slow.wait(5)
        return name

    jobs.read(read, "first", True, done=catcher.take)
    jobs.read(read, "second", False, done=catcher.take)
    while jobs.busy > 1:
        time.sleep(0.001)
        from tests.waiting import run_events

        run_events(1)
    slow.set()
    settle()
    assert catcher.values == ["second"]


def test_reads_of_other_channels_all_arrive(jobs: Jobs, settle: Settle) -> None:
    values: list[object] = []
    for number in range(5):
        jobs.read(lambda n: n, number, done=partial(values.append))
    settle()
    assert sorted(map(str, values)) == ["0", "1", "2", "3", "4"]


def test_result_for_a_closed_page_is_dropped(
    jobs: Jobs, settle: Settle, qtbot: QtBot, faults: list[BaseException]
) -> None:
    label = QLabel()
    go = threading.Event()
    jobs.read(lambda: go.wait(5) and "late", done=label.setText)
    import shiboken6

    shiboken6.delete(label)
    go.set()
    settle()
    assert faults == []


def test_cancelled_read_delivers_nothing(jobs: Jobs, settle: Settle) -> None:
    values: list[object] = []
    started = threading.Event()

    def read(cancel: threading.Event, progress: Callable[[int, int], None]) -> str:
        started.set()
        assert cancel.wait(5)
        return "too late"

    job = jobs.read(read, done=values.append, control=True)
    assert started.wait(5)
    job.cancel.set()
    settle()
    assert values == []


def test_long_job_is_shown_after_half_a_second_with_progress(
    jobs: Jobs, settle: Settle, qtbot: QtBot
) -> None:
    bar = BusyBar(jobs)
    qtbot.addWidget(bar)
    go = threading.Event()

    def work(cancel: threading.Event, progress: Callable[[int, int], None]) -> None:
        go.wait(10)
        progress(3, 4)
        cancel.wait(10)

    begun = time.monotonic()
    jobs.write(work, control=True, title="导入")
    assert not bar.isVisibleTo(bar.parentWidget())
    qtbot.waitUntil(lambda: not bar.isHidden(), timeout=5000)
    assert time.monotonic() - begun >= 0.45
    assert bar.name.text() == "导入"
    go.set()
    qtbot.waitUntil(lambda: bar.bar.value() == 750, timeout=5000)
    assert bar.cancel.isVisibleTo(bar)
    bar.cancel.click()
    settle()
    assert bar.isHidden()


@pytest.mark.parametrize("lasts", [0.0, 0.3])
def test_stop_waits_for_what_runs(qapp: object, lasts: float) -> None:
    own = Jobs()
    finished: list[bool] = []

    def work() -> None:
        time.sleep(lasts)
        finished.append(True)

    own.write(work)
    assert own.stop(5)
    assert finished == [True]


def test_stop_has_a_limit(qapp: object) -> None:
    own = Jobs()
    go = threading.Event()
    ended: list[bool] = []
    own.write(lambda: ended.append(go.wait(10)))
    assert not own.stop(0.1)
    assert ended == []  # it did not wait for it
    go.set()
    assert own.stop(5)
    assert ended == [True]
