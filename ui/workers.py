"""A few daemon threads that take tasks from one queue, and end with a time limit."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

Task = Callable[[], None]


class Workers:
    """`count` threads called `name`; tasks start in the order they were given."""

    def __init__(self, name: str, count: int) -> None:
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True)
            for number in range(count)
        ]

    def submit(self, task: Task) -> None:
        """Run `task` (which must catch its own errors) on one of the threads."""
        self._tasks.put(task)
        for thread in self._threads:
            if thread.ident is None:
                thread.start()

    def stop(self, seconds: float) -> bool:
        """Let waiting tasks end, at most this long; False where one is still running."""
        started = [thread for thread in self._threads if thread.ident is not None]
        for _ in started:
            self._tasks.put(None)
        limit = time.monotonic() + seconds
        for thread in started:
            thread.join(max(0.0, limit - time.monotonic()))
        return not any(thread.is_alive() for thread in started)

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
            del task  # nothing is kept alive while waiting for the next
