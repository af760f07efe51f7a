"""Levels of polyolefin customers (C9.2, C9.3, A.X 1-8); more outcomes are in test_cases."""

from __future__ import annotations

import random
import sys
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chemsales.articles import article, clauses
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.numbers import parse_tonnes
from chemsales.rules.policy import DEFAULT, Policy
from chemsales.rules.tiers import (
    LEVELS,
    Level,
    MonthInput,
    TierOutcome,
    TierState,
    effective_from,
    implied_level,
    next_level,
    run_months,
)
from chemsales.words import say

PLAN, AUCTION = SalesForm.PLAN, SalesForm.AUCTION
DIRECT_MOVE = Policy(level_move="direct")


@pytest.mark.parametrize(
    ("kg", "level"),
    [
        (-1, Level.ORDINARY),
        (0, Level.ORDINARY),
        (999_999, Level.ORDINARY),
        (1_000_000, Level.ONE_STAR),
        (1_999_999, Level.ONE_STAR),
        (2_000_000, Level.TWO_STAR),
        (2_999_999, Level.TWO_STAR),
        (3_000_000, Level.THREE_STAR),
        (10**9, Level.THREE_STAR),
    ],
)
def test_thresholds_include_their_number(kg: int, level: Level) -> None:
    assert implied_level(kg, DEFAULT) is level


# level, class, kg, score, policy -> level, form, outcome, codes of the reasons, first clause
STEPS = [
    (
        Level.ORDINARY, CustomerClass.DEALER, 1_500_000, Decimal(80), DEFAULT,
        Level.ONE_STAR, PLAN, TierOutcome.RAISED, ["tier_take", "tier_raised"], "C9.2.3",
    ),
    (
        Level.ORDINARY, CustomerClass.DEALER, 1_500_000, None, DEFAULT,
        Level.ONE_STAR, PLAN, TierOutcome.RAISED,
        ["tier_take", "tier_raised", "tier_not_evaluated"], "C9.2.3",
    ),
    (
        Level.THREE_STAR, CustomerClass.DEALER, 1_500_000, None, DEFAULT,
        Level.TWO_STAR, PLAN, TierOutcome.LOWERED, ["tier_take", "tier_lowered"], "C9.2.3",
    ),
    (
        Level.TWO_STAR, CustomerClass.DEALER, 2_500_000, None, DEFAULT,
        Level.TWO_STAR, PLAN, TierOutcome.KEPT, ["tier_take", "tier_kept"], "C9.2.4",
    ),
    (
        Level.ORDINARY, CustomerClass.DEALER, 3_000_000, Decimal("59.99"), DEFAULT,
        Level.ORDINARY, PLAN, TierOutcome.BLOCKED, ["tier_take", "tier_gate", "tier_kept"],
        "C9.2.5",
    ),
    (
        Level.TWO_STAR, CustomerClass.DEALER, 2_500_000, Decimal(50),
        Policy(fall_on_bad_score=True),
        Level.ONE_STAR, PLAN, TierOutcome.LOWERED,
        ["tier_take", "tier_bad_score", "tier_lowered"], "C9.2.4",
    ),
    (
        Level.ORDINARY, CustomerClass.DIRECT, 3_000_000, Decimal(100), DEFAULT,
        Level.ORDINARY, PLAN, TierOutcome.PINNED, ["tier_direct_pinned"], "C9.2",
    ),
    (
        Level.ORDINARY, CustomerClass.DIRECT, None, None, DEFAULT,
        Level.ORDINARY, PLAN, TierOutcome.PINNED, ["tier_direct_pinned"], "C9.2",
    ),
    (
        Level.TWO_STAR, CustomerClass.DEALER, None, Decimal(10), DEFAULT,
        Level.TWO_STAR, PLAN, TierOutcome.MISSING, ["tier_month_missing"], "C9.2",
    ),
    (
        Level.AUCTION, CustomerClass.DEALER, 3_500_000, None, DEFAULT,
        Level.ORDINARY, PLAN, TierOutcome.AUCTION_EXIT,
        ["tier_take", "tier_auction_exit", "tier_not_evaluated"], "C9.2.5",
    ),
    (
        Level.AUCTION, CustomerClass.DEALER, 3_500_000, Decimal(90), DIRECT_MOVE,
        Level.THREE_STAR, PLAN, TierOutcome.AUCTION_EXIT, ["tier_take", "tier_auction_exit"],
        "C9.2.5",
    ),
    (
        Level.AUCTION, CustomerClass.DEALER, 0, None, DEFAULT,
        Level.AUCTION, AUCTION, TierOutcome.KEPT, ["tier_take", "tier_auction_no_take"], "C9.2.2",
    ),
    (
        Level.AUCTION, CustomerClass.DEALER, 5, None, Policy(auction_exit="manual"),
        Level.AUCTION, AUCTION, TierOutcome.KEPT, ["tier_take", "tier_auction_manual"], "C9.2.2",
    ),
    (
        Level.AUCTION, CustomerClass.DEALER, 5, Decimal(10), DEFAULT,
        Level.AUCTION, AUCTION, TierOutcome.BLOCKED, ["tier_take", "tier_gate", "tier_kept"],
        "C9.2.2",
    ),
    (
        Level.ORDINARY, CustomerClass.DEALER, 0, None, Policy(auction_return_after_zero_months=1),
        Level.AUCTION, AUCTION, TierOutcome.LOWERED, ["tier_zero_months", "tier_lowered"], "C9.2",
    ),
    (
        Level.ORDINARY, CustomerClass.DEALER, -1, None, Policy(auction_return_after_zero_months=1),
        Level.AUCTION, AUCTION, TierOutcome.LOWERED, ["tier_zero_months", "tier_lowered"], "C9.2",
    ),
    (
        Level.AUCTION, CustomerClass.DEALER, -1, None, DEFAULT,
        Level.AUCTION, AUCTION, TierOutcome.KEPT, ["tier_take", "tier_auction_no_take"], "C9.2.2",
    ),
]  # fmt: skip


