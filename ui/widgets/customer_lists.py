"""The grids of customers and of applications."""

from __future__ import annotations

from dataclasses import replace

from chemsales.queries.accreditation import APPLICATIONS
from chemsales.queries.filtering import Kind
from chemsales.rules.approval import StageName
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ApplicationState, CustomerStatus
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.tiers import Level
from chemsales.words import _, field, label
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.wording import LEVEL_TONES, STATE_TONES, STATUS_TONES, choices

IN_PROGRESS = replace(
    APPLICATIONS,
    name="applications in progress",
    where="a.state IN (?, ?, ?)",
    parameters=tuple(
        map(str, (ApplicationState.DRAFT, ApplicationState.IN_REVIEW, ApplicationState.RETURNED))
    ),
)


def manager_columns() -> list[Column]:
    """Who looks after a row: the name, and the login that is the person's alone."""
    return [
        Column(_("Account manager"), lambda row: row.manager_name, field="manager"),
        Column(_("Manager's login"), lambda row: row.manager, field="login", hidden=True),
    ]


def customers_grid(empty: str) -> Grid:
    """Customers, to be shown with `queries.customers.CUSTOMERS`."""
    return Grid(
        [
            Column(_("Code"), lambda row: row.code, field="code"),
            Column(_("Customer name"), lambda row: row.name, widest=32, stretch=True, field="name"),
            Column(
                _("Classes"),
                lambda row: row.classes,
                widest=34,
                field="classes",
                choices=choices(CustomerClass),
            ),
            Column(_("Product groups"), lambda row: row.groups, field="groups", hidden=True),
            Column(
                _("Level"),
                lambda row: label(row.level) if row.level else "",
                tone=lambda row: LEVEL_TONES.get(row.level),
                field="level",
                choices=choices(Level),
            ),
            Column(
                _("Last month (t)"),
                lambda row: row.last_month_kg,
                lambda row: format_tonnes(row.last_month_kg) if row.last_month else "",
                field="last_month",
                kind=Kind.KG,
            ),
            *manager_columns(),
            Column(
                _("Status"),
                lambda row: label(row.status),
                tone=lambda row: STATUS_TONES[row.status],
                field="status",
                choices=choices(CustomerStatus),
            ),
            Column(
                _("Accredited on"),
                lambda row: row.accredited_on,
                field="accredited",
                kind=Kind.DAY,
                hidden=True,
            ),
            Column(field("uscc"), lambda row: row.uscc, field="uscc", hidden=True),
        ],
        key=lambda row: row.id,
        empty=empty,
        name=_("Customers"),
    )


def applications_grid() -> Grid:
    """Applications, to be shown with IN_PROGRESS or `queries.accreditation.APPLICATIONS`."""
    return Grid(
        [
            Column(_("Number"), lambda row: row.number, field="number"),
            Column(
                _("Customer name"),
                lambda row: row.name or _("(no name yet)"),
                widest=32,
                stretch=True,
                field="name",
            ),
            Column(
                _("State"),
                lambda row: label(row.state),
                tone=lambda row: STATE_TONES[row.state],
                field="state",
                choices=choices(ApplicationState),
            ),
            Column(
                _("Stage"),
                lambda row: label(row.stage) if row.stage else "",
                field="stage",
                choices=choices(StageName),
            ),
            Column(_("Further class of"), lambda row: row.further_of, field="further"),
            Column(_("Round"), lambda row: row.round, number=True, field="round"),
            *manager_columns(),
            Column(_("Last moved"), lambda row: row.moved_at, field="moved", kind=Kind.INSTANT),
        ],
        key=lambda row: row.id,
        empty=_("No application is in progress."),
        name=_("Applications"),
    )
