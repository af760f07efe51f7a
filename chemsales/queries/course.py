"""Where a case stands, to whoever put it up: stage by stage who decided what and when (C7.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chemsales.queries.approval import DecisionRow, load_decisions, load_stored
from chemsales.queries.calendar import load_calendar
from chemsales.queries.reading import query
from chemsales.rules.approval import Outcome, StageName, standing
from chemsales.rules.roles import Actor


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the chain in the round that runs or was the last: its decision, None where it has
    given none, and whether it is its turn."""

    stage: StageName
    decision: DecisionRow | None
    turn: bool


@dataclass(frozen=True, slots=True)
class Course:
    """How a case stands: its stages in order, and for how many working days it has waited since the
    last decision (0 for one that has ended); every signature of all rounds."""

    outcome: Outcome
    round: int
    steps: tuple[Step, ...]
    waited: int
    decisions: tuple[DecisionRow, ...]


@query()
def course(actor: Actor, case_id: int, today: date) -> Course:
    """How a case stands on a day; NotFound."""
    stored = load_stored(case_id)
    case, signed = stored.case, load_decisions(case_id)
    stand = standing(signed)
    given = {row.stage: row for row in stand if row.round == case.round}
    since = stand[-1].signed_at if stand else stored.moved_at
    runs = case.outcome in (Outcome.OPEN, Outcome.RETURNED)
    return Course(
        case.outcome,
        case.round,
        tuple(
            Step(stage.name, given.get(stage.name), stage.name is case.pending)
            for stage in case.chain.stages
        ),
        load_calendar().waited(since, today) if runs else 0,
        tuple(signed),
    )
