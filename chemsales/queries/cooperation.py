"""Cooperation ratings of a month with their evidence lines (配合度, A.X 24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

from chemsales.queries.filtering import Filter, Kind, Request, Sort
from chemsales.queries.listing import ALL, CHUNK, Field, Listing, whole
from chemsales.queries.naming import customer_name, person_name
from chemsales.queries.searching import customers_with
from chemsales.rules.errors import Reason
from chemsales.rules.evaluation import Aspect
from chemsales.rules.periods import Month
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows


class RatingState(StrEnum):
    """How the rating of a customer in a month stands."""

    UNRATED = "unrated"
    WAITING = "waiting"
    CONFIRMED = "confirmed"


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
    manager_name: str
    rating_id: int | None
    score: int | None
    rated_by: str
    confirmed_by: str
    version: int
    lines: tuple[EvidenceLine, ...]

    @property
    def state(self) -> RatingState:
        """How the rating stands."""
        if self.rating_id is None:
            return RatingState.UNRATED
        return RatingState.CONFIRMED if self.confirmed_by else RatingState.WAITING


def _rating_rows(found: list[tuple[Any, ...]]) -> list[RatingRow]:
    lines = _evidence([row[5] for row in found if row[5] is not None])
    return [
        RatingRow(
            key, code, name, manager, manager_name, rating, score, by, confirmed, version,
            tuple(lines.get(rating, ())),
        )
        for key, code, name, manager, manager_name, rating, score, by, confirmed, version in found
    ]  # fmt: skip


def _evidence(ratings: Sequence[int]) -> dict[int, list[EvidenceLine]]:
    """The evidence of these ratings in the order it was given."""
    lines: dict[int, list[EvidenceLine]] = {}
    for first in range(0, len(ratings), CHUNK):
        chunk = ratings[first : first + CHUNK]
        for rating_id, aspect, points, evidence in rows(
            "SELECT rating_id, aspect, points, evidence FROM cooperation_evidence "
            f"WHERE rating_id IN ({', '.join('?' * len(chunk))}) ORDER BY id",
            tuple(chunk),
        ):
            lines.setdefault(rating_id, []).append(EvidenceLine(Aspect(aspect), points, evidence))
    return lines


_EVIDENCE = "FROM cooperation_evidence e WHERE e.rating_id = r.id"


@lru_cache(maxsize=100)
def ratings_of(month: Month) -> Listing[RatingRow]:
    """The list of the customers accredited by the end of a month with its standing ratings."""
    return Listing(
        name="ratings",
        source="FROM customer u LEFT JOIN person p ON p.login = u.manager "
        "LEFT JOIN cooperation_rating r "
        "ON r.customer_id = u.id AND r.month = ? AND r.void = 0",
        given=(month,),
        key="u.id",
        select="u.code, u.name, u.manager, coalesce(p.name, u.manager), r.id, r.score, "
        "coalesce(r.rated_by, ''), coalesce(r.confirmed_by, ''), coalesce(r.version, 0)",
        make=_rating_rows,
        fields={
            "code": Field("u.code"),
            "name": customer_name("u"),
            "manager": person_name("u.manager"),
            "login": Field("u.manager"),
            "state": Field(
                "CASE WHEN r.id IS NULL THEN 'unrated' "
                "WHEN coalesce(r.confirmed_by, '') = '' THEN 'waiting' ELSE 'confirmed' END",
                Kind.CHOICE,
                choices=tuple(map(str, RatingState)),
            ),
            "score": Field("r.score", Kind.NUMBER),
            "evidence": Field(
                "e.evidence", sort=f"(SELECT min(e.evidence) {_EVIDENCE})", many=_EVIDENCE
            ),
        },
        order=(Sort("name"), Sort("code")),
        finding=partial(customers_with, key="u.id"),
        where="u.accredited_on < ?",
        parameters=(month + "-99",),
    )


def in_state(state: RatingState, login: str = "") -> Request:
    """What is asked for the ratings that stand so, of the customers of this login or of all."""
    own = (Filter("login", choices=(login,)),) if login else ()
    return Request(filters=(Filter("state", choices=(str(state),)), *own))


def ratings(actor: Actor, month: Month, request: Request = ALL) -> list[RatingRow]:
    """Every accredited customer with its standing rating of the month, by the names' sort key."""
    return whole(actor, ratings_of(month), request)


def rating_reasons(manager: str, name: str, login: str) -> tuple[Reason, ...]:
    """Why this login may not rate a customer of the manager of that name; empty when it may."""
    if manager == login:
        return ()
    return (Reason("reason.not_your_customer", {"name": name}, "C16.1"),)


def confirming_reasons(rated_by: str, confirmed_by: str, login: str) -> tuple[Reason, ...]:
    """Why this login may not confirm a rating; empty when it may."""
    if confirmed_by:
        return (Reason("reason.rating_confirmed", {"login": confirmed_by}, "C16.1"),)
    if rated_by == login:
        return (Reason("reason.own_rating", {}, "C16.1"),)
    return ()
