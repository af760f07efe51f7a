"""Two of the sample's customers apply for a further class: one has it, one waits for the general
manager, beside another agent's region (C3.1, C10.1, C10.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import chemsales.demo.scans as scans
from chemsales.demo.customers import SampleCustomer, accredited, answers
from chemsales.demo.people import SampleClock, session_of
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, DocumentKind, Draft
from chemsales.services import accreditation
from chemsales.storage.database import rows

DAY = date(2026, 10, 9)
GIVEN, ASKED = 2, 6  # of the accredited customers, by index
COMMENT = "条件具备，材料齐全，同意。"


def steps(clock: SampleClock) -> Iterator[tuple[date, int, Callable[[], object]]]:
    """What happens when, as (day, hour, what): both on one day."""
    people = accredited()
    dealer = _asked(people[GIVEN], GIVEN, "EG", CustomerClass.DEALER)
    agent = _asked(people[ASKED], ASKED, "BZ", CustomerClass.AGENT)
    yield DAY, 9, partial(_apply, clock, people[GIVEN], dealer, ())
    yield DAY, 10, partial(_apply, clock, people[ASKED], agent, (DocumentKind.HAZARDOUS_LICENCE,))
    for hour, login in ((14, "sales"), (15, "finance"), (16, "gm")):
        yield DAY, hour, partial(_approve, clock, people[GIVEN], login)
    for hour, login in ((14, "sales"), (15, "finance")):
        yield DAY, hour, partial(_approve, clock, people[ASKED], login)


def _asked(customer: SampleCustomer, index: int, group: str, wanted: CustomerClass) -> ClassRequest:
    region = customer.draft.classes[0].region
    given = answers(index, group, wanted)
    return ClassRequest(group, wanted, region, 400_000, "贸易销售", **given)


def _apply(
    clock: SampleClock,
    customer: SampleCustomer,
    asked: ClassRequest,
    papers: tuple[DocumentKind, ...],
) -> None:
    session = session_of(customer.manager, clock)
    ((key,),) = rows("SELECT id FROM customer WHERE name = ?", (customer.name,))
    draft = Draft(classes=(asked,), manager_opinion="合作稳定，客户要求增加品种，建议准入。")
    made = accreditation.save_draft(session, draft, customer_id=key).value
    for kind in papers:
        data = scans.png(kind, customer)
        title = f"{scans.TITLES[kind]}.png"
        accreditation.attach(session, made, kind, title, data, long_term=True)
    accreditation.submit(session, made, _newest(customer)[1])


def _approve(clock: SampleClock, customer: SampleCustomer, login: str) -> None:
    key, version = _newest(customer)
    session = session_of(login, clock)
    accreditation.decide(session, key, version, Verdict.APPROVE, COMMENT)


def _newest(customer: SampleCustomer) -> tuple[int, int]:
    """The key and the version of the application that a customer began last."""
    ((key, version),) = rows(
        "SELECT id, version FROM application WHERE name = ? ORDER BY id DESC LIMIT 1",
        (customer.name,),
    )
    return key, version
