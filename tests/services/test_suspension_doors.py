"""C15.2: every door stops before a suspended customer; a weighed pick-up is a fact."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chemsales import exchange
from chemsales.queries import offtake as queries
from chemsales.queries.filtering import Filter, Request
from chemsales.queries.licences import dealing_reasons
from chemsales.queries.listing import whole
from chemsales.queries.violations import violations
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import CustomerStatus, DocumentKind
from chemsales.rules.errors import NotAllowed
from chemsales.rules.offtake import BatchKind
from chemsales.services import customers, offtake
from chemsales.services import licences as service
from chemsales.storage.database import rows
from tests.factory import accredit, draft_of, session_of
from tests.factory_disqualification import disqualify
from tests.factory_licences import accredit_dated, paper, renew
from tests.factory_offtake import pick_up, plan

LAST = date(2026, 8, 10)
NAME, OTHER = "东营胜华化工有限公司", "淄博众森化工有限公司"


@pytest.fixture
def customer(ready, clock):
    """A customer whose licence was valid through 2026-08-10, on the day after; and another."""
    key = accredit_dated(NAME, 5, LAST, clock)
    accredit(draft_of(OTHER, 6), clock)
    clock.set(2026, 8, 11)
    return key


def read(tmp_path, clock, kind, *lines):
    file = tmp_path / f"{kind}.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    am = session_of("am", clock)
    return exchange.preview(file, kind, queries.import_context(am.actor, am.today()))


def plans(tmp_path, clock, *months):
    lines = [f"{month},{name},PP-T30S,60" for month in months for name in (NAME, OTHER)]
    return read(tmp_path, clock, BatchKind.PLANS, "月份,客户名称,产品,计划量(吨)", *lines)


def test_a_plan_of_a_suspended_customer_is_refused_line_by_line(customer, clock, tmp_path):
    preview = plans(tmp_path, clock, "2026-09")
    assert [row.row for row in preview.bad] == [2]
    (problem,) = preview.problems
    assert (problem.place, problem.warning) == ("2:客户名称", False)
    assert problem.reason.code == "reason.dealing_of_suspended"
    assert problem.reason.params["name"] == NAME
    batch = offtake.import_batch(session_of("am", clock), preview, only_good=True).value
    planned = "SELECT u.name FROM plan_line n JOIN customer u ON u.id = n.customer_id"
    assert rows(f"{planned} WHERE n.batch_id = ?", (batch,)) == [(OTHER,)]


def test_plans_of_months_that_are_over_are_a_record(customer, clock, tmp_path):
    assert plans(tmp_path, clock, "2026-07").bad == ()
    assert [row.row for row in plans(tmp_path, clock, "2026-08").bad] == [2]


def test_a_file_read_before_the_last_day_is_over_is_asked_again(customer, clock, tmp_path):
    clock.set(2026, 8, 10)
    preview = plans(tmp_path, clock, "2026-09")
    assert preview.problems == ()
    clock.set(2026, 8, 11)
    with pytest.raises(NotAllowed) as refusal:
        offtake.import_batch(session_of("am", clock), preview)
    assert [reason.clause for reason in refusal.value.reasons] == ["C15.2"]
    clock.set(2026, 8, 10)
    offtake.import_batch(session_of("am", clock), preview)


def test_whoever_writes_plans_past_the_preview_is_refused(customer, clock):
    line = (customer, "PP-T30S", "2026-09", 60_000, 0)
    with pytest.raises(NotAllowed):
        plan(session_of("sales", clock), [line])
    renew(customer, paper("B-9"), clock)
    plan(session_of("sales", clock), [line])


def test_a_suspended_customer_gets_no_other_class(customer, clock):
    def change():
        day, version = date(2026, 8, 1), 1
        customers.change_class(
            session_of("sales", clock), customer, "PO", CustomerClass.DIRECT, day, "合同", version
        )

    with pytest.raises(NotAllowed) as refusal:
        change()
    assert refusal.value.reasons == dealing_reasons(customer, LAST + timedelta(days=1))
    renew(customer, paper("B-9"), clock)
    change()


def pickups(tmp_path, clock):
    lines = [
        f"{day},{name},PP-T30S,30,{kind},N{at}"
        for at, (day, name, kind) in enumerate(
            (
                ("2026-08-10", NAME, "提货"),
                ("2026-08-11", NAME, "提货"),
                ("2026-08-11", OTHER, "提货"),
            )
        )
    ]
    headings = "提货日期,客户名称,产品,提货量(吨),类型,提货单号"
    return read(tmp_path, clock, BatchKind.PICKUPS, headings, *lines)


def listed(*wanted):
    return whole(session_of("auditor").actor, violations(), Request(filters=wanted))


def test_a_weighed_pickup_is_kept_marked_and_listed_as_a_violation(customer, clock, tmp_path):
    preview = pickups(tmp_path, clock)
    assert preview.bad == ()
    (warning,) = preview.problems
    assert (warning.place, warning.warning) == ("3:提货日期", True)
    assert warning.reason.code == "reason.pickup_of_suspended"
    assert warning.reason.params["taken"] == "2026-08-11"
    offtake.import_batch(session_of("am", clock), preview)
    assert rows("SELECT count(*), sum(kg) FROM pickup") == [(3, 90_000)]
    (found,) = listed()
    assert (found.customer_id, found.day, found.since, found.kg) == (
        customer, date(2026, 8, 11), date(2026, 8, 11), 30_000,
    )  # fmt: skip
    assert found.kind == "business_licence"
    assert listed(Filter("day", "<2026-08-11")) == []


def test_a_violation_stays_one_after_the_suspension_is_lifted(customer, clock):
    lines = [(customer, "PP-T30S", f"2026-08-{day}", 1_000) for day in (11, 12, 13)]
    clock.set(2026, 8, 13)
    pick_up(session_of("am", clock), lines)
    assert len(listed()) == 3
    renew(customer, paper("B-9"), clock)
    assert [row.day.day for row in listed()] == [12, 11]


def test_c17_1_a_pickup_of_a_disqualified_customer_is_kept_warned_of_and_listed(
    customer, clock, tmp_path
):
    ((other,),) = rows("SELECT id FROM customer WHERE name = ?", (OTHER,))
    disqualify(other, clock)
    preview = pickups(tmp_path, clock)
    assert preview.bad == ()
    told = {problem.place: problem.reason for problem in preview.problems if problem.warning}
    assert told["4:提货日期"].code == "reason.pickup_of_disqualified"
    assert (told["4:提货日期"].clause, told["4:提货日期"].params["name"]) == ("C17.1", OTHER)
    offtake.import_batch(session_of("am", clock), preview)
    found = {row.name: row for row in listed()}
    assert found[OTHER].kind is CustomerStatus.DISQUALIFIED
    assert (found[OTHER].day, found[OTHER].since) == (date(2026, 8, 11), date(2026, 8, 11))
    assert [row.name for row in listed(Filter("kind", "disqualified"))] == [OTHER]


def test_c17_1_the_papers_of_a_disqualified_customer_violate_nothing_more(customer, clock):
    clock.set(2026, 8, 12)
    disqualify(customer, clock)
    pick_up(session_of("am", clock), [(customer, "PP-T30S", f"2026-08-{at}", 9) for at in (11, 12)])
    assert [(row.day.day, row.kind) for row in listed()] == [
        (12, CustomerStatus.DISQUALIFIED),
        (11, DocumentKind.BUSINESS_LICENCE),
    ]


def test_an_undone_import_violates_nothing(customer, clock):
    batch = pick_up(session_of("am", clock), [(customer, "PP-T30S", "2026-08-11", 1_000)])
    offtake.undo_import(session_of("am", clock), batch, "重复导入")
    assert listed() == []


def test_the_doors_do_not_wait_for_the_daily_run(customer, clock):
    assert rows("SELECT count(*) FROM suspension") == [(0,)]
    assert dealing_reasons(customer, clock().date())
    service.run(session_of("gm", clock))
    assert rows("SELECT count(*) FROM suspension") == [(1,)]
