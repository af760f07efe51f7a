"""The file of a customer that is in force, as far as it can be changed (C8.1)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from chemsales.rules.customer import Contact, ContactKind, CustomerFacts, Draft
from chemsales.rules.errors import NotFound, Reason
from chemsales.storage.database import rows

FACTS = tuple(item.name for item in fields(CustomerFacts))


@dataclass(frozen=True, slots=True)
class InForce:
    """The file of a customer as it counts now, as far as it can be changed."""

    customer_id: int
    code: str
    facts: CustomerFacts
    contacts: tuple[Contact, ...]
    version: int
    manager: str


def load_file(customer_id: int) -> InForce:
    """The file that is in force (inside services and queries); NotFound."""
    found = rows(
        f"SELECT code, version, manager, {', '.join(FACTS)} FROM customer WHERE id = ?",
        (customer_id,),
    )
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    code, version, manager, *facts = found[0]
    return InForce(
        customer_id, code, CustomerFacts(*facts), load_contacts(customer_id), version, manager
    )


def load_contacts(customer_id: int) -> tuple[Contact, ...]:
    """The contacts of a customer now, in the order in which they came (inside services and
    queries)."""
    return tuple(
        Contact(ContactKind(kind), *rest)
        for kind, *rest in rows(
            "SELECT kind, name, title, phone, email FROM customer_contact "
            "WHERE customer_id = ? AND void = 0 ORDER BY id",
            (customer_id,),
        )
    )


def of_file(draft: Draft, customer_id: int | None) -> Draft:
    """The draft with the facts and contacts of the customer for whose further class it is: they are
    changed by a change of the file (C8.1). What a reviewer accepted stays the draft's."""
    if customer_id is None:
        return draft
    file = load_file(customer_id)
    facts = replace(file.facts, code_override=draft.facts.code_override)
    return replace(draft, facts=facts, contacts=file.contacts)
