"""Working days, make-up days, due dates (C12.3, section F)."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path

import pytest

from chemsales.calc import official_calendar
from chemsales.rules.calendar import WorkCalendar, due_dates
from chemsales.rules.policy import Policy

HOLIDAYS = Path(__file__).parent.parent / "cases" / "holidays.json"


def published() -> WorkCalendar:
    """2024 to 2026 as the State Council's notices have them."""
    years = json.loads(HOLIDAYS.read_text(encoding="utf-8"))["years"]
    table = {
        int(year): {
            kind: {date.fromisoformat(day["date"]) for day in entry[kind]}
            for kind in ("off", "work")
        }
        for year, entry in years.items()
    }
    return WorkCalendar(table, frozenset(table))


CALENDAR = published()


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_library_agrees_with_the_notices_day_by_day(year: int) -> None:
    library = official_calendar()
    assert year in library.official
    for number in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
        day = date.fromordinal(number)
        assert library.is_working(day) == CALENDAR.is_working(day), day
    assert library.years[year]["off"] == CALENDAR.years[year]["off"]
    assert library.years[year]["work"] == CALENDAR.years[year]["work"]


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 2, 14), True),  # make-up Saturday
        (date(2026, 2, 16), False),  # a Monday inside the Spring Festival
        (date(2026, 6, 6), False),  # an ordinary Saturday
        (date(2026, 6, 8), True),
        (date(2030, 1, 1), True),  # unknown year: weekends alone
        (date(2030, 1, 5), False),
    ],
)
def test_working_days(day: date, working: bool) -> None:
    assert CALENDAR.is_working(day) is working


def test_counting() -> None:
    assert CALENDAR.working_days(date(2026, 2, 1), date(2026, 2, 28)) == 16
    assert CALENDAR.working_days(date(2026, 6, 6), date(2026, 6, 7)) == 0
    assert CALENDAR.working_days(date(2026, 6, 8), date(2026, 6, 8)) == 1
    assert CALENDAR.working_days(date(2026, 6, 8), date(2026, 6, 7)) == 0
    with pytest.raises(ValueError):
        CALENDAR.add_working_days(date(2026, 6, 8), 0)


@pytest.mark.parametrize(
    ("start", "count", "day", "known", "firm"),
    [
        (date(2026, 6, 1), 3, date(2026, 6, 4), True, True),
        # the notice of 2026 is loaded: the end of 2025 is firm
        (date(2025, 12, 29), 2, date(2025, 12, 31), True, True),
        (date(2025, 12, 31), 1, date(2026, 1, 4), True, True),
        # the notice of 2027 may still touch the last days of 2026
        (date(2026, 12, 22), 2, date(2026, 12, 24), True, True),
        (date(2026, 12, 24), 1, date(2026, 12, 25), True, False),
        (date(2026, 12, 30), 1, date(2026, 12, 31), True, False),
        # a year without its notice: provisional
        (date(2026, 12, 31), 1, date(2027, 1, 1), False, False),
        (date(2026, 12, 30), 2, date(2027, 1, 1), False, False),
        (date(2028, 5, 2), 1, date(2028, 5, 3), False, False),
    ],
)
def test_how_sure_a_due_date_is(
    start: date, count: int, day: date, known: bool, firm: bool
) -> None:
    due = CALENDAR.add_working_days(start, count)
    assert (due.day, due.known, due.firm) == (day, known, firm)


def test_a_year_loaded_but_not_official_is_provisional() -> None:
    years = {**CALENDAR.years, 2027: {"off": {date(2027, 1, 1)}, "work": set()}}
    calendar = WorkCalendar(years, CALENDAR.official)
    due = calendar.add_working_days(date(2026, 12, 31), 1)
    assert (due.day, due.known, due.firm) == (date(2027, 1, 4), False, False)
    loaded = WorkCalendar(years, CALENDAR.official | {2027})
    due = loaded.add_working_days(date(2026, 12, 30), 1)
    assert (due.day, due.known, due.firm) == (date(2026, 12, 31), True, True)


def test_the_working_day_before() -> None:
    assert CALENDAR.last_working_day(date(2026, 6, 8)).day == date(2026, 6, 8)
    assert CALENDAR.last_working_day(date(2026, 2, 23)).day == date(2026, 2, 14)
    assert not CALENDAR.last_working_day(date(2027, 6, 6)).firm


def test_complaints_in_the_regulation_s_example() -> None:
    """C12.3: received Friday 2026-02-13 10:00 -> 02-14, 02-25, 03-02."""
    due = due_dates(datetime(2026, 2, 13, 10), CALENDAR)
    assert {days: each.day for days, each in due.items()} == {
        1: date(2026, 2, 14),
        3: date(2026, 2, 25),
        7: date(2026, 3, 2),
    }
    assert all(each.firm for each in due.values())


@pytest.mark.parametrize(
    ("received", "close", "first"),
    [
        (datetime(2026, 6, 1, 9, 30), time(17, 30), date(2026, 6, 1)),
        (datetime(2026, 6, 1, 9, 30, 1), time(17, 30), date(2026, 6, 2)),
        (datetime(2026, 6, 1, 10), time(18), date(2026, 6, 1)),
        (datetime(2026, 6, 6, 8), time(17, 30), date(2026, 6, 8)),  # a Saturday never counts
    ],
)
def test_same_day_counting(received: datetime, close: time, first: date) -> None:
    policy = Policy(deadline_mode="same_day_8h", close_of_business=close)
    assert due_dates(received, CALENDAR, policy)[1].day == first
