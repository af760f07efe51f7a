"""The line under a grid: how many rows, how many selected, and their sum, average and count."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from chemsales.queries.listing import Total
from chemsales.words import _
from ui.tables.base import BaseGrid
from ui.tables.columns import Column
from ui.widgets.labels import PlainLabel

PAUSE_MS = 60


class Status(PlainLabel):
    """Follows the rows and the selection of a grid."""

    def __init__(self, grid: BaseGrid, parent: QWidget | None = None) -> None:
        super().__init__("", role="quiet", parent=parent)
        self.grid = grid
        self._number = 0
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.count)
        grid.shown.connect(self.count)
        grid.picked.connect(self._pause.start)
        self.setText(self._rows())

    def _rows(self) -> str:
        return _("Rows: {count}", count=f"{self.grid.source.count():,}")

    def column(self) -> Column | None:
        """The column that is summed: the current one, else the first visible that can be."""
        grid = self.grid
        places = [grid.header.logicalIndex(at) for at in range(grid.header.count())]
        current = grid.currentIndex().column()
        for at in ([current] if current >= 0 else []) + places:
            if grid.columns[at].sums and not grid.isColumnHidden(at):
                return grid.columns[at]
        return None

    def count(self) -> None:
        """Count and sum now."""
        self._number += 1
        grid = self.grid
        selected, column = grid.selected_count(), self.column()
        self.setText(self._rows())
        if selected < 2:
            return
        self.setText(self._selected(selected))
        if column is not None:
            grid.source.when_whole(partial(self._sum, self._number, selected, column))

    def _sum(self, number: int, selected: int, column: Column) -> None:
        """Sum a column of the selected rows, if they still are."""
        grid = self.grid
        if number == self._number:
            keys = None if selected == grid.source.count() else grid.selected_keys()
            grid.source.total(column, keys, partial(self._tell, number, selected, column))

    def _selected(self, selected: int) -> str:
        return _("{rows} · selected: {count}", rows=self._rows(), count=f"{selected:,}")

    def _tell(self, number: int, selected: int, column: Column, total: Total) -> None:
        if number != self._number or not total.count:
            return
        average = Decimal(total.sum) / total.count
        self.setText(
            _(
                "{selected} · {column}: sum {sum}, average {average}, values {count}",
                selected=self._selected(selected),
                column=column.title,
                sum=column.sum_text(total.sum),
                average=column.sum_text(average),
                count=f"{total.count:,}",
            )
        )
