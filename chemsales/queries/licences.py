"""Licences and proofs: one with its case, who is suspended on a day, and for how long (C15.2).

`dealing_reasons` and `suspended_on` are the one door before which every dealing stops; they read
the accepted papers, never the rows that the daily run noted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from chemsales.exchange.model import PickupRow, PlanRow, Preview
from chemsales.queries.approval import (
    DecisionRow,
    StoredCase,
    case_blockers,
    load_decisions,
    load_stored,
    verdict_actions,
)
from chemsales.queries.disqualification import disqualified_on, load_reasons
from chemsales.queries.documents import load_scan
from chemsales.queries.further import customer_reasons
from chemsales.queries.people import signing_reasons
from chemsales.queries.reading import query
from chemsales.rules import roles
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.calendar import company_day
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import NotFound, Param, Problem, Reason, term
from chemsales.rules.licences import Licence, LicenceDraft, standing
from chemsales.rules.offtake import PickupKind
from chemsales.rules.periods import Month, month_days, month_of
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.storage.days import days_from
from chemsales.storage.fields import instant_of
from chemsales.storage.gaps import gaps

DAY = timedelta(days=1)
ACTIONS = verdict_actions(Action.LICENCE_RECORD, Action.LICENCE_DECIDE)
PAPER = ("customer_id", "kind", "number", "issuer", "valid_from", "valid_to", "long_term", "proof",
         "sha256", "label")  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredLicence:
    """A paper of a customer; `case` None where it came with the customer's accreditation,
    `accepted_on` None until it was accepted. `recorded_by` is its manager then, who put it up."""

    id: int
    customer_id: int
    customer_code: str
    customer_name: str
    manager: str
    draft: LicenceDraft
    sha256: str
    label: str
    recorded_by: str
    recorded_at: datetime
    accepted_on: date | None
    case: StoredCase | None


@dataclass(frozen=True, slots=True)
class LicenceDetail:
    """A paper with the signatures of its case, and what a reviewer has to look at."""

    licence: StoredLicence
    decisions: tuple[DecisionRow, ...]
    warnings: tuple[Reason, ...]


def load_licence(licence_id: int) -> StoredLicence:
    """A paper with its case (inside services and queries; three statements); NotFound."""
    found = rows(
        f"SELECT u.code, u.name, u.manager, {', '.join(f'l.{column}' for column in PAPER)}, "
        "l.recorded_by, l.recorded_at, l.accepted_on, c.id FROM licence l "
        "JOIN customer u ON u.id = l.customer_id LEFT JOIN approval_case c ON c.id = l.case_id "
        "AND c.chain = 'licence' WHERE l.id = ?",
        (licence_id,),
    )
    if not found:
        raise NotFound(Reason("reason.licence_unknown", {"id": licence_id}, "C15.1"))
    (code, name, manager, customer_id, kind, number, issuer, first, last, long_term, proof, sha256,
     label, recorded_by, recorded_at, accepted_on, case_id) = found[0]  # fmt: skip
    return StoredLicence(
        licence_id,
        customer_id,
        code,
        name,
        manager,
        LicenceDraft(
            DocumentKind(kind), number, issuer, _day(first), _day(last), bool(long_term),
            bool(proof),
        ),
        sha256,
        label,
        recorded_by,
        instant_of(recorded_at),
        _day(accepted_on),
        load_stored(case_id) if case_id is not None else None,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def reviewed(licence_id: int) -> dict[str, object]:
    """What the stages review of a paper, as its row has it: the facts and the scan's hash."""
    found = rows(f"SELECT {', '.join(PAPER)} FROM licence WHERE id = ?", (licence_id,))
    return dict(zip(PAPER, found[0], strict=True))


_COUNTED = "customer_id, kind, valid_to, accepted_on, valid_from, proof, number"


def _licences(found: list[tuple[Any, ...]]) -> Iterator[tuple[int, list[Licence]]]:
    """Accepted papers by customer, out of rows of _COUNTED in order of customers."""
    for customer_id, papers in groupby(found, key=itemgetter(0)):
        yield (
            customer_id,
            [
                Licence(
                    DocumentKind(kind), _day(last), _day(accepted), _day(first), bool(proof), number
                )
                for _customer, kind, last, accepted, first, proof, number in papers
            ],
        )


