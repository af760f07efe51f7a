"""Cancelling a customer's qualification: proposed, decided by three stages, in force at once
(C17.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from chemsales.queries.disqualification import (
    Stored,
    load_effects,
    load_proposal,
    propose_reasons,
    reviewed,
    verdict_blockers,
)
from chemsales.queries.policy import load_edition
from chemsales.rules.approval import DISQUALIFICATION, Outcome, Verdict
from chemsales.rules.customer import CustomerStatus
from chemsales.rules.dispatch import What
from chemsales.rules.disqualification import FACTS_LIMIT, Proposal, proposal_problems
from chemsales.rules.errors import Invalid, NotAllowed
from chemsales.rules.history import FieldChange
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_text, file_label
from chemsales.services.approval import (
    check_seen,
    decide_case,
    lock_case,
    open_case,
    record_verdict,
)
from chemsales.services.changes import Subject
from chemsales.services.dispatch import report
from chemsales.services.documents import keep_scan
from chemsales.services.numbering import next_number
from chemsales.services.offtake import lock_months
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import locking, rows
from chemsales.storage.models.customers import Customer, CustomerClassRow
from chemsales.storage.models.disqualification import Disqualification, DisqualificationPaper

Scan = tuple[str, bytes]  # the name of a file and its bytes


@use_case(Action.DISQUALIFICATION_PROPOSE)
def propose(op: Operation, customer_id: int, proposal: Proposal, scans: Sequence[Scan]) -> int:
    """Propose to cancel a customer's qualification, with the evidence; the key of the proposal.

    By its account manager or the sales head: NotAllowed with the reasons of
    `queries.disqualification.propose_blockers`. Invalid with one problem per field. The customer
    stays what it is until the general manager has decided (C17.1).
    """
    rows(f"SELECT id FROM customer WHERE id = ?{locking()}", (customer_id,))
    reasons = propose_reasons(op.actor, customer_id)
    if reasons:
        raise NotAllowed(*reasons)
    ready = _storable(op, proposal, len(scans))
    year = op.today.year
    key = int(
        Disqualification.insert(
            number=f"QX{year}-{next_number(f'disqualification-{year}'):04d}",
            customer=customer_id,
            **asdict(ready),
            effects=_effects(op, customer_id),
            proposed_by=op.actor.login,
            proposed_at=op.now,
        ).execute()
    )
    _keep(op, key, scans)
    edition, login = load_edition(op.today).number, op.actor.login
    case_id = open_case(
        op, DISQUALIFICATION, Subject.DISQUALIFICATION, key, login, reviewed(key), edition
    )
    Disqualification.update(case=case_id).where(Disqualification.id == key).execute()
    op.record(
        Subject.DISQUALIFICATION, key, "C17.1", edition,
        customer=customer_id, ground=str(ready.ground),
    )  # fmt: skip
    return key


def _storable(op: Operation, proposal: Proposal, papers: int) -> Proposal:
    """The proposal as it is stored; Invalid where it cannot be."""
    problems = proposal_problems(proposal, papers, op.today)
    if problems:
        raise Invalid(*problems)
    return replace(proposal, facts=clean_text(proposal.facts, "facts", FACTS_LIMIT))


def _effects(op: Operation, customer_id: int) -> list[dict[str, object]]:
    """What it would end, as the stages are told it."""
    return [reason.as_dict() for reason in load_effects(customer_id, op.today)]


def _keep(op: Operation, key: int, scans: Iterable[Scan]) -> None:
    for name, data in scans:
        DisqualificationPaper.insert(
            disqualification=key, sha256=keep_scan(op, data), label=file_label(name)
        ).execute()


@use_case(Action.DISQUALIFICATION_PROPOSE)
def correct(
    op: Operation,
    key: int,
    seen_version: int,
    proposal: Proposal,
    scans: Sequence[Scan] = (),
    dropped: Sequence[int] = (),
) -> None:
    """Correct a proposal that was returned and put it up again; `scans` come to the evidence, the
    papers with the keys `dropped` leave it.

    Invalid as for `propose`, NotAllowed with the reasons of `queries.disqualification.blockers`,
    Conflict for a stale version.
    """
    stored = _seen(op, key, seen_version, Verdict.SUBMIT)
    kept = [paper for paper in stored.papers if paper.id not in dropped]
    ready = _storable(op, proposal, len(kept) + len(scans))
    Disqualification.update(**asdict(ready), effects=_effects(op, stored.customer_id)).where(
        Disqualification.id == key
    ).execute()
    DisqualificationPaper.update(void=True).where(
        (DisqualificationPaper.disqualification == key) & DisqualificationPaper.id.in_(dropped)
    ).execute()
    _keep(op, key, scans)
    assert stored.case is not None
    decide_case(op, stored.case.id, seen_version, Verdict.SUBMIT, "", reviewed(key))
    op.record(Subject.DISQUALIFICATION, key, "C17.1", load_edition(op.today).number)


@use_case(Action.DISQUALIFICATION_PROPOSE)
def withdraw(op: Operation, key: int, seen_version: int) -> Outcome:
    """Take a proposal back that is not decided; how its case then stands."""
    return _decide(op, key, seen_version, Verdict.WITHDRAW, "")


@use_case(Action.DISQUALIFICATION_DECIDE)
def decide(
    op: Operation, key: int, seen_version: int, verdict: Verdict, comment: str = ""
) -> Outcome:
    """Approve, return or reject a proposal at the stage whose turn it is; how its case then stands.

    The general manager's approval cancels the qualification in the same transaction: the customer
    is disqualified, its classes end today and with them its level; every dealing is refused from
    then on (C17.1). Conflict where another person was faster, NotAllowed with the reasons of
    `queries.disqualification.blockers`.
    """
    return _decide(op, key, seen_version, verdict, comment)


@use_case(Action.DISQUALIFICATION_DECIDE)
def undo(op: Operation, key: int, seen_version: int) -> Outcome:
    """Take back the own approval or return until the next stage or who proposed acts; how its case
    then stands.

    A qualification that is cancelled stays so: NotAllowed, with the reasons of
    `queries.disqualification.blockers`.
    """
    return _decide(op, key, seen_version, Verdict.UNDO, "")


def _seen(op: Operation, key: int, seen_version: int, verdict: Verdict) -> Stored:
    """A proposal that this person may give this verdict on, as it was seen."""
    lock_case(Subject.DISQUALIFICATION, key)
    stored = load_proposal(key)
    assert stored.case is not None
    check_seen(stored.case, seen_version)
    reasons = verdict_blockers(op.actor, stored, verdict)
    if reasons:
        raise NotAllowed(*reasons)
    return stored


def _decide(op: Operation, key: int, seen_version: int, verdict: Verdict, comment: str) -> Outcome:
    stored = _seen(op, key, seen_version, verdict)
    assert stored.case is not None
    case = decide_case(op, stored.case.id, seen_version, verdict, comment)
    if case.outcome is Outcome.APPROVED:
        _cancel(op, stored)
    record_verdict(op, Subject.DISQUALIFICATION, key, stored.case, case, stored.case.edition)
    return case.outcome


def _cancel(op: Operation, stored: Stored) -> None:
    """From now on the customer is none, which is reported to whom it was reported until now (C4.7);
    its classes end today, with them its level."""
    lock_months()
    Disqualification.update(decided_on=op.today).where(Disqualification.id == stored.id).execute()
    Customer.update(status=CustomerStatus.DISQUALIFIED, version=Customer.version + 1).where(
        Customer.id == stored.customer_id
    ).execute()
    before, after = str(CustomerStatus.ACCREDITED), str(CustomerStatus.DISQUALIFIED)
    report(op, stored.customer_id, What.CHANGE, [FieldChange("status", before, after)])
    CustomerClassRow.update(to_day=op.today).where(
        (CustomerClassRow.customer == stored.customer_id) & CustomerClassRow.to_day.is_null()
    ).execute()
    op.changed(Subject.CUSTOMER, Subject.TIERS)
