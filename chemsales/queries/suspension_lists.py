"""The list of the suspensions that were noted (C15.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from chemsales.queries.filtering import Kind, Sort
from chemsales.queries.listing import Field, Listing, whole
from chemsales.queries.naming import customer_name, person_name
from chemsales.queries.reading import query
from chemsales.queries.searching import customers_with
from chemsales.rules.calendar import company_day
from chemsales.rules.customer import DocumentKind
from chemsales.rules.licences import WATCHED
from chemsales.rules.roles import Actor
from chemsales.storage.database import is_sqlite, rows
from chemsales.storage.days import days_between
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
    """A suspension as it was noted; `last` None while it goes on."""

    id: int
    customer_id: int
    code: str
    name: str
    manager: str
    manager_name: str
    kind: DocumentKind
    first: date
    last: date | None
    days: int
    noted_at: datetime
    lifted_by: str


def _suspension_rows(day: date, found: list[tuple[Any, ...]]) -> list[SuspensionRow]:
    made = []
    for key, customer, code, name, manager, shown, kind, first, last, noted, lifted in found:
        begin, end = date.fromisoformat(first), date.fromisoformat(last) if last else None
        days = ((end or day) - begin).days + 1
        made.append(
            SuspensionRow(
                key, customer, code, name, manager, shown, DocumentKind(kind), begin, end, days,
                instant_of(noted), lifted,
            )
        )  # fmt: skip
    return made


def suspensions_of(day: date, customer_id: int = 0) -> Listing[SuspensionRow]:
    """The list of suspensions that were noted by a day, those that go on first; with a customer of
    that one alone."""
    return _suspensions_of(day, customer_id, is_sqlite())


@lru_cache(maxsize=100)
def _suspensions_of(day: date, customer_id: int, _engine: bool) -> Listing[SuspensionRow]:
    return Listing(
        name="suspensions",
        ctes="WITH asked (day) AS (VALUES (CAST(? AS TEXT)))",
        given=(day.isoformat(),),
        source="FROM asked k CROSS JOIN suspension s JOIN customer u ON u.id = s.customer_id "
        "LEFT JOIN person p ON p.login = u.manager LEFT JOIN person b ON b.login = s.lifted_by",
        key="s.id",
        select="s.customer_id, u.code, u.name, u.manager, coalesce(p.name, u.manager), s.kind, "
        "s.from_day, s.to_day, s.noted_at, coalesce(b.name, s.lifted_by)",
        make=partial(_suspension_rows, day),
        fields={
            "name": customer_name("u"),
            "code": Field("u.code"),
            "kind": Field("s.kind", Kind.CHOICE, choices=tuple(map(str, WATCHED))),
            "open": Field(
                "CASE WHEN s.to_day IS NULL THEN 'yes' ELSE 'no' END",
                Kind.CHOICE,
                choices=("yes", "no"),
            ),
            "first": Field("s.from_day", Kind.DAY),
            "last": Field("s.to_day", Kind.DAY),
            "days": Field(
                f"{days_between('coalesce(s.to_day, k.day)', 's.from_day')} + 1", Kind.NUMBER
            ),
            "noted": Field("s.noted_at", Kind.INSTANT),
            "lifted": Field("coalesce(b.name, s.lifted_by)"),
            "manager": person_name("u.manager"),
            "login": Field("u.manager"),
        },
        order=(Sort("open"), Sort("first", descending=True), Sort("name")),
        finding=partial(customers_with, key="u.id"),
        where="s.customer_id = ?" if customer_id else "",
        parameters=(customer_id,) if customer_id else (),
    )


def suspensions(actor: Actor, day: date, customer_id: int) -> list[SuspensionRow]:
    """The suspensions of a customer that were noted by a day, those that go on first."""
    return whole(actor, suspensions_of(day, customer_id))


def suspensions_on(actor: Actor, day: date, customer_id: int) -> list[SuspensionRow]:
    """The suspensions of a customer as they stood at the end of a day: noted by then, and going on
    where no later day was without them yet."""
    return [
        replace(row, last=None, lifted_by="", days=(day - row.first).days + 1)
        if row.last is not None and row.last >= day
        else row
        for row in suspensions(actor, day, customer_id)
        if company_day(row.noted_at) <= day
    ]
