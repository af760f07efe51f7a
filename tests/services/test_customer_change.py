"""C8.1: the file changes with a reason; what an invoice names waits for finance (C5.1)."""

from __future__ import annotations

import json
from dataclasses import replace

import peewee
import pytest

from chemsales.queries import customer_change as queries
from chemsales.queries.approval import queue
from chemsales.queries.checks import CheckResult
from chemsales.queries.customer_history import customer_history
from chemsales.queries.customers import customer as customer_file
from chemsales.queries.customers import customers as found_customers
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.customer import Contact, ContactKind
from chemsales.rules.errors import Conflict, Forbidden, Invalid, NotAllowed
from chemsales.services import audit
from chemsales.services import customer_change as service
from chemsales.storage.database import connected, database, rows, transaction
from tests.factory import accredit, draft_of, session_of, uscc_of
from tests.factory_customer_change import (
    PERMIT,
    change,
    change_version,
    judge,
    move_account,
    wanted,
)
from tests.factory_disqualification import disqualify
from tests.services.test_audit import tamper

NAME = "青岛信诚化工有限公司"
ACCOUNT = "5329010210310601"
PHONE = "0532-86890001"


@pytest.fixture
def customer(ready, clock):
    return accredit(draft_of(NAME, 7), clock)


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def places(refusal):
    return {problem.place for problem in refusal.value.problems}


def facts(customer):
    return customer_file(session_of("auditor").actor, customer).facts


def queued():
    return [row.id for row in queue(session_of("finance").actor) if row.kind == "customer_change"]


def test_c8_1_what_no_invoice_names_is_in_force_at_once(customer, clock):
    new = Contact(ContactKind.FINANCE, "赵云", "会计", "13800000001", "zhao@example.com")
    clock.advance(days=1)
    assert (
        change(
            customer, "sales", clock, None, reason="客户迁址",
            business_address="青岛市香港中路 9 号", invoice_phone="0532-86891234", contacts=(new,),
        )
        is None
    )  # fmt: skip
    found = customer_file(session_of("am").actor, customer)
    assert found.facts.business_address == "青岛市香港中路 9 号"
    assert found.contacts == (new,)
    newest = customer_history(session_of("am").actor, customer)[:8]
    assert {row.who for row in newest} == {"王芳"}
    told = {(row.change.field, row.change.before, row.change.after) for row in newest}
    assert ("business_address", "", "青岛市香港中路 9 号") in told
    assert {row.clause for row in newest} == {"C8.1"}
    assert {row.reason for row in newest} == {"客户迁址"}
    assert audit.verify(session_of("auditor")).problems == ()


def test_c8_1_name_and_account_wait_for_finance_before_the_next_invoice(customer, clock):
    before = facts(customer)
    key = change(
        customer, "am", clock, name="青岛信诚新材料有限公司", account=ACCOUNT, invoice_phone=PHONE
    )
    assert facts(customer) == replace(before, invoice_phone=PHONE)
    assert queued() == [key]
    assert judge(key, clock=clock) is Outcome.APPROVED
    assert facts(customer) == replace(
        before, name="青岛信诚新材料有限公司", account=ACCOUNT, invoice_phone=PHONE
    )
    assert [row.id for row in found_customers(session_of("am").actor, "qdxcxcl")] == [customer]
    newest = customer_history(session_of("am").actor, customer)[0]
    assert (newest.who, newest.reason) == ("李强", "客户来函，自本月起启用新账户。")
    stored = queries.customer_change(session_of("gm").actor, key).stored
    assert [(each.field, each.before, each.after) for each in stored.differences] == [
        ("name", NAME, "青岛信诚新材料有限公司"), ("account", before.account, ACCOUNT),
    ]  # fmt: skip
    assert audit.verify(session_of("auditor")).problems == ()


def test_c8_1_one_change_waits_at_a_time_and_needs_its_paper(customer, clock):
    with pytest.raises(Invalid) as refusal:
        change(customer, "am", clock, None, account=ACCOUNT)
    assert places(refusal) == {"scan"}
    move_account(customer, clock)
    with pytest.raises(NotAllowed) as refused:
        change(customer, "sales", clock, account="5329010210310602")
    assert codes(refused) == ["reason.change_waits"]
    assert change(customer, "sales", clock, None, invoice_phone=PHONE) is None


@pytest.mark.parametrize("end", ["withdraw", "reject"])
def test_c8_1_what_is_not_accepted_leaves_the_file_as_it_was(customer, clock, end):
    before, key = facts(customer), move_account(customer, clock)
    if end == "withdraw":
        service.withdraw(session_of("am", clock), key, change_version(key))
    else:
        judge(key, verdict=Verdict.REJECT, comment="账户名称不符", clock=clock)
    assert facts(customer) == before
    again = move_account(customer, clock, "sales")
    judge(again, clock=clock)
    assert facts(customer).account == ACCOUNT


def test_c8_1_a_returned_change_is_corrected_and_decided_again(customer, clock):
    key = move_account(customer, clock)
    judge(key, verdict=Verdict.RETURN, comment="请附新的开户许可证", clock=clock)
    session = session_of("am", clock)
    other = wanted(customer, session.today(), "更正账号", account="5329010210310777")
    with pytest.raises(NotAllowed):
        service.correct(session_of("sales", clock), key, change_version(key), other, PERMIT)
    service.correct(session, key, change_version(key), other, PERMIT)
    detail = queries.customer_change(session.actor, key)
    assert [each.field for each in detail.stored.differences] == ["account"]
    assert detail.stored.label == "开户许可证.pdf"
    judge(key, clock=clock)
    assert facts(customer).account == "5329010210310777"
    assert facts(customer).bank == "中国建设银行青岛分行"


