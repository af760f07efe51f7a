"""Evaluation of customers (客户评审, section E of the readings, C16.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from fractions import Fraction

from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.classification import CustomerClass
from chemsales.rules.completion import Completion, completion, net_plan
from chemsales.rules.errors import Invalid, NotAllowed, Param, Problem, Reason, term
from chemsales.rules.evenness import Evenness, evenness, weeks_of
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.periods import Month
from chemsales.rules.policy import DEFAULT, Policy


class Indicator(StrEnum):
    """What a score is made of."""

    COMPLETION = "completion"  # 提货完成率
    EVENNESS = "evenness"  # 周均衡率
    COOPERATION = "cooperation"  # 配合度
    PAYMENT = "payment"  # 付款
    CREDIT = "credit"  # 信用/资质
    COMPLAINTS = "complaints"  # 投诉(责任在客户)
    MARKET_INFO = "market_info"  # 信息反馈


class Grade(StrEnum):
    """Grades by score: >= 90, >= 80, >= 60, below; none when too little weight has data."""

    EXCELLENT = "excellent"  # 优秀
    GOOD = "good"  # 良好
    PASS = "pass"  # 合格
    FAIL = "fail"  # 不合格
    INSUFFICIENT = "insufficient"  # 数据不足


class Aspect(StrEnum):
    """What a cooperation rating is based on (A.X 24)."""

    PLAN_ON_TIME = "plan_on_time"  # 计划准时
    PRICE_DISCIPLINE = "price_discipline"  # 价格纪律
    REGION_DISCIPLINE = "region_discipline"  # 区域纪律
    INFORMATION = "information"  # 信息反馈


Exact = Decimal | Fraction
_CUTTING = Context(prec=28, rounding=ROUND_DOWN)


def to_decimal(number: Exact) -> Decimal:
    """The number as a Decimal: exact where it ends, else its first 28 digits.

    Cut off and not rounded, so that it lies on the same side of every bound as the number itself.
    """
    if isinstance(number, Decimal):
        return number
    return _CUTTING.divide(Decimal(number.numerator), Decimal(number.denominator))


def show_score(number: Exact | None) -> str:
    """A score or per cent as it is shown: two decimals, half up; "" for None (section E)."""
    if number is None:
        return ""
    return str(to_decimal(number).quantize(Decimal("0.01"), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One indicator in a score: its weight, its value of 0 to 100 (None: no data), the points
    weight x value / 100, and what explains it."""

    indicator: Indicator
    weight: int
    value: Decimal | None
    points: Decimal | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """A score with all it was made of; `score` is unrounded, None where too little has data.

    `reasons` explain the sum, each line's own reasons its value.
    """

    score: Decimal | None
    grade: Grade
    available_weight: int
    lines: tuple[ScoreLine, ...]
    reasons: tuple[Reason, ...]


def score(
    customer_class: CustomerClass,
    indicators: Mapping[Indicator, Exact | None],
    policy: Policy,
) -> Score:
    """The weighted mean over the indicators that have data, and its grade (C16.1, section E).

    Values of 0 to 100; Invalid for another one. Below the least weight with data there is no score.
    """
    weights = {Indicator(name): w for name, w in policy.weights[customer_class].items() if w}
    for indicator, value in indicators.items():
        if value is not None and not 0 <= value <= 100:
            params = {"indicator": term(indicator), "value": str(value)}
            reason = Reason("reason.indicator_range", params, "C16.1")
            raise Invalid(Problem(str(indicator), reason))
    lines: list[ScoreLine] = []
    total, available = Fraction(0), 0
    for indicator, weight in weights.items():
        given = indicators.get(indicator)
        if given is None:
            missing: dict[str, Param] = {"indicator": term(indicator), "weight": weight}
            reason = Reason("reason.indicator_missing", missing, "C16.1")
            lines.append(ScoreLine(indicator, weight, None, None, (reason,)))
            continue
        points = weight * Fraction(given)
        total, available = total + points, available + weight
        value = to_decimal(given)
        lines.append(ScoreLine(indicator, weight, value, to_decimal(points / 100)))
    if available < policy.min_available_weight:
        short: dict[str, Param] = {"available": available, "needed": policy.min_available_weight}
        reason = Reason("reason.score_insufficient", short, "C16.1")
        return Score(None, Grade.INSUFFICIENT, available, tuple(lines), (reason,))
    exact = total / available
    made: dict[str, Param] = {"score": show_score(exact), "available": available}
    reason = Reason("reason.score_made", made, "C16.1")
    grade = grade_of(exact, policy)
    return Score(to_decimal(exact), grade, available, tuple(lines), (reason,))


