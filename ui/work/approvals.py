"""What the approvals page reads, off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from chemsales.queries import (
    accreditation,
    customer_change,
    disqualification,
    evaluation,
    licences,
)
from chemsales.queries.accreditation import ApplicationDetail
from chemsales.queries.approval import DECIDING, DecisionRow, case_of, case_version, decisions
from chemsales.queries.approval import WaitingRow as Waiting
from chemsales.queries.calendar import working_calendar
from chemsales.queries.checks import CheckRow, checks
from chemsales.queries.course import Course, course
from chemsales.queries.decided import OwnCaseRow, put_up_by
from chemsales.queries.disqualification import Detail
from chemsales.queries.evaluation import RunRow
from chemsales.queries.evaluation_scores import grade_counts
from chemsales.queries.filtering import Filter, Request
from chemsales.queries.listing import page
from chemsales.queries.peers import Peers, peers
from chemsales.queries.products import groups
from chemsales.queries.review import ReviewLine, review_lines, urge_blockers
from chemsales.queries.rounds import since_return
from chemsales.rules import roles
from chemsales.rules.approval import (
    ACCREDITATION,
    CUSTOMER_CHANGE,
    DISQUALIFICATION,
    EVALUATION,
    LICENCE,
    Outcome,
    StageName,
    Verdict,
)
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.evaluation import Grade
from chemsales.rules.roles import Action, Actor
from chemsales.rules.rounds import News
from chemsales.services import accreditation as accreditation_service
from chemsales.services import customer_change as customer_change_service
from chemsales.services import disqualification as disqualification_service
from chemsales.services import evaluation as evaluation_service
from chemsales.services import licences as licence_service
from ui.wording import shown_name
from ui.work.licences import Opened, opened


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case with everything that its reviewer sees: what is reviewed, the working days it has
    waited, what is new since its return, and the reasons per verdict (`blocked`)."""

    waiting: Waiting
    version: int
    waited: int = 0
    news: News | None = None
    blocked: Mapping[Verdict, tuple[Reason, ...]] = field(default_factory=dict)
    unexplained: tuple[Reason, ...] = ()  # why an approval needs an opinion
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
    customer_change: customer_change.Detail | None = None

    @property
    def card(self) -> object:
        """The target among the customers where its customer's card is looked at, None where it is
        about no customer that there is already."""
        if self.application is not None and self.application.further_of is not None:
            return "classes", self.application.further_of.id
        if self.licence is not None:
            return "licences", self.licence.row.customer_id
        detail = self.disqualification or self.customer_change
        return None if detail is None else detail.stored.customer_id


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


