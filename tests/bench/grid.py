"""The grid of customers with 300,000 rows: open, sort, filter to painted; jumping and scrolling.

`python -m tests.bench grid`. The floor is the bare SQL of the same keys and the same first page, by
hand on an open connection. Where the person types, the pause after the last key is no part of it.
The wish for an office desk is 0.3 s.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median

from tests.bench import Figure, grid_data, window
from tests.bench.heartbeat import heart_during
from tests.bench.painting import ByHand, Painted, beside, kept

ROWS = 300_000
ROUNDS = 5
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
    from chemsales.bootstrap import open_database
    from chemsales.queries.customers import CUSTOMERS
    from chemsales.queries.filtering import Filter, Sort
    from ui.widgets.customer_lists import customers_grid

    path = grid_data.customers(ROWS)
    open_database(f"sqlite:///{path}")
    window.application()
    context = window.desk()
    grid = customers_grid("")
    painted = Painted(grid, context)
    hand = ByHand(path, f"SELECT c.id, {CUSTOMERS.select} {CUSTOMERS.source} WHERE c.id")

    def both(name: str, sql: str, act: Callable[[], object]) -> Figure:
        return beside(name, ROUNDS, partial(hand.read, sql), painted, act)

    figures = [
        both(f"open {ROWS:,} customers, painted", KEYS + BY_NAME,
             partial(grid.show_list, context, CUSTOMERS)),
        both("sort by code, painted", KEYS + "ORDER BY c.code DESC, c.id",
             painted.asked(Sort("code", descending=True))),
        both("sort by level and name, painted",
             LEVEL + f"ORDER BY {RANK} DESC NULLS LAST, c.sort_key, c.id",
             painted.asked(Sort("level", descending=True), Sort("name"))),
        both("filter by part of a name, painted",
             KEYS + "WHERE lower(coalesce(c.name, '')) LIKE '%石化%' "
             "ORDER BY +c.sort_key, c.id",
             painted.asked(filters=(Filter("name", "石化"),))),
        both("filter by level, painted",
             LEVEL + "WHERE coalesce(r.level_after, t.level) IN ('ordinary') "
             "ORDER BY +c.sort_key, c.id",
             painted.asked(filters=(Filter("level", choices=("ordinary",)),))),
    ]  # fmt: skip
    figures += kept("  asking keeps the window's thread for", painted.hearts)
    return [*figures, *_moving(painted)]


def _moving(painted: Painted) -> list[Figure]:
    """Jumping to the middle, scrolling through, choosing and summing all."""
    from tests.waiting import run_events

    grid, acted, jobs = painted.grid, painted.acted, painted.jobs
    acted(grid.clear_filters)
    bar = grid.verticalScrollBar()
    jumps = []
    for turn in range(ROUNDS):
        jumps.append(acted(partial(bar.setValue, bar.maximum() // 2 + turn * 5_000)))

    def scroll() -> None:
        for step in range(200):
            bar.setValue(step * 211)
            run_events(1)

    def again() -> None:
        grid.source.pending = True
        grid.refresh()

    def done() -> bool:
        return not grid.source.pending and painted.here()

    scrolling, picking, reading = (
        [heart_during(act, until=done) for _ in range(ROUNDS)]
        for act in (scroll, grid.selectAll, again)
    )
    while jobs.busy:
        run_events(5)
    jobs.stop(10)
    grid.close()
    return [
        Figure("jump to the middle, painted", median(jumps) * 1000, None, 50, "ms"),
        *kept("  scrolling keeps the thread for", scrolling),
        *kept("  choosing all keeps the thread for", picking),
        *kept("  reading again with all chosen", reading),
    ]
