"""The grid of exclusive agents with their licences."""

from __future__ import annotations

from chemsales.queries.agent_licences import AgentRow
from chemsales.queries.filtering import Kind
from chemsales.rules.agent_licences import AgentState
from chemsales.words import _, label, named, say
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.theme import Tone
from ui.widgets.licence_lists import customer_columns
from ui.wording import choices

MOST_TOLD = 3  # of one agent's overlaps
TONES = {
    AgentState.MISSING: Tone.PROBLEM,
    AgentState.ENDING: Tone.SOON,
    AgentState.LICENSED: Tone.OK,
}


def overlap_words(row: AgentRow) -> str:
    """With which agents a region overlaps, the first of them in words; "" with none."""
    said = [say(each) for each in row.overlaps[:MOST_TOLD]]
    left = len(row.overlaps) - MOST_TOLD
    return "\n".join(said + ([_("… and {count} more", count=left)] if left > 0 else []))


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
            Column(
                _("Sales region"),
                lambda row: row.region,
                tone=lambda row: Tone.SOON if row.overlaps else None,
                tip=lambda row: "\n".join(filter(None, (row.region, overlap_words(row)))),
                widest=20,
                field="region",
            ),
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
