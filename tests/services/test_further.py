"""A customer that exists is accredited for a further class, on both engines (C3.1, C7.2, C10.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries.customer_history import customer_history
from chemsales.queries.customer_record import files
from chemsales.queries.customers import customer
from chemsales.queries.dispatch import load_recipients
from chemsales.queries.further import asked_of
from chemsales.queries.search import find
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ApplicationState, ClassRequest, Contact, ContactKind
from chemsales.rules.customer import DocumentKind as Kind
from chemsales.rules.errors import ChemsalesError, Conflict, Invalid, NotAllowed, NotFound
from chemsales.rules.handover import Handover
from chemsales.rules.tiers import Level
from chemsales.services import accreditation, audit, customers, handover
from chemsales.services.session import Session
from chemsales.storage.database import rows
from tests import factory, factory_licences
from tests.factory import (
    NOON,
    PDF,
    Clock,
    accredit,
    approved_by_all,
    draft_of,
    make_application,
    session_of,
    version_of,
)
from tests.factory_customer_change import change
from tests.factory_disqualification import disqualify
from tests.factory_further import EG_DEALER, asked, begin, give
from tests.factory_licences import accredit_dated
from tests.furnishing import FAILING
from tests.racing import race
from tests.services.test_audit import tamper

AGENT, DEALER, DIRECT = CustomerClass.AGENT, CustomerClass.DEALER, CustomerClass.DIRECT
BENZENE = ClassRequest("BZ", DEALER, "山东", 200_000, "贸易")
TODAY = date(2026, 7, 6)


@pytest.fixture
def held(ready: str) -> int:
    """A polyolefin dealer, accredited on the day before."""
    return accredit(draft_of("江苏华东化工有限公司", 3), _clock(-1))


def _clock(days: int) -> Clock:
    clock = Clock(NOON)
    clock.advance(days=days)
    return clock


def _am(clock: Clock) -> Session:
    return session_of("am", clock)


def refusal(error: pytest.ExceptionInfo[ChemsalesError]) -> list[str]:
    return [reason.code for reason in error.value.reasons]


def _files(key: int) -> list[tuple[str, str]]:
    actor = session_of("am").actor
    return [(str(row.source), str(row.kind)) for row in files(actor, customer(actor, key), TODAY)]


def classes_of(key: int) -> list[tuple[str, str, str, str | None]]:
    return [
        (row.group_code, str(row.customer_class), str(row.from_day), row.to_day and str(row.to_day))
        for row in customer(session_of("auditor").actor, key).classes
    ]


def test_c3_1_c7_2_c10_1_a_further_class_comes_by_the_same_three_signatures(held: int) -> None:
    """It is begun with the file's facts, reviewed by sales, finance and the general manager on one
    snapshot, and dated from the last signature; number, level and first case stay."""
    before = customer(session_of("am").actor, held)
    key = begin(held)
    detail = queries.application(session_of("am").actor, key)
    assert detail.further_of is not None and detail.further_of.code == before.code
    assert [each.group_code for each in detail.further_of.classes] == ["PO"]
    assert detail.draft.facts == before.facts and detail.draft.contacts == before.contacts
    assert not [problem for problem in detail.problems if not problem.warning]
    factory.submit(session_of("am"), key)
    for login in ("sales", "finance"):
        factory.decide(session_of(login), key)
        assert classes_of(held) == [("PO", "dealer", "2026-07-05", None)]
    factory.decide(session_of("gm"), key)
    assert classes_of(held) == [
        ("PO", "dealer", "2026-07-05", None),
        ("EG", "dealer", "2026-07-06", None),
    ]
    after = customer(session_of("am").actor, held)
    assert after.code == before.code and after.case_id == before.case_id
    assert after.level == before.level and after.accredited_on == before.accredited_on
    assert after.version == before.version + 1
    assert after.classes[1].answers and after.classes[1].clause == "C10.1"
    ((snapshot,),) = rows("SELECT snapshot FROM approval_case WHERE subject_id = ? "
                          "AND chain = 'accreditation'", (key,))  # fmt: skip
    assert f'"customer_id":{held}' in snapshot
    assert audit.verify(session_of("auditor")).sound


def test_c4_4_c4_7_each_recipient_is_told_of_the_further_class_once(held: int) -> None:
    ((before,),) = rows("SELECT max(id) FROM dispatch")
    give(held)
    told = rows("SELECT what, version, changes FROM dispatch WHERE id > ? AND customer_id = ?",
                (before, held))  # fmt: skip
    assert len(told) == len(load_recipients(held))
    assert {(what, version) for what, version, _ in told} == {("change", 2)}
    assert all('"EG"' in changes and '"dealer"' in changes for _, _, changes in told)


def test_c3_3_the_history_tells_when_a_class_came_and_by_whom(held: int) -> None:
    give(held)
    told = customer_history(session_of("am").actor, held)
    assert {row.change.after for row in told if row.change.field == "customer_class"} >= {"dealer"}
    assert {row.who for row in told if row.change.field == "customer_class"} == {"赵敏"}


def test_c3_3_another_class_in_a_group_ends_the_one_before_the_day_before(held: int) -> None:
    """By `change_class` it had been the sales head's alone; here three have signed it."""
    give(held, ClassRequest("PO", DIRECT, "江苏", 0, "注塑"), EG_DEALER)
    assert classes_of(held) == [
        ("PO", "dealer", "2026-07-05", "2026-07-05"),
        ("PO", "direct", "2026-07-06", None),
        ("EG", "dealer", "2026-07-06", None),
    ]
    assert customer(session_of("am").actor, held).start_level is Level.AUCTION
    assert audit.verify(session_of("auditor")).sound


