"""Handing customers over to another account manager (C8.1): one, or all of one who leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chemsales.queries.applications import StoredApplication
from chemsales.queries.further import OPEN
from chemsales.queries.handover import (
    handover_reasons,
    running_cases,
    signers_of,
    target_reason,
)
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, NotFound, Param, Problem, Reason
from chemsales.rules.handover import (
    ENDED,
    REASON_LIMIT,
    Handed,
    Handover,
    HeldApplication,
    HeldCustomer,
    handover_problems,
)
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_text
from chemsales.services.applications import locked, move
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import locking, rows
from chemsales.storage.models.accreditation import Application
from chemsales.storage.models.approval import ApprovalCase
from chemsales.storage.models.customers import Customer
from chemsales.storage.models.handover import Handover as HandoverRow

OPEN_FURTHER = (Application.further == True) & Application.state.in_(OPEN)  # noqa: E712


@use_case(Action.CUSTOMER_HANDOVER)
def hand_over(
    op: Operation, customers: Sequence[int], given: Handover, applications: Sequence[int] = ()
) -> Handed:
    """Give customers, and applications of new ones, to another account manager from a day on, all
    of them or none; how many. An application that was rejected or withdrawn goes too, so that the
    other applies again with what it says.

    By the sales head or an administrator. The other has them at once; the day says from when, not
    before each customer came to the one who has it, and is not to come. Their cases that wait or
    came back go along, and are corrected by the other, with applications for further classes
    (`queries.handover.holding` tells what does not); an evaluation that comes back is computed
    again by whoever may (`services.evaluation.compute`). Invalid with one problem per field,
    NotAllowed with the reasons of `queries.handover.handover_blockers` and where the other has
    signed such a case (`HeldCustomer.kept_from` and `HeldApplication.kept_from`, one reason for
    each customer and application), NotFound, Conflict for an application that has a customer by
    now.
    """
    reasons = handover_reasons(op.actor)
    if reasons:
        raise NotAllowed(*reasons)
    found = list(handover_problems(given, op.today))
    unfit = target_reason(given.to) if given.to else None
    if unfit:
        found.append(Problem("to", unfit))
    if not customers and not applications:
        found.append(Problem("customers", Reason("reason.handover_none", {}, "C8.1")))
    if found:
        raise Invalid(*found)
    assert given.from_day is not None
    text = clean_text(given.reason, "reason", REASON_LIMIT)
    keys, applied = sorted(set(customers)), sorted(set(applications))
    went = [_move(op, key, given.to, given.from_day, text) for key in keys]
    moved = [_applied(key, given.to) for key in applied]
    kept = [kept for _of, kept in (*went, *moved) if kept]
    if kept:
        raise NotAllowed(*kept)
    cases = [case for of, _kept in went for case in of]
    cases += [case for stored, _kept in moved for case in _move_application(stored, given.to)]
    if cases:
        op.changed(Subject.LICENCE, Subject.CUSTOMER_CHANGE, Subject.DISQUALIFICATION)
    if cases or applied:
        op.changed(Subject.ACCREDITATION)
    subject, first = (Subject.CUSTOMER, keys[0]) if keys else (Subject.ACCREDITATION, applied[0])
    op.record(
        subject, first, "C8.1", reason=text, to=given.to,
        from_day=given.from_day.isoformat(), customers=keys, cases=cases,
        applications=applied,
    )  # fmt: skip
    return Handed(len(keys), len(cases), len(applied))


def _applied(key: int, to: str) -> tuple[StoredApplication, Reason | None]:
    """The application of a new customer as it stands from now on, and why it cannot go to this
    person."""
    stored = locked(key)
    open_, ended = stored.state in OPEN, stored.state in ENDED and stored.case is not None
    if stored.further or not (open_ or ended):
        raise Conflict(Reason("reason.changed_elsewhere", {"what": stored.number}))
    if stored.manager == to:
        params: dict[str, Param] = {"number": stored.number}
        raise Invalid(Problem("to", Reason("reason.handover_same_application", params, "C8.1")))
    name, cases = stored.draft.facts.name, [stored.case.id] if stored.case else []
    held = HeldApplication(key, stored.number, name, stored.state, signers_of(cases))
    return stored, held.kept_from(to)


def _move_application(stored: StoredApplication, to: str) -> list[int]:
    """Give the application of a new customer to another; its case, which goes along while it is
    not decided."""
    cases = [stored.case.id] if stored.case is not None and stored.state in OPEN else []
    move(stored, manager=to)
    ApprovalCase.update(owner=to).where(ApprovalCase.id.in_(cases)).execute()
    return cases


def _move(
    op: Operation, key: int, to: str, from_day: date, reason: str
) -> tuple[list[int], Reason | None]:
    """Give one customer to another; the cases that went along, or why they cannot."""
    found = rows(
        f"SELECT code, name, manager, accredited_on FROM customer WHERE id = ?{locking()}",
        (key,),
    )
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": key}))
    code, name, manager, since = found[0]
    ((last,),) = rows("SELECT max(from_day) FROM handover WHERE customer_id = ?", (key,))
    params: dict[str, Param] = {"code": code}
    if manager == to:
        raise Invalid(Problem("to", Reason("reason.handover_same", params, "C8.1")))
    first = max(since, last or since)
    if from_day.isoformat() < first:
        params["day"] = first
        raise Invalid(Problem("from_day", Reason("reason.handover_early", params, "C8.1")))
    HandoverRow.insert(
        customer=key,
        from_manager=manager,
        to_manager=to,
        from_day=from_day,
        reason=reason,
        given_by=op.actor.login,
        given_at=op.now,
    ).execute()
    Customer.update(manager=to, version=Customer.version + 1).where(Customer.id == key).execute()
    Application.update(manager=to, version=Application.version + 1).where(
        (Application.customer_id == key) & (Application.manager == manager) & OPEN_FURTHER
    ).execute()
    # read only now: an application that was put up at another desk meanwhile has a case by now
    cases = running_cases(key, manager)
    kept = HeldCustomer(key, code, name, signers_of(cases)).kept_from(to)
    if kept is None:
        ApprovalCase.update(owner=to).where(ApprovalCase.id.in_(cases)).execute()
    return cases, kept
