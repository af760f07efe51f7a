"""The embedded database and the connections that it keeps."""

from __future__ import annotations

import os
import sqlite3
from typing import Any

from playhouse.pool import PooledSqliteDatabase

from chemsales.storage.keeping import Keeping

SQLITE_PRAGMAS = {
    "busy_timeout": 10_000,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "synchronous": "FULL",
    "cache_size": -32_000,
}
_File = tuple[int, int] | None


class FileDatabase(Keeping, PooledSqliteDatabase):  # type: ignore[misc]
    """The embedded database.

    Its connections are kept, for every new one reads the schema with all its triggers before
    anything else. None is used for a file that another has replaced.
    """

    def __init__(self, path: str) -> None:
        self._files: dict[int, _File] = {}  # by connection
        self._there: _File = None
        super().__init__(
            path,
            max_connections=None,
            check_same_thread=False,  # a connection belongs to one thread at a time
            pragmas=SQLITE_PRAGMAS,
            lock_type="IMMEDIATE",
        )

    def _connect(self) -> Any:
        self._there = _file(self.database)  # before it is opened, or a new file is taken for it
        return super()._connect()

    def _add_conn_hooks(self, conn: sqlite3.Connection) -> None:
        super()._add_conn_hooks(conn)
        self._files[id(conn)] = self._there or _file(self.database)

    def _is_gone(self, conn: sqlite3.Connection) -> bool:
        return self._files[id(conn)] != self._there

    def _is_idle(self, conn: sqlite3.Connection) -> bool:
        return not conn.in_transaction

    def _close_raw(self, conn: sqlite3.Connection) -> None:
        del self._files[id(conn)]
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