def test_c3_3_a_class_that_began_today_is_replaced_from_tomorrow(ready: str) -> None:
    key = accredit(draft_of("当日化工有限公司", 4))
    again = begin(key, ClassRequest("PO", DIRECT, "江苏", 0, "注塑"))
    factory.submit(session_of("am"), again)
    for login in ("sales", "finance"):
        factory.decide(session_of(login), again)
    with pytest.raises(NotAllowed) as refused:
        factory.decide(session_of("gm"), again)
    assert refusal(refused) == ["reason.further_same_day"]
    factory.decide(session_of("gm", _clock(1)), again)
    assert [row[2:] for row in classes_of(key)] == [("2026-07-06", "2026-07-06"),
                                                    ("2026-07-07", None)]  # fmt: skip


def test_c3_3_a_class_that_the_customer_has_is_not_asked_for(held: int) -> None:
    key = begin(held, ClassRequest("PO", DEALER, "江苏", 0, "注塑"))
    with pytest.raises(Invalid) as refused:
        factory.submit(session_of("am"), key)
    assert [(each.place, each.reason.code) for each in refused.value.problems] == [
        ("classes.PO.customer_class", "reason.class_same")
    ]


def test_c3_3_what_it_got_meanwhile_stops_the_last_signature(held: int) -> None:
    key = begin(held, ClassRequest("PO", DIRECT, "江苏", 0, "注塑"))
    factory.submit(session_of("am"), key)
    customers.change_class(session_of("sales"), held, "PO", DIRECT, TODAY, "自用", 1)
    for login in ("sales", "finance"):
        factory.decide(session_of(login), key)
    with pytest.raises(NotAllowed) as refused:
        factory.decide(session_of("gm"), key)
    assert "reason.class_same" in refusal(refused)


