"""Walking the hash chain over 100,000 entries, against reading the same rows and hashing nothing.

`python -m tests.bench verifying`. The floor reads every link and every sealed row by hand, in the
same batches; the wish is 5 s. Each side reads the same file of its own process.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.bench import Figure, in_turns

ENTRIES = 100_000
ROUNDS = 3
KEY = b"k" * 32


def run() -> list[Figure]:
    """The walk, as a ratio to the floor."""
    from chemsales.bootstrap import open_database
    from chemsales.storage import chain, database

    with tempfile.TemporaryDirectory(prefix="chemsales-bench-") as folder:
        path = Path(folder) / "chain.db"
        open_database(f"sqlite:///{path}")
        _fill()
        sealed = chain.seal_pending(KEY, hashlib.sha256(KEY).hexdigest()[:16], "2026-07-06")
        assert sealed >= ENTRIES

        def walk() -> float:
            begun = time.perf_counter()
            with database.connected():
                report = chain.check(database.rows, {hashlib.sha256(KEY).hexdigest()[:16]: KEY})
            assert report.links == sealed and not report.broken and not report.foreign
            return time.perf_counter() - begun

        least, done = in_turns(ROUNDS, lambda: _by_hand(path), walk, warm=1)
        database.close()
    seconds, floor = median(done), median(least)
    return [Figure(f"verify a chain of {sealed}", seconds, floor, 5)]


def _fill() -> None:
    """Half as many events as entries, each with one change."""
    from chemsales.storage.database import insert_rows, transaction

    at = "2026-07-06T04:00:00.000000Z"
    half = ENTRIES // 2
    image = '{"id":1,"name":"青岛海洋塑料有限公司","state":"in_review","version":2}'
    event = ("key", "at", "who", "use_case", "outcome", "subject", "subject_id", "clause")
    done = (at, "am", "accreditation.save_draft", "done", "accreditation")
    change = ("event", "at", "who", "table_name", "row_key", "action", "old", "new")
    with transaction():
        insert_rows(
            "event",
            (*event, "reasons", "detail"),
            ((f"{n:032x}", *done, str(n), "C7.1", "[]", "{}") for n in range(half)),
        )
        insert_rows(
            "change",
            change,
            (
                (f"{n:032x}", at, "am", "application", str(n), "UPDATE", image, image)
                for n in range(half)
            ),
        )


def _by_hand(path: Path) -> float:
    begun = time.perf_counter()
    connection = sqlite3.connect(path)
    for table in ("seal", "event", "change"):
        count = len(connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall())
        assert count
    connection.close()
    return time.perf_counter() - begun
