"""C7.1, C7.2: nothing is approved for want of whose papers the customer were suspended at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries.applications import load_application
from chemsales.queries.checks import CheckResult, checks
from chemsales.queries.licences import dealing_reasons
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ApplicationState, ClassRequest, DocumentKind
from chemsales.rules.errors import Invalid, NotAllowed, Problem, Reason
from chemsales.services import accreditation, audit
from chemsales.services.session import Session
from chemsales.storage.database import rows
from tests.factory import (
    NOON,
    PDF,
    Clock,
    accredit,
    before_validity,
    decide,
    draft_of,
    session_of,
    submit,
    version_of,
)
from tests.factory_further import begin
from tests.factory_licences import BUSINESS, accredit_dated, dated_application, paper, renew

LAST = date(2026, 7, 8)
STAGES = ("sales", "finance", "gm")
HAZARD = DocumentKind.HAZARDOUS_LICENCE


@pytest.fixture
def clock(ready: str) -> Clock:
    return Clock(NOON)  # 2026-07-06


def _earlier() -> Clock:
    return Clock(NOON - timedelta(days=3))


def on(clock: Clock, day: date) -> None:
    clock.set(day.year, day.month, day.day)


def blocked(session: Session, key: int, verdict: Verdict = Verdict.APPROVE) -> list[Reason]:
    return list(queries.blockers(session.actor, key, verdict, session.today()))


def refused(session: Session, key: int) -> list[Reason]:
    with pytest.raises(NotAllowed) as refusal:
        decide(session, key)
    return list(refusal.value.reasons)


def wrong(session: Session, key: int) -> list[Reason]:
    """The checks of an application that fail on the day."""
    found = checks(session.actor, key, session.today())
    return [row.reason for row in found if row.result is CheckResult.WRONG]


def attach(clock: Clock, key: int, kind: DocumentKind, number: str, valid_to: date | None) -> None:
    accreditation.attach(
        session_of("am", clock), key, kind, f"{number}.pdf", PDF + number.encode(), number,
        None, valid_to, valid_to is None,
    )  # fmt: skip


@pytest.mark.parametrize("stage", [0, 1, 2], ids=STAGES)
def test_c7_1_c7_2_no_stage_approves_the_day_after_a_paper_ended(clock: Clock, stage: int) -> None:
    """On its last day it still does; what greys the button is what refuses, the check says it in
    words, and the way back to the applicant is open, with the reason."""
    key = dated_application("到期化工有限公司", 3, LAST, clock)
    submit(session_of("am", clock), key)
    on(clock, LAST)
    for login in STAGES[:stage]:
        decide(session_of(login, clock), key)
    signer = session_of(STAGES[stage], clock)
    assert blocked(signer, key) == [] and wrong(signer, key) == []
    clock.advance(days=1)
    (reason,) = blocked(signer, key)
    assert (reason.code, reason.clause) == ("reason.application_paper_expired", "C7.1")
    assert (reason.params["number"], reason.params["day"]) == ("B-3", "2026-07-08")
    assert refused(signer, key) == [reason]
    assert [each.code for each in wrong(signer, key)] == ["reason.check_paper_expired"]
    assert rows("SELECT count(*) FROM customer") == [(0,)]
    assert blocked(signer, key, Verdict.RETURN) == blocked(signer, key, Verdict.REJECT) == []
    decide(signer, key, Verdict.RETURN, "执照已到期，请补充新证")
    attach(clock, key, BUSINESS, "B-4", None)
    submit(session_of("am", clock), key)
    for login in STAGES:
        decide(session_of(login, clock), key)
    ((made,),) = rows("SELECT id FROM customer")
    assert dealing_reasons(made, clock().date() + timedelta(days=1)) == ()
    assert audit.verify(session_of("auditor", clock)).sound


def test_c7_1_several_are_not_approved_at_once_either(clock: Clock) -> None:
    key = dated_application("批量化工有限公司", 4, LAST, clock)
    submit(session_of("am", clock), key)
    on(clock, LAST + timedelta(days=1))
    with pytest.raises(NotAllowed):
        accreditation.approve_in_bulk(session_of("sales", clock), key, version_of(key))
    assert queries.application(session_of("am").actor, key).state is ApplicationState.IN_REVIEW


def test_c7_1_an_expired_copy_beside_the_valid_one_stops_nothing(clock: Clock) -> None:
    """The one that is valid counts, as when dealings are suspended; the check still shows it."""
    key = dated_application("两份化工有限公司", 5, LAST, clock)
    attach(clock, key, BUSINESS, "B-6", LAST + timedelta(days=400))
    submit(session_of("am", clock), key)
    on(clock, LAST + timedelta(days=1))
    sales = session_of("sales", clock)
    assert blocked(sales, key) == []
    assert [each.code for each in wrong(sales, key)] == ["reason.check_paper_expired"]
    for login in STAGES:
        decide(session_of(login, clock), key)
    ((made,),) = rows("SELECT id FROM customer")
    assert dealing_reasons(made, clock().date()) == ()


def test_c7_1_a_paper_that_nobody_asked_for_stops_too_while_it_is_attached(clock: Clock) -> None:
    """Once accepted it would be watched, and suspend (C15.2): it is taken off, or renewed."""
    key = dated_application("多附化工有限公司", 7, None, clock)
    attach(clock, key, HAZARD, "鲁危 1", LAST)
    submit(session_of("am", clock), key)
    on(clock, LAST + timedelta(days=1))
    (reason,) = blocked(session_of("sales", clock), key)
    assert reason.params["number"] == "鲁危 1"


def test_c7_1_c15_2_papers_of_the_file_stop_a_further_class_at_every_stage(clock: Clock) -> None:
    """With a check of its own; an accepted proof that the renewal is under way counts, as it does
    for dealings (C15.2), and so does the renewal."""
    customer = accredit_dated("增报化工有限公司", 8, LAST, _earlier())
    key = begin(customer, session=session_of("am", clock))
    submit(session_of("am", clock), key)
    on(clock, LAST + timedelta(days=1))
    sales = session_of("sales", clock)
    (reason,) = blocked(sales, key)
    assert (reason.code, reason.params["number"]) == ("reason.application_paper_expired", "B-8")
    assert refused(sales, key) == wrong(sales, key) == [reason]
    renew(customer, paper("受理 1", LAST + timedelta(days=2), proof=True), clock)
    assert blocked(sales, key) == wrong(sales, key) == []
    decide(sales, key)
    on(clock, LAST + timedelta(days=3))
    finance, gm = session_of("finance", clock), session_of("gm", clock)
    (reason,) = refused(finance, key)
    assert (reason.code, reason.params["number"]) == ("reason.application_paper_expired", "受理 1")
    renew(customer, paper("B-9"), clock)
    decide(finance, key)
    decide(gm, key)
    assert audit.verify(session_of("auditor", clock)).sound


def test_c7_1_c10_1_a_paper_of_the_further_class_alone_stops_it(clock: Clock) -> None:
    customer = accredit(draft_of("危化增报有限公司", 9), _earlier())
    key = begin(customer, session=session_of("am", clock))
    attach(clock, key, HAZARD, "鲁危 2", LAST)
    submit(session_of("am", clock), key)
    on(clock, LAST + timedelta(days=1))
    (reason,) = blocked(session_of("sales", clock), key)
    assert reason.params["number"] == "鲁危 2"
    assert dealing_reasons(customer, clock().date()) == ()


def test_c3_3_what_stands_against_a_further_class_greys_the_last_approval(clock: Clock) -> None:
    """In the words with which the service refuses: the class before began on that day."""
    customer = accredit(draft_of("同日化工有限公司", 10), clock)
    direct = ClassRequest("PO", CustomerClass.DIRECT, "江苏", 0, "注塑")
    key = begin(customer, direct, session=session_of("am", clock))
    submit(session_of("am", clock), key)
    for login in STAGES[:2]:
        assert blocked(session_of(login, clock), key) == []  # it is given by the last one alone
        decide(session_of(login, clock), key)
    gm = session_of("gm", clock)
    (reason,) = blocked(gm, key)
    assert reason.code == "reason.further_same_day" and refused(gm, key) == [reason]
    clock.advance(days=1)
    assert blocked(gm, key) == []
    decide(gm, key)


def test_c7_1_a_paper_without_a_day_hides_not_that_the_one_on_file_has_expired(
    clock: Clock,
) -> None:
    customer = accredit_dated("未填有效期有限公司", 12, LAST, _earlier())
    am = session_of("am", clock)
    key = begin(customer, session=am)
    accreditation.attach(am, key, BUSINESS, "执照.pdf", PDF)
    with before_validity():
        submit(am, key)
    on(clock, LAST + timedelta(days=1))
    sales = session_of("sales", clock)
    expired, undated = blocked(sales, key)
    assert expired.code == "reason.application_paper_expired"
    assert undated.code == "reason.paper_undated"
    assert sorted(wrong(sales, key), key=str) == sorted([expired, undated], key=str)


def put_up(session: Session, key: int) -> list[Problem]:
    """With what an application is refused that its manager puts up."""
    with pytest.raises(Invalid) as refusal:
        submit(session, key)
    return list(refusal.value.problems)


def test_c7_1_what_nobody_may_approve_is_not_put_up(clock: Clock) -> None:
    """On the last day it still is; what refuses greys the button, with the paper's place."""
    key = dated_application("过期提交有限公司", 13, LAST, clock)
    on(clock, LAST)
    am = session_of("am", clock)
    stored = load_application(key)
    assert blocked(am, key, Verdict.SUBMIT) == []
    clock.advance(days=1)
    (reason,) = blocked(am, key, Verdict.SUBMIT)
    assert (reason.code, reason.params["number"]) == ("reason.application_paper_expired", "B-13")
    problem = Problem(f"document.{BUSINESS}", reason)
    assert put_up(am, key) == [problem]
    asked = (am.actor, stored.draft, stored.kinds)
    assert queries.submission_problems(*asked, am.today(), key) == (problem,)
    assert queries.submission_problems(*asked, LAST, key) == ()
    attach(clock, key, BUSINESS, "B-14", None)
    assert blocked(am, key, Verdict.SUBMIT) == []
    submit(am, key)


def test_c7_1_c15_2_nor_a_further_class_for_want_of_a_paper_on_file(clock: Clock) -> None:
    """Dealings are suspended for it; the same paper greys the button."""
    customer = accredit_dated("过期增报有限公司", 15, LAST, _earlier())
    key = begin(customer, session=session_of("am", clock))
    on(clock, LAST + timedelta(days=1))
    am = session_of("am", clock)
    with pytest.raises(NotAllowed) as refusal:
        submit(am, key)
    (reason,) = blocked(am, key, Verdict.SUBMIT)
    assert reason.code == "reason.application_paper_expired"
    assert [each.params for each in refusal.value.reasons] == [reason.params]
    renew(customer, paper("B-16"), clock)
    submit(am, key)
