"""Evenness of the weekly take (C10.9, section C)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.evenness import evenness, iso_weeks, weekly
from tests.rules.test_calendar import CALENDAR


def test_exact_fractions() -> None:
    found = evenness([400, 300, 200, 100], [1, 1, 1, 1])
    assert (found.jain, found.evenness) == (Fraction(5, 6), Fraction(7, 9))
    assert evenness([500, 500, 0, 0], [1] * 4).evenness == Fraction(1, 3)


@pytest.mark.parametrize(
    ("weeks", "days"),
    [([0, 0], [5, 5]), ([5], [5]), ([], []), ([5, 5], [5, 0]), ([5, 5], [0, 0]), ([5, -5], [5, 5])],
)
def test_undefined(weeks: list[int], days: list[int]) -> None:
    found = evenness(weeks, days)
    assert (found.jain, found.evenness) == (None, None)


def test_what_is_dropped_is_not_lost() -> None:
    assert evenness([1, 2, 3, 4], [0, 5, 0, 5]).weeks == ((3, 5), (7, 5))
    assert evenness([1, 2, 3], [5, 5, 0]).weeks == ((1, 5), (5, 5))


def test_sequences_that_do_not_fit() -> None:
    for weeks, days in (([1], [1, 1]), ([1, 1], [1, -1])):
        with pytest.raises(ValueError):
            evenness(weeks, days)


def test_net_returns_stay_within_the_range() -> None:
    found = evenness([1000, -500, -400], [5, 5, 5])
    assert found.evenness == 0


WEEKS = st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 7)), min_size=2, max_size=27)


@given(WEEKS)
def test_range_and_scale(weeks: list[tuple[int, int]]) -> None:
    kilograms, days = [kg for kg, _ in weeks], [d for _, d in weeks]
    found = evenness(kilograms, days)
    if not any(kilograms):
        assert found.evenness is None
        return
    assert found.evenness is not None and 0 <= found.evenness <= 1
    assert evenness([7 * kg for kg in kilograms], days).evenness == found.evenness
    assert evenness(days, days).evenness == 1
    assert evenness(kilograms[::-1], days[::-1]).evenness == found.evenness


def test_weeks_are_clipped_to_the_period() -> None:
    july = iso_weeks(date(2026, 7, 1), date(2026, 7, 31))
    assert july == [
        (date(2026, 7, 1), date(2026, 7, 5)),
        (date(2026, 7, 6), date(2026, 7, 12)),
        (date(2026, 7, 13), date(2026, 7, 19)),
        (date(2026, 7, 20), date(2026, 7, 26)),
        (date(2026, 7, 27), date(2026, 7, 31)),
    ]
    assert iso_weeks(date(2026, 7, 5), date(2026, 7, 6)) == [
        (date(2026, 7, 5), date(2026, 7, 5)),
        (date(2026, 7, 6), date(2026, 7, 6)),
    ]
    assert iso_weeks(date(2026, 7, 2), date(2026, 7, 1)) == []


def test_the_take_falls_into_its_week() -> None:
    start, end = date(2026, 7, 1), date(2026, 7, 31)
    takes = {
        date(2026, 6, 30): 1000,  # outside
        date(2026, 7, 1): 1,
        date(2026, 7, 5): 2,  # the Sunday of the first week
        date(2026, 7, 6): 10,
        date(2026, 7, 31): 100,
        date(2026, 8, 1): 1000,
    }
    kilograms, days = weekly(takes, start, end, CALENDAR)
    assert kilograms == [3, 10, 0, 0, 100]
    assert days == [3, 5, 5, 5, 5]


def test_a_holiday_week_hands_its_take_on() -> None:
    """Of the Spring Festival's week 2026-02-16..22 no day is worked (C10.9)."""
    start, end = date(2026, 2, 9), date(2026, 3, 1)
    rate = 10
    takes = {date(2026, 2, 9): 6 * rate, date(2026, 2, 18): rate, date(2026, 2, 25): 4 * rate}
    kilograms, days = weekly(takes, start, end, CALENDAR)
    assert days == [6, 0, 5]
    assert evenness(kilograms, days).evenness == 1


def test_an_unknown_calendar_counts_weekends() -> None:
    _, days = weekly({}, date(2030, 7, 1), date(2030, 7, 14), WorkCalendar())
    assert days == [5, 5]
