"""Evaluation of customers (C16.1, section E, A.X 22-24)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from chemsales.articles import clauses
from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.classification import CustomerClass
from chemsales.rules.completion import completion, plan_while_dealing
from chemsales.rules.errors import Invalid, NotAllowed
from chemsales.rules.evaluation import (
    Aspect,
    EvaluationInput,
    Grade,
    Indicator,
    MonthFacts,
    cooperation_score,
    evaluate,
    grade_of,
    score,
    show_score,
    to_decimal,
)
from chemsales.rules.policy import DEFAULT, Policy
from chemsales.words import say
from tests.rules.test_calendar import CALENDAR

DEALER = CustomerClass.DEALER
C, E, K = Indicator.COMPLETION, Indicator.EVENNESS, Indicator.COOPERATION


@pytest.mark.parametrize(
    ("number", "grade"),
    [
        ("100", Grade.EXCELLENT),
        ("90", Grade.EXCELLENT),
        ("89.9999999999", Grade.GOOD),
        ("80", Grade.GOOD),
        ("79.995", Grade.PASS),
        ("60", Grade.PASS),
        ("59.995", Grade.FAIL),
        ("0", Grade.FAIL),
    ],
)
def test_grades_compare_unrounded(number: str, grade: Grade) -> None:
    assert grade_of(Decimal(number), DEFAULT) is grade


def test_shown_with_two_decimals_half_up() -> None:
    assert show_score(Decimal("59.995")) == "60.00"
    assert show_score(Decimal("59.9949")) == "59.99"
    assert show_score(Fraction(200, 3)) == "66.67"
    assert show_score(None) == ""


def test_a_number_just_below_a_bound_stays_below_in_28_digits() -> None:
    """Section E: unrounded is compared, and half up is rounded once."""
    below = Fraction(60) - Fraction(1, 10**30)
    assert to_decimal(below) < 60
    assert show_score(Fraction(59995, 1000) - Fraction(1, 10**30)) == "59.99"
    assert show_score(Fraction(-1, 200)) == "-0.01"


def test_thirds_that_make_exactly_90_are_excellent() -> None:
    """Values are exact fractions: 100 - 1/3 and what balances it give 90, not 89.999."""
    values = {C: Fraction(271, 3), E: Fraction(0), K: Fraction(0)}
    weights = {"completion": 30, "evenness": 60, "cooperation": 10}
    policy = Policy.from_parameters({"weights": {"dealer": weights}})
    values[E] = (Fraction(90) * 100 - 30 * values[C] - 10 * Fraction(100, 3)) / 60
    values[K] = Fraction(100, 3)
    found = score(DEALER, values, policy)
    assert (found.score, found.grade) == (Decimal(90), Grade.EXCELLENT)


def test_a_score_shows_what_it_is_made_of() -> None:
    found = score(DEALER, {C: Decimal(100), E: Decimal(50), K: None}, DEFAULT)
    assert found.available_weight == 65
    assert found.score is not None and show_score(found.score) == "80.77"
    by_name = {line.indicator: line for line in found.lines}
    assert Indicator.COMPLAINTS not in by_name  # weighs nothing for a dealer
    assert sum(line.weight for line in found.lines) == 100
    assert (by_name[C].points, by_name[E].points) == (Decimal(40), Decimal("12.5"))
    assert (by_name[K].value, by_name[K].points) == (None, None)
    assert [r.code for r in by_name[K].reasons] == ["reason.indicator_missing"]
    total = sum(line.points for line in found.lines if line.points is not None)
    assert show_score(total * 100 / found.available_weight) == show_score(found.score)


def test_too_little_data_gives_no_grade() -> None:
    found = score(CustomerClass.AGENT, {C: Decimal(100), E: Decimal(100)}, DEFAULT)
    assert (found.score, found.grade, found.available_weight) == (None, Grade.INSUFFICIENT, 50)
    assert found.reasons[0].params == {"available": 50, "needed": 60}


@pytest.mark.parametrize("value", ["-0.01", "100.01"])
def test_values_out_of_range(value: str) -> None:
    with pytest.raises(Invalid) as refusal:
        score(DEALER, {E: Decimal(value)}, DEFAULT)
    assert refusal.value.problems[0].place == "evenness"


@pytest.mark.parametrize(
    ("take", "plan", "short", "deducted", "ratio", "raw"),
    [
        (80, 100, 0, True, Fraction(4, 5), Fraction(4, 5)),
        (130, 100, 0, True, Fraction(1), Fraction(13, 10)),
        (80, 100, 20, True, Fraction(1), Fraction(1)),
        (80, 100, 20, False, Fraction(4, 5), Fraction(4, 5)),
        (0, 100, 0, True, Fraction(0), Fraction(0)),
        (-5, 100, 0, True, Fraction(0), Fraction(-1, 20)),
        (5, 0, 0, True, None, None),
        (5, 100, 100, True, None, None),
    ],
)
def test_completion(
    take: int, plan: int, short: int, deducted: bool, ratio: object, raw: object
) -> None:
    """A.X 23: actual over confirmed plan, at most 100 %, less what the company lacked."""
    found = completion(take, plan, short, Policy(company_short_deducted=deducted))
    assert (found.ratio, found.raw) == (ratio, raw)


@pytest.mark.parametrize(
    ("points", "result"),
    [
        (dict.fromkeys(Aspect, 80), 80),
        ({Aspect.PLAN_ON_TIME: 100, Aspect.INFORMATION: 0}, 50),
        ({Aspect.PLAN_ON_TIME: 91, Aspect.INFORMATION: 90}, 91),  # half up
        ({Aspect.PRICE_DISCIPLINE: 0}, 0),
    ],
)
def test_cooperation(points: dict[Aspect, int], result: int) -> None:
    assert cooperation_score(points) == result


def test_cooperation_by_other_weights() -> None:
    weights = {"plan_on_time": 70, "information": 30}
    policy = Policy.from_parameters({"cooperation_weights": weights})
    assert cooperation_score({Aspect.PLAN_ON_TIME: 100, Aspect.INFORMATION: 50}, policy) == 85


@pytest.mark.parametrize("points", [{}, {Aspect.INFORMATION: 101}, {Aspect.INFORMATION: -1}])
def test_refused_cooperation(points: dict[Aspect, int]) -> None:
    with pytest.raises(Invalid):
        cooperation_score(points)


def every_working_day(first: date, last: date, kg: int) -> dict[date, int]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {day: kg for day in days if CALENDAR.is_working(day)}


QUARTER = EvaluationInput(
    DEALER,
    (
        MonthFacts("2026-07", 230, 250),
        MonthFacts("2026-08", 210, 250, 50),
        MonthFacts("2026-09", 220, 300),
    ),
    every_working_day(date(2026, 7, 1), date(2026, 9, 30), 10),
    {"2026-07": 80, "2026-09": 91, "2026-06": 0},
)


def test_a_quarter_is_computed_from_its_raw_data() -> None:
    found = evaluate(QUARTER, DEFAULT, CALENDAR)
    assert (found.take_kg, found.plan_kg) == (660, 750)
    assert found.completion.ratio == Fraction(660, 750)
    assert found.evenness.evenness == 1
    assert len(found.evenness.weeks) == 14
    values = {line.indicator: line.value for line in found.score.lines}
    assert values[C] == Decimal(88)
    assert values[E] == Decimal(100)
    assert values[K] == Decimal("85.5")  # the mean of the two rated months of the period
    assert values[Indicator.PAYMENT] is None
    # (40 * 88 + 25 * 100 + 10 * 85.5) / 75
    assert found.score.score is not None and show_score(found.score.score) == "91.67"
    assert (found.score.grade, found.score.available_weight) == (Grade.EXCELLENT, 75)
    assert not found.provisional


@pytest.mark.parametrize(
    ("plan", "days", "month", "left"),
    [
        (310_000, 10, "2026-08", 210_000),
        (100, 1, "2026-06", 96),  # 96.67, cut off
        (300, 0, "2026-02", 300),
        (300, 28, "2026-02", 0),
    ],
)
def test_a_plan_counts_for_the_days_without_a_suspension(
    plan: int, days: int, month: str, left: int
) -> None:
    """A.X 12."""
    assert plan_while_dealing(plan, days, month) == left


def test_a_month_of_a_suspension_says_for_how_many_days_its_plan_does_not_count() -> None:
    months = (MonthFacts("2026-07", 200, 250, 0, 6), MonthFacts("2026-08", 5, 0, 0, 31))
    found = evaluate(EvaluationInput(DEALER, months, {}), DEFAULT, CALENDAR)
    assert found.completion.ratio == Fraction(200, 250)
    line = next(line for line in found.score.lines if line.indicator is C)
    said = [(r.params["month"], r.params["days"]) for r in line.reasons if r.clause == "C15.2"]
    assert said == [("2026-07", 6), ("2026-08", 31)]
    assert "reason.completion_no_plan" not in {reason.code for reason in line.reasons}


def test_every_reason_has_words_and_an_article() -> None:
    found = evaluate(QUARTER, DEFAULT, WorkCalendar())
    reasons = [r for line in found.score.lines for r in line.reasons] + [*found.score.reasons]
    codes = {reason.code for reason in reasons}
    assert {"reason.completion_made", "reason.completion_short", "reason.evenness_made"} <= codes
    assert "reason.evenness_provisional" in codes and found.provisional
    for reason in reasons:
        assert say(reason) != reason.code and "{" not in say(reason)
        assert reason.clause in clauses()


def test_no_closed_month_is_not_evaluated() -> None:
    with pytest.raises(NotAllowed):
        evaluate(replace(QUARTER, months=()), DEFAULT, CALENDAR)


def test_a_month_without_a_plan_is_left_out_of_the_completion() -> None:
    months = (
        MonthFacts("2026-07", 50, 100),
        MonthFacts("2026-08", 900, None),
        MonthFacts("2026-09", 900, 0),
    )
    found = evaluate(replace(QUARTER, months=months), DEFAULT, CALENDAR)
    assert found.completion.ratio == Fraction(1, 2)
    (line,) = [line for line in found.score.lines if line.indicator is C]
    missing = [r.params["month"] for r in line.reasons if r.code == "reason.completion_no_plan"]
    assert missing == ["2026-08", "2026-09"]


def test_without_any_plan_or_take_the_indicators_are_missing() -> None:
    months = (MonthFacts("2026-07", 0, None),)
    found = evaluate(EvaluationInput(DEALER, months, {}), DEFAULT, CALENDAR)
    assert found.score.grade is Grade.INSUFFICIENT
    assert found.score.available_weight == 0


def test_weeks_are_cut_only_where_months_are_missing() -> None:
    """July and September closed: the weeks of August do not count, also not as zero."""
    months = (QUARTER.months[2], QUARTER.months[0])  # in any order
    found = evaluate(replace(QUARTER, months=months), DEFAULT, CALENDAR)
    assert len(found.evenness.weeks) == 10
    assert found.evenness.evenness == 1


def test_days_of_suspension_cost_credit() -> None:
    """100 - 10 per day, not below 0; without data the indicator is left out."""
    for days, value in ((None, None), (0, 100), (3, 70), (12, 0)):
        found = evaluate(replace(QUARTER, suspended_days=days), DEFAULT, CALENDAR)
        (line,) = [x for x in found.score.lines if x.indicator is Indicator.CREDIT]
        assert line.value == value


@pytest.mark.parametrize(
    ("others", "take", "plan", "said"),
    [
        ([], 500, 400, []),
        ([MonthFacts("2026-08", 0, None)], 500, 400, []),
        ([MonthFacts("2026-08", 300, None)], 800, 400, [("0.300", "0.800")]),
        ([MonthFacts("2026-08", -20, None)], 480, 400, [("-0.020", "0.480")]),
        # what the company lacked is more than the plan: no plan to answer for, nor a negative one
        ([MonthFacts("2026-08", 300, 100, 150)], 800, 400, [("0.300", "0.800")]),
    ],
)
def test_take_of_months_without_a_plan_is_in_the_total_and_not_in_the_completion(
    others: list[MonthFacts], take: int, plan: int, said: list[tuple[str, str]]
) -> None:
    inputs = EvaluationInput(DEALER, (MonthFacts("2026-07", 500, 400), *others), {})
    found = evaluate(inputs, DEFAULT, CALENDAR)
    assert (found.take_kg, found.plan_kg) == (take, plan)
    assert found.completion.raw == Fraction(500, 400)
    (line,) = [line for line in found.score.lines if line.indicator is C]
    first = line.reasons[0]
    assert (first.params["take"], first.params["plan"]) == ("0.500", "0.400")
    totals = [r.params for r in line.reasons if r.code == "reason.completion_total"]
    assert [(params["other"], params["total"]) for params in totals] == said