def test_c7_1_only_the_papers_that_the_file_lacks_are_asked_for(held: int) -> None:
    key = begin(held, BENZENE)
    with pytest.raises(Invalid) as refused:
        factory.submit(session_of("am"), key)
    assert [problem.place for problem in refused.value.problems] == ["document.hazardous_licence"]
    accreditation.attach(
        session_of("am"), key, Kind.HAZARDOUS_LICENCE, "危化.pdf", PDF + b"h", "鲁危 001",
        date(2025, 1, 1), date(2027, 12, 31),
    )  # fmt: skip
    assert approved_by_all(key) == held
    watched = rows("SELECT kind, number, accepted_on, recorded_by FROM licence "
                   "WHERE customer_id = ?", (held,))  # fmt: skip
    assert watched == [
        ("business_licence", "", "2026-07-05", "am"),
        ("hazardous_licence", "鲁危 001", "2026-07-06", "am"),
    ]
    again = queries.further_application(session_of("am").actor, held, TODAY)
    assert {row.kind for row in again.filed} == {
        Kind.BUSINESS_LICENCE, Kind.INVOICE_DATA, Kind.HAZARDOUS_LICENCE
    }  # fmt: skip
    assert [kind for _, kind in _files(held)] == ["business_licence", "invoice_data",
                                                      "hazardous_licence"]  # fmt: skip
    assert audit.verify(session_of("auditor")).sound


def test_c9_2_c9_3_the_first_polyolefins_bring_the_starting_level(ready: str) -> None:
    key = accredit(draft_of("乙二醇用户", 5, [EG_DEALER]), _clock(-1))
    assert customer(session_of("am").actor, key).start_level is None
    give(key, ClassRequest("PO", DIRECT, "江苏", 0, "注塑"))
    assert customer(session_of("am").actor, key).start_level is Level.ORDINARY
    assert audit.verify(session_of("auditor")).sound


def test_c10_3_an_overlapping_region_wants_the_general_managers_reason(held: int) -> None:
    """The customer's own region is not held against it."""
    other = accredit(draft_of("独家代理公司", 6, [ClassRequest("EG", AGENT, "江苏", 0, "贸易")]))
    agent = replace(EG_DEALER, customer_class=AGENT)
    with pytest.raises(NotFound) as begun:
        customers.change_class(session_of("sales"), held, "EG", AGENT, TODAY, "签约", 1)
    assert refusal(begun) == ["reason.class_unknown"]
    key = begin(held, agent)
    factory.submit(session_of("am"), key)
    for login in ("sales", "finance"):
        factory.decide(session_of(login), key)
    with pytest.raises(NotAllowed) as refused:
        factory.decide(session_of("gm"), key)
    assert refusal(refused) == ["reason.agent_overlap", "reason.overlap_unexplained"]
    factory.decide(session_of("gm"), key, comment="两家客户群不同，互不重叠。")
    assert ("EG", "agent", "2026-07-06", None) in classes_of(held)
    assert other != held and audit.verify(session_of("auditor")).sound


def test_c7_1_the_duplicate_search_does_not_hit_the_customer_itself(held: int) -> None:
    key = begin(held)
    actor = session_of("am").actor
    found = queries.application(actor, key).problems
    assert not [each for each in found if each.reason.code.startswith("reason.duplicate")]
    draft = queries.application(actor, key).draft
    assert queries.submission_problems(actor, draft, (), TODAY, key, held) == ()
    codes = {each.reason.code for each in queries.submission_problems(actor, draft, (), TODAY)}
    assert "reason.duplicate_customer" in codes


def test_c8_1_the_facts_are_those_of_the_file_whatever_is_typed(held: int) -> None:
    am = session_of("am")
    draft = replace(draft_of("另一家公司", 8), classes=asked(EG_DEALER).classes)
    key = accreditation.save_draft(am, draft, customer_id=held).value
    stored = queries.application(am.actor, key).draft
    assert stored.facts.name == "江苏华东化工有限公司"
    change(held, invoice_phone="0532-86890000",
           contacts=(Contact(ContactKind.BUSINESS, "郑洁", phone="13805320000"),))  # fmt: skip
    factory.submit(am, key)
    put_up = queries.application(am.actor, key).draft
    assert put_up.facts.invoice_phone == "0532-86890000"
    assert [each.name for each in put_up.contacts][-1] == "郑洁"
    for login in ("sales", "finance", "gm"):
        factory.decide(session_of(login), key)
    assert audit.verify(session_of("auditor")).sound


