"""What the use cases of an application share: its rows, locked, compared with what was seen, and
written (C7.1)."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from chemsales.pinyin import sort_key
from chemsales.queries.application_blockers import owner_blockers
from chemsales.queries.applications import DocumentRow, StoredApplication, load_application
from chemsales.queries.in_force import of_file
from chemsales.queries.moved_on import changed_since
from chemsales.queries.products import load_groups
from chemsales.rules.customer import (
    ApplicationState,
    CustomerFacts,
    Draft,
    check_texts,
    normalise_facts,
)
from chemsales.rules.documents import LIMITS, said_problems
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Reason
from chemsales.rules.identifiers import CodeKind
from chemsales.rules.text import clean_line, clean_text
from chemsales.services.numbering import next_number
from chemsales.services.operation import Operation
from chemsales.services.search import renew_words
from chemsales.storage.database import locking, rows
from chemsales.storage.models.accreditation import (
    Application,
    ApplicationClass,
    ApplicationContact,
    ApplicationDocument,
)

PAPER = ("kind", "sha256", "label", "number", "issuer", "holder", "valid_from", "valid_to",
         "long_term")  # fmt: skip


def storable(draft: Draft) -> tuple[CustomerFacts, str]:
    """The facts and the manager's opinion as they are stored; Invalid where they cannot be."""
    facts = normalise_facts(draft.facts)
    _refuse_unstorable(replace(draft, facts=facts))
    return facts, clean_text(draft.manager_opinion, "manager_opinion", 2000)


def _refuse_unstorable(draft: Draft) -> None:
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


def insert_application(op: Operation, given: Draft, customer_id: int | None = None) -> int:
    """Store a new application with its classes and contacts, for a further class of a customer
    where one is named; its key."""
    draft = of_file(given, customer_id)
    facts, opinion = storable(draft)
    year = op.today.year
    number = f"SQ{year}-{next_number(f'application-{year}'):04d}"
    key = Application.insert(
        **asdict(replace(facts, code_override="")),
        number=number,
        state=ApplicationState.DRAFT,
        sort_key=sort_key(facts.name),
        customer_id=customer_id,
        further=customer_id is not None,
        manager=op.actor.login,
        manager_opinion=opinion,
        created_by=op.actor.login,
        created_at=op.now,
    ).execute()
    write_lines(int(key), draft)
    renew_words("application", int(key))
    return int(key)


def rewrite(stored: StoredApplication, draft: Draft) -> None:
    """Store what an application says now; a reviewer's override of a code ends when a code
    changes."""
    facts, opinion = storable(draft)
    before = stored.draft
    same = all(getattr(facts, code) == getattr(before.facts, code) for code in CodeKind)
    override = before.facts.code_override if same else ""
    kept = replace(facts, code_override=override)
    move(stored, **asdict(kept), sort_key=sort_key(kept.name), manager_opinion=opinion)
    if (draft.classes, draft.contacts) != (before.classes, before.contacts):
        write_lines(stored.id, draft)
    renew_words("application", stored.id)


def write_lines(application_id: int, draft: Draft) -> None:
    """Replace the classes and contacts; the old rows stay in the history of changes."""
    for model in (ApplicationClass, ApplicationContact):
        model.delete().where(model.application == application_id).execute()
    for request in draft.classes:
        ApplicationClass.insert(application=application_id, **asdict(request)).execute()
    for contact in draft.contacts:
        ApplicationContact.insert(application=application_id, **asdict(contact)).execute()


def insert_paper(application_id: int, **paper: Any) -> int:
    """Store what is said of a paper (the columns PAPER), of which the scan is kept already; its
    key. Invalid for what `rules.documents.said_problems` finds in it."""
    texts = {name: paper[name] for name in LIMITS}
    days = (paper[name] for name in ("valid_from", "valid_to", "long_term"))
    if wrong := said_problems(texts, *days):
        raise Invalid(*wrong)
    for name, limit in LIMITS.items():
        paper[name] = clean_line(paper[name], name, limit, required=False)
    return int(ApplicationDocument.insert(application=application_id, **paper).execute())


def void_paper(document_id: int) -> None:
    """The application no longer carries a paper; the row and the bytes stay."""
    ApplicationDocument.update(void=True).where(ApplicationDocument.id == document_id).execute()


def draft_again(op: Operation, stored: StoredApplication) -> int:
    """A new draft of what an application says, with its papers; its key."""
    key = insert_application(op, stored.draft, stored.further_of)
    for paper in stored.documents:
        insert_paper(key, **{name: getattr(paper, name) for name in PAPER})
    return key


def locked(application_id: int) -> StoredApplication:
    """The application as it stands and stays until this transaction ends; NotFound.

    Without the lock its row could be from before another desk's verdict and its case from after.
    """
    rows(f"SELECT version FROM application WHERE id = ?{locking()}", (application_id,))
    return load_application(application_id)


def own(op: Operation, application_id: int) -> StoredApplication:
    """The application, if the person who acts may edit it now."""
    stored = locked(application_id)
    reasons = owner_blockers(op.actor, stored)
    if reasons:
        raise NotAllowed(*reasons)
    return stored


def check_version(stored: StoredApplication, seen_version: int) -> None:
    """Conflict where another desk has changed, decided or handed it over since it was seen; it says
    which."""
    if stored.version != seen_version:
        raise Conflict(*changed_since(stored, seen_version))


def move(stored: StoredApplication, **changes: object) -> None:
    """Change the row and its version; Conflict where another desk was faster."""
    touched = (
        Application.update(version=stored.version + 1, **changes)
        .where((Application.id == stored.id) & (Application.version == stored.version))
        .execute()
    )
    if touched != 1:
        raise Conflict(Reason("reason.changed_elsewhere", {"what": stored.number}))


def own_paper(op: Operation, document_id: int) -> tuple[StoredApplication, DocumentRow]:
    """The application that carries a paper, as `own` gives it, and the paper; NotFound."""
    found = rows("SELECT application_id FROM application_document WHERE id = ?", (document_id,))
    if found:
        stored = own(op, int(found[0][0]))
        for paper in stored.documents:
            if paper.id == document_id:
                return stored, paper
    raise NotFound(Reason("reason.document_unknown", {"id": document_id}))
