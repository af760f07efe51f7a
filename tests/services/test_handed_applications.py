"""C8.1, C7.2: the open applications of new customers go along when an account manager leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries import review as review_queries
from chemsales.queries.applications import load_application
from chemsales.queries.approval import queue
from chemsales.queries.customers import customer
from chemsales.queries.delegation import load_acting
from chemsales.queries.handover import holding, owner_history, received_applications
from chemsales.queries.people import people as listed
from chemsales.queries.verification import Signed, _replay
from chemsales.rules.approval import Case, StageName, Verdict
from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import ChemsalesError, Conflict, Invalid, NotAllowed, NotFound
from chemsales.rules.handover import Handed, Handover
from chemsales.rules.roles import Role
from chemsales.services import accreditation, audit, delegation, handover, people, review
from chemsales.services.session import Session
from chemsales.storage.database import connected, rows, transaction
from tests.factory import (
    NOON,
    accredit,
    approved_by_all,
    decide,
    draft_of,
    employ,
    make_application,
    session_of,
    set_acting,
    submit,
    version_of,
)
from tests.factory_further import begin
from tests.furnishing import FAILING
from tests.racing import race

TODAY = NOON.date()
LEAVES = Handover("am2", TODAY, "张伟离职")
STAGES = ("sales", "finance", "gm")


def made(state: ApplicationState, number: int) -> int:
    """An application of a new customer, of am, that stands so."""
    am = session_of("am")
    key = make_application(am, draft_of(f"新客户{number}有限公司", number))
    if state is not ApplicationState.DRAFT:
        submit(am, key)
    if state is ApplicationState.RETURNED:
        decide(session_of("sales"), key, Verdict.RETURN, "请补充")
    return key


def give(*applications: int, to: str = "am2", login: str = "sales") -> Handed:
    given = Handover(to, TODAY, "张伟离职")
    return handover.hand_over(session_of(login), (), given, applications).value


def refusal(error: pytest.ExceptionInfo[ChemsalesError]) -> list[str]:
    return [reason.code for reason in error.value.reasons]


def forbid(login: str) -> None:
    people.set_active(session_of("admin"), login, False, _version(login))


def _version(login: str) -> int:
    return int(rows("SELECT version FROM person WHERE login = ?", (login,))[0][0])


OPEN = (ApplicationState.DRAFT, ApplicationState.IN_REVIEW, ApplicationState.RETURNED)


@pytest.mark.parametrize("login", ["sales", "admin"])
def test_c8_1_all_that_a_leaver_has_goes_in_one_act(ready: str, login: str) -> None:
    """Customers, and what was drafted, put up or returned of new ones, each with its case; what
    was decided stays history."""
    held = accredit(draft_of("老客户有限公司", 3))
    keys = [made(state, 10 + at) for at, state in enumerate(OPEN)]
    ended = make_application(session_of("am"), draft_of("已撤回有限公司", 20))
    accreditation.withdraw(session_of("am"), ended, version_of(ended))
    has = holding(session_of(login).actor, "am")
    assert (has.customers, has.goes("am2"), has.stays) == ((held,), tuple(keys), ())
    done = handover.hand_over(session_of(login), has.customers, LEAVES, has.goes("am2")).value
    assert done == Handed(customers=1, cases=2, applications=3)
    assert {queries.application(session_of("auditor").actor, key).manager for key in keys} == {
        "am2"
    }
    assert rows("SELECT manager FROM application WHERE id = ?", (ended,)) == [("am",)]
    assert {row.owner for row in queue(session_of("sales").actor)} == {"am2"}
    assert holding(session_of(login).actor, "am").applications == ()
    ((told,),) = rows("SELECT detail FROM event WHERE use_case = 'handover.hand_over'")
    assert f'"applications":{keys}'.replace(" ", "") in told.replace(" ", "")
    assert audit.verify(session_of("auditor")).problems == ()


@pytest.mark.parametrize("state", OPEN)
def test_c7_2_the_new_manager_alone_goes_on_with_it(ready: str, state: ApplicationState) -> None:
    """Corrects, submits or withdraws it, and is the customer's manager in the end; who left does
    nothing with it, and, having opened it, never signs it either."""
    key = made(state, 30)
    give(key)
    heir, former = session_of("am2"), session_of("am")
    with pytest.raises(NotAllowed):
        accreditation.withdraw(former, key, version_of(key))
    if state is not ApplicationState.IN_REVIEW:
        with pytest.raises(NotAllowed):
            submit(former, key)
        draft = queries.application(heir.actor, key).draft
        accreditation.save_draft(heir, draft, key, version_of(key))
        submit(heir, key)
    for login in STAGES:
        decide(session_of(login), key)
    ((made_of,),) = rows("SELECT id FROM customer")
    assert customer(heir.actor, made_of).manager == "am2"
    assert [each.manager for each in owner_history(heir.actor, made_of)] == ["刘洋"]
    assert audit.verify(session_of("auditor")).sound


def test_c7_2_what_is_withdrawn_after_the_hand_over_is_the_new_managers_draft(ready: str) -> None:
    key = made(ApplicationState.IN_REVIEW, 31)
    give(key)
    again = accreditation.withdraw(session_of("am2"), key, version_of(key)).value
    assert again is not None
    assert queries.application(session_of("am2").actor, again).manager == "am2"


def test_c7_2_an_application_does_not_go_to_who_signed_it(ready: str) -> None:
    """By whatever hand, in whatever round; nothing of the act is done then."""
    other, key = made(ApplicationState.DRAFT, 40), made(ApplicationState.IN_REVIEW, 41)
    delegation.delegate(session_of("sales"), "am2", Role.SALES_HEAD, TODAY, TODAY, "出差")
    deputy = session_of("am2")
    decide(_acting(deputy), key, Verdict.RETURN, "请补充")
    submit(session_of("am"), key)
    with pytest.raises(NotAllowed) as refused:
        give(other, key)
    assert refusal(refused) == ["reason.handover_signed_application"]
    has = holding(session_of("sales").actor, "am")
    told = {each.id: each.kept_from("am2") for each in has.applications}
    assert told == {other: None, key: refused.value.reasons[0]}
    assert has.goes("am2") == (other,)  # so that the others can be given without it
    with connected(), pytest.raises(Exception, match="signed none of it"), transaction():
        set_acting("sales")  # nor does the database take it
        rows("UPDATE application SET manager = 'am2' WHERE id = ?", (key,))
    assert rows("SELECT DISTINCT manager FROM application") == [("am",)]
    employ("am3", Role.ACCOUNT_MANAGER)
    assert give(other, key, to="am3") == Handed(0, 1, 2)


def ended(verdict: Verdict, number: int) -> int:
    """An application of a new customer, of am, that was rejected or withdrawn under review."""
    key = made(ApplicationState.IN_REVIEW, number)
    if verdict is Verdict.REJECT:
        decide(session_of("sales"), key, Verdict.REJECT, "暂不准入")
    else:
        decide(session_of("sales"), key, Verdict.RETURN, "请补充")
        accreditation.withdraw(session_of("am"), key, version_of(key))
    return key


@pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.WITHDRAW])
def test_c8_1_what_was_refused_to_a_leaver_is_applied_for_again_by_the_new_manager(
    ready: str, verdict: Verdict
) -> None:
    """The button and the service say the same; the draft and what comes of it are the new
    manager's, the application that ended and its case stay as they were signed."""
    key = ended(verdict, 35)
    heir = session_of("am2")
    (theirs,) = queries.again_blockers(heir.actor, key)
    assert theirs.code == "reason.application_of_another"
    with pytest.raises(NotAllowed) as refused:
        accreditation.apply_again(heir, key)
    assert refused.value.reasons == (theirs,)
    has = holding(session_of("sales").actor, "am")
    assert [(each.id, each.ended) for each in has.applications] == [(key, True)]
    signed = _case(key)
    assert give(key) == Handed(0, 0, 1)
    assert _case(key) == signed and signed.owner == "am"
    (received,) = received_applications(heir.actor, TODAY)
    assert (received.id, received.owner) == (key, "张伟")
    assert received_applications(heir.actor, TODAY + timedelta(days=1)) == []
    assert received_applications(session_of("am").actor, TODAY) == []
    assert queries.again_blockers(heir.actor, key) == ()
    again = accreditation.apply_again(heir, key).value
    assert queries.application(heir.actor, again).manager == "am2"
    assert received_applications(heir.actor, TODAY) == []
    assert approved_by_all(again, manager="am2")
    with pytest.raises(NotAllowed):
        accreditation.apply_again(session_of("am"), key)
    assert audit.verify(session_of("auditor")).problems == ()


