"""What a reviewer marks stands with the signature; urging; several approvals at once (C7.2)."""

from __future__ import annotations

import json
from dataclasses import replace

import peewee
import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries.approval import case_of as case_of_kind
from chemsales.queries.approval import queue
from chemsales.queries.review import ReviewLine, review_lines, urge_blockers
from chemsales.queries.search import find
from chemsales.rules.approval import CUSTOMER_CHANGE, StageName, Verdict
from chemsales.rules.customer import ApplicationState, DocumentKind
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, NotFound
from chemsales.rules.review import Marks, ReturnReason, ReviewItem
from chemsales.rules.roles import Actor
from chemsales.services import accreditation, audit, review, settings
from chemsales.services.session import Session
from chemsales.storage.database import connected, database, execute, rows
from tests.factory import (
    PDF,
    Clock,
    accredit,
    case_of,
    decide,
    draft_of,
    make_application,
    session_of,
    set_acting,
    submit,
    uscc_of,
    version_of,
)
from tests.factory_customer_change import move_account
from tests.services.test_audit import tamper

NAME = "恒力石化（大连）有限公司"
REFUSED = "an applicant urges|this row is history"
LICENCE, SCOPE = ReviewItem.LICENCE_GENUINE, ReviewItem.SCOPE_COVERS
TAX, INVOICE, HOLDER = ReviewItem.TAX_PAPER, ReviewItem.INVOICE_AGREES, ReviewItem.ACCOUNT_HOLDER


@pytest.fixture
def waiting(ready: str) -> int:
    """An application at the sales review; its key."""
    key = make_application(session_of("am"), draft_of(NAME))
    submit(session_of("am"), key)
    return key


def sign(login: str, key: int, verdict: Verdict, marks: Marks, comment: str = "") -> None:
    accreditation.decide(session_of(login), key, version_of(key), verdict, comment, marks)


def lines(login: str, key: int) -> dict[ReviewItem, ReviewLine]:
    found = review_lines(session_of(login).actor, key)
    return {each.line.item: each for each in found}


# what is ticked


def test_c7_2_what_was_ticked_stands_with_the_signature_and_is_read_only_at_the_next_stage(
    waiting: int,
) -> None:
    at_sales = lines("sales", waiting)
    assert [item for item, each in at_sales.items() if each.own] == [LICENCE, SCOPE]
    assert {each.ticked for each in at_sales.values()} == {None}
    sign("sales", waiting, Verdict.APPROVE, Marks(frozenset({LICENCE})))
    at_finance = lines("finance", waiting)
    assert [item for item, each in at_finance.items() if each.own] == [INVOICE, HOLDER, TAX]
    assert (at_finance[LICENCE].ticked, at_finance[SCOPE].ticked) == (True, False)
    assert at_finance[TAX].ticked is None
    signed = queries.application(session_of("gm").actor, waiting).decisions[-1].marked
    assert (signed.ticked, signed.left) == ((LICENCE,), (SCOPE,))
    assert ("reason.check_code_passes", "passed") in signed.automatic
    told = json.loads(rows("SELECT detail FROM event ORDER BY id DESC LIMIT 1")[0][0])
    assert (told["ticked"], told["left"]) == (["licence_genuine"], ["scope_covers"])


def test_c7_2_the_next_round_begins_with_nothing_ticked(waiting: int) -> None:
    everything = Marks(frozenset({LICENCE, SCOPE}))
    sign("sales", waiting, Verdict.APPROVE, everything)
    accreditation.undo(session_of("sales"), waiting, version_of(waiting))
    assert lines("sales", waiting)[LICENCE].ticked is None
    sign("sales", waiting, Verdict.APPROVE, everything)
    why = Marks(frozenset({TAX}), (ReturnReason.NAME_DIFFERS, ReturnReason.INVOICE_DIFFERS))
    sign("finance", waiting, Verdict.RETURN, why, "户名与执照不一致")
    kept = queries.application(session_of("am").actor, waiting).decisions[-1].marked
    assert kept.reasons == (ReturnReason.NAME_DIFFERS, ReturnReason.INVOICE_DIFFERS)
    assert (kept.ticked, kept.left) == ((TAX,), (INVOICE, HOLDER))
    submit(session_of("am"), waiting)
    assert {each.ticked for each in lines("sales", waiting).values()} == {None}


