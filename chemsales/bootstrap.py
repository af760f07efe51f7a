"""Opening the database: refuse what is not ours, copy aside, migrate, make ready."""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlparse

import peewee

from chemsales import config
from chemsales.rules import whereabouts
from chemsales.rules.errors import DataError, Forbidden, Reason, Unreachable
from chemsales.services import backup
from chemsales.storage import expected, migrating
from chemsales.storage.database import (
    APPLICATION_ID,
    MIGRATION_TABLE,
    SQLITE_URL,
    close,
    connect,
    connected,
    is_sqlite,
    rows,
    wants_login,
)
from chemsales.storage.whereabouts import facts_of

TRUSTED = "CHEMSALES_TRUST_FOLDER"  # a folder that is local, whatever the program takes it for
log = logging.getLogger(__name__)
INIT = "chemsales server-init"


def sqlite_path(url: str) -> Path | None:
    """The file of an embedded database's URL, None for a server's."""
    return Path(url.removeprefix(SQLITE_URL)) if url.startswith(SQLITE_URL) else None


def address_of(url: str) -> str:
    """Where a database lies, as people are told: the file's name, or hosts and name of a server's
    (never the login)."""
    path, parsed = sqlite_path(url), urlparse(url)
    return path.name if path is not None else parsed.netloc.rpartition("@")[2] + parsed.path


def open_database(url: str, login: str = "", password: str = "", altered: bool = False) -> None:
    """Open, check and migrate the database of this URL; DataError leaves it untouched.

    A server's URL without a user wants the person's own `login` (Forbidden without one) and is
    never migrated: DataError where the owner has to do that first. A file whose tables or guards
    somebody changed is refused, unless it is to be looked into as it is (`altered`).
    """
    path = sqlite_path(url)
    if path is not None:
        check_place(path)
        if path.exists() and path.stat().st_size:
            _check_file(path, altered)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    person = wants_login(url)
    if person and not login:
        raise Forbidden(Reason("reason.server_login_missing", {}, "C5.1"))
    _connect(url, login if person else "", password)
    where = address_of(url)
    try:
        with connected():
            if is_sqlite():
                migrating.prepare_sqlite()
            if person:
                reason = _unready(where)
                if reason is not None:
                    raise DataError(reason)
                return
            if set(migrating.applied()) - set(migrating.known()):
                raise DataError(Reason("reason.database_newer", {"file": where}))
            _migrate(path)
    except (peewee.OperationalError, Unreachable) as error:
        raise Unreachable(Reason("reason.database_unreachable", {"where": where})) from error


def close_database() -> None:
    """Let the database go at the end: a file is whole then, its log folded in."""
    close()


def check_exists(url: str) -> None:
    """Refuse an embedded database that is not there, where it is not to be made: DataError, first
    with the reasons of `check_place`."""
    path = sqlite_path(url)
    if path is None:
        return
    check_place(path)
    if not path.exists() or not path.stat().st_size:
        raise DataError(Reason("reason.database_absent", {"file": str(path)}))


def check_place(path: Path) -> None:
    """Refuse a place on a network share or in a synchronised folder; DataError names the way
    out."""
    if not path.name:
        return
    facts = facts_of(path.parent)
    reasons = whereabouts.blockers(facts)
    if reasons and os.environ.get(TRUSTED) != facts.folder:
        raise DataError(*reasons)
    for reason in reasons:
        log.warning("%s is trusted: %s", facts.folder, reason.code)


def look_into_server(url: str) -> Reason | None:
    """Open a server's database with its owner's login and leave it as it is; why this program
    cannot work on it, if so. DataError where the URL is not an owner's."""
    if sqlite_path(url) is not None or wants_login(url):
        raise DataError(Reason("reason.server_owner_needed"))
    _connect(url)
    where = address_of(url)
    try:
        with connected():
            return _unready(where)
    except Unreachable as error:
        raise Unreachable(Reason("reason.database_unreachable", {"where": where})) from error


def _connect(url: str, login: str = "", password: str = "") -> None:
    try:
        connect(url, login, password)
    except ValueError as error:
        raise DataError(Reason("reason.database_address")) from error


def _unready(where: str) -> Reason | None:
    """Why this program cannot work on the server's open database: it is not set up, is behind this
    program, or ahead of it."""
    known = set(migrating.known())
    try:
        applied = {name for (name,) in rows(f"SELECT name FROM {MIGRATION_TABLE}")}
    except peewee.ProgrammingError:
        return Reason("reason.server_not_set_up", {"command": INIT})
    if applied - known:
        return Reason("reason.database_newer", {"file": where})
    return Reason("reason.server_behind", {"command": INIT}) if known - applied else None


def altered_in(url: str) -> tuple[str, ...]:
    """What is missing, strange or different in the schema of an embedded database, by kind and
    name; nothing for a server's (`server-check` says it there)."""
    path = sqlite_path(url)
    if path is None:
        return ()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return expected.altered(connection, _applied(connection))


def _applied(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute(f"SELECT name FROM {MIGRATION_TABLE}")]


def _check_file(path: Path, altered: bool) -> None:
    """Refuse a file that is not a database of this program, is newer, is damaged, or whose schema
    is not what the migrations make, unless it may be `altered`."""
    params = {"file": path.name}
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            if application != APPLICATION_ID:
                raise DataError(Reason("reason.database_foreign", params))
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise DataError(Reason("reason.database_damaged", params))
            applied = _applied(connection)
            if set(applied) - set(migrating.known()):
                raise DataError(Reason("reason.database_newer", params))
            changed = () if altered else expected.altered(connection, applied)
    except sqlite3.DatabaseError as error:
        raise DataError(Reason("reason.database_damaged", params)) from error
    if changed:
        raise DataError(altered_reason(path.name, changed))


def altered_reason(name: str, changed: tuple[str, ...]) -> Reason:
    """That a file's schema was changed, what of it, and the way out."""
    what = ", ".join(changed[:3]) + (" …" if len(changed) > 3 else "")
    return Reason("reason.database_altered", {"file": name, "what": what})


def _migrate(path: Path | None) -> None:
    pending = migrating.pending()
    if not pending:
        return
    if migrating.applied():
        folder = path.parent if path is not None else config.data_dir()
        backup.before_migration(folder / "backups", pending[-1])
    try:
        migrating.migrate()
    except peewee.DatabaseError as error:
        raise DataError(Reason("reason.migration_failed", {"name": pending[0]})) from error
