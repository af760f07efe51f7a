"""What the approvals page reads, off the window's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from chemsales.queries import accreditation, evaluation
from chemsales.queries.accreditation import ApplicationDetail
from chemsales.queries.approval import DecisionRow, decisions
from chemsales.queries.checks import CheckRow, checks
from chemsales.queries.evaluation import EvaluationRow, RunRow
from chemsales.queries.products import groups
from chemsales.rules import roles
from chemsales.rules.approval import EVALUATION, Outcome, StageName, Verdict
from chemsales.rules.errors import Reason
from chemsales.rules.roles import Action, Actor
from chemsales.words import _
from ui.wording import shown_name

VERDICTS = (Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case in the queue: of which kind, which one, where it stands and since when."""

    kind: str
    id: int
    title: str
    number: str
    stage: StageName
    round: int
    since: datetime
    owner_name: str

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from all others."""
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case with everything that its reviewer sees; `blocked` has the reasons per verdict."""

    waiting: Waiting
    version: int
    blocked: Mapping[Verdict, tuple[Reason, ...]]
    application: ApplicationDetail | None = None
    checks: tuple[CheckRow, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    override_blockers: tuple[Reason, ...] = ()
    run: RunRow | None = None
    scores: Sequence[EvaluationRow] = ()
    decisions: Sequence[DecisionRow] = ()


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


def undoing(actor: Actor, row: Waiting, today: date) -> Undoing:
    """How it stands with taking back the decision on a case."""
    if row.kind == "evaluation":
        return Undoing(0, evaluation.blockers(actor, row.id, Verdict.UNDO, today), acted=False)
    version = accreditation.application(actor, row.id).version
    blocked = accreditation.blockers(actor, row.id, Verdict.UNDO)
    acted = any(reason.code == "reason.undo_acted_since" for reason in blocked)
    return Undoing(version, blocked, acted)


def waiting_cases(actor: Actor) -> list[Waiting]:
    """Everything that waits for this person, the longest first."""
    found = [
        Waiting(
            "accreditation",
            row.application_id,
            row.name,
            row.number,
            row.stage,
            row.round,
            row.waiting_since,
            row.owner_name,
        )
        for row in accreditation.queue(actor)
    ]
    found += [
        Waiting(
            "evaluation",
            run.run_id,
            _("Evaluation {period}", period=run.period),
            _("Revision {revision}", revision=run.revision),
            StageName.SALES if run.outcome is Outcome.OPEN else StageName.APPLICANT,
            1,
            run.computed_at,
            run.computed_by_name,
        )
        for run in evaluation.runs(actor)
        if _waits(actor, run)
    ]
    return sorted(found, key=lambda row: row.since)


def _waits(actor: Actor, run: RunRow) -> bool:
    """Whether a run waits for this person: to be signed, or sent back to its maker (A.X 24)."""
    own = run.computed_by == actor.login
    if run.outcome is Outcome.RETURNED:
        return own
    return run.outcome is Outcome.OPEN and not own and actor.holds(EVALUATION.stages[0].role)


def load(actor: Actor, row: Waiting, today: date) -> Loaded:
    """The case of a row of the queue."""
    if row.kind == "evaluation":
        return _load_run(actor, row, today)
    detail = accreditation.application(actor, row.id)
    return Loaded(
        row,
        detail.version,
        {verdict: accreditation.blockers(actor, row.id, verdict) for verdict in VERDICTS},
        detail,
        checks(actor, row.id, today),
        group_names(actor),
        roles.blockers(actor, Action.IDENTIFIER_OVERRIDE),
    )


def group_names(actor: Actor) -> dict[str, str]:
    """The names of product groups by code, in the window's language."""
    return {group.code: shown_name(group) for group in groups(actor)}


def _load_run(actor: Actor, row: Waiting, today: date) -> Loaded:
    run = next(run for run in evaluation.runs(actor) if run.run_id == row.id)
    return Loaded(
        row,
        run.version,
        {verdict: evaluation.blockers(actor, row.id, verdict, today) for verdict in VERDICTS},
        groups=group_names(actor),
        run=run,
        scores=evaluation.evaluations(actor, row.id),
        decisions=decisions(actor, run.case_id),
    )
