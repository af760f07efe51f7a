"""Closing one month of 20,000 customers with 24 months of history, 1.5 million pick-up rows.

`python -m tests.bench closing`. The floor is the same take by customer, aggregated by hand, and a
raw insert of 20,000 results with reasons of the usual length, in one transaction on a connection
with the program's settings. Each side is one process that does it once, as a person does.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench import Figure, child_main, in_child, in_turns, peak_megabytes
from tests.bench.filling import (
    HASH,
    STAMP,
    add_customers,
    add_pickups,
    begin_acting,
    end_acting,
    filling,
)

CUSTOMERS = 20_000
MONTHS = [f"{2024 + (6 + n) // 12}-{(6 + n) % 12 + 1:02d}" for n in range(24)]
MONTH = MONTHS[-1]  # the one that is closed; the 23 before it are
MEGABYTES = 300
ROUNDS = 7
INSERT = (
    "INSERT INTO tier_result (closing_id, month, customer_id, kg, level_before, form_before, "
    "level_after, form_after, outcome, reasons) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
TAKE = (
    "SELECT customer_id, sum(kg) FROM pickup WHERE month = ? "
    "AND product_code IN ('PP-T30S', 'PE-7042', 'PE-5000S') "
    "AND batch_id IN (SELECT id FROM import_batch WHERE undone_at IS NULL) GROUP BY customer_id"
)

# one take of the month, one move, and the mark of a customer without evaluation
REASONS = json.dumps(
    [
        {"clause": "C9.2.2", "code": "reason.tier_take",
         "params": {"level": "@Level.ordinary", "month": "2026-05", "tonnes": "104.550"}},
        {"clause": "C9.2", "code": "reason.tier_kept", "params": {"level": "@Level.ordinary"}},
    ],
    separators=(",", ":"),
)  # fmt: skip


def run() -> list[Figure]:
    """Time and memory of closing, against aggregation and insert by hand."""
    with tempfile.TemporaryDirectory(prefix="chemsales-bench-") as folder:
        child = partial(in_child, __name__)
        here = Path(folder)
        child("build", here, home=here)
        floor, done = in_turns(
            ROUNDS,
            lambda: child("floor", here, home=here),
            lambda: child("close", here, home=here),
            warm=1,
        )
    seconds, least = (median(each["seconds"] for each in side) for side in (done, floor))
    megabytes = max(each["megabytes"] for each in done)
    return [
        Figure("close a month, 20,000 customers", seconds, least, 4),
        Figure("  memory of closing", megabytes, None, MEGABYTES, "MB"),
    ]


def build(folder: Path) -> None:
    """A database of the program with the customers, their pick-ups, and 23 closings of history."""
    with filling(folder / "closing.db") as connection:
        add_customers(connection, CUSTOMERS)
        for place, month in enumerate(MONTHS, start=1):
            add_pickups(connection, CUSTOMERS, place, month)
        for place, month in enumerate(MONTHS[:-1], start=1):
            _closing(connection, place, month)
        _evaluation(connection)


def _closing(connection: sqlite3.Connection, place: int, month: str) -> None:
    connection.execute(
        "INSERT INTO closing (id, month, revision, edition, closed_by, closed_at, results_digest, "
        f"inputs) VALUES (?, ?, 1, 1, 'sales', '{STAMP}', '{HASH}', '{{}}')",
        (place, month),
    )
    connection.execute(
        "INSERT INTO tier_result (closing_id, month, customer_id, kg, level_before, form_before, "
        "level_after, form_after, outcome, reasons) SELECT ?, ?, customer_id, 104550, "
        "level, 'plan', CASE WHEN customer_id % 7 = 0 THEN 'ordinary' ELSE "
        "CASE customer_id % 4 WHEN 0 THEN 'ordinary' WHEN 1 THEN 'one_star' WHEN 2 THEN 'two_star' "
        "ELSE 'three_star' END END, 'plan', 'kept', ? FROM tier_start",
        (place, month, REASONS),
    )


def _evaluation(connection: sqlite3.Connection) -> None:
    """An approved evaluation of the quarter before: one score in ten is below the gate."""
    connection.execute(
        "INSERT INTO evaluation_run (id, period, revision, edition, case_id, computed_by, "
        "computed_at, inputs_hash, results_digest, inputs) VALUES "
        f"(1, '2026Q1', 1, 1, 1, 'am', '{STAMP}', '{HASH}', '{HASH}', '{{}}')"
    )
    connection.execute(
        "INSERT INTO evaluation (run_id, customer_id, group_code, customer_class, score, grade, "
        "available_weight, indicators, inputs, inputs_hash) SELECT 1, customer_id, 'PO', "
        "customer_class, CASE WHEN customer_id % 10 = 0 THEN '51.5' ELSE '84.25' END, 'good', 75, "
        f"'{{}}', '{{}}', '{HASH}' FROM customer_class"
    )


def close(folder: Path) -> dict[str, float]:
    """Close the month as the program does; afterwards it is open again."""
    from chemsales.bootstrap import open_database
    from chemsales.rules.roles import Actor, Role
    from chemsales.services import tiers
    from chemsales.services.session import Session

    open_database(f"sqlite:///{folder / 'closing.db'}")
    head = Actor("sales", "王芳", frozenset({Role.SALES_HEAD}))
    session = Session(head, lambda: datetime(2026, 7, 6, 4, tzinfo=UTC))
    begun = time.perf_counter()
    done = tiers.close_month(session, MONTH).value
    taken = time.perf_counter() - begun
    assert done.customers == CUSTOMERS
    tiers.reopen_month(session, MONTH, "measured once more")
    return {"seconds": taken, "megabytes": peak_megabytes()}


def floor(folder: Path) -> dict[str, float]:
    """The same take by customer and as many rows of a closing, by hand on the same settings."""
    from chemsales.storage.file_database import SQLITE_PRAGMAS

    connection = sqlite3.connect(folder / "closing.db", isolation_level=None)
    for pragma, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {pragma} = {value}")
    closing = _ended_closing(connection)
    begun = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    given = dict(connection.execute(TAKE, (MONTH,)).fetchall())
    connection.executemany(
        INSERT,
        [
            (closing, MONTH, customer, given.get(customer, 0),
             "ordinary", "plan", "one_star", "plan", "raised", REASONS)
            for customer in range(1, CUSTOMERS + 1)
        ],
    )  # fmt: skip
    connection.execute("COMMIT")
    return {"seconds": time.perf_counter() - begun}


def _ended_closing(connection: sqlite3.Connection) -> int:
    """The key of a new closing, which does not stand in the way of the program's."""
    connection.execute("BEGIN IMMEDIATE")
    begin_acting(connection)
    number = connection.execute("SELECT max(id) + 1000 FROM closing").fetchone()[0]
    connection.execute(
        "INSERT INTO closing (id, month, revision, edition, closed_by, closed_at, results_digest, "
        "inputs) SELECT ?, ?, coalesce(max(revision), 0) + 1, 1, 'sales', "
        f"'{STAMP}', '{HASH}', '{{}}' FROM closing WHERE month = ?",
        (number, MONTH, MONTH),
    )
    connection.execute(
        f"UPDATE closing SET active = 0, ended_by = 'sales', ended_at = '{STAMP}' WHERE id = ?",
        (number,),
    )
    end_acting(connection)
    connection.execute("COMMIT")
    return int(number)


if __name__ == "__main__":
    child_main({"build": build, "floor": floor, "close": close})
