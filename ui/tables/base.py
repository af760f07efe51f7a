"""What every part of a grid works with: the model, the request, the selection."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QTableView, QWidget

from chemsales.queries.filtering import Filter, Request, Sort, read
from chemsales.rules.errors import Invalid
from ui.context import Context
from ui.tables.columns import Column, Row
from ui.tables.header import GridHeader
from ui.tables.model import GridModel, Index, TickModel
from ui.tables.sources import ListSource, without


class BaseGrid(QTableView):
    """A table view over a GridModel with requests and a selection of whole rows."""

    asked = Signal()  # another request: search, filters or sort keys
    shown = Signal()  # other rows, or another order
    picked = Signal()  # another selection
    misread = Signal(str, object)  # name of a column, Invalid or None: whether its filter is read

    def __init__(
        self,
        columns: Sequence[Column],
        key: Callable[[Row], Hashable],
        ticks: bool,
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self.rows_model = (TickModel if ticks else GridModel)(columns, key, self)
        self.header = GridHeader(self.rows_model.names, self)
        self.context: Context | None = None
        self.frozen = False  # whether the first column stays in sight
        self._same = False  # whether the rows that come answer the request shown already
        self.setHorizontalHeader(self.header)
        self.setModel(self.rows_model)
        # painting a heading would ask the flags of every selected cell, whether all are selected
        self.header.setSelectionModel(QItemSelectionModel(self.rows_model, self.header))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus chooses nothing: Qt makes the first row current, if rows are there by then."""
        before = self.currentIndex()
        if before.isValid():
            super().focusInEvent(event)
            return
        with QSignalBlocker(self.selectionModel()):
            super().focusInEvent(event)
            self.selectionModel().setCurrentIndex(
                before, QItemSelectionModel.SelectionFlag.NoUpdate
            )

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Paint again what is seen: Qt would paint all of it for rows that are not."""
        bottom = self.rowAt(self.viewport().height() - 1)
        if last.row() >= self.rowAt(0) and (bottom < 0 or first.row() <= bottom):
            super().dataChanged(first, last, roles)

    @property
    def source(self) -> Any:
        """Where the rows come from: a RowsSource or a ListSource."""
        return self.rows_model.source

    @property
    def columns(self) -> list[Column]:
        """The columns in the order they were given."""
        return self.rows_model.columns

    @property
    def names(self) -> list[str]:
        """The names of the columns, in the same order."""
        return self.rows_model.names

    @property
    def request(self) -> Request:
        """What is searched, filtered and sorted by now."""
        request: Request = self.source.request
        return request

    def freeze(self, frozen: bool) -> None:
        """Keep the first column in sight when the others are scrolled sideways, or not."""
        raise NotImplementedError

    # -- asking ------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read a list query again."""
        if isinstance(self.source, ListSource):
            self._ask(self.request, same=True)

    def ask(self, request: Request) -> None:
        """Search, filter and sort by this; the view goes to the top.

        A filter that cannot be read is told by `misread`, and nothing else happens.
        """
        request = without(request, self.names)
        wrong = False
        for wanted in request.filters:
            error = self._misread(wanted)
            wrong = wrong or error is not None
            self.misread.emit(wanted.name, error)
        if not wrong and request != self.request:
            self._ask(request, same=False)

    def _misread(self, wanted: Filter) -> Invalid | None:
        column = self.columns[self.names.index(wanted.name)]
        try:
            read(self.source.kind(column), wanted)
        except Invalid as error:
            return error
        return None

    def _ask(self, request: Request, same: bool) -> None:
        self._same = same
        kept = same or self.currentIndex().isValid() or bool(self.selected_ranges())
        self.source.ask(request, self.rowAt(0) if same else 0, kept)
        self.header.show_sorts(self.request.sorts)
        self.asked.emit()

    def search(self, text: str) -> None:
        """Show the rows that contain this text."""
        self.ask(Request(text, self.request.filters, self.request.sorts))

    def sort_by(self, *sorts: Sort) -> None:
        """Sort by these keys; none: the list's own order."""
        self.ask(Request(self.request.text, self.request.filters, sorts))

    def clear_filters(self) -> None:
        """Show every row, sorted as now."""
        self.ask(Request(sorts=self.request.sorts))

    def filter_by(self, wanted: Filter) -> None:
        """Filter one column; a filter without text and choices shows all."""
        if not wanted.text.strip():
            self.misread.emit(wanted.name, None)
        self.ask(self.request.filtered(wanted))

    # -- rows and selection ------------------------------------------------------------------------

    def row(self) -> Row | None:
        """The current row, None where there is none or it is not here yet."""
        index = self.currentIndex()
        return self.source.row(index.row()) if index.isValid() else None

    def selected_ranges(self) -> list[tuple[int, int]]:
        """The selected rows as first and last numbers, from top to bottom."""
        merged: list[tuple[int, int]] = []
        parts = sorted((part.top(), part.bottom()) for part in self.selectionModel().selection())
        for top, bottom in parts:
            if merged and top <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(bottom, merged[-1][1]))
            else:
                merged.append((top, bottom))
        return merged

    def selected_count(self) -> int:
        """How many rows are selected."""
        return sum(bottom - top + 1 for top, bottom in self.selected_ranges())

    def selected_keys(self) -> list[Hashable]:
        """The keys of the selected rows, from top to bottom."""
        keys = self.source.keys()
        return [key for top, end in self.selected_ranges() for key in keys[top : end + 1]]
