"""Backups: verified copies with a manifest, thinned out by age; restored ones until confirmed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from chemsales import config
from chemsales.queries.backup import BACKUP, RESTORED, load_standing
from chemsales.rules import roles
from chemsales.rules.backup import kept, made_for
from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.rules.errors import ChemsalesError, DataError, NotAllowed, Reason
from chemsales.rules.roles import Action
from chemsales.services.audit import known_keys, seal
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.services.session import Session
from chemsales.storage import backup as files
from chemsales.storage.database import is_person
from chemsales.storage.manifest import Manifest, manifest_path, read_manifest, write_manifest


def check_backup(backup: Path, bare: bool = False) -> Manifest | None:
    """DataError unless the file is a whole database and is the one that its manifest describes.

    `bare` accepts a file without a manifest, of which only its wholeness is known.
    """
    if not backup.is_file():
        raise DataError(Reason("reason.file_missing", {"path": backup.name}))
    manifest = read_manifest(backup)
    if manifest is None and not bare:
        missing = {"file": manifest_path(backup).name}
        raise DataError(Reason("reason.backup_manifest_missing", missing))
    if manifest is not None and files.file_hash(backup) != manifest.sha256:
        raise DataError(Reason("reason.backup_altered", {"file": backup.name}))
    files.check_copy(backup)
    if manifest is not None and files.counts(backup) != manifest.counts:
        raise DataError(Reason("reason.backup_altered", {"file": backup.name}))
    return manifest


def describe(backup: Path, at: datetime) -> Manifest:
    """Read a copy back: hash, rows, and a walk over its chain."""
    report = files.check_chain(backup, known_keys())
    return Manifest(
        backup.name,
        files.file_hash(backup),
        backup.stat().st_size,
        at.astimezone(COMPANY_ZONE).isoformat(timespec="seconds"),
        config.VERSION,
        files.migrations(backup),
        files.counts(backup),
        report.links,
        report.head,
        len(report.broken) + len(report.slipped_in),
    )


def back_up(session: Session, folder: Path | None = None, thin: bool = True) -> Path:
    """Write a verified copy of the open database and its manifest into `folder`; the copy's path.

    Without `folder` it goes into the backup folder, and into the second one where one is chosen;
    what fails there is remembered until a backup succeeds. `thin` removes what `rules.backup.kept`
    does not keep, unless a restored database waits to be confirmed. NotAllowed without the right.
    """
    roles.check(session.actor, Action.BACKUP)
    return _back_up(session, folder, thin)


def back_up_work(session: Session) -> Path | None:
    """The backup that the program makes by itself, whoever works: when there is work that is in
    none yet, for those for whom it does (`rules.backup.made_for`)."""
    if not made_for(session.actor, is_person()):
        return None
    return _back_up(session, None, True) if load_standing().unsaved_since else None


def before_migration(folder: Path, name: str) -> Path:
    """Write a verified copy of the open database before a migration changes it."""
    now = datetime.now(UTC)
    return _write(folder / f"before-{name}-{now:%Y%m%d-%H%M%S}.db", now)


def _back_up(session: Session, folder: Path | None, thin: bool) -> Path:
    try:
        made = _make(session, folder or config.backup_dir(), thin)
        second = _second_folder()
        if folder is None and second is not None:
            files.copy_beside(made, second)
            _thin(second, thin)
    except ChemsalesError as error:
        if folder is None:
            _remember(error.reasons)
        raise
    if folder is None:
        _remember(())
    return made


def _make(session: Session, place: Path, thin: bool) -> Path:
    seal()
    local = session.now().astimezone(COMPANY_ZONE)
    target = _write(place / f"chemsales-{local:%Y%m%d-%H%M%S}.db", local)
    manifest = read_manifest(target)
    assert manifest is not None
    event, change = files.last_event(target)[0], files.last_change(target)
    _note(session, manifest, event, change, _thin(place, thin))
    return target


def _write(target: Path, at: datetime) -> Path:
    """A copy with its manifest; the copy counts only once both are there."""
    files.backup_to(target)
    try:
        write_manifest(target, describe(target, at))
        files.sync_folder(target.parent)
    except OSError as error:
        target.unlink()
        params = {"folder": str(target.parent), "why": error.strerror or str(error)}
        raise DataError(Reason("reason.backup_not_written", params)) from error
    return target


def found(folder: Path) -> list[Manifest]:
    """The manifests of a folder's backups, the newest first; one that cannot be read is left out
    (and left alone)."""
    manifests = []
    for path in sorted(folder.glob("chemsales-*.db"), reverse=True):
        try:
            manifest = read_manifest(path)
        except DataError:
            continue
        if manifest is not None:
            manifests.append(manifest)
    return manifests


def _thin(folder: Path, thin: bool) -> int:
    """Remove the backups that need not stay; how many went."""
    if not thin or load_standing().restored_from:
        return 0
    made = {m.file: datetime.fromisoformat(m.created_at) for m in found(folder)}
    stay = kept(made.values())
    gone = [folder / name for name, at in made.items() if at not in stay]
    for path in gone:
        path.unlink(missing_ok=True)
        manifest_path(path).unlink(missing_ok=True)
    return len(gone)


def _second_folder() -> Path | None:
    try:
        stored = config.load()
    except ValueError:
        return None
    return Path(stored.second_backup_folder) if stored and stored.second_backup_folder else None


def failure() -> tuple[datetime, tuple[Reason, ...]] | None:
    """When and why the last backup of this computer failed, None where it did not."""
    try:
        stored = json.loads(_failure_file().read_text(encoding="utf-8"))
        reasons = tuple(Reason.from_dict(reason) for reason in stored["reasons"])
        return datetime.fromisoformat(stored["at"]), reasons
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _failure_file() -> Path:
    return config.state_dir() / "backup-failed.json"


def _remember(reasons: tuple[Reason, ...]) -> None:
    if not reasons:
        _failure_file().unlink(missing_ok=True)
        return
    told = {
        "at": datetime.now(UTC).isoformat(),
        "reasons": [reason.as_dict() for reason in reasons],
    }
    _failure_file().write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


@use_case(None)
def _note(op: Operation, manifest: Manifest, event: int, change: int, removed: int) -> None:
    op.record(
        Subject.SETTINGS,
        BACKUP,
        file=manifest.file,
        sha256=manifest.sha256,
        links=manifest.links,
        head=manifest.head,
        last_event=event,
        last_change=change,
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
        RESTORED,
        source=source,
        sha256=sha256,
        up_to=up_to,
        replaced=replaced,
        lost_events=lost_events,
    )


@use_case(Action.BACKUP)
def confirm_restored(op: Operation) -> None:
    """Say that the restored database is the right one: old backups are thinned out again."""
    restored = load_standing().restored_from
    if not restored:
        raise NotAllowed(Reason("reason.nothing_restored"))
    op.record(Subject.SETTINGS, RESTORED, confirmed=restored)


@use_case(None)
def note_moved(op: Operation, source: str, rows: int, links: int, head: str) -> None:
    """Write into the database that took over where its records came from, and up to what link."""
    roles.check(op.actor, Action.BACKUP)
    op.record(Subject.SETTINGS, source, rows=rows, links=links, head=head)
