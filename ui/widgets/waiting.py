"""The grid of what waits for a person."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from chemsales.queries.approval import WaitingRow
from chemsales.queries.filtering import Kind
from chemsales.rules.approval import StageName
from chemsales.words import _, label
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.wording import case_kinds, choices, waited


class WaitingTable(Grid):
    """One line per case, to be shown with `queries.approval.waiting_of`; how long each has waited
    is said for one day."""

    def __init__(self, today: date, empty: str, parent: QWidget | None = None) -> None:
        kinds = case_kinds()
        columns = [
            Column(
                _("Waiting case"),
                lambda row: row.title,
                _title,
                widest=26,
                stretch=True,
                field="title",
            ),
            Column(
                _("Waiting"),
                lambda row: row.since,
                lambda row: waited(row.since, today),
                field="since",
                kind=Kind.INSTANT,
            ),
            Column(
                _("Kind"),
                lambda row: kinds[row.kind],
                field="kind",
                choices=tuple(kinds.items()),
                hidden=True,
            ),
            Column(_("Number"), lambda row: row.number, field="number", hidden=True),
            Column(
                _("Stage"),
                lambda row: label(row.stage),
                field="stage",
                choices=choices(StageName),
                hidden=True,
            ),
            Column(_("Round"), lambda row: row.round, number=True, field="round", hidden=True),
            Column(_("Put up by"), lambda row: row.owner_name, field="owner", hidden=True),
            Column(_("Signed for"), lambda row: row.principal_name, field="principal", hidden=True),
        ]
        super().__init__(
            columns,
            key=lambda row: row.case_id,
            empty=empty,
            name=_("Waiting cases"),
            parent=parent,
        )


def _title(row: WaitingRow) -> str:
    """What waits, and behind it for whom: names stay apart in a narrow column."""
    if not row.principal_name:
        return row.title
    return " · ".join((row.title, _("for {principal}", principal=row.principal_name)))
