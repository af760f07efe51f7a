"""The list of violations: what was picked up while nothing was to be dealt with the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from chemsales.queries.disqualification import cancelled
from chemsales.queries.filtering import Filter, Kind, Request, Sort
from chemsales.queries.listing import Field, Listing
from chemsales.queries.naming import customer_name, product_name
from chemsales.queries.offtake_lists import STANDING
from chemsales.queries.searching import customers_or
from chemsales.rules.customer import CustomerStatus, DocumentKind
from chemsales.rules.licences import WATCHED
from chemsales.rules.offtake import PickupKind
from chemsales.rules.periods import month_days, month_of, previous_month
from chemsales.storage.gaps import gaps, gaps_between


@dataclass(frozen=True, slots=True)
class ViolationRow:
    """A pick-up that counts, on a day on which a kind of paper of its customer was lacking since
    `since`, one row for each kind, or after its customer was disqualified on that day."""

    id: int
    day: date
    customer_id: int
    code: str
    name: str
    product: str
    product_en: str
    kg: int
    note_no: str
    kind: DocumentKind | CustomerStatus
    since: date
    batch_id: int


_CANCELLED = CustomerStatus.DISQUALIFIED


def _violation_rows(found: list[tuple[Any, ...]]) -> list[ViolationRow]:
    return [
        ViolationRow(
            key, date.fromisoformat(day), customer, code, name, product, english, int(kg), note,
            _CANCELLED if kind == _CANCELLED else DocumentKind(kind), date.fromisoformat(since),
            batch,
        )
        for key, day, customer, code, name, product, english, kg, note, kind, since, batch in found
    ]  # fmt: skip


def violations() -> Listing[ViolationRow]:
    """The list of pick-ups on suspended days (C15.2, A.X 12) and on those from the one on which the
    customer was disqualified (C17.1; its papers are followed no more), the newest first."""
    return _violations(gaps(), ())


@lru_cache(maxsize=4)
def _violations(lacking: str, given: tuple[str, ...]) -> Listing[ViolationRow]:
    stops = tuple(map(str, (*WATCHED, _CANCELLED)))
    kinds = " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(stops))
    return Listing(
        name="violations",
        ctes=f"{lacking}, stop AS (SELECT customer_id, kind, from_day, next_day FROM gap UNION ALL "
        f"SELECT customer_id, '{_CANCELLED}', decided_on, NULL FROM disqualification "
        "WHERE decided_on IS NOT NULL)",
        given=given,
        source="FROM stop s JOIN pickup k ON k.customer_id = s.customer_id AND k.day >= s.from_day "
        "AND (s.next_day IS NULL OR k.day < s.next_day) "
        "JOIN customer c ON c.id = k.customer_id JOIN product g ON g.code = k.product_code",
        key=f"(k.id * 8 + CASE s.kind {kinds} END)",
        select="k.day, k.customer_id, c.code, c.name, g.name, g.name_en, k.kg, k.note_no, s.kind, "
        "s.from_day, k.batch_id",
        make=_violation_rows,
        fields={
            "day": Field("k.day", Kind.DAY),
            "code": Field("c.code"),
            "name": customer_name("c"),
            "product": product_name("k", "g"),
            "kg": Field("k.kg", Kind.KG),
            "note": Field("k.note_no"),
            "kind": Field("s.kind", Kind.CHOICE, choices=stops),
            "since": Field("s.from_day", Kind.DAY),
            "batch": Field("k.batch_id", Kind.NUMBER),
            "login": Field("c.manager"),
        },
        order=(Sort("day", descending=True), Sort("name")),
        finding=lambda text: customers_or(text, "k.note_no"),
        where=f"k.kind = '{PickupKind.PICKUP}' AND k.batch_id IN {STANDING} "
        f"AND (s.kind = '{_CANCELLED}' OR NOT {cancelled('k.customer_id', 'k.day')})",
    )


def recent(day: date) -> Listing[ViolationRow]:
    """The list as far as `of_recent` asks for it, which is found sooner."""
    first = _first(day).isoformat()
    return _violations(gaps_between(), (first, first, day.isoformat()))


def of_recent(day: date, login: str = "") -> Request:
    """What is asked for the violations of the month of a day and of the one before, of the
    customers of this login or of all: what is older stands in the list alone."""
    first = _first(day)
    own = (Filter("login", choices=(login,)),) if login else ()
    return Request(filters=(Filter("day", f">={first.isoformat()}"), *own))


def _first(day: date) -> date:
    first, _last = month_days(previous_month(month_of(day)))
    return first
