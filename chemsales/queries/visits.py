"""Visits to a customer, the newest first, each as it was corrected last (C11.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chemsales.queries.customer_record import Happened
from chemsales.queries.person_names import name_of
from chemsales.queries.reading import query
from chemsales.rules.calendar import company_day
from chemsales.rules.errors import NotFound, Param, Reason, term
from chemsales.rules.roles import Actor
from chemsales.rules.visits import VisitWay, Who, correct_reasons, note_reasons
from chemsales.storage.database import rows
from chemsales.storage.days import day_of
from chemsales.storage.fields import instant_of


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit with its four sections; `visited_by` is a login, `visitor` its name. The row was
    noted on `noted_on` by `noter`; where it corrects another, `replaced` is that one."""

    id: int
    visited_on: date
    way: VisitWay
    received_by: str
    products: str
    market: str
    service: str
    needs: str
    next_on: date | None
    visited_by: str
    visitor: str
    noted_on: date
    noter: str
    replaced: Visit | None = None

    @property
    def earlier(self) -> Iterator[Visit]:
        """What stood in its place, the newest first."""
        if self.replaced is not None:
            yield self.replaced
            yield from self.replaced.earlier


@query()
def visits(actor: Actor, customer_id: int, day: date) -> list[Visit]:
    """The visits to a customer that were on record at the end of a day, the newest first; of one
    that was corrected by then, the correction."""
    found: dict[int, Visit] = {}
    for (
        key, visited_on, way, received_by, products, market, service, needs, next_on, login,
        visitor, noter, noted_at, replaces,
    ) in rows(
        "SELECT v.id, v.visited_on, v.way, v.received_by, v.products, v.market, v.service, "
        "v.needs, v.next_on, v.visited_by, coalesce(p.name, v.visited_by), "
        "coalesce(q.name, v.noted_by), v.noted_at, v.replaces FROM visit v "
        "LEFT JOIN person p ON p.login = v.visited_by "
        "LEFT JOIN person q ON q.login = v.noted_by "
        f"WHERE v.customer_id = ? AND {day_of('v.noted_at')} <= ? ORDER BY v.id",
        (customer_id, day.isoformat()),
    ):  # fmt: skip
        found[key] = Visit(
            key, date.fromisoformat(visited_on), VisitWay(way), received_by, products, market,
            service, needs, date.fromisoformat(next_on) if next_on else None, login, visitor,
            company_day(instant_of(noted_at)), noter, found.pop(replaces, None),
        )  # fmt: skip
    return sorted(found.values(), key=lambda each: (each.visited_on, each.id), reverse=True)


def told(found: Sequence[Visit]) -> list[Happened]:
    """These visits as what happened to the customer."""
    happened = []
    for each in found:
        params: dict[str, Param] = {
            "name": each.visitor, "way": term(each.way), "person": each.received_by,
        }  # fmt: skip
        happened.append(Happened(each.visited_on, Reason("reason.event_visit", params, "C11.2")))
    return happened


def customer_note_reasons(actor: Actor, customer_id: int) -> tuple[Reason, ...]:
    """Why this person may not note a visit to this customer (inside services and queries).
    NotFound."""
    found = rows("SELECT manager FROM customer WHERE id = ?", (customer_id,))
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    return note_reasons(actor, _who(found[0][0]))


def _who(login: str) -> Who:
    return Who(login, name_of(login))


def visit_correct_reasons(actor: Actor, visit_id: int) -> tuple[Reason, ...]:
    """Why this person may not correct this visit (inside services and queries): it is another's,
    or was corrected already. NotFound."""
    found = rows(
        "SELECT u.manager, v.visited_by, (SELECT count(*) FROM visit c WHERE c.replaces = v.id) "
        "FROM visit v JOIN customer u ON u.id = v.customer_id WHERE v.id = ?",
        (visit_id,),
    )
    if not found:
        raise NotFound(Reason("reason.visit_unknown", {"id": visit_id}, "C11.2"))
    manager, visitor, corrected = found[0]
    reasons = correct_reasons(actor, _who(manager), _who(visitor))
    if corrected:
        reasons += (Reason("reason.visit_corrected", {}, "C11.2"),)
    return reasons
