"""Opening the database: refuse what is not ours, copy aside, migrate, make ready."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlparse

import peewee
from playhouse.migrations import Runner

from chemsales.rules.errors import DataError, Forbidden, Reason, Unreachable
from chemsales.storage import backup
from chemsales.storage.database import (
    APPLICATION_ID,
    MIGRATION_TABLE,
    connect,
    connected,
    database,
    engine_of,
    instead,
    is_sqlite,
    rows,
    wants_login,
)

INIT = "chemsales server-init"
MIGRATIONS = Path(__file__).resolve().parent / "storage" / "migrations"


def sqlite_path(url: str) -> Path | None:
    """The file of an embedded database's URL, None for a server's."""
    parsed = urlparse(url)
    return Path(unquote(parsed.path[1:])) if parsed.scheme == "sqlite" else None


def address_of(url: str) -> str:
    """Where a database lies, as people are told: the file's name, or hosts and name of a server's
    (never the login)."""
    path, parsed = sqlite_path(url), urlparse(url)
    return path.name if path is not None else parsed.netloc.rpartition("@")[2] + parsed.path


def open_database(url: str, login: str = "", password: str = "") -> None:
    """Open, check and migrate the database of this URL; DataError leaves it untouched.

    A server's URL without a user wants the person's own `login` (Forbidden without one) and is
    never migrated: DataError where the owner has to do that first.
    """
    path = sqlite_path(url)
    if path is not None:
        if path.exists() and path.stat().st_size:
            _check_file(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    person = wants_login(url)
    if person and not login:
        raise Forbidden(Reason("reason.server_login_missing", {}, "C5.1"))
    try:
        connect(url, login if person else "", password)
    except ValueError as error:
        raise DataError(Reason("reason.database_address")) from error
    where = address_of(url)
    try:
        with connected():
            if is_sqlite():
                _prepare_sqlite()
            if person:
                _check_server(where)
                return
            if any(migration.path is None for migration in _runner().status()):
                raise DataError(Reason("reason.database_newer", {"file": where}))
            _migrate(path)
    except (peewee.OperationalError, Unreachable) as error:
        raise Unreachable(Reason("reason.database_unreachable", {"where": where})) from error


def _check_server(where: str) -> None:
    """Refuse a server that is not set up, is behind this program, or ahead of it."""
    known = {file.stem for file in MIGRATIONS.glob("[0-9]*.py")}
    try:
        applied = {name for (name,) in rows(f"SELECT name FROM {MIGRATION_TABLE}")}
    except peewee.ProgrammingError as error:
        raise DataError(Reason("reason.server_not_set_up", {"command": INIT})) from error
    if applied - known:
        raise DataError(Reason("reason.database_newer", {"file": where}))
    if known - applied:
        raise DataError(Reason("reason.server_behind", {"command": INIT}))


def pending_migrations() -> list[str]:
    """Names of the migrations that the open database lacks."""
    return [m.name for m in _runner().status() if m.path is not None and not m.applied]


def applied_migrations() -> list[str]:
    """Names of the migrations that the open database has had, in order."""
    return [m.name for m in _runner().status() if m.applied]


@contextmanager
def scratch(migrations: Sequence[str] = ()) -> Iterator[Path]:
    """An empty embedded database that has had these migrations (all of them by default), in a
    folder that goes away after the block; the database of the process stays as it is."""
    with tempfile.TemporaryDirectory(prefix="chemsales-") as folder:
        path = Path(folder) / "scratch.db"
        build(path, migrations)
        yield path


def build(path: Path, migrations: Sequence[str] = ()) -> None:
    """Make a new embedded database that has had these migrations, all of them by default."""
    with instead(engine_of(f"sqlite:///{path}")), connected():
        _prepare_sqlite()
        _runner().up(migrations[-1] if migrations else None)


def _runner() -> Runner:
    return Runner(database.obj, str(MIGRATIONS), table_name=MIGRATION_TABLE)


def _check_file(path: Path) -> None:
    """Refuse a file that is not a database of this program, is newer, or is damaged."""
    params = {"file": path.name}
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            if application != APPLICATION_ID:
                raise DataError(Reason("reason.database_foreign", params))
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise DataError(Reason("reason.database_damaged", params))
            known = {file.stem for file in MIGRATIONS.glob("[0-9]*.py")}
            applied = {row[0] for row in connection.execute(f"SELECT name FROM {MIGRATION_TABLE}")}
    except sqlite3.DatabaseError as error:
        raise DataError(Reason("reason.database_damaged", params)) from error
    if applied - known:
        raise DataError(Reason("reason.database_newer", params))


def _prepare_sqlite() -> None:
    if database.obj.pragma("journal_mode", "wal") != "wal":
        raise DataError(
            Reason("reason.database_no_wal", {"file": Path(database.obj.database).name})
        )
    if not database.obj.pragma("application_id"):
        database.obj.pragma("application_id", APPLICATION_ID)


def _migrate(path: Path | None) -> None:
    pending = pending_migrations()
    if not pending:
        return
    if path is not None and database.get_tables():
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        backup.backup_to(path.parent / "backups" / f"before-{pending[-1]}-{stamp}.db")
    try:
        _runner().up()
    except peewee.DatabaseError as error:
        raise DataError(Reason("reason.migration_failed", {"name": pending[0]})) from error