@pytest.mark.parametrize(
    ("verdict", "marks", "code"),
    [
        (Verdict.APPROVE, Marks(frozenset({TAX})), "reason.line_of_another_stage"),
        (
            Verdict.APPROVE,
            Marks(reasons=(ReturnReason.DUPLICATE,)),
            "reason.reasons_without_return",
        ),
        (
            Verdict.REJECT,
            Marks(reasons=(ReturnReason.DUPLICATE,)),
            "reason.reasons_without_return",
        ),
    ],
)
def test_c7_2_nobody_ticks_the_lines_of_another_stage(
    waiting: int, verdict: Verdict, marks: Marks, code: str
) -> None:
    with pytest.raises(NotAllowed) as refusal:
        sign("sales", waiting, verdict, marks, "意见")
    assert [reason.code for reason in refusal.value.reasons] == [code]
    assert queries.application(session_of("sales").actor, waiting).stage is StageName.SALES


def test_what_no_program_wrote_is_read_as_nothing_marked(waiting: int) -> None:
    decide(session_of("sales"), waiting)
    for trash in ("{", "[]", "null", '{"ticked": 1}', '{"ticked": ["x"], "left": []}'):
        tamper(f"UPDATE decision SET marks = '{trash}' WHERE stage = 'sales'", "decision")
        assert not lines("finance", waiting)[LICENCE].ticked


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE decision SET marks = '' WHERE stage = 'sales'",
        "UPDATE decision SET marks = replace(marks, 'scope_covers', 'tax_paper') "
        "WHERE stage = 'sales'",
        "UPDATE decision SET marks = (SELECT d.marks FROM decision d WHERE d.stage = 'sales' "
        "LIMIT 1) WHERE stage = 'finance'",
        "UPDATE decision SET marks = '7' WHERE stage = 'applicant'",
        "UPDATE decision SET marks = '7' WHERE verdict = 'undo'",
    ],
)
def test_verification_finds_marks_that_were_altered(waiting: int, sql: str) -> None:
    sign("sales", waiting, Verdict.APPROVE, Marks(frozenset({LICENCE})))
    accreditation.undo(session_of("sales"), waiting, version_of(waiting))
    sign("sales", waiting, Verdict.APPROVE, Marks(frozenset({LICENCE, SCOPE})))
    decide(session_of("finance"), waiting)
    auditor = session_of("auditor")
    assert audit.verify(auditor).problems == ()
    tamper(sql, "decision")
    found = {problem.reason.code for problem in audit.verify(auditor).problems}
    assert "reason.marks_altered" in found


# papers


def test_c7_1_a_paper_says_who_issued_it_and_in_whose_name(ready: str) -> None:
    am = session_of("am")
    key = make_application(am, draft_of(NAME), (DocumentKind.BUSINESS_LICENCE,))
    accreditation.attach(
        am, key, DocumentKind.INVOICE_DATA, "开票.pdf", PDF, "K1", holder=f" {NAME} ", issuer="建行"
    )
    paper = queries.application(am.actor, key).documents[-1]
    assert (paper.number, paper.issuer, paper.holder) == ("K1", "建行", NAME)
    submit(am, key)
    frozen = json.loads(rows("SELECT snapshot FROM approval_case")[0][0])["papers"]
    assert (frozen[1]["issuer"], frozen[1]["holder"]) == ("建行", NAME)


def test_papers_with_long_or_hidden_facts_are_refused(ready: str) -> None:
    am = session_of("am")
    key = make_application(am, draft_of(NAME), ())
    for facts in ({"issuer": "甲" * 201}, {"holder": "甲\u202e"}):
        with pytest.raises(Invalid):
            accreditation.attach(am, key, DocumentKind.OTHER, "x.pdf", PDF, **facts)


# urging


def test_c7_2_an_applicant_urges_once_in_a_working_day_and_the_queue_shows_it(
    waiting: int, clock: Clock
) -> None:
    am, sales = session_of("am", clock), session_of("sales", clock)
    clock.set(2026, 7, 10)  # a Friday
    assert queue(sales.actor)[0].urged == 0
    review.urge(am, case_of(waiting))
    assert queue(sales.actor)[0].urged == 1
    for day in (10, 11, 12):
        clock.set(2026, 7, day)
        with pytest.raises(NotAllowed) as refusal:
            review.urge(am, case_of(waiting))
        assert [r.code for r in refusal.value.reasons] == ["reason.urged_today"]
    clock.set(2026, 7, 13)
    assert urge_blockers(am.actor, case_of(waiting), clock().date()) == ()
    review.urge(am, case_of(waiting))
    assert queue(sales.actor)[0].urged == 2
    decide(sales, waiting)
    finance = session_of("finance", clock)
    assert queue(finance.actor)[0].urged == 0  # the next stage begins anew
    kept = rows("SELECT stage, day, urged_by FROM case_urge ORDER BY id")
    assert kept == [("sales", "2026-07-10", "am"), ("sales", "2026-07-13", "am")]


