"""What the application dialog asks of services and queries, off the window's thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chemsales.queries import accreditation as queries
from chemsales.queries.accreditation import ApplicationDetail, DocumentRow
from chemsales.queries.approval import DecisionRow
from chemsales.queries.audit import last_change
from chemsales.queries.customers import keys_of_codes
from chemsales.queries.duplicates import is_twin
from chemsales.rules.approval import Verdict, standing
from chemsales.rules.customer import ApplicationState, DocumentKind, Draft
from chemsales.rules.documents import LIMITS, said_problems
from chemsales.rules.errors import (
    ChemsalesError,
    NotAllowed,
    Problem,
    Reason,
    term,
)
from chemsales.rules.roles import Actor
from chemsales.services import accreditation as services
from chemsales.services.changes import Changed, Subject
from chemsales.services.session import Session
from chemsales.words import word
from ui.forms.merging import Newer, newer_by
from ui.work.scans import read_scan


@dataclass(frozen=True, slots=True)
class Scan:
    """One file to attach and what the person says of it; days are None where unknown."""

    path: Path
    kind: DocumentKind
    number: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    long_term: bool = False
    issuer: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Twin:
    """A party that a draft may be a second one of: how it stands where it was refused (a word), the
    places of the form where they are the same or alike, and the key of the customer whose card this
    person may see (None: of an application, or not shown)."""

    number: str
    name: str
    standing: str
    places: tuple[str, ...]
    clause: str
    customer: int | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with a draft, and whom it may repeat."""

    problems: tuple[Problem, ...]
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """The application after attaching, and the files that were refused with the reason."""

    detail: ApplicationDetail
    refused: tuple[tuple[str, ChemsalesError], ...]


def judge(
    actor: Actor,
    draft: Draft,
    kinds: Sequence[DocumentKind],
    today: date,
    application_id: int | None,
    customer_id: int | None,
) -> Judgement:
    """Problems by field of a draft as it stands on the form on a day, and whom it may repeat;
    `customer_id` is whose further class it asks for."""
    problems = queries.submission_problems(actor, draft, kinds, today, application_id, customer_id)
    return Judgement(problems, _twins(actor, [each for each in problems if is_twin(each)]))


def _twins(actor: Actor, problems: Sequence[Problem]) -> tuple[Twin, ...]:
    """Each party once, in the order in which they were found."""
    found: dict[str, list[Problem]] = {}
    for each in problems:
        found.setdefault(str(each.reason.params["number"]), []).append(each)
    keys = keys_of_codes(actor, found) if found else {}
    return tuple(_twin(number, parts, keys.get(number)) for number, parts in found.items())


def _twin(number: str, parts: Sequence[Problem], customer: int | None) -> Twin:
    reason = parts[0].reason
    standings = [str(each.reason.params.get("what", "")) for each in parts]
    standing = next(filter(None, standings), "").removeprefix("@")
    return Twin(
        number,
        str(reason.params["name"]),
        word(standing) if standing else "",
        tuple(each.place for each in parts),
        reason.clause,
        customer,
    )


def save(
    session: Session,
    draft: Draft,
    application_id: int | None,
    seen_version: int,
    customer_id: int | None = None,
) -> Changed[ApplicationDetail]:
    """Save the draft and read it back, with the version it has now; `customer_id` is whose further
    class a new one asks for."""
    changed = services.save_draft(session, draft, application_id, seen_version, customer_id)
    detail = queries.application(session.actor, changed.value)
    return Changed(detail, changed.subjects, changed.event)


def attach(
    session: Session,
    draft: Draft,
    application_id: int | None,
    seen_version: int,
    scans: Sequence[Scan],
    customer_id: int | None = None,
) -> Changed[Attached]:
    """Save the draft, attach each file, read it back; a refused file does not hold up others."""
    saved = save(session, draft, application_id, seen_version, customer_id)
    refused = []
    for scan in scans:
        try:
            _attach_one(session, saved.value.id, scan)
        except ChemsalesError as error:
            refused.append((scan.path.name, error))
    detail = queries.application(session.actor, saved.value.id)
    return Changed(Attached(detail, tuple(refused)), saved.subjects, saved.event)


def _attach_one(session: Session, application_id: int, scan: Scan) -> None:
    services.attach(
        session,
        application_id,
        scan.kind,
        scan.path.name,
        read_scan(scan.path),
        scan.number,
        scan.valid_from,
        scan.valid_to,
        scan.long_term,
        scan.issuer,
        scan.holder,
    )


def scan_problems(scan: Scan) -> tuple[Problem, ...]:
    """What the service would refuse of what is said of a scan, by field."""
    texts = {name: getattr(scan, name) for name in LIMITS}
    return said_problems(texts, scan.valid_from, scan.valid_to, scan.long_term)


def scan_of(row: DocumentRow) -> Scan:
    """What is known of a scan that is attached, as it is typed."""
    return Scan(
        Path(row.label), row.kind, row.number, row.valid_from, row.valid_to, row.long_term,
        row.issuer, row.holder,
    )  # fmt: skip


def describe(
    session: Session, application_id: int, document_id: int, scan: Scan
) -> Changed[ApplicationDetail]:
    """Say anew what stands on an attached scan, and read the application back."""
    changed = services.describe(
        session, document_id, scan.kind, scan.number, scan.valid_from, scan.valid_to,
        scan.long_term, scan.issuer, scan.holder,
    )  # fmt: skip
    detail = queries.application(session.actor, application_id)
    return Changed(detail, changed.subjects, changed.event)


def detach(session: Session, application_id: int, document_id: int) -> Changed[ApplicationDetail]:
    """Take a scan off and read the application back."""
    changed = services.detach(session, document_id)
    detail = queries.application(session.actor, application_id)
    return Changed(detail, changed.subjects, changed.event)


def submit(session: Session, application_id: int, seen_version: int) -> Changed[ApplicationDetail]:
    """Submit what was saved, and read it back."""
    changed = services.submit(session, application_id, seen_version)
    detail = queries.application(session.actor, application_id)
    return Changed(detail, changed.subjects, changed.event)


def newer(application_id: int, actor: Actor) -> Newer:
    """The application as another desk left it; `seen` is all of it.

    NotAllowed where it is under review or ended by now: nothing can be saved over it.
    """
    detail = queries.application(actor, application_id)
    if detail.state not in (ApplicationState.DRAFT, ApplicationState.RETURNED):
        state = {"number": detail.number, "state": term(detail.state)}
        raise NotAllowed(Reason("reason.application_moved_on", state, "C7.2"))
    changed = last_change(actor, Subject.ACCREDITATION, application_id)
    return newer_by(detail.draft, detail, changed)


def last_return(detail: ApplicationDetail) -> DecisionRow | None:
    """The decision that sent the application back, None where it was not."""
    returned = [row for row in standing(detail.decisions) if row.verdict is Verdict.RETURN]
    return returned[-1] if returned else None
