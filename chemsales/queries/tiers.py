"""Levels: every closing's results, the levels in force, and whether a month can be closed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from chemsales.queries.disqualification import disqualified_on
from chemsales.queries.filtering import Kind, Sort
from chemsales.queries.listing import Field, Listing, whole
from chemsales.queries.naming import customer_name
from chemsales.queries.offtake import first_month
from chemsales.queries.policy import load_editions
from chemsales.queries.reading import query
from chemsales.queries.searching import customers_with
from chemsales.rules import roles
from chemsales.rules.classification import SalesForm
from chemsales.rules.errors import Reason
from chemsales.rules.periods import Month, check_month, month_days, month_of, month_range
from chemsales.rules.roles import Action, Actor
from chemsales.rules.tiers import Level, TierOutcome, TierState, effective_from
from chemsales.storage.database import rows
from chemsales.storage.days import day_of
from chemsales.storage.fields import instant_of


@dataclass(frozen=True, slots=True)
class TierRow:
    """The level of one customer after a closing: the month's net polyolefin take in kilograms, the
    day from which the level is in force (A.X 8), and whether the closing still stands."""

    customer_id: int
    code: str
    name: str
    month: Month
    revision: int
    kg: int
    level_before: Level
    level_after: Level
    form_after: SalesForm
    outcome: TierOutcome
    reasons: tuple[Reason, ...]
    edition: int
    in_force_from: date
    active: bool


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """One closing of a month, standing or ended; `end_reason` is what was typed at the reopening,
    "" where an earlier month's closing or reopening had it computed again."""

    closing_id: int
    month: Month
    revision: int
    active: bool
    edition: int
    closed_by: str
    closed_at: datetime
    ended_by: str
    end_reason: str
    customers: int


def gaps_before(month: Month) -> list[Month]:
    """Months before `month` that are not closed, from the first month that is held on (A.X 7)."""
    begun = first_month()
    if begun is None or begun >= month:
        return []
    closed = {found for (found,) in rows("SELECT month FROM closing WHERE active = 1")}
    return sorted(set(month_range(begun, month)) - closed - {month})


@query()
def unclosed(actor: Actor, today: date) -> list[Month]:
    """The months before this one that are not closed (A.X 7), the oldest first."""
    return gaps_before(month_of(today))


def closing_reasons(month: Month, today: date) -> tuple[Reason, ...]:
    """Why `month` cannot be closed on this day, whoever asks; empty when it can."""
    check_month(month)
    params = {"month": month}
    if month_days(month)[1] >= today:
        return (Reason("reason.month_not_ended", params, "C9.2"),)
    if rows("SELECT 1 FROM closing WHERE active = 1 AND month = ?", (month,)):
        return (Reason("reason.month_already_closed", params, "C9.2"),)
    if not rows(
        "SELECT 1 FROM pickup WHERE month = ? AND batch_id IN "
        "(SELECT id FROM import_batch WHERE undone_at IS NULL) LIMIT 1",
        (month,),
    ):
        return (Reason("reason.month_without_pickups", params, "C9.2"),)
    return ()


@query()
def close_blockers(actor: Actor, today: date, month: Month) -> tuple[Reason, ...]:
    """Why this person cannot close `month` today: the reasons that grey the button."""
    return (*roles.blockers(actor, Action.MONTH_CLOSE), *closing_reasons(month, today))


def closing_warnings(month: Month) -> tuple[Reason, ...]:
    """What whoever closes `month` has to know before: without a confirmed plan it counts in no
    completion (A.X 23), and nothing comes into it any more once it is closed."""
    if rows(
        "SELECT 1 FROM plan_line WHERE month = ? AND batch_id IN "
        "(SELECT id FROM import_batch WHERE undone_at IS NULL) LIMIT 1",
        (check_month(month),),
    ):
        return ()
    return (Reason("reason.month_without_plan", {"month": month}, "C16.1"),)


@query()
def close_warnings(actor: Actor, month: Month) -> tuple[Reason, ...]:
    """`closing_warnings`, for those who look at a month."""
    return closing_warnings(month)


def reopening_reasons(month: Month) -> tuple[Reason, ...]:
    """Why `month` cannot be reopened, whoever asks; empty when it can."""
    check_month(month)
    if rows("SELECT 1 FROM closing WHERE active = 1 AND month = ?", (month,)):
        return ()
    return (Reason("reason.month_not_closed", {"month": month}, "C9.2"),)


@query()
def reopen_blockers(actor: Actor, month: Month) -> tuple[Reason, ...]:
    """Why this person cannot reopen `month`: the reasons that grey the button."""
    return (*roles.blockers(actor, Action.MONTH_REOPEN), *reopening_reasons(month))


_SOURCE = (
    "FROM tier_result r JOIN closing c ON c.id = r.closing_id{standing} "
    "JOIN customer u ON u.id = r.customer_id"
)
_SELECT = (
    "u.code, u.name, r.month, c.revision, r.kg, r.level_before, r.level_after, r.form_after, "
    "r.outcome, r.reasons, c.edition, {standing}"
)


_NOT_ENDED = "(c.ended_at IS NULL OR {} > ?)"  # at the end of a day


