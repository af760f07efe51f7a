"""Verified copies of the database, what a copy holds, and putting one in its place."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import peewee

from chemsales.rules.errors import DataError, Param, Reason
from chemsales.storage import chain, copying, migrating
from chemsales.storage.database import connected, database, engine_of, is_sqlite, rows
from chemsales.storage.manifest import manifest_path

COMPANIONS = ("-wal", "-shm", "-journal")
ABANDONED = 86_400  # seconds
SPARE = 2**22  # bytes that have to stay free beside a backup


def backup_to(target: Path) -> Path:
    """Write a verified copy of the open database to `target`, an embedded database whatever the
    engine; whole or not at all. DataError where there is no room for it or writing fails."""
    with writing(target, database_size()) as temporary:
        if is_sqlite():
            _copy_file(temporary)
        else:
            _copy_server(temporary)
        check_copy(temporary)
    return target


@contextmanager
def writing(target: Path, size: int) -> Iterator[Path]:
    """A temporary name to write about `size` bytes under, which become `target` at the end: all of
    them, on the disk, or nothing."""
    temporary = target.with_name(target.name + ".tmp")
    params: dict[str, Param] = {"folder": str(target.parent)}
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        discard(temporary)
        _sweep(target.parent)
        check_room(target.parent, size)
        yield temporary
        temporary.chmod(0o600)  # it holds everything, for nobody but who may keep copies
        sync(temporary)
        os.replace(temporary, target)
        sync_folder(target.parent)
    except (OSError, sqlite3.Error, peewee.DatabaseError) as error:
        why = getattr(error, "strerror", None) or str(error).split("\n")[0][:200]
        raise DataError(Reason("reason.backup_not_written", {**params, "why": why})) from error
    finally:
        with suppress(OSError):
            discard(temporary)


def _sweep(folder: Path) -> None:
    """Remove what a program that was killed while it wrote has left; a day later nobody writes it
    any more."""
    for left in folder.glob("*.tmp*"):
        if time.time() - left.stat().st_mtime > ABANDONED:
            left.unlink(missing_ok=True)


def check_room(folder: Path, size: int) -> None:
    """DataError where a folder's disk has not room for so many bytes and a little more."""
    needed = size + size // 10 + SPARE
    free = shutil.disk_usage(folder).free
    if free < needed:
        params: dict[str, Param] = {
            "folder": str(folder),
            "needed": -(-needed // 2**20),
            "free": free // 2**20,
        }
        raise DataError(Reason("reason.backup_no_room", params))


def database_size() -> int:
    """About how many bytes the open database has."""
    if is_sqlite():
        sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        return int(rows(sql)[0][0])
    return int(rows("SELECT pg_database_size(current_database())")[0][0])


def _copy_file(path: Path) -> None:
    """By SQLite's own backup, while others write."""
    with connected(), closing(sqlite3.connect(path)) as copy:
        database.connection().backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


def _copy_server(path: Path) -> None:
    """One moment of a server's database, as an embedded database of the same migrations."""
    migrating.build(path, migrating.applied())
    target = engine_of(f"sqlite:///{path}")
    copying.copy(database.obj, target, copying.digests(target))
    release(path)


def copy_beside(backup: Path, folder: Path) -> None:
    """A copy of a backup and its manifest in a second folder, read back; DataError where it is not
    the same there."""
    for source in (backup, manifest_path(backup)):
        target = folder / source.name
        with writing(target, source.stat().st_size) as temporary:
            shutil.copyfile(source, temporary)
        if file_hash(target) != file_hash(source):
            raise DataError(Reason("reason.backup_altered", {"file": str(target)}))


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
    """Walk the hash chain inside a copy, which may be of an earlier schema."""
    there = counts(path)
    with closing(_read_only(path)) as connection:
        return chain.check(
            lambda sql, values: connection.execute(sql, values).fetchall(),
            keys,
            sources=[source for source in chain.SOURCES if source in there],
        )


def last_event(path: Path) -> tuple[int, str]:
    """The number and the instant of the last event in a copy, (0, "") where there is none."""
    with closing(_read_only(path)) as connection:
        found = connection.execute("SELECT id, at FROM event ORDER BY id DESC LIMIT 1").fetchone()
    return (int(found[0]), str(found[1])) if found else (0, "")


def last_change(path: Path) -> int:
    """The number of the last changed row in a copy, 0 where there is none."""
    with closing(_read_only(path)) as connection:
        return int(connection.execute("SELECT coalesce(max(id), 0) FROM change").fetchone()[0])


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
            replaced.chmod(0o600)
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
