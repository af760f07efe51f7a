"""Complaints for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chemsales.rules.calendar import company_day
from chemsales.rules.complaints import (
    ComplaintChannel,
    ComplaintClosing,
    ComplaintDraft,
    Severity,
)
from chemsales.services import complaints
from chemsales.services.session import Session
from tests.factory import session_of

CONTENT = "三车聚丙烯 T30S 到货后有 14 包破损，要求补发。"
OPINION = "经与仓储、质检核实，属装车破损，同意补发 14 包。"


def draft(session: Session, **other: Any) -> ComplaintDraft:
    """A general complaint by telephone, a minute ago."""
    given: dict[str, Any] = {
        "received_at": session.now() - timedelta(minutes=1),
        "channel": ComplaintChannel.TELEPHONE,
        "content": CONTENT,
        "severity": Severity.GENERAL,
        "product": "PP-T30S",
        "lot": "TH-0312",
    }
    return ComplaintDraft(**{**given, **other})


def accept(customer: int, clock: Any = None, login: str = "am", **other: Any) -> int:
    """Record one; its key."""
    session = session_of(login, clock)
    return complaints.accept(session, customer, draft(session, **other)).value


def closing(session: Session, meeting: bool = False, **other: Any) -> ComplaintClosing:
    """What closes a complaint today, with the meeting that a grave one needs."""
    today = company_day(session.now())
    given: dict[str, Any] = {
        "opinion": OPINION,
        "told_on": today,
        "told_way": ComplaintChannel.TELEPHONE,
        "told_by": "张伟",
    }
    if meeting:
        given |= {
            "meeting_on": today,
            "meeting_chair": "gm",
            "meeting_attendees": "赵敏、王芳、李强、张伟",
            "meeting_decision": "同意补发，装车班组整改。",
        }
    return ComplaintClosing(**{**given, **other})


def close(key: int, clock: Any = None, meeting: bool = False, **other: Any) -> None:
    """The sales head closes one."""
    session = session_of("sales", clock)
    complaints.close(session, key, closing(session, meeting, **other))
