"""What is reported of customers: the file as recipients get it, the offices, one item and why it
may not be marked (C4.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

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
    """The version of a customer's file and what is told of it: facts, classes in force, contacts,
    manager, accepted papers with the hashes of their scans (inside services and queries)."""
    columns = ("version", "code", "status", "accredited_on", "manager", *FACTS)
    found = rows(f"SELECT {', '.join(columns)} FROM customer WHERE id = ?", (customer_id,))
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    told = dict(zip(columns, found[0], strict=True))
    version, facts = int(told.pop("version")), {name: told.pop(name) for name in FACTS}
    names = dict(rows("SELECT login, name FROM person WHERE login = ?", (told["manager"],)))
    told["manager_name"] = names.get(told["manager"], told["manager"])
    told["facts"] = facts
    groups = dict(rows("SELECT code, name FROM product_group"))
    told["classes"] = [
        {**line, "group_name": groups[line["group_code"]]}
        for line in _lines("customer_class", _CLASS, "to_day IS NULL", customer_id)
    ]
    told["contacts"] = _lines("customer_contact", _CONTACT, "void = 0", customer_id)
    told["papers"] = _lines("licence", _PAPER, "accepted_on IS NOT NULL", customer_id)
    return version, told


def _lines(
    table: str, columns: tuple[str, ...], where: str, customer_id: int
) -> list[dict[str, Any]]:
    found = rows(
        f"SELECT {', '.join(columns)} FROM {table} WHERE customer_id = ? AND {where} ORDER BY id",
        (customer_id,),
    )
    return [dict(zip(columns, row, strict=True)) for row in found]


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


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item as its marks are judged: whose customer it tells of, and for which office ("" of
    finance)."""

    id: int
    customer_id: int
    manager: str
    office: str
    marks: Marks


def load_item(key: int) -> StoredItem:
    """An item (inside services and queries); NotFound."""
    found = rows(
        "SELECT d.number, d.customer_id, u.manager, coalesce(d.office_code, ''), d.sent_at, "
        "d.acknowledged_on FROM dispatch d JOIN customer u ON u.id = d.customer_id "
        "WHERE d.id = ?",
        (key,),
    )
    if not found:
        raise NotFound(Reason("reason.dispatch_unknown", {"id": key}, "C4.7"))
    number, customer, manager, office, sent, acknowledged = found[0]
    sent_on = company_day(instant_of(sent)) if sent else None
    taken = date.fromisoformat(acknowledged) if acknowledged else None
    return StoredItem(key, customer, manager, office, Marks(number, sent_on, taken))


def item_reasons(actor: Actor, item: StoredItem, action: Action) -> tuple[Reason, ...]:
    """Why this person may not mark an item as sent, or as acknowledged (inside services)."""
    missing = roles.blockers(actor, action)
    if missing:
        return missing
    if action is Action.DISPATCH_ACKNOWLEDGE and not item.office:
        if not actor.holds(Role.FINANCE):
            return (Reason("reason.dispatch_of_finance", {"number": item.marks.number}, "C4.7"),)
    elif not actor.holds(Role.SALES_HEAD) and actor.login != item.manager:
        return (Reason("reason.customer_of_another", {"login": item.manager}, "C5.1"),)
    judge = send_reasons if action is Action.DISPATCH_SEND else acknowledge_reasons
    return judge(item.marks)


@query()
def send_blockers(actor: Actor, key: int) -> tuple[Reason, ...]:
    """Why this person may not mark an item as sent; empty when they may."""
    return item_reasons(actor, load_item(key), Action.DISPATCH_SEND)


@query()
def acknowledge_blockers(actor: Actor, key: int) -> tuple[Reason, ...]:
    """Why this person may not mark an item as acknowledged; empty when they may."""
    return item_reasons(actor, load_item(key), Action.DISPATCH_ACKNOWLEDGE)


def known_groups() -> frozenset[str]:
    """The codes of product groups that an office can be attached to (inside services)."""
    return frozenset(load_groups(active=False))
