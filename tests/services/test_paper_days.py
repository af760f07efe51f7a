"""C7.1, C15.1, C17.1: papers that are not valid yet, have ended, or are of who is disqualified."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from unittest import mock

import pytest

from chemsales.queries import accreditation as applications
from chemsales.queries import application_papers
from chemsales.queries import licences as queries
from chemsales.queries.checks import CheckResult, checks
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, DocumentKind
from chemsales.rules.errors import Invalid, NotAllowed, Problem, Reason
from chemsales.services import accreditation, audit, licences
from chemsales.services.session import Session
from chemsales.storage.database import rows
from tests.factory import (
    NOON,
    PDF,
    Clock,
    accredit,
    decide,
    draft_of,
    make_application,
    session_of,
    submit,
)
from tests.factory_disqualification import disqualify
from tests.factory_further import begin
from tests.factory_licences import accredit_dated, licence_version, paper, record, renew, verdict

HAZARD = DocumentKind.HAZARDOUS_LICENCE
FIRST = date(2026, 7, 20)
STAGES = ("sales", "finance", "gm")
BZ = ClassRequest("BZ", CustomerClass.DEALER, "山东", 1000, "x")


@pytest.fixture
def clock(ready: str) -> Clock:
    return Clock(NOON)  # 2026-07-06


def attach(clock: Clock, key: int, first: date | None, number: str = "鲁危 1") -> None:
    accreditation.attach(
        session_of("am", clock), key, HAZARD, f"{number}.pdf", PDF + number.encode(), number,
        first, date(2029, 7, 19),
    )  # fmt: skip


def blocked(session: Session, key: int, given: Verdict = Verdict.APPROVE) -> list[Reason]:
    return list(applications.blockers(session.actor, key, given, session.today()))


def wrong(session: Session, key: int) -> list[Reason]:
    found = checks(session.actor, key, session.today())
    return [row.reason for row in found if row.result is CheckResult.WRONG]


def test_c7_1_a_paper_that_is_not_valid_yet_is_not_put_up(clock: Clock) -> None:
    """On its first day it is; one of its kind that is valid will do."""
    am = session_of("am", clock)
    key = make_application(am, draft_of("未生效化工有限公司", 21, (BZ,)))
    attach(clock, key, FIRST)
    (reason,) = blocked(am, key, Verdict.SUBMIT)
    assert (reason.code, reason.clause) == ("reason.application_paper_later", "C7.1")
    assert reason.params["day"] == "2026-07-20"
    with pytest.raises(Invalid) as refusal:
        submit(am, key)
    assert list(refusal.value.problems) == [Problem(f"document.{HAZARD}", reason)]
    clock.set(2026, 7, 19)
    assert blocked(am, key, Verdict.SUBMIT) == [reason]
    clock.set(2026, 7, 20)
    assert blocked(am, key, Verdict.SUBMIT) == []
    clock.set(2026, 7, 6)
    attach(clock, key, None, "鲁危 2")
    assert blocked(am, key, Verdict.SUBMIT) == []
    submit(am, key)


@pytest.mark.parametrize("stage", [0, 1, 2], ids=STAGES)
def test_c7_1_no_stage_approves_on_a_paper_that_is_not_valid_yet(clock: Clock, stage: int) -> None:
    """Put up by a program that asked for nothing; a check says it, the way back is open."""
    am = session_of("am", clock)
    key = make_application(am, draft_of("未生效化工有限公司", 22, (BZ,)))
    attach(clock, key, FIRST)
    with mock.patch.object(application_papers, "unbegun_papers", return_value=()):
        submit(am, key)
        for login in STAGES[:stage]:
            decide(session_of(login, clock), key)
    signer = session_of(STAGES[stage], clock)
    (reason,) = blocked(signer, key)
    assert reason.code == "reason.application_paper_later"
    with pytest.raises(NotAllowed) as refusal:
        decide(signer, key)
    assert list(refusal.value.reasons) == [reason]
    assert [each.code for each in wrong(signer, key)] == ["reason.check_paper_later"]
    assert blocked(signer, key, Verdict.RETURN) == []
    clock.set(2026, 7, 20)
    assert blocked(signer, key) == wrong(signer, key) == []
    assert rows("SELECT count(*) FROM customer") == [(0,)]


def test_c7_1_a_further_class_rests_on_no_paper_of_the_file_that_is_not_valid_yet(
    clock: Clock,
) -> None:
    customer = accredit(draft_of("增报未生效有限公司", 23), Clock(NOON - timedelta(days=3)))
    ahead = replace(paper("鲁危 3", date(2029, 7, 19), HAZARD), valid_from=FIRST)
    renew(customer, ahead, clock)
    am = session_of("am", clock)
    key = begin(customer, BZ, session=am)
    (reason,) = blocked(am, key, Verdict.SUBMIT)
    assert (reason.code, reason.params["day"]) == ("reason.application_paper_later", "2026-07-20")
    clock.set(2026, 7, 20)
    assert blocked(am, key, Verdict.SUBMIT) == []


def test_c17_1_no_paper_of_who_is_disqualified_is_recorded_corrected_or_accepted(
    clock: Clock,
) -> None:
    """It may be returned, rejected and withdrawn."""
    customer = accredit_dated("取消化工有限公司", 24, date(2026, 8, 10), clock)
    waiting = record(customer, paper("B-25"), clock)
    returned = record(customer, paper("受理 1", date(2026, 9, 1), proof=True), clock)
    verdict(returned, "sales", Verdict.RETURN, clock)
    disqualify(customer, clock)
    am, sales = session_of("am", clock), session_of("sales", clock)
    (reason,) = queries.record_blockers(am.actor, customer, am.today())
    assert (reason.code, reason.clause) == ("reason.disqualified", "C17.1")
    for refused in (
        lambda: record(customer, paper("H-1", kind=HAZARD), clock),
        lambda: licences.correct(am, returned, licence_version(returned), paper("B-26")),
        lambda: verdict(waiting, "sales", clock=clock),
    ):
        with pytest.raises(NotAllowed) as refusal:
            refused()
        assert list(refusal.value.reasons) == [reason]
    for key, session, given in (
        (waiting, sales, Verdict.APPROVE), (returned, am, Verdict.SUBMIT),
    ):  # fmt: skip
        assert queries.blockers(session.actor, key, given, session.today()) == (reason,)
    for given in (Verdict.RETURN, Verdict.REJECT):
        assert queries.blockers(sales.actor, waiting, given, sales.today()) == ()
    licences.withdraw(am, returned, licence_version(returned))
    verdict(waiting, "sales", Verdict.REJECT, clock)
    assert audit.verify(session_of("auditor", clock)).sound


@pytest.mark.parametrize("proof", [False, True], ids=["licence", "proof"])
def test_c15_1_a_paper_that_has_ended_is_neither_recorded_nor_accepted(
    clock: Clock, proof: bool
) -> None:
    """A proof's own deadline is one too; on its last day it is. It is returned, and corrected."""
    customer = accredit_dated("到期受理有限公司", 26, date(2026, 7, 1), Clock(NOON - timedelta(9)))
    with pytest.raises(Invalid) as refusal:
        record(customer, paper("B-27", date(2026, 7, 5), proof=proof), clock)
    (problem,) = refusal.value.problems
    assert (problem.place, problem.reason.code) == ("valid_to", "reason.licence_ended")
    key = record(customer, paper("B-28", date(2026, 7, 6), proof=proof), clock)
    verdict(key, "sales", clock=clock)
    clock.set(2026, 7, 7)
    finance = session_of("finance", clock)
    (reason,) = queries.blockers(finance.actor, key, Verdict.APPROVE, finance.today())
    assert (reason.code, reason.clause) == ("reason.licence_ended_since", "C15.1")
    assert reason.params["day"] == "2026-07-06"
    with pytest.raises(NotAllowed) as refused:
        verdict(key, "finance", clock=clock)
    assert list(refused.value.reasons) == [reason]
    verdict(key, "finance", Verdict.RETURN, clock)
    am = session_of("am", clock)
    licences.correct(am, key, licence_version(key), paper("B-29", date(2026, 7, 7), proof=proof))
    for login in ("sales", "finance"):
        verdict(key, login, clock=clock)
    assert queries.dealing_reasons(customer, date(2026, 7, 7)) == ()
