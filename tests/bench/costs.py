"""What audit and rules cost: a decision beside a bare commit, an import beside a bare insert.

`python -m tests.bench costs`. On a file with synchronous=FULL, and on a server of its own that
syncs, over loopback and by each person's own login. Of a commit the time is told that 95 of 100
keep; what stands below a figure is the least that the engine takes for a commit or for the rows.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from math import inf
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psycopg

from chemsales.rules.approval import Verdict
from chemsales.services.accreditation import decide
from chemsales.services.session import Session, utc_now
from chemsales.storage.file_database import SQLITE_PRAGMAS
from tests import factory_offtake
from tests.bench import Figure, in_turns, timed
from tests.conftest import opened
from tests.conftest_postgres import start_server
from tests.factory import draft_of, make_application, session_of, submit, version_of
from tests.security import conftest as security
from tests.security import world

DECISIONS, ROWS, ROUNDS = 60, 10_000, 5
TABLE = "CREATE TABLE bare (a INTEGER, b TEXT, c TEXT, d TEXT, e INTEGER, f TEXT, g TEXT, h TEXT)"
ROW = (1, "PP-T30S", "2026-01-01", "2026-01", 1, "pickup", "", "")
SignIn = Callable[[str], AbstractContextManager[Session]]
Insert = Callable[[int], object]


def run() -> list[Figure]:
    """Both engines."""
    return [*_on_file(), *_on_server()]


def _on_file() -> Iterator[Figure]:
    assert SQLITE_PRAGMAS["synchronous"] == "FULL"
    with tempfile.TemporaryDirectory(prefix="chemsales-bench-") as name:
        folder = Path(name)
        bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
        bare.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {TABLE}")

        def insert(count: int) -> None:
            bare.execute("BEGIN IMMEDIATE")
            bare.executemany("INSERT INTO bare VALUES (?,?,?,?,?,?,?,?)", [ROW] * count)
            bare.execute("COMMIT")

        with closing(bare), opened(f"sqlite:///{folder / 'costs.db'}"):
            world.build()
            yield from _costs("in a file", _program_login, insert, 50, 1)


@contextmanager
def _program_login(login: str) -> Iterator[Session]:
    yield session_of(login, utc_now)


def _on_server() -> Iterator[Figure]:
    server = start_server(durable=True)
    try:
        url = server.create_database("costs")
        with opened(url):
            security.set_up()
        with psycopg.connect(url, autocommit=True) as bare:
            bare.execute(TABLE)
            sign_in = partial(security.signed_in, url)
            yield from _costs("on a server", sign_in, partial(_copy, bare), 100, 2)
    finally:
        server.remove()


def _copy(bare: psycopg.Connection[Any], count: int) -> None:
    if count == 1:
        bare.execute("INSERT INTO bare VALUES (%s,%s,%s,%s,%s,%s,%s,%s)", ROW)
        return
    with bare.cursor() as cursor, cursor.copy("COPY bare FROM STDIN") as rows_in:
        for _ in range(count):
            rows_in.write_row(ROW)


def _costs(
    where: str, sign_in: SignIn, insert: Insert, milliseconds: float, seconds: float
) -> Iterator[Figure]:
    """The figures of one engine, each with its floor below it."""
    with sign_in("am") as am:
        keys = [make_application(am, draft_of(f"客{n}", 300 + n)) for n in range(DECISIONS)]
        for key in keys:
            submit(am, key)
    with sign_in("sales") as sales:
        waiting = iter([(key, version_of(key)) for key in keys])
        decided, commits = in_turns(
            DECISIONS,
            partial(timed, lambda: decide(sales, *next(waiting), Verdict.APPROVE, "同意")),
            partial(timed, lambda: insert(1)),
        )
    yield Figure(f"a decision {where}", _most(decided) * 1000, None, milliseconds, "ms")
    yield Figure("  a bare commit", _most(commits) * 1000, None, inf, "ms")
    with sign_in("am") as am:
        lines = factory_offtake.weekdays(world.open_month(), 1000, 1) * (ROWS // 20 + 1)
        imported, inserted = in_turns(
            ROUNDS,
            partial(timed, lambda: factory_offtake.pick_up(am, lines[:ROWS])),
            partial(timed, lambda: insert(ROWS)),
            warm=1,
        )
    yield Figure(f"an import of {ROWS:,} rows {where}", median(imported), None, seconds)
    yield Figure("  the rows alone", median(inserted), None, inf)


def _most(seconds: list[float]) -> float:
    """What 95 of 100 keep."""
    return quantiles(seconds, n=20)[-1]
