"""One stored application as the rules see it: its draft, papers, problems, and what is reviewed.

Why something may not be done with it now is `queries.application_blockers`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Literal

from chemsales.queries.admission import agent_problems
from chemsales.queries.approval import StoredCase, load_stored
from chemsales.queries.duplicates import duplicates
from chemsales.queries.further import class_problems, papers_of
from chemsales.queries.in_force import FACTS, of_file
from chemsales.queries.products import load_groups
from chemsales.rules.accreditation import snapshot
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import (
    ApplicationState,
    ClassRequest,
    Contact,
    ContactKind,
    CustomerFacts,
    DocumentKind,
    Draft,
    check_draft,
)
from chemsales.rules.errors import NotFound, Problem, Reason
from chemsales.rules.identifiers import CodeKind, check
from chemsales.storage.database import rows
from chemsales.storage.fields import canonical_json, instant_of

EDITABLE = (ApplicationState.DRAFT, ApplicationState.RETURNED)
ASKED = tuple(item.name for item in fields(ClassRequest))
CODES = (CodeKind.USCC, CodeKind.LICENCE15, CodeKind.ORG9)


ScanKey = tuple[Literal["application_document", "licence"], int]  # a table and its row


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A scanned paper of an application: its kind, its type by content, and its validity; one of
    the customer's file that was `renewed` by itself is a licence (C15.1)."""

    id: int
    kind: DocumentKind
    label: str
    mime: str
    size: int
    sha256: str
    number: str
    valid_from: date | None
    valid_to: date | None
    long_term: bool
    issuer: str = ""
    holder: str = ""
    renewed: bool = False

    @property
    def dated(self) -> bool:
        """Whether it is known until when it is valid, or that it never ends."""
        return self.long_term or self.valid_to is not None

    @property
    def key(self) -> ScanKey:
        """What its scan is read by."""
        return ("licence" if self.renewed else "application_document", self.id)


@dataclass(frozen=True, slots=True)
class StoredApplication:
    """An application with its draft, the papers it carries and, once submitted, its case.

    `customer_id` is the customer that it made, or, where it is for a `further` class, the one that
    it has been for from the start.
    """

    id: int
    number: str
    state: ApplicationState
    version: int
    manager: str
    created_at: datetime
    customer_id: int | None
    draft: Draft
    documents: tuple[DocumentRow, ...]
    case: StoredCase | None
    further: bool = False

    @property
    def further_of(self) -> int | None:
        """The customer for whose further class it is."""
        return self.customer_id if self.further else None

    @property
    def kinds(self) -> tuple[DocumentKind, ...]:
        """The kinds of papers that are attached."""
        return tuple(document.kind for document in self.documents)


def load_application(application_id: int) -> StoredApplication:
    """An application (six statements); NotFound."""
    found = rows(
        "SELECT number, state, version, manager, created_at, customer_id, further, "
        f"case_id, manager_opinion, {', '.join(FACTS)} FROM application WHERE id = ?",
        (application_id,),
    )
    if not found:
        raise NotFound(Reason("reason.application_unknown", {"id": application_id}))
    number, state, version, manager, created, customer_id, further, *rest = found[0]
    case_id, opinion, *facts = rest
    draft = Draft(
        CustomerFacts(*facts), load_classes(application_id), _contacts(application_id), opinion
    )
    return StoredApplication(
        application_id,
        number,
        ApplicationState(state),
        version,
        manager,
        instant_of(created),
        customer_id,
        draft,
        load_documents(application_id),
        load_stored(case_id) if case_id is not None else None,
        bool(further),
    )


def load_classes(application_id: int) -> tuple[ClassRequest, ...]:
    """The classes that an application asks for, in the order they were given."""
    return tuple(
        ClassRequest(group, CustomerClass(wanted), *rest)
        for group, wanted, *rest in rows(
            f"SELECT {', '.join(ASKED)} FROM application_class WHERE application_id = ? "
            "ORDER BY id",
            (application_id,),
        )
    )


def _contacts(application_id: int) -> tuple[Contact, ...]:
    return tuple(
        Contact(ContactKind(kind), name, title, phone, email)
        for kind, name, title, phone, email in rows(
            "SELECT kind, name, title, phone, email FROM application_contact "
            "WHERE application_id = ? ORDER BY id",
            (application_id,),
        )
    )


def load_documents(application_id: int) -> tuple[DocumentRow, ...]:
    """The papers of an application, voided ones left out, without their bytes."""
    return _papers("d.application_id = ?", application_id)


