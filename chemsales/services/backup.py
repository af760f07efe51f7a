"""Backups of the embedded database: a verified copy with a manifest that says what is in it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from chemsales import config
from chemsales.rules import roles
from chemsales.rules.errors import DataError, NotAllowed, Reason
from chemsales.rules.roles import Action
from chemsales.services.audit import known_keys, seal
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.services.session import COMPANY_ZONE, Session
from chemsales.storage import backup as files
from chemsales.storage.database import is_sqlite


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: its file's hash, the schema and program that wrote it, rows per table.

    Of the chain: its links, its head, and how many links do not fit their rows.
    """

    file: str
    sha256: str
    size: int
    created_at: str
    program: str
    schema: tuple[str, ...]
    counts: dict[str, int]
    links: int
    head: str
    broken: int


def manifest_path(backup: Path) -> Path:
    """Where the manifest of a backup lies."""
    return backup.with_suffix(".json")


def read_manifest(backup: Path) -> Manifest | None:
    """The manifest beside a backup, None without one; DataError where it is no manifest."""
    path = manifest_path(backup)
    if not path.exists():
        return None
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(**{**stored, "schema": tuple(stored["schema"])})
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(Reason("reason.backup_manifest_unreadable", {"file": path.name})) from error


def check_backup(backup: Path) -> Manifest | None:
    """DataError unless the file is a whole database and is the one that its manifest describes."""
    if not backup.is_file():
        raise DataError(Reason("reason.file_missing", {"file": backup.name}))
    manifest = read_manifest(backup)
    if manifest is not None and files.file_hash(backup) != manifest.sha256:
        raise DataError(Reason("reason.backup_altered", {"file": backup.name}))
    files.check_copy(backup)
    if manifest is not None and files.counts(backup) != manifest.counts:
        raise DataError(Reason("reason.backup_altered", {"file": backup.name}))
    return manifest


def describe(backup: Path, created_at: str) -> Manifest:
    """Read a copy back: hash, rows, and a walk over its chain."""
    report = files.check_chain(backup, known_keys())
    return Manifest(
        backup.name,
        files.file_hash(backup),
        backup.stat().st_size,
        created_at,
        config.VERSION,
        files.migrations(backup),
        files.counts(backup),
        report.links,
        report.head,
        len(report.broken) + len(report.slipped_in),
    )


def back_up(session: Session, folder: Path | None = None, keep: int = 0) -> Path:
    """Write a verified copy of the open database and its manifest into `folder`; the copy's path.

    Without `folder` it goes beside the database. `keep` > 0 then removes the oldest copies of that
    folder beyond so many. NotAllowed without the right, or for a database on a server, which is
    backed up there.
    """
    roles.check(session.actor, Action.BACKUP)
    if not is_sqlite():
        raise NotAllowed(Reason("reason.backup_on_server"))
    seal()
    local = session.now().astimezone(COMPANY_ZONE)
    place = folder or config.data_dir() / "backups"
    target = place / f"chemsales-{local:%Y%m%d-%H%M%S}.db"
    files.backup_to(target)
    manifest = describe(target, local.isoformat(timespec="seconds"))
    _write_manifest(target, manifest)
    removed = _thin(place, keep)
    _note(session, manifest, removed)
    return target


def _write_manifest(backup: Path, manifest: Manifest) -> None:
    path = manifest_path(backup)
    temporary = path.with_suffix(".json.tmp")
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    files.sync_folder(path.parent)


def _thin(folder: Path, keep: int) -> int:
    """Remove the oldest backups (those with a manifest) beyond `keep`; how many went."""
    if keep <= 0:
        return 0
    found = sorted(path for path in folder.glob("chemsales-*.db") if manifest_path(path).exists())
    old = found[:-keep]
    for path in old:
        path.unlink()
        manifest_path(path).unlink()
    return len(old)


@use_case(Action.BACKUP)
def _note(op: Operation, manifest: Manifest, removed: int) -> None:
    op.record(
        Subject.SETTINGS,
        manifest.file,
        sha256=manifest.sha256,
        links=manifest.links,
        head=manifest.head,
        removed=removed,
    )


@use_case(None)
def note_restored(
    op: Operation, source: str, sha256: str, up_to: str, replaced: str, lost_events: int
) -> None:
    """Write into a restored database that it was restored, from what, and what it no longer knows.

    `up_to` is the instant of the last event that came back, `lost_events` how many more the
    replaced file had. The right was checked against the database that was replaced: the restored
    one may not know the person, or not as an administrator.
    """
    roles.check(op.actor, Action.BACKUP)
    op.record(
        Subject.SETTINGS,
        source,
        sha256=sha256,
        up_to=up_to,
        replaced=replaced,
        lost_events=lost_events,
    )


@use_case(None)
def note_moved(op: Operation, source: str, rows: int, links: int, head: str) -> None:
    """Write into the database that took over where its records came from, and up to what link."""
    roles.check(op.actor, Action.BACKUP)
    op.record(Subject.SETTINGS, source, rows=rows, links=links, head=head)
