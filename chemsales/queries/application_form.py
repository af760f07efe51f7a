"""The customer's application form (附件1) as the report takes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from chemsales.queries.applications import (
    StoredApplication,
    load_acceptance,
    load_application,
    stands_as_reviewed,
)
from chemsales.queries.approval import opinions
from chemsales.queries.further import papers_of
from chemsales.queries.policy import load_edition
from chemsales.queries.reading import query
from chemsales.queries.settings import value
from chemsales.rules.admission import answers_of
from chemsales.rules.calendar import company_day
from chemsales.rules.check_codes import PaperKind, check_code
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.customer import (
    ApplicationState,
    CustomerFacts,
    DocumentKind,
    DocumentProfile,
    required_documents,
)
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.roles import Action, Actor
from chemsales.rules.tiers import Level
from chemsales.storage.database import rows
from chemsales.storage.fields import InstantField, instant_of
from chemsales.words import _

if TYPE_CHECKING:
    from chemsales.reports.application_form import (
        ApplicationForm,
        ClassLine,
        DocumentLine,
    )
    from chemsales.reports.content import Footer, Reported

_LONGEST_KEY = 9  # digits
_COVERED = (DocumentKind.NATIONAL_TAX, DocumentKind.LOCAL_TAX, DocumentKind.ORGANISATION_CODE)


@query(Action.REPORT_PRINT)
def application_form(actor: Actor, application_id: int) -> ApplicationForm:
    """Everything that the form prints, with the opinions signed so far; NotFound (C7.1, C7.2)."""
    from chemsales.reports.application_form import ApplicationForm

    stored = load_application(application_id)
    case = stored.case
    names = dict(rows("SELECT login, name FROM person WHERE login = ?", (stored.manager,)))
    filed = rows(
        "SELECT code, accredited_on FROM customer WHERE id = ?", (stored.customer_id or 0,)
    )
    code, filed_on = filed[0] if filed else ("", "")
    return ApplicationForm(
        company=value("company"),
        number=stored.number,
        applied_on=company_day(case.opened_at).isoformat() if case else "",
        facts=_facts(stored),
        classes=tuple(_classes(stored)),
        contacts=stored.draft.contacts,
        documents=tuple(_documents(stored)),
        manager=names.get(stored.manager, stored.manager),
        manager_opinion=stored.draft.manager_opinion,
        opinions=opinions(case.id) if case else (),
        customer_code=code,
        filed_on=filed_on,
        held=tuple(_held(stored)) if stored.further else None,
        reported=tuple(_reported(stored)),
        filing=_first_filing(stored),
        footer=_footer(stored),
    )


@query(Action.REPORT_PRINT)
def application_key(actor: Actor, number: str) -> int:
    """The key of the application that people know by this number (its key itself is taken too);
    NotFound."""
    wanted = number.strip().upper()
    found = rows("SELECT id FROM application WHERE number = ?", (wanted,))
    if found:
        return int(found[0][0])
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= _LONGEST_KEY:
        return int(wanted)
    raise NotFound(Reason("reason.application_unknown", {"id": number[:40]}))


@query(Action.REPORT_PRINT)
def blank_application_form(actor: Actor, today: date) -> ApplicationForm:
    """The form to be filled by hand, under the rule edition of the day (C7.1, C7.2)."""
    from chemsales.reports.application_form import blank_form

    return blank_form(value("company"), load_edition(today).number)


def _facts(stored: StoredApplication) -> CustomerFacts:
    """The facts as they are printed: who accepted a failing check digit stands beside the why."""
    facts, found = stored.draft.facts, load_acceptance(stored)
    if found is None:
        return facts
    day = company_day(found.at).isoformat()
    said = _("{why} ({name}, {day})", why=found.reason, name=found.name, day=day)
    return replace(facts, code_override=said)


def _given_on(stored: StoredApplication) -> str:
    """The day from which the further classes count, "" before."""
    if stored.case is None or stored.state is not ApplicationState.ACCREDITED:
        return ""
    return company_day(stored.case.moved_at).isoformat()


def _held(stored: StoredApplication) -> Iterator[ClassLine]:
    """The classes that the customer has beside those asked for; had, once these were given."""
    from chemsales.reports.application_form import ClassLine
    from chemsales.reports.content import Group

    given_on, asked = _given_on(stored), {each.group_code for each in stored.draft.classes}
    for code, name, english, held, region, first, last in rows(
        "SELECT k.group_code, g.name, g.name_en, k.customer_class, k.region, k.from_day, k.to_day "
        "FROM customer_class k JOIN product_group g ON g.code = k.group_code "
        "WHERE k.customer_id = ? ORDER BY g.polyolefin DESC, k.group_code, k.from_day",
        (stored.customer_id,),
    ):
        before = given_on and first <= given_on and (last is None or _next_day(last) >= given_on)
        if (before and not (first == given_on and code in asked)) or (not given_on and not last):
            yield ClassLine(Group(code, name, english), CustomerClass(held), region)


def _reported(stored: StoredApplication) -> Iterator[Reported]:
    """The items of dispatch that its approval made, finance first (C4.7, C8.2)."""
    from chemsales.reports.content import Reported

    for number, sent, taken, receipt, office, english in rows(
        "SELECT d.number, d.sent_at, d.acknowledged_on, d.receipt, coalesce(o.name, ''), "
        "coalesce(o.name_en, '') FROM dispatch d LEFT JOIN office o ON o.code = d.office_code "
        "JOIN change c ON c.table_name = 'dispatch' AND c.row_key = CAST(d.id AS TEXT) "
        "AND c.action = 'INSERT' JOIN event e ON e.key = c.event WHERE d.customer_id = ? "
        "AND e.subject = 'accreditation' AND e.subject_id = ? ORDER BY d.id",
        (stored.customer_id or 0, str(stored.id)),
    ):
        sent_on = company_day(instant_of(sent)).isoformat() if sent else ""
        yield Reported(number, sent_on, taken or "", receipt, office, english)


def _first_filing(stored: StoredApplication) -> Reported | None:
    """The first filing of the customer since the approval (C8.3)."""
    from chemsales.reports.content import Reported

    if stored.case is None or stored.state is not ApplicationState.ACCREDITED:
        return None
    found = rows(
        "SELECT b.number, b.made_on, b.received_on, b.receipt FROM filing_customer f "
        "JOIN filing b ON b.id = f.filing_id WHERE f.customer_id = ? AND b.made_at >= ? "
        "ORDER BY b.id LIMIT 1",
        (stored.customer_id, InstantField().db_value(stored.case.moved_at)),
    )
    return next((Reported(no, on, taken or "", said) for no, on, taken, said in found), None)


def _next_day(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _footer(stored: StoredApplication) -> Footer:
    """The proof of what was put up for decision; none for a draft, nor for an application that was
    edited since it came back."""
    from chemsales.reports.content import Footer

    case, citation = stored.case, "C7.1 C7.2"
    if case is None or not stands_as_reviewed(stored):
        return Footer(edition=case.edition if case else 0, citation=citation)
    event = max((number for number, _use_case in case_events(stored.id)), default=0)
    hashed, edition = case.snapshot_hash, case.edition
    code = check_code(PaperKind.APPLICATION, stored.number, hashed, edition, event)
    return Footer(hashed, event, edition, citation, code)


CASE_EVENTS = (
    "'accreditation.submit', 'accreditation.decide', 'accreditation.undo', "
    "'accreditation.withdraw', "
    "'accreditation.override_identifier'"
)


def case_events(application_id: int) -> list[tuple[int, str]]:
    """The events that moved the case of an application, in order: their numbers and use cases."""
    return [
        (int(number), str(use_case))
        for number, use_case in rows(
            "SELECT id, use_case FROM event WHERE subject = 'accreditation' AND subject_id = ? "
            f"AND outcome = 'done' AND use_case IN ({CASE_EVENTS}) ORDER BY id",
            (str(application_id),),
        )
    ]


def _classes(stored: StoredApplication) -> Iterator[ClassLine]:
    from chemsales.reports.application_form import ClassLine
    from chemsales.reports.content import Group

    groups = {
        code: (Group(code, name, name_en), polyolefin)
        for code, name, name_en, polyolefin in rows(
            "SELECT code, name, name_en, polyolefin FROM product_group"
        )
    }
    started = rows(
        "SELECT level, form FROM tier_start WHERE customer_id = ? AND (? = 0 OR from_day = ?)",
        (stored.customer_id or 0, int(stored.further), _given_on(stored)),
    )
    for request in stored.draft.classes:
        group, polyolefin = groups[request.group_code]
        level, form = started[0] if started and polyolefin else ("", "")
        yield ClassLine(
            group,
            request.customer_class,
            request.region,
            request.monthly_kg,
            request.purpose,
            Level(level) if level else None,
            SalesForm(form) if form else None,
            answers_of(request.customer_class, bool(polyolefin), asdict(request)),
        )


def _documents(stored: StoredApplication) -> Iterator[DocumentLine]:
    """The papers that the profile wants, attached, missing or covered, then the others."""
    from chemsales.reports.application_form import DocumentLine

    merged = stored.draft.facts.profile != DocumentProfile.LEGACY
    filed = papers_of(stored.further_of) if stored.further_of else ()
    wanted = [*required_documents(DocumentProfile.LEGACY, DocumentKind.HAZARDOUS_LICENCE in filed)]
    for kind in (*wanted, *(k for k in DocumentKind if k not in wanted)):
        papers = [paper for paper in stored.documents if paper.kind is kind]
        for paper in papers:
            yield DocumentLine(
                kind,
                paper.label,
                paper.number,
                paper.valid_from.isoformat() if paper.valid_from else "",
                paper.valid_to.isoformat() if paper.valid_to else "",
                paper.long_term,
            )
        if not papers and kind in wanted:
            covered = merged and kind in _COVERED
            yield DocumentLine(kind, attached=False, covered=covered, filed=kind in filed)
