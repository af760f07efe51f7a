"""Applications for accreditation: the list, one with everything on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chemsales.queries import application_blockers
from chemsales.queries import applications as stored_applications
from chemsales.queries.application_form import application_form as application_form
from chemsales.queries.application_papers import paper_problems
from chemsales.queries.applications import (
    DocumentRow as DocumentRow,
)
from chemsales.queries.applications import (
    ScanKey,
    StoredApplication,
    deleted,
    failing_codes,
    load_application,
    load_filed,
)
from chemsales.queries.approval import DecisionRow, load_decisions
from chemsales.queries.documents import load_scan
from chemsales.queries.duplicates import duplicates as find_duplicates
from chemsales.queries.filtering import Filter, Kind, Request, Sort
from chemsales.queries.further import (
    FurtherOf,
    customer_reasons,
    load_further,
    other_open,
)
from chemsales.queries.in_force import load_file
from chemsales.queries.licences import dealing_reasons
from chemsales.queries.listing import Field, Listing, whole
from chemsales.queries.naming import application_name, person_name
from chemsales.queries.reading import query
from chemsales.queries.searching import applications_with
from chemsales.rules import roles
from chemsales.rules.approval import Outcome, StageName, Verdict
from chemsales.rules.customer import ApplicationState, DocumentKind, Draft, normalise_facts
from chemsales.rules.errors import NotAllowed, Problem, Reason
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One line of the list of applications; `stage` is the one in review, None when it is not,
    `further_of` the code of the customer whose further class it asks for, "" for a new one and
    UNSEEN for one that this person is not shown."""

    id: int
    number: str
    name: str
    uscc: str
    state: ApplicationState
    stage: StageName | None
    round: int
    manager: str
    manager_name: str
    created_at: datetime
    moved_at: datetime
    customer_id: int | None
    version: int
    further_of: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationDetail:
    """One application with everything on it.

    `version` is what a writer has to have seen. `further_of` is the customer for which it asks a
    further class, `filed` the papers in that customer's file. `problems` are those of the draft as
    it is stored (without its duplicates once it is submitted),
    `failing_codes` the codes that need `override_identifier`: none once `code_override` says why.
    """

    id: int
    number: str
    state: ApplicationState
    version: int
    manager: str
    manager_name: str
    created_at: datetime
    draft: Draft
    documents: tuple[DocumentRow, ...]
    problems: tuple[Problem, ...]
    failing_codes: tuple[Reason, ...]
    code_override: str
    case_id: int | None
    stage: StageName | None
    round: int
    outcome: Outcome | None
    opened_at: datetime | None
    moved_at: datetime | None
    edition: int | None
    snapshot_hash: str
    decisions: tuple[DecisionRow, ...]
    customer_id: int | None
    customer_code: str
    further_of: FurtherOf | None = None
    filed: tuple[DocumentRow, ...] = ()


def _application_rows(found: list[tuple[Any, ...]]) -> list[ApplicationRow]:
    return [
        ApplicationRow(
            key, number, name, uscc, ApplicationState(state),
            StageName(pending) if pending else None, round_, manager, manager_name,
            instant_of(created), instant_of(moved), *customer_and_version,
        )
        for key, number, name, uscc, state, pending, round_, manager, manager_name,
        created, moved, *customer_and_version in found
    ]  # fmt: skip


