"""What a grid puts on the clipboard: the visible columns of the selected rows as raw values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from PySide6.QtGui import QGuiApplication

from chemsales.words import _
from ui.tables.base import BaseGrid
from ui.tables.columns import Column, Row, plain


def visible_columns(grid: BaseGrid) -> list[Column]:
    """The columns as they stand on the window, hidden ones left out."""
    places = [grid.header.logicalIndex(at) for at in range(grid.header.count())]
    return [grid.columns[at] for at in places if not grid.isColumnHidden(at)]


def copy(grid: BaseGrid, headings: bool) -> None:
    """Copy the selected rows, or the current one; rows that are not here are read first."""
    columns, source = visible_columns(grid), grid.source
    places = [at for top, end in grid.selected_ranges() for at in range(top, end + 1)]
    if not places and grid.currentIndex().isValid():
        places = [grid.currentIndex().row()]
    rows = [row for at in places if (row := source.row(at)) is not None]
    if len(rows) == len(places) or grid.context is None:
        _put(lines(columns, rows, headings))
        return
    source.when_whole(partial(_copy_places, grid, places, headings))


def _copy_places(grid: BaseGrid, places: Sequence[int], headings: bool) -> None:
    """Read the rows in these places, then copy them."""
    assert grid.context is not None
    keys = grid.source.keys()
    reader = grid.source.reader([keys[at] for at in places])
    grid.context.jobs.read(
        partial(_read, visible_columns(grid), reader, headings),
        done=_put,
        title=_("Copying"),
        channel=("copy", id(grid)),
    )


def _read(columns: Sequence[Column], reader: Callable[[], Iterator[Row]], headings: bool) -> str:
    return lines(columns, reader(), headings)


def _put(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def lines(columns: Sequence[Column], rows: Iterable[Row], headings: bool) -> str:
    """The rows as tab-separated lines of raw values: plain numbers, ISO days."""
    found = [[column.title for column in columns]] if headings else []
    found += [[plain(column.raw(row)) for column in columns] for row in rows]
    return "\n".join("\t".join(_cell(value) for value in line) for line in found)


def _cell(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ").replace("\r", "")
