"""The grid of exclusive agents with their licences."""

from __future__ import annotations

from chemsales.queries.filtering import Kind
from chemsales.rules.agent_licences import AgentState
from chemsales.words import _, label, named
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.theme import Tone
from ui.widgets.licence_lists import customer_columns
from ui.wording import choices

TONES = {
    AgentState.MISSING: Tone.PROBLEM,
    AgentState.ENDING: Tone.SOON,
    AgentState.LICENSED: Tone.OK,
}


def agents_grid() -> Grid:
    """Exclusive agents, to be shown with `queries.agent_licences.agents_of`; rows are ticked."""
    return Grid(
        [
            *customer_columns(),
            Column(
                _("Product group"),
                lambda row: named(row.group_name, row.group_name_en),
                field="group",
            ),
            Column(_("Sales region"), lambda row: row.region, widest=20, field="region"),
            Column(
                _("State"),
                lambda row: label(row.state),
                tone=lambda row: TONES[row.state],
                field="state",
                choices=choices(AgentState),
            ),
            Column(_("Licence no."), lambda row: row.number, field="number"),
            Column(_("Valid from"), lambda row: row.from_day, field="from", kind=Kind.DAY),
            Column(_("Valid to"), lambda row: row.to_day, field="to", kind=Kind.DAY),
            Column(_("Agent since"), lambda row: row.since, field="since", kind=Kind.DAY),
            Column(
                _("Account manager"), lambda row: row.manager_name, field="manager", hidden=True
            ),
        ],
        key=lambda row: row.id,
        ticks=True,
        empty=_("No customer is an exclusive agent."),
        name=_("Exclusive agents"),
    )