def load_filed(customer_id: int) -> tuple[DocumentRow, ...]:
    """The papers that came with a customer's accreditation and its further classes, as `documents`;
    in the place of those that were renewed since the newest renewal that was accepted (inside
    services and queries)."""
    renewed = (
        "FROM licence l JOIN approval_case c ON c.id = l.case_id AND c.chain = 'licence' "
        "JOIN document_blob b ON b.sha256 = l.sha256 WHERE l.customer_id = {} "
        "AND l.accepted_on IS NOT NULL AND l.proof = 0"
    )
    came = _papers(
        "EXISTS (SELECT 1 FROM application a WHERE a.id = d.application_id AND a.customer_id = ? "
        "AND a.state = 'accredited' AND NOT EXISTS "
        f"(SELECT 1 {renewed.format('a.customer_id')} "
        "AND l.kind = d.kind AND l.case_id > a.case_id))",
        customer_id,
    )
    newest = _rows(
        "SELECT l.id, l.kind, l.label, b.mime, b.size, l.sha256, l.number, l.valid_from, "
        f"l.valid_to, l.long_term, l.issuer, '' {renewed.format('?')} "
        "AND NOT EXISTS (SELECT 1 FROM licence n WHERE n.customer_id = l.customer_id "
        "AND n.kind = l.kind AND n.id > l.id "
        "AND n.accepted_on IS NOT NULL AND n.proof = 0) ORDER BY l.id",
        customer_id,
    )
    return (*came, *(replace(row, renewed=True) for row in newest))


# what is said anew of a paper is a row of its own, in the place of the one before of the same scan
_PLACE = (
    "coalesce((SELECT min(o.id) FROM application_document o WHERE o.void = 1 AND o.id < d.id "
    "AND o.application_id = d.application_id AND o.sha256 = d.sha256), d.id)"
)


def _papers(condition: str, *parameters: int) -> tuple[DocumentRow, ...]:
    return _rows(
        "SELECT d.id, d.kind, d.label, b.mime, b.size, d.sha256, d.number, d.valid_from, "
        "d.valid_to, d.long_term, d.issuer, d.holder FROM application_document d "
        f"JOIN document_blob b ON b.sha256 = d.sha256 WHERE {condition} AND d.void = 0 "
        f"ORDER BY {_PLACE}, d.id",
        *parameters,
    )


def _rows(sql: str, *parameters: int) -> tuple[DocumentRow, ...]:
    return tuple(
        DocumentRow(
            key, DocumentKind(kind), label, mime, size, sha256, number,
            date.fromisoformat(valid_from) if valid_from else None,
            date.fromisoformat(valid_to) if valid_to else None,
            bool(long), *rest,
        )
        for key, kind, label, mime, size, sha256, number, valid_from, valid_to, long, *rest in rows(
            sql, parameters
        )
    )  # fmt: skip


