"""Verified copies of the embedded database, and restoring one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from chemsales.rules.errors import DataError, Reason
from chemsales.storage.database import connected, database


def backup_to(target: Path) -> Path:
    """Write a verified copy of the open embedded database to `target`; whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = target.with_suffix(target.suffix + ".tmp")
    temporary.unlink(missing_ok=True)
    with connected(), closing(sqlite3.connect(temporary)) as copy:
        database.connection().backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    check_copy(temporary)
    with temporary.open("rb+") as written:
        os.fsync(written.fileno())
    os.replace(temporary, target)
    return target


def check_copy(path: Path) -> None:
    """DataError unless the file is a whole database with intact foreign keys."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            intact = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise DataError(Reason("reason.database_damaged", {"file": path.name})) from error
    if not intact or broken:
        raise DataError(Reason("reason.database_damaged", {"file": path.name}))
