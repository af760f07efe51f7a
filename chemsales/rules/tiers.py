"""Levels of polyolefin customers (客户分级, C9.2, C9.3, A.X 1-8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.errors import Param, Reason, term
from chemsales.rules.evaluation import show_score
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.periods import Month, month_days, next_month
from chemsales.rules.policy import Policy


class Level(StrEnum):
    """The five levels in order."""

    AUCTION = "auction"  # 网拍客户
    ORDINARY = "ordinary"  # 普通客户
    ONE_STAR = "one_star"  # 一星客户
    TWO_STAR = "two_star"  # 二星客户
    THREE_STAR = "three_star"  # 三星客户


class TierOutcome(StrEnum):
    """What a month did to a level."""

    RAISED = "raised"
    LOWERED = "lowered"
    KEPT = "kept"
    BLOCKED = "blocked"
    PINNED = "pinned"
    MISSING = "missing"
    AUCTION_EXIT = "auction_exit"


@dataclass(frozen=True, slots=True)
class TierState:
    """A customer's level and form of sale."""

    level: Level
    form: SalesForm


@dataclass(frozen=True, slots=True)
class MonthInput:
    """What a month brings: net polyolefin take in kilograms (None: the month is not closed, A.X 7),
    the latest approved evaluation score (None: not evaluated yet, A.X 6), and whether the customer
    was suspended on a day of it (A.X 12)."""

    kg: int | None
    score: Decimal | None = None
    suspended: bool = False


class TierStep(NamedTuple):
    """The level and form after a month, what happened, and why."""

    level: Level
    form: SalesForm
    outcome: TierOutcome
    reasons: tuple[Reason, ...]


LEVELS = tuple(Level)
_RANK = {level: rank for rank, level in enumerate(LEVELS)}
_TERM = {level: term(level) for level in LEVELS}
# The article's own definition of each level (C9.2, items 1 to 5)
_CLAUSE = {level: f"C9.2.{rank}" for rank, level in enumerate(LEVELS, start=1)}
_PINNED = (Reason("reason.tier_direct_pinned", {"level": _TERM[Level.ORDINARY]}, "C9.2"),)
_UNSCORED = Reason("reason.tier_not_evaluated", {}, "C9.2")
_AUCTION_NO_TAKE = Reason("reason.tier_auction_no_take", {}, "C9.3")
_AUCTION_MANUAL = Reason("reason.tier_auction_manual", {}, "C9.3")


def _move(before: Level, after: Level) -> Reason:
    params = {"before": _TERM[before], "after": _TERM[after]}
    if _RANK[after] > _RANK[before]:
        return Reason("reason.tier_raised", params, "C9.2")
    return Reason("reason.tier_lowered", params, "C9.2")


_MOVES = {
    (before, after): _move(before, after)
    for before in LEVELS
    for after in LEVELS
    if before is not after
}
_KEPT = {level: Reason("reason.tier_kept", {"level": _TERM[level]}, "C9.2") for level in LEVELS}
_EXIT = {
    level: Reason("reason.tier_auction_exit", {"after": _TERM[level]}, "C9.3") for level in LEVELS
}


def implied_level(kg: int, policy: Policy) -> Level:
    """The level that a month's take in kilograms stands for; a threshold is included (C9.2).

    Never AUCTION: a plan customer without take is ordinary (A.X 4).
    """
    one, two, three = policy.level_thresholds_kg
    if kg < one:
        return Level.ORDINARY
    if kg < two:
        return Level.ONE_STAR
    return Level.TWO_STAR if kg < three else Level.THREE_STAR


def effective_from(month: Month, policy: Policy) -> date:
    """The day from which the level computed at the closing of `month` is in force (A.X 8)."""
    held = next_month(month) if policy.level_effective == "next_month" else month
    return month_days(held)[0]


def next_level(
    state: TierState,
    customer_class: CustomerClass,
    month: Month,
    kg: int | None,
    score: Decimal | None,
    policy: Policy,
    zero_months: int = 0,
    suspended: bool = False,
) -> TierStep:
    """The level after one month, with its reasons (C9.2, C9.3, A.X 1-8, A.X 12).

    `kg` is the month's net take, None where the month is not closed; `score` the latest approved
    evaluation, None where there is none; `zero_months` the closed months without take right before
    this one (read only where the policy returns customers to auction). A month of net returns has
    no take. A month with a day on which the customer was `suspended` counts as missing, not as
    zero: where its take is nothing, or too little for the level, it leaves the level and the count
    of months without take as they are. What was taken in spite of it is a take: a month that by
    itself keeps or raises the level does so.
    """
    level = state.level
    if customer_class is CustomerClass.DIRECT:
        return TierStep(Level.ORDINARY, SalesForm.PLAN, TierOutcome.PINNED, _PINNED)
    if kg is None:
        params = {"month": month, "level": _TERM[level]}
        reason = Reason("reason.tier_month_missing", params, "C9.2")
        return TierStep(level, state.form, TierOutcome.MISSING, (reason,))
    target = implied_level(kg, policy)
    params = {"month": month, "tonnes": format_tonnes(kg), "level": _TERM[target]}
    take = Reason("reason.tier_take", params, _CLAUSE[target])
    if suspended and (kg <= 0 or _RANK[target] < _RANK[level]):
        params = {"month": month, "tonnes": format_tonnes(kg), "level": _TERM[level]}
        reason = Reason("reason.tier_month_suspended", params, "C15.2")
        return TierStep(level, state.form, TierOutcome.MISSING, (reason,))
    if level is Level.AUCTION:
        if kg <= 0:
            return TierStep(level, state.form, TierOutcome.KEPT, (take, _AUCTION_NO_TAKE))
        if policy.auction_exit == "manual":
            return TierStep(level, state.form, TierOutcome.KEPT, (take, _AUCTION_MANUAL))
    elif policy.auction_return_after_zero_months is not None:
        return _returning(state, target, take, kg, score, policy, zero_months)
    return _moved(state, target, take, score, policy)


