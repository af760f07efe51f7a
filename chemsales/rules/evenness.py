"""Evenness of the weekly take (周均衡率): Jain's index over working days, normalised (C)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.periods import Month, month_days, next_month


@dataclass(frozen=True, slots=True)
class Evenness:
    """Jain's index in (0, 1] and its normalised form in [0, 1]; both None where undefined.

    `weeks` are the (kilograms, working days) pairs that they rest on.
    """

    jain: Fraction | None
    evenness: Fraction | None
    weeks: tuple[tuple[Fraction, int], ...] = ()


def evenness(weeks_kg: Sequence[int | Fraction], working_days: Sequence[int]) -> Evenness:
    """How evenly a take is spread over weeks of so many working days (C10.9, section C).

    A week without working days is dropped, its take goes to the next week that has some (after the
    last of these, to the last). Undefined without take and with less than two weeks. ValueError
    where the two sequences differ in length or a count of days is negative.
    """
    if len(weeks_kg) != len(working_days) or any(days < 0 for days in working_days):
        raise ValueError("weeks and working days do not fit")
    weeks = _merged(weeks_kg, working_days)
    total = sum((kg for kg, _ in weeks), Fraction(0))
    if len(weeks) < 2 or total <= 0:
        return Evenness(None, None, weeks)
    days = sum(count for _, count in weeks)
    jain = total**2 / (days * sum(kg**2 / count for kg, count in weeks))
    least = Fraction(min(count for _, count in weeks), days)
    # a week of net returns could push the index below its least value
    return Evenness(jain, max(Fraction(0), (jain - least) / (1 - least)), weeks)


def _merged(
    weeks_kg: Sequence[int | Fraction], working_days: Sequence[int]
) -> tuple[tuple[Fraction, int], ...]:
    weeks: list[tuple[Fraction, int]] = []
    carried = Fraction(0)
    for kg, count in zip(weeks_kg, working_days, strict=True):
        carried += Fraction(kg)
        if count:
            weeks.append((carried, count))
            carried = Fraction(0)
    if carried and weeks:
        kg, count = weeks[-1]
        weeks[-1] = (kg + carried, count)
    return tuple(weeks)


def iso_weeks(start: date, end: date) -> list[tuple[date, date]]:
    """The ISO weeks (Monday to Sunday) that the days from `start` through `end` lie in, clipped."""
    weeks = []
    first = start
    while first <= end:
        last = min(first + timedelta(days=6 - first.weekday()), end)
        weeks.append((first, last))
        first = last + timedelta(days=1)
    return weeks


def weekly(
    pickups_by_day: Mapping[date, int], start: date, end: date, calendar: WorkCalendar
) -> tuple[list[int], list[int]]:
    """Kilograms and working days of each clipped week of a period; other days are left out."""
    weeks = iso_weeks(start, end)
    kilograms = [0] * len(weeks)
    offset = start.weekday()
    for day, kg in pickups_by_day.items():
        if start <= day <= end:
            kilograms[((day - start).days + offset) // 7] += kg
    return kilograms, [calendar.working_days(first, last) for first, last in weeks]


def weeks_of(
    months: Sequence[Month], daily_kg: Mapping[date, int], calendar: WorkCalendar
) -> tuple[list[int], list[int], bool]:
    """Kilograms and working days of each week of the ascending closed months, and whether all their
    calendars are official; a week is cut only where the months have a gap (C10.9)."""
    kilograms: list[int] = []
    days: list[int] = []
    known = True
    for first, last in _runs(months):
        start, end = month_days(first)[0], month_days(last)[1]
        known = known and calendar.knows(start, end)
        more_kilograms, more_days = weekly(daily_kg, start, end, calendar)
        kilograms += more_kilograms
        days += more_days
    return kilograms, days, known


def _runs(months: Sequence[Month]) -> list[tuple[Month, Month]]:
    """The first and last months of each unbroken run of the ascending months."""
    runs: list[tuple[Month, Month]] = []
    for month in months:
        if runs and next_month(runs[-1][1]) == month:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs
