"""What an applicant does about a review that goes on."""

from __future__ import annotations

from chemsales.queries.approval import load_stored
from chemsales.queries.review import urge_reasons
from chemsales.rules.errors import NotAllowed
from chemsales.rules.roles import Action
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import locking, rows
from chemsales.storage.models.approval import CaseUrge


@use_case(Action.CASE_URGE)
def urge(op: Operation, case_id: int) -> None:
    """Urge the stage that a case waits at (C7.2): a mark in its queue, once in a working day;
    NotFound, NotAllowed as `queries.review.urge_blockers`."""
    of = rows(f"SELECT subject, subject_id FROM approval_case WHERE id = ?{locking()}", (case_id,))
    stored = load_stored(case_id)
    reasons = urge_reasons(op.actor, stored, op.today)
    if reasons:
        raise NotAllowed(*reasons)
    ((subject, key),), case = of, stored.case
    CaseUrge.insert(
        case=case_id,
        round=case.round,
        stage=case.pending,
        day=op.today,
        urged_by=op.actor.login,
        urged_at=op.now,
    ).execute()
    clause = case.chain.clause
    op.record(Subject(subject), key, clause, round=case.round, stage=str(case.pending))
