"""What the window asks about disqualifications, off its thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event

from chemsales.queries import disqualification as queries
from chemsales.queries.disqualification import Detail
from chemsales.queries.disqualification_form import disqualification_form
from chemsales.rules.approval import Verdict
from chemsales.rules.disqualification import Proposal
from chemsales.rules.errors import NotAllowed, Reason
from chemsales.rules.roles import Actor
from chemsales.services import disqualification as services
from chemsales.services.changes import Changed
from chemsales.services.session import Session
from chemsales.words import _, current
from ui.work.papers import Paper, Progress, file_name, watched
from ui.work.scans import read_scan


@dataclass(frozen=True, slots=True)
class Proposing:
    """What the dialog is opened with: what cancelling would end, and where a proposal that came
    back is corrected its detail."""

    effects: tuple[Reason, ...]
    detail: Detail | None = None


def proposing(actor: Actor, customer_id: int, today: date) -> Proposing:
    """What the dialog needs for a new proposal; NotAllowed with the reasons why not."""
    reasons = queries.propose_blockers(actor, customer_id)
    if reasons:
        raise NotAllowed(*reasons)
    return Proposing(queries.effects(actor, customer_id, today))


def correcting(actor: Actor, key: int, today: date) -> Proposing:
    """What the dialog needs to correct a proposal that came back; NotAllowed with the reasons."""
    reasons = queries.blockers(actor, key, Verdict.SUBMIT)
    if reasons:
        raise NotAllowed(*reasons)
    detail = queries.disqualification(actor, key, today)
    return Proposing(detail.effects, detail)


def propose(
    session: Session, customer_id: int, proposal: Proposal, paths: Sequence[str]
) -> Changed[int]:
    """Read the scans and put the proposal up."""
    return services.propose(session, customer_id, proposal, _scans(paths))


def correct(
    session: Session, key: int, seen_version: int, proposal: Proposal, paths: Sequence[str]
) -> Changed[None]:
    """Read the new scans and put the corrected proposal up again."""
    return services.correct(session, key, seen_version, proposal, _scans(paths))


def _scans(paths: Sequence[str]) -> list[tuple[str, bytes]]:
    return [(path.name, read_scan(path)) for path in map(Path, paths)]


def form(actor: Actor, key: int, *, cancel: Event, progress: Progress) -> Paper:
    """The form of a proposal as it prints."""
    from chemsales.reports import disqualification as report

    data = disqualification_form(actor, key)
    name = file_name(_("Disqualification {number}", number=data.number))
    return Paper(name, report.render(data, current(), watched(cancel, progress)))
