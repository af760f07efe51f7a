"""Rows of a grid that are a list in memory."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from chemsales.queries.filtering import Condition, Kind, Request, read
from chemsales.queries.listing import Total
from chemsales.rules.errors import Invalid
from ui.tables.columns import Column, Row
from ui.tables.sources import Source, name_of


class RowsSource(Source):
    """A few rows in memory, sorted and filtered in Python."""

    def __init__(
        self, columns: Sequence[Column], key: Callable[[Row], Hashable], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.columns = {name_of(columns, column): column for column in columns}
        self.key_of = key
        self.all: list[Row] = []
        self.shown: list[Row] = []

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Other rows, filtered and sorted as before."""
        self.about_to_change.emit()
        self.all = list(rows)
        self.shown = self._answer(self.request)
        self.changed.emit()

    def count(self) -> int:
        return len(self.shown)

    def key(self, at: int) -> Hashable:
        return self.key_of(self.shown[at])

    def row(self, at: int) -> Row | None:
        return self.shown[at]

    def keys(self) -> Sequence[Hashable]:
        return [self.key_of(row) for row in self.shown]

    def ask(self, request: Request, first: int = 0, kept: bool = True) -> None:
        self.about_to_change.emit()
        self.request, self.shown = request, self._answer(request)
        self.changed.emit()

    def _answer(self, request: Request) -> list[Row]:
        asked = []
        for wanted in request.filters:
            column = self.columns[wanted.name]
            with suppress(Invalid):  # the values were of another kind when it was typed
                asked.append((column, read(self.kind(column), wanted)))
        found = [row for row in self.all if _passes(row, asked) and self._has(row, request.text)]
        for sort in reversed(request.sorts):
            order = self.columns[sort.name].ordered
            known = [row for row in found if order(row) is not None]
            known.sort(key=order, reverse=sort.descending)  # type: ignore[arg-type]
            found = known + [row for row in found if order(row) is None]
        return found

    def _has(self, row: Row, text: str) -> bool:
        wanted = " ".join(text.split()).lower()
        return not wanted or any(
            wanted in column.shown(row).lower() for column in self.columns.values()
        )

    def total(
        self, column: Column, keys: Sequence[Hashable] | None, done: Callable[[Total], None]
    ) -> None:
        wanted = None if keys is None else set(keys)
        rows = [row for row in self.shown if wanted is None or self.key_of(row) in wanted]
        values: list[Any] = [column.value(row) for row in rows]
        known = [value for value in values if value is not None]
        done(Total(len(known), sum(known)))

    def counted(self, request: Request, done: Callable[[int], None]) -> None:
        done(len(self._answer(request)))

    def reader(self, keys: Sequence[Hashable] | None) -> Callable[[], Iterator[Row]]:
        wanted = None if keys is None else set(keys)
        rows = [row for row in self.shown if wanted is None or self.key_of(row) in wanted]
        return partial(iter, rows)

    def kind(self, column: Column) -> Kind:
        """The column's own kind, else that of its first known value."""
        if column.kind is not None:
            return column.kind
        if column.tone is not None:
            return Kind.CHOICE
        values = (column.compared(row) for row in self.all)
        return _kind_of(next((value for value in values if value is not None), None))

    def sortable(self, column: Column) -> bool:
        return True

    def choices(self, column: Column) -> tuple[tuple[str, str], ...]:
        if self.kind(column) is not Kind.CHOICE:
            return ()
        words = dict.fromkeys(column.shown(row) for row in self.all)
        return tuple((word, word) for word in words if word)


def _passes(row: Row, asked: Sequence[tuple[Column, Condition]]) -> bool:
    return all(condition.holds(column.compared(row)) for column, condition in asked)


def _kind_of(value: object) -> Kind:
    if isinstance(value, datetime):
        return Kind.INSTANT
    if isinstance(value, date):
        return Kind.DAY
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return Kind.NUMBER if number else Kind.TEXT
