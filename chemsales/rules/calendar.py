"""Working days of China with make-up days (调休), due dates, and what is not known yet (C12.3)."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from chemsales.rules.policy import DEFAULT, Policy

COMPANY_ZONE = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)


def company_day(instant: datetime) -> date:
    """The business date of an instant."""
    return instant.astimezone(COMPANY_ZONE).date()


def company_minute(instant: datetime) -> str:
    """An instant as the company's clock shows it, "2026-07-09 14:03"."""
    return instant.astimezone(COMPANY_ZONE).strftime("%Y-%m-%d %H:%M")


_SATURDAY = 5
# The notice of the next year may move working days from here to 31 December (section F)
_LAST_DAYS_FROM = 25
_WORKING_DAY = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class DueDate:
    """A day found by counting working days, and how sure it is.

    `known`: the official calendar of every year needed is loaded; without it the day counts
    weekends alone and is provisional. `firm`: known, and no notice still to come can move it (one
    for the next year may touch the last days of December).
    """

    day: date
    firm: bool
    known: bool


@dataclass(frozen=True)
class WorkCalendar:
    """The calendar: per year the days "off" and the make-up days at "work"; `official` years are
    those whose notice is loaded. Any other day: Monday to Friday work, Saturday and Sunday off."""

    years: Mapping[int, Mapping[str, Set[date]]] = field(default_factory=dict)
    official: Set[int] = frozenset()

    @cached_property
    def _exceptions(self) -> dict[date, bool]:
        found = {}
        for days in self.years.values():
            found.update(dict.fromkeys(days.get("off", ()), False))
            found.update(dict.fromkeys(days.get("work", ()), True))
        return found

    def is_working(self, day: date) -> bool:
        """Whether the day is a working day, as far as is known."""
        return self._exceptions.get(day, day.weekday() < _SATURDAY)

    def knows(self, start: date, end: date) -> bool:
        """Whether the official calendar of every year from `start` through `end` is loaded."""
        return all(year in self.official for year in range(start.year, end.year + 1))

    def _firm(self, start: date, end: date) -> bool:
        late = any(
            end >= date(year, 12, _LAST_DAYS_FROM) and year + 1 not in self.official
            for year in range(start.year, end.year + 1)
        )
        return self.knows(start, end) and not late

    def add_working_days(self, day: date, count: int) -> DueDate:
        """The `count`-th working day after `day`, which itself is not counted (Civil Code 201).

        ValueError for a count below 1.
        """
        if count < 1:
            raise ValueError(count)
        current = day
        while count:
            current += _DAY
            count -= self.is_working(current)
        first = day + _DAY
        return DueDate(current, self._firm(first, current), self.knows(first, current))

    def working_days(self, start: date, end: date) -> int:
        """The number of working days from `start` through `end`; 0 where `end` is earlier."""
        length = (end - start).days + 1
        return sum(self.is_working(start + timedelta(days=offset)) for offset in range(length))

    def waited(self, since: datetime, today: date) -> int:
        """The working days from an instant through `today`, its own day not counted."""
        return self.working_days(company_day(since) + _DAY, today)

    def last_working_day(self, day: date) -> DueDate:
        """`day` itself where it is a working day, else the working day before (C10.4)."""
        current = day
        while not self.is_working(current):
            current -= _DAY
        return DueDate(current, self._firm(current, day), self.knows(current, day))


def due_dates(
    received: datetime, calendar: WorkCalendar, policy: Policy = DEFAULT
) -> dict[int, DueDate]:
    """The days by which a complaint received then is due: general, major, extended (C12.3, A.X 10).

    The keys are the regulation's 1, 3 and 7 working days, whatever the policy makes of them. The
    day of receipt is not counted; by `deadline_mode` "same_day_8h" it is, where it is a working day
    on which eight hours remain until the close of business. `received` is local time.
    """
    start = received.date()
    if policy.deadline_mode == "same_day_8h" and calendar.is_working(start):
        close = datetime.combine(start, policy.close_of_business, received.tzinfo)
        if received + _WORKING_DAY <= close:
            start -= _DAY
    return {
        days: calendar.add_working_days(start, count)
        for days, count in zip((1, 3, 7), policy.complaint_days, strict=True)
    }
