"""Applications for accreditation: submitted by a manager, decided by three stages (C7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from chemsales.queries.admission import forbidden
from chemsales.queries.application_blockers import (
    again_blockers,
    is_last,
    unexplained,
    verdict_blockers,
)
from chemsales.queries.application_papers import paper_problems
from chemsales.queries.applications import (
    StoredApplication,
    failing_codes,
    load_application,
    reviewed,
    stored_problems,
)
from chemsales.queries.in_force import of_file
from chemsales.queries.licences import dealing_reasons
from chemsales.queries.policy import load_edition
from chemsales.queries.review import bulk_reasons, mark
from chemsales.rules import approval
from chemsales.rules.accreditation import STATES, acceptance_hash
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import ApplicationState, DocumentKind, Draft
from chemsales.rules.errors import Invalid, NotAllowed, Problem, Reason, term
from chemsales.rules.review import NOTHING, Marks
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_line, file_label
from chemsales.services.applications import (
    check_version,
    draft_again,
    insert_application,
    insert_paper,
    locked,
    move,
    own,
    own_paper,
    rewrite,
    void_paper,
)
from chemsales.services.approval import decide_case, open_case, record_verdict
from chemsales.services.changes import Subject
from chemsales.services.customers import create_customer, give_classes
from chemsales.services.documents import keep_scan
from chemsales.services.further import from_file, may_begin
from chemsales.services.offtake import lock_months
from chemsales.services.operation import Operation, use_case
from chemsales.storage.models.approval import CodeAcceptance


@use_case(Action.APPLICATION_EDIT)
def save_draft(
    op: Operation,
    draft: Draft,
    application_id: int | None = None,
    seen_version: int = 0,
    customer_id: int | None = None,
) -> int:
    """Save an application as it stands, complete or not; its key (C7.1).

    Without `application_id` it is a new one, of which the person who acts is the manager: of a new
    customer, or for a further class of `customer_id` (C10.1; NotAllowed with the reasons of
    `queries.accreditation.further_blockers`). Of a customer's the facts and contacts are those of
    its file, whatever the draft says. Invalid for texts that cannot be stored, NotAllowed for
    another manager's and for one under review, Conflict where it was changed since `seen_version`.
    A reviewer's override of a code ends when a code changes.
    """
    if application_id is None:
        if customer_id is not None:
            may_begin(op, customer_id)
        key = insert_application(op, draft, customer_id)
        op.record(Subject.ACCREDITATION, key, "C7.1")
        return key
    stored = own(op, application_id)
    check_version(stored, seen_version)
    rewrite(stored, of_file(draft, stored.further_of))
    op.record(Subject.ACCREDITATION, application_id, "C7.1")
    return application_id


@use_case(Action.APPLICATION_EDIT)
def save_drafts(op: Operation, drafts: Sequence[Draft]) -> list[int]:
    """Save new applications of the person who acts, all of them or none; their keys in order
    (C7.1). Invalid as for `save_draft`, and for no draft at all."""
    if not drafts:
        raise Invalid(Problem("drafts", Reason("reason.text_missing", {}, "C7.1")))
    keys = [insert_application(op, draft) for draft in drafts]
    op.record(Subject.ACCREDITATION, keys[0], "C7.1", applications=keys)
    return keys


@use_case(Action.APPLICATION_EDIT)
def attach(
    op: Operation,
    application_id: int,
    kind: DocumentKind,
    file_name: str,
    data: bytes,
    number: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    long_term: bool = False,
    issuer: str = "",
    holder: str = "",
) -> int:
    """Attach a scanned paper; its key (C7.1).

    The type comes from the bytes (PDF, PNG, JPEG, TIFF; 1 byte to 20 MB), the file's name is only a
    label. `issuer` gave the paper, `holder` is the name that stands on it. `valid_to` is the last
    valid day; `long_term` papers have none. Invalid for a bad file or impossible days, NotAllowed
    for another manager's application and for one under review.
    """
    own(op, application_id)
    digest, label = keep_scan(op, data), file_label(file_name)
    key = insert_paper(
        application_id, kind=kind, sha256=digest, label=label, number=number, issuer=issuer,
        holder=holder, valid_from=valid_from, valid_to=valid_to, long_term=long_term,
    )  # fmt: skip
    op.record(
        Subject.ACCREDITATION,
        application_id,
        "C7.1",
        document=str(kind),
        sha256=digest,
        label=label,
    )
    return key


@use_case(Action.APPLICATION_EDIT)
def detach(op: Operation, document_id: int) -> int:
    """Void a paper, so that the application no longer carries it; the application's key.

    The row and the bytes stay. NotFound, or NotAllowed as for `attach`.
    """
    stored, _paper = own_paper(op, document_id)
    void_paper(document_id)
    op.record(Subject.ACCREDITATION, stored.id, "C7.1", document_voided=document_id)
    return stored.id


@use_case(Action.APPLICATION_EDIT)
def describe(
    op: Operation,
    document_id: int,
    kind: DocumentKind,
    number: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    long_term: bool = False,
    issuer: str = "",
    holder: str = "",
) -> int:
    """Say anew what a paper is and what stands on it; the key of the row that takes the place of
    the one before, with the same scan (C7.1, C15.1).

    Invalid for impossible days; NotFound, or NotAllowed as for `attach`.
    """
    stored, before = own_paper(op, document_id)
    void_paper(document_id)
    key = insert_paper(
        stored.id, kind=kind, sha256=before.sha256, label=before.label, number=number,
        issuer=issuer, holder=holder, valid_from=valid_from, valid_to=valid_to,
        long_term=long_term,
    )  # fmt: skip
    op.record(
        Subject.ACCREDITATION, stored.id, "C7.1", document=str(kind), document_voided=document_id
    )
    return key


@use_case(Action.APPLICATION_SUBMIT)
def submit(op: Operation, application_id: int, seen_version: int) -> ApplicationState:
    """Put an application up for decision, or again after a return (a new round; C7.1, C7.2).

    Everything under review is frozen from now on: the snapshot is taken anew and stored with its
    hash. Invalid with one problem per field for what is missing, wrong or carried by another
    customer already, for a paper that has expired and one that nobody would watch; a code of which
    only the check digit fails goes through, marked, and no stage can approve it before
    `override_identifier`.
    """
    stored = own(op, application_id)
    check_version(stored, seen_version)
    stored = from_file(op, stored)
    problems = stored_problems(stored)
    refused = [problem for problem in problems if not problem.warning]
    refused += forbidden(problems, op.today)
    refused += paper_problems(stored.draft, stored.documents, stored.further_of, op.today)
    if refused:
        raise Invalid(*refused)
    edition = load_edition(op.today).number
    frozen, opinion = reviewed(stored), stored.draft.manager_opinion
    if stored.case is None:
        case_id = open_case(
            op,
            approval.ACCREDITATION,
            Subject.ACCREDITATION,
            stored.id,
            stored.manager,
            frozen,
            edition,
            opinion,
        )
    else:
        case_id = stored.case.id
        decide_case(op, case_id, stored.case.version, Verdict.SUBMIT, opinion, frozen)
    move(stored, state=ApplicationState.IN_REVIEW, case=case_id)
    marked = tuple(problem.reason for problem in problems)
    op.record(Subject.ACCREDITATION, stored.id, "C7.1", edition, marked)
    return ApplicationState.IN_REVIEW


@use_case(Action.ACCREDITATION_DECIDE)
def decide(
    op: Operation,
    application_id: int,
    seen_version: int,
    verdict: Verdict,
    comment: str = "",
    marks: Marks = NOTHING,
) -> ApplicationState:
    """Approve, return or reject at the stage whose turn it is; the state after it (C7.2, C5.1).

    The general manager's approval makes the customer, with classes, contacts and starting level, in
    the same transaction; or gives one that exists its further classes from that day on
    (`services.customers.give_classes`). Conflict where another person was faster, NotAllowed with
    the same reasons as `queries.accreditation.blockers`; a return and a rejection need a comment.
    What the reviewer ticked of the own lines stands with the signature, beside what the program
    checked (A.X 21).
    """
    return _decide(op, application_id, seen_version, verdict, comment, marks)


@use_case(Action.ACCREDITATION_DECIDE)
def approve_in_bulk(op: Operation, application_id: int, seen_version: int) -> ApplicationState:
    """Approve one of several cases at once: each its own decision (C7.2).

    NotAllowed unless the administrator allows it and every automatic check of the case has passed;
    nothing is returned or rejected in bulk.
    """
    reasons = bulk_reasons(load_application(application_id), op.today)
    if reasons:
        raise NotAllowed(*reasons)
    return _decide(op, application_id, seen_version, Verdict.APPROVE, "", bulk=True)


@use_case(Action.ACCREDITATION_DECIDE)
def undo(op: Operation, application_id: int, seen_version: int) -> ApplicationState:
    """Take back the own approval or return until the next stage or the applicant acts (C7.2).

    A row of its own beside the one that it takes back; the case is open at that stage again. What
    ended a case stands: NotAllowed, with the reasons of `queries.accreditation.blockers`.
    """
    return _decide(op, application_id, seen_version, Verdict.UNDO, "")


@use_case(Action.APPLICATION_WITHDRAW)
def withdraw(op: Operation, application_id: int, seen_version: int) -> int | None:
    """Take an application back, drafted or submitted, until it is decided (C7.2).

    One under review falls back to what was there before, a draft: its key. The withdrawn one stays
    with what was said on it. A draft, and what was returned, ends for good, as does what asks for a
    further class of a customer with whom nothing may be dealt (C15.2, C17.1): None.
    """
    stored = locked(application_id)
    reviewed = stored.state is ApplicationState.IN_REVIEW
    barred = stored.further_of is not None and dealing_reasons(stored.further_of, op.today)
    again = draft_again(op, stored) if reviewed and not barred else None
    told: dict[str, Any] = {} if again is None else {"again": again}
    _decide(op, application_id, seen_version, Verdict.WITHDRAW, "", **told)
    return again


@use_case(Action.APPLICATION_EDIT)
def apply_again(op: Operation, application_id: int) -> int:
    """Make a new draft of an application that was withdrawn or rejected, exactly as it was, with
    its papers; its key (C7.2).

    What a reviewer accepted or ticked does not come along. NotAllowed while it has not ended
    without a customer, and for another manager's; what was handed over is the new manager's, what
    asks for a further class is that of whoever has the customer (C8.1).
    """
    stored = locked(application_id)
    reasons = again_blockers(op.actor, stored)
    if reasons:
        raise NotAllowed(*reasons)
    if stored.further_of is not None:
        may_begin(op, stored.further_of)
    key = draft_again(op, stored)
    op.record(Subject.ACCREDITATION, key, "C7.2", again=stored.id)
    return key


def _decide(
    op: Operation,
    application_id: int,
    seen_version: int,
    verdict: Verdict,
    comment: str,
    marks: Marks = NOTHING,
    **detail: Any,
) -> ApplicationState:
    stored = locked(application_id)
    check_version(stored, seen_version)
    if stored.further and is_last(stored, verdict):
        lock_months()  # from here on its classes stand still, until they are given
    reasons = verdict_blockers(op.actor, stored, verdict, op.today)
    reasons = reasons or (() if comment.strip() else unexplained(stored, verdict))
    if reasons:
        raise NotAllowed(*reasons)
    if stored.case is None:
        move(stored, state=ApplicationState.WITHDRAWN)
        op.record(Subject.ACCREDITATION, stored.id, "C7.2", verdict=verdict)
        return ApplicationState.WITHDRAWN
    marked = mark(stored, marks, verdict, op.today)
    case = decide_case(op, stored.case.id, stored.case.version, verdict, comment, marks=marked)
    state = STATES[case.outcome]
    edition = load_edition(op.today).number
    changes: dict[str, object] = {"state": state}
    if state is ApplicationState.ACCREDITED and stored.further:
        give_classes(op, stored, edition)
    elif state is ApplicationState.ACCREDITED:
        changes["customer_id"] = create_customer(op, stored, edition)
    move(stored, **changes)
    record_verdict(
        op, Subject.ACCREDITATION, stored.id, stored.case, case, edition,
        **marked.told(), **detail,
    )  # fmt: skip
    return state


@use_case(Action.IDENTIFIER_OVERRIDE)
def override_identifier(op: Operation, application_id: int, reason: str, seen_version: int) -> None:
    """Accept a code whose check digit fails, with the reason why (C7.1: early pilot codes do fail).

    By a reviewer (sales or finance) while the application is under review, never by its manager. It
    is a row of its own, and what the stages sign from then on covers it; it ends when the code is
    changed after a return. NotAllowed where nothing fails or all is accepted already, Conflict
    where the application is no longer the one that was seen; who decides after it has to have seen
    it, since it makes another version.
    """
    stored = locked(application_id)
    check_version(stored, seen_version)
    if stored.state is not ApplicationState.IN_REVIEW:
        params = {"state": term(stored.state)}
        raise NotAllowed(Reason("reason.override_only_in_review", params, "C7.1"))
    applicants = stored.case.case.applicants if stored.case is not None else ()
    if op.actor.login in (stored.manager, *applicants):
        raise NotAllowed(Reason("reason.applicant_cannot_sign", {}, "C7.2"))
    failing = failing_codes(stored.draft.facts)
    if not failing or stored.draft.facts.code_override:
        raise NotAllowed(Reason("reason.nothing_to_override", {}, "C7.1"))
    text = clean_line(reason, "code_override", 500)
    hashed = _accept(op, stored, text)
    move(stored, code_override=text)
    op.record(
        Subject.ACCREDITATION, stored.id, "C7.1", None, failing, override=text, accepted=hashed
    )


def _accept(op: Operation, stored: StoredApplication, reason: str) -> str:
    """Store the acceptance of a code; the hash that the stages of this round sign from now on."""
    assert stored.case is not None
    snapshot, round_ = stored.case.snapshot_hash, stored.case.case.round
    hashed = acceptance_hash(snapshot, round_, reason, op.actor.login)
    CodeAcceptance.insert(
        case=stored.case.id,
        round=round_,
        reason=reason,
        accepted_by=op.actor.login,
        accepted_at=op.now,
        snapshot_hash=snapshot,
        hash=hashed,
    ).execute()
    return hashed
