"""Complaints of customers with their due dates, as on a day; why one may not be recorded, re-graded
or closed (C12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chemsales.queries.calendar import load_calendar
from chemsales.queries.customer_record import Happened
from chemsales.queries.person_names import not_yours
from chemsales.queries.policy import load_edition, load_editions
from chemsales.queries.reading import query
from chemsales.rules import roles
from chemsales.rules.calendar import WorkCalendar, company_day
from chemsales.rules.complaints import (
    ComplaintChannel,
    ComplaintClosing,
    ComplaintState,
    Due,
    Severity,
    due,
    state_on,
    working_days_between,
)
from chemsales.rules.errors import NotFound, Param, Reason, term
from chemsales.rules.policy import Policy
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of
from chemsales.words import named


@dataclass(frozen=True, slots=True)
class Regrade:
    """That a complaint was re-graded from `before` to a graver kind: why, by whom and when."""

    before: Severity
    severity: Severity
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """What closed a complaint, with the name of the general manager who called the meeting ("": no
    meeting), by whom and when."""

    closing: ComplaintClosing
    chair: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """A complaint as it was on record at the end of a day: `severity` with what it was re-graded to
    by then, `first_severity` the one that it was recorded with, `closed` None while it was open;
    `days` are the working days to its last one, or since."""

    id: int
    number: str
    customer_id: int
    customer_name: str
    received_at: datetime
    channel: ComplaintChannel
    product: str
    lot: str
    content: str
    severity: Severity
    first_severity: Severity
    recorded_by: str
    recorded_at: datetime
    edition: int
    due: Due
    state: ComplaintState
    days: int
    regrades: tuple[Regrade, ...]
    closed: Closed | None


@query()
def complaints_of(actor: Actor, customer_id: int, day: date) -> list[ComplaintRow]:
    """The complaints of a customer that were on record at the end of a day, as they then stood: the
    open ones first, by their due dates, then the closed ones, the newest first (C12.1)."""
    return _complaints("c.customer_id = ?", (customer_id,), day)


@query()
def open_complaints(actor: Actor, day: date, login: str = "") -> list[ComplaintRow]:
    """Every complaint that is open, or those of one manager's customers, soonest due first."""
    return _complaints("c.closed_at IS NULL AND ? IN ('', u.manager)", (login,), day)


def _complaints(condition: str, parameters: tuple[object, ...], day: date) -> list[ComplaintRow]:
    found = rows(
        "SELECT c.id, c.number, c.customer_id, u.name, c.received_at, c.channel, "
        "coalesce(g.name, ''), coalesce(g.name_en, ''), c.lot, c.content, c.severity, "
        "coalesce(p.name, c.recorded_by), c.recorded_at, c.edition, c.opinion, c.told_on, "
        "c.told_way, c.told_by, c.meeting_on, c.meeting_chair, c.meeting_attendees, "
        "c.meeting_decision, coalesce(m.name, c.meeting_chair, ''), coalesce(q.name, c.closed_by), "
        "c.closed_at FROM complaint c JOIN customer u ON u.id = c.customer_id "
        "LEFT JOIN product g ON g.code = c.product_code "
        "LEFT JOIN person p ON p.login = c.recorded_by LEFT JOIN person q ON q.login = c.closed_by "
        f"LEFT JOIN person m ON m.login = c.meeting_chair WHERE {condition} ORDER BY c.id",
        parameters,
    )
    if not found:
        return []
    calendar = load_calendar()
    policies = {edition.number: edition.policy for edition in load_editions()}
    regrades = _regrades([row[0] for row in found], day)
    made = [
        _complaint(row, regrades[row[0]], policies[row[13]], calendar, day)
        for row in found
        if company_day(instant_of(row[12])) <= day
    ]
    running = [each for each in made if each.closed is None]
    ended = [each for each in made if each.closed is not None]
    running.sort(key=lambda each: (each.due.ends, each.received_at))
    ended.sort(key=lambda each: each.closed.at if each.closed else each.received_at, reverse=True)
    return [*running, *ended]


def _regrades(keys: Iterable[int], day: date) -> defaultdict[int, list[Regrade]]:
    """How these complaints were re-graded by a day, by their keys, in order."""
    listed = list(keys)
    found: defaultdict[int, list[Regrade]] = defaultdict(list)
    for key, first, severity, reason, by, at in rows(
        "SELECT r.complaint_id, c.severity, r.severity, r.reason, "
        "coalesce(p.name, r.regraded_by), r.regraded_at FROM complaint_regrade r "
        "JOIN complaint c ON c.id = r.complaint_id LEFT JOIN person p ON p.login = r.regraded_by "
        f"WHERE r.complaint_id IN ({', '.join('?' * len(listed))}) ORDER BY r.id",
        listed,
    ):
        before = found[key][-1].severity if found[key] else Severity(first)
        made = Regrade(before, Severity(severity), reason, by, instant_of(at))
        if company_day(made.at) <= day:
            found[key].append(made)
    return found


