"""The file of a customer as it was on any day (C8.1), and what an invoice says by it (C5.1)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from chemsales.queries.customer_day import customer_on, invoice_data
from chemsales.queries.customers import customer as customer_file
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import Contact, ContactKind, CustomerStatus
from chemsales.rules.errors import NotFound
from chemsales.services import customers
from tests.factory import accredit, draft_of, session_of
from tests.factory_customer_change import change, judge
from tests.factory_disqualification import disqualify
from tests.factory_licences import lapsed

ACTOR = session_of("auditor").actor
PHONES = ("0532-86890001", "0532-86890002", "0532-86890003")


@pytest.fixture
def customer(ready, clock):
    clock.set(2026, 3, 2)
    return accredit(draft_of("青岛信诚化工有限公司", 7), clock)


def version(customer):
    return customer_file(ACTOR, customer).version


def step(customer, clock, chance):
    """One of the things that happen to a file."""
    what = chance.randrange(5)
    if what == 0:
        change(customer, "am", clock, None, reason="改电话", invoice_phone=chance.choice(PHONES)
               + str(chance.randrange(10, 99)))  # fmt: skip
    elif what == 1:
        people = tuple(
            Contact(ContactKind.BUSINESS, f"联系人{chance.randrange(99)}")
            for _ in range(chance.randrange(3))
        )
        change(customer, "sales", clock, None, reason="换联系人", contacts=people,
               business_scope=f"范围{chance.randrange(10**6)}")  # fmt: skip
    elif what == 2:
        key = change(customer, "am", clock, account=f"53290102{chance.randrange(10**7, 10**8)}")
        clock.advance(days=chance.randrange(3))
        judge(key, clock=clock)
    elif what == 3:
        customers.set_mnemonic(
            session_of("am", clock), customer, f"m{chance.randrange(99)}", version(customer)
        )
    else:
        held = customer_file(ACTOR, customer).classes[-1]
        other = {CustomerClass.DEALER: CustomerClass.DIRECT}.get(
            held.customer_class, CustomerClass.DEALER
        )
        session = session_of("sales", clock)
        if held.from_day < session.today():
            customers.change_class(
                session, customer, "PO", other, session.today(), "合同", version(customer)
            )


def test_c8_1_a_file_of_any_day_is_the_one_that_was_recorded_that_day(customer, clock):
    chance, kept = Random(8), {}
    for _ in range(25):
        step(customer, clock, chance)
        kept[session_of("am", clock).today()] = customer_file(ACTOR, customer)
        clock.advance(days=chance.randrange(1, 4), hours=chance.randrange(0, 3))
    for day, detail in kept.items():
        assert customer_on(ACTOR, customer, day) == detail
    with pytest.raises(NotFound) as refusal:
        customer_on(ACTOR, customer, date(2026, 3, 1))
    assert refusal.value.reasons[0].code == "reason.customer_not_yet"


def test_c8_1_suspension_disqualification_and_level_are_those_of_the_day(ready, clock):
    clock.set(2026, 3, 2)
    key = lapsed("临邑恒昌化工有限公司", 61, clock)
    ended = date(2026, 7, 6)
    clock.set(2026, 7, 6)
    disqualify(key, clock)
    for day, status in (
        (date(2026, 6, 10), CustomerStatus.ACCREDITED),
        (date(2026, 6, 11), CustomerStatus.SUSPENDED),
        (date(2026, 6, 19), CustomerStatus.SUSPENDED),
        (date(2026, 6, 20), CustomerStatus.ACCREDITED),
    ):
        assert customer_on(ACTOR, key, day).status is status, day
    assert customer_on(ACTOR, key, ended).status is CustomerStatus.DISQUALIFIED
    assert customer_on(ACTOR, key, ended).level is None
    yesterday = customer_on(ACTOR, key, ended - timedelta(days=1))
    assert yesterday.level is not None
    assert [row.to_day for row in yesterday.classes] == [None]


def test_c5_1_an_invoice_names_the_buyer_by_the_file_in_force_on_its_day(customer, clock):
    first = session_of("am", clock).today()
    before = invoice_data(ACTOR, customer, first)
    clock.advance(days=3)
    key = change(customer, "am", clock, account="5329010210310601", name="青岛信诚新材料有限公司")
    waiting = invoice_data(ACTOR, customer, session_of("am", clock).today())
    assert (waiting.buyer, waiting.waits) == (before.buyer, True)
    clock.advance(days=2)
    judge(key, clock=clock)
    today = session_of("am", clock).today()
    found = invoice_data(ACTOR, customer, today)
    assert (found.buyer["account"], found.waits) == ("5329010210310601", False)
    assert found.buyer["name"] == "青岛信诚新材料有限公司"
    assert found.version > before.version
    earlier = invoice_data(ACTOR, customer, today - timedelta(days=1))
    assert earlier.buyer == before.buyer
