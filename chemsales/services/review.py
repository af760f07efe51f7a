"""What an applicant does about a review that goes on."""

from __future__ import annotations

from chemsales.queries.review import urge_reasons
from chemsales.rules.errors import NotAllowed
from chemsales.rules.roles import Action
from chemsales.services.applications import locked
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.models.approval import CaseUrge


@use_case(Action.CASE_URGE)
def urge(op: Operation, application_id: int) -> None:
    """Urge the stage that an application waits at (C7.2): a mark in its queue, once in a working
    day; NotAllowed as `queries.review.urge_blockers`."""
    stored = locked(application_id)
    reasons = urge_reasons(op.actor, stored, op.today)
    if reasons:
        raise NotAllowed(*reasons)
    assert stored.case is not None
    case = stored.case.case
    CaseUrge.insert(
        case=stored.case.id,
        round=case.round,
        stage=case.pending,
        day=op.today,
        urged_by=op.actor.login,
        urged_at=op.now,
    ).execute()
    op.record(Subject.ACCREDITATION, stored.id, "C7.2", round=case.round, stage=str(case.pending))
