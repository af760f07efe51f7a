"""Complaints of customers: recorded, re-graded, closed (C12)."""

from __future__ import annotations

from chemsales.queries.complaints import complaint_reasons, load_chairs, load_open
from chemsales.queries.policy import load_edition
from chemsales.rules.calendar import company_day
from chemsales.rules.complaints import (
    CONTENT_LIMIT,
    LOT_LIMIT,
    NAME_LIMIT,
    REASON_LIMIT,
    ComplaintClosing,
    ComplaintDraft,
    Severity,
    closing_problems,
    complaint_problems,
)
from chemsales.rules.errors import Invalid, NotAllowed, Param, Problem, Reason, term
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_line, clean_text, said_problem
from chemsales.services.changes import Subject
from chemsales.services.numbering import next_number
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import locking, rows
from chemsales.storage.models.complaints import Complaint, ComplaintRegrade


@use_case(Action.COMPLAINT_ACCEPT)
def accept(op: Operation, customer_id: int, draft: ComplaintDraft) -> int:
    """Record a complaint under the next number of the year; its key (C12.1).

    NotAllowed with the reasons of `queries.complaints.complaint_blockers`, Invalid with the
    problems of `rules.complaints.complaint_problems` and for an unknown product. It is no dealing:
    a complaint of a customer whose dealings are suspended or refused is accepted too.
    """
    _check(op, customer_id, Action.COMPLAINT_ACCEPT)
    problems = complaint_problems(draft, op.now)
    if draft.product and not rows("SELECT 1 FROM product WHERE code = ?", (draft.product,)):
        said: dict[str, Param] = {"code": draft.product}
        problems = (*problems, Problem("product", Reason("reason.product_unknown", said)))
    if problems:
        raise Invalid(*problems)
    assert draft.received_at is not None
    edition, year = load_edition(company_day(draft.received_at)).number, op.today.year
    number = f"T-{year}-{next_number(f'complaint-{year}'):04d}"
    key = Complaint.insert(
        number=number,
        customer=customer_id,
        received_at=draft.received_at,
        channel=draft.channel,
        product=draft.product or None,
        lot=clean_line(draft.lot, "lot", LOT_LIMIT, required=False),
        content=clean_text(draft.content, "content", CONTENT_LIMIT),
        severity=draft.severity,
        edition=edition,
        recorded_by=op.actor.login,
        recorded_at=op.now,
    ).execute()
    op.record(Subject.COMPLAINT, int(key), "C12.1", edition, number=number, customer=customer_id)
    return int(key)


@use_case(Action.COMPLAINT_REGRADE)
def regrade(op: Operation, complaint_id: int, severity: Severity, reason: str) -> None:
    """Re-grade an open complaint to a graver kind, for a reason; it stays due from its receipt on
    (C12.3). NotFound for a closed one, NotAllowed as in `accept`, Invalid for a kind that is not
    graver, and without a reason."""
    customer_id, number, _received, held = load_open(complaint_id)
    _check(op, customer_id, Action.COMPLAINT_REGRADE)
    wrong = said_problem(reason, REASON_LIMIT, "C12.3")
    problems = [Problem("reason", wrong)] if wrong else []
    if severity not in held.graver:
        lesser: dict[str, Param] = {"severity": term(held)}
        problems.append(Problem("severity", Reason("reason.complaint_graver", lesser, "C12.3")))
    if problems:
        raise Invalid(*problems)
    ComplaintRegrade.insert(
        complaint=complaint_id,
        severity=severity,
        reason=clean_text(reason, "reason", REASON_LIMIT),
        regraded_by=op.actor.login,
        regraded_at=op.now,
    ).execute()
    op.record(Subject.COMPLAINT, complaint_id, "C12.3", number=number, severity=str(severity))


@use_case(Action.COMPLAINT_CLOSE)
def close(op: Operation, complaint_id: int, closing: ComplaintClosing) -> None:
    """Close a complaint now: the opinion is approved and the customer was told; of a grave one the
    meeting is on record (C12.2). NotFound for a closed one, NotAllowed for others than the sales
    head, Invalid with the problems of `rules.complaints.closing_problems` and for a meeting that
    nobody with the role of the general manager called."""
    rows(f"SELECT id FROM complaint WHERE id = ?{locking()}", (complaint_id,))
    customer_id, number, received, held = load_open(complaint_id)
    _check(op, customer_id, Action.COMPLAINT_CLOSE)
    problems = closing_problems(closing, held, received, op.today)
    if closing.meeting_chair and closing.meeting_chair not in dict(load_chairs()):
        nobody = Reason("reason.complaint_chair", {}, "C12.2")
        problems = (*problems, Problem("meeting_chair", nobody))
    if problems:
        raise Invalid(*problems)
    Complaint.update(
        opinion=clean_text(closing.opinion, "opinion", CONTENT_LIMIT),
        told_on=closing.told_on,
        told_way=closing.told_way,
        told_by=clean_line(closing.told_by, "told_by", NAME_LIMIT),
        meeting_on=closing.meeting_on,
        meeting_chair=closing.meeting_chair or None,
        meeting_attendees=clean_text(closing.meeting_attendees, "meeting_attendees", REASON_LIMIT),
        meeting_decision=clean_text(closing.meeting_decision, "meeting_decision", CONTENT_LIMIT),
        closed_by=op.actor.login,
        closed_at=op.now,
    ).where(Complaint.id == complaint_id).execute()
    op.record(Subject.COMPLAINT, complaint_id, "C12.2", number=number)


def _check(op: Operation, customer_id: int, action: Action) -> None:
    reasons = complaint_reasons(op.actor, customer_id, action)
    if reasons:
        raise NotAllowed(*reasons)
