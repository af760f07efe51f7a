"""Licences for tests: papers recorded, accepted, and customers accredited with dated ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from chemsales.rules.approval import Verdict
from chemsales.rules.customer import DocumentKind
from chemsales.rules.licences import LicenceDraft
from chemsales.services import accreditation, licences
from tests.factory import (
    PDF,
    Clock,
    approved_by_all,
    case_version_of,
    draft_of,
    make_application,
    session_of,
)  # fmt: skip

BUSINESS = DocumentKind.BUSINESS_LICENCE


def paper(
    number: str = "B-2",
    valid_to: date | None = None,
    kind: DocumentKind = BUSINESS,
    proof: bool = False,
) -> LicenceDraft:
    """A paper as it is typed; a long-term one without a last day."""
    long_term = valid_to is None
    return LicenceDraft(kind, number, "青岛市市场监督管理局", None, valid_to, long_term, proof)


def dated_application(
    name: str,
    number: int,
    valid_to: date | None,
    clock: Clock | None = None,
    kind: DocumentKind = BUSINESS,
    manager: str = "am",
) -> int:
    """An application that carries a paper with a last day (None: a long-term one); its key."""
    session = session_of(manager, clock)
    others = [each for each in (BUSINESS, DocumentKind.INVOICE_DATA) if each is not kind]
    key = make_application(session, draft_of(name, number), others)
    accreditation.attach(
        session, key, kind, f"{kind}.pdf", PDF + f"{kind} {name} dated".encode(), f"B-{number}",
        None, valid_to, valid_to is None,
    )  # fmt: skip
    return key


def accredit_dated(
    name: str,
    number: int,
    valid_to: date | None,
    clock: Clock | None = None,
    kind: DocumentKind = BUSINESS,
    manager: str = "am",
) -> int:
    """A customer accredited with such a paper; its key."""
    key = dated_application(name, number, valid_to, clock, kind, manager)
    return approved_by_all(key, clock, manager)


def record(
    customer: int, draft: LicenceDraft, clock: Clock | None = None, login: str = "am"
) -> int:
    """A paper put up for acceptance; its key."""
    data = PDF + f"{draft.number} {draft.kind}".encode()
    return licences.record(session_of(login, clock), customer, draft, "证照.pdf", data).value


def licence_version(licence: int) -> int:
    """The version of a paper's case now."""
    return case_version_of("licence", licence)


def verdict(
    licence: int, login: str, given: Verdict = Verdict.APPROVE, clock: Clock | None = None
) -> object:
    """Give a verdict on a paper as it is now."""
    session = session_of(login, clock)
    return licences.decide(session, licence, licence_version(licence), given, "请核对").value


def renew(customer: int, draft: LicenceDraft, clock: Clock | None = None, login: str = "am") -> int:
    """A paper recorded and accepted by sales and finance; its key."""
    key = record(customer, draft, clock, login)
    for signer in ("sales", "finance"):
        verdict(key, signer, clock=clock)
    return key


def further_papers(customer: int, other: int) -> None:
    """A licence for hazardous chemicals of a customer and a proof of another, put up for
    acceptance."""
    until = Clock()().date() + timedelta(days=14)
    record(customer, paper("H-1", until, DocumentKind.HAZARDOUS_LICENCE))
    record(other, paper("受理 7", until, proof=True))


def lapsed(name: str, number: int, then: Clock) -> int:
    """A customer of this day whose licence ended after 100 days, ten before its renewal began;
    nobody has noted that. Its key."""
    first = then().date()
    customer = accredit_dated(name, number, first + timedelta(days=100), then)
    renewal = replace(paper(f"B-{number}a"), valid_from=first + timedelta(days=110))
    renew(customer, renewal, Clock(then() + timedelta(days=90)))
    return customer
