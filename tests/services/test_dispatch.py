"""C4.7: an accreditation and every change of a published field are reported to finance and to the
resident offices of the customer's products; C8.2 is the same."""

from __future__ import annotations

import json
from datetime import date

import pytest

from chemsales.queries import dispatch as queries
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.dispatch import FACTS
from chemsales.rules.errors import Conflict, Forbidden, Invalid, NotAllowed
from chemsales.services import audit, customers
from chemsales.services import dispatch as service
from chemsales.storage.database import connected, rows, transaction
from tests.factory import accredit, draft_of, session_of
from tests.factory_dispatch import acknowledge, items, open_offices, send
from tests.services.test_audit import tamper
from tests.storage.test_schema import refused

TODAY = date(2026, 7, 6)


@pytest.fixture
def customer(ready, clock):
    open_offices(clock)
    return accredit(draft_of("青岛信诚化工有限公司", 7), clock)


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def left_open():
    """Items that nobody has acknowledged."""
    return rows("SELECT count(*) FROM dispatch WHERE acknowledged_on IS NULL")[0][0]


def test_c4_7_an_accreditation_makes_one_item_for_each_recipient(customer, clock):
    found = rows("SELECT number, office_code, what, version, made_by, sent_at FROM dispatch")
    assert found == [
        ("BS2026-0001", None, "accreditation", 1, "gm", None),
        ("BS2026-0002", "DL", "accreditation", 1, "gm", None),
        ("BS2026-0003", "QD", "accreditation", 1, "gm", None),
    ]
    file = json.loads(rows("SELECT file FROM dispatch LIMIT 1")[0][0])
    assert set(file["facts"]) == set(FACTS)
    assert file["facts"]["account"] == "37101986010051500007"
    assert file["classes"][0]["group_code"] == "PO"
    assert (file["manager"], file["manager_name"], file["code"]) == ("am", "张伟", "C00001")


def test_c4_7_an_office_of_other_products_is_not_told(ready, clock):
    open_offices(clock)
    request = ClassRequest("EG", CustomerClass.DEALER, "山东", 300_000, "涤纶")
    key = accredit(draft_of("滨州化纤有限公司", 8, (request,)), clock)
    assert set(items(key)) == {""}
    row = next(each for each in queries.offices(session_of("am").actor) if each.code == "QD")
    service.set_office(session_of("sales"), "QD", ["PO", "EG"], True, row.version)
    another = accredit(draft_of("东营化纤有限公司", 9, (request,)), clock)
    assert set(items(another)) == {"", "QD"}
    service.set_office(session_of("sales"), "QD", ["PO", "EG"], False, row.version + 1)
    assert set(items(accredit(draft_of("淄博化纤有限公司", 10, (request,)), clock))) == {""}


def test_c8_2_a_change_of_class_is_reported_with_old_and_new(customer, clock):
    clock.advance(days=1)
    customers.change_class(
        session_of("sales", clock), customer, "PO", CustomerClass.DIRECT, clock().date(), "合同", 1
    )
    found = rows("SELECT version, changes FROM dispatch WHERE what = 'change' ORDER BY id")
    assert len(found) == 3
    assert {version for version, _changes in found} == {2}
    assert json.loads(found[0][1]) == [
        {"field": "customer_class", "before": "dealer", "after": "direct", "of": "PO"}
    ]


def test_c8_2_what_stays_in_the_house_is_not_reported(customer):
    customers.set_mnemonic(session_of("am"), customer, "xchg", 1)
    assert not rows("SELECT 1 FROM dispatch WHERE what = 'change'")


def test_c4_7_nothing_is_open_only_when_all_is_acknowledged(customer, clock):
    held = items(customer)
    assert left_open() == 3
    send(customer, clock)
    assert left_open() == 3
    clock.advance(days=2)
    acknowledge(held["DL"], "am", clock, TODAY)
    acknowledge(held["QD"], "sales", clock)
    assert left_open() == 1
    acknowledge(held[""], "finance", clock)
    assert left_open() == 0
    assert rows("SELECT acknowledged_by, acknowledged_on, receipt FROM dispatch ORDER BY id") == [
        ("finance", "2026-07-08", "收发室 刘工"),
        ("am", "2026-07-06", "收发室 刘工"),
        ("sales", "2026-07-08", "收发室 刘工"),
    ]


