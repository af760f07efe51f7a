"""The floor of what is read: the bare SQL that a piece of work runs, run again by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from tests.bench import timed


def statements(work: Callable[[], object], *begins: str) -> list[str]:
    """The SQL of these kinds that a piece of work runs, with its values."""
    from chemsales.storage.database import connected, database

    found: list[str] = []
    with connected():
        connection = database.obj.connection()
        connection.set_trace_callback(found.append)
        work()
        connection.set_trace_callback(None)
    return [sql for sql in found if sql.startswith(begins)]


def by_hand(path: str, sql: list[str]) -> float:
    """The seconds of the statements on a connection of their own, taken back afterwards."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA cache_size = -32000")
    connection.execute("BEGIN IMMEDIATE")
    seconds = timed(lambda: [connection.execute(each).fetchall() for each in sql])
    connection.execute("ROLLBACK")
    connection.close()
    return seconds
