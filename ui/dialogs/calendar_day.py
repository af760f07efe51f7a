"""Small questions about the working-day calendar: which year, which day, which notice."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from chemsales.queries.calendar import CalendarDayRow, CalendarYearRow
from chemsales.words import _
from ui import theme
from ui.dialogs.base import Dialog
from ui.widgets.date_field import DateField
from ui.widgets.form import Form
from ui.widgets.labels import PlainLabel
from ui.widgets.number_field import WholeField


class YearDialog(Dialog):
    """`given(year)`: the year to fill with its official days."""

    given = Signal(int)

    def __init__(self, year: int, parent: QWidget | None = None) -> None:
        super().__init__(_("Load an official year"), parent)
        self.setMinimumWidth(theme.scaled(380))
        note = _("What was entered for that year by hand is replaced by the official days.")
        self.body.addWidget(PlainLabel(note, wrap=True))
        self.field = WholeField()
        self.field.set_number(year)
        self.form = Form()
        self.form.add("year", _("Calendar year"), self.field, required=True, check=self._check)
        self.body.addWidget(self.form)
        self.add_verb(_("Load the year"), self._give)

    def _check(self, _text: str) -> str:
        year = self.field.number()
        return "" if year is not None and 2000 <= year <= 2100 else _("Type a year, such as 2026.")

    def _give(self) -> None:
        if self.form.check_required():
            self.given.emit(self.field.number())


class NoticeDialog(Dialog):
    """`given(notice)`: the number of the official notice of a year."""

    given = Signal(str)

    def __init__(self, row: CalendarYearRow, parent: QWidget | None = None) -> None:
        super().__init__(_("Confirm the year {year}", year=row.year), parent)
        self.setMinimumWidth(theme.scaled(420))
        note = _("From then on due dates in that year are firm. Check the days first.")
        self.body.addWidget(PlainLabel(note, wrap=True))
        self.form = Form()
        edit = QLineEdit(row.notice)
        edit.setMaxLength(100)
        self.form.add("notice", _("Number of the notice"), edit, required=True)
        self.body.addWidget(self.form)
        self.add_verb(_("Confirm the year"), self._give)

    def _give(self) -> None:
        if self.form.check_required():
            self.given.emit(self.form["notice"].text())


class DayDialog(Dialog):
    """`given(day, kind, name)`: what a day is; kind "off", "work" or "" (an ordinary day)."""

    given = Signal(object, str, str)

    def __init__(
        self, row: CalendarDayRow | None, today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Enter a day"), parent)
        self.setMinimumWidth(theme.scaled(420))
        self.day = DateField(today)
        self.kind = QComboBox()
        self.kind.addItem(_("Day off"), "off")
        self.kind.addItem(_("Make-up working day"), "work")
        self.kind.addItem(_("Ordinary day"), "")
        name = QLineEdit()
        name.setMaxLength(60)
        self.form = Form()
        self.form.add(
            "day", _("Day"), self.day, required=True, check=lambda _text: self.day.problem()
        )
        self.form.add("kind", _("Kind"), self.kind)
        self.form.add("name", _("Occasion"), name)
        if row is not None:
            self.day.set_day(row.day)
            self.day.setReadOnly(True)
            self.form.set_values({"kind": row.kind, "name": row.name})
        self.body.addWidget(self.form)
        self.add_verb(_("Save"), self._give)

    def _give(self) -> None:
        if self.form.check_required():
            kind = self.form["kind"].text()
            self.given.emit(self.day.day(), kind, self.form["name"].text())
