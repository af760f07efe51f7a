"""What handing customers over is opened with, and who was given some, off the window's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chemsales.queries import handover as queries
from chemsales.queries.handover import Holding, Manager
from chemsales.rules.errors import NotAllowed
from chemsales.rules.roles import Actor
from chemsales.words import _, label
from ui.text import day as text_of
from ui.work.cards import Card, Day, Line

RECENT_DAYS = 7  # then they stand among the own customers alone


@dataclass(frozen=True, slots=True)
class Offered:
    """What a manager has, and who there is to take it."""

    holding: Holding
    managers: list[Manager]


def offered_with(actor: Actor, customers: Sequence[int], seen: Mapping[int, str]) -> Offered:
    """What the dialog is opened with for customers that are marked in a list, each `seen` as its
    manager's; NotAllowed where one is another's by now."""
    return Offered(queries.holding_of(actor, customers, seen), queries.managers(actor))


def offered(actor: Actor, login: str, application: int = 0) -> Offered:
    """What the dialog is opened with; NotAllowed where it is asked for one application that this
    manager has no longer to hand over."""
    holding = queries.holding(actor, login)
    if application and application not in {each.id for each in holding.applications}:
        raise NotAllowed(queries.unheld(actor, application, login))
    return Offered(holding, queries.managers(actor))


def received(day: Day) -> Card | None:
    """The customers that this person was given of late, and the applications that had ended; no
    card where there are none. What came along with them is among the drafts, in review and
    returned."""
    since = day.today - timedelta(days=RECENT_DAYS)
    lines = [
        Line(
            row.name,
            _("from {name} · since {day}", name=row.from_manager, day=text_of(row.from_day)),
            "customers",
            row.customer_id,
        )
        for row in queries.received(day.actor, since)
    ]
    lines += [
        Line(
            row.name,
            _("from {name} · {state}", name=row.owner, state=label(row.state)),
            "customers",
            ("application", row.id),
        )
        for row in queries.received_applications(day.actor, since)
    ]
    return Card("received", _("Handed over to me"), tuple(lines), "") if lines else None
