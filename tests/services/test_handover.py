"""C8.1: customers go from one account manager to another, dated, with a reason; nothing is left."""

from __future__ import annotations

import threading
from datetime import date
from functools import partial

import pytest

from chemsales.queries import accreditation as accreditation_queries
from chemsales.queries import handover as queries
from chemsales.queries.approval import queue
from chemsales.queries.customer_day import customer_on
from chemsales.queries.customers import customer as customer_file
from chemsales.queries.people import people
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import Forbidden, Invalid, NotAllowed, NotFound
from chemsales.rules.handover import Handed, Handover
from chemsales.rules.roles import Role
from chemsales.services import (
    accreditation,
    audit,
    customer_change,
    customers,
    delegation,
    disqualification,
    licences,
)
from chemsales.services import handover as service
from chemsales.services import people as logins
from chemsales.storage.database import connected, rows, transaction
from tests.factory import (
    accredit,
    decide,
    draft_of,
    employ,
    make_application,
    session_of,
    submit,
)
from tests.factory_customer_change import change, change_version, judge, move_account, wanted
from tests.factory_disqualification import FORGED, case_version, give, propose, scans
from tests.factory_further import begin
from tests.factory_licences import licence_version, paper, record, verdict
from tests.racing import race
from tests.services.test_audit import tamper

TODAY = date(2026, 7, 6)
AUDITOR = session_of("auditor").actor
FIELDS = ("to", "from_day", "reason")
LEAVES = Handover("am2", TODAY, "张伟离职")


@pytest.fixture
def several(ready, clock):
    clock.set(2026, 3, 2)
    keys = [accredit(draft_of(f"{name}化工", 7 + at), clock) for at, name in enumerate("甲乙")]
    clock.set(2026, 7, 6)
    return keys


def manager(key):
    return customer_file(AUDITOR, key).manager


def places(refusal):
    return {(each.place, each.reason.code) for each in refusal.value.problems}


@pytest.mark.parametrize("login", ["sales", "admin"])
def test_c8_1_all_customers_of_a_leaver_go_in_one_act(several, clock, login):
    held = queries.holding(session_of(login).actor, "am")
    assert held.customers == tuple(several)
    done = service.hand_over(session_of(login, clock), held.customers, LEAVES)
    assert done.value == Handed(customers=2, cases=0, applications=0)
    assert {manager(key) for key in several} == {"am2"}
    found = queries.owner_history(AUDITOR, several[0])
    assert [(each.manager, each.first, each.last, each.reason) for each in found] == [
        ("张伟", date(2026, 3, 2), date(2026, 7, 5), ""), ("刘洋", TODAY, None, "张伟离职"),
    ]  # fmt: skip
    assert customer_on(AUDITOR, several[0], date(2026, 7, 5)).manager == "am"
    assert queries.holding(session_of(login).actor, "am").customers == ()
    assert audit.verify(session_of("auditor")).problems == ()


def test_c8_1_the_other_manager_has_the_customer_from_then_on(several, clock):
    key = several[0]
    service.hand_over(session_of("sales", clock), [key], LEAVES)
    version = customer_file(AUDITOR, key).version
    customers.set_mnemonic(session_of("am2", clock), key, "jia", version)
    assert change(key, "am2", clock, None, invoice_phone="0532-86890001") is None
    with pytest.raises(NotAllowed):
        customers.set_mnemonic(session_of("am", clock), key, "x", version + 2)


def test_what_goes_along_is_told(several, clock):
    """Open applications of new customers too, which stayed with a login that nobody uses."""
    am = session_of("am", clock)
    made = make_application(am, draft_of("丙化工有限公司", 20))
    move_account(several[0], clock)
    held = queries.holding(AUDITOR_SALES, "am")
    assert (held.stays, held.goes("am2"), held.cases) == ((), (made,), {several[0]: 1})
    assert rows("SELECT DISTINCT state FROM application WHERE customer_id IS NULL") == [
        (str(ApplicationState.DRAFT),)
    ]