def test_c8_1_of_what_ended_the_last_under_a_name_is_told(ready: str) -> None:
    """Neither a deleted draft, nor what was applied for again or is a customer by now."""
    first = ended(Verdict.REJECT, 36)
    am = session_of("am")
    deleted = make_application(am, draft_of("新客户36有限公司", 36))
    accreditation.withdraw(am, deleted, version_of(deleted))
    assert [each.id for each in holding(session_of("sales").actor, "am").applications] == [first]
    again = accreditation.apply_again(am, first).value
    assert [each.id for each in holding(session_of("sales").actor, "am").applications] == [again]
    approved_by_all(again)
    assert holding(session_of("sales").actor, "am").applications == ()


def test_c8_1_the_list_of_logins_counts_what_a_hand_over_offers(ready: str) -> None:
    """What ended as well, until it is handed over or applied for again."""
    gone, again = ended(Verdict.REJECT, 35), ended(Verdict.WITHDRAW, 36)

    def counted(login: str) -> tuple[int, int]:
        (row,) = [row for row in listed(session_of("admin").actor) if row.login == login]
        held = holding(session_of("sales").actor, login).applications
        assert row.ended == sum(each.ended for each in held)
        assert row.applications == sum(not each.ended for each in held)
        return row.applications, row.ended

    assert counted("am") == (0, 2)
    accreditation.apply_again(session_of("am"), again)
    assert counted("am") == (1, 1)
    give(gone)
    assert (counted("am"), counted("am2")) == ((1, 0), (0, 1))


