"""What is reported of customers: the file as recipients get it, the offices, one item and why it
may not be marked (C4.7)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from chemsales.queries.person_names import not_yours
from chemsales.queries.policy import load_edition
from chemsales.queries.products import load_groups
from chemsales.queries.reading import query
from chemsales.rules import roles
from chemsales.rules.calendar import company_day
from chemsales.rules.dispatch import FACTS, Marks, acknowledge_reasons, recipients, send_reasons
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.roles import Action, Actor, Role
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of

_PAPER = ("kind", "number", "issuer", "valid_from", "valid_to", "long_term", "label", "sha256")
_CONTACT = ("kind", "name", "title", "phone", "email")
_CLASS = ("group_code", "customer_class", "region", "from_day")


def load_file(customer_id: int) -> tuple[int, dict[str, Any]]:
    """The version of a customer's file and what is told of it (inside services and queries);
    NotFound."""
    return load_files([customer_id])[customer_id]


def load_files(customers: Collection[int]) -> dict[int, tuple[int, dict[str, Any]]]:
    """The version of each customer's file and what is told of it: facts, classes in force,
    contacts, manager, accepted papers with the hashes of their scans (inside services and queries;
    the same statements for one and for many); NotFound for the first that is not there."""
    columns = ("version", "code", "status", "accredited_on", "manager", *FACTS)
    found = {
        int(key): dict(zip(columns, row, strict=True))
        for key, *row in _of("customer", "id", columns, "1 = 1", customers)
    }
    for key in customers:
        if key not in found:
            raise NotFound(Reason("reason.customer_unknown", {"customer": key}))
    names = dict(rows("SELECT login, name FROM person"))
    groups = dict(rows("SELECT code, name FROM product_group"))
    classes = _lines("customer_class", _CLASS, "to_day IS NULL", customers)
    contacts = _lines("customer_contact", _CONTACT, "void = 0", customers)
    papers = _lines("licence", _PAPER, "accepted_on IS NOT NULL", customers)
    files = {}
    for key, told in found.items():
        version, facts = int(told.pop("version")), {name: told.pop(name) for name in FACTS}
        told["manager_name"] = names.get(told["manager"], told["manager"])
        told["facts"] = facts
        told["classes"] = [
            {**line, "group_name": groups[line["group_code"]]} for line in classes[key]
        ]
        told["contacts"], told["papers"] = contacts[key], papers[key]
        files[key] = version, told
    return files


def _lines(
    table: str, columns: tuple[str, ...], where: str, customers: Collection[int]
) -> dict[int, list[dict[str, Any]]]:
    """What hangs on these customers, each in the order in which it came."""
    found: dict[int, list[dict[str, Any]]] = {key: [] for key in customers}
    for key, *row in _of(table, "customer_id", columns, where, customers):
        found[int(key)].append(dict(zip(columns, row, strict=True)))
    return found


def _of(
    table: str, key: str, columns: tuple[str, ...], where: str, customers: Collection[int]
) -> list[tuple[Any, ...]]:
    marks = ", ".join("?" * len(customers)) or "NULL"
    return rows(
        f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE {key} IN ({marks}) AND {where} "
        "ORDER BY id",
        tuple(customers),
    )


def load_recipients(customer_id: int) -> tuple[str, ...]:
    """Whom a customer is reported to, "" for finance and the codes of offices (inside services)."""
    groups = [
        code
        for (code,) in rows(
            "SELECT group_code FROM customer_class WHERE customer_id = ? AND to_day IS NULL",
            (customer_id,),
        )
    ]
    offices: dict[str, set[str]] = {}
    for office, group in rows(
        "SELECT g.office_code, g.group_code FROM office_group g "
        "JOIN office o ON o.code = g.office_code WHERE g.active = 1 AND o.active = 1"
    ):
        offices.setdefault(office, set()).add(group)
    return recipients(groups, offices)


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """A resident office with the codes of the product groups it is attached to."""

    code: str
    name: str
    name_en: str
    groups: tuple[str, ...]
    active: bool
    version: int


@query(Action.RULES_READ)
def offices(actor: Actor) -> list[OfficeRow]:
    """Every resident office, by code."""
    attached: dict[str, list[str]] = {}
    for office, group in rows(
        "SELECT office_code, group_code FROM office_group WHERE active = 1 ORDER BY group_code"
    ):
        attached.setdefault(office, []).append(group)
    return [
        OfficeRow(code, name, english, tuple(attached.get(code, ())), bool(active), version)
        for code, name, english, active, version in rows(
            "SELECT code, name, name_en, active, version FROM office ORDER BY code"
        )
    ]


@query()
def change_days(actor: Actor, day: date) -> int:
    """The working days within which a change goes into the file, and out to whom it is reported, by
    the edition of a day (C8.1)."""
    return load_edition(day).policy.change_days


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item as its marks are judged: whose customer it tells of, and for which office ("" of
    finance)."""

    id: int
    customer_id: int
    manager: str
    office: str
    marks: Marks


def load_items(keys: Collection[int]) -> list[StoredItem]:
    """These items, by key, none of them twice (inside services and queries; one statement);
    NotFound for the first that is not there."""
    marks = ", ".join("?" * len(keys)) or "NULL"
    found = [
        StoredItem(
            int(key), customer, manager, office,
            Marks(
                number, company_day(instant_of(sent)) if sent else None,
                date.fromisoformat(acknowledged) if acknowledged else None,
            ),
        )
        for key, number, customer, manager, office, sent, acknowledged in rows(
            "SELECT d.id, d.number, d.customer_id, u.manager, coalesce(d.office_code, ''), "
            "d.sent_at, d.acknowledged_on FROM dispatch d JOIN customer u ON u.id = d.customer_id "
            f"WHERE d.id IN ({marks}) ORDER BY d.id",
            tuple(keys),
        )
    ]  # fmt: skip
    for key in sorted(set(keys) - {item.id for item in found}):
        raise NotFound(Reason("reason.dispatch_unknown", {"id": key}, "C4.7"))
    return found


def item_reasons(actor: Actor, item: StoredItem, action: Action) -> tuple[Reason, ...]:
    """Why this person may not mark an item as sent, or as acknowledged (inside services)."""
    missing = roles.blockers(actor, action)
    if missing:
        return missing
    if action is Action.DISPATCH_ACKNOWLEDGE and not item.office:
        if not actor.holds(Role.FINANCE):
            return (Reason("reason.dispatch_of_finance", {"number": item.marks.number}, "C4.7"),)
    elif another := not_yours(actor, item.manager, "C5.1"):
        return another
    judge = send_reasons if action is Action.DISPATCH_SEND else acknowledge_reasons
    return judge(item.marks)


@query()
def send_blockers(actor: Actor, key: int) -> tuple[Reason, ...]:
    """Why this person may not mark an item as sent; empty when they may."""
    return item_reasons(actor, load_items([key])[0], Action.DISPATCH_SEND)


@query()
def acknowledge_blockers(actor: Actor, key: int) -> tuple[Reason, ...]:
    """Why this person may not mark an item as acknowledged; empty when they may."""
    return item_reasons(actor, load_items([key])[0], Action.DISPATCH_ACKNOWLEDGE)


def known_groups() -> frozenset[str]:
    """The codes of product groups that an office can be attached to (inside services)."""
    return frozenset(load_groups(active=False))