def _complaint(
    row: tuple[Any, ...],
    regrades: list[Regrade],
    policy: Policy,
    calendar: WorkCalendar,
    day: date,
) -> ComplaintRow:
    (key, number, customer_id, name, received, channel, product, english, lot, content, severity,
     recorded_by, recorded_at, edition) = row[:14]  # fmt: skip
    received_at, closed = instant_of(received), _closed(row[14:], day)
    grade = regrades[-1].severity if regrades else Severity(severity)
    until = due(received_at, grade, calendar, policy)
    return ComplaintRow(
        key, number, customer_id, name, received_at, ComplaintChannel(channel),
        named(product, english), lot, content, grade, Severity(severity), recorded_by,
        instant_of(recorded_at), edition, until,
        state_on(until, closed.at if closed else None, day),
        working_days_between(until, day, calendar), tuple(regrades), closed,
    )  # fmt: skip


def _closed(row: tuple[Any, ...], day: date) -> Closed | None:
    """What closed a complaint by a day."""
    (opinion, told_on, way, told_by, met_on, chair, attendees, decision, chair_name, by,
     at) = row  # fmt: skip
    if at is None or company_day(instant_of(at)) > day:
        return None
    closing = ComplaintClosing(
        opinion, date.fromisoformat(told_on), ComplaintChannel(way), told_by,
        date.fromisoformat(met_on) if met_on else None, chair or "", attendees, decision,
    )  # fmt: skip
    return Closed(closing, chair_name, by, instant_of(at))


def told(found: Sequence[ComplaintRow]) -> list[Happened]:
    """These complaints as what happened to the customer: received, re-graded, closed."""
    happened = []
    for each in found:
        params: dict[str, Param] = {
            "number": each.number, "severity": term(each.first_severity), "content": each.content,
        }  # fmt: skip
        what = Reason("reason.event_complaint", params, "C12.1")
        happened.append(Happened(company_day(each.received_at), what))
        for graver in each.regrades:
            params = {
                "number": each.number, "before": term(graver.before),
                "severity": term(graver.severity), "name": graver.by, "why": graver.reason,
            }  # fmt: skip
            what = Reason("reason.event_complaint_regraded", params, "C12.3")
            happened.append(Happened(company_day(graver.at), what))
        if each.closed is not None:
            opinion = each.closed.closing.opinion
            params = {"number": each.number, "name": each.closed.by, "opinion": opinion}
            what = Reason("reason.event_complaint_closed", params, "C12.2")
            happened.append(Happened(company_day(each.closed.at), what))
    return happened


@query()
def limits(actor: Actor, day: date) -> dict[Severity, int]:
    """The working days within which a complaint is handled, by its severity and the edition in
    force on a day (C12.3)."""
    days = load_edition(day).policy.complaint_days
    return {severity: days[severity.needs_meeting] for severity in Severity}


@query()
def chairs(actor: Actor) -> list[tuple[str, str]]:
    """Who may have called a meeting on a grave complaint: login and name of everybody with the role
    of the general manager, who is there first (C12.2)."""
    return load_chairs()


def load_chairs() -> list[tuple[str, str]]:
    """Those of `chairs` (inside services and queries)."""
    return [
        (login, name)
        for login, name in rows(
            "SELECT p.login, p.name FROM person p JOIN person_role r ON r.login = p.login "
            "AND r.role = 'general_manager' ORDER BY p.active DESC, p.sort_key, p.login"
        )
    ]


@query()
def complaint_blockers(actor: Actor, customer_id: int, action: Action) -> tuple[Reason, ...]:
    """Why this person may not do this with complaints of a customer; empty when they may."""
    return complaint_reasons(actor, customer_id, action)


def complaint_reasons(actor: Actor, customer_id: int, action: Action) -> tuple[Reason, ...]:
    """The reasons of `complaint_blockers`, with which the services refuse: the customer's account
    manager and the sales head record and re-grade, the sales head closes; NotFound."""
    found = rows("SELECT manager FROM customer WHERE id = ?", (customer_id,))
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    ((manager,),) = found
    return roles.blockers(actor, action) or not_yours(actor, manager, "C12.1")


def load_open(complaint_id: int) -> tuple[int, str, datetime, Severity]:
    """Customer, number, receipt and severity of an open complaint (inside services); NotFound for
    one that is closed or that there is not."""
    found = rows(
        "SELECT c.customer_id, c.number, c.received_at, coalesce((SELECT r.severity "
        "FROM complaint_regrade r WHERE r.complaint_id = c.id ORDER BY r.id DESC LIMIT 1), "
        "c.severity) FROM complaint c WHERE c.id = ? AND c.closed_at IS NULL",
        (complaint_id,),
    )
    if not found:
        raise NotFound(Reason("reason.complaint_closed", {}, "C12.2"))
    ((customer_id, number, received, severity),) = found
    return int(customer_id), str(number), instant_of(received), Severity(severity)