def test_c8_1_a_further_class_is_applied_for_again_by_who_has_the_customer(ready: str) -> None:
    customer = accredit(draft_of("增报有限公司", 37))
    key = begin(customer)
    submit(session_of("am"), key)
    decide(session_of("sales"), key, Verdict.REJECT, "暂不增加")
    handover.hand_over(session_of("sales"), [customer], LEAVES)
    former, heir = session_of("am"), session_of("am2")
    (theirs,) = queries.again_blockers(former.actor, key)
    assert theirs.code == "reason.customer_of_another"
    with pytest.raises(NotAllowed) as refused:
        accreditation.apply_again(former, key)
    assert refused.value.reasons == (theirs,)
    assert queries.again_blockers(heir.actor, key) == ()
    again = accreditation.apply_again(heir, key).value
    assert queries.application(heir.actor, again).manager == "am2"
    submit(heir, again)


def test_each_application_that_cannot_go_is_told(ready: str) -> None:
    keys = [made(ApplicationState.IN_REVIEW, number) for number in (42, 43)]
    delegation.delegate(session_of("sales"), "am2", Role.SALES_HEAD, TODAY, TODAY, "出差")
    deputy = _acting(session_of("am2"))
    for key in keys:
        decide(deputy, key, Verdict.RETURN, "请补充")
    with pytest.raises(NotAllowed) as refused:
        give(*keys)
    assert refusal(refused) == ["reason.handover_signed_application"] * 2
    assert len({str(each.params["number"]) for each in refused.value.reasons}) == 2


def _acting(session: Session) -> Session:
    with connected():
        return replace(session, actor=load_acting(session.actor, session.today()))


@pytest.mark.parametrize("state", OPEN)
def test_c8_1_who_comes_too_late_is_told_that_it_was_handed_over(
    ready: str, state: ApplicationState
) -> None:
    """And to whom, also who reviews it, not that somebody put it up before; what was decided since
    is told too."""
    key = made(state, 55)
    seen = version_of(key)
    give(key)
    with pytest.raises(Conflict) as late:
        accreditation.withdraw(session_of("am"), key, seen)
    (reason,) = late.value.reasons
    assert (reason.code, reason.params["name"]) == ("reason.handed_elsewhere", "刘洋")
    if state is not ApplicationState.IN_REVIEW:
        return
    with pytest.raises(Conflict) as reviewing:
        accreditation.decide(session_of("sales"), key, seen, Verdict.APPROVE)
    assert reviewing.value.reasons == late.value.reasons
    decide(session_of("sales"), key)
    with pytest.raises(Conflict) as both:
        accreditation.decide(session_of("sales"), key, seen, Verdict.APPROVE)
    assert refusal(both) == ["reason.handed_elsewhere", "reason.decided_elsewhere"]
    with pytest.raises(Conflict) as decided:
        accreditation.decide(session_of("sales"), key, seen + 1, Verdict.APPROVE)
    assert refusal(decided) == ["reason.decided_elsewhere"]


