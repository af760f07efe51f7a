"""A decision on a paper, a disqualification, a change or an evaluation is taken back as one on an
application is: by its signer, until somebody has acted on it (C7.2)."""

from __future__ import annotations

from dataclasses import replace

import peewee
import pytest

from chemsales.queries.approval import load_stored, queue
from chemsales.queries.customer_record import told
from chemsales.queries.decided import decided_by
from chemsales.queries.delegation import load_acting
from chemsales.queries.disqualification_form import disqualification_form
from chemsales.queries.duties import duties
from chemsales.queries.evaluation_reports import sheets
from chemsales.queries.listing import whole
from chemsales.reports.evaluation_sheet import render
from chemsales.reports.forms import last_round
from chemsales.rules.approval import ACCREDITATION, CHAINS, Outcome, StageName, Verdict
from chemsales.rules.errors import Conflict, Forbidden, NotAllowed
from chemsales.rules.roles import Role
from chemsales.services import audit, delegation
from chemsales.services.session import Session
from chemsales.storage.database import execute, rows, transaction
from chemsales.words import label
from tests.factory import employ, session_of
from tests.factory_cases import KINDS, CaseKind, furnished
from tests.furnishing import furnish
from tests.reports import pdf

APPROVE, RETURN, REJECT, UNDO = Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT, Verdict.UNDO
LONG = [name for name, kind in KINDS.items() if len(kind.signers) > 1]


@pytest.fixture
def department(ready):
    furnish(furnished)


@pytest.fixture(params=list(KINDS))
def kind(department, request) -> CaseKind:
    return KINDS[request.param]


@pytest.fixture(params=LONG)
def longer(department, request) -> CaseKind:
    return KINDS[request.param]


def case_of(kind, key):
    ((case_id,),) = rows(f"SELECT case_id FROM {kind.table} WHERE id = ?", (key,))
    return load_stored(case_id)


def acting(session) -> Session:
    """The person with the delegations that stand at the clock's day."""
    return replace(session, actor=load_acting(session.actor, session.today()))


def refused(act) -> list[str]:
    with pytest.raises(NotAllowed) as refusal:
        act()
    return [reason.code for reason in refusal.value.reasons]


def test_these_are_all_kinds_besides_applications():
    assert {ACCREDITATION.name, *KINDS} == set(CHAINS)


def test_a_return_is_taken_back_and_decided_anew(kind, as_role):
    key, first = kind.put_up(), kind.signers[0]
    kind.give(key, first, RETURN)
    assert kind.why_not(key, first) == []
    assert kind.take_back(key, first) is Outcome.OPEN
    stored = case_of(kind, key)
    assert (stored.case.outcome, stored.case.round) == (Outcome.OPEN, 1)
    assert stored.case.pending is kind.chain.stages[0].name
    assert kind.why_not(key, first) == ["reason.undo_acted_since"]
    for login in kind.signers:
        kind.give(key, login)
    assert case_of(kind, key).case.outcome is Outcome.APPROVED
    signed = rows(
        "SELECT verdict, attempt, signer FROM decision WHERE case_id = ? AND stage = ? ORDER BY id",
        (stored.id, str(kind.chain.stages[0].name)),
    )
    assert signed == [("return", 0, first), ("undo", 0, first), ("approve", 1, first)]
    events = rows(
        "SELECT who, clause, outcome FROM event WHERE use_case = ?", (f"{kind.use_cases}.undo",)
    )
    assert events == [(first, kind.chain.clause, "done")]
    assert not audit.verify(as_role(Role.AUDITOR)).problems


