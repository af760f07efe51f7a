"""The customer's file: made by the last approval, its classes dated from then on (C8.1, C3.3)."""

from __future__ import annotations

from dataclasses import asdict

from chemsales.pinyin import initials, sort_key
from chemsales.queries.applications import StoredApplication
from chemsales.queries.products import load_groups
from chemsales.rules.accreditation import start, starting_level
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import CustomerStatus
from chemsales.rules.tiers import Level
from chemsales.services.changes import Subject
from chemsales.services.numbering import next_number
from chemsales.services.operation import Operation
from chemsales.storage.models.customers import (
    Customer,
    CustomerClassRow,
    CustomerContact,
    TierStart,
)


def create_customer(op: Operation, stored: StoredApplication, edition: int) -> int:
    """Make the file of an application that was just approved, inside its use case; its key.

    A class per product group from today on; polyolefins bring the starting level (C9.2, C9.3),
    without a choice. The file cannot exist without the case that approved it (C8.1).
    """
    assert stored.case is not None
    facts = stored.draft.facts
    key = Customer.insert(
        **asdict(facts),
        code=f"C{next_number('customer'):05d}",
        sort_key=sort_key(facts.name),
        initials=" ".join(filter(None, (initials(facts.name), initials(facts.short_name))))[:400],
        status=CustomerStatus.ACCREDITED,
        manager=stored.manager,
        case=stored.case.id,
        application=stored.id,
        accredited_on=op.today,
    ).execute()
    customer_id = int(key)
    _write_classes(op, customer_id, stored, edition)
    for contact in stored.draft.contacts:
        CustomerContact.insert(customer=customer_id, **asdict(contact)).execute()
    op.changed(Subject.CUSTOMER, Subject.TIERS)
    return customer_id


def _write_classes(
    op: Operation, customer_id: int, stored: StoredApplication, edition: int
) -> None:
    groups = load_groups(active=False)
    for request in stored.draft.classes:
        polyolefin = groups[request.group_code].polyolefin
        form = starting_level(request.customer_class).form if polyolefin else ""
        CustomerClassRow.insert(
            customer=customer_id,
            group_code=request.group_code,
            customer_class=request.customer_class,
            form=form,
            region=request.region,
            from_day=op.today,
            clause=_class_clause(polyolefin, request.customer_class),
            edition=edition,
        ).execute()
    first = start(stored.draft.classes, groups)
    if first is not None:
        clause = "C9.2" if first.level is Level.ORDINARY else "C9.3"
        TierStart.insert(
            customer=customer_id,
            level=first.level,
            form=first.form,
            from_day=op.today,
            clause=clause,
            edition=edition,
        ).execute()


def _class_clause(polyolefin: bool, wanted: CustomerClass) -> str:
    if not polyolefin:
        return "C10.1"
    return "C9.2" if wanted is CustomerClass.DIRECT else "C9.3"
