"""Filings with the parent department and its inspections: the lists, one batch, why something may
not be done (C8.3)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

from chemsales.exchange.filing import digest, export
from chemsales.queries.filtering import Filter, Kind, Request, Sort
from chemsales.queries.listing import Field, Listing
from chemsales.queries.naming import customer_name, person_name
from chemsales.queries.person_names import name_of
from chemsales.queries.policy import load_edition
from chemsales.queries.reading import query
from chemsales.queries.searching import customers_with
from chemsales.rules import roles
from chemsales.rules.errors import DataError, NotFound, Problem, Reason
from chemsales.rules.filing import Batch, Filed, FindingState, in_order, next_inspection
from chemsales.rules.roles import Action, Actor, Role
from chemsales.storage.database import is_sqlite, rows
from chemsales.storage.fields import instant_of


class Unfiled(StrEnum):
    """Why a customer has to be filed."""

    NEW = "new"  # in no filing yet
    CHANGED = "changed"  # something was reported since


@dataclass(frozen=True, slots=True)
class UnfiledRow:
    """A customer to be filed; `last` is the number of its last filing."""

    id: int
    code: str
    name: str
    why: Unfiled
    accredited_on: date
    last: str
    manager: str
    manager_name: str

    @property
    def customer_id(self) -> int:
        """The key of the customer."""
        return self.id


_FILED = "FROM filing_customer f WHERE f.customer_id = u.id"
_WHY = f"CASE WHEN EXISTS (SELECT 1 {_FILED}) THEN 'changed' ELSE 'new' END"
_LAST = (
    f"coalesce((SELECT b.number FROM filing b WHERE b.id = (SELECT max(f.filing_id) {_FILED})), '')"
)


def _unfiled_rows(found: list[tuple[Any, ...]]) -> list[UnfiledRow]:
    return [
        UnfiledRow(key, code, name, Unfiled(why), date.fromisoformat(day), last, manager, shown)
        for key, code, name, why, day, last, manager, shown in found
    ]


UNFILED: Listing[UnfiledRow] = Listing(
    name="unfiled",
    source="FROM customer u LEFT JOIN person p ON p.login = u.manager",
    key="u.id",
    select=f"u.code, u.name, {_WHY}, u.accredited_on, {_LAST}, u.manager, "
    "coalesce(p.name, u.manager)",
    make=_unfiled_rows,
    fields={
        "name": customer_name("u"),
        "code": Field("u.code"),
        "why": Field(_WHY, Kind.CHOICE, choices=tuple(map(str, Unfiled))),
        "accredited": Field("u.accredited_on", Kind.DAY),
        "last": Field(_LAST),
        "manager": person_name("u.manager"),
        "login": Field("u.manager"),
    },
    order=(Sort("why"), Sort("accredited"), Sort("name")),
    finding=partial(customers_with, key="u.id"),
    # what is not filed at all, and what was reported of a later version than the one that is filed
    where=f"u.status <> 'disqualified' AND (NOT EXISTS (SELECT 1 {_FILED}) "
    "OR EXISTS (SELECT 1 FROM dispatch d WHERE d.customer_id = u.id "
    f"AND d.version > (SELECT max(f.version) {_FILED})))",
)


@dataclass(frozen=True, slots=True)
class FilingRow:
    """A filing; `received_on` None until the parent department has confirmed it."""

    id: int
    number: str
    made_at: datetime
    made_by: str
    customers: int
    sha256: str
    received_on: date | None
    receipt: str


def _filing_rows(found: list[tuple[Any, ...]]) -> list[FilingRow]:
    return [
        FilingRow(key, number, instant_of(at), by, count, sha, _day(received), receipt)
        for key, number, at, by, count, sha, received, receipt in found
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


FILINGS: Listing[FilingRow] = Listing(
    name="filings",
    source="FROM filing b LEFT JOIN person p ON p.login = b.made_by",
    key="b.id",
    select="b.number, b.made_at, coalesce(p.name, b.made_by), b.customers, b.sha256, "
    "b.received_on, b.receipt",
    make=_filing_rows,
    fields={
        "number": Field("b.number"),
        "made": Field("b.made_at", Kind.INSTANT),
        "by": person_name("b.made_by"),
        "customers": Field("b.customers", Kind.NUMBER),
        "sha256": Field("b.sha256"),
        "received": Field("b.received_on", Kind.DAY),
        "receipt": Field("b.receipt"),
    },
    order=(Sort("number", descending=True),),
    searched=("b.number", "b.receipt"),
)


def unreceived() -> Request:
    """What is asked for the filings that the parent department has not confirmed."""
    return Request(filters=(Filter("received", "="),))


def load_batch(key: int) -> Batch:
    """A filing as it is exported (inside services and queries); NotFound."""
    found = rows(
        "SELECT number, company, made_on, made_name, edition FROM filing WHERE id = ?", (key,)
    )
    if not found:
        raise NotFound(Reason("reason.filing_unknown", {"id": key}, "C8.3"))
    filed = [
        Filed(version, json.loads(file))
        for version, file in rows(
            "SELECT version, file FROM filing_customer WHERE filing_id = ?", (key,)
        )
    ]
    number, company, made_on, by, edition = found[0]
    return Batch(number, company, made_on, by, edition, in_order(filed))


@query(Action.FILING_MAKE)
def exported(actor: Actor, key: int) -> tuple[str, bytes]:
    """The number and the workbook of a filing, the same bytes at every time; NotFound, DataError
    where they are not the ones whose digest was kept with the batch (C8.3)."""
    found = load_batch(key)
    data = export(found)
    if digest(data) != _kept(key):
        raise DataError(_altered(found.number))
    return found.number, data


def _kept(key: int) -> str:
    return str(rows("SELECT sha256 FROM filing WHERE id = ?", (key,))[0][0])


def _altered(number: str) -> Reason:
    return Reason("reason.filing_altered", {"number": number}, "C8.3")


def problems() -> Iterator[Problem]:
    """Filings whose export is not the one that was filed, inspections that have not the findings
    that they were recorded with (C8.3)."""
    for key, number in rows("SELECT id, number FROM filing ORDER BY id"):
        if digest(export(load_batch(key))) != _kept(key):
            yield Problem(f"filing {key}", _altered(number))
    for (key,) in rows(
        "SELECT i.id FROM inspection i WHERE i.findings <> "
        "(SELECT count(*) FROM finding g WHERE g.inspection_id = i.id) ORDER BY i.id"
    ):
        yield Problem(f"inspection {key}", Reason("reason.inspection_altered", {}, "C8.3"))


@query()
def receipt_blockers(actor: Actor, key: int) -> tuple[Reason, ...]:
    """Why the receipt of a filing may not be recorded; empty when it may."""
    return roles.blockers(actor, Action.FILING_MAKE) or receipt_reasons(key)


def receipt_reasons(key: int) -> tuple[Reason, ...]:
    """Why a filing has its receipt already (inside services); NotFound."""
    found = rows("SELECT number, received_on FROM filing WHERE id = ?", (key,))
    if not found:
        raise NotFound(Reason("reason.filing_unknown", {"id": key}, "C8.3"))
    number, received = found[0]
    if received is None:
        return ()
    return (Reason("reason.filing_received", {"number": number, "day": received}, "C8.3"),)


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """An inspection, with how many findings it has and how many of them are open."""

    id: int
    held_on: date
    inspector: str
    filing: str
    scope: str
    findings: int
    left_open: int


_OPEN = "(SELECT count(*) FROM finding g WHERE g.inspection_id = i.id AND g.closed_on IS NULL)"


def _inspection_rows(found: list[tuple[Any, ...]]) -> list[InspectionRow]:
    return [
        InspectionRow(key, date.fromisoformat(day), who, number, scope, count, left)
        for key, day, who, number, scope, count, left in found
    ]


INSPECTIONS: Listing[InspectionRow] = Listing(
    name="inspections",
    source="FROM inspection i LEFT JOIN filing b ON b.id = i.filing_id",
    key="i.id",
    select=f"i.held_on, i.inspector, coalesce(b.number, ''), i.scope, i.findings, {_OPEN}",
    make=_inspection_rows,
    fields={
        "held": Field("i.held_on", Kind.DAY),
        "inspector": Field("i.inspector"),
        "filing": Field("coalesce(b.number, '')"),
        "scope": Field("i.scope"),
        "findings": Field("i.findings", Kind.NUMBER),
        "open": Field(_OPEN, Kind.NUMBER),
    },
    order=(Sort("held", descending=True),),
    searched=("i.inspector", "i.scope", "coalesce(b.number, '')"),
)


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as it stands on the day of the list; `name` is its customer's, "" of none."""

    id: int
    inspection_id: int
    held_on: date
    customer_id: int | None
    name: str
    words: str
    due_on: date
    responsible: str
    responsible_name: str
    state: FindingState
    closed_on: date | None
    closing: str