def test_cases_of_customers_handed_over_without_them_are_told(several, clock):
    """As they were left before cases went along with their customer."""
    record(several[0], paper(), clock)
    move_account(several[1], clock)
    submit(session_of("am", clock), make_application(session_of("am", clock), draft_of("丙", 20)))
    service.hand_over(session_of("sales", clock), [several[0]], LEAVES)
    with connected(), transaction():
        tamper("UPDATE approval_case SET owner = 'am' WHERE owner = 'am2'", "approval_case")
    held = queries.holding(AUDITOR_SALES, "am")
    assert held.cases == {several[1]: 1}
    assert {reason.code: reason.params for reason in held.stays} == {
        "reason.handover_cases": {"count": 1},
    }
    assert len(held.applications) == 1


AUDITOR_SALES = session_of("sales").actor


def came_back(customer, clock):
    """A change, a paper and a proposal of the customer, each returned to its manager."""
    moved = move_account(customer, clock)
    judge(moved, "finance", Verdict.RETURN, "请核对账号", clock)
    licence = record(customer, paper(), clock)
    verdict(licence, "sales", Verdict.RETURN, clock)
    proposal = propose(customer, clock)
    give(proposal, "sales", Verdict.RETURN, "请补充证据", clock)
    return moved, licence, proposal


def correct_all(session, customer, moved, licence, proposal):
    asked = wanted(customer, session.today(), account="5329010210310602", bank="招商银行青岛分行")
    customer_change.correct(session, moved, change_version(moved), asked)
    licences.correct(session, licence, licence_version(licence), paper("B-3"))
    version = case_version(proposal)
    disqualification.correct(session, proposal, version, FORGED, scans("补充说明"))


def test_c8_1_what_came_back_is_corrected_by_the_new_manager_alone(several, clock):
    key = several[0]
    made = came_back(key, clock)
    other = move_account(several[1], clock)
    service.hand_over(session_of("sales", clock), [key], LEAVES)
    assert {row.owner for row in queue(session_of("am2").actor)} == {"am2"}
    assert len(queue(session_of("am2").actor)) == 3
    assert queue(session_of("am").actor) == []
    for verb, own, version in (
        (customer_change.withdraw, made[0], change_version),
        (licences.withdraw, made[1], licence_version),
        (disqualification.withdraw, made[2], case_version),
    ):
        with pytest.raises(NotAllowed) as refusal:
            verb(session_of("am", clock), own, version(own))
        assert {each.code for each in refusal.value.reasons} == {"reason.only_applicant"}
    with pytest.raises(NotAllowed):
        correct_all(session_of("am", clock), key, *made)
    correct_all(session_of("am2", clock), key, *made)
    assert queue(session_of("am2").actor) == []
    judge(made[0], "finance", clock=clock)
    for login in ("sales", "finance"):
        verdict(made[1], login, clock=clock)
    assert customer_file(AUDITOR, key).manager == "am2"
    customer_change.withdraw(session_of("am", clock), other, change_version(other))
    assert audit.verify(session_of("auditor")).problems == ()


def test_c8_1_an_application_for_a_further_class_goes_along(several, clock):
    key = several[0]
    am, heir = session_of("am", clock), session_of("am2", clock)
    made = begin(key, session=am)
    service.hand_over(session_of("sales", clock), [key], LEAVES)
    assert accreditation_queries.application(AUDITOR, made).manager == "am2"
    with pytest.raises(NotAllowed):
        submit(am, made)
    submit(heir, made)
    service.hand_over(session_of("sales", clock), [key], Handover("am", TODAY, "返岗"))
    decide(session_of("sales"), made, Verdict.RETURN, "请补充")
    assert [row.owner for row in queue(am.actor)] == ["am"]
    with pytest.raises(NotAllowed):
        submit(heir, made)
    submit(am, made)
    for login in ("sales", "finance", "gm"):
        decide(session_of(login), made)
    assert audit.verify(session_of("auditor")).problems == ()


def test_c8_1_an_application_that_is_put_up_meanwhile_goes_along_with_its_case(
    several, clock, monkeypatch
):
    made = begin(several[0], session=session_of("am", clock))
    entered, done, move = threading.Event(), threading.Event(), accreditation.move

    def last(*given, **values):
        entered.set()
        done.wait(1)  # the other desk ends meanwhile if nothing keeps it
        return move(*given, **values)

    def overtake():
        assert entered.wait(30)
        try:
            return service.hand_over(session_of("sales", clock), [several[0]], LEAVES)
        finally:
            done.set()

    monkeypatch.setattr(accreditation, "move", last)
    outcomes = race([partial(submit, session_of("am", clock), made), overtake])
    assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
    assert rows(
        "SELECT a.manager, c.owner FROM application a JOIN approval_case c ON c.id = a.case_id "
        "WHERE a.further = 1"
    ) == [("am2", "am2")]
    assert audit.verify(session_of("auditor")).problems == ()


