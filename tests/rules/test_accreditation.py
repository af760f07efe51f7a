"""The start of a customer and what is frozen for review (C7.2, C9.2, C9.3)."""

from __future__ import annotations

import json

import pytest

from chemsales.rules.accreditation import digest, snapshot, start, starting_level
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.customer import ClassRequest, Contact, ContactKind, DocumentKind, Draft
from chemsales.rules.tiers import Level, TierState
from chemsales.storage.fields import canonical_json
from tests.rules.test_customer import FACTS, GROUPS

AUCTION = TierState(Level.AUCTION, SalesForm.AUCTION)
ORDINARY = TierState(Level.ORDINARY, SalesForm.PLAN)
DEALER, DIRECT, AGENT = CustomerClass.DEALER, CustomerClass.DIRECT, CustomerClass.AGENT
WITH_TWO = {**GROUPS, "PE": GROUPS["PO"]}


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ((("PO", DEALER),), AUCTION),
        ((("PO", DIRECT),), ORDINARY),
        ((("EG", DIRECT),), None),
        ((("EG", AGENT), ("BZ", DEALER)), None),
        ((("EG", AGENT), ("PO", DEALER)), AUCTION),
        ((("EG", DEALER), ("PO", DIRECT)), ORDINARY),
        ((("PO", DIRECT), ("PE", DEALER)), AUCTION),
        ((("PO", DIRECT), ("PE", DIRECT)), ORDINARY),
        ((), None),
    ],
)
def test_start(classes: tuple[tuple[str, CustomerClass], ...], expected: TierState | None) -> None:
    """A new polyolefin dealer is an auction customer, a direct one ordinary, others have none."""
    requests = tuple(ClassRequest(group, customer_class) for group, customer_class in classes)
    assert start(requests, WITH_TWO) == expected


def test_no_choice_is_offered() -> None:
    assert starting_level(DEALER) == AUCTION
    assert starting_level(DIRECT) == ORDINARY


def test_the_snapshot_holds_everything_reviewed() -> None:
    draft = Draft(
        FACTS,
        (ClassRequest("PO", DEALER, "华东", 120_500, "注塑"),),
        (Contact(ContactKind.BUSINESS, "张三", phone="139"),),
        "同意",
    )
    papers = [(DocumentKind.INVOICE_DATA, "b" * 64), (DocumentKind.BUSINESS_LICENCE, "a" * 64)]
    frozen = snapshot(draft, papers, "A-2026-0001")
    assert json.loads(json.dumps(frozen)) == frozen
    same = snapshot(draft, papers[::-1], "A-2026-0001")
    assert digest(frozen) == digest(same)
    for other in (
        snapshot(Draft(FACTS, draft.classes, draft.contacts, "不同意"), papers, "A-2026-0001"),
        snapshot(draft, papers[:1], "A-2026-0001"),
        snapshot(Draft(FACTS, (), draft.contacts, "同意"), papers, "A-2026-0001"),
        snapshot(draft, papers, "A-2026-0002"),
    ):
        assert digest(other) != digest(frozen)


def test_the_digest_is_of_the_text_that_is_stored() -> None:
    import hashlib

    value = {"名称": "恒力", "b": [1, None, True], "a": {"z": 1, "y": "2026-01-01"}}
    assert digest(value) == hashlib.sha256(canonical_json(value).encode()).hexdigest()
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
