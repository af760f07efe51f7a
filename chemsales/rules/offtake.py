"""Pick-ups and plans (提货量, 计划量): kinds and the checks of an imported row."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from chemsales.rules.calendar import DueDate, WorkCalendar
from chemsales.rules.errors import Param, Problem, Reason, term
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.periods import Month, month_of, previous_month
from chemsales.rules.policy import Policy


class BatchKind(StrEnum):
    """What an imported file holds."""

    PICKUPS = "pickups"
    PLANS = "plans"
    CUSTOMERS = "customers"


class PickupKind(StrEnum):
    """A weighed pick-up, or an accepted return with negative kilograms (A.X 3)."""

    PICKUP = "pickup"
    RETURN = "return"


def check_pickup_row(
    day: date,
    kg: int,
    kind: PickupKind,
    today: date,
    closed_months: Collection[Month] = (),
    accredited_on: date | None = None,
) -> tuple[Problem, ...]:
    """What is wrong with a weighed pick-up or a return (A.X 3); the places are "day" and "kg".

    A pick-up has kilograms above zero, a return below; neither lies in the future, in a closed
    month (a return of such a month is dated in the current one), or before the customer's
    accreditation (C7.2).
    """
    found = []
    month = month_of(day)
    if day > today:
        found.append(Problem("day", Reason("reason.day_in_future", {"day": day.isoformat()})))
    elif month in closed_months:
        found.append(Problem("day", Reason("reason.month_is_closed", {"month": month}, "C9.2")))
    elif accredited_on is not None and day < accredited_on:
        params: dict[str, Param] = {"day": day.isoformat(), "accredited": accredited_on.isoformat()}
        found.append(Problem("day", Reason("reason.before_accreditation", params, "C7.2")))
    if kg == 0 or (kg < 0) is not (kind is PickupKind.RETURN):
        params = {"kind": term(kind), "tonnes": format_tonnes(kg)}
        found.append(Problem("kg", Reason("reason.pickup_sign", params, "C9.2")))
    return tuple(found)


def check_plan_row(
    month: Month,
    kg: int,
    short_kg: int,
    today: date,
    closed_months: Collection[Month] = (),
) -> tuple[Problem, ...]:
    """What is wrong with a month's confirmed plan (A.X 23); places "month", "kg" and "short_kg".

    Neither quantity is negative, and the company cannot have lacked more than was confirmed. A plan
    may be made for the next twelve months.
    """
    found = []
    if month in closed_months:
        found.append(Problem("month", Reason("reason.month_is_closed", {"month": month}, "C9.2")))
    latest = f"{today.year + 1:04d}-{today.month:02d}"
    if month > latest:
        params: dict[str, Param] = {"month": month, "latest": latest}
        found.append(Problem("month", Reason("reason.plan_too_far", params, "C10.4")))
    for place, quantity in (("kg", kg), ("short_kg", short_kg)):
        if quantity < 0:
            found.append(Problem(place, Reason("reason.quantity_negative", {}, "C10.4")))
    if short_kg > kg >= 0:
        params = {"short": format_tonnes(short_kg), "plan": format_tonnes(kg)}
        found.append(Problem("short_kg", Reason("reason.short_above_plan", params, "C16.1")))
    return tuple(found)


def plan_deadline(month: Month, calendar: WorkCalendar, policy: Policy) -> DueDate:
    """The day by which an agent's plan for `month` is due: day 25 of the month before, or the
    working day before that (C10.4)."""
    before = previous_month(month)
    return calendar.last_working_day(date(int(before[:4]), int(before[5:]), policy.plan_day))
