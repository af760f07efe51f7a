"""Closing one month of 20,000 customers with 24 months of history, 1.5 million pick-up rows."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import Figure

CUSTOMERS = 20_000
MONTHS = [f"{2024 + (6 + n) // 12}-{(6 + n) % 12 + 1:02d}" for n in range(24)]
MONTH = MONTHS[-1]  # the one that is closed; the 23 before it are
MEGABYTES = 300
# both sides are measured in turns, and the best counts: other work of the machine does not
ROUNDS, AGAIN = 5, 2
INSERT = (
    "INSERT INTO tier_result (closing_id, month, customer_id, kg, level_before, form_before, "
    "level_after, form_after, outcome, reasons) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
TAKE = (
    "SELECT customer_id, sum(kg) FROM pickup WHERE month = ? "
    "AND product_code IN ('PP-T30S', 'PE-7042', 'PE-5000S') "
    "AND batch_id IN (SELECT id FROM import_batch WHERE undone_at IS NULL) GROUP BY customer_id"
)

STAMP = "2024-07-01T00:00:00.000000Z"
HASH = "0" * 64
# one take of the month, one move, and the mark of a customer without evaluation
REASONS = json.dumps(
    [
        {"clause": "C9.2.2", "code": "reason.tier_take",
         "params": {"level": "@Level.ordinary", "month": "2026-05", "tonnes": "104.550"}},
        {"clause": "C9.2", "code": "reason.tier_kept", "params": {"level": "@Level.ordinary"}},
    ],
    separators=(",", ":"),
)  # fmt: skip
COUNT = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"


def run() -> list[Figure]:
    """Time and memory of closing, against aggregation and insert by hand."""
    with tempfile.TemporaryDirectory(prefix="chemsales-bench-") as folder:
        path = Path(folder) / "closing.db"
        _child("build", path)  # in its own process: a child starts with its parent's peak of memory
        rounds = [(_child("floor", path), _child("close", path)) for _ in range(ROUNDS)]
    floor = min(floor["seconds"] for floor, _ in rounds)
    seconds = min(done["seconds"] for _, done in rounds)
    megabytes = max(done["megabytes"] for _, done in rounds)
    return [
        Figure("close a month, 20,000 customers", seconds, floor, 4),
        Figure("  memory of closing", megabytes, MEGABYTES, 1, "MB"),
    ]


def _child(part: str, path: Path) -> dict[str, float]:
    """A part in a process of its own; what it printed."""
    environment = {**os.environ, "CHEMSALES_HOME": str(path.parent / "home")}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.closing", part, str(path)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    figures: dict[str, float] = json.loads(ended.stdout)
    return figures


def build(path: Path) -> None:
    """A database of the program with the customers, their pick-ups, and 23 closings of history."""
    _department(f"sqlite:///{path}")
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -500000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO acting VALUES (1, 'bench', 'bench')")
    connection.execute(
        "INSERT INTO event (key, at, who, use_case, outcome, reasons, detail) "
        f"VALUES ('bench', '{STAMP}', 'bench', 'bench', 'done', '[]', '{{}}')"
    )
    _customers(connection)
    for place, month in enumerate(MONTHS, start=1):
        _pickups(connection, place, month)
    for place, month in enumerate(MONTHS[:-1], start=1):
        _closing(connection, place, month)
    _evaluation(connection)
    connection.execute("DELETE FROM acting")
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def _customers(connection: sqlite3.Connection) -> None:
    """Every seventh is a direct customer."""
    connection.execute(
        "INSERT INTO approval_case (id, chain, subject, subject_id, outcome, opened_by, owner, "
        "opened_at, moved_at, snapshot, snapshot_hash, edition) VALUES "
        f"(1, 'accreditation', 'application', 1, 'approved', 'am', 'am', '{STAMP}', '{STAMP}', "
        f"'{{}}', '{HASH}', 1)"
    )
    connection.execute(
        "INSERT INTO application (id, number, state, manager, created_by, created_at) "
        f"VALUES (1, 'A1', 'accredited', 'am', 'am', '{STAMP}')"
    )
    connection.execute(
        f"{COUNT.format(CUSTOMERS)} INSERT INTO customer (id, code, name, sort_key, status, "
        "manager, case_id, application_id, accredited_on) SELECT i, printf('C%05d', i), "
        "printf('第%d化工有限公司', i), printf('%05d', i), 'accredited', 'am', 1, 1, '2024-07-01' "
        "FROM n"
    )
    connection.execute(
        f"{COUNT.format(CUSTOMERS)} INSERT INTO customer_class (customer_id, group_code, "
        "customer_class, from_day, edition) SELECT i, 'PO', "
        "CASE WHEN i % 7 = 0 THEN 'direct' ELSE 'dealer' END, '2024-07-01', 1 FROM n"
    )
    connection.execute(
        f"{COUNT.format(CUSTOMERS)} INSERT INTO tier_start (customer_id, level, form, from_day, "
        "edition) SELECT i, CASE WHEN i % 7 = 0 THEN 'ordinary' ELSE 'auction' END, "
        "CASE WHEN i % 7 = 0 THEN 'plan' ELSE 'auction' END, '2024-07-01', 1 FROM n"
    )


def _pickups(connection: sqlite3.Connection, place: int, month: str) -> None:
    """Three lines for each customer, four for every eighth, in the order of the days; one in fifty
    is a return, and take ranges over all levels."""
    connection.execute(
        "INSERT INTO import_batch (id, kind, file_name, sha256, months, row_count, rejected, "
        "total_kg, rows_digest, imported_by, imported_at) VALUES "
        f"(?, 'pickups', ?, ?, ?, 0, 0, 0, '{HASH}', 'am', '{STAMP}')",
        (place, f"{month}.xlsx", f"{place:064d}", month),
    )
    connection.execute(
        f"{COUNT.format(CUSTOMERS)}, k (j) AS (VALUES (0), (1), (2), (3)) "
        "INSERT INTO pickup (batch_id, customer_id, product_code, day, month, kg, kind, note_no, "
        "warehouse) SELECT ?1, i, "
        "CASE (i + j) % 5 WHEN 0 THEN 'PP-T30S' WHEN 1 THEN 'PE-7042' WHEN 2 THEN 'PE-5000S' "
        "WHEN 3 THEN 'BZ-545' ELSE 'MEG' END, "
        "printf('%s-%02d', ?2, 1 + (i * 5 + j * 9) % 28), ?2, "
        "CASE WHEN (i + j + ?1) % 50 = 0 THEN -1 ELSE 1 END "
        "* (1000 + (i * 7919 + ?1 * 31) % 1500000), "
        "CASE WHEN (i + j + ?1) % 50 = 0 THEN 'return' ELSE 'pickup' END, "
        "printf('N%d-%d-%d', ?1, i, j), '一号库' FROM n, k WHERE j < 3 OR i % 8 = 0 "
        "ORDER BY (i * 5 + j * 9) % 28",
        (place, month),
    )


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


def _department(url: str) -> None:
    from chemsales.bootstrap import open_database
    from chemsales.storage import database as storage
    from tests.factory import seed_department

    open_database(url)
    seed_department()
    storage.close()


def _close(url: str) -> dict[str, float]:
    """The best of the closings, the second after a reopening, and the most memory they took."""
    from chemsales.bootstrap import open_database
    from chemsales.rules.roles import Actor, Role
    from chemsales.services import tiers
    from chemsales.services.session import Session

    open_database(url)
    head = Actor("sales", "王芳", frozenset({Role.SALES_HEAD}))
    session = Session(head, lambda: datetime(2026, 7, 6, 4, tzinfo=UTC))
    taken = []
    for _ in range(AGAIN):
        begun = time.perf_counter()
        done = tiers.close_month(session, MONTH).value
        taken.append(time.perf_counter() - begun)
        assert done.customers == CUSTOMERS
        tiers.reopen_month(session, MONTH, "measured once more")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": min(taken), "megabytes": peak / 1024}


def _floor(path: Path) -> dict[str, float]:
    """The same take by customer and as many rows of a closing, by hand on the same settings."""
    from chemsales.storage.database import SQLITE_PRAGMAS

    connection = sqlite3.connect(path, isolation_level=None)
    for pragma, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {pragma} = {value}")
    taken = []
    for _ in range(AGAIN):
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
        taken.append(time.perf_counter() - begun)
    return {"seconds": min(taken)}


def _ended_closing(connection: sqlite3.Connection) -> int:
    """The key of a new closing, which does not stand in the way of the program's."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO acting VALUES (1, 'bench', 'bench')")
    number = connection.execute("SELECT max(id) + 1000 FROM closing").fetchone()[0]
    connection.execute(
        "INSERT INTO closing (id, month, revision, active, edition, closed_by, closed_at, "
        f"results_digest, inputs) VALUES (?, ?, ?, 0, 1, 'sales', '{STAMP}', '{HASH}', '{{}}')",
        (number, MONTH, number),
    )
    connection.execute("DELETE FROM acting")
    connection.execute("COMMIT")
    return int(number)


def _child_main(part: str, path: Path) -> dict[str, float]:
    if part == "floor":
        return _floor(path)
    if part == "close":
        return _close(f"sqlite:///{path}")
    build(path)
    return {}


if __name__ == "__main__":
    print(json.dumps(_child_main(sys.argv[1], Path(sys.argv[2]))))