@pytest.mark.parametrize("row", STEPS)
def test_one_month(row: tuple[object, ...]) -> None:
    level, customer_class, kg, score, policy, after, form, outcome, codes, clause = row
    start = TierState(level, AUCTION if level is Level.AUCTION else PLAN)
    step = next_level(start, customer_class, "2026-06", kg, score, policy)
    assert (step.level, step.form, step.outcome) == (after, form, outcome)
    assert [reason.code.removeprefix("reason.") for reason in step.reasons] == codes
    assert step.reasons[0].clause == clause
    for reason in step.reasons:
        assert say(reason) != reason.code
        assert reason.clause in clauses()


def test_each_level_cites_its_own_item() -> None:
    """依据第九条(二)3: the article beside the level."""
    step = next_level(
        TierState(Level.ONE_STAR, PLAN), CustomerClass.DEALER, "2026-06", 1_204_500, None, DEFAULT
    )
    cited = article(step.reasons[0].clause)
    assert (cited.citation, "一星客户" in cited.text) == ("第九条(二)3", True)
    assert say(step.reasons[0]) == "2026-06 提货量 1,204.500 吨，对应一星客户标准。"


@pytest.mark.parametrize("form", [PLAN, AUCTION])
def test_a_direct_customer_buys_by_plan(form: SalesForm) -> None:
    """C9.2: an auction dealer that turned direct too, so that it does not come back to auction."""
    state = TierState(Level.ORDINARY, form)
    step = next_level(state, CustomerClass.DIRECT, "2026-06", 5_000_000, None, DEFAULT)
    assert (step.level, step.form) == (Level.ORDINARY, PLAN)


def test_months_of_net_returns_are_months_without_take() -> None:
    """A.X 3, A.X 4: they neither end the count of such months nor are left out of it."""
    months = [(f"2026-0{n}", MonthInput(kg)) for n, kg in enumerate((5, 0, -300, 0), 1)]
    policy = Policy(auction_return_after_zero_months=3)
    steps = run_months(TierState(Level.ORDINARY, PLAN), CustomerClass.DEALER, months, policy)
    assert [step.level for step in steps] == [Level.ORDINARY] * 3 + [Level.AUCTION]


# level at first, tonnes of each month ("/" behind it: suspended on a day of it), levels, codes of
# the last month, worked by hand from A.X 12
SUSPENDED = [
    (Level.TWO_STAR, "2000 0/ 0/", "two_star two_star two_star", "tier_month_suspended"),
    (Level.TWO_STAR, "2000 0/ 0", "two_star two_star one_star", "tier_take tier_lowered"),
    (Level.THREE_STAR, "2999.999/ 3000", "three_star three_star", "tier_take tier_kept"),
    (Level.ONE_STAR, "2500/ 999/", "two_star two_star", "tier_month_suspended"),
    (Level.ONE_STAR, "1000/", "one_star", "tier_take tier_kept"),
    (Level.ORDINARY, "0/ -5/", "ordinary ordinary", "tier_month_suspended"),
    (Level.AUCTION, "0/ 5/", "auction ordinary", "tier_take tier_auction_exit tier_not_evaluated"),
]


@pytest.mark.parametrize(("start", "tonnes", "levels", "codes"), SUSPENDED)
def test_a_month_of_a_suspension_is_missing_and_not_zero(
    start: Level, tonnes: str, levels: str, codes: str
) -> None:
    form = AUCTION if start is Level.AUCTION else PLAN
    months = [
        ("2026-06", MonthInput(parse_tonnes(each.rstrip("/")), suspended=each.endswith("/")))
        for each in tonnes.split()
    ]
    steps = run_months(TierState(start, form), CustomerClass.DEALER, months, DEFAULT)
    assert [str(step.level) for step in steps] == levels.split()
    assert [reason.code.removeprefix("reason.") for reason in steps[-1].reasons] == codes.split()
    missing = [step for step in steps if step.outcome is TierOutcome.MISSING]
    assert all(step.reasons[0].clause == "C15.2" for step in missing)


