"""The numbered migrations: what a database has had, what it lacks, and new databases made by
them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playhouse.migrations import Runner

from chemsales.rules.errors import DataError, Reason
from chemsales.storage.database import (
    APPLICATION_ID,
    MIGRATION_TABLE,
    connected,
    database,
    engine_of,
    instead,
    is_sqlite,
    rows,
)

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
LOCK = 0x43484D53  # the advisory lock of a server under which one desk migrates


def known() -> tuple[str, ...]:
    """Names of the migrations of this program, in order."""
    return tuple(sorted(file.stem for file in MIGRATIONS.glob("[0-9]*.py")))


def pending() -> tuple[str, ...]:
    """Names of the migrations that the open database lacks."""
    had = applied()
    return tuple(name for name in known() if name not in had)


def applied() -> tuple[str, ...]:
    """Names of the migrations that the open database has had, those of a newer program among
    them."""
    with connected():
        return tuple(sorted(_runner().applied()))


def migrate(target: str = "") -> None:
    """Bring the open database up to the newest migration, or up to `target`; each is whole or not
    at all. On a server one desk does it, the others wait."""
    if is_sqlite():
        _runner().up(target or None)
        return
    with connected():
        rows("SELECT pg_advisory_lock(?)", (LOCK,))
        try:
            _runner().up(target or None)
        finally:
            rows("SELECT pg_advisory_unlock(?)", (LOCK,))


def prepare_sqlite() -> None:
    """Make the open file one of this program's, with a log beside it; DataError where its place
    allows none."""
    if database.obj.pragma("journal_mode", "wal") != "wal":
        raise DataError(
            Reason("reason.database_no_wal", {"file": Path(database.obj.database).name})
        )
    if not database.obj.pragma("application_id"):
        database.obj.pragma("application_id", APPLICATION_ID)


def build(path: Path, migrations: Sequence[str] = ()) -> None:
    """Make a new embedded database that has had these migrations, all of them by default; the
    database of the process stays as it is."""
    path.write_bytes(_built(migrations[-1] if migrations else ""))


@cache
def _built(last: str) -> bytes:
    """The file that the migrations up to this one make: half a second's work, for SQLite reads the
    whole schema again at every column that is added."""
    with tempfile.TemporaryDirectory(prefix="chemsales-") as folder:
        path = Path(folder) / "built.db"
        with instead(engine_of(f"sqlite:///{path}")), connected():
            prepare_sqlite()
            migrate(last)
            rows("PRAGMA wal_checkpoint(TRUNCATE)")  # what lies in the log comes into the file
        return path.read_bytes()


@contextmanager
def scratch(migrations: Sequence[str] = ()) -> Iterator[Path]:
    """An empty database as `build` makes it, in a folder that goes away after the block."""
    with tempfile.TemporaryDirectory(prefix="chemsales-") as folder:
        path = Path(folder) / "scratch.db"
        build(path, migrations)
        yield path


def _runner() -> Runner:
    return Runner(database.obj, str(MIGRATIONS), table_name=MIGRATION_TABLE)
