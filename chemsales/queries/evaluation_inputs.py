"""What evaluations are computed from: raw data of closed months, frozen as JSON (C16.1)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chemsales.queries.licences import suspended_days
from chemsales.queries.settings import value
from chemsales.rules.accreditation import digest
from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.classification import CustomerClass
from chemsales.rules.completion import plan_while_dealing
from chemsales.rules.errors import Reason
from chemsales.rules.evaluation import EvaluationInput, MonthFacts
from chemsales.rules.evenness import weeks_of
from chemsales.rules.periods import Month, Period, month_days, month_of, previous_month
from chemsales.storage.database import rows

Key = tuple[int, str]  # customer and product group

_STANDING = "batch_id IN (SELECT id FROM import_batch WHERE undone_at IS NULL)"
_CLASSES = (
    "SELECT c.id, c.code, c.name, coalesce(p.name, c.manager), c.accredited_on, k.group_code, "
    "k.customer_class, k.region FROM customer_class k JOIN customer c ON c.id = k.customer_id "
    "LEFT JOIN person p ON p.login = c.manager "
    "WHERE k.from_day <= ? AND (k.to_day IS NULL OR k.to_day >= ?) "
    "ORDER BY c.sort_key, c.code, k.group_code"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer in a product group by its class at the period's end, and what is evaluated.

    The months of `inputs` are the closed ones from the admission on (A.X 22); `level` is what the
    last closed month did to it, `previous_score` the approved score of the period before.
    """

    customer_id: int
    code: str
    name: str
    manager: str
    group_code: str
    region: str
    inputs: EvaluationInput
    level: Mapping[str, Any] | None
    previous_score: str | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A customer that should have a row and has none, and why (C16.1)."""

    customer_id: int
    code: str
    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PeriodInputs:
    """Everything that a period's evaluations rest on; `totals` are kilograms by month and group."""

    period: Period
    closed: tuple[Month, ...]
    closings: tuple[int, ...]
    candidates: tuple[Candidate, ...]
    missing: tuple[Missing, ...]
    totals: Mapping[Month, Mapping[str, int]]
    groups: tuple[tuple[str, str, str], ...]
    company: str


def load_inputs(period: Period, today: date) -> PeriodInputs:
    """Read the raw data of a period as it stands (inside services and queries, a few statements).

    Classes are those in force at the period's end, or today in a period that still runs.
    """
    end = min(period.last_day, today).isoformat()
    closings = rows(
        f"SELECT month, id FROM closing WHERE active = 1 AND month IN ({_marks(period)}) "
        "ORDER BY month",
        period.months,
    )
    closed = tuple(str(month) for month, _ in closings)
    facts = _Facts(period, closed)
    candidates, missing = [], []
    for row in rows(_CLASSES, (end, end)):
        customer_id, code, name, manager, accredited_on, group, customer_class, region = row
        admitted = month_of(date.fromisoformat(accredited_on))
        own = tuple(month for month in closed if month >= admitted)
        if not own:
            reason = _without_month(closed, period, admitted)
            missing.append(Missing(customer_id, code, name, (reason,)))
            continue
        key = (customer_id, group)
        inputs = facts.inputs(key, CustomerClass(customer_class), own)
        level = facts.levels.get(customer_id) if group in facts.polyolefins else None
        person = (customer_id, code, name, manager, group, region)
        candidates.append(Candidate(*person, inputs, level, facts.previous.get(key)))
    groups = tuple(
        (str(code), str(name), str(name_en))
        for code, name, name_en in rows(
            "SELECT code, name, name_en FROM product_group ORDER BY polyolefin DESC, code"
        )
    )
    return PeriodInputs(
        period,
        closed,
        tuple(int(closing) for _, closing in closings),
        tuple(candidates),
        tuple(missing),
        facts.totals,
        groups,
        value("company"),
    )


def _marks(period: Period) -> str:
    return ", ".join("?" for _ in period.months)


