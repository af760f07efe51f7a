"""What a customer's card and the home page ask about complaints, off the window's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from chemsales.queries import complaints as queries
from chemsales.queries.complaints import ComplaintRow
from chemsales.queries.products import products
from chemsales.rules.complaints import ComplaintState, Severity
from chemsales.rules.errors import Reason
from chemsales.rules.roles import Action, Actor
from chemsales.words import _, label, named
from ui.wording import complaint_left
from ui.work.cards import Card, Day, Line, answered_for


@dataclass(frozen=True, slots=True)
class Complaining:
    """The complaints of a customer, the open ones first, and why this person may not record one,
    re-grade or close one that is open."""

    rows: Sequence[ComplaintRow] = ()
    unacceptable: tuple[Reason, ...] = ()
    ungradable: tuple[Reason, ...] = ()
    unclosable: tuple[Reason, ...] = ()


UNCOMPLAINED = Complaining()


def complaining(
    actor: Actor, customer_id: int, day: date, past: tuple[Reason, ...] = ()
) -> Complaining:
    """As on a day; `past` says why nothing can be written where that day is over."""

    def against(action: Action) -> tuple[Reason, ...]:
        return past or queries.complaint_blockers(actor, customer_id, action)

    return Complaining(
        queries.complaints_of(actor, customer_id, day),
        against(Action.COMPLAINT_ACCEPT),
        against(Action.COMPLAINT_REGRADE),
        against(Action.COMPLAINT_CLOSE),
    )


@dataclass(frozen=True, slots=True)
class Offers:
    """What the dialogs of complaints offer: products by code, general managers by login, and the
    working days that each severity has."""

    products: Sequence[tuple[str, str]] = ()
    chairs: Sequence[tuple[str, str]] = ()
    limits: Mapping[Severity, int] = field(default_factory=dict)


def offers(actor: Actor, today: date) -> Offers:
    """What is offered now: products that are no longer sold are complained of too."""
    return Offers(
        [(each.code, f"{named(each.name, each.name_en)} {each.code}") for each in products(actor)],
        queries.chairs(actor),
        queries.limits(actor, today),
    )


def open_card(day: Day) -> Card:
    """Complaints to be answered, of the own customers or, for the sales head, of all (C12.3)."""
    lines = tuple(
        Line(
            row.customer_name,
            f"{row.number} · {label(row.severity)} · {complaint_left(row)}",
            "customers",
            ("complaints", row.customer_id),
            late=row.state is ComplaintState.OVERDUE,
        )
        for row in queries.open_complaints(day.actor, day.today, answered_for(day.actor))
    )
    return Card("complaints", _("Complaints to answer"), lines, _("No complaint is open."))
