"""Moving the whole department from one database to another, across engines, in one piece."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chemsales import bootstrap
from chemsales.queries.people import has_passwords
from chemsales.queries.verification import Verification
from chemsales.rules import roles
from chemsales.rules.errors import DataError, Reason
from chemsales.rules.passwords import normalise
from chemsales.rules.roles import Action
from chemsales.services import audit, backup, people
from chemsales.services.session import Session
from chemsales.storage import backup as files
from chemsales.storage import copying, migrating
from chemsales.storage.copying import Digest, Engine, Told
from chemsales.storage.database import close, database, engine_of


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: where from and to, every table's rows and digest, and the check after it."""

    source: str
    target: str
    tables: dict[str, Digest]
    verified: Verification

    @property
    def rows(self) -> int:
        """How many rows were moved."""
        return sum(digest.rows for digest in self.tables.values())


def move(
    source: str, target: str, sign_in: Callable[[], Session], login: str = "", password: str = ""
) -> Moved:
    """Copy every row of the database at URL `source` into the empty one at URL `target`.

    Reads one moment of the source, which others may go on using (what they write later is not in
    the target); keys, generated keys and the audit chain are kept. Every table is compared row by
    row before the target commits, which then is verified. `sign_in` is called while the source is
    open; its person needs the right to back up. A source that wants people's own logins is opened
    with `login`; nobody's password comes out of it, and in a file `sign_in` is called again, to
    begin with one. DataError where the target holds anything already or a row does not come out as
    it went in: the target is then as it was. Afterwards the target is the open database.
    """
    if source == target:
        raise DataError(Reason("reason.move_same"))
    bootstrap.check_exists(source)
    bootstrap.open_database(source, people.typed_login(login), normalise(password))
    session = sign_in()
    roles.check(session.actor, Action.BACKUP)
    audit.seal()
    close()
    path, opened = bootstrap.sqlite_path(target), database.obj
    tables = _to_server(opened, target) if path is None else _to_file(opened, path)
    bootstrap.open_database(target)
    if path is not None and not has_passwords():
        session = sign_in()
    found = audit.verify(session)
    where = bootstrap.address_of(source)
    moved = Moved(where, bootstrap.address_of(target), tables, found)
    backup.note_moved(session, where, moved.rows, found.links, found.head)
    return moved


def _to_server(source: Engine, target: str) -> dict[str, Digest]:
    """Into an empty database of a server, which gets its tables first where it has none."""
    bootstrap.open_database(target)
    close()
    return copy(source, target)


def _to_file(source: Engine, path: Path) -> dict[str, Digest]:
    """Into a file that does not exist; under its name only when it is whole and on the disk."""
    if path.exists():
        raise DataError(Reason("reason.move_file_exists", {"file": path.name}))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    candidate = path.with_name(path.name + ".moving")
    files.discard(candidate)
    try:
        migrating.build(candidate)
        tables = copy(source, f"sqlite:///{candidate}")
        files.release(candidate)
        files.check_copy(candidate)
        files.sync(candidate)
        os.replace(candidate, path)
        files.sync_folder(path.parent)
    finally:
        files.discard(candidate)
    return tables


def copy(source: Engine, target: str, told: Told = copying.quietly) -> dict[str, Digest]:
    """Copy into another migrated database; see storage.copying.copy."""
    with migrating.scratch() as fresh:
        seeded = copying.digests(engine_of(f"sqlite:///{fresh}"))
    return copying.copy(source, engine_of(target), seeded, told)