def test_c7_1_a_failing_check_digit_of_the_file_is_accepted_anew(ready: str) -> None:
    """As by every review; the file keeps what was accepted with it."""
    first = make_application(session_of("am"), draft_of("旧码化工有限公司", 9, uscc=FAILING))
    factory.submit(session_of("am"), first)
    _accepted(first)
    for login in ("sales", "finance", "gm"):
        factory.decide(session_of(login), first)
    ((key, kept),) = rows("SELECT id, code_override FROM customer WHERE uscc = ?", (FAILING,))
    again = begin(key)
    factory.submit(session_of("am"), again)
    with pytest.raises(NotAllowed) as refused:
        factory.decide(session_of("sales"), again)
    assert "reason.identifier_not_overridden" in refusal(refused)
    _accepted(again)
    for login in ("sales", "finance", "gm"):
        factory.decide(session_of(login), again)
    assert classes_of(key)[-1][0] == "EG"
    assert rows("SELECT code_override FROM customer WHERE id = ?", (key,)) == [(kept,)]
    assert audit.verify(session_of("auditor")).sound


def _accepted(key: int) -> None:
    why = "早期试点代码，经核对执照原件"
    accreditation.override_identifier(session_of("sales"), key, why, version_of(key))


def test_c7_2_one_application_for_a_customer_is_under_way_at_a_time(held: int) -> None:
    am = session_of("am")
    key = begin(held)
    number = queries.application(am.actor, key).number
    (reason,) = queries.further_blockers(am.actor, held, TODAY)
    assert (reason.code, reason.params["number"]) == ("reason.further_open", number)
    with pytest.raises(NotAllowed) as refused:
        accreditation.save_draft(am, asked(BENZENE), customer_id=held)
    assert refusal(refused) == ["reason.further_open"]
    accreditation.withdraw(am, key, version_of(key))
    assert queries.further_blockers(am.actor, held, TODAY) == ()


def test_c7_2_returned_withdrawn_rejected_and_asked_for_again(held: int) -> None:
    am = session_of("am")
    key = begin(held)
    factory.submit(am, key)
    factory.decide(session_of("sales"), key, Verdict.RETURN, "请补充用途")
    accreditation.save_draft(am, asked(replace(EG_DEALER, purpose="切片纺")), key, version_of(key))
    factory.submit(am, key)
    again = accreditation.withdraw(am, key, version_of(key)).value
    assert again is not None
    assert queries.application(am.actor, again).further_of is not None
    factory.submit(am, again)
    factory.decide(session_of("sales"), again, Verdict.REJECT, "不符合条件")
    third = accreditation.apply_again(am, again).value
    detail = queries.application(am.actor, third)
    assert detail.further_of is not None and detail.draft.classes[0].purpose == "切片纺"
    assert not [each for each in detail.problems if "party" in each.reason.code]
    (blocked,) = queries.again_blockers(am.actor, again)
    assert blocked.code == "reason.further_open"
    assert approved_by_all(third) == held
    assert audit.verify(session_of("auditor")).sound


def test_c4_2_who_may_not_begin_it_is_told_why(held: int) -> None:
    (other,) = queries.further_blockers(session_of("am2").actor, held, TODAY)
    assert other.code == "reason.customer_of_another"
    (role,) = queries.further_blockers(session_of("sales").actor, held, TODAY)
    assert role.code == "reason.role_lacks_action"
    with pytest.raises(NotAllowed) as refused:
        accreditation.save_draft(session_of("am2"), asked(EG_DEALER), customer_id=held)
    assert refusal(refused) == ["reason.customer_of_another"]