def test_an_approval_is_taken_back_until_the_next_stage_acts(longer):
    key, (first, second) = longer.put_up(), longer.signers[:2]
    longer.give(key, first)
    assert longer.why_not(key, second) == ["reason.undo_only_signer"]
    longer.take_back(key, first)
    assert [row.id for row in queue(session_of(first).actor) if row.kind == longer.chain.name] == [
        key
    ]
    longer.give(key, first)
    seen = longer.version(key)
    longer.give(key, second, RETURN)
    assert refused(lambda: longer.take_back(key, first)) == ["reason.undo_acted_since"]
    with pytest.raises(Conflict) as late:
        longer.undo(session_of(first), key, seen)
    assert [reason.code for reason in late.value.reasons] == ["reason.decided_elsewhere"]
    longer.take_back(key, second)
    assert case_of(longer, key).case.pending is longer.chain.stages[1].name


def test_the_last_approval_and_a_rejection_stand(kind, as_role):
    key = kind.put_up()
    kind.give(key, kind.signers[0], REJECT)
    assert refused(lambda: kind.take_back(key, kind.signers[0])) == ["reason.undo_rejected"]
    if kind.table == "evaluation_run":
        kind.correct(session_of("am"), key)
    other = kind.put_up()
    for login in kind.signers:
        kind.give(other, login)
    last = kind.signers[-1]
    assert kind.why_not(other, last) == [kind.effect]
    assert refused(lambda: kind.take_back(other, last)) == [kind.effect]
    assert not audit.verify(as_role(Role.AUDITOR)).problems


def test_what_came_back_and_was_put_up_again_is_not_undone(kind):
    key, first = kind.put_up(), kind.signers[0]
    kind.give(key, first, RETURN)
    kind.correct(session_of("am"), key)
    assert kind.why_not(key, first) == ["reason.undo_acted_since"]
    assert refused(lambda: kind.take_back(key, first)) == ["reason.undo_acted_since"]


def test_nobody_else_takes_a_decision_back(kind):
    """Neither another of the same role, nor the applicant, nor who holds another role by now."""
    key, first = kind.put_up(), kind.signers[0]
    role = kind.chain.stages[0].role
    kind.give(key, first, RETURN)
    assert kind.why_not(key, employ("second", role)) == ["reason.undo_only_signer"]
    assert refused(lambda: kind.take_back(key, employ("second", role))) == [
        "reason.undo_only_signer"
    ]
    assert "reason.role_lacks_action" in refused(lambda: kind.take_back(key, "am"))
    assert kind.why_not(key, "am") == ["reason.role_lacks_action"]


def test_a_delegate_takes_back_what_was_signed_for_another_while_that_stands(kind, clock):
    """By the own name and for the same principal; neither takes back the other's afterwards."""
    key, principal = kind.put_up(), kind.signers[0]
    deputy, head = session_of("am2", clock), session_of(principal, clock)
    role, today = kind.chain.stages[0].role, clock().date()
    given = delegation.delegate(head, "am2", role, today, today, "出差").value
    kind.decide(deputy, key, kind.version(key), RETURN, "意见")
    assert kind.why_not(key, head) == ["reason.undo_only_signer"]
    assert kind.why_not(key, acting(deputy)) == []
    assert kind.take_back(key, deputy) is Outcome.OPEN
    kind.decide(deputy, key, kind.version(key), RETURN, "意见")
    clock.advance(minutes=1)
    delegation.revoke(head, given)
    assert kind.why_not(key, acting(deputy)) == ["reason.undo_delegation_over"]
    with pytest.raises(Forbidden):
        kind.take_back(key, deputy)
    stage = str(kind.chain.stages[0].name)
    assert rows(
        "SELECT verdict, signer, on_behalf_of FROM decision WHERE case_id = ? AND stage = ? "
        "ORDER BY id",
        (case_of(kind, key).id, stage),
    ) == [(each, "am2", principal) for each in ("return", "undo", "return")]
    assert not audit.verify(session_of("auditor", clock)).problems


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"signer": "am"}, "does not follow|two stages|put a case up"),
        ({"attempt": 1}, "took its decision back"),
        ({"round": 2}, "does not follow"),
        ({"snapshot_hash": "x"}, "does not follow"),
        ({"seen_version": 1}, "does not follow|UNIQUE|unique"),
    ],
)
def test_the_database_takes_no_other_undo(kind, change, message):
    key = kind.put_up()
    kind.give(key, kind.signers[0], RETURN)
    with pytest.raises(peewee.DatabaseError, match=message), transaction():
        undone(kind, key, **change)


