"""Levels: what a closing computes from, the levels in force, and every closing's results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from chemsales.queries.reading import query
from chemsales.rules import roles
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.errors import Reason
from chemsales.rules.periods import Month, Period, check_month, month_days, month_of, month_range
from chemsales.rules.policy import Policy
from chemsales.rules.roles import Action, Actor
from chemsales.rules.tiers import Level, TierOutcome, TierState, effective_from
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of


@dataclass(frozen=True, slots=True)
class TierRow:
    """The level of one customer after a closing; kilograms are the month's net polyolefin take."""

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
    active: bool


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """One closing of a month, standing or ended."""

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


class TierInput(NamedTuple):
    """A polyolefin customer at a closing: state before, class of the month's end, net take."""

    customer_id: int
    level: Level
    form: SalesForm
    customer_class: CustomerClass
    kg: int


_LEVEL = {str(level): level for level in Level}
_FORM = {str(form): form for form in SalesForm}

_INPUTS = """
SELECT s.customer_id, coalesce(r.level_after, s.level), coalesce(r.form_after, s.form),
       coalesce(k.direct, 0), coalesce(t.kg, 0)
FROM tier_start s
LEFT JOIN tier_result r ON r.closing_id = ? AND r.customer_id = s.customer_id
LEFT JOIN (
    SELECT c.customer_id, min(CASE c.customer_class WHEN 'direct' THEN 1 ELSE 0 END) AS direct
    FROM customer_class c JOIN product_group g ON g.code = c.group_code AND g.polyolefin = 1
    WHERE c.from_day <= ? AND (c.to_day IS NULL OR c.to_day >= ?)
    GROUP BY c.customer_id
) k ON k.customer_id = s.customer_id
LEFT JOIN (
    SELECT p.customer_id, sum(p.kg) AS kg FROM pickup p
    WHERE p.month = ?
      AND p.product_code IN (SELECT d.code FROM product d JOIN product_group g
                             ON g.code = d.group_code AND g.polyolefin = 1)
      AND p.batch_id IN (SELECT id FROM import_batch WHERE undone_at IS NULL)
    GROUP BY p.customer_id
) t ON t.customer_id = s.customer_id
WHERE s.from_day <= ?
ORDER BY s.customer_id
"""


def closing_inputs(month: Month) -> tuple[int | None, list[TierInput]]:
    """The latest standing closing before `month`, and every polyolefin customer as it enters it.

    The take is the net of weighed pick-ups and returns dated in the month, of standing imports
    (A.X 3); the state is that after the closing before, else the starting level.
    """
    last = month_days(month)[1].isoformat()
    found = rows(
        "SELECT id FROM closing WHERE active = 1 AND month < ? ORDER BY month DESC LIMIT 1",
        (month,),
    )
    previous = int(found[0][0]) if found else None
    dealer, direct = CustomerClass.DEALER, CustomerClass.DIRECT
    inputs = [
        TierInput(customer, _LEVEL[level], _FORM[form], direct if pinned else dealer, int(kg))
        for customer, level, form, pinned, kg in rows(
            _INPUTS, (previous or 0, last, last, month, last)
        )
    ]
    return previous, inputs


def gate_scores(month: Month) -> tuple[dict[int, Decimal], list[int]]:
    """The latest approved score of each customer's polyolefins before `month` begins (A.X 6), and the
    runs it was taken from; a customer without one is not in the mapping."""
    runs = rows(
        "SELECT r.id, r.period, r.revision FROM evaluation_run r "
        "JOIN approval_case c ON c.id = r.case_id WHERE c.outcome = 'approved'"
    )
    ended = [
        (Period.parse(period).last_day, revision, run_id)
        for run_id, period, revision in runs
        if Period.parse(period).last_day < month_days(month)[0]
    ]
    scores: dict[int, Decimal] = {}
    used = []
    for _last, _revision, run_id in sorted(ended, reverse=True):
        found = rows(
            "SELECT e.customer_id, e.score FROM evaluation e JOIN product_group g "
            "ON g.code = e.group_code AND g.polyolefin = 1 "
            "WHERE e.run_id = ? AND e.score IS NOT NULL",
            (run_id,),
        )
        fresh: dict[int, Decimal] = {}
        for customer_id, score in found:
            if customer_id not in scores:
                lowest = min(fresh.get(customer_id, Decimal(score)), Decimal(score))
                fresh[customer_id] = lowest
        if fresh:
            used.append(int(run_id))
            scores.update(fresh)
    return scores, used