def test_a_month_of_a_suspension_neither_counts_without_take_nor_ends_the_count() -> None:
    """A.X 4, A.X 12: back to auction after two months without take, the one between not counted."""
    policy = Policy(auction_return_after_zero_months=2)
    given = [MonthInput(0), MonthInput(0, suspended=True), MonthInput(0)]
    months = [(f"2026-0{n}", each) for n, each in enumerate(given, 1)]
    steps = run_months(TierState(Level.ORDINARY, PLAN), CustomerClass.DEALER, months, policy)
    assert [step.level for step in steps] == [Level.ORDINARY, Level.ORDINARY, Level.AUCTION]
    both = [(name, MonthInput(0)) for name, _given in months[:2]]
    steps = run_months(TierState(Level.ORDINARY, PLAN), CustomerClass.DEALER, both, policy)
    assert steps[-1].level is Level.AUCTION


def test_a_direct_customer_stays_pinned_when_suspended() -> None:
    state = TierState(Level.ORDINARY, PLAN)
    step = next_level(
        state, CustomerClass.DIRECT, "2026-06", 0, None, DEFAULT, suspended=True
    )  # fmt: skip
    assert step.outcome is TierOutcome.PINNED


def test_when_a_level_takes_effect() -> None:
    assert effective_from("2026-06", DEFAULT) == date(2026, 7, 1)
    assert effective_from("2026-12", DEFAULT) == date(2027, 1, 1)
    assert effective_from("2026-06", Policy(level_effective="same_month")) == date(2026, 6, 1)


MONTHS = st.lists(
    st.builds(
        MonthInput,
        st.none() | st.integers(-1000, 5_000_000),
        st.none() | st.decimals(0, 100, places=2),
        st.booleans(),
    ),
    max_size=30,
)


@given(st.sampled_from(LEVELS), MONTHS, st.booleans())
def test_laws_of_one_step(start: Level, months: list[MonthInput], fall: bool) -> None:
    """One level a month (A.X 1), auction is not come back to (A.X 4), and the gate (A.X 6)."""
    policy = Policy(fall_on_bad_score=fall)
    form = AUCTION if start is Level.AUCTION else PLAN
    named = [(f"2026-{index}", month) for index, month in enumerate(months)]
    level = start
    for (_, given_month), step in zip(
        named, run_months(TierState(start, form), CustomerClass.DEALER, named, policy), strict=True
    ):
        before, after = LEVELS.index(level), LEVELS.index(step.level)
        assert abs(after - before) <= 1
        assert (step.form is AUCTION) == (step.level is Level.AUCTION)
        if level is not Level.AUCTION:
            assert step.level is not Level.AUCTION
        if given_month.kg is None:
            assert after == before
        elif given_month.suspended and step.outcome is TierOutcome.LOWERED:
            assert fall, "for its score alone"
            assert LEVELS.index(implied_level(given_month.kg, policy)) >= before
        elif given_month.score is not None and given_month.score < 60:
            assert after <= before
        level = step.level


@given(st.sampled_from(LEVELS[1:]), MONTHS)
def test_direct_mapping_forgets(start: Level, months: list[MonthInput]) -> None:
    """Without scores the direct reading depends on the last closed month alone."""
    named = [("2026-01", MonthInput(month.kg)) for month in months]
    steps = run_months(TierState(start, PLAN), CustomerClass.DEALER, named, DIRECT_MOVE)
    closed = [month.kg for month in months if month.kg is not None]
    if steps:
        expected = implied_level(closed[-1], DEFAULT) if closed else start
        assert steps[-1].level is expected


def test_a_level_takes_few_steps() -> None:
    """Reasons included, a customer costs a handful of calls: a closing computes 20,000 of them."""
    chance = random.Random(1)
    cases = [
        (
            TierState(chance.choice(LEVELS), PLAN),
            chance.choice((CustomerClass.DEALER, CustomerClass.DIRECT)),
            chance.randrange(4_000_000),
            chance.choice((None, Decimal(55), Decimal(80))),
        )
        for _ in range(1_000)
    ]
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        for state, customer_class, kg, score in cases:
            next_level(state, customer_class, "2026-06", kg, score, DEFAULT)
    finally:
        sys.setprofile(None)
    assert calls < 12 * len(cases), calls / len(cases)  # twice what it takes


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (Decimal(400) / 7, "57.14"),
        (Decimal("59.985"), "59.99"),
        (Decimal("59.998"), "59.998"),  # it would read as the gate itself
        (Decimal(0), "0.00"),
    ],
)
def test_the_gate_shows_two_decimals_and_compares_all(score: Decimal, shown: str) -> None:
    step = next_level(
        TierState(Level.ORDINARY, SalesForm.PLAN), CustomerClass.DEALER, "2026-06", 1_200_000,
        score, DEFAULT,
    )  # fmt: skip
    (gate,) = [reason for reason in step.reasons if reason.code == "reason.tier_gate"]
    assert (step.outcome, gate.params["score"]) == (TierOutcome.BLOCKED, shown)
