"""Complaints (投诉) of customers: how grave one is, by when it is due, what closes it (C12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chemsales.rules.calendar import COMPANY_ZONE, DueDate, WorkCalendar, company_day, due_dates
from chemsales.rules.errors import Param, Problem, Reason
from chemsales.rules.policy import Policy
from chemsales.rules.text import said_problem

CONTENT_LIMIT, LOT_LIMIT, REASON_LIMIT, NAME_LIMIT = 2000, 200, 500, 100
REQUIRED = Reason("reason.field_required", {}, "C12.1")


class ComplaintChannel(StrEnum):
    """How a customer complained, or was told what came of it (annex 3)."""

    IN_PERSON = "in_person"  # 面谈
    TELEPHONE = "telephone"  # 电话
    LETTER = "letter"  # 信函
    EMAIL = "email"  # 邮件
    FAX = "fax"  # 传真
    MESSAGE = "message"  # 即时消息


class Severity(StrEnum):
    """How grave a complaint is, the gravest last (C12.2)."""

    GENERAL = "general"  # 一般
    MAJOR = "major"  # 较大
    SERIOUS = "serious"  # 严重

    @property
    def graver(self) -> tuple[Severity, ...]:
        """Those to which a complaint may be re-graded: never to a lesser one."""
        every = tuple(Severity)
        return every[every.index(self) + 1 :]

    @property
    def needs_meeting(self) -> bool:
        """Whether it is closed only after a meeting that the general manager called (C12.2)."""
        return self is not Severity.GENERAL


class ComplaintState(StrEnum):
    """How a complaint stands on a day; what was closed late stays late (C12.3)."""

    OVERDUE = "overdue"  # 逾期未办结
    OPEN = "open"  # 办理中
    LATE = "late"  # 逾期办结
    CLOSED = "closed"  # 按期办结


@dataclass(frozen=True, slots=True)
class Due:
    """By when a complaint is to be handled: the day and how sure it is, the instant at which that
    day ends, how many working days are given, and whether the day of receipt is never one."""

    day: DueDate
    ends: datetime
    working_days: int
    from_next_day: bool


def due(received: datetime, severity: Severity, calendar: WorkCalendar, policy: Policy) -> Due:
    """By when a complaint that was received at an instant is due, whenever it was graded so: the
    clock starts at receipt (C12.3). `policy` is that of the edition in force on that day."""
    grave = severity.needs_meeting
    found = due_dates(received.astimezone(COMPANY_ZONE), calendar, policy)[3 if grave else 1]
    ends = datetime.combine(found.day, policy.close_of_business, COMPANY_ZONE)
    from_next_day = policy.deadline_mode == "next_working_day"
    return Due(found, ends, policy.complaint_days[grave], from_next_day)


def state_on(due: Due, closed: datetime | None, today: date) -> ComplaintState:
    """How a complaint stands on a day; `closed` is None while it is open. It is overdue from the
    day after its last one. Closed at the very close of business of that day is in time, a second
    later is late (C12.3)."""
    if closed is not None:
        return ComplaintState.LATE if closed > due.ends else ComplaintState.CLOSED
    return ComplaintState.OVERDUE if today > due.day.day else ComplaintState.OPEN


def working_days_between(due: Due, today: date, calendar: WorkCalendar) -> int:
    """The working days from a day to the last one, or since it where that is over; neither the
    earlier day is counted."""
    first, last = sorted((today, due.day.day))
    return calendar.working_days(first + timedelta(days=1), last)


@dataclass(frozen=True, slots=True)
class ComplaintDraft:
    """A complaint as it is recorded; `product` is a product's code, `lot` names lot or pick-up
    note, both "" where the customer named none."""

    received_at: datetime | None = None
    channel: ComplaintChannel | None = None
    content: str = ""
    severity: Severity | None = None
    product: str = ""
    lot: str = ""


def complaint_problems(draft: ComplaintDraft, now: datetime) -> tuple[Problem, ...]:
    """What is missing or wrong in a complaint that is recorded at an instant, by field (C12.1)."""
    found = [
        Problem(place, REQUIRED)
        for place in ("received_at", "channel", "severity")
        if getattr(draft, place) is None
    ]
    if draft.received_at is not None and draft.received_at > now:
        found.append(Problem("received_at", Reason("reason.complaint_to_come", {}, "C12.1")))
    wrong = said_problem(draft.content, CONTENT_LIMIT, "C12.1")
    if wrong:
        found.append(Problem("content", wrong))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class ComplaintClosing:
    """What closes a complaint: the opinion that the supervisor approves, on which day, how and by
    whom the customer was told; of a grave one the meeting: its day, the login of the general
    manager who called it, who attended, what was decided (C12.2)."""

    opinion: str = ""
    told_on: date | None = None
    told_way: ComplaintChannel | None = None
    told_by: str = ""
    meeting_on: date | None = None
    meeting_chair: str = ""
    meeting_attendees: str = ""
    meeting_decision: str = ""

    @property
    def has_meeting(self) -> bool:
        """Whether anything is said of a meeting."""
        said = (self.meeting_chair, self.meeting_attendees, self.meeting_decision)
        return self.meeting_on is not None or any(text.strip() for text in said)


def closing_problems(
    closing: ComplaintClosing, severity: Severity, received_at: datetime, today: date
) -> tuple[Problem, ...]:
    """What keeps a complaint of this severity, received at that instant, from being closed today,
    by field (C12.2)."""
    received = company_day(received_at)
    found = _said(closing, "opinion", CONTENT_LIMIT)
    found += _day_problems("told_on", closing.told_on, received, today)
    if closing.told_way is None:
        found.append(Problem("told_way", REQUIRED))
    found += _said(closing, "told_by", NAME_LIMIT)
    if not (severity.needs_meeting or closing.has_meeting):
        return tuple(found)
    if closing.meeting_on is None:
        found.append(Problem("meeting_on", Reason("reason.complaint_meeting", {}, "C12.2")))
    else:
        last = min(closing.told_on or today, today)
        found += _day_problems("meeting_on", closing.meeting_on, received, last)
    if not closing.meeting_chair:
        found.append(Problem("meeting_chair", REQUIRED))
    found += _said(closing, "meeting_attendees", REASON_LIMIT)
    found += _said(closing, "meeting_decision", CONTENT_LIMIT)
    return tuple(found)


def _said(closing: ComplaintClosing, place: str, limit: int) -> list[Problem]:
    wrong = said_problem(getattr(closing, place), limit, "C12.2")
    return [Problem(place, wrong)] if wrong else []


def _day_problems(place: str, day: date | None, first: date, last: date) -> list[Problem]:
    """A day that lies outside a complaint's receipt and the last one that it may be."""
    if day is None:
        return [Problem(place, REQUIRED)]
    if first <= day <= last:
        return []
    params: dict[str, Param] = {"first": first.isoformat(), "last": last.isoformat()}
    if first == last:
        return [Problem(place, Reason("reason.complaint_one_day", params, "C12.2"))]
    return [Problem(place, Reason("reason.complaint_day", params, "C12.2"))]
