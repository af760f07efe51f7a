"""How wide the columns of a grid are: by their texts, by the room there is, or as the person
drew them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt

from ui import theme
from ui.tables.base import BaseGrid

MEASURED_ROWS = 300
LEAST = 24  # digits that a column which stretches keeps, where its texts are so wide
FITTING = 14  # ... and any text keeps, where so the columns of a wide grid need no scrolling
WIDE = 48  # digits from which on a grid is wide


class Widths(QObject):
    """Measures a grid's columns; those that a person made wider or narrower stay so (`own`)."""

    def __init__(self, grid: BaseGrid) -> None:
        super().__init__(grid)
        self.grid = grid
        self.own: dict[str, int] = {}
        self.waiting = True  # whether no row could be measured yet
        self._natural: list[int] = []
        self._brief: set[int] = set()  # columns of codes and single words, which are never cut
        self._setting = False
        grid.header.sectionResized.connect(self._resized)

    def measure(self) -> None:
        """Give each column the width of its heading and its widest text of the first rows."""
        grid = self.grid
        source = grid.source
        places = range(min(source.count(), MEASURED_ROWS))
        rows = [row for row in map(source.row, places) if row is not None]
        if self._natural and not rows:
            return
        self.waiting = not rows
        digit = grid.fontMetrics().horizontalAdvance("0")
        measure = grid.fontMetrics().horizontalAdvance
        self._natural, self._brief = [], set()
        for number, column in enumerate(grid.columns):
            needed = max((measure(column.shown(row)) for row in rows), default=0)
            if needed <= FITTING * digit:
                self._brief.add(number)
            room = theme.scaled(44 if column.tone else 22)
            room += theme.scaled(24) if grid.rows_model.ticks and number == 0 else 0
            content = min(needed, column.widest * digit) + room
            heading = grid.header.sectionSizeHint(number)
            own = self.own.get(grid.names[number])
            self._natural.append(own if own is not None else max(content, heading))
        self._set(range(len(self._natural)), self._natural)
        self.stretch()

    def forget(self) -> None:
        """Measure anew: other columns are shown, or other widths hold."""
        self._natural = []
        self.measure()

    def stretch(self) -> None:
        """Share what room is left among the columns that stretch, and what is lacking among the
        texts, whose whole is in the tooltip; where they cannot give so much it is scrolled."""
        grid, widths = self.grid, list(self._natural)
        if not widths:
            return
        shown = [n for n in range(len(widths)) if not grid.isColumnHidden(n)]
        growing = [n for n in shown if grid.columns[n].stretch and grid.names[n] not in self.own]
        left = grid.viewport().width() - sum(widths[n] for n in shown)
        digit = grid.fontMetrics().horizontalAdvance("0")
        heading = {n: grid.header.sectionSizeHint(n) for n in shown}
        room = grid.viewport().width()
        spare = {n: widths[n] - max(heading[n], FITTING * digit) for n in self._texts(shown)}
        spare = {number: extra for number, extra in spare.items() if extra > 0}
        if left < 0 and room >= WIDE * digit and sum(spare.values()) >= -left:
            for number, extra in spare.items():
                widths[number] += left * extra // sum(spare.values())
            self._set(range(len(widths)), widths)
            return
        roomy = max(FITTING * digit, min(LEAST * digit, round(0.6 * room)))
        for number in growing:
            wanted = widths[number] + left // len(growing)
            widths[number] = max(wanted, heading[number], min(widths[number], roomy))
        if grid.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            self._squeeze(widths, shown, FITTING * digit)
        elif left < 0:
            least = FITTING * digit if room >= WIDE * digit else roomy
            spare = {n: widths[n] - max(heading[n], least) for n in spare}
            self._clear_edge(widths, {n: extra for n, extra in spare.items() if extra > 0}, room)
        self._spare_scrolling(widths, shown, heading, digit)
        self._set(range(len(widths)), widths)

    def _spare_scrolling(
        self, widths: list[int], shown: Sequence[int], heading: Mapping[int, int], digit: int
    ) -> None:
        """Nothing is scrolled for less than a digit: a column gives it of the room around its
        text, the last that can."""
        over = sum(widths[n] for n in shown) - self.grid.viewport().width()
        if not 0 < over <= digit:
            return
        for number in reversed(shown):
            if self.grid.columns[number].tone is None and widths[number] - over >= heading[number]:
                widths[number] -= over
                return

    def _clear_edge(self, widths: list[int], spare: Mapping[int, int], room: int) -> None:
        """Where it is scrolled, have no badge cut at the edge: the texts before it give, or where
        little of it would be seen, the column before it takes that room."""
        grid, end = self.grid, 0
        order = [grid.header.logicalIndex(at) for at in range(grid.header.count())]
        order = [number for number in order if not grid.isColumnHidden(number)]
        for at, number in enumerate(order):
            begin, end = end, end + widths[number]
            if not (grid.columns[number].tone and begin < room < end):
                continue
            giving = {n: spare[n] for n in order[:at] if n in spare}
            if end - room <= sum(giving.values()):
                for n, extra in giving.items():
                    widths[n] -= -(-(end - room) * extra // sum(giving.values()))
            elif at and room - begin < widths[number] / 2:
                widths[order[at - 1]] += room - begin
            return

    def _squeeze(self, widths: list[int], shown: Sequence[int], least: int) -> None:
        """Where nothing is scrolled to at the side no column ends outside: the wide ones give, and
        their texts end with an ellipsis."""
        over = sum(widths[n] for n in shown) - self.grid.viewport().width()
        spare = {n: widths[n] - least for n in shown if widths[n] > least}
        if over <= 0 or not spare:
            return
        given = min(over, sum(spare.values()))
        for number, extra in spare.items():
            widths[number] -= -(-given * extra // sum(spare.values()))

    def _texts(self, shown: Sequence[int]) -> list[int]:
        """The columns whose texts may be shortened: neither numbers, days nor states, nor brief,
        nor drawn by the person."""
        grid = self.grid
        return [
            n
            for n in shown
            if grid.names[n] not in self.own
            and n not in self._brief
            and (column := grid.columns[n]).tone is None
            and column.kind is None
            and not column.number
        ]

    def _set(self, numbers: Sequence[int], widths: Sequence[int]) -> None:
        self._setting = True
        for number in numbers:
            if not self.grid.isColumnHidden(number):
                self.grid.setColumnWidth(number, widths[number])
        self._setting = False

    def _resized(self, number: int, _old: int, new: int) -> None:
        if not self._setting and new > 0 and self.grid.header.isVisible():
            self.own[self.grid.names[number]] = new
            if self._natural:
                self._natural[number] = new
