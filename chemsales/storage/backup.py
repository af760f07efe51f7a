"""Verified copies of the embedded database, what a copy holds, and putting one in its place."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

from chemsales.rules.errors import DataError, Reason
from chemsales.storage import chain
from chemsales.storage.database import connected, database

COMPANIONS = ("-wal", "-shm", "-journal")


def backup_to(target: Path) -> Path:
    """Write a verified copy of the open embedded database to `target`; whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = target.with_suffix(target.suffix + ".tmp")
    temporary.unlink(missing_ok=True)
    try:
        with connected(), closing(sqlite3.connect(temporary)) as copy:
            database.connection().backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        check_copy(temporary)
        sync(temporary)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(target.parent)
    return target


def check_copy(path: Path) -> None:
    """DataError unless the file is a whole database with intact foreign keys."""
    try:
        with closing(_read_only(path)) as connection:
            intact = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise DataError(Reason("reason.database_damaged", {"file": path.name})) from error
    if not intact or broken:
        raise DataError(Reason("reason.database_damaged", {"file": path.name}))


def counts(path: Path) -> dict[str, int]:
    """The number of rows of every table of a copy."""
    with closing(_read_only(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        names = sorted(str(row[0]) for row in tables)
        return {
            name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
            for name in names
        }


def migrations(path: Path) -> tuple[str, ...]:
    """The names of the migrations that a copy has had, in order."""
    with closing(_read_only(path)) as connection:
        found = connection.execute("SELECT name FROM schema_migration ORDER BY name")
        return tuple(str(row[0]) for row in found)


def check_chain(path: Path, keys: Mapping[str, bytes]) -> chain.ChainReport:
    """Walk the hash chain inside a copy."""
    with closing(_read_only(path)) as connection:
        return chain.check(lambda sql, values: connection.execute(sql, values).fetchall(), keys)


def last_event(path: Path) -> tuple[int, str]:
    """The number and the instant of the last event in a copy, (0, "") where there is none."""
    with closing(_read_only(path)) as connection:
        found = connection.execute("SELECT id, at FROM event ORDER BY id DESC LIMIT 1").fetchone()
    return (int(found[0]), str(found[1])) if found else (0, "")


def file_hash(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stage(source: Path, path: Path) -> Path:
    """Copy a backup beside the database that it is to replace, under a new name; that name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    candidate = path.with_name(path.name + ".restoring")
    discard(candidate)
    shutil.copyfile(source, candidate)
    candidate.chmod(0o600)
    sync(candidate)
    return candidate


def discard(candidate: Path) -> None:
    """Remove a staged copy that is not wanted, with its companions."""
    for suffix in ("", *COMPANIONS):
        candidate.with_name(candidate.name + suffix).unlink(missing_ok=True)


def release(path: Path) -> None:
    """Fold the log of a database into its file; DataError while any program still has it open."""
    try:
        with closing(sqlite3.connect(path, timeout=2)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise DataError(Reason("reason.database_in_use", {"file": path.name})) from error


def swap(candidate: Path, path: Path, replaced: Path) -> None:
    """Put a staged copy in the place of the database in one step; the old file stays as `replaced`.

    Both files have to be closed. A log that a damaged old file still has goes along with it.
    """
    replaced.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        try:
            os.link(path, replaced)
        except OSError:
            shutil.copyfile(path, replaced)
        for suffix in COMPANIONS:
            with suppress(FileNotFoundError):
                os.replace(path.with_name(path.name + suffix), f"{replaced}{suffix}")
    os.replace(candidate, path)
    sync_folder(path.parent)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def sync(path: Path) -> None:
    """Make the bytes of a file durable."""
    with path.open("rb+") as written:
        os.fsync(written.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system lets a folder be synchronised."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