def test_c17_1_what_waits_for_a_disqualified_customer_is_withdrawn_for_good(held: int) -> None:
    am, key = session_of("am"), begin(held)
    factory.submit(am, key)
    disqualify(held)
    with pytest.raises(NotAllowed) as barred:
        factory.decide(session_of("sales"), key, Verdict.APPROVE)
    assert refusal(barred) == ["reason.disqualified"]
    with pytest.raises(NotAllowed):
        accreditation.save_draft(am, asked(EG_DEALER), customer_id=held)
    assert accreditation.withdraw(am, key, version_of(key)).value is None
    assert queries.application(am.actor, key).state is ApplicationState.WITHDRAWN
    assert audit.verify(session_of("auditor")).sound


def test_c8_1_the_papers_in_the_file_are_those_not_renewed_since(ready: str) -> None:
    then = _clock(-30)
    key = accredit_dated("华东续证化工有限公司", 7, date(2026, 12, 31), then)
    before = {row.key: row.kind for row in queries.application(_am(then).actor, begin(key)).filed}
    factory_licences.renew(key, factory_licences.paper())
    [(waiting,)] = rows("SELECT id FROM application WHERE state = 'draft'")
    after = {row.key: row for row in queries.application(session_of("am").actor, waiting).filed}
    assert [before[each] for each in before.keys() - after.keys()] == [Kind.BUSINESS_LICENCE]
    (renewed,) = (after[each] for each in after.keys() - before.keys())
    assert renewed.renewed and renewed.kind is Kind.BUSINESS_LICENCE


def test_c15_2_a_suspended_customer_gets_no_further_class(ready: str) -> None:
    """Neither is it begun, nor put up, nor signed at last once a paper has expired."""
    then = _clock(-30)
    key = accredit_dated("到期化工有限公司", 7, TODAY, then)
    again = begin(key)
    second = accredit_dated("到期二化工有限公司", 8, TODAY, then)
    draft = begin(second)
    factory.submit(session_of("am"), again)
    for login in ("sales", "finance"):
        factory.decide(session_of(login), again)
    tomorrow = _clock(1)
    for refused_by in (
        lambda: factory.decide(session_of("gm", tomorrow), again),
        lambda: factory.submit(session_of("am", tomorrow), draft),
        lambda: begin(accredit_dated("到期三化工", 9, TODAY, then), session=_am(tomorrow)),
    ):
        with pytest.raises(NotAllowed) as refused:
            refused_by()
        assert refusal(refused) == ["reason.suspended"]


def test_c8_1_after_a_handover_the_one_before_puts_it_up_no_more(held: int) -> None:
    key = begin(held)
    handover.hand_over(session_of("sales"), [held], Handover("am2", TODAY, "岗位调整"))
    with pytest.raises(NotAllowed) as refused:
        factory.submit(session_of("am"), key)
    assert refusal(refused) == ["reason.application_of_another"]
    accreditation.withdraw(session_of("am2"), key, version_of(key))
    assert queries.further_blockers(session_of("am2").actor, held, TODAY) == ()
    again = begin(held, session=session_of("am2"))
    factory.submit(session_of("am2"), again)
    for login in ("sales", "finance", "gm"):
        factory.decide(session_of(login), again)
    assert classes_of(held)[-1][0] == "EG"
    assert audit.verify(session_of("auditor")).sound


def test_one_under_way_is_found_by_the_customers_name_and_by_its_number(held: int) -> None:
    key = begin(held)
    number = queries.application(session_of("am").actor, key).number
    for text in ("华东化工", number):
        hits = find(session_of("am").actor, text)
        assert ("application", key) in [hit.target for hit in hits]
    factory.submit(session_of("am"), key)
    state = queries.application(session_of("am").actor, key).state
    assert state is ApplicationState.IN_REVIEW