def missed_months(
    state: TierState, customer_class: CustomerClass, months: Iterable[Month], policy: Policy
) -> Iterator[Reason]:
    """What months that were never closed did to a customer that was there: nothing (A.X 7)."""
    for month in months:
        step = next_level(state, customer_class, month, None, None, policy)
        if step.outcome is TierOutcome.MISSING:
            yield from step.reasons


def _moved(
    state: TierState, target: Level, take: Reason, score: Decimal | None, policy: Policy
) -> TierStep:
    """Toward the level that the take implies, past the gate of the evaluation (A.X 1, 6)."""
    level = state.level
    rank, wanted = _RANK[level], _RANK[target]
    failing = score is not None and score < policy.level_gate_score
    reasons: tuple[Reason, ...]
    if failing and policy.fall_on_bad_score and rank > 1 and wanted >= rank:
        after = LEVELS[rank - 1]
        bad = Reason("reason.tier_bad_score", _gate(score, policy), "C9.2")
        reasons = (take, bad, _MOVES[level, after])
        return TierStep(after, state.form, TierOutcome.LOWERED, reasons)
    if wanted == rank:
        return TierStep(level, state.form, TierOutcome.KEPT, (take, _KEPT[level]))
    if wanted > rank and failing:
        held = Reason("reason.tier_gate", _gate(score, policy), "C9.2")
        reasons = (take, held, _KEPT[level])
        return TierStep(level, state.form, TierOutcome.BLOCKED, reasons)
    after = target
    if policy.level_move == "one_step":
        after = LEVELS[rank + 1] if wanted > rank else LEVELS[rank - 1]
    form = SalesForm.AUCTION if after is Level.AUCTION else state.form
    if wanted < rank:
        return TierStep(after, form, TierOutcome.LOWERED, (take, _MOVES[level, after]))
    move, outcome = _MOVES[level, after], TierOutcome.RAISED
    if level is Level.AUCTION:
        move, outcome, form = _EXIT[after], TierOutcome.AUCTION_EXIT, SalesForm.PLAN
    reasons = (take, move) if score is not None else (take, move, _UNSCORED)
    return TierStep(after, form, outcome, reasons)


def _gate(score: Decimal | None, policy: Policy) -> dict[str, Param]:
    """A score and its gate as they are shown: two decimals, more only where they would be alike."""
    shown = show_score(score)
    if score is not None and Decimal(shown) >= policy.level_gate_score:
        shown = str(score)
    return {"score": shown, "gate": str(policy.level_gate_score)}


def _returning(
    state: TierState,
    target: Level,
    take: Reason,
    kg: int,
    score: Decimal | None,
    policy: Policy,
    zero_months: int,
) -> TierStep:
    """As `_moved`, but enough closed months without take lead back to auction (A.X 4)."""
    enough = policy.auction_return_after_zero_months
    if enough is not None and kg <= 0 and zero_months + 1 >= enough:
        target = Level.AUCTION
        params = {"month": take.params["month"], "months": zero_months + 1}
        take = Reason("reason.tier_zero_months", params, "C9.2")
    return _moved(state, target, take, score, policy)


def run_months(
    start: TierState,
    customer_class: CustomerClass,
    months: Sequence[tuple[Month, MonthInput]],
    policy: Policy,
) -> list[TierStep]:
    """The step of each month in turn, each from the level that the one before left (A.X 7).

    A month that is not closed, or counts as missing, leaves the level and the count of months
    without take as they are.
    """
    steps = []
    state, zero_months = start, 0
    for month, given in months:
        step = next_level(
            state, customer_class, month, given.kg, given.score, policy, zero_months,
            given.suspended,
        )  # fmt: skip
        steps.append(step)
        state = TierState(step.level, step.form)
        if given.kg is not None and (given.kg > 0 or step.outcome is not TierOutcome.MISSING):
            zero_months = zero_months + 1 if given.kg <= 0 else 0
    return steps
