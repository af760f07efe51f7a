"""Restoring a backup: verified under a new name, then put in place of the old, which is kept."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from chemsales import moving
from chemsales.bootstrap import open_database, sqlite_path
from chemsales.queries.people import has_passwords
from chemsales.rules import roles
from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.rules.errors import ChemsalesError, DataError, NotAllowed, Reason
from chemsales.rules.roles import Action
from chemsales.services import backup, server
from chemsales.services.audit import known_keys
from chemsales.services.session import Session, utc_now
from chemsales.signin import throttled
from chemsales.storage import backup as files
from chemsales.storage import chain, copying, database, exchanging
from chemsales.storage.copying import Told
from chemsales.storage.database import close, engine_of, instead
from chemsales.storage.exchanging import Owner as Owner
from chemsales.storage.manifest import Manifest, read_manifest


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoring did.

    `replaced` is the name of the old file or database ("" where there was none), `up_to` until when
    the records go (UTC), `lost_events` how many more the old one had, `broken` the broken links of
    the chain, `events` the number of the last event that came back.
    """

    replaced: str
    up_to: str
    lost_events: int
    broken: int
    events: int = 0


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
    source: Path,
    url: str,
    sign_in: Callable[[], Session],
    bare: bool = False,
    told: Told = copying.quietly,
) -> Restored:
    """Put a backup into the new, empty database of a server at this URL, compared row by row.

    The database that people work in is not touched: they go over to the new one when it gets the
    old one's name (`restore_server`). `sign_in` is called while the backup is open; `told` hears
    how many more rows went over. DataError where the backup is not whole or the database not empty;
    NotAllowed without the right.
    """
    session, done = _fill(source, url, sign_in, bare, told)
    backup.note_restored(session, source.name, files.file_hash(source), done.up_to, "", 0)
    return done


def check_server(source: Path, url: str, owner: Owner, login: str) -> None:
    """Refuse at once what `restore_server` would refuse later, and touch nothing: an owner whom the
    server does not let in or who may not do it, others who are connected (beside `login`, who
    asks), a backup that is not whole."""
    with throttled(url, owner.login, utc_now):
        name = exchanging.check_owner(owner, url)
    there = exchanging.others(owner, url, name, login)
    if there:
        raise NotAllowed(exchanging.others_reason(there))
    backup.check_backup(source)


def restore_server(
    source: Path,
    url: str,
    owner: Owner,
    sign_in: Callable[[], Session],
    told: Told = copying.quietly,
) -> Restored:
    """Put a backup in the place of a server's database at this URL, by its owner's login.

    It goes into a new database as `restore_to_server` does it, which is set up and then gets the
    name of the old one; the old one is kept under the name in `replaced`. What fails before the
    exchange, or is ended by what `told` raises, leaves nothing behind. Forbidden where the server
    does not let the owner in; NotAllowed without the right, or where others are connected;
    DataError where the backup is not whole.
    """
    before = database.database.obj
    name = exchanging.check_owner(owner, url)
    candidate = exchanging.make(owner, url, name)
    try:
        session, done = _fill(source, owner.url(url, candidate), sign_in, False, told)
        server.install()
        told(0)
        local = session.now().astimezone(COMPANY_ZONE)
        kept = exchanging.kept_name(name, f"{local:%Y%m%d_%H%M%S}")
        lost = max(0, _events(owner.url(url)) - done.events)
        done = replace(done, replaced=kept, lost_events=lost)
        told_of = (source.name, files.file_hash(source), done.up_to, kept, lost)
        backup.note_restored(session, *told_of)
        close()
        exchanging.exchange(owner, url, name, candidate, kept)
    except BaseException:
        close()
        with suppress(ChemsalesError):  # else the next restoring takes it away
            exchanging.drop(owner, url, candidate)
        raise
    finally:
        database.database.initialize(before)
    with instead(engine_of(owner.url(url))):
        server.align_logins()
    return done


def rows_in(source: Path) -> int:
    """How many rows a backup has, by its manifest; 0 where it has none that can be read."""
    with suppress(ChemsalesError):
        manifest = read_manifest(source)
        return sum(manifest.counts.values()) if manifest else 0
    return 0


def _fill(
    source: Path, url: str, sign_in: Callable[[], Session], bare: bool, told: Told
) -> tuple[Session, Restored]:
    """The content of a backup in the new database at this URL, which is open afterwards."""
    manifest = backup.check_backup(source, bare)
    with tempfile.TemporaryDirectory(prefix="chemsales-") as folder:
        candidate = files.stage(source, Path(folder) / source.name)
        number, up_to = files.last_event(candidate)
        session, report = _open_candidate(candidate, None, sign_in, manifest)
        open_database(url)
        close()
        moving.copy(engine_of(f"sqlite:///{candidate}"), url, told)
    open_database(url)
    return session, Restored("", up_to, 0, len(report.broken), number)


def _events(url: str) -> int:
    """The number of the last event of the database at this URL."""
    with instead(engine_of(url)):
        return int(database.rows("SELECT coalesce(max(id), 0) FROM event")[0][0])


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