def load_licences(customer_id: int) -> list[Licence]:
    """The accepted papers of a customer (inside services and queries)."""
    found = rows(
        f"SELECT {_COUNTED} FROM licence WHERE customer_id = ? AND accepted_on IS NOT NULL "
        "ORDER BY id",
        (customer_id,),
    )
    return next((papers for _customer, papers in _licences(found)), [])


def dealing_reasons(customer_id: int, day: date) -> tuple[Reason, ...]:
    """Why nothing may be dealt with a customer on a day (inside services and queries): every kind
    of paper that has expired; empty where nothing stands against it (C15.2)."""
    return (*load_reasons(customer_id, day), *standing(load_licences(customer_id), day).reasons)


@query()
def dealing_blockers(actor: Actor, customer_id: int, day: date) -> tuple[Reason, ...]:
    """Why nothing may be dealt with a customer on a day; the reasons with which every service
    refuses a dealing (C15.2)."""
    return dealing_reasons(customer_id, day)


def suspended_on(day: date) -> Mapping[int, tuple[Reason, ...]]:
    """Every customer that is suspended on a day, with the reasons of `dealing_reasons`, in one
    statement (inside services and queries)."""
    text = day.isoformat()
    found = rows(
        f"SELECT {', '.join(f'l.{each}' for each in _COUNTED.split(', '))} FROM licence l "
        "WHERE l.accepted_on IS NOT NULL AND l.customer_id IN (SELECT w.customer_id "
        "FROM licence w WHERE w.accepted_on <= ? AND (w.valid_from IS NULL OR w.valid_from <= ?) "
        "GROUP BY w.customer_id, w.kind "
        "HAVING max(CASE WHEN w.long_term = 1 OR w.valid_to >= ? THEN 1 ELSE 0 END) = 0) "
        "ORDER BY l.customer_id, l.id",
        (text, text, text),
    )
    stopped = {key: (reason,) for key, reason in disqualified_on(day).items()}
    for key, papers in _licences(found):
        stopped[key] = (*stopped.get(key, ()), *standing(papers, day).reasons)
    return stopped


def plan_problems(preview: Preview, today: date) -> Iterator[Problem]:
    """Plan lines of this month and later ones, of customers that are suspended today (C15.2); those
    of a month that is over are a record of what was (inside services and queries)."""
    suspended = suspended_on(today)
    names = _names(suspended)
    headings = ("customer_name", "customer_code", "uscc")
    column = next((preview.fields[name] for name in headings if name in preview.fields), "")
    for row in preview.good:
        if isinstance(row, PlanRow) and row.month >= month_of(today):
            for reason in suspended.get(row.customer_id, ()):
                yield Problem(f"{row.row}:{column}", of_customer(reason, names[row.customer_id]))


def of_customer(reason: Reason, name: str) -> Reason:
    """Why a dealing with a customer is refused, where more than one is spoken of."""
    params = {**reason.params, "name": name}
    if reason.code == "reason.disqualified":
        return Reason("reason.dealing_of_disqualified", params, reason.clause)
    return Reason("reason.dealing_of_suspended", params, reason.clause)


def _names(customers: Collection[int]) -> dict[int, str]:
    return dict(rows("SELECT id, name FROM customer")) if customers else {}


def pickup_problems(preview: Preview) -> Iterator[Problem]:
    """Pick-ups on days on which their customers were suspended or disqualified, as warnings: a
    weighed pick-up is a fact, and is listed as a violation once it is imported (C15.2, C17.1,
    A.X 12)."""
    column = preview.fields.get("day", "day")
    taken = [r for r in preview.good if isinstance(r, PickupRow) and r.kind == PickupKind.PICKUP]
    last = max((row.day for row in taken), default="")
    runs: dict[int, list[tuple[str, str]]] = {}
    for customer_id, first, following in rows(
        f"{gaps()} SELECT customer_id, from_day, coalesce(next_day, '9999-12-31') FROM gap "
        "WHERE from_day <= ?",
        (last,),
    ):
        runs.setdefault(customer_id, []).append((first, following))
    ended = disqualified_on(date.fromisoformat(last)) if last else {}
    concerned = runs.keys() & {row.customer_id for row in taken}
    papers = {key: load_licences(key) for key in concerned}
    names = _names(concerned | ended.keys())
    for row in taken:
        out = ended.get(row.customer_id)
        if out and str(out.params["day"]) <= row.day:
            told = {**out.params, "name": names[row.customer_id], "taken": row.day}
            reason = Reason("reason.pickup_of_disqualified", told, "C17.1")
            yield Problem(f"{row.row}:{column}", reason, warning=True)
        elif any(
            first <= row.day < following for first, following in runs.get(row.customer_id, ())
        ):
            found = standing(papers[row.customer_id], date.fromisoformat(row.day))
            params = {**found.reasons[0].params, "name": names[row.customer_id], "taken": row.day}
            reason = Reason("reason.pickup_of_suspended", params, "C15.2")
            yield Problem(f"{row.row}:{column}", reason, warning=True)


