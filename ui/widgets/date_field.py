"""A field for a day that reads what people type fast: 0709, 7-9, 20260709, 2026年7月9日, t, +7,
-1m, e."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QVBoxLayout, QWidget

from chemsales.words import _
from ui import theme

_FULL = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
_SHORT = re.compile(r"(\d{1,2})[-./月](\d{1,2})日?")
_STEP = re.compile(r"([+-])(\d{1,4})([dm月日天]?)")


def parse_day(text: str, today: date) -> date | None:
    """The day that `text` means seen from `today`, None where it means none.

    A month and day without a year are of this year. Full-width digits and signs are read too.
    """
    typed = unicodedata.normalize("NFKC", text).strip().replace(" ", "").lower()
    if typed in ("t", "今", "今天", "today"):
        return today
    if typed in ("e", "月末"):
        return today.replace(day=monthrange(today.year, today.month)[1])
    if found := _STEP.fullmatch(typed):
        return _stepped(today, int(found[1] + found[2]), found[3] in ("m", "月"))
    if re.fullmatch(r"\d{8}", typed):
        return _day(int(typed[:4]), int(typed[4:6]), int(typed[6:]))
    if re.fullmatch(r"\d{4}", typed):
        return _day(today.year, int(typed[:2]), int(typed[2:]))
    if found := _FULL.fullmatch(typed):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _SHORT.fullmatch(typed):
        return _day(today.year, int(found[1]), int(found[2]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _stepped(day: date, step: int, months: bool) -> date | None:
    try:
        if not months:
            return day + timedelta(days=step)
        year, month = divmod(day.year * 12 + day.month - 1 + step, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return None


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
    """`day()` is the day typed or None; `set_day`. What is understood is written out as 2026-07-09
    when the field is left, and its weekday stands in grey at the right while typing.

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
        self.textChanged.connect(lambda _text: self.day_changed.emit(self.day()))
        self.editingFinished.connect(self._write_out)
        self.setMinimumWidth(
            self.fontMetrics().horizontalAdvance("0000-00-00 ") + theme.scaled(100)
        )

    def day(self) -> date | None:
        """The day typed, None where nothing or no day is typed."""
        return parse_day(self.text(), self.today)

    def set_day(self, day: date | None) -> None:
        """Show this day; None empties the field."""
        self.setText("" if day is None else day.isoformat())

    def problem(self) -> str:
        """What is wrong with the text, "" where it is a day or empty."""
        if not self.text().strip() or self.day() is not None:
            return ""
        return _("This is not a day. Type for example 2026-07-09, 0709 or +7.")

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
        steps = {
            Qt.Key.Key_Up: (1, False),
            Qt.Key.Key_Down: (-1, False),
            Qt.Key.Key_PageUp: (1, True),
            Qt.Key.Key_PageDown: (-1, True),
        }
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if self.isReadOnly():
            super().keyPressEvent(event)
        elif event.key() in steps and not event.modifiers():
            step, months = steps[Qt.Key(event.key())]
            self.set_day(_stepped(self.day() or self.today, step, months))
        elif control and event.key() == Qt.Key.Key_Semicolon:
            self.set_day(self.today)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        day = self.day()
        if day is None:
            return
        echo = weekday_name(day)
        if self.text() != day.isoformat():
            echo = f"= {day.isoformat()} {echo}"
        room = self.rect().adjusted(0, 0, -theme.scaled(28), 0)
        used = self.fontMetrics().horizontalAdvance(self.text() + "  ") + theme.scaled(10)
        if used + self.fontMetrics().horizontalAdvance(echo) <= room.width():
            painter = QPainter(self)
            painter.setPen(QPen(self.palette().placeholderText().color()))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, side, echo)
            painter.end()

    def _write_out(self) -> None:
        day = self.day()
        if day is not None and self.text() != day.isoformat():
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
