"""Cooperation ratings of a month: rated, waiting for confirmation, confirmed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from chemsales.queries.cooperation import RatingRow, RatingState
from chemsales.words import _, label
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.theme import Tone
from ui.widgets.customer_lists import manager_columns
from ui.wording import choices

TONES = {
    RatingState.UNRATED: Tone.DRAFT,
    RatingState.WAITING: Tone.REVIEW,
    RatingState.CONFIRMED: Tone.OK,
}


def _evidence(row: RatingRow) -> str:
    return _("; ").join(
        f"{label(line.aspect)} {line.points}: {line.evidence}" for line in row.lines
    )


class RatingsTable(Grid):
    """One line per customer, to be shown with `queries.cooperation.ratings_of`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        columns = [
            Column(_("Code"), lambda row: row.code, field="code"),
            Column(_("Customer name"), lambda row: row.name, widest=28, field="name"),
            *manager_columns(),
            Column(
                _("State"),
                lambda row: label(row.state),
                tone=lambda row: TONES[row.state],
                field="state",
                choices=choices(RatingState),
            ),
            Column(_("Score"), lambda row: row.score, number=True, field="score"),
            Column(_("Evidence"), _evidence, widest=60, stretch=True, field="evidence"),
        ]
        super().__init__(
            columns,
            key=lambda row: row.customer_id,
            empty=_("No customer was accredited in this month."),
            name=_("Cooperation ratings"),
            parent=parent,
        )