def zero_months(month: Month, policy: Policy) -> Mapping[int, int]:
    """Closed months without take right before `month`, by customer, as far as the policy asks
    (A.X 4)."""
    limit = policy.auction_return_after_zero_months
    if limit is None:
        return {}
    counted: dict[int, int] = {}
    ended: set[int] = set()
    for customer_id, kg in rows(
        "SELECT r.customer_id, r.kg FROM tier_result r JOIN closing c ON c.id = r.closing_id "
        "WHERE c.active = 1 AND c.month < ? AND c.month >= ? ORDER BY c.month DESC",
        (month, month_range(f"{int(month[:4]) - 10:04d}-01", month)[-1 - min(limit, 100)]),
    ):
        if kg > 0:
            ended.add(customer_id)
        elif customer_id not in ended:
            counted[customer_id] = counted.get(customer_id, 0) + 1
    return counted


def results_digest(results: Iterable[Sequence[object]]) -> str:
    """The SHA-256 of a closing's results in order of customers: (customer_id, kg, level_before,
    form_before, level_after, form_after, outcome, reasons as stored)."""
    digest = hashlib.sha256()
    for row in results:
        digest.update("\x1f".join(str(cell) for cell in row).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def stored_results(closing_id: int) -> list[tuple[object, ...]]:
    """The rows of one closing in the form and order that `results_digest` takes."""
    return rows(
        "SELECT customer_id, kg, level_before, form_before, level_after, form_after, outcome, "
        "reasons "
        "FROM tier_result WHERE closing_id = ? ORDER BY customer_id",
        (closing_id,),
    )


def gaps_before(month: Month) -> list[Month]:
    """Months between the first standing closing and `month` that are not closed (A.X 7)."""
    closed = [
        row[0] for row in rows("SELECT month FROM closing WHERE active = 1 AND month < ?", (month,))
    ]
    if not closed:
        return []
    return sorted(set(month_range(min(closed), month)) - set(closed) - {month})


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


_RESULTS = (
    "SELECT r.customer_id, u.code, u.name, r.month, c.revision, r.kg, r.level_before, "
    "r.level_after, r.form_after, r.outcome, r.reasons, c.edition, c.active "
    "FROM tier_result r JOIN closing c ON c.id = r.closing_id "
    "JOIN customer u ON u.id = r.customer_id "
)


def _row(row: Sequence[object]) -> TierRow:
    customer_id, code, name, month, revision, kg, before, after, form, outcome, reasons, *rest = row
    said = tuple(Reason.from_dict(stored) for stored in json.loads(str(reasons)))
    return TierRow(
        int(str(customer_id)), str(code), str(name), str(month), int(str(revision)), int(str(kg)),
        Level(str(before)), Level(str(after)), SalesForm(str(form)), TierOutcome(str(outcome)),
        said, int(str(rest[0])), bool(rest[1]),
    )  # fmt: skip


@query()
def results(actor: Actor, month: Month) -> list[TierRow]:
    """The levels that the standing closing of `month` computed, by the names' sort key."""
    found = rows(
        _RESULTS + "WHERE c.active = 1 AND c.month = ? ORDER BY u.sort_key, u.code", (month,)
    )
    return [_row(row) for row in found]


@query()
def history(actor: Actor, customer_id: int) -> list[TierRow]:
    """Every result of a customer, the newest month and revision first; ended closings included."""
    found = rows(
        _RESULTS + "WHERE r.customer_id = ? ORDER BY r.month DESC, c.revision DESC", (customer_id,)
    )
    return [_row(row) for row in found]


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


def levels_on(day: date, policy: Policy) -> dict[int, TierState]:
    """The level in force on a day of every polyolefin customer (A.X 8): that of the latest standing
    closing whose effect has begun, else the starting level."""
    states = {
        customer_id: TierState(Level(level), SalesForm(form))
        for customer_id, level, form in rows(
            "SELECT customer_id, level, form FROM tier_start WHERE from_day <= ?",
            (day.isoformat(),),
        )
    }
    in_force = [
        (month, closing_id)
        for closing_id, month in rows(
            "SELECT id, month FROM closing WHERE active = 1 AND month <= ?", (month_of(day),)
        )
        if effective_from(month, policy) <= day
    ]
    if in_force:
        _month, closing_id = max(in_force)
        for customer_id, level, form in rows(
            "SELECT customer_id, level_after, form_after FROM tier_result WHERE closing_id = ?",
            (closing_id,),
        ):
            states[customer_id] = TierState(Level(level), SalesForm(form))
    return states
