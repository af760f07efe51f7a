"""Licences and proofs: recorded by the manager, accepted by sales and finance (C15.1, C15.2)."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import NamedTuple

from chemsales.queries.applications import StoredApplication
from chemsales.queries.approval import StoredCase
from chemsales.queries.disqualification import cancelled
from chemsales.queries.licences import (
    StoredLicence,
    load_licence,
    record_reasons,
    reviewed,
    verdict_blockers,
    waiting_reasons,
)
from chemsales.queries.policy import load_edition
from chemsales.rules.approval import LICENCE, Outcome, Verdict
from chemsales.rules.errors import Invalid, NotAllowed, Reason
from chemsales.rules.licences import LIMITS, WATCHED, LicenceDraft, draft_problems
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_line, file_label
from chemsales.services.approval import (
    check_seen,
    decide_case,
    lock_case,
    open_case,
    record_verdict,
)
from chemsales.services.changes import Subject
from chemsales.services.documents import keep_scan
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import execute, locking, rows
from chemsales.storage.days import days_from
from chemsales.storage.fields import InstantField
from chemsales.storage.gaps import gaps, gaps_of_suspended
from chemsales.storage.models.licences import LicenceRow


class Noted(NamedTuple):
    """How many suspensions were noted to have begun, and to have ended."""

    begun: int
    ended: int


@use_case(Action.LICENCE_RECORD)
def record(
    op: Operation,
    customer_id: int,
    draft: LicenceDraft,
    file_name: str,
    data: bytes,
    comment: str = "",
) -> int:
    """Record a renewed licence, or a proof, with its scan and put it up for acceptance; its key.

    By the customer's account manager: NotAllowed with the reasons of
    `queries.licences.record_blockers`, and while another one of its kind waits. Invalid with one
    problem per field, a last day that is past among them, also a proof's; it counts from the day on
    which finance accepts it.
    """
    reasons = record_reasons(op.actor, customer_id, op.today)
    if reasons:
        raise NotAllowed(*reasons)
    paper = _storable(op, draft)
    _alone(customer_id, paper)
    licence_id = int(
        LicenceRow.insert(
            customer=customer_id,
            **asdict(paper),
            sha256=keep_scan(op, data),
            label=file_label(file_name),
            recorded_by=op.actor.login,
            recorded_at=op.now,
        ).execute()
    )
    edition, login = load_edition(op.today).number, op.actor.login
    case_id = open_case(
        op, LICENCE, Subject.LICENCE, licence_id, login, reviewed(licence_id), edition, comment
    )
    LicenceRow.update(case=case_id).where(LicenceRow.id == licence_id).execute()
    op.record(
        Subject.LICENCE, licence_id, "C15.1", edition,
        customer=customer_id, kind=str(paper.kind), proof=paper.proof,
    )  # fmt: skip
    return licence_id


def _storable(op: Operation, draft: LicenceDraft) -> LicenceDraft:
    """The paper as it is stored; Invalid where it cannot be."""
    problems = draft_problems(draft, op.today)
    if problems:
        raise Invalid(*problems)
    number, issuer = (
        clean_line(getattr(draft, name), name, LIMITS[name], required=False)
        for name in ("number", "issuer")
    )
    return replace(draft, number=number, issuer=issuer)


@use_case(Action.LICENCE_RECORD)
def correct(
    op: Operation,
    licence_id: int,
    seen_version: int,
    draft: LicenceDraft,
    file_name: str = "",
    data: bytes = b"",
    comment: str = "",
) -> None:
    """Correct a paper that was returned and put it up again, with another scan where one is given.

    Invalid as for `record`, NotAllowed with the reasons of `queries.licences.blockers`, Conflict
    for a stale version.
    """
    stored, case = _seen(op, licence_id, seen_version, Verdict.SUBMIT)
    paper = _storable(op, draft)
    _alone(stored.customer_id, paper, licence_id)
    scan = {"sha256": keep_scan(op, data), "label": file_label(file_name)} if data else {}
    LicenceRow.update(**asdict(paper), **scan).where(LicenceRow.id == licence_id).execute()
    decide_case(op, case.id, seen_version, Verdict.SUBMIT, comment, reviewed(licence_id))
    op.record(Subject.LICENCE, licence_id, "C15.1", load_edition(op.today).number)


@use_case(Action.LICENCE_RECORD)
def withdraw(op: Operation, licence_id: int, seen_version: int) -> Outcome:
    """Take a paper back that is not accepted yet; how its case then stands."""
    return _decide(op, licence_id, seen_version, Verdict.WITHDRAW, "")


@use_case(Action.LICENCE_DECIDE)
def decide(
    op: Operation, licence_id: int, seen_version: int, verdict: Verdict, comment: str = ""
) -> Outcome:
    """Approve, return or reject a paper at the stage whose turn it is; how its case then stands.

    Finance's approval accepts it: it counts from today, and a suspension that it ends is lifted in
    the same transaction; levels stay what they are (C15.2). Conflict where another person was
    faster, NotAllowed with the reasons of `queries.licences.blockers`.
    """
    return _decide(op, licence_id, seen_version, verdict, comment)


@use_case(Action.LICENCE_DECIDE)
def undo(op: Operation, licence_id: int, seen_version: int) -> Outcome:
    """Take back the own approval or return until finance or the manager acts; how its case then
    stands.

    What finance accepted counts and stands, and a return does while another paper of the kind waits
    (C15.1): NotAllowed, with the reasons of `queries.licences.blockers`.
    """
    lock_case(Subject.LICENCE, licence_id)
    _one_desk(load_licence(licence_id).customer_id)
    return _decide(op, licence_id, seen_version, Verdict.UNDO, "")


def _one_desk(customer_id: int) -> None:
    """Whatever another desk puts up of the customer's papers waits for this transaction."""
    rows(f"SELECT 1 FROM customer WHERE id = ?{locking()}", (customer_id,))