def test_c4_7_a_change_is_reported_once_it_is_in_force(customer, clock):
    told = "SELECT changes FROM dispatch WHERE what = 'change' ORDER BY id"
    change(customer, "am", clock, None, invoice_phone=PHONE, credit_note="按期付款", contacts=())
    ((first,),) = rows(told)
    assert [each["field"] for each in json.loads(first)] == ["invoice_phone", "contacts"]
    key = move_account(customer, clock)
    assert len(rows(told)) == 1
    judge(key, clock=clock)
    second = json.loads(rows(told)[1][0])
    assert [each["field"] for each in second] == ["legal_person", "bank", "account"]


def test_c4_7_that_a_contact_is_for_something_else_is_reported(customer, clock):
    for kind in (ContactKind.PICKUP, ContactKind.FINANCE):
        change(customer, "am", clock, None, contacts=(Contact(kind, "赵云"),))
    told = rows("SELECT changes, file FROM dispatch WHERE what = 'change' ORDER BY id")
    assert [json.loads(changes)[0]["field"] for changes, _file in told] == ["contacts"] * 2
    assert json.loads(told[-1][1])["contacts"][0]["kind"] == "finance"
    change(customer, "am", clock, None, invoice_phone=PHONE)
    ((last,),) = rows("SELECT changes FROM dispatch ORDER BY id DESC LIMIT 1")
    assert [each["field"] for each in json.loads(last)] == ["invoice_phone"]


def test_c5_1_only_finance_accepts_and_not_what_it_asked_for(customer, clock):
    key = move_account(customer, clock)
    for login in ("am", "sales", "gm", "admin"):
        with pytest.raises(Forbidden):
            judge(key, login, clock=clock)
    for login in ("finance", "gm", "auditor"):
        with pytest.raises(Forbidden):
            change(customer, login, clock, invoice_phone=PHONE)
    with pytest.raises(NotAllowed) as refusal:
        change(customer, "am2", clock, invoice_phone=PHONE)
    assert codes(refusal) == ["reason.customer_not_yours"]
    assert refusal.value.reasons[0].params == {"name": "张伟"}  # who it is, not the login


def test_c8_1_a_code_is_held_against_its_check_digit_and_the_others(customer, clock):
    other = accredit(draft_of("另一家化工有限公司", 8), clock)
    with pytest.raises(Invalid) as refusal:
        change(customer, "am", clock, uscc="913702005555555555")
    assert places(refusal) == {"uscc"}
    with pytest.raises(Invalid) as refusal:
        change(customer, "am", clock, uscc=uscc_of(8))
    assert "reason.duplicate_customer" in codes(refusal)
    with pytest.raises(Invalid) as refusal:
        change(customer, "am", clock, bank="", account="12")
    assert places(refusal) == {"bank", "account"}
    key = change(customer, "am", clock, account=facts(other).account, holder="别家公司")
    found = queries.customer_change(session_of("finance").actor, key).checks
    told = [(row.result, row.reason.code) for row in found]
    assert [each for each in told if each[0] is not CheckResult.PASSED] == [
        (CheckResult.WRONG, "reason.check_holder_differs"),
        (CheckResult.LOOK, "reason.duplicate_account"),
    ]  # fmt: skip


def test_what_is_missing_is_refused_and_leaves_nothing(customer, clock):
    session = session_of("am", clock)
    for asked, where in (
        (wanted(customer, session.today()), {"reason"}),
        (wanted(customer, session.today(), "", invoice_phone=PHONE), {"reason"}),
        (wanted(customer, clock().date().replace(year=2030), invoice_phone=PHONE), {"changed_on"}),
    ):
        with pytest.raises(Invalid) as refusal:
            service.change(session, customer, 1, asked)
        assert places(refusal) == where
    with pytest.raises(Conflict):
        service.change(session, customer, 9, wanted(customer, session.today(), invoice_phone=PHONE))
    with pytest.raises(Invalid):
        change(customer, "am", clock, ("virus.exe", b"MZ"), account=ACCOUNT)
    assert not rows("SELECT 1 FROM customer_change")


def test_who_is_disqualified_stays_as_it_was(customer, clock):
    disqualify(customer, clock)
    with pytest.raises(NotAllowed) as refusal:
        change(customer, "am", clock, invoice_phone=PHONE)
    assert codes(refusal) == ["reason.disqualified"]


def test_a_stale_version_is_a_conflict(customer, clock):
    key = move_account(customer, clock)
    seen = change_version(key)
    judge(key, clock=clock)
    with pytest.raises(Conflict):
        service.decide(session_of("finance", clock), key, seen, Verdict.APPROVE)


def test_an_account_forged_into_the_database_is_refused_and_found(customer, clock):
    judge(move_account(customer, clock), clock=clock)
    forge = "UPDATE customer SET account = '1'"
    with pytest.raises(peewee.DatabaseError), connected(), transaction():
        database.execute_sql(forge)
    with connected(), transaction():
        tamper(forge, "customer")
        tamper("UPDATE customer_change SET decided_on = NULL", "customer_change")
    found = {each.reason.code for each in audit.verify(session_of("auditor")).problems}
    assert {"reason.customer_differs_from_case", "reason.change_unfounded"} <= found
