"""The grid of pick-ups on days on which dealings with the customer were suspended."""

from __future__ import annotations

from chemsales.queries.filtering import Kind
from chemsales.words import _, named
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.widgets.licence_lists import customer_columns, kind_column, since_column


def violations_grid() -> Grid:
    """Violations, to be shown with `queries.violations`."""
    return Grid(
        [
            Column(_("Day"), lambda row: row.day, field="day", kind=Kind.DAY),
            *customer_columns(),
            Column(_("Product"), lambda row: named(row.product, row.product_en), field="product"),
            Column(_("Tonnes"), lambda row: row.kg, field="kg", kind=Kind.KG),
            kind_column(),
            since_column(),
            Column(_("Note number"), lambda row: row.note_no, field="note"),
            Column(
                _("Import no."), lambda row: row.batch_id, number=True, field="batch", hidden=True
            ),
        ],
        key=lambda row: row.id,
        empty=_("Nothing was picked up while dealings were suspended."),
        name=_("Violations"),
    )
