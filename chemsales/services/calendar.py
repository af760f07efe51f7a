"""The working-day calendar of China: loaded from a kept library, then edited by hand."""

from __future__ import annotations

from datetime import date

from chemsales.rules.errors import Conflict, DataError, Invalid, NotFound, Problem, Reason
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_line
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.models.policy import CalendarDay, CalendarYear

NOTICES = {
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
KINDS = ("off", "work")


@use_case(Action.CALENDAR_EDIT)
def load_year(op: Operation, year: int) -> int:
    """Fill a year with the official days off and make-up days; how many days that were.

    What was entered for that year before is replaced. DataError for a year that the library does
    not know: such a year stays provisional until its notice is entered by hand.
    """
    days = write_year(year)
    op.record(Subject.CALENDAR, year, days=days, notice=NOTICES.get(year, ""))
    return days


def write_year(year: int) -> int:
    """Fill a year from the library, inside a use case; how many days."""
    from chinese_calendar.constants import Holiday, holidays, workdays

    names = {holiday.value: holiday.chinese for holiday in Holiday}
    found = [(day, "off", names[name]) for day, name in holidays.items() if day.year == year]
    found += [(day, "work", names[name]) for day, name in workdays.items() if day.year == year]
    if not found:
        raise DataError(Reason("reason.calendar_year_unknown", {"year": year}))
    CalendarDay.delete().where(CalendarDay.year == year).execute()
    _upsert_year(year, NOTICES.get(year, ""), True)
    for day, kind, name in sorted(found):
        CalendarDay.insert(day=day, year=year, kind=kind, name=name).execute()
    return len(found)


def _upsert_year(year: int, notice: str, official: bool) -> None:
    touched = (
        CalendarYear.update(notice=notice, official=official, version=CalendarYear.version + 1)
        .where(CalendarYear.year == year)
        .execute()
    )
    if not touched:
        CalendarYear.insert(year=year, notice=notice, official=official).execute()


@use_case(Action.CALENDAR_EDIT)
def set_day(
    op: Operation, day: date, kind: str, name: str = "", seen: tuple[str, str] | None = None
) -> None:
    """Make a day a day off ("off"), a make-up working day ("work"), or an ordinary one ("").

    A day of a year that is not there yet makes that year, as a provisional one. `seen` is the kind
    and name of the day as they were read (("", "") for an ordinary day); None replaces whatever
    stands there. Conflict where another desk entered something else meanwhile.
    """
    if kind not in (*KINDS, ""):
        raise Invalid(Problem("kind", Reason("reason.calendar_kind", {"kind": kind[:20]})))
    label = clean_line(name, "name", 60, required=False)
    before = CalendarDay.get_or_none(CalendarDay.day == day)
    stands = (before.kind, before.name) if before else ("", "")
    if seen is not None and seen != stands:
        raise Conflict(Reason("reason.changed_elsewhere", {"what": day.isoformat()}))
    # whoever confirms the year has to have seen this day
    touched = CalendarYear.update(version=CalendarYear.version + 1)
    if not touched.where(CalendarYear.year == day.year).execute():
        CalendarYear.insert(year=day.year, official=False).execute()
    CalendarDay.delete().where(CalendarDay.day == day).execute()
    if kind:
        CalendarDay.insert(day=day, year=day.year, kind=kind, name=label).execute()
    op.record(Subject.CALENDAR, day.isoformat(), kind=kind, name=label)


@use_case(Action.CALENDAR_EDIT)
def confirm_year(op: Operation, year: int, notice: str, seen_version: int) -> None:
    """Say that the days of a year are those of its official notice, whose number is given.

    From then on due dates in that year are firm. NotFound for a year without an entry, Conflict for
    a stale version.
    """
    if CalendarYear.get_or_none(CalendarYear.year == year) is None:
        raise NotFound(Reason("reason.calendar_year_empty", {"year": year}))
    number = clean_line(notice, "notice", 100)
    touched = (
        CalendarYear.update(notice=number, official=True, version=CalendarYear.version + 1)
        .where((CalendarYear.year == year) & (CalendarYear.version == seen_version))
        .execute()
    )
    if touched != 1:
        raise Conflict(Reason("reason.changed_elsewhere", {"what": str(year)}))
    op.record(Subject.CALENDAR, year, notice=number)
