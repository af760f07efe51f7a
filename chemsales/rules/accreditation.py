"""Accreditation (客户准入): what is frozen for review, and the level a customer starts with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from chemsales.rules.approval import Outcome
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.customer import (
    ApplicationState,
    ClassRequest,
    DocumentKind,
    Draft,
    GroupInfo,
)
from chemsales.rules.tiers import Level, TierState

# where an application stands by how its case stands (C7.2)
STATES = {
    Outcome.OPEN: ApplicationState.IN_REVIEW,
    Outcome.RETURNED: ApplicationState.RETURNED,
    Outcome.APPROVED: ApplicationState.ACCREDITED,
    Outcome.REJECTED: ApplicationState.REJECTED,
    Outcome.WITHDRAWN: ApplicationState.WITHDRAWN,
}


def starting_level(customer_class: CustomerClass) -> TierState:
    """The level and form of a freshly accredited polyolefin customer, without a choice.

    A direct customer is an ordinary plan customer (C9.2), everybody else starts as an auction
    customer (C9.3).
    """
    if customer_class is CustomerClass.DIRECT:
        return TierState(Level.ORDINARY, SalesForm.PLAN)
    return TierState(Level.AUCTION, SalesForm.AUCTION)


def start(classes: Iterable[ClassRequest], groups: Mapping[str, GroupInfo]) -> TierState | None:
    """The start of a customer with these classes, None without a polyolefin group (C9.2, C9.3).

    A level counts all polyolefins together (A.X 3): a dealer of one group is not pinned by being a
    direct customer of another.
    """
    wanted = [c.customer_class for c in classes if groups[c.group_code].polyolefin]
    if not wanted:
        return None
    dealing = [each for each in wanted if each is not CustomerClass.DIRECT]
    return starting_level(dealing[0] if dealing else CustomerClass.DIRECT)


def snapshot(
    draft: Draft, documents: Sequence[tuple[DocumentKind, str]], number: str = ""
) -> dict[str, object]:
    """What the stages review, frozen while the case is open (C7.2): facts, classes, contacts, the
    manager's opinion, and every attached paper by kind and SHA-256. JSON-able."""
    return {
        "number": number,
        "facts": asdict(draft.facts),
        "classes": [asdict(request) for request in draft.classes],
        "contacts": [asdict(contact) for contact in draft.contacts],
        "manager_opinion": draft.manager_opinion,
        "documents": sorted([str(kind), sha256] for kind, sha256 in documents),
    }


def acceptance_hash(snapshot_hash: str, round_: int, reason: str, accepted_by: str) -> str:
    """What the stages of a round sign once a reviewer has accepted a failing check digit: the
    snapshot with that acceptance (C7.1, C7.2)."""
    return digest(
        {
            "snapshot": snapshot_hash,
            "round": round_,
            "reason": reason,
            "accepted_by": accepted_by,
        }
    )


def digest(value: object) -> str:
    """The SHA-256, in hexadecimal, of a JSON value's canonical text: sorted keys, no blanks."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