def failing_codes(facts: CustomerFacts) -> tuple[Reason, ...]:
    """The codes of which nothing but the check digit fails: a reviewer may override it (C7.1)."""
    found = []
    for kind in CODES:
        code = getattr(facts, kind)
        checked = check(kind, code) if code else None
        if checked is not None and checked.digit_only and checked.reason is not None:
            found.append(checked.reason)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who accepted a failing check digit, when and why."""

    name: str
    at: datetime
    reason: str


def load_acceptance(stored: StoredApplication) -> Acceptance | None:
    """The acceptance of a code that stands on an application; None without one, and for one that
    was given before acceptances had rows of their own."""
    if stored.case is None or not stored.draft.facts.code_override:
        return None
    found = rows(
        "SELECT coalesce(p.name, t.accepted_by), t.accepted_at, t.reason FROM code_acceptance t "
        "LEFT JOIN person p ON p.login = t.accepted_by WHERE t.case_id = ? AND t.reason = ? "
        "ORDER BY t.id DESC LIMIT 1",
        (stored.case.id, stored.draft.facts.code_override),
    )
    return Acceptance(found[0][0], instant_of(found[0][1]), found[0][2]) if found else None


def draft_problems(
    draft: Draft,
    kinds: Sequence[DocumentKind],
    application_id: int | None = None,
    customer_id: int | None = None,
) -> tuple[Problem, ...]:
    """What keeps a draft from being submitted, and, as warnings, what a reviewer has to look at.

    `customer_id` is the customer for whose further class it is, which it does not repeat.

    A code of which the check digit alone fails does not keep it back: it goes to review marked with
    that warning, and no stage can approve before `override_identifier` (C7.1, reading of A.C).
    """
    return (
        *form_problems(draft, kinds, customer_id),
        *agent_problems(draft.classes, customer_id or 0),
        *duplicates(draft, application_id, customer_id),
    )


def form_problems(
    draft: Draft, kinds: Sequence[DocumentKind], customer_id: int | None = None
) -> tuple[Problem, ...]:
    """Those of `draft_problems` that the form alone shows, without a look at other customers. Of
    one that has a file the papers there need not come again, and its classes are not given twice
    (C3.3, C7.1)."""
    marked = replace(draft, facts=replace(draft.facts, code_override="-"))
    if customer_id is None:
        return check_draft(marked, kinds, load_groups())
    held = (*kinds, *papers_of(customer_id))
    return (*check_draft(marked, held, load_groups()), *class_problems(draft, customer_id))


def stored_problems(stored: StoredApplication) -> tuple[Problem, ...]:
    """`draft_problems` of an application as it is stored, and `unchanged_problems`."""
    found = draft_problems(stored.draft, stored.kinds, stored.id, stored.further_of)
    return (*found, *unchanged_problems(stored))


def unchanged_problems(stored: StoredApplication) -> tuple[Problem, ...]:
    """That one that came back is as it was: who returned it would read the same again. A word in
    the manager's opinion will do, where what was asked for was done elsewhere (C7.2). A file that
    was changed is a change too: it is put up as it is by then."""
    if stored.state is not ApplicationState.RETURNED or not stands_as_reviewed(as_filed(stored)):
        return ()
    return (Problem("manager_opinion", Reason("reason.unchanged_since_return", {}, "C7.2")),)


def as_filed(stored: StoredApplication) -> StoredApplication:
    """The application as it is put up: one for a further class with what the file of its customer
    says now, as far as a server shows it."""
    try:
        return replace(stored, draft=of_file(stored.draft, stored.further_of))
    except NotFound:
        return stored


def deleted(row: str) -> str:
    """SQL: whether an application is a draft that its manager deleted, which is in no list."""
    return f"({row}.state = 'withdrawn' AND {row}.case_id IS NULL)"


def reviewed(stored: StoredApplication) -> dict[str, object]:
    """Everything that the stages review: the form, and each paper with its hash and validity."""
    papers = [
        {
            "kind": str(paper.kind),
            "sha256": paper.sha256,
            "number": paper.number,
            "issuer": paper.issuer,
            "holder": paper.holder,
            "valid_from": paper.valid_from.isoformat() if paper.valid_from else "",
            "valid_to": paper.valid_to.isoformat() if paper.valid_to else "",
            "long_term": paper.long_term,
        }
        for paper in sorted(stored.documents, key=lambda paper: paper.id)
    ]
    hashes = [(paper.kind, paper.sha256) for paper in stored.documents]
    whose = {"customer_id": stored.customer_id} if stored.further else {}
    return {**snapshot(stored.draft, hashes, stored.number), "papers": papers, **whose}


def stands_as_reviewed(stored: StoredApplication) -> bool:
    """Whether what it says now is what its case put up for decision: only an application that came
    back can be edited (C7.2). A code's override belongs to the review itself, but what was accepted
    has to stand: it is part of what is signed."""
    if stored.case is None or stored.state is not ApplicationState.RETURNED:
        return stored.case is not None
    frozen, reason = rows(
        "SELECT c.snapshot, t.reason FROM approval_case c LEFT JOIN code_acceptance t "
        "ON t.case_id = c.id AND t.round = c.round WHERE c.id = ?",
        (stored.case.id,),
    )[0]
    put_up = json.loads(frozen)
    accepted = reason or put_up["facts"].get("code_override", "")
    if accepted and stored.draft.facts.code_override != accepted:
        return False  # in its round it would never be accepted again
    now = json.loads(canonical_json(reviewed(stored)))
    kept = put_up["facts"].keys() - {"code_override"}  # a fact that came later is not compared
    for each in (put_up, now):
        each["facts"] = {name: value for name, value in each["facts"].items() if name in kept}
    for part in ("papers", "classes"):  # nor what was not asked of a paper or a class then
        told = set[str]().union(*put_up[part])
        now[part] = [{name: each[name] for name in told} for each in now[part]]
    return bool(put_up == now)