def suspended_days(months: Collection[Month]) -> Mapping[Month, Mapping[int, int]]:
    """How many days of each month each customer was suspended, those who were (inside services and
    queries; one statement); a day counts once, whatever papers were lacking on it (C15.2)."""
    if not months:
        return {}
    spans = {month: month_days(month) for month in months}
    bounds = (spans[max(spans)][1].isoformat(), spans[min(spans)][0].isoformat())
    days: dict[Month, dict[int, set[date]]] = {month: {} for month in spans}
    for customer_id, begins, following in rows(
        f"{gaps()} SELECT customer_id, from_day, next_day FROM gap "
        "WHERE from_day <= ? AND (next_day IS NULL OR next_day > ?)",
        bounds,
    ):
        until = date.fromisoformat(following) - DAY if following else date.max
        for month, (first, last) in spans.items():
            day, end = max(first, date.fromisoformat(begins)), min(last, until)
            if day <= end:
                run = {day + DAY * count for count in range((end - day).days + 1)}
                days[month].setdefault(customer_id, set()).update(run)
    return {month: {key: len(run) for key, run in found.items()} for month, found in days.items()}


@query()
def licence(actor: Actor, licence_id: int) -> LicenceDetail:
    """One paper with its signatures; NotFound."""
    stored = load_licence(licence_id)
    decided = load_decisions(stored.case.id) if stored.case else []
    same = same_number(stored.customer_id, stored.draft)
    return LicenceDetail(stored, tuple(decided), same)


@query()
def licence_scan(actor: Actor, licence_id: int) -> tuple[str, bytes]:
    """The type and the bytes of the scan of a paper; NotFound, DataError where they were
    altered."""
    return load_scan("licence", licence_id)


@query()
def warnings(actor: Actor, customer_id: int, draft: LicenceDraft) -> tuple[Reason, ...]:
    """What is strange about a paper as it is typed, without keeping it from being recorded."""
    return same_number(customer_id, draft)


def same_number(customer_id: int, draft: LicenceDraft) -> tuple[Reason, ...]:
    """The other customers that have a paper of this kind and number (inside services and
    queries)."""
    number = draft.number.strip()
    if not number:
        return ()
    return tuple(
        Reason("reason.licence_number_taken", {"number": number, "customer": code, "name": name},
               "C15.1")
        for code, name in rows(
            "SELECT DISTINCT u.code, u.name FROM licence l JOIN customer u ON u.id = l.customer_id "
            "WHERE l.number = ? AND l.kind = ? AND l.customer_id <> ? ORDER BY u.code",
            (number, str(draft.kind), customer_id),
        )
    )  # fmt: skip


@query()
def record_blockers(actor: Actor, customer_id: int, day: date) -> tuple[Reason, ...]:
    """Why this person may not record a paper of a customer on a day; empty for its account manager,
    while it is not disqualified (C17.1)."""
    return record_reasons(actor, customer_id, day)


def record_reasons(actor: Actor, customer_id: int, day: date) -> tuple[Reason, ...]:
    """The reasons of `record_blockers`, with which the service refuses; NotFound."""
    own = customer_reasons(actor, customer_id)
    forbidden = roles.blockers(actor, Action.LICENCE_RECORD) or signing_reasons(actor.login)
    return forbidden or own or load_reasons(customer_id, day)


@query()
def waiting_blockers(
    actor: Actor, customer_id: int, draft: LicenceDraft, but: int = 0
) -> tuple[Reason, ...]:
    """Why a paper as it is typed may not be put up beside those that wait; `but` is its own key."""
    return waiting_reasons(customer_id, draft, but)