def _alone(customer_id: int, paper: LicenceDraft, but: int = 0) -> None:
    """NotAllowed while another paper of the customer, of this kind and sort, waits."""
    _one_desk(customer_id)
    if reasons := waiting_reasons(customer_id, paper, but):
        raise NotAllowed(*reasons)


def _seen(
    op: Operation, licence_id: int, seen_version: int, verdict: Verdict
) -> tuple[StoredLicence, StoredCase]:
    """A paper that this person may give this verdict on, with its case, as it was seen."""
    lock_case(Subject.LICENCE, licence_id)
    stored = load_licence(licence_id)
    if stored.case is not None:
        check_seen(stored.case, seen_version)
    reasons = verdict_blockers(op.actor, stored, verdict, op.today)
    if reasons or stored.case is None:
        raise NotAllowed(*reasons)
    return stored, stored.case


def _decide(
    op: Operation, licence_id: int, seen_version: int, verdict: Verdict, comment: str
) -> Outcome:
    _stored, before = _seen(op, licence_id, seen_version, verdict)
    case = decide_case(op, before.id, seen_version, verdict, comment)
    noted = Noted(0, 0)
    if case.outcome is Outcome.APPROVED:
        noted = _accept(op, load_licence(licence_id))
    record_verdict(
        op, Subject.LICENCE, licence_id, before, case, before.edition, lifted=noted.ended
    )
    return case.outcome


def _accept(op: Operation, stored: StoredLicence) -> Noted:
    """From today the paper counts; what it lifts is lifted at once."""
    LicenceRow.update(accepted_on=op.today).where(LicenceRow.id == stored.id).execute()
    op.changed(Subject.CUSTOMER)
    return note_suspensions(op, stored.customer_id)


@use_case(Action.LICENCE_RUN)
def run(op: Operation) -> Noted:
    """Note every suspension that began, and every one that ended, by today; how many of each.

    It says what the accepted papers say, for the days since the last run too, and run twice it
    notes nothing more: no door waits for it (`queries.licences.dealing_reasons`).
    """
    noted = note_suspensions(op)
    reason = Reason("reason.licences_run", {"begun": noted.begun, "ended": noted.ended}, "C15.2")
    op.changed(Subject.CUSTOMER)
    op.record(Subject.LICENCE, op.today.isoformat(), "C15.1", reasons=(reason,))
    return noted


def note_suspensions(op: Operation, customer_id: int | None = None) -> Noted:
    """Note what began and ended by today, of one customer where given, inside a use case; nothing
    from the day on which its qualification was cancelled (C17.1)."""
    day, now, who = op.today.isoformat(), InstantField().db_value(op.now), op.actor.login
    given = () if customer_id is None else (customer_id,)
    one = "customer_id = ?" if given else ""
    over = "g.next_day <= ?"
    lacking = gaps(one) if one else gaps_of_suspended()
    begun = execute(
        "INSERT INTO suspension (customer_id, kind, from_day, to_day, noted_by, noted_at, "
        f"lifted_by, lifted_at) {gaps(one)} SELECT g.customer_id, g.kind, g.from_day, "
        f"CASE WHEN {over} THEN {days_from('g.next_day', -1)} END, ?, ?, "
        f"CASE WHEN {over} THEN ? ELSE '' END, CASE WHEN {over} THEN ? END FROM gap g "
        f"WHERE g.from_day <= ? AND NOT {cancelled('g.customer_id', 'g.from_day')} "
        "AND NOT EXISTS (SELECT 1 FROM suspension s WHERE "
        "s.customer_id = g.customer_id AND s.kind = g.kind AND s.from_day = g.from_day) "
        "ON CONFLICT DO NOTHING",
        (*given, day, who, now, day, who, day, now, day),
    )
    ended = execute(
        f"UPDATE suspension SET to_day = {days_from('g.next_day', -1)}, lifted_by = ?, "
        f"lifted_at = ? FROM ({lacking} SELECT * FROM gap) g WHERE suspension.to_day IS NULL "
        "AND g.customer_id = suspension.customer_id AND g.kind = suspension.kind "
        f"AND g.from_day = suspension.from_day AND {over} "
        f"AND NOT {cancelled('g.customer_id', days_from('g.next_day', -1))}",
        (who, now, *given, day),
    )
    return Noted(begun, ended)


def accept_with_customer(op: Operation, customer_id: int, stored: StoredApplication) -> None:
    """The papers of an application that was just approved, where they have a validity, become its
    customer's first accepted licences (C8.1, C15.1)."""
    assert stored.case is not None
    for paper in stored.documents:
        if paper.kind in WATCHED and paper.dated:
            LicenceRow.insert(
                customer=customer_id,
                kind=paper.kind,
                number=paper.number,
                issuer=paper.issuer,
                valid_from=paper.valid_from,
                valid_to=paper.valid_to,
                long_term=paper.long_term,
                sha256=paper.sha256,
                label=paper.label,
                recorded_by=stored.manager,
                recorded_at=op.now,
                case=stored.case.id,
                accepted_on=op.today,
            ).execute()
