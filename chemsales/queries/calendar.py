"""The working-day calendar: official days off and make-up days, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chemsales.queries.reading import query
from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows


@dataclass(frozen=True, slots=True)
class CalendarDayRow:
    """A day off ("off") or a make-up working day ("work") and why."""

    day: date
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class CalendarYearRow:
    """A year, the number of its official notice, and its days; not official means provisional."""

    year: int
    notice: str
    official: bool
    version: int
    days: tuple[CalendarDayRow, ...]


@query(Action.RULES_READ)
def years(actor: Actor) -> list[CalendarYearRow]:
    """Every year of the calendar, the newest first (two statements)."""
    days: dict[int, list[CalendarDayRow]] = {}
    for year, day, kind, name in rows(
        "SELECT year, day, kind, name FROM calendar_day ORDER BY day"
    ):
        days.setdefault(year, []).append(CalendarDayRow(date.fromisoformat(day), kind, name))
    return [
        CalendarYearRow(year, notice, bool(official), version, tuple(days.get(year, ())))
        for year, notice, official, version in rows(
            "SELECT year, notice, official, version FROM calendar_year ORDER BY year DESC"
        )
    ]


@query(Action.RULES_READ)
def working_calendar(actor: Actor) -> WorkCalendar:
    """The calendar as the rules take it."""
    return load_calendar()


def load_calendar() -> WorkCalendar:
    """The calendar as the rules take it (inside services and queries)."""
    table: dict[int, dict[str, set[date]]] = {}
    official = set()
    for year, is_official in rows("SELECT year, official FROM calendar_year"):
        table[year] = {"off": set(), "work": set()}
        if is_official:
            official.add(year)
    for year, day, kind in rows("SELECT year, day, kind FROM calendar_day"):
        table[year][kind].add(date.fromisoformat(day))
    return WorkCalendar(table, official)
