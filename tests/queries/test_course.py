"""Where a case stands, to whoever put it up (C7.2), on both engines."""

from __future__ import annotations

from chemsales.queries.applications import load_application
from chemsales.queries.course import Course, course
from chemsales.rules.approval import Outcome, StageName, Verdict
from chemsales.services import accreditation
from tests.factory import (
    Clock,
    decide,
    draft_of,
    make_application,
    session_of,
    submit,
    version_of,
)

SALES, FINANCE, GM = StageName.SALES, StageName.FINANCE, StageName.GENERAL_MANAGER


def stands(made: int, clock: Clock) -> Course:
    case = load_application(made).case
    assert case is not None
    return course(session_of("am", clock).actor, case.id, session_of("am", clock).today())


def turns(found: Course) -> list[tuple[StageName, str, bool]]:
    return [
        (step.stage, step.decision.signer_name if step.decision else "", step.turn)
        for step in found.steps
    ]


def test_c7_2_stage_by_stage_round_by_round(ready: str) -> None:
    clock = Clock()
    clock.set(2026, 6, 29)
    made = make_application(session_of("am", clock), draft_of("恒力石化有限公司"))
    submit(session_of("am", clock), made)
    found = stands(made, clock)
    assert turns(found) == [(SALES, "", True), (FINANCE, "", False), (GM, "", False)]
    assert (found.outcome, found.round, found.waited) == (Outcome.OPEN, 1, 0)
    decide(session_of("sales", clock), made, comment="同意")
    clock.set(2026, 7, 1)
    found = stands(made, clock)
    assert turns(found) == [(SALES, "王芳", False), (FINANCE, "", True), (GM, "", False)]
    assert found.waited == 2
    decide(session_of("finance", clock), made, Verdict.RETURN, "开户行不一致")
    found = stands(made, clock)
    assert turns(found) == [(SALES, "王芳", False), (FINANCE, "李强", False), (GM, "", False)]
    assert (found.outcome, found.waited) == (Outcome.RETURNED, 0)
    submit(session_of("am", clock), made)
    found = stands(made, clock)
    assert turns(found) == [(SALES, "", True), (FINANCE, "", False), (GM, "", False)]
    assert (found.round, len(found.decisions)) == (2, 4)


def test_what_was_taken_back_is_no_decision_and_makes_no_case_younger(ready: str) -> None:
    clock = Clock()
    clock.set(2026, 6, 29)
    made = make_application(session_of("am", clock), draft_of("恒力石化有限公司"))
    submit(session_of("am", clock), made)
    clock.set(2026, 7, 1)
    decide(session_of("sales", clock), made)
    accreditation.undo(session_of("sales", clock), made, version_of(made))
    found = stands(made, clock)
    assert turns(found)[0] == (SALES, "", True)
    assert found.waited == 2
    assert [row.verdict for row in found.decisions][-1] is Verdict.UNDO


def test_one_that_has_ended_waits_no_more(ready: str) -> None:
    clock = Clock()
    made = make_application(session_of("am", clock), draft_of("恒力石化有限公司"))
    submit(session_of("am", clock), made)
    decide(session_of("sales", clock), made, Verdict.REJECT, "资信不良")
    clock.set(2027, 1, 4)
    found = stands(made, clock)
    assert (found.outcome, found.waited) == (Outcome.REJECTED, 0)
    assert not any(step.turn for step in found.steps)