def grade_of(number: Exact, policy: Policy) -> Grade:
    """The grade of an unrounded score; each bound is included (section E)."""
    excellent, good, passing = policy.grade_bounds
    if number >= excellent:
        return Grade.EXCELLENT
    if number >= good:
        return Grade.GOOD
    return Grade.PASS if number >= passing else Grade.FAIL


def cooperation_score(points: Mapping[Aspect, int], policy: Policy = DEFAULT) -> int:
    """A month's cooperation of 0 to 100 from the points of its aspects, each 0 to 100 (A.X 24).

    The weighted mean of the aspects rated, half up. Invalid without any, or out of range.
    """
    for aspect, given in points.items():
        if not 0 <= given <= 100:
            params: dict[str, Param] = {"indicator": term(aspect), "value": given}
            reason = Reason("reason.indicator_range", params, "C16.1")
            raise Invalid(Problem(str(aspect), reason))
    weight = sum(policy.cooperation_weights[aspect] for aspect in points)
    if not weight:
        raise Invalid(Problem("aspects", Reason("reason.cooperation_empty", {}, "C16.1")))
    total = sum(policy.cooperation_weights[aspect] * given for aspect, given in points.items())
    return (2 * total + weight) // (2 * weight)


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """A closed month of a customer and product group in kilograms; `plan_kg` None: no plan.

    Plan and shortfall are without the `suspended_days` of the month (`plan_while_dealing`).
    """

    month: Month
    take_kg: int
    plan_kg: int | None
    short_kg: int = 0
    suspended_days: int = 0


@dataclass(frozen=True, slots=True)
class EvaluationInput:
    """What an evaluation is computed from: the closed months of the period (from the admission on,
    A.X 22), the take by day, the confirmed cooperation by month, and the indicators that come as
    they are; None is no data."""

    customer_class: CustomerClass
    months: tuple[MonthFacts, ...]
    daily_kg: Mapping[date, int]
    cooperation: Mapping[Month, int] = field(default_factory=dict)
    suspended_days: int | None = None
    payment: Decimal | None = None
    complaints: Decimal | None = None
    market_info: Decimal | None = None


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """The score of a period, each line with its reasons, and the figures behind it (kilograms).

    `values` are the exact values of the indicators, which the lines carry to 28 digits. `take_kg`
    is the take of all closed months, `plan_kg` the plan of those that have one and that alone the
    completion compares (A.X 23).
    """

    score: Score
    values: Mapping[Indicator, Exact | None]
    completion: Completion
    evenness: Evenness
    take_kg: int
    plan_kg: int
    provisional: bool


def evaluate(inputs: EvaluationInput, policy: Policy, calendar: WorkCalendar) -> EvaluationResult:
    """The evaluation of one customer in one product group over a period (C16.1, section E).

    Everything is computed from the raw data of the whole period. `provisional` says that weeks were
    counted without the official calendar. NotAllowed without a closed month (A.X 22).
    """
    if not inputs.months:
        raise NotAllowed(Reason("reason.no_closed_month", {}, "C16.1"))
    months = sorted(inputs.months, key=lambda facts: facts.month)
    done, completion_reasons = _completion(months, policy)
    spread, evenness_reasons, provisional = _evenness(months, inputs.daily_kg, calendar)
    rated, cooperation_reasons = _cooperation(months, inputs.cooperation)
    credit = inputs.suspended_days
    values: dict[Indicator, Exact | None] = {
        Indicator.COMPLETION: None if done.ratio is None else done.ratio * 100,
        Indicator.EVENNESS: None if spread.evenness is None else spread.evenness * 100,
        Indicator.COOPERATION: rated,
        Indicator.PAYMENT: inputs.payment,
        Indicator.CREDIT: None if credit is None else Decimal(max(0, 100 - 10 * credit)),
        Indicator.COMPLAINTS: inputs.complaints,
        Indicator.MARKET_INFO: inputs.market_info,
    }
    explained = {
        Indicator.COMPLETION: completion_reasons,
        Indicator.EVENNESS: evenness_reasons,
        Indicator.COOPERATION: cooperation_reasons,
    }
    result = score(inputs.customer_class, values, policy)
    lines = tuple(
        replace(line, reasons=(*explained.get(line.indicator, ()), *line.reasons))
        for line in result.lines
    )
    return EvaluationResult(
        replace(result, lines=lines),
        values,
        done,
        spread,
        sum(facts.take_kg for facts in months),
        sum(
            net_plan(facts.plan_kg or 0, facts.short_kg, policy)
            for facts in _planned(months, policy)
        ),
        provisional,
    )