@pytest.mark.parametrize(
    ("sql", "table", "code"),
    [
        ("UPDATE customer_class SET region = '全国' WHERE group_code = 'EG'", "customer_class",
         "reason.classes_differ_from_case"),
        ("UPDATE customer_class SET from_day = '2026-07-07' WHERE group_code = 'EG'",
         "customer_class", "reason.classes_differ_from_case"),
        ("DELETE FROM customer_class WHERE group_code = 'EG'", "customer_class",
         "reason.classes_differ_from_case"),
        ("UPDATE customer_class SET group_code = 'BZ' WHERE group_code = 'EG'", "customer_class",
         "reason.classes_differ_from_case"),
        ("UPDATE customer_class SET clause = 'C9.3' WHERE customer_class = 'direct'",
         "customer_class", "reason.row_differs_from_history"),
        ("UPDATE application SET customer_id = 2 WHERE further = 1", "application",
         "reason.further_differs_from_case"),
        ("UPDATE application SET further = 1 - further", "application",
         "reason.further_differs_from_case"),
    ],
)  # fmt: skip
def test_c7_2_a_further_class_that_was_not_approved_so_is_named(
    held: int, sql: str, table: str, code: str
) -> None:
    """Whoever takes the guards away writes what they like; `verify` finds it."""
    give(held, ClassRequest("PO", DIRECT, "江苏", 0, "注塑"), EG_DEALER)
    tamper(sql, table)
    assert code in {each.reason.code for each in audit.verify(session_of("auditor")).problems}


def test_c7_2_of_four_desks_one_begins_an_application(held: int) -> None:
    outcomes = race([partial(begin, held) for _ in range(4)])
    lost = [each for each in outcomes if isinstance(each, NotAllowed)]
    assert len(lost) == 3
    assert {each.reasons[0].code for each in lost} == {"reason.further_open"}
    assert rows("SELECT count(*) FROM application WHERE further = 1") == [(1,)]


def test_c3_3_a_class_changed_at_the_same_moment_is_given_once(held: int) -> None:
    """By the sales head at one desk and by the general manager's signature at another."""
    key = begin(held, ClassRequest("PO", DIRECT, "江苏", 0, "注塑"))
    factory.submit(session_of("am"), key)
    for login in ("sales", "finance"):
        factory.decide(session_of(login), key)
    seen = version_of(key)
    change = (session_of("sales"), held, "PO", DIRECT, TODAY, "自用", 1)
    outcomes = race(
        [
            partial(customers.change_class, *change),
            partial(accreditation.decide, session_of("gm"), key, seen, Verdict.APPROVE, "同意"),
        ]
    )
    (lost,) = [each for each in outcomes if isinstance(each, Exception)]
    assert isinstance(lost, NotAllowed | Conflict | Invalid), lost
    assert [row[1:] for row in classes_of(held)] == [
        ("dealer", "2026-07-05", "2026-07-05"),
        ("direct", "2026-07-06", None),
    ]
    assert audit.verify(session_of("auditor")).sound


def test_c10_1_c10_3_an_agent_asks_for_another_region(ready: str) -> None:
    """It takes the place of the one before, and an agent that is to have both names both; the same
    regions in another spelling are the same class, as is a polyolefin one, which has none."""
    agent = replace(EG_DEALER, customer_class=AGENT)
    key = accredit(draft_of("换区代理公司", 12, [agent]), _clock(-1))
    same = begin(key, replace(agent, region=" 江苏省 "))
    with pytest.raises(Invalid) as refused:
        factory.submit(session_of("am"), same)
    assert [(each.place, each.reason.code) for each in refused.value.problems] == [
        ("classes.EG.customer_class", "reason.class_same_region")
    ]
    wider = replace(agent, region="江苏、浙江")
    accreditation.save_draft(session_of("am"), asked(wider), same, version_of(same))
    assert approved_by_all(same) == key
    assert rows(
        "SELECT region, from_day, to_day FROM customer_class WHERE customer_id = ? ORDER BY id",
        (key,),
    ) == [("江苏", "2026-07-05", "2026-07-05"), ("江苏、浙江", "2026-07-06", None)]
    assert audit.verify(session_of("auditor")).sound