def _made(found: list[tuple[Any, ...]]) -> list[TierRow]:
    policies = {edition.number: edition.policy for edition in load_editions()}

    def made(row: tuple[Any, ...]) -> TierRow:
        customer, code, name, month, revision, kg, before, after, form, outcome, *rest = row
        reasons, edition, active = rest
        return TierRow(
            customer, code, name, month, revision, kg, Level(before), Level(after),
            SalesForm(form), TierOutcome(outcome),
            tuple(Reason.from_dict(stored) for stored in json.loads(reasons)), edition,
            effective_from(month, policies[edition]), bool(active),
        )  # fmt: skip

    return [made(row) for row in found]


_LEVELS = tuple(map(str, Level))


@lru_cache(maxsize=100)
def results_of(month: Month) -> Listing[TierRow]:
    """The list of levels that the standing closing of `month` computed, by customer."""
    return Listing(
        name="levels",
        source=_SOURCE.format(standing=" AND c.active = 1 AND c.month = ?"),
        given=(month,),
        key="r.customer_id",
        select=_SELECT.format(standing="c.active"),
        make=_made,
        fields={
            "code": Field("u.code"),
            "name": customer_name("u"),
            "kg": Field("r.kg", Kind.KG),
            "before": Field("r.level_before", Kind.CHOICE, choices=_LEVELS),
            "after": Field("r.level_after", Kind.CHOICE, choices=_LEVELS),
            "form": Field("r.form_after", Kind.CHOICE, choices=tuple(map(str, SalesForm))),
            "outcome": Field("r.outcome", Kind.CHOICE, choices=tuple(map(str, TierOutcome))),
        },
        order=(Sort("name"), Sort("code")),
        finding=partial(customers_with, key="u.id"),
    )


def results(actor: Actor, month: Month) -> list[TierRow]:
    """The levels that the standing closing of `month` computed, by the names' sort key."""
    return whole(actor, results_of(month))


@query()
def history(actor: Actor, customer_id: int, day: date | None = None) -> list[TierRow]:
    """Every result of a customer, the newest month and revision first; ended closings included.
    With a day those of the closings made by its end, which stand where they did then."""
    select, condition = _SELECT.format(standing="c.active"), ""
    given: tuple[object, ...] = (customer_id,)
    if day is not None:
        standing = f"CASE WHEN {_NOT_ENDED.format(day_of('c.ended_at'))} THEN 1 ELSE 0 END"
        select = _SELECT.format(standing=standing)
        condition = f"AND {day_of('c.closed_at')} <= ? "
        given = (day.isoformat(), customer_id, day.isoformat())
    return _made(
        rows(
            f"SELECT r.customer_id, {select} {_SOURCE.format(standing='')} "
            f"WHERE r.customer_id = ? {condition}"
            "ORDER BY r.month DESC, c.revision DESC",
            given,
        )
    )


@query()
def closings(actor: Actor) -> list[ClosingRow]:
    """Every closing, the newest month and revision first."""
    return [
        ClosingRow(
            closing_id, month, revision, bool(active), edition, by,
            instant_of(at), ended_by or "", why, customers,
        )
        for closing_id, month, revision, active, edition, by, at, ended_by, why, customers in rows(
            "SELECT c.id, c.month, c.revision, c.active, c.edition, c.closed_by, c.closed_at, "
            "c.ended_by, c.end_reason, "
            "(SELECT count(*) FROM tier_result r WHERE r.closing_id = c.id) "
            "FROM closing c ORDER BY c.month DESC, c.revision DESC"
        )
    ]  # fmt: skip


def levels_on(day: date, known: date | None = None) -> dict[int, TierState]:
    """The level in force on a day of every polyolefin customer (A.X 8): that of the latest standing
    closing whose effect has begun by its own edition, else the starting level; who is disqualified
    by that day has none. `known`: by the closings that stood at the end of that day, not by those
    that stand."""
    standing, given = "c.active = 1", list[str]()
    if known is not None:
        ended = _NOT_ENDED.format(day_of("c.ended_at"))
        standing, given = f"{day_of('c.closed_at')} <= ? AND {ended}", [known.isoformat()] * 2
    states = {
        customer_id: TierState(Level(level), SalesForm(form))
        for customer_id, level, form in rows(
            "SELECT customer_id, level, form FROM tier_start WHERE from_day <= ?",
            (day.isoformat(),),
        )
    }
    policies = {edition.number: edition.policy for edition in load_editions()}
    in_force = [
        (month, closing_id)
        for closing_id, month, edition in rows(
            f"SELECT c.id, c.month, c.edition FROM closing c WHERE {standing} AND c.month <= ?",
            (*given, month_of(day)),
        )
        if effective_from(month, policies[edition]) <= day
    ]
    if in_force:
        _month, closing_id = max(in_force)
        for customer_id, level, form in rows(
            "SELECT customer_id, level_after, form_after FROM tier_result WHERE closing_id = ?",
            (closing_id,),
        ):
            states[customer_id] = TierState(Level(level), SalesForm(form))
    for customer_id in disqualified_on(day):
        states.pop(customer_id, None)
    return states
