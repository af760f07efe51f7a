"""From a file to checked rows: the gate, the table, its columns, row after row (in the child)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from chemsales.exchange.columns import Columns, Layout, find_columns
from chemsales.exchange.customers import CustomerChecker
from chemsales.exchange.guard import MAX_ROWS, Format, Source, admit, too_many_rows
from chemsales.exchange.layouts import CUSTOMERS, PICKUPS, PLANS
from chemsales.exchange.matching import Finding
from chemsales.exchange.model import Cell, ImportContext
from chemsales.exchange.pickups import PickupChecker
from chemsales.exchange.plans import PlanChecker
from chemsales.exchange.tables import Raw, Table, tables
from chemsales.rules.offtake import BatchKind

_LAYOUTS: dict[BatchKind, Layout] = {
    BatchKind.PICKUPS: PICKUPS,
    BatchKind.PLANS: PLANS,
    BatchKind.CUSTOMERS: CUSTOMERS,
}


class RowChecker(Protocol):
    """What takes the rows of one kind of file."""

    findings: list[tuple[int, Finding]]
    bad: list[tuple[int, list[Raw]]]

    def row(self, number: int, cells: list[Raw]) -> Sequence[Any] | None:
        """The good row in these cells, None where there is none."""

    def fallen(self) -> list[tuple[int, Finding]]:
        """After the last row: the good rows that another one took with it, and why."""


_CHECKERS: dict[BatchKind, type[PickupChecker | PlanChecker | CustomerChecker]] = {
    BatchKind.PICKUPS: PickupChecker,
    BatchKind.PLANS: PlanChecker,
    BatchKind.CUSTOMERS: CustomerChecker,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A file under way: what it is, where its table and columns are, and who checks its rows."""

    source: Source
    table: Table
    columns: Columns
    checker: RowChecker

    def good_rows(self, size: int) -> Iterator[tuple[int, list[Sequence[Any]]]]:
        """The good rows, in pieces of `size` rows of the file, each with the number of its last."""
        take, data, count = self.checker.row, self._data(), 0
        while piece := list(islice(data, size)):
            good = [row for number, cells in piece if (row := take(number, cells)) is not None]
            count += len(good)
            if count > MAX_ROWS:
                raise too_many_rows(self.source.name, count)
            yield piece[-1][0], good

    def cells_of(self, numbers: set[int]) -> list[tuple[int, list[Cell]]]:
        """The cells of these rows as they were."""
        width = len(self.columns.headings)
        return [
            (number, plain(cells, width)) for number, cells in self._data() if number in numbers
        ]

    def _data(self) -> Iterator[tuple[int, list[Raw]]]:
        head = self.columns.header_row
        return islice(enumerate(self.table.rows(), start=1), head, None)


def open_file(path: Path, kind: BatchKind, context: ImportContext) -> Reading:
    """Admit a file and find the columns of this kind in it; DataError with reasons otherwise."""
    source = admit(path)
    table, columns = find_columns(source.name, tables(source), _LAYOUTS[kind])
    cut = source.format is Format.CSV
    checker = _CHECKERS[kind](context, columns, source.from_1904, cut)
    return Reading(source, table, columns, checker)


def plain(cells: Sequence[Raw], width: int) -> list[Cell]:
    """Cells as they can be handed back: days as ISO text, an empty cell None."""
    kept: list[Cell] = []
    for cell in cells[:width]:
        if isinstance(cell, float) and not -1e300 < cell < 1e300:
            kept.append(repr(cell))
        elif isinstance(cell, str | int | float):
            kept.append(cell if cell != "" else None)
        else:
            kept.append(str(cell).removesuffix(" 00:00:00"))
    return kept
