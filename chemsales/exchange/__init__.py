"""Workbooks and CSV files: reading, checking, error reports, table export."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from threading import Event

from chemsales.exchange import worker
from chemsales.exchange.errors import write_bad_rows as write_bad_rows
from chemsales.exchange.model import BadRow as BadRow
from chemsales.exchange.model import Cancelled as Cancelled
from chemsales.exchange.model import ImportContext as ImportContext
from chemsales.exchange.model import Preview as Preview
from chemsales.rules.offtake import BatchKind
from chemsales.words import describe as describe


def preview(
    path: str | PathLike[str],
    kind: BatchKind | str,
    context: ImportContext,
    cancel: Event | None = None,
    progress: worker.Progress | None = None,
) -> Preview:
    """Read and check a workbook or CSV file in a child process; nothing is written.

    `progress` hears (rows read, rows in all) in the caller's thread;
    setting `cancel` from another thread stops within a second and raises Cancelled. DataError with
    its reasons where the file as a whole is refused (see guard.admit and columns.find_columns);
    what is wrong with single rows stands in the preview.
    """
    return worker.run(Path(path), BatchKind(kind), context, cancel, progress)