def signed_by_heir(customer, clock):
    """A paper of a customer that am2 has signed for the sales head, and finance has not decided."""
    made = record(customer, paper(f"B-{customer}"), clock)
    verdict(made, "am2", clock=clock)
    return made


def test_c7_2_a_case_does_not_go_to_who_signed_it(several, clock):
    delegation.delegate(session_of("sales", clock), "am2", Role.SALES_HEAD, TODAY, TODAY, "出差")
    signed_by_heir(several[0], clock)
    with pytest.raises(NotAllowed) as refusal:
        service.hand_over(session_of("sales", clock), several, LEAVES)
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.params) == (
        "reason.handover_signed", {"code": "C00001 甲化工", "login": "am2"},
    )  # fmt: skip
    assert {manager(key) for key in several} == {"am"}


def test_c7_2_each_customer_that_cannot_go_is_told_before_and_by_the_refusal(several, clock):
    delegation.delegate(session_of("sales", clock), "am2", Role.SALES_HEAD, TODAY, TODAY, "出差")
    made = [signed_by_heir(key, clock) for key in several]
    third = accredit(draft_of("丙化工", 21), clock)
    held = queries.holding(AUDITOR_SALES, "am")
    kept = held.kept_from("am2")
    assert (list(kept), held.kept_from("am3")) == (several, {})
    with pytest.raises(NotAllowed) as refusal:
        service.hand_over(session_of("sales", clock), [*several, third], LEAVES)
    assert refusal.value.reasons == tuple(kept.values())
    assert not rows("SELECT 1 FROM handover")
    verdict(made[0], "finance", clock=clock)  # it is decided: it goes
    assert list(queries.holding(AUDITOR_SALES, "am").kept_from("am2")) == several[1:]
    goes = [several[0], third]
    assert service.hand_over(session_of("sales", clock), goes, LEAVES).value == Handed(2, 0, 0)
    assert [manager(key) for key in (*several, third)] == ["am2", "am", "am2"]
    assert audit.verify(session_of("auditor")).problems == ()


def test_c8_1_customers_of_several_managers_go_in_one_act_or_none(several, clock):
    """Each with its cases; who takes them has some already, which are told and left."""
    first, second = several
    third = accredit(draft_of("丙化工", 12), clock, "am2")
    employ("am3", Role.ACCOUNT_MANAGER)
    change_key = move_account(third, clock, "am2")
    actor = session_of("sales").actor
    held = queries.holding_of(actor, [third, first], {third: "am2"})
    assert (held.login, held.customers, held.cases) == ("", (first, third), {third: 1})
    assert (held.several, held.applications, held.stays) == (2, (), ())
    assert {key: why.code for key, why in held.kept_from("am2").items()} == {
        third: "reason.handover_same"
    }
    assert held.kept_from("am3") == {}
    with pytest.raises(Invalid) as refusal:
        service.hand_over(session_of("sales", clock), [first, third], LEAVES)
    assert places(refusal) == {("to", "reason.handover_same")}
    assert [manager(key) for key in (first, second, third)] == ["am", "am", "am2"]
    done = service.hand_over(
        session_of("sales", clock), [first, third], Handover("am3", TODAY, "片区调整")
    )
    assert done.value == Handed(customers=2, cases=1, applications=0)
    assert [manager(key) for key in (first, second, third)] == ["am3", "am", "am3"]
    assert rows("SELECT from_manager FROM handover ORDER BY customer_id") == [("am",), ("am2",)]
    ((owner,),) = rows(
        "SELECT c.owner FROM customer_change h JOIN approval_case c ON c.id = h.case_id "
        "WHERE h.id = ?", (change_key,),
    )  # fmt: skip
    assert owner == "am3"
    assert audit.verify(session_of("auditor")).problems == ()


