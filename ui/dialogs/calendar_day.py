"""Small questions about the working-day calendar: which year, which day, which notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtWidgets import QWidget

from chemsales.queries import calendar as query
from chemsales.queries.audit import last_change
from chemsales.queries.calendar import CalendarDayRow, CalendarYearRow
from chemsales.rules.roles import Actor
from chemsales.services.changes import Subject
from chemsales.words import _
from ui import theme
from ui.dialogs.form_dialog import FormDialog
from ui.forms.date_field import DateField
from ui.forms.merging import Newer, newer_by
from ui.forms.number_field import WholeField
from ui.forms.picker import Picker
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class YearDraft:
    """A year to fill with its official days."""

    year: int | None = None


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """The number of the official notice of a year."""

    notice: str = ""


@dataclass(frozen=True, slots=True)
class DayDraft:
    """What a day is; kind "off", "work" or "" (an ordinary day)."""

    day: date | None = None
    kind: str = "off"
    name: str = ""


def newer_notice(year: int, actor: Actor) -> Newer:
    """The notice of a year as another desk left it."""
    row = next(row for row in query.years(actor) if row.year == year)
    changed = last_change(actor, Subject.CALENDAR, year)
    return newer_by(NoticeDraft(row.notice), row.version, changed)


def newer_day(day: date, actor: Actor) -> Newer:
    """A day as another desk left it."""
    rows = [row for year in query.years(actor) for row in year.days if row.day == day]
    kind, name = (rows[0].kind, rows[0].name) if rows else ("", "")
    changed = last_change(actor, Subject.CALENDAR, day.isoformat())
    return newer_by(DayDraft(day, kind, name), (kind, name), changed)


class YearDialog(FormDialog):
    """`given(YearDraft)`."""

    def __init__(self, year: int, parent: QWidget | None = None) -> None:
        super().__init__(_("Load an official year"), parent)
        self.setMinimumWidth(theme.scaled(380))
        note = _("What was entered for that year by hand is replaced by the official days.")
        self.body.addWidget(PlainLabel(note, wrap=True))
        self.field = WholeField()
        self.form.add("year", _("Calendar year"), self.field, required=True, check=self._check)
        self.body.addWidget(self.form)
        self.bind(YearDraft())
        self.fill(YearDraft(year))
        self.add_giving(_("Load the year"))

    def _check(self, _text: str) -> str:
        year = self.field.number()
        return "" if year is not None and 2000 <= year <= 2100 else _("Type a year, such as 2026.")


class NoticeDialog(FormDialog):
    """`given(NoticeDraft)`."""

    def __init__(self, row: CalendarYearRow, parent: QWidget | None = None) -> None:
        super().__init__(_("Confirm the year {year}", year=row.year), parent)
        self.setMinimumWidth(theme.scaled(420))
        note = _("From then on due dates in that year are firm. Check the days first.")
        self.body.addWidget(PlainLabel(note, wrap=True))
        self.form.add("notice", _("Number of the notice"), required=True)
        self.body.addWidget(self.form)
        self.bind(NoticeDraft())
        self.fill(NoticeDraft(row.notice))
        self.resolve_by(row.version, partial(newer_notice, row.year))
        self.add_giving(_("Confirm the year"))


class DayDialog(FormDialog):
    """`given(DayDraft)`; for a day that is entered already (`row`) the day itself stays."""

    def __init__(
        self, row: CalendarDayRow | None, today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Enter a day"), parent)
        self.setMinimumWidth(theme.scaled(420))
        self.day = DateField(today)
        kinds = (
            ("off", _("Day off")),
            ("work", _("Make-up working day")),
            ("", _("Ordinary day")),
        )
        self.form.add("day", _("Day"), self.day, required=True)
        self.form.add("kind", _("Kind"), Picker(kinds))
        self.form.add("name", _("Occasion"))
        self.body.addWidget(self.form)
        self.bind(DayDraft())
        if row is not None:
            self.fill(DayDraft(row.day, row.kind, row.name))
            self.day.setReadOnly(True)
        self.seen = (row.kind, row.name) if row is not None else ("", "")
        self.add_giving(_("Save"))

    def give(self) -> None:
        """Give the day; another desk's entry of that day is shown beside what is typed."""
        day = self.day.day()
        if day is not None:
            self.resolve_by(self.seen, partial(newer_day, day))
        super().give()
