"""The grid of customers with 300,000 rows: open, sort, filter to painted; jumping and scrolling.

`python -m tests.bench grid`. The floor is the bare SQL of the same keys and the same first page, by
hand on an open connection. Where the person types, the pause after the last key is no part of it.
The wish for an office desk is 0.3 s.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from tests.bench import Figure, grid_data, in_turns, window
from tests.bench.heartbeat import Heartbeat, heart_during

ROWS = 300_000
ROUNDS = 5
PAGE = 200
BY_NAME = "ORDER BY c.sort_key, c.id"
KEYS = "SELECT c.id FROM customer c "
LEVEL = (
    "SELECT c.id FROM customer c LEFT JOIN tier_start t ON t.customer_id = c.id "
    "LEFT JOIN tier_result r ON r.customer_id = c.id AND r.closing_id = "
    "(SELECT id FROM closing WHERE active = 1 ORDER BY month DESC LIMIT 1) "
)
RANK = (
    "CASE coalesce(r.level_after, t.level) WHEN 'auction' THEN 0 WHEN 'ordinary' THEN 1 "
    "WHEN 'one_star' THEN 2 WHEN 'two_star' THEN 3 WHEN 'three_star' THEN 4 END"
)


def run() -> list[Figure]:
    """Each act by hand and through the grid, in turns."""
    from PySide6.QtCore import QEvent, QObject

    from chemsales.bootstrap import open_database
    from chemsales.queries.customers import CUSTOMERS
    from chemsales.queries.filtering import Filter, Request, Sort
    from ui.widgets.customer_lists import customers_grid

    path = grid_data.customers(ROWS)
    open_database(f"sqlite:///{path}")
    window.application()
    context = window.desk()
    jobs = context.jobs
    grid = customers_grid("")
    painted: list[float] = []

    class Eye(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not grid.source.pending:
                painted.append(time.perf_counter())
            return False

    eye = Eye()
    grid.viewport().installEventFilter(eye)
    grid.resize(1200, 640)
    grid.show()
    hearts: list[Heartbeat] = []

    def here() -> bool:
        """Whether every row in sight is painted as itself."""
        first, count = max(0, grid.rowAt(0)), grid.source.count()
        return all(grid.source.row(at) is not None for at in range(first, min(first + 20, count)))

    def acted(act: Callable[[], object]) -> float:
        begun = [0.0]

        def work() -> None:
            painted.clear()
            begun[0] = time.perf_counter()
            act()

        heart = heart_during(work, until=lambda: painted and here() and not jobs.busy)
        hearts.append(heart)
        return painted[-1] - begun[0]

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA cache_size = -32000")
    page_sql = f"SELECT c.id, {CUSTOMERS.select} {CUSTOMERS.source} WHERE c.id IN "

    def by_hand(sql: str) -> float:
        begun = time.perf_counter()
        keys = [key for (key,) in connection.execute(sql).fetchall()][:PAGE]
        connection.execute(f"{page_sql}({','.join('?' * len(keys))})", keys).fetchall()
        return time.perf_counter() - begun

    def both(name: str, sql: str, act: Callable[[], object]) -> Figure:
        floor, done = in_turns(ROUNDS, partial(by_hand, sql), partial(acted, act), warm=1)
        return Figure(name, median(done), median(floor), 2)

    other = iter(range(10**9))

    def asked(*sorts: Sort, filters: tuple[Filter, ...] = ()) -> Callable[[], object]:
        """The request, in an order that differs from the one shown by a last key without effect."""

        def ask() -> None:
            grid.source.request = Request(text=f"{next(other)}")
            grid.ask(Request("", filters, sorts))

        return ask

    figures = [
        both(f"open {ROWS:,} customers, painted", KEYS + BY_NAME,
             partial(grid.show_list, context, CUSTOMERS)),
        both("sort by code, painted", KEYS + "ORDER BY c.code DESC, c.id",
             asked(Sort("code", descending=True))),
        both("sort by level and name, painted",
             LEVEL + f"ORDER BY {RANK} DESC NULLS LAST, c.sort_key, c.id",
             asked(Sort("level", descending=True), Sort("name"))),
        both("filter by part of a name, painted",
             KEYS + "WHERE lower(coalesce(c.name, '')) LIKE '%石化%' "
             "ORDER BY +c.sort_key, c.id",
             asked(filters=(Filter("name", "石化"),))),
        both("filter by level, painted",
             LEVEL + "WHERE coalesce(r.level_after, t.level) IN ('ordinary') "
             "ORDER BY +c.sort_key, c.id",
             asked(filters=(Filter("level", choices=("ordinary",)),))),
    ]  # fmt: skip
    figures += _kept("  asking keeps the window's thread for", hearts)
    return [*figures, *_moving(grid, context, acted, here, jobs)]


def _moving(
    grid: Any, context: Any, acted: Callable[..., float], here: Callable[[], bool], jobs: Any
) -> list[Figure]:
    """Jumping to the middle, scrolling through, choosing and summing all."""
    from PySide6.QtTest import QTest

    acted(grid.clear_filters)
    bar = grid.verticalScrollBar()
    jumps = []
    for turn in range(ROUNDS):
        jumps.append(acted(partial(bar.setValue, bar.maximum() // 2 + turn * 5_000)))

    def scroll() -> None:
        for step in range(200):
            bar.setValue(step * 211)
            QTest.qWait(1)

    def again() -> None:
        grid.source.pending = True
        grid.refresh()

    def done() -> bool:
        return not grid.source.pending and here()

    scrolling, picking, reading = (
        [heart_during(act, until=done) for _ in range(ROUNDS)]
        for act in (scroll, grid.selectAll, again)
    )
    while jobs.busy:
        QTest.qWait(5)
    jobs.stop(10)
    grid.close()
    return [
        Figure("jump to the middle, painted", median(jumps) * 1000, None, 50, "ms"),
        *_kept("  scrolling keeps the thread for", scrolling),
        *_kept("  choosing all keeps the thread for", picking),
        *_kept("  reading again with all chosen", reading),
    ]


def _kept(name: str, hearts: list[Heartbeat]) -> list[Figure]:
    """The usual largest gap, which other programs of the machine lengthen too, and the most that
    the thread itself ever worked in one."""
    gap = median(heart.largest_ms for heart in hearts)
    own = max(heart.largest_own_ms for heart in hearts)
    return [Figure(name, gap, None, 50, "ms"), Figure("    of it working", own, None, 50, "ms")]