def test_c7_2_nobody_else_urges_and_nothing_that_waits_at_no_stage(waiting: int) -> None:
    back = make_application(session_of("am"), draft_of("退回有限公司", 2))
    submit(session_of("am"), back)
    decide(session_of("sales"), back, Verdict.RETURN, "请补充")
    other = session_of("am2")
    for session, key, code in (
        (other, waiting, "reason.only_applicant"),
        (session_of("sales"), waiting, "reason.only_applicant"),
        (session_of("finance"), waiting, "reason.role_lacks_action"),
        (session_of("am"), back, "reason.urge_not_open"),
    ):
        with pytest.raises(NotAllowed) as refusal:
            review.urge(session, case_of(key))
        assert [r.code for r in refusal.value.reasons] == [code]
        reasons = urge_blockers(session.actor, case_of(key), session.today())
        assert [r.code for r in reasons] == [code]


def test_c8_1_a_change_of_a_file_is_urged_too(ready: str) -> None:
    customer = accredit(draft_of("荣盛石化有限公司", 3))
    am, finance = session_of("am"), session_of("finance")
    changed = move_account(customer)
    case = case_of_kind(am.actor, CUSTOMER_CHANGE.name, changed)
    assert case is not None
    review.urge(am, case)
    (row,) = queue(finance.actor)
    assert (row.kind, row.urged) == (CUSTOMER_CHANGE.name, 1)
    (event,) = rows("SELECT subject, subject_id FROM event WHERE use_case = 'review.urge'")
    assert event == ("customer_change", str(changed))
    with pytest.raises(NotFound):
        review.urge(am, 999)


@pytest.mark.parametrize("change", [{"stage": "finance"}, {"round": 2}, {"urged_by": "sales"}])
def test_the_database_takes_no_other_urge(waiting: int, change: dict[str, object]) -> None:
    case = rows("SELECT case_id FROM application WHERE id = ?", (waiting,))[0][0]
    row = {"case_id": case, "round": 1, "stage": "sales", "day": "2026-07-06", "urged_by": "am",
           "urged_at": "2026-07-06T04:00:00.000000Z", **change}  # fmt: skip
    review.urge(session_of("am"), case_of(waiting))
    sql = f"INSERT INTO case_urge ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
    statements = [(sql, tuple(row.values()))]
    statements += [("UPDATE case_urge SET day = '2026-07-07'", ()), ("DELETE FROM case_urge", ())]
    for statement, values in statements:
        with pytest.raises(peewee.DatabaseError, match=REFUSED), connected(), database.atomic():
            set_acting("am", _event())
            execute(statement, values)


def _event() -> str:
    return str(rows("SELECT key FROM event ORDER BY id DESC LIMIT 1")[0][0])


# several at once


def allow(value: str = "1") -> None:
    settings.set_value(session_of("admin"), "bulk_approval", value)


def in_bulk(session: Session, key: int) -> None:
    accreditation.approve_in_bulk(session, key, version_of(key))


def test_c7_2_several_are_approved_only_where_it_is_allowed_and_every_check_is_green(
    waiting: int,
) -> None:
    sales = session_of("sales")
    doubtful = make_application(session_of("am"), draft_of(NAME, 2, uscc=uscc_of(2)))
    submit(session_of("am"), doubtful)
    for value in ("", "0"):
        allow(value)
        with pytest.raises(NotAllowed) as refusal:
            in_bulk(sales, waiting)
        assert [r.code for r in refusal.value.reasons] == ["reason.bulk_off"]
    allow()
    with pytest.raises(NotAllowed) as refusal:
        in_bulk(sales, doubtful)
    assert [r.code for r in refusal.value.reasons] == ["reason.bulk_not_green"]
    decide(sales, doubtful, Verdict.REJECT, "重复")
    with pytest.raises(NotAllowed):
        in_bulk(session_of("finance"), waiting)  # neither out of turn
    with pytest.raises(NotAllowed):
        in_bulk(session_of("am"), waiting)


def test_c7_2_each_of_several_is_its_own_decision(ready: str) -> None:
    names = ("大连恒力石化有限公司", "宁波荣盛新材料有限公司")
    keys = [make_application(session_of("am"), draft_of(n, at)) for at, n in enumerate(names, 1)]
    for key in keys:
        submit(session_of("am"), key)
    allow()
    for key in keys:
        in_bulk(session_of("sales"), key)
    with pytest.raises(Conflict):
        accreditation.approve_in_bulk(session_of("finance"), keys[0], 1)
    signed = rows("SELECT case_id, verdict, marks FROM decision WHERE stage = 'sales'")
    assert len({case for case, _, _ in signed}) == 2
    assert all(verdict == "approve" and '"left":["licence' in marks for _, verdict, marks in signed)
    told = rows("SELECT detail FROM event WHERE use_case = 'accreditation.approve_in_bulk' "
                "AND outcome = 'done'")  # fmt: skip
    assert [json.loads(detail)["bulk"] for (detail,) in told] == [True, True]


