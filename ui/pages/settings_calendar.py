"""The working-day calendar: years with their notices, days off and make-up days."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from chemsales.queries import calendar as query
from chemsales.queries.calendar import CalendarDayRow, CalendarYearRow
from chemsales.services import calendar as service
from chemsales.services.changes import Subject
from chemsales.words import _
from ui.actions import button_for
from ui.context import Context
from ui.dialogs.calendar_day import DayDialog, NoticeDialog, YearDialog
from ui.forms.date_field import weekday_name
from ui.pages.page import Page
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.theme import Tone
from ui.widgets.labels import PlainLabel


class CalendarSection(Page):
    """Years at the left, the days of the one chosen beside them."""

    nested = True
    subjects = frozenset({Subject.CALENDAR})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.years = Grid(
            [
                Column(_("Calendar year"), lambda row: row.year),
                Column(_("State"), _state, tone=_tone),
                Column(_("Notice"), lambda row: row.notice, widest=22, stretch=True),
            ],
            key=lambda row: row.year,
            empty=_("No year is loaded yet."),
            name=_("Years"),
        )
        self.days = Grid(
            [
                Column(_("Day"), lambda row: row.day),
                Column(_("Kind"), _kind, tone=_kind_tone),
                Column(_("Weekday"), lambda row: weekday_name(row.day)),
                Column(_("Occasion"), lambda row: row.name, stretch=True),
            ],
            key=lambda row: row.day,
            empty=_("Choose a year."),
            name=_("Days"),
        )
        tables = QHBoxLayout()
        tables.setSpacing(16)
        tables.addWidget(self.years, 5)
        tables.addWidget(self.days, 6)
        self.body.addWidget(
            PlainLabel(
                _(
                    "Due dates are firm only in years whose official notice is loaded; others are"
                    " provisional."
                ),
                role="quiet",
                wrap=True,
            )
        )
        self.body.addLayout(tables, 1)
        self._make_buttons()
        self.years.chosen.connect(self._choose)
        self.days.opened.connect(self._edit_day)
        self._choose(None)

    def title(self) -> str:
        return _("Working-day calendar")

    def refresh(self) -> None:
        self.context.read(query.years, done=self._show)

    def _make_buttons(self) -> None:
        enter = self.act("settings.enter_day", lambda: self._edit_day(None))
        self.load_button = button_for(self.act("settings.load_year", self.load))
        self.day_button = button_for(enter)
        self.notice_button = button_for(self.act("settings.confirm_year", self.confirm))
        row = QHBoxLayout()
        for made in (self.load_button, self.day_button, self.notice_button):
            row.addWidget(made)
        row.addStretch(1)
        buttons = QVBoxLayout()
        buttons.addLayout(row)
        self.body.addLayout(buttons)

    def load(self) -> None:
        """Ask for a year and fill it from the kept library."""
        dialog = YearDialog(self.context.session.today().year, self.window())
        dialog.given.connect(
            lambda draft: dialog.write(self.context, service.load_year, draft.year)
        )
        dialog.open_in(self.context)

    def confirm(self) -> None:
        """Ask for the number of the notice that makes the year chosen firm."""
        row = self.years.row()
        if row is None:
            return
        dialog = NoticeDialog(row, self.window())
        dialog.given.connect(
            lambda draft: dialog.write(
                self.context, service.confirm_year, row.year, draft.notice, dialog.seen
            )
        )
        dialog.open_in(self.context, row.year)

    def _edit_day(self, row: CalendarDayRow | None) -> None:
        if not self.day_button.isEnabled():
            return
        dialog = DayDialog(row, self.context.session.today(), self.window())
        dialog.given.connect(
            lambda draft: dialog.write(
                self.context, service.set_day, draft.day, draft.kind, draft.name, dialog.seen
            )
        )
        dialog.open_in(self.context, row.day if row else "")

    def _show(self, rows: list[CalendarYearRow]) -> None:
        self.years.set_rows(rows)
        if self.years.row() is None:
            self.years.select_first()

    def _choose(self, row: CalendarYearRow | None) -> None:
        self.days.set_rows(row.days if row is not None else ())
        why = _("Choose a year.") if row is None else ""
        if row is not None and row.official:
            why = _("The notice of this year is known.")
        self.acts["settings.confirm_year"].block(why)


def _state(row: CalendarYearRow) -> str:
    return _("Firm") if row.official else _("Provisional")


def _tone(row: CalendarYearRow) -> Tone:
    return Tone.OK if row.official else Tone.SOON


def _kind(row: CalendarDayRow) -> str:
    return _("Make-up working day") if row.kind == "work" else _("Day off")


def _kind_tone(row: CalendarDayRow) -> Tone:
    return Tone.REVIEW if row.kind == "work" else Tone.DRAFT
