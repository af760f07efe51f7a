"""Cooperation ratings of a month: rated, waiting for confirmation, confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from chemsales.queries.cooperation import RatingRow
from chemsales.words import _, label
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.theme import Tone


def rating_state(row: RatingRow) -> str:
    """How a rating stands."""
    if row.rating_id is None:
        return _("Not rated")
    return _("Confirmed") if row.confirmed_by else _("To be confirmed")


def _tone(row: RatingRow) -> Tone:
    if row.rating_id is None:
        return Tone.DRAFT
    return Tone.OK if row.confirmed_by else Tone.REVIEW


def _evidence(row: RatingRow) -> str:
    return _("; ").join(
        f"{label(line.aspect)} {line.points}: {line.evidence}" for line in row.lines
    )


class RatingsTable(Grid):
    """One line per customer; `people` are names by login."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.people: Mapping[str, str] = {}
        columns = [
            Column(_("Code"), lambda row: row.code, field="code"),
            Column(_("Customer name"), lambda row: row.name, widest=28, field="name"),
            Column(
                _("Account manager"),
                lambda row: self.people.get(row.manager, row.manager),
                field="manager",
            ),
            Column(_("State"), rating_state, tone=_tone, field="state"),
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