def _finding_rows(found: list[tuple[Any, ...]]) -> list[FindingRow]:
    return [
        FindingRow(
            key, inspection, date.fromisoformat(held), customer, name, words,
            date.fromisoformat(due), login, shown, FindingState(state), _day(closed), closing,
        )
        for (key, inspection, held, customer, name, words, due, login, shown, state, closed,
             closing) in found
    ]  # fmt: skip


def findings_of(day: date) -> Listing[FindingRow]:
    """The list of findings as they stand on a day, those that are overdue first."""
    return _findings_of(day, is_sqlite())


@lru_cache(maxsize=20)
def _findings_of(day: date, _engine: bool) -> Listing[FindingRow]:
    state = (
        "CASE WHEN g.closed_on IS NOT NULL THEN 'closed' "
        "WHEN g.due_on < k.day THEN 'overdue' ELSE 'open' END"
    )
    return Listing(
        name="findings",
        ctes="WITH asked (day) AS (VALUES (CAST(? AS TEXT)))",
        given=(day.isoformat(),),
        source="FROM asked k CROSS JOIN finding g JOIN inspection i ON i.id = g.inspection_id "
        "LEFT JOIN customer u ON u.id = g.customer_id "
        "LEFT JOIN person p ON p.login = g.responsible",
        key="g.id",
        select="g.inspection_id, i.held_on, g.customer_id, coalesce(u.name, ''), g.words, "
        f"g.due_on, g.responsible, coalesce(p.name, g.responsible), {state}, g.closed_on, "
        "g.closing",
        make=_finding_rows,
        fields={
            "words": Field("g.words"),
            "state": Field(state, Kind.CHOICE, choices=tuple(map(str, FindingState))),
            "due": Field("g.due_on", Kind.DAY),
            "responsible": person_name("g.responsible"),
            "login": Field("g.responsible"),
            "name": customer_name("u"),
            "held": Field("i.held_on", Kind.DAY),
            "closed": Field("g.closed_on", Kind.DAY),
            "closing": Field("g.closing"),
        },
        order=(Sort("state"), Sort("due"), Sort("held")),
        searched=("g.words", "g.closing", "coalesce(u.name, '')"),
    )


