"""Visits to customers: noted once, corrected by a further row (C11.2)."""

from __future__ import annotations

from dataclasses import asdict

from chemsales.queries.visits import customer_note_reasons, visit_correct_reasons
from chemsales.rules.errors import Invalid, NotAllowed
from chemsales.rules.roles import Action
from chemsales.rules.visits import VisitDraft, cleaned, visit_problems
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import rows
from chemsales.storage.models.visits import Visit


@use_case(Action.VISIT_NOTE)
def note(op: Operation, customer_id: int, draft: VisitDraft) -> int:
    """Note a visit that the person who acts has made to a customer; its key (C11.2).

    NotAllowed with the reasons of `rules.visits.note_reasons`, Invalid with the problems of
    `rules.visits.visit_problems` and for a text that is too long. NotFound.
    """
    reasons = customer_note_reasons(op.actor, customer_id)
    if reasons:
        raise NotAllowed(*reasons)
    key = _insert(op, customer_id, draft, op.actor.login, None)
    op.record(Subject.VISIT, key, "C11.2", customer=customer_id)
    return key


@use_case(Action.VISIT_NOTE)
def correct(op: Operation, visit_id: int, draft: VisitDraft) -> int:
    """Put what is right in the place of a visit that was noted wrongly; the new key (C11.2).

    The wrong row stays as it is and is shown no more; who visited stays. NotAllowed with the
    reasons of `rules.visits.correct_reasons` and for one that was corrected already, which is
    corrected by its correction; else as `note`.
    """
    reasons = visit_correct_reasons(op.actor, visit_id)
    if reasons:
        raise NotAllowed(*reasons)
    ((customer_id, visitor),) = rows(
        "SELECT customer_id, visited_by FROM visit WHERE id = ?", (visit_id,)
    )
    key = _insert(op, customer_id, draft, visitor, visit_id)
    op.record(Subject.VISIT, key, "C11.2", customer=customer_id, replaces=visit_id)
    return key


def _insert(
    op: Operation, customer_id: int, draft: VisitDraft, visitor: str, replaces: int | None
) -> int:
    draft = cleaned(draft)
    problems = visit_problems(draft, op.today)
    if problems:
        raise Invalid(*problems)
    return int(
        Visit.insert(
            customer=customer_id,
            **asdict(draft),
            visited_by=visitor,
            noted_by=op.actor.login,
            noted_at=op.now,
            replaces=replaces,
        ).execute()
    )
