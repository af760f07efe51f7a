"""What the window asks about changes of a customer's file, off its thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chemsales.queries import customer_change as queries
from chemsales.queries.customer_change import Detail
from chemsales.queries.in_force import InForce
from chemsales.rules.approval import Verdict
from chemsales.rules.customer_change import FileChange
from chemsales.rules.errors import NotAllowed
from chemsales.rules.roles import Actor
from chemsales.services import customer_change as services
from chemsales.services.changes import Changed
from chemsales.services.customer_change import Scan
from chemsales.services.session import Session
from ui.work.scans import read_scan


@dataclass(frozen=True, slots=True)
class Changing:
    """What the dialog is opened with: the file in force, what waits for finance (None: nothing),
    and whether it is this that is corrected."""

    file: InForce
    waiting: Detail | None = None
    correcting: bool = False


def changing(actor: Actor, customer_id: int) -> Changing:
    """What the dialog needs for a new change; NotAllowed with the reasons why not."""
    reasons = queries.change_blockers(actor, customer_id)
    if reasons:
        raise NotAllowed(*reasons)
    return Changing(queries.in_force(actor, customer_id), queries.waiting(actor, customer_id))


def correcting(actor: Actor, key: int) -> Changing:
    """What the dialog needs to correct a change that came back; NotAllowed with the reasons."""
    reasons = queries.blockers(actor, key, Verdict.SUBMIT)
    if reasons:
        raise NotAllowed(*reasons)
    detail = queries.customer_change(actor, key)
    return Changing(queries.in_force(actor, detail.stored.customer_id), detail, True)


def change(
    session: Session,
    customer_id: int,
    seen_version: int,
    wanted: FileChange,
    paths: Sequence[str],
) -> Changed[int | None]:
    """Read the paper and change the file."""
    return services.change(session, customer_id, seen_version, wanted, _scan(paths))


def correct(
    session: Session, key: int, seen_version: int, wanted: FileChange, paths: Sequence[str]
) -> Changed[None]:
    """Read the new paper and put the corrected change up again."""
    return services.correct(session, key, seen_version, wanted, _scan(paths))


def _scan(paths: Sequence[str]) -> Scan | None:
    path = next(map(Path, paths), None)
    return (path.name, read_scan(path)) if path else None
