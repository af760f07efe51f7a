"""A grid of the program as it is looked at: how long from an act until all in sight is painted."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from PySide6.QtCore import QEvent, QObject

from chemsales.queries.filtering import Filter, Request, Sort
from tests.bench import Figure, in_turns
from tests.bench.heartbeat import Heartbeat, heart_during
from ui.context import Context
from ui.tables.view import Grid

PAGE = 200
SEEN = 20  # rows that a window shows at least


class Painted(QObject):
    """Watches a grid; `acted(act)` is the time from an act to the last of its painting."""

    def __init__(self, grid: Grid, context: Context) -> None:
        super().__init__(grid)
        self.grid, self.jobs = grid, context.jobs
        self.hearts: list[Heartbeat] = []
        self._at: list[float] = []
        self._other = count()
        grid.viewport().installEventFilter(self)
        grid.window().resize(1200, 640)
        grid.window().show()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.grid.source.pending:
            self._at.append(time.perf_counter())
        return False

    def here(self) -> bool:
        """Whether every row in sight is painted as itself."""
        source, first = self.grid.source, max(0, self.grid.rowAt(0))
        seen = range(first, min(first + SEEN, source.count()))
        return all(source.row(at) is not None for at in seen)

    def acted(self, act: Callable[[], object]) -> float:
        """Seconds until what the act asked for is painted."""
        begun = [0.0]

        def work() -> None:
            self._at.clear()
            begun[0] = time.perf_counter()
            act()

        heart = heart_during(work, until=lambda: self._at and self.here() and not self.jobs.busy)
        self.hearts.append(heart)
        return self._at[-1] - begun[0]

    def asked(self, *sorts: Sort, filters: tuple[Filter, ...] = ()) -> Callable[[], object]:
        """What asks for that, each time with another request behind it: nothing is there yet."""

        def ask() -> None:
            self.grid.source.request = Request(text=f"{next(self._other)}")
            self.grid.ask(Request("", filters, sorts))

        return ask


class ByHand:
    """The bare SQL of the same keys and the same first page, on an open connection."""

    def __init__(self, path: Path, page: str, given: Sequence[object] = ()) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute("PRAGMA cache_size = -32000")
        self.page, self.given = page, given

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> float:
        """Seconds for all keys that the statement finds and the rows of the first page."""
        begun = time.perf_counter()
        keys = [row[0] for row in self.connection.execute(sql, parameters).fetchall()][:PAGE]
        marks = ",".join("?" * len(keys))
        self.connection.execute(f"{self.page} IN ({marks})", (*self.given, *keys)).fetchall()
        return time.perf_counter() - begun


def beside(
    name: str, rounds: int, floor: Callable[[], float], painted: Painted, act: Callable[[], object]
) -> Figure:
    """An act beside its floor, in turns."""
    least, done = in_turns(rounds, floor, partial(painted.acted, act), warm=1)
    return Figure(name, median(done), median(least), 2)


def kept(name: str, hearts: list[Heartbeat]) -> list[Figure]:
    """The usual largest gap, which other programs of the machine lengthen too, and the most that
    the thread itself ever worked in one."""
    gap = median(heart.largest_ms for heart in hearts)
    own = max(heart.largest_own_ms for heart in hearts)
    return [Figure(name, gap, None, 50, "ms"), Figure("    of it working", own, None, 50, "ms")]
