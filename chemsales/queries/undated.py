"""What is required of customers and has no validity on record, or none that has begun: nobody
watches it (C15.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from chemsales.queries.filtering import Filter, Kind, Request, Sort
from chemsales.queries.licence_states import begins
from chemsales.queries.listing import Field, Listing
from chemsales.queries.naming import customer_name, person_name
from chemsales.queries.searching import customers_with
from chemsales.rules.customer import DocumentKind, DocumentProfile, required_documents
from chemsales.rules.licences import WATCHED


@dataclass(frozen=True, slots=True)
class UndatedRow:
    """A paper that is required of a customer, of which no accepted one is valid on the day nor was
    before; one of its kind may be valid `valid_from` a later day, another wait for acceptance."""

    id: int
    customer_id: int
    code: str
    name: str
    manager: str
    manager_name: str
    kind: DocumentKind
    valid_from: date | None
    waits: bool


def _undated_rows(found: list[tuple[Any, ...]]) -> list[UndatedRow]:
    return [
        UndatedRow(
            key, customer, code, name, manager, shown, DocumentKind(kind),
            date.fromisoformat(first) if first else None, bool(waits),
        )
        for key, customer, code, name, manager, shown, kind, first, waits in found
    ]  # fmt: skip


def _wanted() -> str:
    """SQL: what each profile of papers requires, with or without a hazardous product group."""
    lines = [
        f"('{profile}', '{kind}', {WATCHED.index(kind)}, {int(kind not in plain)})"
        for profile in DocumentProfile
        for plain in [required_documents(profile, hazardous=False)]
        for kind in required_documents(profile, hazardous=True)
        if kind in WATCHED
    ]
    return ", ".join(lines)


_HAZARDOUS = (
    "EXISTS (SELECT 1 FROM customer_class z JOIN product_group g ON g.code = z.group_code "
    "WHERE z.customer_id = u.id AND z.to_day IS NULL AND g.hazardous = 1)"
)
_WAITS = (
    "EXISTS (SELECT 1 FROM licence n JOIN approval_case c ON c.id = n.case_id "
    "WHERE n.customer_id = u.id AND n.kind = w.kind AND c.outcome = 'open')"
)
_FIRST = (
    f"(SELECT min({begins('l')}) FROM licence l WHERE l.customer_id = u.id AND l.kind = w.kind "
    "AND l.accepted_on IS NOT NULL)"
)


@lru_cache(maxsize=100)
def undated_on(day: date) -> Listing[UndatedRow]:
    """The list of what is required and has nothing on record that is, or was, valid by a day."""
    return Listing(
        name="undated",
        ctes="WITH asked (day) AS (VALUES (CAST(? AS TEXT))), "
        f"wanted (profile, kind, place, hazardous) AS (VALUES {_wanted()})",
        given=(day.isoformat(),),
        source="FROM asked k CROSS JOIN customer u JOIN wanted w ON w.profile = "
        f"CASE u.profile WHEN '{DocumentProfile.LEGACY}' THEN u.profile "
        f"ELSE '{DocumentProfile.MERGED}' END "
        "LEFT JOIN person p ON p.login = u.manager",
        key=f"(u.id * {len(WATCHED)} + w.place)",
        select="u.id, u.code, u.name, u.manager, coalesce(p.name, u.manager), w.kind, "
        f"{_FIRST}, CASE WHEN {_WAITS} THEN 1 ELSE 0 END",
        make=_undated_rows,
        fields={
            "name": customer_name("u"),
            "code": Field("u.code"),
            "kind": Field("w.kind", Kind.CHOICE, choices=tuple(map(str, WATCHED))),
            "from": Field(_FIRST, Kind.DAY),
            "waits": Field(
                f"CASE WHEN {_WAITS} THEN 'yes' ELSE 'no' END", Kind.CHOICE, choices=("yes", "no")
            ),
            "manager": person_name("u.manager"),
            "login": Field("u.manager"),
        },
        order=(Sort("name"), Sort("kind")),
        finding=partial(customers_with, key="u.id"),
        where=f"u.status <> 'disqualified' AND (w.hazardous = 0 OR {_HAZARDOUS}) "
        "AND NOT EXISTS (SELECT 1 FROM licence l WHERE l.customer_id = u.id AND l.kind = w.kind "
        f"AND {begins('l')} <= k.day)",
    )


def unwatched(login: str = "") -> Request:
    """What is asked for what nobody has recorded yet, of the customers of this login or of all."""
    own = (Filter("login", choices=(login,)),) if login else ()
    return Request(filters=(Filter("waits", choices=("no",)), *own))
