"""What was decided, computed once more from frozen inputs alone: one JSON result per case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.errors import Invalid, Problem, Reason
from chemsales.rules.evaluation import EvaluationInput, MonthFacts, as_stored, evaluate
from chemsales.rules.policy import Policy
from chemsales.rules.tiers import Level, TierState, TierStep, missed_months, next_level

SHARED = ("month", "calendar")  # what all cases of a document have in common
Case = Mapping[str, Any]
Result = dict[str, object]


def _readable(compute: Callable[[Case, Policy], Result]) -> Callable[[Case, Policy], Result]:
    """Invalid in place of what Python raises for a case of another shape."""

    def run(case: Case, policy: Policy) -> Result:
        try:
            return compute(case, policy)
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            params = {"value": f"{type(error).__name__}: {error}"[:60]}
            raise Invalid(Problem("case", Reason("reason.calc_value", params))) from error

    return run


@_readable
def closing(case: Case, policy: Policy) -> Result:
    """The level of one customer after one month (C9.2, A.X 1-8, A.X 12).

    The case: customer, month, kg, level and form before, customer_class, score and zero_months of
    the gate, the `missed` months before it that were never closed, and where it is so that the
    customer was `suspended` in the month.
    """
    state = TierState(Level(case["level"]), SalesForm(case["form"]))
    kind = CustomerClass(case["customer_class"])
    score = None if case["score"] is None else Decimal(case["score"])
    step = next_level(
        state, kind, case["month"], int(case["kg"]), score, policy, int(case["zero_months"]),
        bool(case.get("suspended", False)),
    )  # fmt: skip
    reasons = (*missed_months(state, kind, case["missed"], policy), *step.reasons)
    return level_result(case["customer"], int(case["kg"]), state, step._replace(reasons=reasons))


def level_result(customer: str, kg: int, before: TierState, after: TierStep) -> Result:
    """A level as the canonical result has it."""
    return {
        "customer": customer,
        "kg": kg,
        "before": [str(before.level), str(before.form)],
        "after": [str(after.level), str(after.form)],
        "outcome": str(after.outcome),
        "reasons": [reason.as_dict() for reason in after.reasons],
    }


@_readable
def evaluation(case: Case, policy: Policy) -> Result:
    """The evaluation of one customer in one product group over a period (C16.1).

    The case: the frozen inputs of the evaluation, its product group, the score of the period
    before, and the days of the period's calendar that differ from their weekday.
    """
    inputs = EvaluationInput(
        CustomerClass(case["customer_class"]),
        tuple(MonthFacts(**month) for month in case["months"]),
        {date.fromisoformat(day): int(kg) for day, kg in case["daily_kg"].items()},
        {month: int(points) for month, points in case["cooperation"].items()},
    )
    result = evaluate(inputs, policy, _calendar(case["calendar"]))
    made = {**as_stored(result), "previous_score": case["previous_score"]}
    score = result.score.score
    return {
        "customer": case["customer"]["code"],
        "group": case["group"],
        "customer_class": str(inputs.customer_class),
        "score": None if score is None else str(score),
        "grade": str(result.score.grade),
        "available_weight": result.score.available_weight,
        "indicators": made,
    }


def _calendar(frozen: Mapping[str, Any]) -> WorkCalendar:
    days = {kind: {date.fromisoformat(day) for day in frozen[kind]} for kind in ("off", "work")}
    return WorkCalendar({0: days}, frozenset(frozen["official"]))
