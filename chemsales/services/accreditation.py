"""Applications for accreditation: submitted by a manager, decided by three stages (C7)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date

from chemsales.pinyin import sort_key
from chemsales.queries.applications import (
    StoredApplication,
    draft_problems,
    failing_codes,
    load_application,
    owner_blockers,
    reviewed,
    verdict_blockers,
)
from chemsales.queries.policy import load_edition
from chemsales.queries.products import load_groups
from chemsales.rules import approval
from chemsales.rules.accreditation import STATES, acceptance_hash
from chemsales.rules.approval import Case, Verdict
from chemsales.rules.customer import (
    ApplicationState,
    CustomerFacts,
    DocumentKind,
    Draft,
    check_texts,
    normalise_facts,
)
from chemsales.rules.documents import file_type
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Reason, term
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_line, clean_text, file_label
from chemsales.services.approval import decide_case, moved_on, open_case, signed_for
from chemsales.services.changes import Subject
from chemsales.services.customers import create_customer
from chemsales.services.numbering import next_number
from chemsales.services.operation import Operation, use_case
from chemsales.services.search import renew_words
from chemsales.storage.database import locking, rows
from chemsales.storage.models.accreditation import (
    Application,
    ApplicationClass,
    ApplicationContact,
    ApplicationDocument,
    DocumentBlob,
)
from chemsales.storage.models.approval import CodeAcceptance

_CODES = ("uscc", "licence15", "org9")


@use_case(Action.APPLICATION_EDIT)
def save_draft(
    op: Operation, draft: Draft, application_id: int | None = None, seen_version: int = 0
) -> int:
    """Save an application as it stands, complete or not; its key (C7.1).

    Without `application_id` it is a new one, of which the person who acts is the manager. Invalid
    for texts that cannot be stored, NotAllowed for another manager's and for one under review,
    Conflict where it was changed since `seen_version`. A reviewer's override of a code ends when a
    code changes.
    """
    if application_id is None:
        key = _insert(op, draft)
        op.record(Subject.ACCREDITATION, key, "C7.1")
        return key
    facts, opinion = _storable(draft)
    stored = _own(op, application_id)
    _check_version(stored, seen_version)
    before = stored.draft
    same = all(getattr(facts, code) == getattr(before.facts, code) for code in _CODES)
    override = before.facts.code_override if same else ""
    kept = replace(facts, code_override=override)
    sorts = sort_key(kept.name)
    _move(stored, **asdict(kept), sort_key=sorts, manager_opinion=opinion)
    if (draft.classes, draft.contacts) != (before.classes, before.contacts):
        _write_lines(application_id, draft)
    renew_words("application", application_id)
    op.record(Subject.ACCREDITATION, application_id, "C7.1")
    return application_id


@use_case(Action.APPLICATION_EDIT)
def save_drafts(op: Operation, drafts: Sequence[Draft]) -> list[int]:
    """Save new applications of the person who acts, all of them or none; their keys in order
    (C7.1). Invalid as for `save_draft`, and for no draft at all."""
    if not drafts:
        raise Invalid(Problem("drafts", Reason("reason.text_missing", {}, "C7.1")))
    keys = [_insert(op, draft) for draft in drafts]
    op.record(Subject.ACCREDITATION, keys[0], "C7.1", applications=keys)
    return keys


def _storable(draft: Draft) -> tuple[CustomerFacts, str]:
    """The facts and the manager's opinion as they are stored; Invalid where they cannot be."""
    facts = normalise_facts(draft.facts)
    _check_storable(replace(draft, facts=facts))
    return facts, clean_text(draft.manager_opinion, "manager_opinion", 2000)


def _check_storable(draft: Draft) -> None:
    groups = load_groups()
    problems = list(check_texts(draft))
    seen: set[str] = set()
    for request in draft.classes:
        place = f"classes.{request.group_code}"
        params = {"group": request.group_code}
        if request.group_code in seen:
            problems.append(Problem(place, Reason("reason.class_twice", params, "C10.1")))
        if request.group_code not in groups:
            problems.append(Problem(place, Reason("reason.group_unknown", params, "C3.1")))
        seen.add(request.group_code)
    if problems:
        raise Invalid(*problems)


def _insert(op: Operation, draft: Draft) -> int:
    """Store a new application with its classes and contacts; its key."""
    facts, opinion = _storable(draft)
    year = op.today.year
    number = f"SQ{year}-{next_number(f'application-{year}'):04d}"
    key = Application.insert(
        **asdict(replace(facts, code_override="")),
        number=number,
        state=ApplicationState.DRAFT,
        sort_key=sort_key(facts.name),
        manager=op.actor.login,
        manager_opinion=opinion,
        created_by=op.actor.login,
        created_at=op.now,
    ).execute()
    _write_lines(int(key), draft)
    renew_words("application", int(key))
    return int(key)


