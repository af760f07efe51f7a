"""Cases of every approval chain: opened with a frozen snapshot, moved by signed decisions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chemsales.queries.approval import StoredCase, load_stored
from chemsales.queries.moved_on import decided_since
from chemsales.queries.people import signing_reasons
from chemsales.queries.policy import load_edition
from chemsales.rules import approval
from chemsales.rules.accreditation import digest
from chemsales.rules.approval import Case, Chain, StageName, Verdict
from chemsales.rules.errors import Conflict, Forbidden
from chemsales.rules.review import UNMARKED, Marked
from chemsales.rules.text import clean_text
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation
from chemsales.storage.database import locking, rows
from chemsales.storage.models.approval import ApprovalCase, Decision

COMMENT_LIMIT = 2000


def open_case(
    op: Operation,
    chain: Chain,
    subject: Subject,
    subject_id: int,
    owner: str,
    snapshot: object,
    edition: int,
    comment: str = "",
) -> int:
    """Put a subject up for decision inside a use case; the key of the case.

    `snapshot` (JSON-able) is everything that is reviewed, stored with its hash; `edition` the rule
    edition in force; `comment` the applicant's opinion.
    """
    case = approval.open_case(chain, op.actor, owner)
    hashed = digest(snapshot)
    case_id = ApprovalCase.insert(
        chain=chain.name,
        subject=str(subject),
        subject_id=subject_id,
        round=case.round,
        pending=case.pending,
        outcome=case.outcome,
        opened_by=case.opened_by,
        owner=owner,
        opened_at=op.now,
        moved_at=op.now,
        snapshot=snapshot,
        snapshot_hash=hashed,
        clause=chain.clause,
        edition=edition,
    ).execute()
    _sign(op, int(case_id), case, 0, hashed, comment, edition)
    return int(case_id)


def decide_case(
    op: Operation,
    case_id: int,
    seen_version: int,
    verdict: Verdict,
    comment: str = "",
    snapshot: object = None,
    marks: Marked = UNMARKED,
) -> Case:
    """Write one verdict into a case inside a use case; the case after it (C7.2).

    Conflict where the case moved on since it was read (it says who signed what), NotAllowed with
    the reasons of the rules otherwise. A submission after a return has to bring the new `snapshot`;
    `marks` stand with the signature.
    """
    rows(f"SELECT version FROM approval_case WHERE id = ?{locking()}", (case_id,))
    stored = load_stored(case_id)
    check_seen(stored, seen_version)
    text = clean_text(comment, "comment", COMMENT_LIMIT)
    case = approval.decide(stored.case, verdict, op.actor, text)
    changes: dict[str, object] = {}
    hashed = stored.snapshot_hash
    if verdict is Verdict.SUBMIT:
        hashed = digest(snapshot)
        changes = {"snapshot": snapshot, "snapshot_hash": hashed}
    edition = load_edition(op.today).number
    _sign(op, case_id, case, seen_version, hashed, text, edition, marks)
    ApprovalCase.update(
        round=case.round,
        pending=case.pending,
        outcome=case.outcome,
        moved_at=op.now,
        version=seen_version + 1,
        **changes,
    ).where(ApprovalCase.id == case_id).execute()
    return case


def lock_case(subject: Subject, key: int) -> None:
    """Keep the case of a subject as it stands until this transaction ends, for a use case that
    changes the subject before it decides."""
    rows(
        f"SELECT version FROM approval_case WHERE id = (SELECT case_id FROM {subject} WHERE id = ?)"
        f"{locking()}",
        (key,),
    )


def check_seen(stored: StoredCase, seen_version: int) -> None:
    """Conflict where the case moved on since it was read; it says who signed what."""
    if stored.version != seen_version:
        raise Conflict(decided_since(stored))


def record_verdict(
    op: Operation,
    subject: Subject,
    key: int,
    before: StoredCase,
    case: Case,
    edition: int,
    **detail: Any,
) -> None:
    """Tell in the audit which verdict was signed on a subject, and over which snapshot."""
    signed = case.decisions[-1]
    op.record(
        subject,
        key,
        case.chain.clause,
        edition,
        round=signed.round,
        stage=signed.stage,
        verdict=signed.verdict,
        snapshot=before.snapshot_hash,
        **signed_for(case),
        **detail,
    )


def signed_for(case: Case) -> dict[str, Any]:
    """What the audit event says of the last decision's principal; nothing of an own signature."""
    principal = case.decisions[-1].on_behalf_of
    return {"on_behalf_of": principal} if principal else {}


def _sign(
    op: Operation,
    case_id: int,
    case: Case,
    seen_version: int,
    snapshot_hash: str,
    comment: str,
    edition: int,
    marks: Marked = UNMARKED,
) -> None:
    """Store the last decision of a case with the snapshot that the signer saw."""
    unconfirmed = signing_reasons(op.actor.login)
    if unconfirmed:
        raise Forbidden(*unconfirmed)
    *earlier, signed = case.decisions
    before = replace(case, decisions=tuple(earlier))
    Decision.insert(
        case=case_id,
        round=signed.round,
        stage=StageName(signed.stage),
        verdict=signed.verdict,
        signer=op.actor.login,
        signer_name=op.actor.name,
        signed_at=op.now,
        comment=comment,
        seen_version=seen_version,
        snapshot_hash=snapshot_hash,
        edition=edition,
        attempt=approval.attempt(before, signed.round, signed.stage),
        on_behalf_of=signed.on_behalf_of,
        marks="" if marks == UNMARKED else marks.text(),
    ).execute()