def test_c10_1_what_a_customer_asked_for_is_found_with_its_state(held: int) -> None:
    given, key = give(held), begin(held, BENZENE)
    found = asked_of(session_of("am").actor, held)
    assert [(each.id, str(each.state)) for each in found] == [(given, "accredited"), (key, "draft")]
    assert found[0].case_id is not None and found[1].case_id is None


def test_c7_1_c15_1_the_reviewers_see_the_renewed_paper_in_the_place_of_the_one_before(
    ready: str,
) -> None:
    """The newest that was accepted, with its scan; not one that waits, nor a proof."""
    key = accredit_dated("换证化工有限公司", 14, date(2026, 8, 31), _clock(-1))
    for number in ("B-15", "B-16"):
        factory_licences.renew(key, factory_licences.paper(number))
    factory_licences.record(key, factory_licences.paper("B-17"))
    made = begin(key)
    detail = queries.application(session_of("sales").actor, made)
    assert [(row.kind, row.number, row.renewed) for row in detail.filed] == [
        (Kind.INVOICE_DATA, "", False), (Kind.BUSINESS_LICENCE, "B-16", True),
    ]  # fmt: skip
    for row in detail.filed:
        mime, data = queries.document_bytes(session_of("sales").actor, row.key)
        assert mime == row.mime and len(data) == row.size
    assert b"B-16" in data


def test_c7_2_what_came_back_is_not_put_up_as_it_was(held: int) -> None:
    """A word of the manager will do, as will another paper: what was asked for may have been done
    elsewhere. The form says it in the field, before anything is sent."""
    am, key = session_of("am"), begin(held)
    factory.submit(am, key)
    factory.decide(session_of("sales"), key, Verdict.RETURN, "请补充用途")
    with pytest.raises(Invalid) as refused:
        accreditation.submit(am, key, version_of(key))
    (problem,) = refused.value.problems
    assert (problem.place, problem.reason.code) == (
        "manager_opinion", "reason.unchanged_since_return",
    )  # fmt: skip
    (reason,) = queries.blockers(am.actor, key, Verdict.SUBMIT, TODAY)
    assert reason == problem.reason
    draft = queries.application(am.actor, key).draft
    assert queries.submission_problems(am.actor, draft, (), TODAY, key, held) == (problem,)
    said = replace(draft, manager_opinion="用途已电话核实，原表无误。")
    assert queries.submission_problems(am.actor, said, (), TODAY, key, held) == ()
    accreditation.attach(am, key, Kind.INVOICE_DATA, "开票资料.pdf", PDF + b"new")
    assert queries.submission_problems(am.actor, draft, (), TODAY, key, held) == ()
    accreditation.submit(am, key, version_of(key))
    assert audit.verify(session_of("auditor")).sound


def test_c7_2_what_came_back_is_put_up_again_once_its_customers_file_was_changed(held: int) -> None:
    """Which it says anew when it is put up: the button is not greyed by what it said before."""
    am, key = session_of("am"), begin(held)
    factory.submit(am, key)
    factory.decide(session_of("sales"), key, Verdict.RETURN, "请先更新经营地址")
    change(held, business_address="青岛市黄岛区长江路 9 号")
    assert queries.blockers(am.actor, key, Verdict.SUBMIT, TODAY) == ()
    draft = queries.application(am.actor, key).draft
    assert queries.submission_problems(am.actor, draft, (), TODAY, key, held) == ()
    accreditation.submit(am, key, version_of(key))
    put_up = queries.application(session_of("sales").actor, key).draft.facts
    assert put_up.business_address == "青岛市黄岛区长江路 9 号"
