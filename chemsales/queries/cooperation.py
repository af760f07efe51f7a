"""Cooperation ratings of a month with their evidence lines (配合度, A.X 24)."""

from __future__ import annotations

from dataclasses import dataclass

from chemsales.queries.reading import query
from chemsales.rules.errors import Reason
from chemsales.rules.evaluation import Aspect
from chemsales.rules.periods import Month
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One aspect of a rating: points of 0 to 100 and what they rest on."""

    aspect: Aspect
    points: int
    evidence: str


@dataclass(frozen=True, slots=True)
class RatingRow:
    """A customer's cooperation in a month; `rating_id` is None where it is not rated yet."""

    customer_id: int
    code: str
    name: str
    manager: str
    rating_id: int | None
    score: int | None
    rated_by: str
    confirmed_by: str
    version: int
    lines: tuple[EvidenceLine, ...]


@query()
def ratings(actor: Actor, month: Month) -> list[RatingRow]:
    """Every accredited customer with its standing rating of the month, by the names' sort key."""
    found = rows(
        "SELECT u.id, u.code, u.name, u.manager, r.id, r.score, r.rated_by, r.confirmed_by, "
        "r.version "
        "FROM customer u LEFT JOIN cooperation_rating r "
        "ON r.customer_id = u.id AND r.month = ? AND r.void = 0 "
        "WHERE u.accredited_on < ? ORDER BY u.sort_key, u.code",
        (month, month + "-99"),
    )
    lines: dict[int, list[EvidenceLine]] = {}
    for rating_id, aspect, points, evidence in rows(
        "SELECT e.rating_id, e.aspect, e.points, e.evidence FROM cooperation_evidence e "
        "JOIN cooperation_rating r ON r.id = e.rating_id WHERE r.month = ? AND r.void = 0 "
        "ORDER BY e.id",
        (month,),
    ):
        lines.setdefault(rating_id, []).append(EvidenceLine(Aspect(aspect), points, evidence))
    return [
        RatingRow(
            customer_id, code, name, manager, rating_id, score, by or "", confirmed or "",
            version or 0, tuple(lines.get(rating_id, ())),
        )
        for customer_id, code, name, manager, rating_id, score, by, confirmed, version in found
    ]  # fmt: skip


def rating_reasons(manager: str, login: str) -> tuple[Reason, ...]:
    """Why this login may not rate a customer of that manager; empty when it may."""
    if manager == login:
        return ()
    return (Reason("reason.not_your_customer", {"manager": manager}, "C16.1"),)


def confirming_reasons(rated_by: str, confirmed_by: str, login: str) -> tuple[Reason, ...]:
    """Why this login may not confirm a rating; empty when it may."""
    if confirmed_by:
        return (Reason("reason.rating_confirmed", {"login": confirmed_by}, "C16.1"),)
    if rated_by == login:
        return (Reason("reason.own_rating", {}, "C16.1"),)
    return ()
