"""Rating cooperation with evidence, and confirming a rating (配合度, A.X 24)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chemsales.queries.cooperation import confirming_reasons, rating_reasons
from chemsales.queries.person_names import name_of
from chemsales.queries.policy import load_edition
from chemsales.rules.accreditation import digest
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Reason
from chemsales.rules.evaluation import Aspect, cooperation_score
from chemsales.rules.periods import Month, check_month, month_days
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_text
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import execute, insert_rows, rows
from chemsales.storage.models.evaluation import CooperationRating

EVIDENCE_LIMIT = 500

Line = tuple[Aspect, int, str]


@use_case(Action.COOPERATION_RATE)
def rate(
    op: Operation,
    customer_id: int,
    month: Month,
    lines: Sequence[Line],
    seen: tuple[int | None, int] | None = None,
) -> int:
    """Rate a customer's cooperation in a month that has begun; a new rating voids the one before.

    `seen` is the rating that stood when it was read and its version ((None, 0) where there was
    none); None voids whatever stands. Conflict where another one stands by now, or it was confirmed
    meanwhile.

    Each line is an aspect, its points of 0 to 100, and the evidence in words. The score is their
    weighted mean. NotAllowed for anybody but the customer's own account manager, and for a month
    before the customer's accreditation; Invalid without evidence. Returns the rating's id.
    """
    check_month(month)
    found = rows("SELECT manager, accredited_on FROM customer WHERE id = ?", (customer_id,))
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    manager, accredited_on = found[0]
    reasons = (
        *rating_reasons(manager, name_of(manager), op.actor.login),
        *_month_reasons(month, accredited_on, op.today),
    )
    if reasons:
        raise NotAllowed(*reasons)
    if seen is not None and seen != _standing(customer_id, month):
        raise Conflict(Reason("reason.changed_elsewhere", {"what": month}, "C16.1"))
    checked = _checked(lines)
    edition = load_edition(month_days(month)[1])
    score = cooperation_score({aspect: points for aspect, points, _ in checked}, edition.policy)
    execute(
        "UPDATE cooperation_rating SET void = 1, version = version + 1 "
        "WHERE customer_id = ? AND month = ? AND void = 0",
        (customer_id, month),
    )
    rating_id = int(
        CooperationRating.insert(
            customer=customer_id, month=month, score=score, rated_by=op.actor.login, rated_at=op.now
        ).execute()
    )
    insert_rows(
        "cooperation_evidence",
        ("rating_id", "aspect", "points", "evidence"),
        [(rating_id, str(aspect), points, evidence) for aspect, points, evidence in checked],
    )
    said = Reason("reason.cooperation_rated", {"month": month, "score": score}, "C16.1")
    held = digest([[str(aspect), points, evidence] for aspect, points, evidence in checked])
    op.record(Subject.COOPERATION, rating_id, "C16.1", edition.number, (said,), evidence=held)
    return rating_id


def _month_reasons(month: Month, accredited_on: str, today: date) -> tuple[Reason, ...]:
    """A month is rated once it has begun, and not from before the accreditation (A.X 22)."""
    first, last = month_days(month)
    if first > today:
        return (Reason("reason.month_not_begun", {"month": month}, "C16.1"),)
    if last.isoformat() < accredited_on:
        params = {"month": month, "accredited": accredited_on}
        return (Reason("reason.month_before_accreditation", params, "C16.1"),)
    return ()


def _standing(customer_id: int, month: Month) -> tuple[int | None, int]:
    """The rating that stands and its version, (None, 0) where there is none."""
    found = rows(
        "SELECT id, version FROM cooperation_rating "
        "WHERE customer_id = ? AND month = ? AND void = 0",
        (customer_id, month),
    )
    return (found[0][0], found[0][1]) if found else (None, 0)


def _checked(lines: Sequence[Line]) -> list[Line]:
    """The lines as they are stored; Invalid with a problem for each that lacks its evidence."""
    problems: list[Problem] = []
    checked = []
    for aspect, points, text in lines:
        try:
            evidence = clean_text(text, str(aspect), EVIDENCE_LIMIT)
        except Invalid as refusal:
            problems += refusal.problems
            continue
        if not evidence:
            problems.append(Problem(str(aspect), Reason("reason.evidence_required", {}, "C16.1")))
        checked.append((aspect, points, evidence))
    if len({aspect for aspect, _points, _text in lines}) < len(lines):
        problems.append(Problem("aspects", Reason("reason.aspect_twice", {}, "C16.1")))
    if problems:
        raise Invalid(*problems)
    return checked


@use_case(Action.COOPERATION_CONFIRM)
def confirm(op: Operation, rating_id: int, seen_version: int) -> None:
    """Confirm a rating: from then on it counts in evaluations. Nobody confirms the own rating.

    Conflict when it was voided or confirmed since it was seen.
    """
    found = rows(
        "SELECT u.name, r.month, r.rated_by, r.confirmed_by FROM cooperation_rating r "
        "JOIN customer u ON u.id = r.customer_id WHERE r.id = ?",
        (rating_id,),
    )
    if not found:
        raise NotFound(Reason("reason.rating_unknown", {"rating": rating_id}))
    name, month, rated_by, confirmed_by = found[0]
    reasons = confirming_reasons(rated_by, confirmed_by or "", op.actor.login)
    if reasons:
        raise NotAllowed(*reasons)
    written = execute(
        "UPDATE cooperation_rating SET confirmed_by = ?, confirmed_at = ?, version = version + 1 "
        "WHERE id = ? AND version = ? AND void = 0",
        (
            op.actor.login,
            CooperationRating.confirmed_at.db_value(op.now),
            rating_id,
            seen_version,
        ),
    )
    if not written:
        raise Conflict(Reason("reason.changed_elsewhere", {"what": f"{name} {month}"}, "C16.1"))
    op.record(Subject.COOPERATION, rating_id, "C16.1")