UNSEEN = "—"
_CODE = f"CASE WHEN a.further = 1 THEN coalesce(u.code, '{UNSEEN}') ELSE '' END"
_MOVED = "coalesce(c.moved_at, a.created_at)"
APPLICATIONS = Listing(
    name="applications",
    source="FROM application a LEFT JOIN approval_case c ON c.id = a.case_id "
    "LEFT JOIN person p ON p.login = a.manager "
    "LEFT JOIN customer u ON u.id = a.customer_id AND a.further = 1",
    key="a.id",
    select="a.number, a.name, a.uscc, a.state, c.pending, coalesce(c.round, 1), a.manager, "
    f"coalesce(p.name, a.manager), a.created_at, {_MOVED}, a.customer_id, a.version, "
    f"{_CODE}",
    make=_application_rows,
    fields={
        "number": Field("a.number"),
        "name": application_name("a"),
        "state": Field("a.state", Kind.CHOICE, choices=tuple(map(str, ApplicationState))),
        "stage": Field("c.pending", Kind.CHOICE, choices=tuple(map(str, StageName))),
        "round": Field("coalesce(c.round, 1)", Kind.NUMBER),
        "further": Field(_CODE),
        "manager": person_name("a.manager"),
        "login": Field("a.manager"),
        "created": Field("a.created_at", Kind.INSTANT),
        "moved": Field(_MOVED, Kind.INSTANT),
        "id": Field("a.id", Kind.NUMBER),
    },
    order=(Sort("moved", descending=True), Sort("id", descending=True)),
    finding=applications_with,
    where=f"NOT {deleted('a')}",
)


def applications(
    actor: Actor, text: str = "", states: Sequence[ApplicationState] = ()
) -> list[ApplicationRow]:
    """The applications in these states (none given: all) that `text` finds.

    The one that moved last stands first; one statement.
    """
    wanted = (Filter("state", choices=tuple(map(str, states))),) if states else ()
    return whole(actor, APPLICATIONS, Request(text, wanted))


@query()
def again_blockers(actor: Actor, application_id: int) -> tuple[Reason, ...]:
    """Why this person may not apply again with what an application says; empty when it may be."""
    return application_blockers.again_blockers(actor, load_application(application_id))


@query()
def application(actor: Actor, application_id: int) -> ApplicationDetail:
    """One application with its papers, signatures and problems; NotFound."""
    return _detail(load_application(application_id))


def _detail(stored: StoredApplication) -> ApplicationDetail:
    manager_name, customer_code = rows(
        "SELECT (SELECT name FROM person WHERE login = ?), "
        "(SELECT code FROM customer WHERE id = ?)",
        (stored.manager, stored.customer_id or 0),
    )[0]
    case, facts = stored.case, stored.draft.facts
    editable = stored.state in stored_applications.EDITABLE
    if editable:
        problems = stored_applications.stored_problems(stored)
    else:  # whom it may repeat is the reviewer's to see, in the checks
        problems = stored_applications.form_problems(stored.draft, stored.kinds, _asked_of(stored))
    return ApplicationDetail(
        id=stored.id,
        number=stored.number,
        state=stored.state,
        version=stored.version,
        manager=stored.manager,
        manager_name=manager_name or stored.manager,
        created_at=stored.created_at,
        draft=stored.draft,
        documents=stored.documents,
        problems=problems if editable else tuple(p for p in problems if p.warning),
        failing_codes=() if facts.code_override else failing_codes(facts),
        code_override=facts.code_override,
        case_id=case.id if case else None,
        stage=case.case.pending if case else None,
        round=case.case.round if case else 1,
        outcome=case.case.outcome if case else None,
        opened_at=case.opened_at if case else None,
        moved_at=case.moved_at if case else None,
        edition=case.edition if case else None,
        snapshot_hash=case.snapshot_hash if case else "",
        decisions=tuple(load_decisions(case.id)) if case else (),
        customer_id=stored.customer_id,
        customer_code=customer_code or "",
        further_of=load_further(stored.further_of, facts.name) if stored.further_of else None,
        filed=_filed(stored),
    )


def _filed(stored: StoredApplication) -> tuple[DocumentRow, ...]:
    own = {row.key for row in stored.documents}  # in the file too, once it is accredited
    filed = load_filed(stored.further_of) if stored.further_of else ()
    return tuple(row for row in filed if row.key not in own)


def _asked_of(stored: StoredApplication) -> int | None:
    """The customer with whose classes those asked for are compared: until they are given."""
    return None if stored.state is ApplicationState.ACCREDITED else stored.further_of


@query()
def document_bytes(actor: Actor, key: ScanKey) -> tuple[str, bytes]:
    """The type and the bytes of a scanned paper (`DocumentRow.key`); NotFound, DataError where they
    were altered."""
    table, row = key
    return load_scan(table, row)