def _planned(months: Sequence[MonthFacts], policy: Policy) -> list[MonthFacts]:
    """The months whose plan the customer has to answer for."""
    return [facts for facts in months if net_plan(facts.plan_kg or 0, facts.short_kg, policy) > 0]


def _completion(months: Sequence[MonthFacts], policy: Policy) -> tuple[Completion, list[Reason]]:
    """Over the months that have a plan: the sum of take over the sum of plans (A.X 23)."""
    planned = _planned(months, policy)
    reasons = []
    for facts in months:
        if facts.suspended_days and facts.plan_kg is not None:
            days: dict[str, Param] = {"month": facts.month, "days": facts.suspended_days}
            reasons.append(Reason("reason.completion_suspended", days, "C15.2"))
        elif facts not in planned:
            reasons.append(Reason("reason.completion_no_plan", {"month": facts.month}, "C16.1"))
    take = sum(facts.take_kg for facts in planned)
    plan = sum(facts.plan_kg or 0 for facts in planned)
    short = sum(facts.short_kg for facts in planned)
    result = completion(take, plan, short, policy)
    if result.raw is not None:
        params = {"take": format_tonnes(take), "plan": format_tonnes(net_plan(plan, short, policy))}
        params["percent"] = show_score(result.raw * 100)
        reasons.insert(0, Reason("reason.completion_made", params, "C16.1"))
        total = sum(facts.take_kg for facts in months)
        if total != take:
            params = {"other": format_tonnes(total - take), "total": format_tonnes(total)}
            reasons.append(Reason("reason.completion_total", params, "C16.1"))
    if short and policy.company_short_deducted:
        params = {"short": format_tonnes(short)}
        reasons.append(Reason("reason.completion_short", params, "C16.1"))
    return result, reasons


def _evenness(
    months: Sequence[MonthFacts], daily_kg: Mapping[date, int], calendar: WorkCalendar
) -> tuple[Evenness, list[Reason], bool]:
    """Over all weeks of the closed months."""
    kilograms, days, known = weeks_of([facts.month for facts in months], daily_kg, calendar)
    result = evenness(kilograms, days)
    reasons = []
    if result.evenness is not None:
        params: dict[str, Param] = {
            "weeks": len(result.weeks),
            "percent": show_score(result.evenness * 100),
        }
        reasons.append(Reason("reason.evenness_made", params, "C10.9"))
    if not known:
        reasons.append(Reason("reason.evenness_provisional", {}, "C10.9"))
    return result, reasons, not known


def _cooperation(
    months: Sequence[MonthFacts], ratings: Mapping[Month, int]
) -> tuple[Fraction | None, list[Reason]]:
    """The mean of the confirmed monthly ratings (A.X 24)."""
    given = [ratings[facts.month] for facts in months if facts.month in ratings]
    if not given:
        return None, []
    mean = Fraction(sum(given), len(given))
    params: dict[str, Param] = {"months": len(given), "percent": show_score(mean)}
    return mean, [Reason("reason.cooperation_made", params, "C16.1")]


def as_stored(result: EvaluationResult) -> dict[str, object]:
    """What was computed, JSON-able: exact values as text, fractions as "n/d"."""
    raw = result.completion.raw
    return {
        "lines": [
            {
                "indicator": str(line.indicator),
                "weight": line.weight,
                "value": None if line.value is None else str(line.value),
                "points": None if line.points is None else str(line.points),
                "reasons": [reason.as_dict() for reason in line.reasons],
            }
            for line in result.score.lines
        ],
        "values": {
            str(indicator): None if value is None else str(value)
            for indicator, value in result.values.items()
        },
        "reasons": [reason.as_dict() for reason in result.score.reasons],
        "raw_completion": None if raw is None else str(to_decimal(raw * 100)),
        "take_kg": result.take_kg,
        "plan_kg": result.plan_kg,
        "provisional": result.provisional,
    }
