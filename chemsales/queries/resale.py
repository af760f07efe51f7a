"""Direct customers that were found to sell on, and are to be looked into (C10.2).

A finding is open until it was closed in words or its class has ended: a change of class settles it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chemsales.queries.person_names import not_yours
from chemsales.queries.reading import query
from chemsales.rules import roles
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.words import named

_FINDINGS = (
    "SELECT f.id, f.class_id, u.id, u.name, g.name, g.name_en, f.found_on, "
    "coalesce(p.name, f.found_by), f.facts FROM resale_finding f "
    "JOIN customer_class k ON k.id = f.class_id JOIN customer u ON u.id = f.customer_id "
    "JOIN product_group g ON g.code = k.group_code LEFT JOIN person p ON p.login = f.found_by "
    "WHERE f.closed_on IS NULL AND k.to_day IS NULL "
)


@dataclass(frozen=True, slots=True)
class Finding:
    """An open finding: what was found, when and by whom."""

    id: int
    class_id: int
    customer_id: int
    customer_name: str
    group: str
    found_on: date
    found_by: str
    facts: str


def _findings(condition: str, *parameters: object) -> tuple[Finding, ...]:
    return tuple(
        Finding(key, held, customer, name, named(group, english), date.fromisoformat(day), by, said)
        for key, held, customer, name, group, english, day, by, said in rows(
            f"{_FINDINGS} AND {condition} ORDER BY f.found_on, f.id", parameters
        )
    )


@query()
def open_findings(actor: Actor, login: str = "") -> tuple[Finding, ...]:
    """Every open finding, or those of one manager's customers, the oldest first."""
    return _findings("? IN ('', u.manager)", login)


@query()
def findings_of(actor: Actor, customer_id: int) -> tuple[Finding, ...]:
    """The open findings of one customer."""
    return _findings("u.id = ?", customer_id)


def note_reasons(actor: Actor, class_id: int) -> tuple[Reason, ...]:
    """Why this person may not note a resale at a direct customer now (inside services and queries):
    its account manager and the sales head may. NotFound for a class that is not direct now."""
    found = rows(
        "SELECT u.manager, (SELECT count(*) FROM resale_finding f WHERE f.class_id = k.id "
        "AND f.closed_on IS NULL) FROM customer_class k JOIN customer u ON u.id = k.customer_id "
        "WHERE k.id = ? AND k.customer_class = 'direct' AND k.to_day IS NULL",
        (class_id,),
    )
    if not found:
        raise NotFound(Reason("reason.direct_unknown", {"id": class_id}, "C10.2"))
    manager, standing = found[0]
    forbidden = roles.blockers(actor, Action.RESALE_NOTE)
    reasons = list(forbidden or not_yours(actor, manager, "C10.2"))
    if standing:
        reasons.append(Reason("reason.resale_found_already", {}, "C10.2"))
    return tuple(reasons)