@query()
def blockers(
    actor: Actor, application_id: int, verdict: Verdict, today: date
) -> tuple[Reason, ...]:
    """Why this person may not give this verdict today; empty when it may be given (C7.2).

    The same reasons that the services refuse with (a comment that is lacking apart).
    """
    stored = load_application(application_id)
    return application_blockers.verdict_blockers(actor, stored, verdict, today)


@query()
def opinion_reasons(actor: Actor, application_id: int) -> tuple[Reason, ...]:
    """Why the approval that an application waits for needs an opinion; empty where it may go
    without one (C10.3)."""
    stored = load_application(application_id)
    return application_blockers.unexplained(stored, Verdict.APPROVE)


@query()
def draft_problems(
    actor: Actor, draft: Draft, kinds: Sequence[DocumentKind]
) -> tuple[Problem, ...]:
    """What is missing or wrong in a draft as it is typed, field by field (C7.1)."""
    typed = Draft(
        normalise_facts(draft.facts), draft.classes, draft.contacts, draft.manager_opinion
    )
    return stored_applications.form_problems(typed, kinds)


@query()
def submission_problems(
    actor: Actor,
    draft: Draft,
    kinds: Sequence[DocumentKind],
    today: date,
    application_id: int | None = None,
    customer_id: int | None = None,
) -> tuple[Problem, ...]:
    """What submitting a draft as it is typed would find on a day: `draft_problems`, its duplicates,
    that nothing of one that came back was changed, the papers that have expired and those that
    nobody would watch."""
    typed = Draft(
        normalise_facts(draft.facts), draft.classes, draft.contacts, draft.manager_opinion
    )
    found = stored_applications.draft_problems(typed, kinds, application_id, customer_id)
    if application_id is None:
        return (*found, *paper_problems(typed, (), customer_id, today))
    stored = load_application(application_id)
    kept = replace(typed.facts, code_override=stored.draft.facts.code_override)
    now = replace(stored, draft=replace(typed, facts=kept))
    papers = paper_problems(now.draft, now.documents, now.further_of, today)
    return (*found, *stored_applications.unchanged_problems(now), *papers)


@query()
def further_blockers(actor: Actor, customer_id: int, today: date) -> tuple[Reason, ...]:
    """Why this person may not apply for a further class of a customer; empty for its manager."""
    return further_reasons(actor, customer_id, today)


def further_reasons(actor: Actor, customer_id: int, today: date) -> tuple[Reason, ...]:
    """The reasons of `further_blockers`, with which the service refuses: another's customer, one
    with which nothing may be dealt (C15.2, C17.1), one for which another application is under way
    (C7.2). NotFound."""
    own = customer_reasons(actor, customer_id)
    return (
        roles.blockers(actor, Action.APPLICATION_EDIT)
        or own
        or dealing_reasons(customer_id, today)
        or other_open(customer_id)
    )


@dataclass(frozen=True, slots=True)
class Further:
    """What an application for a further class begins with: whose it is, its facts and contacts,
    those of the file, and the papers there."""

    of: FurtherOf
    draft: Draft
    filed: tuple[DocumentRow, ...]


@query()
def further_application(actor: Actor, customer_id: int, today: date) -> Further:
    """What an application for a further class of a customer begins with; NotAllowed with the
    reasons of `further_blockers`."""
    reasons = further_reasons(actor, customer_id, today)
    if reasons:
        raise NotAllowed(*reasons)
    file = load_file(customer_id)
    draft = Draft(file.facts, (), file.contacts)
    return Further(load_further(customer_id), draft, load_filed(customer_id))


@query()
def duplicates(actor: Actor, draft: Draft, application_id: int | None = None) -> tuple[Reason, ...]:
    """The customers and applications that this draft may be a second one of (C7.1)."""
    typed = Draft(normalise_facts(draft.facts), contacts=draft.contacts)
    found = find_duplicates(typed, application_id)
    return tuple(problem.reason for problem in found)
