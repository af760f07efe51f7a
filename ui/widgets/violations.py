"""The grid of pick-ups while dealings with the customer were suspended, or it was disqualified."""

from __future__ import annotations

from chemsales.queries.filtering import Kind
from chemsales.rules.customer import CustomerStatus
from chemsales.words import _, label, named
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.widgets.licence_lists import customer_columns, kinds

ENDED = CustomerStatus.DISQUALIFIED


def violations_grid() -> Grid:
    """Violations, to be shown with `queries.violations`."""
    return Grid(
        [
            Column(_("Day"), lambda row: row.day, field="day", kind=Kind.DAY),
            *customer_columns(),
            Column(_("Product"), lambda row: named(row.product, row.product_en), field="product"),
            Column(_("Tonnes"), lambda row: row.kg, field="kg", kind=Kind.KG),
            Column(
                _("Violated"),
                lambda row: label(row.kind),
                widest=20,
                field="kind",
                choices=(*kinds(), (str(ENDED), label(ENDED))),
            ),
            Column(_("Stopped since"), lambda row: row.since, field="since", kind=Kind.DAY),
            Column(_("Note number"), lambda row: row.note_no, field="note"),
            Column(
                _("Import no."), lambda row: row.batch_id, number=True, field="batch", hidden=True
            ),
        ],
        key=lambda row: row.id,
        empty=_(
            "Nothing was picked up while dealings were suspended or the qualification cancelled."
        ),
        name=_("Violations"),
    )
