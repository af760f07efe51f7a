"""The imports, newest first: what each brought, and whether it still counts."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from chemsales.queries.offtake import BatchRow
from chemsales.rules.numbers import format_tonnes
from chemsales.words import _, label
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.text import when
from ui.theme import Tone


def _state(row: BatchRow) -> str:
    if row.undone_at is None:
        return _("Counts")
    return _("Undone: {why}", why=row.undo_reason)


class BatchesTable(Grid):
    """One line per import."""

    def __init__(self, parent: QWidget | None = None) -> None:
        columns = [
            Column(_("No."), lambda row: row.id, number=True),
            Column(_("Kind"), lambda row: label(row.kind)),
            Column(_("File"), lambda row: row.file_name, widest=26),
            Column(_("Month"), lambda row: _(", ").join(row.months), widest=18),
            Column(_("Rows"), lambda row: row.row_count, number=True),
            Column(_("Left out"), lambda row: row.rejected, number=True),
            Column(
                _("Tonnes"),
                lambda row: row.total_kg,
                lambda row: format_tonnes(row.total_kg),
                number=True,
            ),
            Column(_("Imported by"), lambda row: row.imported_by_name),
            Column(_("Imported at"), lambda row: when(row.imported_at)),
            Column(
                _("State"),
                _state,
                tone=lambda row: Tone.OK if row.undone_at is None else Tone.DRAFT,
                widest=24,
                stretch=True,
            ),
        ]
        super().__init__(
            columns,
            key=lambda row: row.id,
            empty=_("Nothing was imported yet."),
            name=_("Imports"),
            parent=parent,
        )
