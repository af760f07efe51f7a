"""The tonnes of next month's plan that hang on papers which end, week by week: bars above their
table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries.filtering import Kind
from chemsales.queries.licence_horizon import HorizonRow
from chemsales.rules.numbers import format_tonnes
from chemsales.words import _
from ui import theme
from ui.actions import button
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.text import day
from ui.theme import Tone
from ui.widgets.labels import EmptyState, PlainLabel

HIGH = 190  # at 100 %


def week_words(row: HorizonRow) -> str:
    """Which week a row is: the day it begins."""
    return _("ended") if row.first is None else day(row.first)


class HorizonChart(QWidget):
    """`show_rows(rows)`: a bar for each week, its tonnes above it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[HorizonRow] = ()
        self.setMinimumHeight(theme.scaled(HIGH))
        self.setAccessibleName(_("Tonnes that hang on papers which end, by week"))

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(600), theme.scaled(HIGH))

    def show_rows(self, rows: Sequence[HorizonRow]) -> None:
        """Show these weeks."""
        self.rows = rows
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.rows:
            return
        painter, tokens = QPainter(self), theme.tokens()
        line = self.fontMetrics().height()
        top, bottom = line * 1.4, self.height() - line * 1.4
        most = max(row.kg for row in self.rows) or 1
        width = self.width() / len(self.rows)
        centre = Qt.AlignmentFlag.AlignCenter
        for at, row in enumerate(self.rows):
            left, tall = at * width, (bottom - top) * row.kg / most
            tone = Tone.PROBLEM if row.first is None else Tone.SOON
            bar = QRectF(left + width * 0.2, bottom - tall, width * 0.6, tall)
            painter.fillRect(bar, QColor(tokens.tones[tone][0]))
            painter.setPen(QColor(tokens.text))
            if row.kg:
                above = QRectF(left, bottom - tall - line * 1.2, width, line)
                painter.drawText(above, centre, f"{row.kg // 1000:,}")
            painter.setPen(QColor(tokens.quiet))
            week = week_words(row)
            short = week if row.first is None else week[5:]  # month and day
            painter.drawText(QRectF(left, bottom + 2, width, line * 1.2), centre, short)
        painter.setPen(QColor(tokens.line))
        painter.drawLine(0, int(bottom), self.width(), int(bottom))
        painter.end()


class HorizonView(QWidget):
    """`show_rows(rows, month, planned)`: what they find, in one line, the bars, and their table; or
    that the month has no plan, and what to do. `wanted` asks for the place where it is imported."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said = PlainLabel("", role="section", wrap=True)
        self.chart = HorizonChart()
        self.table = Grid(
            [
                Column(_("Week from"), lambda row: row.week, week_words),
                Column(_("To"), lambda row: row.last),
                Column(_("Customers"), lambda row: row.customers, number=True),
                Column(_("Planned (t)"), lambda row: row.kg, kind=Kind.KG),
            ],
            key=lambda row: row.week,
            empty=_("No plan for this month yet. Import a file of plans (Ctrl+I)."),
            name=_("Planned tonnes by the week in which a paper ends"),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.scaled(8), 0, 0)
        column.addWidget(self.said)
        column.addWidget(self.chart)
        column.addWidget(self.table, 1)
        self.none = EmptyState(action=button(_("Go to plans and months"), self.wanted.emit))
        column.addWidget(self.none, 1)
        self._show_planned(True)

    def _show_planned(self, planned: bool) -> None:
        for part in (self.said, self.chart, self.table):
            part.setVisible(planned)
        self.none.setVisible(not planned)

    def show_rows(self, rows: Sequence[HorizonRow], month: str, planned: bool) -> None:
        """Show these weeks of the plan of a month, or that there is none."""
        said = _(
            "{tonnes} t of the plan of {month} hang on papers that have ended or end within "
            "{weeks} weeks.",
            tonnes=format_tonnes(sum(row.kg for row in rows)),
            month=month,
            weeks=len(rows) - 1,
        )
        none = _(
            "There is no plan for {month} yet, so that no tonnes hang on any paper. Once it is "
            "imported, they stand here by the week in which the papers end.",
            month=month,
        )
        self._show_planned(planned)
        self.said.setText(said)
        self.none.set_text(none)
        self.chart.show_rows(rows)
        self.table.set_rows(rows)
