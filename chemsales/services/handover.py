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
    again by whoever may (`services.evaluation.compute`). Invalid
    with one problem per field, NotAllowed with the reasons of `queries.handover.handover_blockers`
    and where the other has signed such a case (`HeldApplication.kept_from`, one reason for each
    application), NotFound, Conflict for an application that has a customer by now.
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
    cases = [case for key in keys for case in _move(op, key, given.to, given.from_day, text)]
    moved = _applied(applied, given.to)
    cases += [case for stored in moved for case in _move_application(stored, given.to)]
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


def _applied(keys: Sequence[int], to: str) -> list[StoredApplication]:
    """The applications of new customers as they stand from now on; NotAllowed with a reason for
    each that cannot go to this person."""
    found, kept = [], []
    for key in keys:
        stored = locked(key)
        open_, ended = stored.state in OPEN, stored.state in ENDED and stored.case is not None
        if stored.further or not (open_ or ended):
            raise Conflict(Reason("reason.changed_elsewhere", {"what": stored.number}))
        if stored.manager == to:
            params: dict[str, Param] = {"number": stored.number}
            raise Invalid(Problem("to", Reason("reason.handover_same_application", params, "C8.1")))
        name, cases = stored.draft.facts.name, [stored.case.id] if stored.case else []
        held = HeldApplication(key, stored.number, name, stored.state, signers_of(cases))
        kept.append(held.kept_from(to))
        found.append(stored)
    if any(kept):
        raise NotAllowed(*filter(None, kept))
    return found


def _move_application(stored: StoredApplication, to: str) -> list[int]:
    """Give the application of a new customer to another; its case, which goes along while it is
    not decided."""
    cases = [stored.case.id] if stored.case is not None and stored.state in OPEN else []
    move(stored, manager=to)
    ApprovalCase.update(owner=to).where(ApprovalCase.id.in_(cases)).execute()
    return cases


def _move(op: Operation, key: int, to: str, from_day: date, reason: str) -> list[int]:
    """Give one customer to another; the cases that went along."""
    found = rows(
        f"SELECT u.code, u.manager, u.accredited_on FROM customer u WHERE u.id = ?{locking()}",
        (key,),
    )
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": key}))
    code, manager, since = found[0]
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
    if to in signers_of(cases):
        raise NotAllowed(Reason("reason.handover_signed", {**params, "login": to}, "C7.2"))
    ApprovalCase.update(owner=to).where(ApprovalCase.id.in_(cases)).execute()
    return cases
