"""What the import dialog and the pages of tonnage ask of queries and services, off the window's
thread."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from chemsales import exchange
from chemsales.exchange import Preview
from chemsales.exchange.worker import Progress
from chemsales.queries import offtake
from chemsales.rules.errors import DataError, Reason
from chemsales.rules.offtake import BatchKind
from chemsales.services.session import Session


def preview(
    session: Session, path: Path, kind: BatchKind, *, cancel: Event, progress: Progress
) -> Preview:
    """Read and check a file; nothing is written."""
    context = offtake.import_context(session.actor, session.today())
    return exchange.preview(path, kind, context, cancel, progress)


def write_bad_rows(preview: Preview, path: Path) -> Path:
    """Save the rows that cannot be imported as a workbook to correct; DataError where it cannot."""
    try:
        exchange.write_bad_rows(preview, path)
    except OSError as error:
        params = {"file": path.name, "why": error.strerror or ""}
        raise DataError(Reason("reason.file_not_written", params)) from error
    return path
