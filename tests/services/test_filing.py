"""C8.3: every customer is filed with the parent department in numbered batches whose export is the
same byte for byte; the department inspects, and what it found is closed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from chemsales.queries import filing as queries
from chemsales.queries import listing as lists
from chemsales.queries.application_form import application_form
from chemsales.queries.dispatch import load_file, load_files
from chemsales.reports.content import Reported
from chemsales.rules.classification import CustomerClass
from chemsales.rules.errors import DataError, Forbidden, Invalid, NotAllowed, NotFound
from chemsales.rules.filing import FindingState
from chemsales.services import audit, customers
from chemsales.services import filing as service
from chemsales.storage.database import connected, rows, transaction
from tests.counting import counted
from tests.factory import accredit, draft_of, session_of
from tests.factory_customer_change import change
from tests.factory_dispatch import acknowledge, items, open_offices, send
from tests.factory_disqualification import disqualify
from tests.factory_filing import file, inspect, inspection
from tests.factory_licences import accredit_dated
from tests.services.test_audit import tamper
from tests.storage.test_schema import refused

TODAY = date(2026, 7, 6)
SALES = session_of("sales").actor


@pytest.fixture
def two(ready, clock):
    dated = accredit_dated("青岛信诚化工有限公司", 7, date(2027, 5, 1), clock)
    return [dated, accredit(draft_of("=临邑恒昌化工有限公司", 8), clock)]


def unfiled():
    return [(row.id, str(row.why), row.last) for row in lists.whole(SALES, queries.UNFILED)]


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def test_c8_3_who_is_admitted_and_in_no_filing_is_listed(two, clock):
    first, second = two
    assert sorted(unfiled()) == [(first, "new", ""), (second, "new", "")]
    file([first], clock)
    assert unfiled() == [(second, "new", "")]
    file(two, clock)
    assert unfiled() == []


def test_c4_7_c8_3_the_application_form_says_what_was_reported_and_filed(ready, clock):
    open_offices(clock)
    key = accredit(draft_of("青岛信诚化工有限公司", 7), clock)
    ((application,),) = rows("SELECT application_id FROM customer WHERE id = ?", (key,))
    before = application_form(SALES, application)
    assert [each.office for each in before.reported] == ["", "大连驻厂办", "青岛驻厂办"]
    assert {each.sent_on for each in before.reported} == {""} and before.filing is None
    send(key, clock)
    acknowledge(items(key)["QD"], "am", clock)
    batch = file([key], clock)
    service.receive(session_of("sales", clock), batch, TODAY, "郑凯")
    change(key, "am", clock, None, invoice_phone="0532-86890001")  # is reported by itself
    file([key], clock)
    after = application_form(SALES, application)
    assert [(each.sent_on, each.taken_on) for each in after.reported] == [
        ("2026-07-06", ""), ("2026-07-06", ""), ("2026-07-06", "2026-07-06"),
    ]  # fmt: skip
    assert after.filing == Reported("BA2026-0001", "2026-07-06", "2026-07-06", "郑凯")
    assert after.footer == before.footer


def test_many_are_filed_with_the_statements_of_one(ready, clock):
    keys = [accredit(draft_of(f"齐鲁{number}号化工有限公司", 20 + number), clock)
            for number in range(4)]  # fmt: skip
    asked = []
    for some in (keys[:1], keys):
        with counted() as statements:
            load_files(some)
        asked.append(len(statements))
    assert asked[0] == asked[1]
    alone = {key: load_file(key) for key in keys}
    assert load_files(keys) == alone
    with pytest.raises(NotFound):
        load_files([*keys, 99])
    file(keys, clock)
    assert sorted(rows("SELECT customer_id, version FROM filing_customer")) == sorted(
        (key, version) for key, (version, _file) in alone.items()
    )


def test_c8_3_who_was_changed_since_is_listed_again(two, clock):
    first, _second = two
    file(two, clock)
    clock.advance(days=1)
    customers.set_mnemonic(session_of("am"), first, "xchg", 1)
    assert unfiled() == []
    day = clock().date()
    customers.change_class(
        session_of("sales", clock), first, "PO", CustomerClass.DIRECT, day, "合同", 2
    )
    assert unfiled() == [(first, "changed", "BA2026-0001")]
    file([first], clock)
    assert unfiled() == []
    assert rows("SELECT version FROM filing_customer ORDER BY id") == [(1,), (1,), (3,)]


def test_c8_3_who_is_disqualified_is_not_filed_any_more(two, clock):
    disqualify(two[0], clock)
    assert [key for key, _why, _last in unfiled()] == [two[1]]
    for named in ([two[0]], two):  # not by name either, as from the command line
        with pytest.raises(NotAllowed) as refusal:
            file(named, clock)
        (reason,) = refusal.value.reasons
        assert (reason.code, reason.clause) == ("reason.filing_disqualified", "C17.1")
        assert (reason.params["code"], reason.params["day"]) == ("C00001", "2026-07-06")
    assert rows("SELECT count(*) FROM filing") == [(0,)]
    assert rows(
        "SELECT count(*) FROM event WHERE use_case = 'filing.make' AND outcome = 'refused'"
    ) == [(2,)]
    file([two[1]], clock)
    assert unfiled() == []


def test_c8_3_the_workbook_says_what_was_filed(two, clock):
    number, data = queries.exported(SALES, file(two, clock))
    assert number == "BA2026-0001"
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    assert book.sheet_names == ["备案批次", "客户", "客户分类", "联系人", "证照"]
    cover = dict(book.get_sheet_by_name("备案批次").to_python()[1:])
    assert cover["接收单位"] == "产品经销公司化工品销售部"
    assert (cover["客户数"], cover["备案日期"], cover["经办人"]) == (2, "2026-07-06", "王芳")
    heads, first, second = book.get_sheet_by_name("客户").to_python()
    told = dict(zip(heads, first, strict=True))
    assert (told["客户编码"], told["客户名称"]) == ("C00001", "青岛信诚化工有限公司")
    assert (told["档案版本"], told["状态"], told["资质材料"]) == (1, "已准入", "三证合一执照")
    assert dict(zip(heads, second, strict=True))["客户名称"] == "=临邑恒昌化工有限公司"
    heads, *papers = book.get_sheet_by_name("证照").to_python()
    assert len(papers) == 2  # the licence of each
    for paper in papers:
        assert len(dict(zip(heads, paper, strict=True))["扫描件 SHA-256"]) == 64


AGAIN = """
import hashlib, sys
from chemsales import bootstrap, words
from chemsales.queries.filing import exported
from chemsales.rules.roles import Actor, Role
words.set_default(sys.argv[2])
bootstrap.open_database(sys.argv[1])
sales = Actor("sales", "x", frozenset({Role.SALES_HEAD}))
print(hashlib.sha256(exported(sales, 1)[1]).hexdigest())
"""


def test_c8_3_the_export_is_the_same_byte_for_byte(two, clock, ready):
    """At another time, in other processes, languages and zones, and after the customer changed."""
    key = file(two, clock)
    _number, first = queries.exported(SALES, key)
    clock.advance(days=40)
    customers.change_class(
        session_of("sales", clock), two[0], "PO", CustomerClass.DIRECT, clock().date(), "合同", 1
    )
    assert queries.exported(SALES, key)[1] == first
    stored = rows("SELECT sha256 FROM filing")[0][0]
    assert hashlib.sha256(first).hexdigest() == stored
    for language, zone in (("en", "America/New_York"), ("zh_TW", "Asia/Tokyo")):
        made = subprocess.run(
            [sys.executable, "-c", AGAIN, ready, language], capture_output=True, text=True,
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": "7"}, check=True,
        )  # fmt: skip
        assert made.stdout.strip() == stored
    with ZipFile(BytesIO(first)) as book:
        assert {part.date_time for part in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_c8_3_an_export_that_is_not_the_one_filed_is_refused(two, clock):
    key = file(two, clock)
    assert audit.verify(session_of("auditor")).problems == ()
    with connected(), transaction():
        tamper("UPDATE filing_customer SET file = replace(file, '信诚', '诚信')", "filing_customer")
    with pytest.raises(DataError) as refusal:
        queries.exported(SALES, key)
    assert codes(refusal) == ["reason.filing_altered"]
    found = audit.verify(session_of("auditor")).problems
    assert ("filing 1", "reason.filing_altered") in {(p.place, p.reason.code) for p in found}


def test_c8_3_a_receipt_is_recorded_once(two, clock):
    key = file(two, clock)
    session = session_of("sales", clock)
    assert lists.count(SALES, queries.FILINGS, queries.unreceived()) == 1
    with pytest.raises(Invalid):
        service.receive(session, key, date(2026, 7, 5), "化工品销售部 郑凯")
    service.receive(session, key, TODAY, "化工品销售部 郑凯")
    (row,) = lists.whole(SALES, queries.FILINGS)
    assert (row.received_on, row.receipt, row.customers) == (TODAY, "化工品销售部 郑凯", 2)
    assert lists.count(SALES, queries.FILINGS, queries.unreceived()) == 0
    with pytest.raises(NotAllowed) as refusal:
        service.receive(session, key, TODAY, "再来")
    assert codes(refusal) == ["reason.filing_received"]
    assert queries.receipt_blockers(SALES, key)[0].code == "reason.filing_received"


def test_c8_3_a_finding_that_was_put_in_later_is_told(two, clock):
    inspect(date(2026, 6, 20))
    assert audit.verify(session_of("auditor")).problems == ()
    with connected(), transaction():
        tamper("INSERT INTO finding (inspection_id, words, due_on, responsible) "
               "VALUES (1, '缺页', '2026-07-20', 'am')", "finding")  # fmt: skip
    found = audit.verify(session_of("auditor")).problems
    told = {(p.place, p.reason.code) for p in found}
    assert ("inspection 1", "reason.inspection_altered") in told


def test_c8_3_what_an_inspection_found_is_overdue_until_it_is_closed(two, clock):
    held = date(2026, 6, 20)
    overdue, later = inspect(held, two[0], file(two, clock))
    am, today = session_of("am", clock), date(2026, 7, 6)
    asked = queries.findings_asked(FindingState.OVERDUE)
    (row,) = lists.whole(SALES, queries.findings_of(today), asked)
    assert (row.id, row.due_on, row.responsible_name) == (overdue, date(2026, 6, 30), "张伟")
    with pytest.raises(NotAllowed) as refusal:
        service.close_finding(am, later, "已更新")
    assert codes(refusal) == ["reason.finding_of_another"]
    service.close_finding(am, overdue, "已补齐")
    assert lists.count(SALES, queries.findings_of(today), asked) == 0
    assert queries.close_blockers(am.actor, overdue)[0].code == "reason.finding_closed"
    service.close_finding(session_of("sales", clock), later, "已更新")
    (seen,) = lists.whole(SALES, queries.INSPECTIONS)
    assert (seen.findings, seen.left_open, seen.filing) == (2, 0, "BA2026-0001")


def test_c8_3_an_inspection_needs_day_inspector_scope_and_whole_findings(two, clock):
    session = session_of("sales", clock)
    draft = inspection(TODAY)
    bare = replace(draft.findings[0], words=" ", responsible="", due_on=date(2026, 7, 5))
    with pytest.raises(Invalid) as refusal:
        service.record_inspection(
            session, replace(draft, held_on=date(2026, 7, 7), scope="", findings=(bare,))
        )
    assert {problem.place for problem in refusal.value.problems} == {
        "held_on", "scope", "findings:0:words", "findings:0:responsible", "findings:0:due_on",
    }  # fmt: skip
    for login in ("nobody", "finance"):  # who is not there, who could not close it
        nobody = replace(draft.findings[0], responsible=login, customer_id=99)
        with pytest.raises(Invalid) as refusal:
            service.record_inspection(session, replace(draft, filing_id=99, findings=(nobody,)))
        assert codes(refusal) == [
            "reason.filing_unknown", "reason.person_unknown", "reason.customer_unknown",
        ]  # fmt: skip
    assert not rows("SELECT 1 FROM inspection")


def test_c8_3_the_next_inspection_is_due_a_month_after_the_last(two, clock):
    assert queries.inspection_due(SALES, TODAY) is None
    file(two, clock)
    assert queries.inspection_due(SALES, TODAY) == date(2026, 8, 6)
    inspect(date(2026, 5, 31))
    assert queries.inspection_due(SALES, TODAY) == date(2026, 6, 30)


def test_c8_3_only_the_sales_head_files_and_records(two, clock):
    for login in ("am", "finance", "gm", "auditor"):
        with pytest.raises(Forbidden):
            service.make(session_of(login, clock), two)
        with pytest.raises(Forbidden):
            service.record_inspection(session_of(login, clock), inspection(TODAY))
    with pytest.raises(Invalid):
        service.make(session_of("sales", clock), [])


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE filing SET sha256 = 'x'",
        "UPDATE filing_customer SET file = '{}'",
        "DELETE FROM filing_customer",
        "UPDATE inspection SET findings = 0",
        "UPDATE finding SET due_on = '2099-01-01'",
        "UPDATE finding SET words = 'x'",
    ],
)
def test_c8_3_what_was_filed_and_found_stands_still(two, clock, sql):
    inspect(date(2026, 6, 20), None, file(two, clock))
    assert "still" in (said := refused(sql)) or "history" in said
