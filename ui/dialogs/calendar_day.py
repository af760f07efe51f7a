"""Small questions about the working-day calendar: which year, which day, which notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QWidget

from chemsales.queries.calendar import CalendarDayRow, CalendarYearRow
from chemsales.words import _
from ui import theme
from ui.dialogs.form_dialog import FormDialog
from ui.forms.date_field import DateField
from ui.forms.editors import line
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
        self.form.add("notice", _("Number of the notice"), line(100), required=True)
        self.body.addWidget(self.form)
        self.bind(NoticeDraft())
        self.fill(NoticeDraft(row.notice))
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
        self.form.add("name", _("Occasion"), line(60))
        self.body.addWidget(self.form)
        self.bind(DayDraft())
        if row is not None:
            self.fill(DayDraft(row.day, row.kind, row.name))
            self.day.setReadOnly(True)
        self.add_giving(_("Save"))
