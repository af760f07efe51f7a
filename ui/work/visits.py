"""What a customer's card asks about visits, off the window's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from chemsales.queries.customers import CustomerDetail
from chemsales.queries.visits import Visit, visits
from chemsales.rules.errors import Reason
from chemsales.rules.roles import Actor
from chemsales.rules.visits import Who, correct_reasons, note_reasons


@dataclass(frozen=True, slots=True)
class Visiting:
    """The visits to a customer, the newest first, and why this person may not note one, or correct
    one of these (by its key)."""

    visits: Sequence[Visit] = ()
    unnotable: tuple[Reason, ...] = ()
    uncorrectable: Mapping[int, tuple[Reason, ...]] = field(default_factory=dict)


UNVISITED = Visiting()


def visiting(
    actor: Actor, detail: CustomerDetail, day: date, past: tuple[Reason, ...] = ()
) -> Visiting:
    """As on a day; `past` says why nothing can be written where that day is over."""
    manager = Who(detail.manager, detail.manager_name)
    found = visits(actor, detail.id, day)
    return Visiting(
        found,
        past or note_reasons(actor, manager),
        {
            each.id: past or correct_reasons(actor, manager, Who(each.visited_by, each.visitor))
            for each in found
        },
    )
