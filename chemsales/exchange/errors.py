"""What is wrong in a file as a workbook to correct."""

from __future__ import annotations

from pathlib import Path

from chemsales.exchange.model import Preview
from chemsales.exchange.table import write_xlsx
from chemsales.words import _, describe


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
