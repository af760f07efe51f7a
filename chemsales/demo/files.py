"""What happens to the files of the sample's customers: another account, another address, another
account manager (C8.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import chemsales.demo.scans as scans
from chemsales.demo.customers import SampleCustomer, accredited
from chemsales.demo.people import SampleClock, session_of
from chemsales.queries.accreditation import application
from chemsales.queries.in_force import InForce, load_file
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import DocumentKind
from chemsales.rules.customer_change import FileChange
from chemsales.rules.handover import Handover
from chemsales.services import accreditation, customer_change, handover
from chemsales.storage.database import rows


def late() -> list[SampleCustomer]:
    """Those who came last, after the filing: whose account moves, who relocates, who is handed
    over."""
    return sorted(accredited(), key=lambda customer: customer.applied_on)[-3:]


def _file(customer: SampleCustomer) -> InForce:
    return load_file(rows("SELECT id FROM customer WHERE name = ?", (customer.name,))[0][0])


def correct(clock: SampleClock, customer: SampleCustomer) -> None:
    """The manager says what was corrected of the application that came back."""
    ((key, version),) = rows("SELECT id, version FROM application WHERE name = ?", (customer.name,))
    session = session_of(customer.manager, clock)
    draft = application(session.actor, key).draft
    said = f"{draft.manager_opinion}开户行名称已按开票资料更正。"
    accreditation.save_draft(session, replace(draft, manager_opinion=said), key, version)


def relocate(clock: SampleClock, customer: SampleCustomer) -> None:
    """The manager enters another business address and phone, which are in force at once."""
    file, session = _file(customer), session_of(customer.manager, clock)
    facts = replace(
        file.facts,
        business_address="山东省青岛市市北区港华路 12 号",
        invoice_phone="0532-8300 1206",
    )
    asked = FileChange(facts, file.contacts, "客户迁址，已核对租赁合同。", session.today())
    customer_change.change(session, file.customer_id, file.version, asked)


def ask_account(clock: SampleClock, customer: SampleCustomer) -> None:
    """The manager asks for another bank and account, with the new invoice data."""
    file, session = _file(customer), session_of(customer.manager, clock)
    facts = replace(file.facts, bank="招商银行股份有限公司青岛分行", account="532905380110888")
    shown = replace(customer, draft=replace(customer.draft, facts=facts))
    asked = FileChange(facts, file.contacts, "客户来函启用新账户。", session.today(), facts.name)
    scan = (f"{scans.TITLES[DocumentKind.INVOICE_DATA]}.png",
            scans.png(DocumentKind.INVOICE_DATA, shown))  # fmt: skip
    customer_change.change(session, file.customer_id, file.version, asked, scan)


def accept_account(clock: SampleClock) -> None:
    """Finance accepts the change that waits."""
    ((key, version),) = rows(
        "SELECT d.id, c.version FROM customer_change d JOIN approval_case c ON c.id = d.case_id "
        "WHERE c.outcome = 'open'"
    )
    said = "开户许可证与来函一致，同意。"
    customer_change.decide(session_of("finance", clock), key, version, Verdict.APPROVE, said)


def hand_over(clock: SampleClock, customer: SampleCustomer, day: date) -> None:
    """The sales head gives the customer to the other account manager."""
    other = "am2" if customer.manager == "am" else "am"
    given = Handover(other, day, "区域分工调整。")
    handover.hand_over(session_of("sales", clock), [_file(customer).customer_id], given)
