"""Exporting what a grid shows: its rows in order, its visible columns in order, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event

from chemsales.exchange.table import Value, write_csv, write_xlsx
from chemsales.rules.errors import DataError, Reason
from chemsales.words import _
from ui import files
from ui.context import Context
from ui.tables.base import BaseGrid
from ui.tables.columns import Column, Row
from ui.tables.copying import visible_columns

FORMATS = {".xlsx": write_xlsx, ".csv": write_csv}


class Stopped(Exception):
    """The person cancelled; a cancelled read delivers nothing."""


def ask(grid: BaseGrid, context: Context, name: str, today: date, suffix: str) -> None:
    """Ask where to, then export."""
    files.choose_place(
        grid.window(),
        _("Export this list"),
        f"{name} {today.isoformat()}{suffix}",
        _("Workbook") if suffix == ".xlsx" else _("CSV file"),
        partial(export, grid, context),
    )


def export(grid: BaseGrid, context: Context, path: Path) -> None:
    """Write the rows as shown into a workbook or CSV file, off the window's thread."""
    grid.source.when_whole(partial(_export, grid, context, path))


def _export(grid: BaseGrid, context: Context, path: Path) -> None:
    context.jobs.read(
        write,
        visible_columns(grid),
        grid.source.reader(None),
        path,
        grid.source.count(),
        done=partial(_said, context, path),
        title=_("Exporting {name}", name=path.name),
        control=True,
    )


def _said(context: Context, path: Path, count: int) -> None:
    context.said.emit(_("Saved as {name}: {count} rows", name=path.name, count=f"{count:,}"))


def write(
    columns: Sequence[Column],
    reader: Callable[[], Iterator[Row]],
    path: Path,
    total: int,
    *,
    cancel: Event,
    progress: Callable[[int, int], None],
) -> int:
    """Write rows with raw values; how many they were. DataError where the file cannot be."""
    written = 0

    def lines() -> Iterator[list[Value]]:
        nonlocal written
        for row in reader():
            if cancel.is_set():
                raise Stopped
            written += 1
            if written % 1000 == 0:
                progress(written, total)
            yield [column.raw(row) for column in columns]  # type: ignore[misc]

    try:
        FORMATS[path.suffix.lower()]([column.title for column in columns], lines(), path)
    except KeyError as error:
        raise DataError(Reason("reason.export_format", {"file": path.name})) from error
    except OSError as error:
        params = {"file": path.name, "why": error.strerror or ""}
        raise DataError(Reason("reason.file_not_written", params)) from error
    return written
