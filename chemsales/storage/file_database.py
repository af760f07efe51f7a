"""The embedded database and the connections that it keeps."""

from __future__ import annotations

import os
import sqlite3
import time
from typing import Any

from playhouse.pool import PooledSqliteDatabase

SQLITE_PRAGMAS = {
    "busy_timeout": 10_000,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "synchronous": "FULL",
    "cache_size": -32_000,
}
KEPT_CONNECTIONS, KEPT_SECONDS = 4, 2.0
_File = tuple[int, int] | None


class FileDatabase(PooledSqliteDatabase):  # type: ignore[misc]
    """The embedded database.

    A closed connection is kept for the next who wants one, for every new one reads the schema with
    all its triggers before anything else. None is used for a file that another has replaced, or
    after `end`; `rest` lets a program that does nothing hold no file.
    """

    def __init__(self, path: str) -> None:
        self._opened: dict[int, tuple[_File, int]] = {}  # by connection: of which file, which era
        self._there: _File = None
        self._era = 0
        self._used = time.monotonic()
        super().__init__(
            path,
            max_connections=None,
            check_same_thread=False,  # a connection belongs to one thread at a time
            pragmas=SQLITE_PRAGMAS,
            lock_type="IMMEDIATE",
        )

    def end(self) -> None:
        """Close this thread's connection and those that wait for use; one at work in another thread
        is not kept when it is done."""
        self._era += 1
        self.close()
        self.close_idle()

    def rest(self) -> None:
        """Close what has waited for use for a while; the last one folds the log into the file."""
        if time.monotonic() - self._used > KEPT_SECONDS:
            self.close_idle()

    def _connect(self) -> Any:
        self._there = _file(self.database)  # before it is opened, or a new file is taken for it
        return super()._connect()

    def _add_conn_hooks(self, conn: sqlite3.Connection) -> None:
        super()._add_conn_hooks(conn)
        self._opened[id(conn)] = (self._there or _file(self.database), self._era)

    def _is_closed(self, conn: sqlite3.Connection) -> bool:
        replaced = self._opened[id(conn)][0] != self._there
        if replaced:
            self._close_raw(conn)
        return replaced

    def _can_reuse(self, conn: sqlite3.Connection) -> bool:
        self._used = time.monotonic()
        current = self._opened[id(conn)][1] == self._era
        return current and len(self._connections) < KEPT_CONNECTIONS and not conn.in_transaction

    def _close_raw(self, conn: sqlite3.Connection) -> None:
        del self._opened[id(conn)]
        super()._close_raw(conn)

    def rollback(self) -> None:
        """Roll back, unless that has happened: what failed is to be told, not that."""
        if self.connection().in_transaction:
            super().rollback()


def _file(path: str) -> _File:
    """What tells a file from another of its name; of none there is nothing to tell."""
    try:
        there = os.stat(path)
    except OSError:
        return None
    return there.st_dev, there.st_ino