def findings_asked(*states: FindingState, login: str = "") -> Request:
    """What is asked for the findings in these states, of one who is responsible or of all."""
    own = (Filter("login", choices=(login,)),) if login else ()
    return Request(filters=(Filter("state", choices=tuple(map(str, states))), *own))


@query()
def close_blockers(actor: Actor, key: int) -> tuple[Reason, ...]:
    """Why this person may not close a finding; empty when they may."""
    return roles.blockers(actor, Action.FINDING_CLOSE) or close_reasons(actor, key)


def close_reasons(actor: Actor, key: int) -> tuple[Reason, ...]:
    """Why a finding is not this person's to close, or closed (inside services); NotFound."""
    found = rows("SELECT responsible, closed_on FROM finding WHERE id = ?", (key,))
    if not found:
        raise NotFound(Reason("reason.finding_unknown", {"id": key}, "C8.3"))
    login, closed = found[0]
    if closed is not None:
        return (Reason("reason.finding_closed", {"day": closed}, "C8.3"),)
    if actor.login != login and not actor.holds(Role.SALES_HEAD):
        return (Reason("reason.finding_of_another", {"name": name_of(login)}, "C8.3"),)
    return ()


@query()
def inspection_due(actor: Actor, today: date) -> date | None:
    """By when the parent department inspects again, None while nothing is filed (A.X 20)."""
    held = rows("SELECT max(held_on) FROM inspection")[0][0]
    first = rows("SELECT min(made_on) FROM filing")[0][0]
    months = load_edition(today).policy.inspection_months
    return next_inspection(_day(held), _day(first), months)


@query()
def responsible_people(actor: Actor) -> list[tuple[str, str]]:
    """Who may be responsible for a finding: login and name of every active person of sales."""
    return load_responsible()


def load_responsible() -> list[tuple[str, str]]:
    """Those of `responsible_people` (inside services and queries)."""
    return [
        (login, name)
        for login, name in rows(
            "SELECT p.login, p.name FROM person p WHERE p.active = 1 AND EXISTS (SELECT 1 "
            "FROM person_role r WHERE r.login = p.login AND r.role IN "
            "('account_manager', 'sales_head')) ORDER BY p.sort_key, p.login"
        )
    ]
