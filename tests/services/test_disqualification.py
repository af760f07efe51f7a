"""C17.1: a qualification is cancelled on one of three grounds, by three stages, for good."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from chemsales import exchange
from chemsales.queries import disqualification as queries
from chemsales.queries import offtake as offtake_queries
from chemsales.queries.approval import queue
from chemsales.queries.customers import customer as customer_file
from chemsales.queries.licences import dealing_blockers, suspended_on
from chemsales.queries.tiers import levels_on
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import CustomerStatus
from chemsales.rules.disqualification import Ground
from chemsales.rules.errors import Conflict, Forbidden, Invalid, NotAllowed, Reason
from chemsales.rules.offtake import BatchKind
from chemsales.rules.roles import Role
from chemsales.services import audit, customers, offtake
from chemsales.services import disqualification as service
from chemsales.storage.database import connected, rows, transaction
from chemsales.words import language, say, say_all
from tests.factory import accredit, draft_of, employ, make_application, session_of, submit
from tests.factory_customer_change import change
from tests.factory_dispatch import open_offices
from tests.factory_disqualification import FORGED, case_version, disqualify, give, propose, scans
from tests.factory_further import begin
from tests.factory_offtake import close, pick_up, plan, weekdays
from tests.services.test_audit import tamper

TODAY = date(2026, 7, 6)
PO = {"group": "聚烯烃", "group_en": "Polyolefins"}
NAME = "青岛信诚化工有限公司"


@pytest.fixture
def customer(ready, clock):
    clock.set(2026, 3, 2)
    key = accredit(draft_of(NAME, 7), clock)
    clock.set(2026, 7, 6)
    return key


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def status(customer):
    return customer_file(session_of("auditor").actor, customer).status


def test_c17_1_three_stages_cancel_a_qualification(customer, clock):
    key = propose(customer, clock)
    for login in ("sales", "finance"):
        assert give(key, login, clock=clock) is Outcome.OPEN
        assert status(customer) is CustomerStatus.ACCREDITED
        assert dealing_blockers(session_of("am").actor, customer, TODAY) == ()
    assert give(key, "gm", clock=clock) is Outcome.APPROVED
    assert status(customer) is CustomerStatus.DISQUALIFIED
    (reason,) = dealing_blockers(session_of("am").actor, customer, TODAY)
    assert (reason.code, reason.clause) == ("reason.disqualified", "C17.1")
    assert reason.params == {"number": "QX2026-0001", "day": "2026-07-06"}
    assert suspended_on(TODAY)[customer] == (reason,)
    assert rows("SELECT DISTINCT to_day FROM customer_class") == [("2026-07-06",)]


def test_c17_1_plans_and_classes_stop_before_a_disqualified_customer(customer, clock, tmp_path):
    disqualify(customer, clock)
    file = tmp_path / "plan.csv"
    file.write_text(f"月份,客户名称,产品,计划量(吨)\n2026-08,{NAME},PP-T30S,60", encoding="utf-8")
    am = session_of("am", clock)
    preview = exchange.preview(
        file, BatchKind.PLANS, offtake_queries.import_context(am.actor, am.today())
    )
    refused = [each.reason for each in preview.problems if not each.warning]
    assert [(each.code, each.clause) for each in refused] == [
        ("reason.dealing_of_disqualified", "C17.1")
    ]
    assert NAME in say(refused[0])
    with pytest.raises(NotAllowed) as refusal:
        customers.change_class(
            session_of("sales", clock), customer, "PO", CustomerClass.DIRECT, TODAY, "合同", 2
        )
    assert codes(refusal) == ["reason.disqualified"]


def test_c4_7_a_disqualification_is_reported_to_finance_and_the_offices(customer, clock):
    open_offices(clock)
    disqualify(customer, clock)
    told = rows("SELECT office_code, version, file, changes FROM dispatch WHERE what = 'change' "
                "ORDER BY id")  # fmt: skip
    assert [office for office, *_rest in told] == [None, "DL", "QD"]
    ((version,),) = rows("SELECT version FROM customer WHERE id = ?", (customer,))
    for _office, seen, file, changes in told:
        assert seen == version and json.loads(file)["status"] == "disqualified"
        (change,) = json.loads(changes)
        assert (change["before"], change["after"]) == ("accredited", "disqualified")
    assert audit.verify(session_of("auditor")).problems == ()


def test_c17_1_no_level_is_computed_for_a_disqualified_customer(customer, clock):
    other = accredit(draft_of("另一家化工有限公司", 8), clock)
    clock.set(2026, 7, 20)
    disqualify(customer, clock)
    clock.set(2026, 8, 3)
    pick_up(session_of("am", clock), weekdays("2026-07", 60_000, customer))
    close(session_of("sales", clock), "2026-07")
    assert rows("SELECT customer_id FROM tier_result") == [(other,)]
    assert set(levels_on(date(2026, 8, 3))) == {other}


@pytest.mark.parametrize("ground", Ground)
def test_c17_1_each_ground_is_one_of_the_article(customer, ground, clock):
    key = propose(customer, clock, proposal=replace(FORGED, ground=ground, loss_fen=0))
    found = queries.disqualification(session_of("gm").actor, key, TODAY).stored
    assert (found.proposal.ground, found.number) == (ground, "QX2026-0001")


def test_what_is_missing_is_refused_and_leaves_nothing(customer, clock):
    session = session_of("am", clock)
    with pytest.raises(Invalid) as refusal:
        service.propose(session, customer, replace(FORGED, ground=None), [])
    assert {each.place for each in refusal.value.problems} == {"ground", "papers"}
    with pytest.raises(Invalid):
        service.propose(session, customer, FORGED, [("virus.exe", b"MZ")])
    assert not rows("SELECT 1 FROM disqualification")
    assert not rows("SELECT 1 FROM numbering WHERE series LIKE 'disqualification%'")


def test_who_proposes_does_not_sign_and_another_manager_does_not_propose(customer, clock):
    with pytest.raises(NotAllowed) as refusal:
        propose(customer, clock, "am2")
    assert codes(refusal) == ["reason.customer_not_yours"]
    with pytest.raises(Forbidden):
        propose(customer, clock, "gm")
    key = propose(customer, clock, "sales")
    with pytest.raises(NotAllowed) as refusal:
        give(key, "sales", clock=clock)
    assert codes(refusal) == ["reason.applicant_cannot_sign"]
    give(key, employ("head2", Role.SALES_HEAD, clock=clock))
    with pytest.raises(NotAllowed) as refusal:
        propose(customer, clock)
    assert codes(refusal) == ["reason.disqualification_runs"]


def test_a_returned_proposal_is_corrected_and_decided_again_by_all(customer, clock):
    key = propose(customer, clock)
    give(key, "sales", clock=clock)
    give(key, "finance", Verdict.RETURN, "请补充发证机关回函原件", clock=clock)
    (paper,) = queries.disqualification(session_of("am").actor, key, TODAY).stored.papers
    session = session_of("am", clock)
    with pytest.raises(Invalid):
        service.correct(session, key, case_version(key), FORGED, (), [paper.id])
    service.correct(
        session, key, case_version(key), replace(FORGED, loss_fen=5_000_00), scans("回函原件"),
        [paper.id],
    )  # fmt: skip
    detail = queries.disqualification(session.actor, key, TODAY)
    assert [each.label for each in detail.stored.papers] == ["回函原件.pdf"]
    assert detail.stored.proposal.loss_fen == 500_000
    assert [row.id for row in queue_of("sales")] == [key]
    for login in ("sales", "finance", "gm"):
        give(key, login, clock=clock)
    assert status(customer) is CustomerStatus.DISQUALIFIED


def queue_of(login):
    return [row for row in queue(session_of(login).actor) if row.kind == "disqualification"]


def test_rejected_or_withdrawn_the_customer_stays_and_may_be_proposed_again(customer, clock):
    first = propose(customer, clock)
    service.withdraw(session_of("am", clock), first, case_version(first))
    second = propose(customer, clock)
    give(second, "sales", Verdict.REJECT, "证据不足", clock=clock)
    assert status(customer) is CustomerStatus.ACCREDITED
    assert propose(customer, clock) > second


def test_who_is_disqualified_is_not_proposed_again(customer, clock):
    disqualify(customer, clock)
    for login in ("am", "sales"):
        with pytest.raises(NotAllowed) as refusal:
            propose(customer, clock, login)
        assert codes(refusal) == ["reason.disqualified"]
        assert "QX2026-0001" in say_all(refusal.value)


def test_a_stale_version_is_a_conflict(customer, clock):
    key = propose(customer, clock)
    seen = case_version(key)
    give(key, "sales", clock=clock)
    with pytest.raises(Conflict):
        service.decide(session_of("finance", clock), key, seen, Verdict.APPROVE)
    with pytest.raises(Conflict):
        service.correct(session_of("am", clock), key, seen, FORGED)


def test_what_it_ends_is_told_before(customer, clock):
    plan(session_of("am", clock), [(customer, "PP-T30S", "2026-07", 120_000, 0)])
    further = begin(customer)
    assert change(customer, clock=clock, account="99990001")
    found = queries.effects(session_of("am").actor, customer, TODAY)
    told = {reason.code: reason.params for reason in found}
    assert told["reason.effect_order"] == PO | {
        "month": "2026-07", "tonnes": "120.000", "taken": "0.000", "open": "120.000",
    }  # fmt: skip
    assert told["reason.effect_level"] == {"level": "@Level.auction"}
    assert told["reason.effect_class"]["customer_class"] == "@CustomerClass.dealer"
    ((number,),) = rows("SELECT number FROM application WHERE id = ?", (further,))
    assert told["reason.effect_application"] == {
        "number": number, "state": "@ApplicationState.draft",
    }  # fmt: skip
    assert told["reason.effect_changes"] == {"count": 1}


def orders(customer):
    return [
        reason
        for reason in queries.effects(session_of("am").actor, customer, TODAY)
        if reason.code == "reason.effect_order"
    ]


def test_an_open_order_is_what_a_group_has_planned_and_not_taken(customer, clock):
    am = session_of("am", clock)
    plan(
        am,
        [
            (customer, "PP-T30S", "2026-06", 90_000, 0),  # of a month that is over
            (customer, "PP-T30S", "2026-07", 80_000, 0),
            (customer, "PE-7042", "2026-07", 40_000, 10_000),
            (customer, "MEG", "2026-07", 20_000, 0),
            (customer, "PP-T30S", "2026-08", 60_000, 0),
        ],
    )
    pick_up(
        am,
        [
            (customer, "PE-7042", "2026-07-02", 70_500),  # a product of the same group
            (customer, "PE-7042", "2026-07-03", -500),
            (customer, "MEG", "2026-07-03", 25_000),  # more than was planned
        ],
    )
    undone = pick_up(am, [(customer, "PP-T30S", "2026-07-04", 40_000)])
    offtake.undo_import(am, undone, "重复导入")
    assert [reason.params for reason in orders(customer)] == [
        PO | {"month": "2026-07", "tonnes": "110.000", "taken": "70.000", "open": "40.000"},
        PO | {"month": "2026-08", "tonnes": "60.000", "taken": "0.000", "open": "60.000"},
    ]
    with language("zh_CN"):
        assert say(orders(customer)[0]) == (
            "2026-07 聚烯烃计划（订货）110.000 吨，已提 70.000 吨，未提 40.000 吨不再执行"
        )
    pick_up(am, [(customer, "PP-T30S", "2026-07-05", 40_000)])
    assert [reason.params["month"] for reason in orders(customer)] == ["2026-08"]


def test_what_came_back_alone_is_not_ordered_anew(customer, clock):
    am = session_of("am", clock)
    plan(am, [(customer, "MEG", "2026-07", 20_000, 0)])
    pick_up(am, [(customer, "MEG", "2026-07-03", -5_000)])
    ((told),) = orders(customer)
    assert (told.params["taken"], told.params["open"]) == ("0.000", "20.000")


def test_a_proposal_of_before_says_its_plans_as_it_did():
    stored = {"code": "reason.effect_plan", "params": {"month": "2026-08", "tonnes": "60.000"}}
    with language("zh_CN"):
        assert say(Reason.from_dict(stored)) == "2026-08 计划 60.000 吨不再执行"


def test_it_comes_back_only_by_a_new_application_which_names_it_to_every_reviewer(customer, clock):
    am = session_of("am", clock)
    twin = draft_of(NAME, 7)
    with pytest.raises(Invalid):
        submit(am, make_application(am, twin))
    disqualify(customer, clock)
    clock.set(2026, 7, 8)
    again = accredit(twin, clock)
    assert again != customer
    assert status(again) is CustomerStatus.ACCREDITED
    assert dealing_blockers(am.actor, again, date(2026, 7, 8)) == ()
    assert status(customer) is CustomerStatus.DISQUALIFIED


def test_a_status_forged_into_the_database_is_found(customer, clock):
    with connected(), transaction():
        tamper("UPDATE customer SET status = 'disqualified'", "customer")
    found = audit.verify(session_of("auditor"))
    assert "reason.disqualification_unfounded" in {each.reason.code for each in found.problems}


def test_proposals_are_numbered_without_a_gap(customer, clock):
    propose(customer, clock)
    assert audit.verify(session_of("auditor")).problems == ()
    with connected(), transaction():
        tamper("UPDATE disqualification SET number = 'QX2026-0002'", "disqualification")
    found = audit.verify(session_of("auditor")).problems
    assert ("numbering disqualification-2026", "reason.numbers_with_gaps") in {
        (each.place, each.reason.code) for each in found
    }
