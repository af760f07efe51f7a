"""Proposals to cancel a qualification for tests: put up, decided, and versions of their cases."""

from __future__ import annotations

from datetime import date

from chemsales.rules.approval import Verdict
from chemsales.rules.disqualification import Ground, Proposal
from chemsales.services import disqualification
from chemsales.services.session import Session
from tests.factory import PDF, Clock, case_version_of, session_of
from tests.furnishing import scan

FORGED = Proposal(
    Ground.DISHONESTY,
    "提交的危险化学品经营许可证系伪造，\n发证机关书面确认未核发。",
    date(2026, 7, 1),
)


def scans(*names: str) -> list[tuple[str, bytes]]:
    """Papers with these names."""
    return [(f"{name}.pdf", PDF + name.encode()) for name in names]


def propose(
    customer: int, clock: Clock | None = None, login: str = "am", proposal: Proposal = FORGED
) -> int:
    """A proposal with one paper; its key."""
    session = session_of(login, clock)
    papers = [("回函.pdf", scan("Reply of the issuing authority"))]
    return disqualification.propose(session, customer, proposal, papers).value


def case_version(key: int) -> int:
    """The version of its case now."""
    return case_version_of("disqualification", key)


def give(
    key: int,
    who: str | Session,
    verdict: Verdict = Verdict.APPROVE,
    comment: str = "同意",
    clock: Clock | None = None,
) -> object:
    """A verdict on the proposal as it is now."""
    session = session_of(who, clock) if isinstance(who, str) else who
    return disqualification.decide(session, key, case_version(key), verdict, comment).value


def disqualify(customer: int, clock: Clock | None = None) -> int:
    """Propose, and let all three stages approve; the key of the proposal."""
    key = propose(customer, clock)
    for login in ("sales", "finance", "gm"):
        give(key, login, clock=clock)
    return key