def test_c7_2_of_several_managers_who_signed_a_case_of_one_is_told_before(several, clock):
    first, second = several
    employ("am3", Role.ACCOUNT_MANAGER)
    given = Handover("am3", TODAY, "片区调整")
    service.hand_over(session_of("sales", clock), [second], given)
    delegation.delegate(session_of("sales", clock), "am2", Role.SALES_HEAD, TODAY, TODAY, "出差")
    signed_by_heir(first, clock)
    held = queries.holding_of(session_of("sales").actor, several, {})
    assert [(key, why.code) for key, why in held.kept_from("am2").items()] == [
        (first, "reason.handover_signed")
    ]
    assert service.hand_over(session_of("sales", clock), [second], LEAVES).value == Handed(1, 0, 0)


def test_c8_1_marked_customers_of_one_manager_bring_what_the_manager_has(several, clock):
    actor = session_of("sales").actor
    seen = dict.fromkeys(several, "am")
    assert queries.holding_of(actor, several[:1], seen) == queries.holding(actor, "am")
    for keys, was in (([*several, 999], seen), (several, {several[1]: "am2"})):
        with pytest.raises(NotAllowed) as refusal:
            queries.holding_of(actor, keys, was)
        assert [each.code for each in refusal.value.reasons] == ["reason.handover_changed"]


def test_what_is_missing_or_impossible_is_refused_and_leaves_nothing(several, clock):
    session = session_of("sales", clock)
    logins.set_active(session_of("admin"), "am2", False, 1)
    employ("am3", Role.ACCOUNT_MANAGER)
    for keys, given, wrong in (
        ([], LEAVES, {("to", "reason.handover_to"), ("customers", "reason.handover_none")}),
        (
            several,
            Handover(),
            {(at, "reason.field_required") for at in FIELDS},
        ),
        (several, Handover("gm", TODAY, "x"), {("to", "reason.handover_to")}),
        (several, Handover("am", TODAY, "x"), {("to", "reason.handover_same")}),
        (several, Handover("am3", date(2026, 8, 1), "x"), {("from_day", "reason.day_to_come")}),
        (several, Handover("am3", date(2026, 3, 1), "x"), {("from_day", "reason.handover_early")}),
    ):
        with pytest.raises(Invalid) as refusal:
            service.hand_over(session, keys, given)
        assert places(refusal) == wrong
    with pytest.raises(NotFound):
        service.hand_over(session, [*several, 999], Handover("am3", TODAY, "x"))
    for login in ("am", "finance", "gm", "auditor"):
        with pytest.raises(Forbidden):
            service.hand_over(session_of(login, clock), several, Handover("am3", TODAY, "x"))
    assert not rows("SELECT 1 FROM handover")
    assert {manager(key) for key in several} == {"am"}


def test_a_customer_goes_back_and_forth_in_the_order_of_days(several, clock):
    key, sales = several[0], session_of("sales", clock)
    service.hand_over(sales, [key], Handover("am2", date(2026, 7, 1), "休假"))
    with pytest.raises(Invalid) as refusal:
        service.hand_over(sales, [key], Handover("am", date(2026, 6, 1), "返岗"))
    assert places(refusal) == {("from_day", "reason.handover_early")}
    service.hand_over(sales, [key], Handover("am", date(2026, 7, 6), "返岗"))
    assert [each.manager for each in queries.owner_history(AUDITOR, key)] == [
        "张伟",
        "刘洋",
        "张伟",
    ]


def test_the_list_of_logins_says_who_has_customers(several):
    found = {row.login: row.customers for row in people(session_of("admin").actor)}
    assert (found["am"], found["am2"], found["gm"]) == (2, 0, 0)
    make_application(session_of("am"), draft_of("丙化工有限公司", 20))
    begin(several[0])  # for a further class: it goes along with its customer
    made = {row.login: row.applications for row in people(session_of("admin").actor)}
    assert (made["am"], made["am2"], made["gm"]) == (1, 0, 0)


def test_a_manager_forged_into_the_database_is_found(several):
    with connected(), transaction():
        tamper("UPDATE customer SET manager = 'am2'", "customer")
    found = audit.verify(session_of("auditor"))
    assert "reason.handover_unfounded" in {each.reason.code for each in found.problems}
