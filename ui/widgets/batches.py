"""The grids of imports, newest first, of pick-ups and of plans."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from chemsales.queries.filtering import Kind
from chemsales.queries.offtake import BatchRow
from chemsales.rules.offtake import BatchKind, PickupKind
from chemsales.words import _, label, named
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.theme import Tone
from ui.wording import choices


def _state(row: BatchRow) -> str:
    if row.undone_at is None:
        return _("Counts")
    return _("Undone: {why}", why=row.undo_reason)


class BatchesTable(Grid):
    """One line per import, to be shown with `queries.offtake_lists.BATCHES`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        columns = [
            Column(_("No."), lambda row: row.id, number=True, field="id"),
            Column(
                _("Kind"), lambda row: label(row.kind), field="kind", choices=choices(BatchKind)
            ),
            Column(_("File"), lambda row: row.file_name, widest=26, field="file"),
            Column(
                _("State"),
                _state,
                tone=lambda row: Tone.OK if row.undone_at is None else Tone.DRAFT,
                widest=24,
                field="state",
                choices=(("counts", _("Counts")), ("undone", _("Undone"))),
            ),
            Column(_("Month"), lambda row: _(", ").join(row.months), widest=18, field="months"),
            Column(_("Rows"), lambda row: row.row_count, number=True, field="rows", summed=True),
            Column(_("Left out"), lambda row: row.rejected, number=True, field="rejected"),
            Column(_("Tonnes"), lambda row: row.total_kg, field="kg", kind=Kind.KG),
            Column(_("Imported by"), lambda row: row.imported_by_name, field="by"),
            Column(
                _("Imported at"),
                lambda row: row.imported_at,
                stretch=True,
                field="at",
                kind=Kind.INSTANT,
            ),
        ]
        super().__init__(
            columns,
            key=lambda row: row.id,
            empty=_("Nothing was imported yet."),
            name=_("Imports"),
            parent=parent,
        )


class PickupsTable(Grid):
    """One line per pick-up or return, to be shown with `queries.offtake_lists.pickups_of`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        columns = [
            Column(_("Day"), lambda row: row.day, field="day", kind=Kind.DAY),
            Column(_("Customer name"), lambda row: row.name, widest=32, stretch=True, field="name"),
            Column(_("Code"), lambda row: row.code, field="code", hidden=True),
            Column(_("Product"), lambda row: named(row.product, row.product_en), field="product"),
            Column(_("Tonnes"), lambda row: row.kg, field="kg", kind=Kind.KG),
            Column(
                _("Kind"),
                lambda row: label(row.kind),
                tone=lambda row: Tone.SOON if row.kind is PickupKind.RETURN else None,
                field="kind",
                choices=choices(PickupKind),
            ),
            Column(_("Note number"), lambda row: row.note_no, field="note"),
            Column(_("Warehouse"), lambda row: row.warehouse, field="warehouse", hidden=True),
            Column(
                _("Import no."), lambda row: row.batch_id, number=True, field="batch", hidden=True
            ),
        ]
        super().__init__(
            columns,
            key=lambda row: row.id,
            empty=_("No pick-up in this month."),
            name=_("Pick-ups"),
            parent=parent,
        )


class PlansTable(Grid):
    """One line per customer and product, to be shown with `queries.offtake_lists.plans_of`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        columns = [
            Column(_("Customer name"), lambda row: row.name, widest=32, stretch=True, field="name"),
            Column(_("Code"), lambda row: row.code, field="code", hidden=True),
            Column(_("Product"), lambda row: named(row.product, row.product_en), field="product"),
            Column(_("Planned (t)"), lambda row: row.kg, field="kg", kind=Kind.KG),
            Column(_("Short by us (t)"), lambda row: row.short_kg, field="short", kind=Kind.KG),
            Column(_("Taken (t)"), lambda row: row.taken_kg, field="taken", kind=Kind.KG),
            Column(
                _("Import no."), lambda row: row.batch_id, number=True, field="batch", hidden=True
            ),
        ]
        super().__init__(
            columns,
            key=lambda row: row.id,
            empty=_("No plan for this month yet. Import a file of plans (Ctrl+I)."),
            name=_("Plans"),
            parent=parent,
        )
