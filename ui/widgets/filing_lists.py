"""The grids of dispatch, filing and inspections."""

from __future__ import annotations

from chemsales.queries.dispatch_lists import Recipient
from chemsales.queries.filing import Unfiled
from chemsales.queries.filtering import Kind
from chemsales.rules.dispatch import DispatchState, What
from chemsales.rules.filing import FindingState
from chemsales.words import _, label
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.theme import Tone
from ui.widgets.customer_lists import manager_columns
from ui.widgets.licence_lists import customer_columns
from ui.wording import choices

DISPATCH_TONES = {
    DispatchState.UNSENT: Tone.SOON,
    DispatchState.SENT: Tone.REVIEW,
    DispatchState.ACKNOWLEDGED: Tone.OK,
}
FINDING_TONES = {
    FindingState.OVERDUE: Tone.PROBLEM,
    FindingState.OPEN: Tone.REVIEW,
    FindingState.CLOSED: Tone.OK,
}


def items_grid() -> Grid:
    """Items of dispatch, to be shown with `queries.dispatch_lists.ITEMS`."""
    return Grid(
        [
            Column(_("Number"), lambda row: row.number, field="number"),
            *customer_columns(),
            Column(_("Reported"), lambda row: label(row.what), field="what", choices=choices(What)),
            Column(
                _("Recipient"),
                lambda row: label(row.recipient),
                field="recipient",
                choices=choices(Recipient),
            ),
            Column(_("Plant office"), lambda row: row.office, widest=20, field="office"),
            Column(
                _("State"),
                lambda row: label(row.state),
                tone=lambda row: DISPATCH_TONES[row.state],
                field="state",
                choices=choices(DispatchState),
            ),
            Column(_("Made"), lambda row: row.made_at, field="made", kind=Kind.INSTANT),
            Column(_("Sent"), lambda row: row.sent_at, field="sent", kind=Kind.INSTANT),
            Column(
                _("Acknowledged"),
                lambda row: row.acknowledged_on,
                field="acknowledged",
                kind=Kind.DAY,
            ),
            Column(_("Acknowledged by"), lambda row: row.receipt, widest=20, field="receipt"),
            *manager_columns(),
        ],
        key=lambda row: row.id,
        empty=_("Everything that was reported is acknowledged."),
        name=_("Dispatch"),
        ticks=True,
    )


def unfiled_grid() -> Grid:
    """Customers to be filed, to be shown with `queries.filing.UNFILED`."""
    return Grid(
        [
            *customer_columns(),
            Column(_("Why"), lambda row: label(row.why), field="why", choices=choices(Unfiled)),
            Column(
                _("Accredited on"),
                lambda row: row.accredited_on,
                field="accredited",
                kind=Kind.DAY,
            ),
            Column(_("Last filing"), lambda row: row.last, field="last"),
            *manager_columns(),
        ],
        key=lambda row: row.id,
        empty=_("Every customer is filed as it stands."),
        name=_("To be filed"),
        ticks=True,
    )


def filings_grid() -> Grid:
    """Filings, to be shown with `queries.filing.FILINGS`."""
    return Grid(
        [
            Column(_("Number"), lambda row: row.number, field="number"),
            Column(_("Made"), lambda row: row.made_at, field="made", kind=Kind.INSTANT),
            Column(_("Made by"), lambda row: row.made_by, field="by"),
            Column(_("Customers"), lambda row: row.customers, field="customers", kind=Kind.NUMBER),
            Column(_("Receipt on"), lambda row: row.received_on, field="received", kind=Kind.DAY),
            Column(_("Receipt"), lambda row: row.receipt, stretch=True, field="receipt"),
            Column(_("Digest of the export"), lambda row: row.sha256, field="sha256", hidden=True),
        ],
        key=lambda row: row.id,
        empty=_("Nothing has been filed yet."),
        name=_("Filings"),
    )


def inspections_grid() -> Grid:
    """Inspections, to be shown with `queries.filing.INSPECTIONS`."""
    return Grid(
        [
            Column(_("Held on"), lambda row: row.held_on, field="held", kind=Kind.DAY),
            Column(_("Inspector"), lambda row: row.inspector, widest=24, field="inspector"),
            Column(_("Filing batch"), lambda row: row.filing, field="filing"),
            Column(_("What was looked at"), lambda row: row.scope, stretch=True, field="scope"),
            Column(_("Findings"), lambda row: row.findings, field="findings", kind=Kind.NUMBER),
            Column(_("Left open"), lambda row: row.left_open, field="open", kind=Kind.NUMBER),
        ],
        key=lambda row: row.id,
        empty=_("No inspection has been recorded."),
        name=_("Inspections"),
    )


def findings_grid() -> Grid:
    """Findings of inspections, to be shown with `queries.filing.findings_of`."""
    return Grid(
        [
            Column(_("Problem found"), lambda row: row.words, stretch=True, field="words"),
            Column(
                _("State"),
                lambda row: label(row.state),
                tone=lambda row: FINDING_TONES[row.state],
                field="state",
                choices=choices(FindingState),
            ),
            Column(_("Due on"), lambda row: row.due_on, field="due", kind=Kind.DAY),
            Column(_("Responsible"), lambda row: row.responsible_name, field="responsible"),
            Column(
                _("Responsible's login"), lambda row: row.responsible, field="login", hidden=True
            ),
            Column(_("Customer name"), lambda row: row.name, widest=24, field="name"),
            Column(_("Inspected on"), lambda row: row.held_on, field="held", kind=Kind.DAY),
            Column(_("Closed on"), lambda row: row.closed_on, field="closed", kind=Kind.DAY),
            Column(_("What was done"), lambda row: row.closing, widest=24, field="closing"),
        ],
        key=lambda row: row.id,
        empty=_("No finding is open."),
        name=_("Findings"),
    )
