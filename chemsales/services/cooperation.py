"""Rating cooperation with evidence, and confirming a rating (配合度, A.X 24)."""

from __future__ import annotations

from collections.abc import Sequence

from chemsales.queries import policy as editions
from chemsales.queries.cooperation import rating_reasons
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Reason
from chemsales.rules.evaluation import Aspect, cooperation_score
from chemsales.rules.periods import Month, check_month, month_days
from chemsales.rules.roles import Action
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import execute, rows
from chemsales.storage.models.evaluation import CooperationEvidence, CooperationRating


@use_case(Action.COOPERATION_RATE)
def rate(
    op: Operation, customer_id: int, month: Month, lines: Sequence[tuple[Aspect, int, str]]
) -> int:
    """Rate a customer's cooperation in a month that has begun; a new rating voids the one before.

    Each line is an aspect, its points of 0 to 100, and the evidence in words. The score is their
    weighted mean. Only the customer's own account manager rates. Returns the rating's id.
    """
    check_month(month)
    found = rows("SELECT manager FROM customer WHERE id = ?", (customer_id,))
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    reasons = rating_reasons(found[0][0], op.actor.login)
    if month_days(month)[0] > op.today:
        reasons = (*reasons, Reason("reason.month_not_begun", {"month": month}, "C16.1"))
    if reasons:
        raise NotAllowed(*reasons)
    _check_lines(lines)
    edition = editions.load_edition(month_days(month)[1])
    score = cooperation_score({aspect: points for aspect, points, _ in lines}, edition.policy)
    execute(
        "UPDATE cooperation_rating SET void = 1, version = version + 1 "
        "WHERE customer_id = ? AND month = ? AND void = 0",
        (customer_id, month),
    )
    rating_id = CooperationRating.insert(
        customer=customer_id, month=month, score=score, rated_by=op.actor.login, rated_at=op.now
    ).execute()
    CooperationEvidence.insert_many(
        [
            {"rating": rating_id, "aspect": aspect, "points": points, "evidence": text.strip()}
            for aspect, points, text in lines
        ]
    ).execute()
    said = Reason("reason.cooperation_rated", {"month": month, "score": score}, "C16.1")
    op.record(Subject.COOPERATION, rating_id, "C16.1", edition.number, (said,))
    return int(rating_id)


def _check_lines(lines: Sequence[tuple[Aspect, int, str]]) -> None:
    problems = [
        Problem(str(aspect), Reason("reason.evidence_required", {}, "C16.1"))
        for aspect, _points, text in lines
        if not 1 <= len(text.strip()) <= 500
    ]
    if len({aspect for aspect, _points, _text in lines}) < len(lines):
        problems.append(Problem("aspects", Reason("reason.aspect_twice", {}, "C16.1")))
    if problems:
        raise Invalid(*problems)


@use_case(Action.COOPERATION_CONFIRM)
def confirm(op: Operation, rating_id: int, seen_version: int) -> None:
    """Confirm a rating: from then on it counts in evaluations. Nobody confirms the own rating."""
    found = rows(
        "SELECT rated_by, version, void, confirmed_by FROM cooperation_rating WHERE id = ?",
        (rating_id,),
    )
    if not found:
        raise NotFound(Reason("reason.rating_unknown", {"rating": rating_id}))
    rated_by, version, void, confirmed_by = found[0]
    if version != seen_version or void:
        raise Conflict(Reason("reason.changed_elsewhere", {}, "C16.1"))
    if confirmed_by:
        raise NotAllowed(Reason("reason.rating_confirmed", {"login": confirmed_by}, "C16.1"))
    if rated_by == op.actor.login:
        raise NotAllowed(Reason("reason.own_rating", {}, "C16.1"))
    execute(
        "UPDATE cooperation_rating SET confirmed_by = ?, confirmed_at = ?, version = version + 1 "
        "WHERE id = ?",
        (op.actor.login, CooperationRating.confirmed_at.db_value(op.now), rating_id),
    )
    op.record(Subject.COOPERATION, rating_id, "C16.1")
