"""What is wrong in a file, in words: as sentences that name row and column, and as a workbook."""

from __future__ import annotations

from pathlib import Path

from chemsales.exchange.model import Preview
from chemsales.exchange.table import write_xlsx
from chemsales.rules.errors import Problem
from chemsales.words import _, say


def describe(problem: Problem) -> str:
    """A problem as one sentence that names its row and column, in the reader's language."""
    row, _colon, column = problem.place.partition(":")
    text = say(problem.reason)
    if not row:
        return text
    if not column:
        return _("Row {row}: {text}", row=row, text=text)
    return _('Row {row}, column "{column}": {text}', row=row, column=column, text=text)


def write_bad_rows(preview: Preview, path: Path) -> None:
    """Hand the bad rows back as a workbook to correct: the columns as they were, and what is wrong.

    The headings stay as they were, so that the corrected file can be imported; the column of
    problems means nothing to the import. OSError where the file cannot be written.
    """
    rows = (
        (*bad.cells, "\n".join(describe(p) for p in preview.problems_of(bad.row)))
        for bad in preview.bad
    )
    write_xlsx((*preview.headings, _("What is wrong")), rows, path)
