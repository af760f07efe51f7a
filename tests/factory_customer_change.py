"""Changes of customers' files for tests: asked for, decided, and versions of their cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from chemsales.queries.in_force import load_file
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import Contact
from chemsales.rules.customer_change import FileChange
from chemsales.services import customer_change
from chemsales.services.customer_change import Scan
from chemsales.services.session import Session
from chemsales.storage.database import connected
from tests.factory import PDF, Clock, case_version_of, session_of
from tests.furnishing import scan

WHY = "客户来函，自本月起启用新账户。"
PERMIT = ("开户许可证.pdf", PDF + b"permit")


def wanted(
    customer: int,
    changed_on: date,
    reason: str = WHY,
    contacts: Sequence[Contact] | None = None,
    holder: str = "",
    **facts: str,
) -> FileChange:
    """The file of a customer with these facts in place of those in force."""
    with connected():
        file = load_file(customer)
    people = file.contacts if contacts is None else tuple(contacts)
    return FileChange(replace(file.facts, **facts), people, reason, changed_on, holder)


def change(
    customer: int,
    who: str | Session = "am",
    clock: Clock | None = None,
    scan: Scan | None = PERMIT,
    **given: object,
) -> int | None:
    """Change the file of a customer as it is now; the key of what waits for finance."""
    session = session_of(who, clock) if isinstance(who, str) else who
    asked = wanted(customer, session.today(), **given)  # type: ignore[arg-type]
    with connected():
        version = load_file(customer).version
    return customer_change.change(session, customer, version, asked, scan).value


def move_account(customer: int, clock: Clock | None = None, login: str = "am") -> int:
    """Ask for another account and bank, with a permit that can be looked at."""
    key = change(
        customer, login, clock, ("开户许可证.pdf", scan("Permit of the account")),
        bank="招商银行股份有限公司青岛分行", account="5329010210310601", legal_person="陈晓东",
    )  # fmt: skip
    assert key is not None
    return key


def change_version(key: int) -> int:
    """The version of its case now."""
    return case_version_of("customer_change", key)


def judge(
    key: int,
    who: str | Session = "finance",
    verdict: Verdict = Verdict.APPROVE,
    comment: str = "同意",
    clock: Clock | None = None,
) -> object:
    """A verdict on the change as it is now."""
    session = session_of(who, clock) if isinstance(who, str) else who
    return customer_change.decide(session, key, change_version(key), verdict, comment).value
