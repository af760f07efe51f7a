"""What the approvals page reads, off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chemsales.queries import accreditation, disqualification, evaluation, licences
from chemsales.queries.accreditation import ApplicationDetail
from chemsales.queries.approval import DECIDING, DecisionRow, decisions
from chemsales.queries.approval import WaitingRow as Waiting
from chemsales.queries.calendar import working_calendar
from chemsales.queries.checks import CheckRow, checks
from chemsales.queries.disqualification import Detail
from chemsales.queries.evaluation import RunRow
from chemsales.queries.evaluation_scores import grade_counts
from chemsales.queries.filtering import Filter, Request
from chemsales.queries.peers import Peers, peers
from chemsales.queries.products import groups
from chemsales.queries.review import ReviewLine, review_lines
from chemsales.rules import roles
from chemsales.rules.approval import (
    ACCREDITATION,
    DISQUALIFICATION,
    EVALUATION,
    LICENCE,
    StageName,
    Verdict,
)
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.evaluation import Grade
from chemsales.rules.roles import Action, Actor
from chemsales.services import accreditation as accreditation_service
from chemsales.services import disqualification as disqualification_service
from chemsales.services import evaluation as evaluation_service
from chemsales.services import licences as licence_service
from ui.wording import shown_name
from ui.work.licences import Opened, opened


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case with everything that its reviewer sees: the working days it has waited, the reasons
    per verdict (`blocked`), and what is reviewed."""

    waiting: Waiting
    version: int
    waited: int
    blocked: Mapping[Verdict, tuple[Reason, ...]]
    application: ApplicationDetail | None = None
    checks: tuple[CheckRow, ...] = ()
    lines: tuple[ReviewLine, ...] = ()
    peers: tuple[Peers, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    override_blockers: tuple[Reason, ...] = ()
    run: RunRow | None = None
    grades: Mapping[Grade, int] = field(default_factory=dict)
    decisions: Sequence[DecisionRow] = ()
    licence: Opened | None = None
    disqualification: Detail | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What this person decided last on the page, in which words."""

    waiting: Waiting
    verdict: Verdict
    comment: str


@dataclass(frozen=True, slots=True)
class Undoing:
    """Whether a decision can be taken back: `blocked` has the reasons why not, `acted` says that
    others have acted on it."""

    version: int
    blocked: tuple[Reason, ...]
    acted: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """What the page needs to know of the cases of a chain.

    `load` gives a case of the queue, `decide` takes a verdict on one (key, version seen, verdict,
    opinion), `undoing` says whether that can be taken back, `corrected` is the place and the target
    in it where one that came back is corrected.
    """

    load: Callable[[Actor, Waiting, date], Loaded]
    decide: Callable[..., Any]
    undoing: Callable[[Actor, int, date], Undoing]
    corrected: Callable[[Loaded], tuple[str, object]]


def undoing(actor: Actor, row: Waiting, today: date) -> Undoing:
    """How it stands with taking back the decision on a case."""
    return KINDS[row.kind].undoing(actor, row.id, today)


def load(actor: Actor, row: Waiting, today: date) -> Loaded:
    """The case of a row of the queue."""
    return KINDS[row.kind].load(actor, row, today)


def queue_asked(returned: bool) -> Request:
    """What the queue is asked for what came back to this person, or for what it decides."""
    stages = [name for name in StageName if (name is StageName.APPLICANT) is returned]
    return Request(filters=(Filter("stage", choices=tuple(map(str, stages))),))


def _load_application(actor: Actor, row: Waiting, today: date) -> Loaded:
    detail = accreditation.application(actor, row.id)
    return Loaded(
        row,
        detail.version,
        _waited(actor, row, today),
        {verdict: accreditation.blockers(actor, row.id, verdict) for verdict in DECIDING},
        detail,
        checks(actor, row.id, today),
        review_lines(actor, row.id),
        peers(actor, row.id, today) if row.stage is StageName.GENERAL_MANAGER else (),
        group_names(actor),
        roles.blockers(actor, Action.IDENTIFIER_OVERRIDE),
    )


def _waited(actor: Actor, row: Waiting, today: date) -> int:
    return working_calendar(actor).waited(row.since, today)


def _load_licence(actor: Actor, row: Waiting, today: date) -> Loaded:
    found = opened(actor, row.id, today)
    assert found.detail.licence.case is not None
    return Loaded(
        row,
        found.detail.licence.case.version,
        _waited(actor, row, today),
        {verdict: licences.blockers(actor, row.id, verdict) for verdict in DECIDING},
        licence=found,
    )


def _load_disqualification(actor: Actor, row: Waiting, today: date) -> Loaded:
    found = disqualification.disqualification(actor, row.id, today)
    assert found.stored.case is not None
    return Loaded(
        row,
        found.stored.case.version,
        _waited(actor, row, today),
        {verdict: disqualification.blockers(actor, row.id, verdict) for verdict in DECIDING},
        disqualification=found,
    )


def group_names(actor: Actor) -> dict[str, str]:
    """The names of product groups by code, in the window's language."""
    return {group.code: shown_name(group) for group in groups(actor)}


def _load_run(actor: Actor, row: Waiting, today: date) -> Loaded:
    run = next((run for run in evaluation.runs(actor) if run.run_id == row.id), None)
    if run is None:
        raise NotFound(Reason("reason.evaluation_unknown", {"id": row.id}, "C16.1"))
    return Loaded(
        row,
        run.version,
        _waited(actor, row, today),
        {verdict: evaluation.blockers(actor, row.id, verdict, today) for verdict in DECIDING},
        groups=group_names(actor),
        run=run,
        grades=grade_counts(actor, row.id),
        decisions=decisions(actor, run.case_id),
    )


def _undoing_application(actor: Actor, application_id: int, _today: date) -> Undoing:
    version = accreditation.application(actor, application_id).version
    blocked = accreditation.blockers(actor, application_id, Verdict.UNDO)
    acted = any(reason.code == "reason.undo_acted_since" for reason in blocked)
    return Undoing(version, blocked, acted)


def _undoing_run(actor: Actor, run_id: int, today: date) -> Undoing:
    return Undoing(0, evaluation.blockers(actor, run_id, Verdict.UNDO, today), acted=False)


def _undoing_licence(actor: Actor, licence_id: int, _today: date) -> Undoing:
    return Undoing(0, licences.blockers(actor, licence_id, Verdict.UNDO), acted=False)


def _undoing_disqualification(actor: Actor, key: int, _today: date) -> Undoing:
    return Undoing(0, disqualification.blockers(actor, key, Verdict.UNDO), acted=False)


def _corrected_run(found: Loaded) -> tuple[str, object]:
    assert found.run is not None
    return "evaluation", found.run.period


# To add a chain: its row here, and its view in ui/widgets/cases.py
KINDS: Mapping[str, Kind] = {
    ACCREDITATION.name: Kind(
        _load_application,
        accreditation_service.decide,
        _undoing_application,
        lambda found: ("customers", ("application", found.waiting.id)),
    ),
    EVALUATION.name: Kind(_load_run, evaluation_service.sign, _undoing_run, _corrected_run),
    LICENCE.name: Kind(
        _load_licence,
        licence_service.decide,
        _undoing_licence,
        lambda found: ("licences", ("correct", found.waiting.id)),
    ),
    DISQUALIFICATION.name: Kind(
        _load_disqualification,
        disqualification_service.decide,
        _undoing_disqualification,
        lambda found: ("customers", ("disqualification", found.waiting.id)),
    ),
}
