"""Completion of a plan (提货完成率) and the plan that a customer answers for (A.X 12, A.X 23)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from chemsales.rules.periods import Month, month_days
from chemsales.rules.policy import Policy


@dataclass(frozen=True, slots=True)
class Completion:
    """Take over plan: `ratio` counts at most 1 and is what scores, `raw` is shown; None without a
    plan (A.X 23)."""

    ratio: Fraction | None
    raw: Fraction | None


def completion(take_kg: int, plan_kg: int, short_kg: int, policy: Policy) -> Completion:
    """The completion of a confirmed plan, less what the company itself lacked (A.X 23)."""
    plan = net_plan(plan_kg, short_kg, policy)
    if plan <= 0:
        return Completion(None, None)
    raw = Fraction(take_kg, plan)
    return Completion(min(Fraction(1), max(Fraction(0), raw)), raw)


def net_plan(plan_kg: int, short_kg: int, policy: Policy) -> int:
    """The plan that a customer answers for, in kilograms (A.X 23)."""
    return plan_kg - short_kg if policy.company_short_deducted else plan_kg


def open_order(take_kg: int, plan_kg: int, short_kg: int, policy: Policy) -> int:
    """What is still to be taken of a month's plan, in kilograms; 0 where it was taken, and what
    came back is not ordered anew (C10.4, C17.1)."""
    return max(0, net_plan(plan_kg, short_kg, policy) - max(0, take_kg))


def plan_while_dealing(plan_kg: int, suspended_days: int, month: Month) -> int:
    """What a plan in kilograms comes to without the days on which the customer was suspended, all
    days of the month alike and cut off to a whole kilogram (A.X 12): the plan up to the suspension,
    and from its lifting on."""
    first, last = month_days(month)
    days = (last - first).days + 1
    return plan_kg * (days - suspended_days) // days