def _write_lines(application_id: int, draft: Draft) -> None:
    """Replace the classes and contacts; the old rows stay in the history of changes."""
    for model in (ApplicationClass, ApplicationContact):
        model.delete().where(model.application == application_id).execute()
    for request in draft.classes:
        ApplicationClass.insert(application=application_id, **asdict(request)).execute()
    for contact in draft.contacts:
        ApplicationContact.insert(application=application_id, **asdict(contact)).execute()


def _locked(application_id: int) -> StoredApplication:
    """The application as it stands and stays until this transaction ends; NotFound.

    Without the lock its row could be from before another desk's verdict and its case from after.
    """
    rows(f"SELECT version FROM application WHERE id = ?{locking()}", (application_id,))
    return load_application(application_id)


def _own(op: Operation, application_id: int) -> StoredApplication:
    """The application, if the person who acts may edit it now."""
    stored = _locked(application_id)
    reasons = owner_blockers(op.actor, stored)
    if reasons:
        raise NotAllowed(*reasons)
    return stored


def _check_version(stored: StoredApplication, seen_version: int) -> None:
    if stored.version == seen_version:
        return
    if stored.case is not None:
        raise Conflict(moved_on(stored.case))
    raise Conflict(Reason("reason.changed_elsewhere", {"what": stored.number}))


def _move(stored: StoredApplication, **changes: object) -> None:
    """Change the row and its version; Conflict where another desk was faster."""
    touched = (
        Application.update(version=stored.version + 1, **changes)
        .where((Application.id == stored.id) & (Application.version == stored.version))
        .execute()
    )
    if touched != 1:
        raise Conflict(Reason("reason.changed_elsewhere", {"what": stored.number}))


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
) -> int:
    """Attach a scanned paper; its key (C7.1).

    The type comes from the bytes (PDF, PNG, JPEG, TIFF; 1 byte to 20 MB), the file's name is only a
    label. `valid_to` is the last valid day; `long_term` papers have none. Invalid for a bad file or
    impossible days, NotAllowed for another manager's application and for one under review.
    """
    _own(op, application_id)
    mime = file_type(data)
    if (valid_from and valid_to and valid_to < valid_from) or (long_term and valid_to):
        raise Invalid(Problem("valid_to", Reason("reason.validity_wrong", {}, "C15.1")))
    digest = hashlib.sha256(data).hexdigest()
    if not rows("SELECT 1 FROM document_blob WHERE sha256 = ?", (digest,)):
        DocumentBlob.insert(sha256=digest, size=len(data), mime=mime, data=data).execute()
    label = file_label(file_name)
    key = ApplicationDocument.insert(
        application=application_id,
        kind=kind,
        sha256=digest,
        label=label,
        number=clean_line(number, "number", 60, required=False),
        valid_from=valid_from,
        valid_to=valid_to,
        long_term=long_term,
    ).execute()
    op.record(
        Subject.ACCREDITATION,
        application_id,
        "C7.1",
        document=str(kind),
        sha256=digest,
        label=label,
    )
    return int(key)


@use_case(Action.APPLICATION_EDIT)
def detach(op: Operation, document_id: int) -> int:
    """Void a paper, so that the application no longer carries it; the application's key.

    The row and the bytes stay. NotFound, or NotAllowed as for `attach`.
    """
    found = rows(
        "SELECT application_id FROM application_document WHERE id = ? AND void = 0", (document_id,)
    )
    if not found:
        raise NotFound(Reason("reason.document_unknown", {"id": document_id}))
    application_id = int(found[0][0])
    _own(op, application_id)
    ApplicationDocument.update(void=True).where(ApplicationDocument.id == document_id).execute()
    op.record(Subject.ACCREDITATION, application_id, "C7.1", document_voided=document_id)
    return application_id


