"""Restoring a backup: verified under a new name, then put in place of the old, which is kept."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chemsales import moving
from chemsales.bootstrap import open_database, sqlite_path
from chemsales.queries.people import has_passwords
from chemsales.rules import roles
from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.rules.errors import ChemsalesError, DataError, NotAllowed, Reason
from chemsales.rules.roles import Action
from chemsales.services import backup
from chemsales.services.audit import known_keys
from chemsales.services.session import Session
from chemsales.storage import backup as files
from chemsales.storage import chain, database
from chemsales.storage.database import close, engine_of
from chemsales.storage.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoring did.

    `replaced` is the name of the old file ("" where there was none), `up_to` until when the records
    go (UTC), `lost_events` how many more the old file had, `broken` the broken links of the chain.
    """

    replaced: str
    up_to: str
    lost_events: int
    broken: int


def restore(source: Path, url: str, sign_in: Callable[[], Session], bare: bool = False) -> Restored:
    """Put a backup in the place of the embedded database of this URL.

    `sign_in` is called while a database is open, the present one if it can be opened, else the
    restored one: its person needs the right to restore. Nothing is touched before the copy has been
    opened, migrated and checked under a new name. `bare` accepts a backup without a manifest.
    DataError where the backup is not whole or the database is open in another program; NotAllowed
    without the right, or for a database on a server (`restore_to_server` makes a new one there).
    """
    path = sqlite_path(url)
    if path is None:
        raise NotAllowed(Reason("reason.restore_needs_new"))
    manifest = backup.check_backup(source, bare)
    session = _present_session(url, path, sign_in)
    candidate = files.stage(source, path)
    try:
        last = files.last_event(candidate)  # before anybody signs in there
        session, report = _open_candidate(candidate, session, sign_in, manifest)
        files.release(candidate)
        result = _swap(session, candidate, path, last, len(report.broken))
    except BaseException:
        close()
        files.discard(candidate)
        raise
    open_database(url)
    told = (source.name, files.file_hash(source), result.up_to, result.replaced, result.lost_events)
    backup.note_restored(session, *told)
    return result


def restore_to_server(
    source: Path, url: str, sign_in: Callable[[], Session], bare: bool = False
) -> Restored:
    """Put a backup into the new, empty database of a server at this URL, compared row by row.

    The database that people work in is not touched: they go over to the new one when somebody gives
    it the old one's name. `sign_in` is called while the backup is open. DataError where the backup
    is not whole or the database not empty; NotAllowed without the right.
    """
    manifest = backup.check_backup(source, bare)
    with tempfile.TemporaryDirectory(prefix="chemsales-") as folder:
        candidate = files.stage(source, Path(folder) / source.name)
        up_to = files.last_event(candidate)[1]
        session, report = _open_candidate(candidate, None, sign_in, manifest)
        open_database(url)
        close()
        moving.copy(engine_of(f"sqlite:///{candidate}"), url)
    open_database(url)
    backup.note_restored(session, source.name, files.file_hash(source), up_to, "", 0)
    return Restored("", up_to, 0, len(report.broken))


def _open_candidate(
    candidate: Path,
    present: Session | None,
    sign_in: Callable[[], Session],
    manifest: Manifest | None,
) -> tuple[Session, chain.ChainReport]:
    """Open a staged copy, which migrates it, and walk its chain; it is closed again. The person who
    restores, signed in here unless the present database knew them and somebody will be able to sign
    in to this one."""
    open_database(f"sqlite:///{candidate}")
    session = present if present and has_passwords() else _allowed(sign_in())
    report = chain.check(database.rows, known_keys())
    close()
    if manifest is not None and (report.links, report.head) != (manifest.links, manifest.head):
        raise DataError(Reason("reason.backup_altered", {"file": manifest.file}))
    return session, report


def _allowed(session: Session) -> Session:
    roles.check(session.actor, Action.BACKUP)
    return session


def _present_session(url: str, path: Path, sign_in: Callable[[], Session]) -> Session | None:
    """The person as the present database knows it; None where there is none that opens."""
    if not path.exists() or not path.stat().st_size:
        return None
    try:
        open_database(url)
    except ChemsalesError:
        return None
    try:
        return _allowed(sign_in())
    finally:
        close()


def _swap(
    session: Session, candidate: Path, path: Path, last: tuple[int, str], broken: int
) -> Restored:
    number, up_to = last
    replaced, lost = "", 0
    if path.exists():
        local = session.now().astimezone(COMPANY_ZONE)
        target = path.parent / "backups" / f"replaced-{local:%Y%m%d-%H%M%S}.db"
        try:
            files.release(path)
            lost = max(0, files.last_event(path)[0] - number)
        except sqlite3.DatabaseError:
            lost = 0  # the old file is damaged: what it held cannot be counted
        replaced = target.name
        files.swap(candidate, path, target)
    else:
        files.swap(candidate, path, path)
    return Restored(replaced, up_to, lost, broken)
