"""A field for a day, typed fast and read by the one parser of rules/days.py."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QVBoxLayout, QWidget

from chemsales.rules.days import months_on, parse_day
from chemsales.rules.errors import Invalid
from chemsales.words import _, say
from ui import theme

STEPS = {  # the key, and by how many days and months it moves
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
    Qt.Key.Key_PageUp: (0, 1),
    Qt.Key.Key_PageDown: (0, -1),
}


def weekday_name(day: date) -> str:
    """The weekday as a word."""
    names = (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )
    return names[day.weekday()]


class DateField(QLineEdit):
    """`day()` is the day typed or None; `set_day`. What is understood stands in grey at the right
    while typing ("= 2026-07-09 Thursday"), and is written out when the field is left.

    Up and Down move by a day, Page keys by a month, Ctrl+; puts today in; the button opens a
    calendar. `today` is the business date that t, +7 and years left out refer to.
    """

    day_changed = Signal(object)  # date or None

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.today = today
        self._calendar: QWidget | None = None
        self.setPlaceholderText(_("YYYY-MM-DD"))
        opener = QAction(_calendar_icon(), _("Choose from a calendar"), self)
        opener.triggered.connect(lambda _checked=False: self.open_calendar())
        self.addAction(opener, QLineEdit.ActionPosition.TrailingPosition)
        self.textChanged.connect(self._on_text)
        self.editingFinished.connect(self._write_out)
        self.setMinimumWidth(
            self.fontMetrics().horizontalAdvance("0000-00-00 ") + theme.scaled(100)
        )

    def day(self) -> date | None:
        """The day typed, None where nothing or no day is typed."""
        try:
            return parse_day(self.text(), self.today)
        except Invalid:
            return None

    def set_day(self, day: date | None) -> None:
        """Show this day; None empties the field."""
        self.setText("" if day is None else day.isoformat())

    def value(self) -> date | None:
        """`day`, as forms ask for it."""
        return self.day()

    def set_value(self, value: date | None) -> None:
        """`set_day`, as forms set it."""
        self.set_day(value)

    def problem(self) -> str:
        """What is wrong with the text, "" where it is a day or empty."""
        if not self.text().strip():
            return ""
        try:
            parse_day(self.text(), self.today)
        except Invalid as refused:
            return say(refused.reasons[0])
        return ""

    def echo(self) -> str:
        """What was understood, "" where nothing is."""
        day = self.day()
        if day is None:
            return ""
        name = weekday_name(day)
        return name if self.text() == day.isoformat() else f"= {day.isoformat()} {name}"

    def step(self, days: int, months: int) -> None:
        """Move on from the day typed, or from today; not beyond the days that can be typed."""
        begin = self.day() or self.today
        try:
            day = months_on(begin, months) + timedelta(days=days)
            self.set_day(parse_day(day.isoformat(), self.today))
        except (ValueError, OverflowError, Invalid):
            return

    def open_calendar(self) -> None:
        """Open a month to choose a day from."""
        popup = QWidget(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget(popup)
        calendar.setGridVisible(False)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setMinimumSize(theme.scaled(320), theme.scaled(270))
        quiet = calendar.weekdayTextFormat(Qt.DayOfWeek.Monday)
        quiet.setForeground(QColor(theme.tokens().quiet))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day, quiet)
        shown = self.day() or self.today
        calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)

        def take(chosen: QDate) -> None:
            self.set_day(date(chosen.year(), chosen.month(), chosen.day()))
            self.editingFinished.emit()
            popup.close()

        calendar.clicked.connect(take)
        calendar.activated.connect(take)
        layout = QVBoxLayout(popup)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(calendar)
        popup.move(self.mapToGlobal(QPoint(0, self.height())))
        popup.show()
        calendar.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if self.isReadOnly():
            super().keyPressEvent(event)
        elif event.key() in STEPS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.step(*STEPS[Qt.Key(event.key())])
        elif control and event.key() == Qt.Key.Key_Semicolon:
            self.set_day(self.today)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        echo = self.echo()
        if not echo:
            return
        room = self.rect().adjusted(0, 0, -theme.scaled(28), 0)
        used = self.fontMetrics().horizontalAdvance(self.text() + "  ") + theme.scaled(10)
        if used + self.fontMetrics().horizontalAdvance(echo) <= room.width():
            painter = QPainter(self)
            painter.setPen(QPen(self.palette().placeholderText().color()))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, side, echo)
            painter.end()

    def _on_text(self) -> None:
        self.setToolTip(self.echo())  # also where the field is too narrow for it
        self.day_changed.emit(self.day())

    def _write_out(self) -> None:
        day = self.day()
        if day is not None and self.text() != day.isoformat() and not self.isReadOnly():
            self.set_day(day)


def _calendar_icon() -> QIcon:
    """A small calendar sheet in the colour of quiet text."""
    side = 32
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    quiet = QColor(theme.tokens().quiet)
    painter.setPen(QPen(quiet, 2.4))
    painter.drawRoundedRect(4, 7, 24, 21, 3, 3)
    painter.drawLine(4, 13, 28, 13)
    for x in (10, 22):
        painter.drawLine(x, 4, x, 9)
    painter.setBrush(quiet)
    for x in (9, 15, 21):
        painter.drawRect(x, 18, 2, 2)
    painter.end()
    return QIcon(picture)