def test_c4_7_each_marks_what_is_theirs(customer, clock):
    held = items(customer)
    actor = {login: session_of(login, clock).actor for login in ("am", "am2", "finance")}
    with pytest.raises(NotAllowed) as refusal:
        send(customer, clock, "am2")
    assert codes(refusal) == ["reason.customer_not_yours"]
    with pytest.raises(Forbidden):
        send(customer, clock, "finance")
    with pytest.raises(NotAllowed) as refusal:
        acknowledge(held["QD"], "am", clock)
    assert codes(refusal) == ["reason.dispatch_not_sent"]
    send(customer, clock)
    assert queries.send_blockers(actor["am"], held[""])[0].code == "reason.dispatch_sent"
    (reason,) = queries.acknowledge_blockers(actor["am"], held[""])
    assert (reason.code, reason.clause) == ("reason.dispatch_of_finance", "C4.7")
    (reason,) = queries.acknowledge_blockers(actor["finance"], held["QD"])
    assert reason.code == "reason.customer_not_yours"
    assert queries.acknowledge_blockers(actor["am"], held["QD"]) == ()
    assert queries.acknowledge_blockers(actor["finance"], held[""]) == ()


def test_c4_7_all_of_several_are_marked_or_none(customer, clock):
    held = items(customer)
    service.send(session_of("am", clock), [held["QD"]])
    with pytest.raises(NotAllowed):
        send(customer, clock)
    assert rows("SELECT count(*) FROM dispatch WHERE sent_at IS NOT NULL") == [(1,)]
    with pytest.raises(Invalid):
        service.send(session_of("am", clock), [])
    with pytest.raises(Invalid) as refusal:
        acknowledge(held["QD"], "am", clock, date(2026, 7, 5))
    assert codes(refusal) == ["reason.dispatch_day"]
    with pytest.raises(Invalid):
        service.acknowledge(session_of("am", clock), [held["QD"]], TODAY, " ")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE dispatch SET sent_by = 'x'",
        "UPDATE dispatch SET file = '{}'",
        "UPDATE dispatch SET acknowledged_on = '2026-07-06', acknowledged_by = 'x', receipt = 'x'",
        "INSERT INTO dispatch (number, customer_id, what, office_code, version, file, changes, "
        "edition, made_by, made_at) SELECT 'X', customer_id, what, 'NB', 1, '{}', '[]', 1, 'x', "
        "'x' FROM dispatch LIMIT 1",
    ],
)
def test_c4_7_the_database_itself_holds_what_an_item_says(customer, clock, sql):
    service.add_office(session_of("sales"), "NB", "宁波驻厂办", "", ["EG"])
    if "acknowledged" not in sql:
        send(customer, clock)
    assert "an item" in refused(sql)


def test_an_office_is_kept_by_code_and_its_groups_are_there(ready):
    sales = session_of("sales")
    open_offices(count=1)
    with pytest.raises(Invalid) as refusal:
        service.add_office(sales, "qd", "另一个", "", ["PO"])
    assert codes(refusal) == ["reason.code_taken"]
    with pytest.raises(Invalid) as refusal:
        service.add_office(sales, "NB", "宁波驻厂办", "", ["XX"])
    assert codes(refusal) == ["reason.group_unknown"]
    with pytest.raises(Invalid) as refusal:
        service.add_office(sales, "NB", "宁波驻厂办")
    assert [each.place for each in refusal.value.problems] == ["groups"]
    with pytest.raises(Conflict):
        service.set_office(sales, "QD", ["BZ"], True, 9)
    service.set_office(sales, "QD", ["BZ"], True, 1, "青岛西驻厂办")
    (row,) = queries.offices(sales.actor)
    assert (row.name, row.groups) == ("青岛西驻厂办", ("BZ",))


def test_items_are_numbered_without_a_gap(customer):
    assert audit.verify(session_of("auditor")).problems == ()
    with connected(), transaction():
        tamper("UPDATE dispatch SET number = 'BS2026-0009' WHERE id = 1", "dispatch")
    found = audit.verify(session_of("auditor")).problems
    assert ("numbering dispatch-2026", "reason.numbers_with_gaps") in {
        (each.place, each.reason.code) for each in found
    }
