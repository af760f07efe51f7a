"""The matrix of 20,000 customers by twelve months: open, sort and filter by the sum, to painted.

`python -m tests.bench matrix`. The floor is the bare SQL of the same keys and the same first page.
The wish for an office desk is 0.3 s.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import inf
from pathlib import Path

from chemsales.rules.periods import Month
from tests.bench import Figure, window
from tests.bench.filling import add_customers, add_pickups, filling
from tests.bench.painting import ByHand, Painted, beside, kept

CUSTOMERS, ROUNDS, BIG = 20_000, 5, 20_000  # BIG tonnes in a year: about half of the customers
MONTHS: tuple[Month, ...] = (
    *(f"2025-{month:02d}" for month in range(7, 13)),
    *(f"2026-{month:02d}" for month in range(1, 7)),
)
LISTED = ", ".join(f"'{month}'" for month in MONTHS)
TAKEN = (
    f"FROM pickup k WHERE k.month IN ({LISTED}) "
    "AND k.batch_id IN (SELECT id FROM import_batch WHERE undone_at IS NULL) "
)
SUMS = f"WITH t (id, kg) AS (SELECT k.customer_id, sum(k.kg) {TAKEN} GROUP BY k.customer_id) "
OPEN = (
    f"SELECT u.id FROM customer u WHERE EXISTS (SELECT 1 {TAKEN} AND k.customer_id = u.id) "
    "ORDER BY u.sort_key, u.id"
)


def run() -> list[Figure]:
    """Each act by hand and through the grid, in turns."""
    from chemsales.bootstrap import open_database
    from chemsales.queries.filtering import Filter, Sort
    from chemsales.queries.offtake_matrix import matrix_of
    from ui.widgets.matrix import MatrixView

    with tempfile.TemporaryDirectory(prefix="chemsales-bench-") as folder:
        path = Path(folder) / "matrix.db"
        build(path, CUSTOMERS)
        open_database(f"sqlite:///{path}")
        window.application()
        context = window.desk()
        view = MatrixView(context)
        view.show_months(MONTHS)
        assert view.frame is not None
        grid, listing = view.frame.grid, matrix_of(MONTHS)
        view.show()
        painted = Painted(grid, context)
        page = f"{listing.ctes} SELECT u.id, {listing.select} {listing.source} WHERE u.id"
        hand = ByHand(path, page, listing.given)

        def both(name: str, sql: str, act: Callable[[], object]) -> Figure:
            return beside(name, ROUNDS, partial(hand.read, sql), painted, act)

        opened = both(f"open {CUSTOMERS:,} customers by 12 months, painted", OPEN,
                      partial(grid.show_list, context, listing))  # fmt: skip
        found = [
            # a few milliseconds of SQL: painting is the greater part
            replace(opened, floor=None, limit=0.3),
            Figure("  the keys and the page alone", opened.floor or 0, None, inf),
            both("sort by the sum, painted", f"{SUMS} SELECT id FROM t ORDER BY kg DESC, id",
                 painted.asked(Sort("total", descending=True))),
            both("filter by the sum, painted",
                 f"{SUMS} SELECT t.id FROM t JOIN customer u ON u.id = t.id "
                 f"WHERE t.kg > {BIG}000 ORDER BY +u.sort_key, u.id",
                 painted.asked(filters=(Filter("total", f">{BIG}"),))),
            *kept("  asking keeps the window's thread for", painted.hearts),
        ]  # fmt: skip
        while context.jobs.busy:
            window.application().processEvents()
        context.jobs.stop(10)
        view.close()
        return found


def build(path: Path, count: int) -> None:
    """A database of so many customers at `path`, with 3.1 pick-ups each in every month."""
    with filling(path, audited=False) as connection:
        add_customers(connection, count)
        for place, month in enumerate(MONTHS, 1):
            add_pickups(connection, count, place, month)
