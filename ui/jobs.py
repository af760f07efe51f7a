"""Work off the window's thread: one writer, two readers, one keeper of drafts; results back by
signal."""

from __future__ import annotations

import itertools
import logging
import sys
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from chemsales.rules.errors import ChemsalesError, Unreachable
from chemsales.services.changes import Changed
from ui.workers import Workers

SHOWN_AFTER = 0.5  # seconds
LOOK_EVERY_MS = 50
log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Job:
    """One task under way. Setting `cancel` asks it to end; a cancelled read delivers nothing."""

    number: int
    title: str
    writes: bool
    channel: Hashable
    done: Callable[[Any], None] | None
    failed: Callable[[ChemsalesError], None] | None
    always: Callable[[], None] | None
    cancellable: bool
    cancel: threading.Event = field(default_factory=threading.Event)
    started: float = field(default_factory=time.monotonic)
    shown: bool = False


class Jobs(QObject):
    """Runs functions on other threads and hands their results to the window's thread.

    `fn` is a query, a service or any function without Qt; it opens its own database connection.
    What it returns goes to `done(value)`; a refusal (ChemsalesError) to `failed(error)`, or where
    none is given to the signal `refused`, which the main window answers with a dialog of the
    reasons. Any other exception is a fault of the program and goes to sys.excepthook. `always()` is
    called at the end in every case, for example to enable a button again.

    `read`: of the reads with the same `channel` only the newest delivers (default channel: `done`
    itself, so repeated refreshes of one page never overtake each other). `write`: one at a time, in
    order; when the value is a `Changed`, the signal `changed` follows `done` with its subjects.

    `control=True` calls `fn` with two keyword arguments more: `cancel`, a threading.Event, and
    `progress(done, total)`, which may be called from any thread; `cancellable=False` offers no
    cancelling (the work would be left half done). A job that lasts more than half a
    second is announced by `shown`, so that a BusyBar can show it; `title` is what it is called
    there.
    """

    shown = Signal(object)  # Job
    progressed = Signal(object, object, object)  # number of the Job, done, total
    ended = Signal(object)  # Job
    changed = Signal(object)  # frozenset[Subject]
    refused = Signal(object)  # ChemsalesError
    reached = Signal(bool)  # whether the database answered
    asked = Signal()  # a commit landed whose answer had been lost
    _finished = Signal(object, object, object)  # number of the Job, value, error

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writer = Workers("write", 1)
        self._readers = Workers("read", 2)
        self._keeper = Workers("keep", 1)
        self._running: dict[int, Job] = {}
        self._newest: dict[Hashable, Job] = {}
        self._count = itertools.count()
        self.leaving = threading.Event()  # the desk is left: nothing waits any more
        self._finished.connect(self._finish)
        self._clock = QTimer(self, interval=LOOK_EVERY_MS)
        self._clock.timeout.connect(self._show_long)

    @property
    def busy(self) -> int:
        """How many jobs are under way or waiting."""
        return len(self._running)

    def running(self) -> tuple[Job, ...]:
        """The jobs under way or waiting, oldest first."""
        return tuple(self._running.values())

    def read(
        self,
        fn: Callable[..., Any],
        *args: object,
        done: Callable[[Any], None],
        failed: Callable[[ChemsalesError], None] | None = None,
        always: Callable[[], None] | None = None,
        title: str = "",
        channel: Hashable = None,
        control: bool = False,
    ) -> Job:
        """Run a read; see the class for what becomes of its result."""
        number = next(self._count)
        job = Job(number, title, False, channel or done, done, failed, always, True)
        self._newest[job.channel] = job
        self._start(job, self._readers, fn, args, control)
        return job

    def write(
        self,
        fn: Callable[..., Any],
        *args: object,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[ChemsalesError], None] | None = None,
        always: Callable[[], None] | None = None,
        title: str = "",
        control: bool = False,
        cancellable: bool = True,
    ) -> Job:
        """Run a write after those given before it; see the class for what becomes of its result."""
        number = next(self._count)
        offered = control and cancellable
        job = Job(number, title, True, number, done, failed, always, offered)
        self._start(job, self._writer, fn, args, control)
        return job

    def keep(
        self, fn: Callable[..., Any], *args: object, done: Callable[[Any], None] | None = None
    ) -> Job:
        """Run a small task on this machine's own files (a draft) that waits for no other work; in
        order, never cancelled."""
        job = Job(next(self._count), "", True, None, done, None, None, False)
        self._start(job, self._keeper, fn, args, False)
        return job

    def stop(self, seconds: float = 10.0) -> bool:
        """Cancel what can be cancelled and wait at most so long; False where a task still runs."""
        self.leaving.set()
        for job in self._running.values():
            if job.cancellable:
                job.cancel.set()
        ended = [lane.stop(seconds) for lane in (self._keeper, self._writer, self._readers)]
        return all(ended)

    def _start(
        self,
        job: Job,
        workers: Workers,
        fn: Callable[..., Any],
        args: tuple[object, ...],
        control: bool,
    ) -> None:
        self._running[job.number] = job
        self._clock.start()
        keywords: dict[str, object] = {}
        if control:
            keywords = {"cancel": job.cancel, "progress": partial(self.progressed.emit, job.number)}
        skip = job.cancel.is_set if job.cancellable else bool
        workers.submit(partial(self._work, job.number, skip, partial(fn, *args, **keywords)))

    def _work(self, number: int, skip: Callable[[], bool], call: Callable[[], Any]) -> None:
        """Runs on a worker's thread, which knows the job by number only: were it to hold the last
        reference to a window's callback, the window would die on the wrong thread."""
        value, error = None, None
        try:
            if not skip():
                value = call()
        except BaseException as caught:
            error = caught
        try:
            self._finished.emit(number, value, error)
        except RuntimeError:  # the program has ended meanwhile: nobody waits for the result
            if shiboken6.isValid(self):
                raise

    def _show_long(self) -> None:
        """Announce the jobs that have lasted half a second."""
        now = time.monotonic()
        for job in [job for job in self._running.values() if not job.shown]:
            if now - job.started >= SHOWN_AFTER:
                job.shown = True
                self.shown.emit(job)

    def _finish(self, number: int, value: object, error: BaseException | None) -> None:
        job = self._running.pop(number)
        if not self._running:
            self._clock.stop()
        stale = not job.writes and self._newest.get(job.channel) is not job
        if not stale:
            self._newest.pop(job.channel, None)
        try:
            if not stale:
                self._deliver(job, value, error)
        finally:
            try:
                if job.always is not None and _alive(job.always):
                    job.always()
            finally:
                self.ended.emit(job)

    def _deliver(self, job: Job, value: object, error: BaseException | None) -> None:
        if job.cancel.is_set() and (error is not None or not job.writes or value is None):
            return
        if job.channel is not None:  # a draft says nothing of the database
            self.reached.emit(not isinstance(error, Unreachable))
        if isinstance(error, ChemsalesError):
            if job.failed is None:
                self.refused.emit(error)
            elif _alive(job.failed):
                job.failed(error)
        elif error is not None:
            log.error("a task failed", exc_info=error)
            sys.excepthook(type(error), error, error.__traceback__)
        else:
            if job.done is not None and _alive(job.done):
                job.done(value)
            if isinstance(value, Changed):
                self.changed.emit(value.subjects)
                if value.asked:
                    self.asked.emit()


def _alive(callback: Callable[..., None]) -> bool:
    """Whether the widget whose method this is still exists."""
    function = callback.func if isinstance(callback, partial) else callback
    owner = getattr(function, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
