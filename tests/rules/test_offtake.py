"""The checks of an imported row (A.X 3, A.X 23, C10.4)."""

from __future__ import annotations

from datetime import date

import pytest

from chemsales.rules.offtake import PickupKind, check_pickup_row, check_plan_row, plan_deadline
from chemsales.rules.policy import DEFAULT, Policy
from chemsales.words import say
from tests.rules.test_calendar import CALENDAR

TODAY = date(2026, 7, 6)
UP, BACK = PickupKind.PICKUP, PickupKind.RETURN


@pytest.mark.parametrize(
    ("day", "kg", "kind", "found"),
    [
        (date(2026, 7, 6), 1, UP, []),
        (date(2026, 7, 1), -1, BACK, []),
        (date(2026, 7, 7), 1, UP, [("day", "day_in_future")]),
        (date(2026, 6, 30), 1, UP, [("day", "month_is_closed")]),
        (date(2026, 6, 30), -1, BACK, [("day", "month_is_closed")]),
        (date(2026, 7, 1), 0, UP, [("kg", "pickup_sign")]),
        (date(2026, 7, 1), -5, UP, [("kg", "pickup_sign")]),
        (date(2026, 7, 1), 5, BACK, [("kg", "pickup_sign")]),
        (date(2026, 7, 1), 0, BACK, [("kg", "pickup_sign")]),
        (date(2026, 8, 1), 0, UP, [("day", "day_in_future"), ("kg", "pickup_sign")]),
        (date(2026, 4, 30), 5, UP, [("day", "before_accreditation")]),
        (date(2026, 5, 1), 5, UP, []),
    ],
)
def test_pickups(day: date, kg: int, kind: PickupKind, found: list[tuple[str, str]]) -> None:
    problems = check_pickup_row(day, kg, kind, TODAY, {"2026-06"}, date(2026, 5, 1))
    assert [(p.place, p.reason.code.removeprefix("reason.")) for p in problems] == found
    assert all(say(problem.reason) != problem.reason.code for problem in problems)


@pytest.mark.parametrize(
    ("month", "kg", "short", "found"),
    [
        ("2026-07", 0, 0, []),
        ("2026-07", 100, 100, []),
        ("2027-07", 100, 0, []),
        ("2027-08", 100, 0, ["month"]),
        ("2026-06", 100, 0, ["month"]),
        ("2026-07", -1, 0, ["kg"]),
        ("2026-07", 100, -1, ["short_kg"]),
        ("2026-07", 100, 101, ["short_kg"]),
    ],
)
def test_plans(month: str, kg: int, short: int, found: list[str]) -> None:
    problems = check_plan_row(month, kg, short, TODAY, {"2026-06"})
    assert [problem.place for problem in problems] == found
    assert all(say(problem.reason) != problem.reason.code for problem in problems)


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ("2026-07", date(2026, 6, 25)),
        ("2026-08", date(2026, 7, 24)),  # the 25th is a Saturday
        ("2026-01", date(2025, 12, 25)),
        ("2026-11", date(2026, 10, 23)),  # the 25th is a Sunday
    ],
)
def test_the_plan_is_due_on_the_25th_or_the_working_day_before(month: str, day: date) -> None:
    assert plan_deadline(month, CALENDAR, DEFAULT).day == day


def test_the_plan_day_is_a_parameter() -> None:
    assert plan_deadline("2026-07", CALENDAR, Policy(plan_day=10)).day == date(2026, 6, 10)
