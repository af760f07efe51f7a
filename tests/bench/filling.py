"""Large databases of the program, filled by SQL in bulk, with every check in force."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

STAMP = "2024-07-01T00:00:00.000000Z"
HASH = "0" * 64
COUNT = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
# nobody decides about the customers of a bench
UNDECIDED = {
    "approval_case_begins", "application_begins", "customer_from_approval", "evaluation_run_begins",
    "evaluation_with_its_run",
}  # fmt: skip
NAMES = "SELECT i, printf('第%d化工有限公司', i), printf('%05d', i) FROM n"


@contextmanager
def filling(path: Path, audited: bool = True) -> Iterator[sqlite3.Connection]:
    """A new database with its department (tests.factory), open for one large transaction.

    Without `audited` the triggers rest meanwhile, and no change is recorded: four times as fast.
    """
    from chemsales.bootstrap import open_database
    from chemsales.storage import database as storage
    from tests.factory import seed_department

    open_database(f"sqlite:///{path}")
    seed_department()
    storage.close()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -500000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    begin_acting(connection)
    connection.execute(
        "INSERT INTO event (key, at, who, use_case, outcome, reasons, detail) "
        f"VALUES ('bench', '{STAMP}', 'bench', 'bench', 'done', '[]', '{{}}')"
    )
    resting = _take_triggers(connection, UNDECIDED if audited else ())
    yield connection
    for trigger in resting:
        connection.execute(trigger)
    end_acting(connection)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def _take_triggers(connection: sqlite3.Connection, names: Collection[str] = ()) -> list[str]:
    """Drop all triggers, or those of these names; what makes them anew."""
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    made = []
    for name, sql in found.fetchall():
        if names and name not in names:
            continue
        connection.execute(f'DROP TRIGGER "{name}"')
        made.append(sql)
    return made


def begin_acting(connection: sqlite3.Connection) -> None:
    """Say who acts, as every write of the program does."""
    connection.execute("INSERT INTO acting VALUES (1, 'bench', 'bench')")


def end_acting(connection: sqlite3.Connection) -> None:
    """Nobody acts any more."""
    connection.execute("DELETE FROM acting")


def add_customers(connection: sqlite3.Connection, count: int, names: str = NAMES) -> None:
    """Customers 1 to `count` of polyolefins with their starting level; every seventh is a direct
    one. `names` selects number, name and sort key out of the numbers n (i)."""
    connection.execute(
        "INSERT INTO approval_case (id, chain, subject, subject_id, outcome, opened_by, owner, "
        "opened_at, moved_at, snapshot, snapshot_hash, edition) VALUES "
        f"(1, 'accreditation', 'application', 1, 'approved', 'am', 'am', '{STAMP}', '{STAMP}', "
        f"'{{}}', '{HASH}', 1)"
    )
    connection.execute(
        f"{COUNT.format(count)} "
        "INSERT INTO application (id, number, state, manager, created_by, created_at) "
        f"SELECT i, 'A' || i, 'accredited', 'am', 'am', '{STAMP}' FROM n"
    )
    connection.execute(
        f"{COUNT.format(count)}, named (i, name, sort_key) AS ({names}) "
        "INSERT INTO customer (id, code, name, sort_key, uscc, status, manager, case_id, "
        "application_id, accredited_on) SELECT i, printf('C%05d', i), name, sort_key, "
        "printf('91330200MA%07dX', i), 'accredited', CASE WHEN i % 3 THEN 'am' ELSE 'am2' END, "
        "1, i, '2024-07-01' FROM named ORDER BY i"
    )
    connection.execute(
        f"{COUNT.format(count)} INSERT INTO customer_class (customer_id, group_code, "
        "customer_class, from_day, edition) SELECT i, 'PO', "
        "CASE WHEN i % 7 = 0 THEN 'direct' ELSE 'dealer' END, '2024-07-01', 1 FROM n"
    )
    connection.execute(
        f"{COUNT.format(count)} INSERT INTO tier_start (customer_id, level, form, from_day, "
        "edition) SELECT i, CASE WHEN i % 7 = 0 THEN 'ordinary' ELSE 'auction' END, "
        "CASE WHEN i % 7 = 0 THEN 'plan' ELSE 'auction' END, '2024-07-01', 1 FROM n"
    )


def add_contacts(connection: sqlite3.Connection, count: int) -> None:
    """One person with a telephone at each of the customers 1 to `count`."""
    connection.execute(
        f"{COUNT.format(count)} INSERT INTO customer_contact (customer_id, kind, name, title, "
        "phone) SELECT i, 'business', substr('王李张刘陈杨赵黄周吴', 1 + i % 10, 1) || "
        "substr('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚', 1 + i / 10 % 20, 1), '采购经理', "
        "printf('138%08d', i * 7919 % 100000000) FROM n"
    )


def add_pickups(connection: sqlite3.Connection, count: int, place: int, month: str) -> None:
    """A month's import, number `place`: three lines for each of `count` customers, four for every
    eighth, in the order of the days; one in fifty is a return, and take ranges over all levels."""
    connection.execute(
        "INSERT INTO import_batch (id, kind, file_name, sha256, months, row_count, rejected, "
        "total_kg, rows_digest, imported_by, imported_at) VALUES "
        f"(?, 'pickups', ?, ?, ?, 0, 0, 0, '{HASH}', 'am', '{STAMP}')",
        (place, f"{month}.xlsx", f"{place:064d}", month),
    )
    connection.execute(
        f"{COUNT.format(count)}, k (j) AS (VALUES (0), (1), (2), (3)) "
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


def add_papers(connection: sqlite3.Connection, count: int, day: date) -> None:
    """Of each customer five business licences of a year each, the last of which ends on a day
    between ten before and nearly a year after `day`; one customer in a hundred is late to renew."""
    connection.execute(
        "INSERT INTO document_blob (sha256, size, mime, data) VALUES (?, 1, 'application/pdf', ?)",
        (HASH, b"%"),
    )
    connection.execute(
        f"{COUNT.format(count)}, k (j) AS (VALUES (0), (1), (2), (3), (4)) "
        "INSERT INTO licence (customer_id, kind, number, valid_from, valid_to, sha256, label, "
        "recorded_by, recorded_at, case_id, accepted_on) SELECT i, 'business_licence', "
        "printf('L%d-%d', i, j), date(?1, printf('%d day', i % 350 - 375 - 365 * (4 - j))), "
        "date(?1, printf('%d day', i % 350 - 10 - 365 * (4 - j))), ?2, 'x.pdf', 'am', ?3, 1, "
        "date(?1, printf('%d day', i % 350 - 375 - 365 * (4 - j) + (i % 100 = 0) * 12)) FROM n, k",
        (day.isoformat(), HASH, STAMP),
    )
