"""The list of suspensions: what the accepted papers say, whether or not a daily run has noted it
(C15.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from chemsales.queries.filtering import Kind, Sort
from chemsales.queries.licence_states import CANCELLED, begins
from chemsales.queries.listing import Field, Listing, whole
from chemsales.queries.naming import customer_name, person_name
from chemsales.queries.reading import query
from chemsales.queries.searching import customers_with
from chemsales.rules.calendar import company_day
from chemsales.rules.customer import DocumentKind
from chemsales.rules.licences import WATCHED
from chemsales.rules.roles import Actor
from chemsales.storage.database import is_sqlite, rows
from chemsales.storage.days import days_between, days_from
from chemsales.storage.fields import instant_of


@query()
def noted_on(actor: Actor, day: date) -> bool:
    """Whether the suspensions of a day were noted on it already."""
    found = rows(
        "SELECT 1 FROM event WHERE subject = 'licence' AND subject_id = ? "
        "AND use_case = 'licences.run' AND outcome = 'done'",
        (day.isoformat(),),
    )
    return bool(found)


@dataclass(frozen=True, slots=True)
class SuspensionRow:
    """A suspension as it stands on the day of the list, with the key of the paper with whose end
    it began; `last` None until a paper covers the day after, `noted_at` None before it was noted.

    One of a customer that is disqualified ends on the day before, as `cancelled`: nobody follows
    its papers from then on (C17.1).
    """

    id: int
    customer_id: int
    code: str
    name: str
    manager: str
    manager_name: str
    kind: DocumentKind
    first: date
    last: date | None
    goes_on: bool
    days: int
    noted_at: datetime | None
    lifted_by: str
    cancelled: bool


def _suspension_rows(day: date, found: list[tuple[Any, ...]]) -> list[SuspensionRow]:
    made = []
    for (key, customer, code, name, manager, shown, kind, first, last, open_, noted, lifted,
         cancelled) in found:  # fmt: skip
        begin, end = date.fromisoformat(first), date.fromisoformat(last) if last else None
        at = instant_of(noted) if noted else None
        made.append(
            SuspensionRow(
                key, customer, code, name, manager, shown, DocumentKind(kind), begin, end,
                open_ == "yes", ((end or day) - begin).days + 1,
                at if at and company_day(at) <= day else None, lifted, bool(cancelled),
            )
        )  # fmt: skip
    return made


# the status alone is of today; it spares the others the look into the decisions
_CANCELLED_ON = (
    "(CASE WHEN u.status = 'disqualified' THEN (SELECT min(q.decided_on) FROM disqualification q "
    "WHERE q.customer_id = u.id AND q.decided_on <= k.day) END)"
)


def _ended() -> str:
    """SQL of the common table `ended` (id, customer_id, kind, from_day, next_day): the papers with
    whose end the days of a gap begin, by the day of `asked`, and the day on which it ends.

    The days are those of `storage.gaps`, to which tests hold it; that one goes through every paper
    of a customer, this one looks from those that are past for one that covers the day after.
    """
    same = "o.customer_id = l.customer_id AND o.kind = l.kind AND o.accepted_on IS NOT NULL"
    late = f"l.valid_to < {begins('l')}"  # it had expired when it was accepted
    after = f"CASE WHEN {late} THEN {begins('l')} ELSE {days_from('l.valid_to', 1)} END"
    covers = (  # what is quick to tell comes first
        "(o.long_term = 1 OR o.valid_to > l.valid_to) "
        f"AND {begins('o')} <= {after} AND (o.long_term = 1 OR o.valid_to >= {after})"
    )
    before = (  # a gap begins with the first of its papers alone, and with one of equals
        f"({late} AND ({begins('o')} < {begins('l')} OR (o.id < l.id "
        f"AND {begins('o')} = {begins('l')}))) "
        f"OR (o.id < l.id AND o.valid_to = l.valid_to AND {begins('o')} <= o.valid_to)"
    )
    return (
        f"ended AS (SELECT l.id, l.customer_id, l.kind, {after} AS from_day, "
        f"(SELECT min({begins('o')}) FROM licence o WHERE {same} AND {begins('o')} > {after} "
        f"AND (o.long_term = 1 OR o.valid_to >= {begins('o')})) AS next_day "
        "FROM asked k CROSS JOIN licence l WHERE l.accepted_on <= k.day AND l.valid_to < k.day "
        f"AND {begins('l')} <= k.day "
        f"AND NOT EXISTS (SELECT 1 FROM licence o WHERE {same} AND {covers}) "
        f"AND NOT EXISTS (SELECT 1 FROM licence o WHERE {same} AND ({before})))"
    )


def suspensions_of(day: date, customer_id: int = 0) -> Listing[SuspensionRow]:
    """The list of suspensions that began by a day, those that go on first; with a customer of that
    one alone."""
    return _suspensions_of(day, customer_id, is_sqlite())


@lru_cache(maxsize=100)
def _suspensions_of(day: date, customer_id: int, _engine: bool) -> Listing[SuspensionRow]:
    cut = f"({_CANCELLED_ON} < g.next_day OR (g.next_day IS NULL AND {CANCELLED}))"
    last = (
        f"CASE WHEN {cut} THEN {days_from(_CANCELLED_ON, -1)} "
        f"WHEN g.next_day <= k.day THEN {days_from('g.next_day', -1)} END"
    )
    goes_on = f"CASE WHEN g.next_day <= k.day OR {CANCELLED} THEN 'no' ELSE 'yes' END"
    lifted = (
        f"CASE WHEN g.next_day <= k.day AND NOT coalesce({cut}, FALSE) "
        "THEN coalesce(b.name, s.lifted_by, '') ELSE '' END"
    )
    return Listing(
        name="suspensions",
        ctes=f"WITH asked (day) AS (VALUES (CAST(? AS TEXT))), {_ended()}",
        given=(day.isoformat(),),
        source="FROM asked k CROSS JOIN ended g JOIN customer u ON u.id = g.customer_id "
        "LEFT JOIN suspension s ON s.customer_id = g.customer_id AND s.kind = g.kind "
        "AND s.from_day = g.from_day LEFT JOIN person p ON p.login = u.manager "
        "LEFT JOIN person b ON b.login = s.lifted_by",
        key="g.id",
        select="g.customer_id, u.code, u.name, u.manager, coalesce(p.name, u.manager), g.kind, "
        f"g.from_day, {last}, {goes_on}, s.noted_at, {lifted}, CASE WHEN {cut} THEN 1 ELSE 0 END",
        make=partial(_suspension_rows, day),
        fields={
            "name": customer_name("u"),
            "code": Field("u.code"),
            "kind": Field("g.kind", Kind.CHOICE, choices=tuple(map(str, WATCHED))),
            "open": Field(goes_on, Kind.CHOICE, choices=("yes", "no")),
            "first": Field("g.from_day", Kind.DAY),
            "last": Field(last, Kind.DAY),
            "days": Field(
                f"{days_between(f'coalesce({last}, k.day)', 'g.from_day')} + 1", Kind.NUMBER
            ),
            "noted": Field("s.noted_at", Kind.INSTANT),
            "lifted": Field(lifted),
            "manager": person_name("u.manager"),
            "login": Field("u.manager"),
        },
        order=(Sort("open"), Sort("first", descending=True), Sort("name")),
        finding=partial(customers_with, key="u.id"),
        where=f"({_CANCELLED_ON} IS NULL OR {_CANCELLED_ON} > g.from_day)"
        + (" AND g.customer_id = ?" if customer_id else ""),
        parameters=(customer_id,) if customer_id else (),
    )


def suspensions(actor: Actor, day: date, customer_id: int) -> list[SuspensionRow]:
    """The suspensions of a customer as they stood at the end of a day, those that went on first."""
    return whole(actor, suspensions_of(day, customer_id))