# deleting a draft, applying again


def test_c7_1_a_draft_that_its_maker_deletes_is_in_no_list_and_stays_in_the_audit(
    waiting: int,
) -> None:
    am, reader = session_of("am"), session_of("auditor").actor
    draft = make_application(am, draft_of("误建化工有限公司", 41))
    version, number = queries.application(reader, draft).version, numbers(reader)[draft]
    with pytest.raises(NotAllowed):
        accreditation.withdraw(session_of("am2"), draft, version)
    assert draft in numbers(reader)
    accreditation.withdraw(am, draft, version)
    assert list(numbers(reader)) == [waiting]
    for text in ("误建化工", number):
        assert not find(reader, text)
    told = rows("SELECT new FROM change WHERE table_name = 'application' AND row_key = ?",
                (str(draft),))  # fmt: skip
    assert "误建化工有限公司" in told[0][0] and "withdrawn" in told[-1][0]


def numbers(reader: Actor) -> dict[int, str]:
    """The applications that are listed."""
    return {row.id: row.number for row in queries.applications(reader)}


def test_c7_1_nobody_applies_again_while_the_same_code_is_under_review(waiting: int) -> None:
    am = session_of("am")
    decide(session_of("sales"), waiting, Verdict.REJECT, "资信不良")
    first = accreditation.apply_again(am, waiting).value
    accreditation.apply_again(am, waiting)  # two drafts may stand beside each other
    submit(am, first)
    (reason,) = queries.again_blockers(am.actor, waiting)
    assert (reason.code, reason.params) == ("reason.again_in_review", {"number": "SQ2026-0002"})
    with pytest.raises(NotAllowed) as refusal:
        accreditation.apply_again(am, waiting)
    assert refusal.value.reasons == (reason,)
    decide(session_of("sales"), first, Verdict.RETURN, "请补充")
    assert queries.again_blockers(am.actor, waiting) == ()


def test_c7_2_what_was_under_review_falls_back_to_the_draft_it_was(waiting: int) -> None:
    am, reader = session_of("am"), session_of("auditor").actor
    before = queries.application(reader, waiting)
    again = accreditation.withdraw(am, waiting, version_of(waiting)).value
    assert again is not None
    fallen = queries.application(reader, again)
    assert (fallen.draft, fallen.state, fallen.case_id) == (
        before.draft,
        ApplicationState.DRAFT,
        None,
    )
    papers = [[replace(paper, id=0) for paper in detail.documents] for detail in (before, fallen)]
    assert papers[0] == papers[1] and len(papers[0]) == 2
    old = queries.application(reader, waiting)
    assert (old.state, old.draft) == (ApplicationState.WITHDRAWN, before.draft)
    submit(am, again)
    decide(session_of("sales"), again)


@pytest.mark.parametrize("verdict", [Verdict.WITHDRAW, Verdict.REJECT])
def test_c7_2_what_ended_is_applied_for_again_exactly_as_it_was(
    waiting: int, verdict: Verdict
) -> None:
    am, reader = session_of("am"), session_of("auditor").actor
    with pytest.raises(NotAllowed) as refusal:
        accreditation.apply_again(am, waiting)
    assert [r.code for r in refusal.value.reasons] == ["reason.again_not_ended"]
    if verdict is Verdict.WITHDRAW:
        decide(session_of("sales"), waiting, Verdict.RETURN, "请补充")
        assert accreditation.withdraw(am, waiting, version_of(waiting)).value is None
    else:
        decide(session_of("sales"), waiting, verdict, "资信不良")
    with pytest.raises(NotAllowed) as refusal:
        accreditation.apply_again(session_of("am2"), waiting)
    assert [r.code for r in refusal.value.reasons] == ["reason.application_of_another"]
    before = queries.application(reader, waiting)
    again = queries.application(reader, accreditation.apply_again(am, waiting).value)
    assert (again.draft, again.number) == (before.draft, "SQ2026-0002")
    papers = [[replace(paper, id=0) for paper in detail.documents] for detail in (before, again)]
    assert papers[0] == papers[1] and len(papers[0]) == 2
    assert (again.state, again.case_id) == (ApplicationState.DRAFT, None)
    assert queries.application(reader, waiting) == before
    submit(am, again.id)
