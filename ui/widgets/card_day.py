"""As on which day a customer's card is shown: a field for it, and a banner where it is not now."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chemsales.rules.errors import Param, Reason
from chemsales.words import _, say
from ui import theme
from ui.actions import button
from ui.forms.date_field import DateField
from ui.text import day as written
from ui.theme import Tone
from ui.widgets.labels import Badge, PlainLabel


class AsOn(QWidget):
    """`wanted(day)` asks for the card of a day, None for now; Enter in the field asks too. Below
    the field stands what is wrong with the day."""

    wanted = Signal(object)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.field = DateField(today)
        self.field.setFixedWidth(theme.scaled(190))
        self.field.setAccessibleName(_("As on"))
        self.field.returnPressed.connect(self.ask)
        tip = _("Show the whole card as it was at the end of that day")
        self.show_button = button(_("Show"), self.ask, "link", tip)
        self.message = PlainLabel("", role="problem")
        self.message.hide()
        self.field.textChanged.connect(lambda _text: self._tell(""))
        row = QHBoxLayout()
        row.setSpacing(theme.scaled(6))
        row.addStretch(1)
        row.addWidget(PlainLabel(_("As on"), role="quiet"))
        row.addWidget(self.field)
        row.addWidget(self.show_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.scaled(2))
        column.addLayout(row)
        column.addWidget(self.message, 0, Qt.AlignmentFlag.AlignRight)

    def ask(self) -> None:
        """Ask for the card of the day that is typed; of none and of today it is the card of now. A
        day to come and what is no day stay in the field, with what is wrong."""
        typed = self.field.day()
        wrong = self.field.problem()
        if typed is not None and typed > self._today:
            params: dict[str, Param] = {"day": self._today.isoformat()}
            wrong = say(Reason("reason.day_to_come", params, "C8.1"))
        self._tell(wrong)
        if not wrong:
            self.wanted.emit(typed if typed != self._today else None)

    def _tell(self, wrong: str) -> None:
        self.message.setText(f"{theme.SIGNS[Tone.PROBLEM]} {wrong}" if wrong else "")
        self.message.setVisible(bool(wrong))
        self.field.setAccessibleDescription(wrong)
        theme.mark(self.field, "wrong", bool(wrong))

    def show_day(self, day: date | None) -> None:
        """Say which day is shown."""
        self.field.set_value(day)


class DayBanner(QWidget):
    """`show_day(day)`: that the card is of a day that is over; `now` asks for that of now."""

    now = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.badge = Badge()
        self.words = PlainLabel(_("Nothing can be changed on it."), wrap=True)
        self.back = button(_("Back to now"), self.now.emit, "link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.scaled(8))
        middle = Qt.AlignmentFlag.AlignVCenter
        row.addWidget(self.badge, 0, middle)
        row.addWidget(self.words, 1, middle)
        row.addWidget(self.back, 0, middle)
        self.hide()

    def show_day(self, day: date | None) -> None:
        """Show the banner for a day, none for now."""
        self.setVisible(day is not None)
        if day is not None:
            said = _("The card as it was on {day}", day=written(day))
            self.badge.show_status(said, Tone.SOON)
