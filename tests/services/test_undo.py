"""A decision is taken back by its signer until somebody has acted on it (C7.2)."""

from __future__ import annotations

from datetime import date

import peewee
import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries.approval import queue
from chemsales.queries.check_codes import check
from chemsales.rules.approval import Outcome, StageName, Verdict, standing
from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import Conflict, NotAllowed
from chemsales.rules.roles import Role
from chemsales.services import accreditation as service
from chemsales.services import audit
from chemsales.storage.database import execute, rows, transaction
from tests.factory import decide, draft_of, employ, make_application, submit, version_of

APPROVE, RETURN, REJECT, UNDO = Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT, Verdict.UNDO


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def am(ready, as_role):
    return as_role(Role.ACCOUNT_MANAGER)


@pytest.fixture
def people(as_role):
    return [as_role(role) for role in (Role.SALES_HEAD, Role.FINANCE, Role.GENERAL_MANAGER)]


def state_of(application_id):
    return rows("SELECT state FROM application WHERE id = ?", (application_id,))[0][0]


def undo(session, key):
    return service.undo(session, key, version_of(key)).value


def undoing(session, key):
    return [reason.code for reason in queries.blockers(session.actor, key, UNDO, session.today())]


def test_what_was_taken_back_makes_no_case_younger(am, people, clock):
    sales, finance = people[0], people[1]
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    since = [row.since for row in queue(sales.actor)]
    clock.advance(days=3)
    decide(sales, key, APPROVE, "同意")
    handed = [row.since for row in queue(finance.actor)]
    assert handed > since
    undo(sales, key)
    assert [row.since for row in queue(sales.actor)] == since
    decide(sales, key, RETURN, "请补正")
    undo(sales, key)
    assert [row.since for row in queue(sales.actor)] == since


def test_an_approval_is_taken_back_by_a_row_of_its_own_and_decided_anew(am, people, as_role):
    sales = people[0]
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    decide(sales, key, APPROVE, "同意")
    assert undoing(sales, key) == []
    assert undo(sales, key) is ApplicationState.IN_REVIEW
    detail = queries.application(am.actor, key)
    assert (detail.outcome, detail.stage, detail.round) == (Outcome.OPEN, StageName.SALES, 1)
    assert undoing(sales, key) == ["reason.undo_acted_since"]
    decide(sales, key, RETURN, "请补正")
    assert undo(sales, key) is ApplicationState.IN_REVIEW
    for person in people:
        decide(person, key)
    assert state_of(key) == "accredited"
    assert rows("SELECT stage, verdict, attempt, signer FROM decision ORDER BY id") == [
        ("applicant", "submit", 0, "am"),
        ("sales", "approve", 0, "sales"),
        ("sales", "undo", 0, "sales"),
        ("sales", "return", 1, "sales"),
        ("sales", "undo", 1, "sales"),
        ("sales", "approve", 2, "sales"),
        ("finance", "approve", 0, "finance"),
        ("general_manager", "approve", 0, "gm"),
    ]
    case = {row[0] for row in rows("SELECT snapshot_hash FROM decision")}
    assert case == {detail.snapshot_hash}
    events = rows(
        "SELECT who, clause, outcome FROM event WHERE use_case = 'accreditation.undo' ORDER BY id"
    )
    assert events == [("sales", "C7.2", "done")] * 2
    assert not audit.verify(as_role(Role.AUDITOR)).problems


def test_a_return_is_taken_back_until_the_applicant_has_begun_to_correct(am, people):
    sales, finance, _ = people
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    decide(sales, key)
    decide(finance, key, RETURN, "请补正")
    assert state_of(key) == "returned"
    assert undo(finance, key) is ApplicationState.IN_REVIEW
    decide(finance, key, RETURN, "请补正")
    service.save_draft(am, draft_of("海洋塑料", bank="中国工商银行青岛分行"), key, version_of(key))
    assert undoing(finance, key) == ["reason.undo_corrected"]
    with pytest.raises(NotAllowed) as refusal:
        undo(finance, key)
    assert codes(refusal) == ["reason.undo_corrected"]
    service.save_draft(am, draft_of("海洋塑料"), key, version_of(key))
    assert undoing(finance, key) == []
    submit(am, key)
    with pytest.raises(NotAllowed) as refusal:
        undo(finance, key)
    assert codes(refusal) == ["reason.undo_acted_since"]


def test_what_others_acted_on_or_what_ended_the_case_is_not_taken_back(am, people):
    sales, finance, gm = people
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    assert undoing(sales, key) == ["reason.undo_acted_since"]
    decide(sales, key)
    assert undoing(finance, key) == ["reason.undo_only_signer"]
    assert undoing(am, key) == ["reason.role_lacks_action"]
    seen = version_of(key)
    decide(finance, key)
    assert undoing(sales, key) == ["reason.undo_acted_since"]
    with pytest.raises(Conflict) as late:
        service.undo(sales, key, seen)
    assert codes(late) == ["reason.decided_elsewhere"]
    decide(gm, key)
    with pytest.raises(NotAllowed) as refusal:
        undo(gm, key)
    assert codes(refusal) == ["reason.undo_final"]
    other = make_application(am, draft_of("胜利塑料", 2))
    submit(am, other)
    decide(sales, other, REJECT, "提供虚假资料")
    assert undoing(sales, other) == ["reason.undo_rejected"]


def test_who_changed_to_another_stage_takes_nothing_back(am, people):
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    decide(employ("mover", Role.SALES_HEAD), key)
    assert undoing(employ("mover", Role.FINANCE), key) == ["reason.stage_not_yours"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"signer": "am"}, "does not follow|two stages"),
        ({"attempt": 1}, "took its decision back"),
        ({"stage": "finance"}, "does not follow|two stages"),
        ({"round": 2}, "does not follow"),
        ({"snapshot_hash": "x"}, "does not follow"),
        ({"seen_version": 1}, "does not follow|UNIQUE|unique"),
    ],
)
def test_the_database_takes_no_other_undo(am, people, change, message):
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    decide(people[0], key)
    names = (
        "case_id", "round", "stage", "signer", "signer_name", "signed_at", "snapshot_hash",
        "edition", "attempt",
    )  # fmt: skip
    (last,) = rows(f"SELECT {', '.join(names)} FROM decision ORDER BY id DESC LIMIT 1")
    row = {**dict(zip(names, last, strict=True)), "verdict": "undo", "seen_version": 2, **change}
    marks = ", ".join("?" for _ in row)
    with pytest.raises(peewee.DatabaseError, match=message), transaction():
        execute(f"INSERT INTO decision ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def test_a_paper_shows_what_stands_and_its_code_is_found_again(am, people):
    """The boxes show the last decision that stands, the history below it what was taken back."""
    sales, finance, _ = people
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    decide(sales, key, APPROVE, "同意")
    decide(finance, key, RETURN, "请补正")
    undo(finance, key)
    form = queries.application_form(am.actor, key)
    shown = [row.verdict for row in standing(form.opinions)]
    assert shown == [Verdict.SUBMIT, APPROVE]
    assert len(form.opinions) == 4
    found = check(am.actor, form.footer.code, date(2026, 7, 6))
    assert found.since == ()
    assert [row.verdict for row in found.decisions] == [Verdict.SUBMIT, APPROVE, RETURN, UNDO]