class Recorded(Protocol):
    """A line of a list of cases, as far as it says what was reviewed."""

    @property
    def subject_id(self) -> int: ...
    @property
    def period(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Looked:
    """An own case as it stands: the line of the list, and everything that its reviewer sees."""

    row: OwnCaseRow
    loaded: Loaded
    course: Course
    unurged: tuple[Reason, ...]  # why it is not urged on now
    unwithdrawn: tuple[Reason, ...]  # why it is not taken back now


@dataclass(frozen=True, slots=True)
class Kind:
    """What the page needs to know of the cases of a chain.

    `load` gives what is reviewed of a case of the queue, `blockers` the reasons against a verdict
    on one (key, verdict, today), `decide` takes a verdict (key, version seen, verdict, opinion),
    `undo` takes the last one back (key, version seen), of which `version` says the one to be seen.
    `corrected` is the place and the target in it where one that came back is corrected, `record`
    where one that was decided is looked at.
    """

    load: Callable[[Actor, Waiting, date], Loaded]
    blockers: Callable[[Actor, int, Verdict, date], tuple[Reason, ...]]
    decide: Callable[..., Any]
    undo: Callable[..., Any]
    corrected: Callable[[Loaded], tuple[str, object]]
    record: Callable[[Recorded], tuple[str, object]]
    version: Callable[[Actor, Waiting], int] = lambda actor, row: case_version(actor, row.case_id)


# why a decision stands: somebody has acted on it, or computed anew what it returned
ACTED_ON = ("reason.undo_acted_since", "reason.evaluation_replaced")


def undoing(actor: Actor, row: Waiting, today: date) -> Undoing:
    """How it stands with taking back the decision on a case."""
    blocked = KINDS[row.kind].blockers(actor, row.id, Verdict.UNDO, today)
    acted = any(reason.code in ACTED_ON for reason in blocked)
    version = 0 if blocked else KINDS[row.kind].version(actor, row)
    return Undoing(version, blocked, acted)


def load(actor: Actor, row: Waiting, today: date) -> Loaded:
    """The case of a row of the queue."""
    kind = KINDS[row.kind]
    again = row.stage is not StageName.APPLICANT and row.round > 1
    return replace(
        kind.load(actor, row, today),
        news=since_return(actor, row.kind, row.id) if again else None,
        waited=working_calendar(actor).waited(row.since, today),
        blocked={verdict: kind.blockers(actor, row.id, verdict, today) for verdict in DECIDING},
    )


# the kinds whose own case is looked at in a dialog: an application has a form of its own
LOOKED_AT = (LICENCE.name, DISQUALIFICATION.name, CUSTOMER_CHANGE.name, EVALUATION.name)


def look(actor: Actor, kind: str, key: int, today: date) -> Looked:
    """The newest case of this person about something, running or ended; NotFound."""
    found = page(actor, put_up_by(actor), [case_of(actor, kind, key) or 0])
    row = found[0]
    if row is None:
        raise NotFound(Reason("reason.case_unknown", {"id": key}))
    stage = StageName.APPLICANT
    as_waiting = Waiting(row.id, kind, key, row.title, row.number, stage, row.round, row.moved_at,
                         actor.login, actor.name, called=row.called)  # fmt: skip
    of = KINDS[kind]
    return Looked(
        row,
        of.load(actor, as_waiting, today),
        course(actor, row.id, today),
        urge_blockers(actor, row.id, today),
        of.blockers(actor, key, Verdict.WITHDRAW, today),
    )


def rejected_asked(since: date) -> Request:
    """What the own cases are asked for those that were rejected since a day."""
    rejected = Filter("outcome", choices=(str(Outcome.REJECTED),))
    return Request(filters=(rejected, Filter("moved", f">={since.isoformat()}")))


def queue_asked(returned: bool) -> Request:
    """What the queue is asked for what came back to this person, or for what it decides."""
    stages = [name for name in StageName if (name is StageName.APPLICANT) is returned]
    return Request(filters=(Filter("stage", choices=tuple(map(str, stages))),))


def _load_application(actor: Actor, row: Waiting, today: date) -> Loaded:
    detail = accreditation.application(actor, row.id)
    last = row.stage is StageName.GENERAL_MANAGER
    return Loaded(
        row,
        detail.version,
        unexplained=accreditation.opinion_reasons(actor, row.id) if last else (),
        application=detail,
        checks=checks(actor, row.id, today),
        lines=review_lines(actor, row.id),
        peers=peers(actor, row.id, today) if last else (),
        groups=group_names(actor),
        override_blockers=roles.blockers(actor, Action.IDENTIFIER_OVERRIDE),
    )


def _load_licence(actor: Actor, row: Waiting, today: date) -> Loaded:
    found = opened(actor, row.id, today)
    assert found.detail.licence.case is not None
    return Loaded(row, found.detail.licence.case.version, licence=found)


def _load_disqualification(actor: Actor, row: Waiting, today: date) -> Loaded:
    found = disqualification.disqualification(actor, row.id, today)
    assert found.stored.case is not None
    return Loaded(row, found.stored.case.version, disqualification=found)


def _load_customer_change(actor: Actor, row: Waiting, _today: date) -> Loaded:
    found = customer_change.customer_change(actor, row.id)
    return Loaded(row, found.stored.case.version, customer_change=found)


def group_names(actor: Actor) -> dict[str, str]:
    """The names of product groups by code, in the window's language."""
    return {group.code: shown_name(group) for group in groups(actor)}


def _load_run(actor: Actor, row: Waiting, _today: date) -> Loaded:
    run = next((run for run in evaluation.runs(actor) if run.run_id == row.id), None)
    if run is None:
        raise NotFound(Reason("reason.evaluation_unknown", {"id": row.id}, "C16.1"))
    return Loaded(
        row,
        run.version,
        groups=group_names(actor),
        run=run,
        grades=grade_counts(actor, row.id),
        decisions=decisions(actor, run.case_id),
    )


def _corrected_run(found: Loaded) -> tuple[str, object]:
    assert found.run is not None
    return "evaluation", found.run.period


# To add a chain: its row here, and its view in ui/widgets/cases.py
KINDS: Mapping[str, Kind] = {
    ACCREDITATION.name: Kind(
        _load_application,
        accreditation.blockers,
        accreditation_service.decide,
        accreditation_service.undo,
        lambda found: ("customers", ("application", found.waiting.id)),
        lambda row: ("customers", ("application", row.subject_id)),
        lambda actor, row: accreditation.application(actor, row.id).version,
    ),
    EVALUATION.name: Kind(
        _load_run,
        evaluation.blockers,
        evaluation_service.sign,
        evaluation_service.undo,
        _corrected_run,
        lambda row: ("evaluation", row.period),
    ),
    LICENCE.name: Kind(
        _load_licence,
        licences.blockers,
        licence_service.decide,
        licence_service.undo,
        lambda found: ("licences", ("correct", found.waiting.id)),
        lambda row: ("licences", row.subject_id),
    ),
    DISQUALIFICATION.name: Kind(
        _load_disqualification,
        lambda actor, key, verdict, _today: disqualification.blockers(actor, key, verdict),
        disqualification_service.decide,
        disqualification_service.undo,
        lambda found: ("customers", ("disqualification", found.waiting.id)),
        lambda row: ("customers", ("proposal", row.subject_id)),
    ),
    CUSTOMER_CHANGE.name: Kind(
        _load_customer_change,
        lambda actor, key, verdict, _today: customer_change.blockers(actor, key, verdict),
        customer_change_service.decide,
        customer_change_service.undo,
        lambda found: ("customers", ("change", found.waiting.id)),
        lambda row: ("customers", ("changed", row.subject_id)),
    ),
}
