"""Evaluation runs and their rows; who lacks one; what a run rests on, to recompute it elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from chemsales.queries.approval import (
    StoredCase,
    case_blockers,
    load_stored,
    verdict_actions,
)
from chemsales.queries.calendar import load_calendar
from chemsales.queries.evaluation_inputs import Missing, PeriodInputs, inputs_hash, load_inputs
from chemsales.queries.policy import load_edition, load_edition_number
from chemsales.queries.reading import query
from chemsales.rules import approval, roles
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.errors import NotFound, Param, Reason, term
from chemsales.rules.evaluation import Grade, Indicator, ScoreLine
from chemsales.rules.periods import Month, Period
from chemsales.rules.roles import Action, Actor
from chemsales.rules.tiers import Level
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of

ACTIONS = verdict_actions(Action.EVALUATION_COMPUTE, Action.EVALUATION_SIGN)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One computation of a period: its revision, who computed it, how its sign-off stands.

    `version` is the case's, to be sent with a verdict; `closed` the months it could use.
    """

    run_id: int
    period: str
    revision: int
    active: bool
    edition: int
    outcome: Outcome
    computed_by: str
    computed_by_name: str
    computed_at: datetime
    customers: int
    closed: tuple[Month, ...]
    inputs_hash: str
    case_id: int
    version: int

    @property
    def open_months(self) -> tuple[Month, ...]:
        """The months of the period that it could not use: with any of them it is provisional."""
        months = Period.parse(self.period).months
        return tuple(month for month in months if month not in self.closed)


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """One customer in one product group: score (unrounded), grade, and everything behind them."""

    evaluation_id: int
    customer_id: int
    code: str
    name: str
    manager: str
    region: str
    group_code: str
    customer_class: CustomerClass
    score: Decimal | None
    grade: Grade
    available_weight: int
    take_kg: int
    plan_kg: int
    lines: tuple[ScoreLine, ...]
    reasons: tuple[Reason, ...]
    raw_completion: Decimal | None
    provisional: bool
    level_before: Level | None
    level_after: Level | None
    level_reasons: tuple[Reason, ...]
    previous_score: Decimal | None
    months: tuple[Mapping[str, Any], ...]
    inputs_hash: str

    def value(self, indicator: Indicator) -> Decimal | None:
        """The value of one indicator, None without data or weight."""
        return next((line.value for line in self.lines if line.indicator is indicator), None)


_RUNS = (
    "SELECT r.id, r.period, r.revision, r.active, r.edition, c.outcome, r.computed_by, "
    "coalesce(p.name, r.computed_by), r.computed_at, "
    "(SELECT count(DISTINCT e.customer_id) FROM evaluation e WHERE e.run_id = r.id), "
    "r.inputs, r.inputs_hash, c.id, c.version "
    "FROM evaluation_run r JOIN approval_case c ON c.id = r.case_id "
    "LEFT JOIN person p ON p.login = r.computed_by "
)


def _run(row: tuple[Any, ...]) -> RunRow:
    run_id, period, revision, active, edition, outcome, by, name, at, customers, inputs, *rest = row
    closed = tuple(json.loads(inputs)["closed"])
    return RunRow(
        run_id, period, revision, bool(active), edition, Outcome(outcome), by, name, instant_of(at),
        customers, closed, *rest,
    )  # fmt: skip


def load_run(run_id: int) -> RunRow:
    """One run (inside services and queries); NotFound."""
    found = rows(f"{_RUNS}WHERE r.id = ?", (run_id,))
    if not found:
        raise NotFound(Reason("reason.evaluation_unknown", {"id": run_id}, "C16.1"))
    return _run(found[0])


def active_run(period: str) -> RunRow | None:
    """The newest revision of a period, None where nothing was computed (inside services)."""
    found = rows(f"{_RUNS}WHERE r.period = ? AND r.active = 1", (period,))
    return _run(found[0]) if found else None


@query()
def runs(actor: Actor, period: str = "") -> list[RunRow]:
    """All runs, or those of one period: the newest period and revision first."""
    found = [_run(row) for row in rows(_RUNS)]
    wanted = [run for run in found if not period or run.period == period]
    return sorted(
        wanted, key=lambda run: (Period.parse(run.period).last_day, run.period, run.revision)
    )[::-1]