def test_the_database_takes_no_undo_of_what_ended_a_case(kind):
    key = kind.put_up()
    for login in kind.signers:
        kind.give(key, login)
    with pytest.raises(peewee.DatabaseError, match="does not follow"), transaction():
        undone(kind, key)


def undone(kind, key, **change):
    """An undo of the last decision, by hand."""
    names = (
        "case_id", "round", "stage", "signer", "signer_name", "signed_at", "snapshot_hash",
        "edition", "attempt",
    )  # fmt: skip
    stored = case_of(kind, key)
    (last,) = rows(
        f"SELECT {', '.join(names)} FROM decision WHERE case_id = ? ORDER BY id DESC LIMIT 1",
        (stored.id,),
    )
    row = {**dict(zip(names, last, strict=True)), "verdict": "undo", "comment": ""}
    row |= {"seen_version": stored.version, **change}
    marks = ", ".join("?" for _ in row)
    execute(f"INSERT INTO decision ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def test_what_was_undone_stands_in_no_list_and_in_no_box(kind):
    """Neither among what its signer decided nor in a box of a paper; the report on duties counts
    it."""
    key, first = kind.put_up(), kind.signers[0]
    kind.give(key, first, RETURN)
    kind.take_back(key, first)
    actor = session_of(first).actor
    assert [row for row in whole(actor, decided_by(actor)) if row.kind == kind.chain.name] == []
    auditor = session_of("auditor")
    report = duties(auditor.actor, "2026Q3", auditor.today())
    counted = {each.chain: each.undone for each in report.chains}
    assert {name for name, count in counted.items() if count} == {kind.chain.name}
    assert report.breaches == ()


def test_the_form_of_a_disqualification_shows_what_stands(department):
    kind = KINDS["disqualification"]
    key = kind.put_up()
    kind.give(key, "sales")
    kind.give(key, "finance", RETURN)
    kind.take_back(key, "finance")
    form = disqualification_form(session_of("auditor").actor, key)
    assert last_round(form.opinions).keys() == {StageName.APPLICANT, StageName.SALES}
    assert [one.verdict for one in form.opinions][-1] is UNDO


def test_the_timeline_of_a_customer_tells_what_finance_said_and_meant(department):
    kind = KINDS["customer_change"]
    key = kind.put_up()
    kind.give(key, "finance", RETURN)
    kind.take_back(key, "finance")
    ((customer,),) = rows("SELECT customer_id FROM customer_change WHERE id = ?", (key,))
    auditor = session_of("auditor").actor
    assert told(auditor, customer) == []
    kind.give(key, "finance")
    (said,) = told(auditor, customer)
    assert said.what.params["verdict"] == "@Verdict.approve"


def test_a_sheet_is_to_be_signed_anew_where_the_signature_was_taken_back(department):
    """Its box is empty again: neither the opinion that was taken back nor the undo is printed."""
    kind = KINDS["evaluation"]
    run = kind.put_up()
    auditor = session_of("auditor").actor
    unsigned = pdf.text(render(tuple(sheets(auditor, run)[:1])))
    kind.give(run, "sales", RETURN)
    returned = pdf.text(render(tuple(sheets(auditor, run)[:1])))
    kind.take_back(run, "sales")
    undone_ = pdf.text(render(tuple(sheets(auditor, run)[:1])))
    assert (label(RETURN) in returned, label(RETURN) in undone_) == (True, False)
    assert label(UNDO) not in undone_
    assert unsigned.count("________") == undone_.count("________") == 1 + returned.count("________")