def test_who_comes_after_a_correction_is_told_what_was_done(ready: str) -> None:
    """Saved at another desk: changed; put up again: by whom, at no stage."""
    key, am = made(ApplicationState.RETURNED, 56), session_of("am")
    seen = version_of(key)
    accreditation.save_draft(am, queries.application(am.actor, key).draft, key, seen)
    with pytest.raises(Conflict) as saved:
        submit_as_seen(key, seen)
    assert refusal(saved) == ["reason.changed_elsewhere"]
    submit(am, key)
    with pytest.raises(Conflict) as again:
        accreditation.withdraw(am, key, seen + 1)
    (reason,) = again.value.reasons
    assert (reason.code, sorted(reason.params)) == ("reason.put_up_elsewhere", ["name", "verdict"])


def submit_as_seen(key: int, seen: int) -> None:
    accreditation.submit(session_of("am"), key, seen)


def test_c7_2_who_has_a_case_urges_it_and_not_who_opened_it(
    ready: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule, button, service and database."""
    key = made(ApplicationState.IN_REVIEW, 57)
    give(key)
    former, heir = session_of("am"), session_of("am2")
    (reason,) = review_queries.urge_blockers(former.actor, key, TODAY)
    assert (reason.code, reason.params) == ("reason.only_applicant", {"login": "am2"})
    with pytest.raises(NotAllowed) as refused:
        review.urge(former, key)
    assert refused.value.reasons == (reason,)
    monkeypatch.setattr(review, "urge_reasons", lambda *_given: ())
    with pytest.raises(ChemsalesError) as guarded:
        review.urge(former, key)
    assert refusal(guarded) == ["reason.record_refused"]
    monkeypatch.undo()
    review.urge(heir, key)
    assert queue(session_of("sales").actor)[0].urged == 1


def test_what_cannot_be_handed_over_is_refused_and_leaves_nothing(ready: str) -> None:
    key = made(ApplicationState.IN_REVIEW, 50)
    with pytest.raises(Invalid) as same:
        give(key, to="am")
    assert refusal(same) == ["reason.handover_same_application"]
    with pytest.raises(Invalid) as other:
        give(key, to="gm")
    assert refusal(other) == ["reason.handover_to"]
    with pytest.raises(NotFound):
        give(key, 999)
    with pytest.raises(Invalid):
        give()
    for login in STAGES:
        decide(session_of(login), key)  # meanwhile, at another desk
    with pytest.raises(Conflict):
        give(key)
    assert rows("SELECT DISTINCT manager FROM application") == [("am",)]


@pytest.mark.parametrize(
    "left",
    [
        lambda: forbid("am"),
        lambda: people.set_roles(session_of("admin"), "am", {Role.AUDITOR}, _version("am")),
    ],
    ids=["login forbidden", "role taken"],
)
def test_c8_1_no_customer_comes_to_a_manager_who_has_left(ready: str, left: object) -> None:
    """The first stages go on, the last approval waits until it is handed over; the reason that
    refuses is the one that greys."""
    assert callable(left)
    key = made(ApplicationState.IN_REVIEW, 60)
    left()
    for login in STAGES[:2]:
        decide(session_of(login), key)
    gm = session_of("gm")
    (reason,) = queries.blockers(gm.actor, key, Verdict.APPROVE, TODAY)
    assert (reason.code, reason.params) == ("reason.applicant_left", {"name": "张伟"})
    with pytest.raises(NotAllowed) as refused:
        decide(gm, key)
    assert refused.value.reasons == (reason,)
    assert queries.blockers(gm.actor, key, Verdict.RETURN, TODAY) == ()
    give(key)
    decide(gm, key)
    ((manager,),) = rows("SELECT manager FROM customer")
    assert manager == "am2" and audit.verify(session_of("auditor")).sound


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE application SET manager = 'gm' WHERE state = 'in_review'",  # no account manager
        "UPDATE application SET manager = 'am2' WHERE state = 'accredited'",
        "UPDATE approval_case SET owner = 'am2' WHERE outcome = 'open'",  # without its application
    ],
)
def test_the_database_takes_no_other_hand_over(ready: str, sql: str) -> None:
    approved_by_all(make_application(session_of("am"), draft_of("已准入有限公司", 70)))
    made(ApplicationState.IN_REVIEW, 71)
    with connected(), pytest.raises(Exception, match="goes along"), transaction():
        set_acting("sales")
        rows(sql)


def handed_twice(number: int) -> int:
    """Put up again by am, then by am2, to whom it went; am3 has it now."""
    key = made(ApplicationState.RETURNED, number)
    submit(session_of("am"), key)
    give(key)
    decide(session_of("sales"), key, Verdict.RETURN, "请再补充")
    submit(session_of("am2"), key)
    employ("am3", Role.ACCOUNT_MANAGER)
    give(key, to="am3")
    return key


def test_c7_2_who_put_it_up_again_before_it_was_handed_over_is_believed(ready: str) -> None:
    """And a stranger who is put in their place is not."""
    key = handed_twice(80)
    assert audit.verify(session_of("auditor")).sound
    for login in STAGES:
        decide(session_of(login), key)
    assert audit.verify(session_of("auditor")).sound
    signers = [(row.stage, row.signer) for row in _case(key).decisions]
    assert [who for stage, who in signers if stage is StageName.APPLICANT] == ["am", "am", "am2"]
    decisions = [Signed(*row) for row in rows(
        "SELECT round, stage, verdict, signer, snapshot_hash, attempt, on_behalf_of, signed_at "
        "FROM decision ORDER BY id")]  # fmt: skip
    with pytest.raises(NotAllowed):
        _replay("accreditation", "am", "am3", decisions, {"am", "am3"})


def _case(key: int) -> Case:
    with connected():
        stored = load_application(key).case
    assert stored is not None
    return stored.case


def test_c7_2_who_put_it_up_in_any_round_never_signs_it(ready: str) -> None:
    """In another role by then, themselves or by a delegate; the queue, the button, the service and
    the database say so."""
    key = handed_twice(81)
    for login in ("am", "am2"):
        head = employ(login, Role.SALES_HEAD)
        (reason,) = queries.blockers(head.actor, key, Verdict.APPROVE, TODAY)
        assert reason.code == "reason.applicant_cannot_sign"
        with pytest.raises(NotAllowed) as refused:
            decide(head, key)
        assert refused.value.reasons == (reason,)
        assert queue(head.actor) == []
    deputy, head = employ("deputy", Role.ACCOUNT_MANAGER), employ("am2", Role.SALES_HEAD)
    delegation.delegate(head, "deputy", Role.SALES_HEAD, TODAY, TODAY, "出差")
    deputy = _acting(deputy)
    codes = [each.code for each in queries.blockers(deputy.actor, key, Verdict.APPROVE, TODAY)]
    assert codes == ["reason.principal_is_applicant"]
    assert [row.id for row in queue(session_of("sales").actor)] == [key]


def test_c7_2_the_database_takes_no_signature_of_who_put_it_up(
    ready: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the program lets through."""
    key = handed_twice(82)
    head = employ("am2", Role.SALES_HEAD)
    monkeypatch.setattr(Case, "applicants", frozenset())
    with pytest.raises(ChemsalesError) as refused:
        decide(head, key)
    assert refusal(refused) == ["reason.record_refused"]
    assert "not this person: who put a case up" in str(refused.value.__cause__)


def test_c7_1_c7_2_who_put_it_up_accepts_no_code_of_it(ready: str) -> None:
    """Nor does it go to who accepted one, who would be its applicant then."""
    am = session_of("am")
    key = make_application(am, draft_of("试点化工有限公司", 83, uscc=FAILING))
    submit(am, key)
    give(key)
    former = employ("am", Role.FINANCE)
    with pytest.raises(NotAllowed) as refused:
        accreditation.override_identifier(former, key, "试点代码", version_of(key))
    assert refusal(refused) == ["reason.applicant_cannot_sign"]
    accreditation.override_identifier(session_of("finance"), key, "试点代码", version_of(key))
    employ("finance", Role.ACCOUNT_MANAGER)
    with pytest.raises(NotAllowed) as signed:
        give(key, to="finance")
    assert refusal(signed) == ["reason.handover_signed_application"]
    assert audit.verify(session_of("auditor")).sound


def test_c7_2_who_signs_at_the_moment_of_the_hand_over_is_not_its_manager_too(ready: str) -> None:
    """Whichever comes first, the other is refused."""
    key = made(ApplicationState.IN_REVIEW, 84)
    delegation.delegate(session_of("sales"), "am2", Role.SALES_HEAD, TODAY, TODAY, "出差")
    deputy, seen = _acting(session_of("am2")), version_of(key)
    given = Handover("am2", TODAY, "张伟离职")
    outcomes = race(
        [
            partial(accreditation.decide, deputy, key, seen, Verdict.APPROVE, "同意"),
            partial(handover.hand_over, session_of("admin"), (), given, (key,)),
        ]
    )
    (lost,) = [each for each in outcomes if isinstance(each, Exception)]
    assert isinstance(lost, NotAllowed | Conflict), lost
    case = _case(key)
    assert ("am2" in [row.signer for row in case.decisions]) is (case.owner == "am")
    assert audit.verify(session_of("auditor")).sound