def _without_month(closed: tuple[Month, ...], period: Period, admitted: Month) -> Reason:
    if closed:
        params = {"month": admitted, "closed": "、".join(closed)}
        return Reason("reason.no_closed_month_since_admission", params, "C16.1")
    return Reason("reason.no_closed_month", {}, "C16.1")


class _Facts:
    """The sums of a period by customer and product group, read at once."""

    def __init__(self, period: Period, closed: tuple[Month, ...]) -> None:
        self.take: dict[Key, dict[Month, int]] = defaultdict(lambda: defaultdict(int))
        self.daily: dict[Key, dict[Month, dict[date, int]]] = defaultdict(lambda: defaultdict(dict))
        self.plans: dict[Key, dict[Month, tuple[int, int]]] = defaultdict(dict)
        self.ratings: dict[int, dict[Month, int]] = defaultdict(dict)
        self.totals: dict[Month, dict[str, int]] = {month: {} for month in period.months}
        self._read_take(period)
        self._read_plans(period)
        for customer_id, month, score in rows(
            "SELECT customer_id, month, score FROM cooperation_rating WHERE void = 0 "
            f"AND confirmed_at IS NOT NULL AND month IN ({_marks(period)})",
            period.months,
        ):
            self.ratings[customer_id][month] = score
        polyolefins = rows("SELECT code FROM product_group WHERE polyolefin = 1")
        self.polyolefins = {str(code) for (code,) in polyolefins}
        self.levels = _levels(closed[-1]) if closed else {}
        self.previous = _previous_scores(period)
        self.suspended = suspended_days(closed)

    def _read_take(self, period: Period) -> None:
        for customer_id, group, month, day, kg in rows(
            "SELECT p.customer_id, d.group_code, p.month, p.day, sum(p.kg) FROM pickup p "
            f"JOIN product d ON d.code = p.product_code WHERE p.month IN ({_marks(period)}) "
            f"AND p.{_STANDING} GROUP BY p.customer_id, d.group_code, p.month, p.day "
            "ORDER BY p.customer_id, d.group_code, p.day",
            period.months,
        ):
            key, kilograms = (customer_id, group), int(kg)
            self.take[key][month] += kilograms
            days = self.daily[key][month]
            when = date.fromisoformat(day)
            days[when] = days.get(when, 0) + kilograms
            self.totals[month][group] = self.totals[month].get(group, 0) + kilograms

    def _read_plans(self, period: Period) -> None:
        for customer_id, group, month, kg, short in rows(
            "SELECT l.customer_id, d.group_code, l.month, sum(l.kg), sum(l.short_kg) "
            f"FROM plan_line l JOIN product d ON d.code = l.product_code "
            f"WHERE l.month IN ({_marks(period)}) AND l.{_STANDING} "
            "GROUP BY l.customer_id, d.group_code, l.month",
            period.months,
        ):
            self.plans[customer_id, group][month] = (int(kg), int(short))

    def inputs(
        self, key: Key, customer_class: CustomerClass, months: tuple[Month, ...]
    ) -> EvaluationInput:
        """What the rules evaluate; no data yet for payment, credit, complaints and market
        information."""
        take, plans, daily = (
            self.take.get(key, {}),
            self.plans.get(key, {}),
            self.daily.get(key, {}),
        )
        facts = []
        days: dict[date, int] = {}
        for month in months:
            plan, short = plans.get(month, (None, 0))
            off = self.suspended[month].get(key[0], 0)
            if plan is not None and off:
                plan, short = (plan_while_dealing(kg, off, month) for kg in (plan, short))
            facts.append(MonthFacts(month, take.get(month, 0), plan, short, off))
            for day, kg in daily.get(month, {}).items():
                days[day] = days.get(day, 0) + kg
        rated = self.ratings.get(key[0], {})
        cooperation = {month: rated[month] for month in months if month in rated}
        return EvaluationInput(customer_class, tuple(facts), days, cooperation)