def _line(stored: Mapping[str, Any]) -> ScoreLine:
    value, points = stored["value"], stored["points"]
    return ScoreLine(
        Indicator(stored["indicator"]),
        stored["weight"],
        None if value is None else Decimal(value),
        None if points is None else Decimal(points),
        tuple(Reason.from_dict(reason) for reason in stored["reasons"]),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# of a score as it is stored, and its run's digest is over them in this order
COLUMNS = (
    "customer_id", "group_code", "customer_class", "score", "grade", "available_weight",
    "indicators", "inputs", "inputs_hash",
)  # fmt: skip
SELECT = ", ".join(f"e.{column}" for column in COLUMNS)


def evaluation_of(row: tuple[Any, ...]) -> EvaluationRow:
    """A stored row (the columns of `SELECT`, the key first) as it was computed."""
    key, customer_id, group, kind, score, grade, weight, indicators, inputs, hashed = row
    made, given = json.loads(indicators), json.loads(inputs)
    customer, level = given["customer"], given["level"] or {}
    return EvaluationRow(
        evaluation_id=key,
        customer_id=customer_id,
        code=customer["code"],
        name=customer["name"],
        manager=customer["manager"],
        region=customer["region"],
        group_code=group,
        customer_class=CustomerClass(kind),
        score=_decimal(score),
        grade=Grade(grade),
        available_weight=weight,
        take_kg=made["take_kg"],
        plan_kg=made["plan_kg"],
        lines=tuple(_line(line) for line in made["lines"]),
        reasons=tuple(Reason.from_dict(reason) for reason in made["reasons"]),
        raw_completion=_decimal(made["raw_completion"]),
        provisional=made["provisional"],
        level_before=Level(level["before"]) if level else None,
        level_after=Level(level["after"]) if level else None,
        level_reasons=tuple(Reason.from_dict(reason) for reason in level.get("reasons", ())),
        previous_score=_decimal(made["previous_score"]),
        months=tuple(given["months"]),
        inputs_hash=hashed,
    )


def load_evaluations(run_id: int, again: Sequence[Mapping[str, Any]] = ()) -> list[EvaluationRow]:
    """The rows of a run as they were computed: by the names' sort key (inside queries).

    With `again`, the results of a recomputation in the same order, these stand in the place of what
    is stored.
    """
    found = rows(
        f"SELECT e.id, {SELECT} FROM evaluation e WHERE e.run_id = ? ORDER BY e.id",
        (run_id,),
    )
    if again:
        found = [
            (*row[:4], new["score"], new["grade"], new["available_weight"],
             json.dumps(new["indicators"]), *row[8:])
            for row, new in zip(found, again, strict=True)
        ]  # fmt: skip
    return [evaluation_of(row) for row in found]


@query()
def evaluations(actor: Actor, run_id: int) -> list[EvaluationRow]:
    """Every customer and product group of a run, by the names' sort key."""
    return load_evaluations(run_id)


@query()
def missing(actor: Actor, period: str, today: date) -> list[Missing]:
    """The customers that should have a row in a period's newest revision and have none (C16.1).

    Of the customers that have a class at the period's end, those without a closed month since the
    admission, and those that came in after the computation.
    """
    inputs = load_inputs(Period.parse(period), today)
    return _missing(inputs, active_run(str(inputs.period)))


def _missing(inputs: PeriodInputs, run: RunRow | None) -> list[Missing]:
    held: set[tuple[int, str]] = set()
    if run is not None:
        sql = "SELECT customer_id, group_code FROM evaluation WHERE run_id = ?"
        held = {(customer_id, group) for customer_id, group in rows(sql, (run.run_id,))}
    found = {found.customer_id: found for found in inputs.missing}
    for each in inputs.candidates:
        if (each.customer_id, each.group_code) not in held:
            reason = Reason("reason.evaluation_not_computed", {"group": each.group_code}, "C16.1")
            found[each.customer_id] = Missing(each.customer_id, each.code, each.name, (reason,))
    return sorted(found.values(), key=lambda each: each.code)


@query()
def outlook(actor: Actor, period: str, today: date) -> tuple[list[Missing], tuple[Reason, ...]]:
    """Of a period as its data stand: who is `missing`, and the reasons that grey computing it for
    this person."""
    wanted = Period.parse(period)
    inputs, run = load_inputs(wanted, today), active_run(str(wanted))
    edition = load_edition(min(wanted.last_day, today)).number
    reasons = roles.blockers(actor, Action.EVALUATION_COMPUTE) or computing_reasons(
        actor, inputs, run, inputs_hash(inputs, edition, load_calendar())
    )
    return _missing(inputs, run), reasons


def computing_reasons(
    actor: Actor, inputs: PeriodInputs, run: RunRow | None, hashed: str
) -> tuple[Reason, ...]:
    """Why this person may not compute a period out of `inputs`, whose hash is `hashed`, over the
    standing `run`; empty when it may be done (C16.1).

    Whoever computes does not sign (C7.2), so another has to hold the role that signs. What waits
    for its signature is computed again by who put it up; what came back, by everybody who may.
    """
    reasons = []
    role = approval.EVALUATION.stages[0].role
    others = (
        "SELECT 1 FROM person p JOIN person_role r ON r.login = p.login "
        "WHERE p.active = 1 AND r.role = ? AND p.login <> ? LIMIT 1"
    )
    if actor.holds(role) and not rows(others, (role, actor.login)):
        reasons.append(Reason("reason.nobody_else_signs", {"role": term(role)}, "C7.2"))
    params: dict[str, Param] = {"period": str(inputs.period)}
    if not inputs.candidates:
        reasons.append(Reason("reason.period_without_closed_month", params, "C16.1"))
    elif run is not None:
        params["revision"] = run.revision
        if run.outcome in (Outcome.OPEN, Outcome.APPROVED) and run.inputs_hash == hashed:
            reasons.append(Reason("reason.evaluation_unchanged", params, "C16.1"))
        elif run.outcome is Outcome.OPEN and run.computed_by != actor.login:
            params["name"] = run.computed_by_name
            reasons.append(Reason("reason.evaluation_waits", params, "C16.1"))
    return tuple(reasons)


def verdict_blockers(
    actor: Actor, run: RunRow, stored: StoredCase, verdict: Verdict, today: date
) -> tuple[Reason, ...]:
    """Why this person may not give this verdict on a run (A.X 24); empty when it may be given.

    An edition of the rules that came into force in the period since the computation makes a run
    outdated (C18.1). On one that another took the place of nothing more is decided.
    """
    if not run.active and stored.case.outcome in (Outcome.OPEN, Outcome.RETURNED):
        replaced: dict[str, Param] = {"period": run.period, "revision": run.revision}
        return (Reason("reason.evaluation_replaced", replaced, "C16.1"),)
    reasons = [*case_blockers(actor, ACTIONS[verdict], verdict, stored)]
    period = Period.parse(run.period)
    if verdict is Verdict.APPROVE and today <= period.last_day:
        params = {"period": run.period, "day": period.last_day.isoformat()}
        reasons.append(Reason("reason.period_not_over", params, "C16.1"))
    elif verdict is Verdict.APPROVE:
        edition = load_edition(period.last_day).number
        if edition != run.edition:
            said: dict[str, Param] = {"period": run.period, "revision": run.revision}
            said |= {"used": run.edition, "edition": edition}
            reasons.append(Reason("reason.evaluation_edition", said, "C18.1"))
    return tuple(reasons)


@query()
def blockers(actor: Actor, run_id: int, verdict: Verdict, today: date) -> tuple[Reason, ...]:
    """The reasons that grey a verdict's button for this person."""
    run = load_run(run_id)
    return verdict_blockers(actor, run, load_stored(run.case_id), verdict, today)


@query()
def calc_document(actor: Actor, run_id: int) -> dict[str, Any]:
    """The frozen inputs of a run in the form that `chemsales calc score` recomputes.

    Indicators are exact numbers or fractions as text; `expect` is what the run says. The parameters
    are those of the run's rule edition.
    """
    run = load_run(run_id)
    policy = load_edition_number(run.edition).policy
    names = ("weights", "min_available_weight", "grade_bounds")
    parameters = {name: policy.as_parameters()[name] for name in names}
    cases = []
    for code, group, kind, score, grade, weight, indicators, hashed in rows(
        "SELECT c.code, e.group_code, e.customer_class, e.score, e.grade, e.available_weight, "
        "e.indicators, e.inputs_hash FROM evaluation e JOIN customer c ON c.id = e.customer_id "
        "WHERE e.run_id = ? ORDER BY e.id",
        (run_id,),
    ):
        cases.append(
            {
                "id": f"{run.period} {code} {group}",
                "source": f"revision {run.revision}, inputs {hashed}",
                "customer_class": kind,
                "indicators": json.loads(indicators)["values"],
                "expect": {"score": score, "grade": grade, "available_weight": weight},
            }
        )
    return {"kind": "score", "parameters": parameters, "cases": cases}