@use_case(Action.APPLICATION_SUBMIT)
def submit(op: Operation, application_id: int, seen_version: int) -> ApplicationState:
    """Put an application up for decision, or again after a return (a new round; C7.1, C7.2).

    Everything under review is frozen from now on: the snapshot is taken anew and stored with its
    hash. Invalid with one problem per field for what is missing, wrong or carried by another
    customer already; a code of which only the check digit fails goes through, marked, and no stage
    can approve it before `override_identifier`.
    """
    stored = _own(op, application_id)
    _check_version(stored, seen_version)
    problems = draft_problems(stored.draft, stored.kinds, stored.id)
    refused = [problem for problem in problems if not problem.warning]
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
    _move(stored, state=ApplicationState.IN_REVIEW, case=case_id)
    marked = tuple(problem.reason for problem in problems)
    op.record(Subject.ACCREDITATION, stored.id, "C7.1", edition, marked)
    return ApplicationState.IN_REVIEW


@use_case(Action.ACCREDITATION_DECIDE)
def decide(
    op: Operation, application_id: int, seen_version: int, verdict: Verdict, comment: str = ""
) -> ApplicationState:
    """Approve, return or reject at the stage whose turn it is; the state after it (C7.2, C5.1).

    The general manager's approval makes the customer, with classes, contacts and starting level, in
    the same transaction. Conflict where another person was faster, NotAllowed with the same reasons
    as `queries.accreditation.blockers`; a return and a rejection need a comment.
    """
    return _decide(op, application_id, seen_version, verdict, comment)


@use_case(Action.ACCREDITATION_DECIDE)
def undo(op: Operation, application_id: int, seen_version: int) -> ApplicationState:
    """Take back the own approval or return until the next stage or the applicant acts (C7.2).

    A row of its own beside the one that it takes back; the case is open at that stage again. What
    ended a case stands: NotAllowed, with the reasons of `queries.accreditation.blockers`.
    """
    return _decide(op, application_id, seen_version, Verdict.UNDO, "")


@use_case(Action.APPLICATION_WITHDRAW)
def withdraw(op: Operation, application_id: int, seen_version: int) -> ApplicationState:
    """Take an application back for good, drafted or submitted, until it is decided (C7.2)."""
    return _decide(op, application_id, seen_version, Verdict.WITHDRAW, "")


def _decide(
    op: Operation, application_id: int, seen_version: int, verdict: Verdict, comment: str
) -> ApplicationState:
    stored = _locked(application_id)
    _check_version(stored, seen_version)
    reasons = verdict_blockers(op.actor, stored, verdict)
    if reasons:
        raise NotAllowed(*reasons)
    if stored.case is None:
        _move(stored, state=ApplicationState.WITHDRAWN)
        op.record(Subject.ACCREDITATION, stored.id, "C7.2", verdict=verdict)
        return ApplicationState.WITHDRAWN
    case = decide_case(op, stored.case.id, stored.case.version, verdict, comment)
    state = STATES[case.outcome]
    edition = load_edition(op.today).number
    changes: dict[str, object] = {"state": state}
    if state is ApplicationState.ACCREDITED:
        changes["customer_id"] = create_customer(op, stored, edition)
    _move(stored, **changes)
    _record_verdict(op, stored, case, edition)
    return state


def _record_verdict(op: Operation, stored: StoredApplication, case: Case, edition: int) -> None:
    assert stored.case is not None
    signed = case.decisions[-1]
    op.record(
        Subject.ACCREDITATION,
        stored.id,
        case.chain.clause,
        edition,
        round=signed.round,
        stage=signed.stage,
        verdict=signed.verdict,
        snapshot=stored.case.snapshot_hash,
        **signed_for(case),
    )


@use_case(Action.IDENTIFIER_OVERRIDE)
def override_identifier(op: Operation, application_id: int, reason: str, seen_version: int) -> None:
    """Accept a code whose check digit fails, with the reason why (C7.1: early pilot codes do fail).

    By a reviewer (sales or finance) while the application is under review, never by its manager. It
    is a row of its own, and what the stages sign from then on covers it; it ends when the code is
    changed after a return. NotAllowed where nothing fails or all is accepted already, Conflict
    where the application is no longer the one that was seen; who decides after it has to have seen
    it, since it makes another version.
    """
    stored = _locked(application_id)
    _check_version(stored, seen_version)
    if stored.state is not ApplicationState.IN_REVIEW:
        params = {"state": term(stored.state)}
        raise NotAllowed(Reason("reason.override_only_in_review", params, "C7.1"))
    if op.actor.login == stored.manager:
        raise NotAllowed(Reason("reason.applicant_cannot_sign", {}, "C7.2"))
    failing = failing_codes(stored.draft.facts)
    if not failing or stored.draft.facts.code_override:
        raise NotAllowed(Reason("reason.nothing_to_override", {}, "C7.1"))
    text = clean_line(reason, "code_override", 500)
    hashed = _accept(op, stored, text)
    _move(stored, code_override=text)
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