def waiting_reasons(customer_id: int, draft: LicenceDraft, but: int = 0) -> tuple[Reason, ...]:
    """The renewal of a kind of paper, or the proof of one, that waits for acceptance or came back
    already: it is decided, corrected or withdrawn before another one is put up (C15.1; inside
    services and queries). One that came back itself (`but`) stands back for what waits alone.
    """
    found = rows(
        "SELECT l.number, c.outcome, c.opened_at FROM licence l JOIN approval_case c "
        "ON c.id = l.case_id WHERE l.customer_id = ? AND l.kind = ? AND l.proof = ? AND l.id <> ? "
        "AND (c.outcome = 'open' OR (c.outcome = 'returned' AND ? = 0)) ORDER BY l.id LIMIT 1",
        (customer_id, str(draft.kind), int(draft.proof), but, but),
    )
    for number, outcome, opened_at in found:
        params: dict[str, Param] = {
            "document": term(draft.kind),
            "number": number,
            "day": company_day(instant_of(opened_at)).isoformat(),
        }
        if outcome == Outcome.RETURNED:
            return (Reason("reason.licence_came_back", params, "C15.1"),)
        return (Reason("reason.licence_waits", params, "C15.1"),)
    return ()


@query()
def blockers(actor: Actor, licence_id: int, verdict: Verdict, day: date) -> tuple[Reason, ...]:
    """Why this person may not give this verdict on a paper on a day; empty when it may be given."""
    return verdict_blockers(actor, load_licence(licence_id), verdict, day)


def verdict_blockers(
    actor: Actor, stored: StoredLicence, verdict: Verdict, day: date
) -> tuple[Reason, ...]:
    """The reasons of `blockers`, with which the services refuse."""
    if stored.case is None:
        return (Reason("reason.licence_with_accreditation", {}, "C15.1"),)
    reasons = case_blockers(actor, ACTIONS[verdict], verdict, stored.case)
    if reasons or verdict not in (Verdict.SUBMIT, Verdict.APPROVE, Verdict.UNDO):
        return reasons
    if verdict is Verdict.UNDO:  # of a return: another one may have been put up since
        return waiting_reasons(stored.customer_id, stored.draft, stored.id)
    if ended := load_reasons(stored.customer_id, day):
        return ended
    if verdict is Verdict.SUBMIT:
        return waiting_reasons(stored.customer_id, stored.draft, stored.id)
    return _past(stored.draft, day)


def _past(draft: LicenceDraft, day: date) -> tuple[Reason, ...]:
    """That a paper has ended since it was put up: it can never count any more (C15.1, C15.2)."""
    if draft.valid_to is None or draft.valid_to >= day:
        return ()
    params = {"document": term(draft.kind), "day": draft.valid_to.isoformat()}
    return (Reason("reason.licence_ended_since", params, "C15.1"),)


def problems() -> Iterator[Problem]:
    """Papers accepted without a case that did so, and noted suspensions that the accepted papers do
    not bear out (C15.2)."""
    for (key,) in rows(
        "SELECT l.id FROM licence l JOIN customer u ON u.id = l.customer_id "
        "LEFT JOIN approval_case c ON c.id = l.case_id AND c.outcome = 'approved' "
        "WHERE l.accepted_on IS NOT NULL AND NOT (c.id IS NOT NULL AND (u.case_id = c.id "
        "OR (c.chain = 'licence' AND c.subject_id = l.id) OR (c.chain = 'accreditation' "
        "AND EXISTS (SELECT 1 FROM application a WHERE a.id = c.subject_id AND a.further = 1 "
        "AND a.customer_id = l.customer_id)))) ORDER BY l.id"
    ):
        yield Problem(f"licence {key}", Reason("reason.licence_unapproved", {}, "C15.2"))
    for (key,) in rows(
        f"{gaps()} SELECT s.id FROM suspension s LEFT JOIN gap g ON g.customer_id = s.customer_id "
        "AND g.kind = s.kind AND g.from_day = s.from_day "
        f"AND (s.to_day IS NULL OR s.to_day = {days_from('g.next_day', -1)}) "
        "WHERE g.customer_id IS NULL ORDER BY s.id"
    ):
        yield Problem(f"suspension {key}", Reason("reason.suspension_unfounded", {}, "C15.2"))
