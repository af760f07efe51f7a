"""The file of a customer as it was on any day, out of its audited changes (C8.1), and what an
invoice says of the buyer by it (C5.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chemsales.queries.customer_change import load_waiting
from chemsales.queries.customer_history import load_changes
from chemsales.queries.customers import ADMITTED, ClassRow, CustomerDetail, class_row, customer
from chemsales.queries.histories import CAME_EMPTY
from chemsales.queries.in_force import FACTS
from chemsales.queries.licences import dealing_reasons
from chemsales.queries.reading import query
from chemsales.queries.tiers import levels_on
from chemsales.rules.calendar import company_day
from chemsales.rules.customer import Contact, ContactKind, CustomerFacts, CustomerStatus
from chemsales.rules.customer_change import INVOICE
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.history import RowChange, rows_on
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of

Images = Mapping[str, Mapping[str, Any]]
_CLASS = (
    "customer_class", "region", "from_day", "to_day", "clause", "edition", "id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InvoiceData:
    """What an invoice says of the buyer on a day: the file that was in force, by the names of its
    fields, its version, and whether a change of it waits for finance now."""

    customer_id: int
    version: int
    buyer: Mapping[str, str]
    waits: bool


@query()
def customer_on(actor: Actor, customer_id: int, day: date) -> CustomerDetail:
    """The file as it was at the end of a day: facts, contacts, classes and manager as they were
    recorded by then; licences, suspensions and disqualification by their dates; the level by the
    closings that stood then. NotFound before the customer was accredited."""
    held = _rows(customer_id, day)
    row = held["customer"][str(customer_id)]
    level = levels_on(day, day).get(customer_id)
    manager = str(row["manager"])
    names = dict(rows("SELECT login, name FROM person WHERE login = ?", (manager,)))
    return replace(
        customer(actor, customer_id),
        facts=_facts(row),
        status=_status(row, customer_id, day),
        manager=manager,
        manager_name=names.get(manager, manager),
        version=row["version"],
        classes=_classes(held.get("customer_class", {})),
        contacts=_contacts(held.get("customer_contact", {})),
        level=level.level if level else None,
        form=level.form if level else None,
    )


@query()
def invoice_data(actor: Actor, customer_id: int, day: date) -> InvoiceData:
    """What an invoice of a day says of the buyer, out of the file in force then, never typed
    (C5.1). NotFound before the customer was accredited."""
    row = _rows(customer_id, day)["customer"][str(customer_id)]
    waits = load_waiting(customer_id) is not None
    return InvoiceData(customer_id, row["version"], {name: row[name] for name in INVOICE}, waits)


def _rows(customer_id: int, day: date) -> dict[str, Images]:
    """The rows of the file by table and key, as they stood at the end of a day."""
    changes = [
        RowChange(
            table,
            key,
            company_day(instant_of(at)),
            {**CAME_EMPTY.get(table, {}), **json.loads(new)} if new else None,
        )
        for _number, at, _who, table, _old, new, _clause, _detail, key in load_changes(customer_id)
    ]
    if not changes:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    found = rows_on(changes, day)
    if "customer" not in found:
        first = min(change.day for change in changes).isoformat()
        params = {"day": day.isoformat(), "first": first}
        raise NotFound(Reason("reason.customer_not_yet", params, "C8.1"))
    return dict(found)


def _facts(row: Mapping[str, Any]) -> CustomerFacts:
    return CustomerFacts(**{name: row[name] for name in FACTS})


def _status(row: Mapping[str, Any], customer_id: int, day: date) -> CustomerStatus:
    """Suspended by the papers that were accepted by then, whether or not it was noted (C15.2)."""
    status = CustomerStatus(row["status"])
    if status is CustomerStatus.ACCREDITED and dealing_reasons(customer_id, day):
        return CustomerStatus.SUSPENDED
    return status


def _contacts(found: Images) -> tuple[Contact, ...]:
    return tuple(
        Contact(ContactKind(row["kind"]), row["name"], row["title"], row["phone"], row["email"])
        for _key, row in sorted(found.items(), key=lambda item: int(item[0]))
        if not row["void"]
    )


def _classes(found: Images) -> tuple[ClassRow, ...]:
    """In the order of the card: polyolefins first, then by group and day."""
    groups = {
        code: (name, english, polyolefin)
        for code, name, english, polyolefin in rows(
            "SELECT code, name, name_en, polyolefin FROM product_group"
        )
    }
    held = sorted(
        found.values(),
        key=lambda row: (-groups[row["group_code"]][2], row["group_code"], row["from_day"]),
    )
    return tuple(
        class_row(
            (
                row["group_code"], *groups[row["group_code"]][:2],
                *(row[name] for name in _CLASS), groups[row["group_code"]][2],
                *(row[name] for name in ADMITTED),
            )
        )
        for row in held
    )  # fmt: skip