def _levels(month: Month) -> dict[int, Mapping[str, Any]]:
    """What the standing closing of a month did to each level."""
    return {
        customer_id: {
            "before": before,
            "after": after,
            "outcome": outcome,
            "reasons": json.loads(reasons),
        }
        for customer_id, before, after, outcome, reasons in rows(
            "SELECT r.customer_id, r.level_before, r.level_after, r.outcome, r.reasons "
            "FROM tier_result r JOIN closing c ON c.id = r.closing_id "
            "WHERE c.active = 1 AND c.month = ?",
            (month,),
        )
    }


def previous_period(period: Period) -> Period:
    """The period of the same kind before this one."""
    last = previous_month(period.start_month)
    length = len(period.months)
    first = last
    for _ in range(length - 1):
        first = previous_month(first)
    year, number = first[:4], int(first[5:])
    tail = {3: f"Q{(number + 2) // 3}", 6: f"H{1 if number == 1 else 2}", 12: ""}[length]
    return Period.parse(year + tail)


def _previous_scores(period: Period) -> dict[Key, str]:
    """The approved scores of the period before, by the newest approved revision."""
    found = rows(
        "SELECT r.id FROM evaluation_run r JOIN approval_case c ON c.id = r.case_id "
        "WHERE r.period = ? AND c.outcome = 'approved' ORDER BY r.revision DESC LIMIT 1",
        (str(previous_period(period)),),
    )
    if not found:
        return {}
    return {
        (customer_id, group): score
        for customer_id, group, score in rows(
            "SELECT customer_id, group_code, score FROM evaluation "
            "WHERE run_id = ? AND score IS NOT NULL",
            (found[0][0],),
        )
    }


def frozen(candidate: Candidate) -> dict[str, Any]:
    """The inputs of one evaluation as they are stored and hashed: JSON-able, in kilograms."""
    given = candidate.inputs
    return {
        "customer": {
            "code": candidate.code,
            "name": candidate.name,
            "manager": candidate.manager,
            "region": candidate.region,
        },
        "customer_class": str(given.customer_class),
        "months": [
            {
                "month": m.month,
                "take_kg": m.take_kg,
                "plan_kg": m.plan_kg,
                "short_kg": m.short_kg,
                **({"suspended_days": m.suspended_days} if m.suspended_days else {}),
            }
            for m in given.months
        ],
        "daily_kg": {day.isoformat(): kg for day, kg in sorted(given.daily_kg.items())},
        "cooperation": dict(sorted(given.cooperation.items())),
        "level": candidate.level,
    }


def inputs_hash(inputs: PeriodInputs, edition: int, calendar: WorkCalendar) -> str:
    """The hash over all that a run rests on: the edition, the calendar of each list of months that
    is evaluated (working days by week, whether they are official), the frozen inputs, and what the
    reports print of the whole period. The company's name is not among it: a new one changes no
    evaluation."""
    lists = sorted({tuple(m.month for m in c.inputs.months) for c in inputs.candidates})
    calendars = [[months, *weeks_of(months, {}, calendar)[1:]] for months in lists]
    candidates = [[c.group_code, frozen(c)] for c in inputs.candidates]
    missing = [
        [each.customer_id, each.code, each.name, [reason.as_dict() for reason in each.reasons]]
        for each in inputs.missing
    ]
    heads = [inputs.closed, inputs.totals, missing, inputs.groups]
    return digest([edition, calendars, candidates, heads])


def frozen_calendar(period: Period, calendar: WorkCalendar) -> dict[str, Any]:
    """The days of a period that are off or at work against their weekday, and the official years:
    all that its evaluations ask the calendar; JSON-able."""
    first, last = month_days(period.months[0])[0], period.last_day
    span = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return {
        "official": [y for y in range(first.year, last.year + 1) if y in calendar.official],
        "off": [d.isoformat() for d in span if d.weekday() < 5 and not calendar.is_working(d)],
        "work": [d.isoformat() for d in span if d.weekday() >= 5 and calendar.is_working(d)],
    }
