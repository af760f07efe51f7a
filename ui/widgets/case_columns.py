"""The columns that lists of cases share."""

from __future__ import annotations

from collections.abc import Collection

from chemsales.rules.approval import StageName
from chemsales.words import _, label
from ui.tables.columns import Column
from ui.wording import case_kinds, choices


def case_columns(shown: Collection[str]) -> dict[str, Column]:
    """Kind, number, stage, round and who put it up, by name; those not `shown` are hidden until
    the person chooses them."""
    kinds = case_kinds()

    def hidden(name: str) -> bool:
        return name not in shown

    return {
        "kind": Column(
            _("Kind"),
            lambda row: kinds[row.kind],
            field="kind",
            choices=tuple(kinds.items()),
            hidden=hidden("kind"),
        ),
        "number": Column(
            _("Number"), lambda row: row.number, field="number", hidden=hidden("number")
        ),
        "stage": Column(
            _("Stage"),
            lambda row: label(row.stage),
            field="stage",
            choices=choices(StageName),
            hidden=hidden("stage"),
        ),
        "round": Column(
            _("Round"), lambda row: row.round, number=True, field="round", hidden=hidden("round")
        ),
        "owner": Column(
            _("Put up by"), lambda row: row.owner_name, field="owner", hidden=hidden("owner")
        ),
    }
