"""Closing and reopening months through the services: C9.2, C9.3 and the readings A.X 1-8."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chemsales.calc import calculate
from chemsales.queries import closing, customers, recomputing
from chemsales.queries import evaluation as evaluations
from chemsales.queries import tiers as queries
from chemsales.queries.closing import gate_scores
from chemsales.queries.policy import load_edition
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.customer import ClassRequest
from chemsales.rules.errors import Conflict, Invalid, NotAllowed
from chemsales.rules.evaluation import show_score
from chemsales.rules.numbers import parse_tonnes
from chemsales.rules.periods import month_days, month_range
from chemsales.rules.roles import Role
from chemsales.rules.tiers import Level, TierOutcome
from chemsales.services import evaluation, offtake, policy, tiers
from chemsales.services.customers import change_class
from chemsales.services.session import Session
from chemsales.storage.database import rows
from tests.factory import Clock, accredit, draft_of, employ
from tests.factory_licences import accredit_dated, paper, renew
from tests.factory_offtake import close, pick_up
from tests.racing import race

AsRole = Callable[..., Session]
CASES = Path(__file__).parent.parent / "cases" / "tier.json"
LEVELS = {
    "网拍客户": Level.AUCTION,
    "普通客户": Level.ORDINARY,
    "一星客户": Level.ONE_STAR,
    "二星客户": Level.TWO_STAR,
    "三星客户": Level.THREE_STAR,
}
DIRECT = (ClassRequest("PO", CustomerClass.DIRECT, "山东", 1000, "注塑"),)


@pytest.fixture
def head(ready: str, as_role: AsRole, clock: Clock) -> Session:
    """The sales head on 2026-07-06, in a department where customers came in from 2026-01-02 on."""
    clock.set(2026, 7, 6)
    return as_role(Role.SALES_HEAD)


def admit(
    clock: Clock, number: int = 1, day: date = date(2026, 1, 2), classes: Sequence[Any] = ()
) -> int:
    """A customer that is accredited on a day; the clock is put back."""
    now = clock.instant
    clock.set(day.year, day.month, day.day)
    customer = accredit(draft_of(f"客户{number}有限公司", number, classes), clock)
    clock.instant = now
    return customer


def take(session: Session, customer: int, month: str, kg: int, product: str = "PP-T30S") -> int:
    """A batch with one pick-up in the middle of a month; its key."""
    return pick_up(session, [(customer, product, f"{month}-15", kg)])


def take_all(session: Session, customer: int, first: str, *tonnes: int) -> list[str]:
    """So many tonnes in each month from the first on; the months."""
    months = month_range(first, "2026-12")[: len(tonnes)]
    pick_up(
        session,
        [
            (customer, "PP-T30S", f"{month}-15", 1000 * t)
            for month, t in zip(months, tonnes, strict=True)
        ],
    )
    return months


def levels(session: Session, customer: int) -> dict[str, Level]:
    """The level after each standing closing."""
    return {
        row.month: row.level_after for row in queries.history(session.actor, customer) if row.active
    }


def result(session: Session, month: str, customer: int) -> queries.TierRow:
    """The standing result of a customer in a month."""
    return next(row for row in queries.results(session.actor, month) if row.customer_id == customer)


def codes(row: queries.TierRow) -> list[str]:
    """The codes of a result's reasons, without their common beginning."""
    return [reason.code.removeprefix("reason.tier_") for reason in row.reasons]


# the months that lead an accredited customer to the level that a case starts from
RUN_UP = {
    ("网拍客户", "计划/经销"): [],
    ("普通客户", "计划/经销"): ["5"],
    ("一星客户", "计划/经销"): ["5", "1000"],
    ("二星客户", "计划/经销"): ["5", "1000", "2000"],
    ("三星客户", "计划/经销"): ["5", "1000", "2000", "3000"],
    ("普通客户", "直销客户"): [],
}


@pytest.mark.parametrize(
    ("reading", "move"), [("one_step", "one_step"), ("direct_mapping", "direct")]
)
def test_the_reference_cases_through_the_service(
    head: Session, clock: Clock, reading: str, move: str
) -> None:
    """cases/tier.json (C9.2): imported, closed month by month, read back from the history."""
    cases = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    if move != "one_step":
        policy.add_edition(head, date(2024, 2, 1), {"level_move": move}, "另一种读法")
    assert not [score for case in cases for score in case["evaluation_scores"] or () if score]
    customers, longest = {}, 0
    for number, case in enumerate(cases, 1):
        kind = case["customer_kind"]
        customer = admit(clock, number, date(2025, 1, 2), DIRECT if kind == "直销客户" else ())
        tonnes = [*RUN_UP[case["start_level"], kind], *case["monthly_tonnes"]]
        customers[case["id"]] = (customer, len(tonnes) - len(case["monthly_tonnes"]))
        longest = max(longest, len(tonnes))
        lines = [
            (customer, "PE-7042", f"{month}-20", parse_tonnes(t))
            for month, t in zip(month_range("2025-01", "2025-12"), tonnes, strict=False)
            if parse_tonnes(t)
        ]
        pick_up(head, lines)
    close(head, *month_range("2025-01", "2025-12")[:longest])
    for case in cases:
        customer, run_up = customers[case["id"]]
        reached = list(reversed(queries.history(head.actor, customer)))[run_up:]
        expected = [LEVELS[name] for name in case["expect"][reading]]
        assert reached[0].level_before == LEVELS[case["start_level"]], case["id"]
        assert [row.level_after for row in reached[: len(expected)]] == expected, case["id"]


def test_a_month_of_a_suspension_is_missing_and_not_zero(head: Session, clock: Clock) -> None:
    """A.X 12: it keeps the level; the first month without a suspended day lowers it. Its closing
    says who was suspended, is recomputed from that, and verifies."""
    clock.set(2026, 1, 2)
    stopped = accredit_dated("停牌有限公司", 2, date(2026, 3, 31), clock)
    clock.set(2026, 7, 6)
    other = admit(clock)
    for customer in (stopped, other):
        take_all(head, customer, "2026-01", 5, 1000, 2000)
    take_all(head, other, "2026-04", 1, 2)
    clock.set(2026, 5, 4)
    renew(stopped, paper("B-9"), clock)  # suspended from the 1st of April to the 3rd of May
    clock.set(2026, 7, 6)
    pick_up(head, [(other, "PP-T30S", "2026-06-15", 2_000)])
    close(head, *month_range("2026-01", "2026-06"))
    level = levels(head, stopped)
    assert [level[f"2026-0{n}"] for n in range(3, 7)] == [
        Level.TWO_STAR, Level.TWO_STAR, Level.TWO_STAR, Level.ONE_STAR,
    ]  # fmt: skip
    assert levels(head, other)["2026-04"] is Level.ONE_STAR
    may = result(head, "2026-05", stopped)
    assert (may.outcome, codes(may)) == (TierOutcome.MISSING, ["month_suspended"])
    for month in ("2026-04", "2026-05", "2026-06"):
        again = recomputing.closing(head.actor, month)
        assert again.same and again.frozen
        held = [case.get("suspended", False) for case in again.document["cases"]]
        assert held.count(True) == (month < "2026-06")
    document = closing.calc_document(head.actor, "2026-05")
    made = calculate("tier", document)["results"]
    assert [one["one_step"] for one in made] == [c["expect"]["one_step"] for c in document["cases"]]
    assert list(closing.problems()) == []
    tiers.reopen_month(head, "2026-02", "补录")
    close(head, "2026-02")
    assert levels(head, stopped) == level


def test_a_closing_of_before_suspensions_were_asked_for_verifies_as_it_was(
    head: Session, clock: Clock
) -> None:
    clock.set(2026, 1, 2)
    stopped = accredit_dated("停牌有限公司", 2, date(2026, 2, 28), clock)
    clock.set(2026, 7, 6)
    take_all(head, stopped, "2026-01", 5, 1000)
    take(head, admit(clock), "2026-03", 5)
    close(head, "2026-01", "2026-02")
    edition = load_edition(date(2026, 3, 31))
    earlier = closing.compute("2026-03", edition, suspends=False)
    assert closing.compute("2026-03", edition).digest != earlier.digest
    assert "suspended" not in earlier.customers
    outcomes = {row[0]: row[6] for row in earlier.results}
    assert outcomes[stopped] == TierOutcome.LOWERED
    told = json.dumps(earlier.inputs())
    assert closing.recomputed_digest("2026-03", edition.number, told) == earlier.digest


@pytest.mark.parametrize(
    ("kg", "level"),
    [
        (999_999, Level.ORDINARY),
        (1_000_000, Level.ONE_STAR),
        (1_999_999, Level.ONE_STAR),
        (2_000_000, Level.TWO_STAR),
        (2_999_999, Level.TWO_STAR),
        (3_000_000, Level.THREE_STAR),
    ],
)
def test_the_boundaries_of_c9_2(sqlite_ready: str, as_role: AsRole, kg: int, level: Level) -> None:
    clock = Clock()
    head = as_role(Role.SALES_HEAD)
    customer = admit(clock)
    take_all(head, customer, "2026-01", 5, 3000, 3000, 3000)
    policy.add_edition(head, date(2026, 5, 1), {"level_move": "direct"}, "直接对应")
    take(head, customer, "2026-05", kg)
    close(head, *month_range("2026-01", "2026-05"))
    row = result(head, "2026-05", customer)
    assert (row.level_before, row.level_after, row.edition) == (Level.THREE_STAR, level, 2)


def test_a_closing_says_what_it_did(head: Session, clock: Clock) -> None:
    dealer, direct = admit(clock, 1), admit(clock, 2, classes=DIRECT)
    take_all(head, dealer, "2026-01", 5, 1500)
    take_all(head, direct, "2026-01", 3500)
    first = tiers.close_month(head, "2026-01")
    done = first.value
    assert (done.month, done.revision, done.edition, done.customers) == ("2026-01", 1, 1, 2)
    assert done.outcomes == ((TierOutcome.PINNED, 1), (TierOutcome.AUCTION_EXIT, 1))
    assert (done.gaps, done.recomputed) == ((), ())
    event = rows(
        "SELECT use_case, subject_id, clause, edition, detail FROM event WHERE key = ?",
        (first.event,),
    )[0]
    assert event[:4] == ("tiers.close_month", "2026-01", "C9.2", 1)
    assert json.loads(event[4]) == {
        "revision": 1, "recomputed": [], "outcomes": {"pinned": 1, "auction_exit": 1},
    }  # fmt: skip
    changed = rows("SELECT table_name, action FROM change WHERE event = ?", (first.event,))
    assert changed == [("closing", "INSERT")]


def test_new_customers_leave_auction_with_their_first_take(head: Session, clock: Clock) -> None:
    """C9.3, A.X 4: level and form together, and never back by tonnes."""
    customer = admit(clock)
    other = admit(clock, 2)
    take_all(head, other, "2026-01", 1, 1, 1, 1)
    take(head, customer, "2026-02", 3_500_000)
    close(head, *month_range("2026-01", "2026-04"))
    found = list(reversed(queries.history(head.actor, customer)))
    assert [(row.level_after, row.form_after, row.outcome) for row in found] == [
        (Level.AUCTION, SalesForm.AUCTION, TierOutcome.KEPT),
        (Level.ORDINARY, SalesForm.PLAN, TierOutcome.AUCTION_EXIT),
        (Level.ORDINARY, SalesForm.PLAN, TierOutcome.KEPT),
        (Level.ORDINARY, SalesForm.PLAN, TierOutcome.KEPT),
    ]
    assert codes(found[0]) == ["take", "auction_no_take"]
    assert codes(found[1]) == ["take", "auction_exit", "not_evaluated"]


def test_leaving_auction_by_decision(head: Session, clock: Clock) -> None:
    customer = admit(clock)
    policy.add_edition(head, date(2024, 2, 1), {"auction_exit": "manual"}, "须经审批")
    take_all(head, customer, "2026-01", 3500)
    close(head, "2026-01")
    row = result(head, "2026-01", customer)
    assert (row.level_after, row.form_after) == (Level.AUCTION, SalesForm.AUCTION)
    assert codes(row) == ["take", "auction_manual"]


def test_back_to_auction_after_months_without_take(head: Session, clock: Clock) -> None:
    """A.X 4: closed months without take in a row; a month that is not closed does not count."""
    customer, other = admit(clock, 1), admit(clock, 2)
    take_all(head, other, "2026-01", 1, 1, 1, 1, 1, 1)
    take_all(head, customer, "2026-01", 5)
    changes = {"auction_return_after_zero_months": 3}
    policy.add_edition(head, date(2026, 5, 1), changes, "三个月未提货转回网拍")
    close(head, "2026-01", "2026-02", "2026-04", "2026-05")
    assert levels(head, customer)["2026-05"] is Level.AUCTION
    row = result(head, "2026-05", customer)
    assert row.form_after is SalesForm.AUCTION
    assert row.reasons[0].params == {"month": "2026-05", "months": 3}
    # reopening February leaves two of them: its closing changed nothing in April, but in May
    assert tiers.reopen_month(head, "2026-02", "补录").value == ("2026-04", "2026-05")
    assert levels(head, customer)["2026-05"] is Level.ORDINARY


def test_a_month_of_net_returns_is_one_without_take(head: Session, clock: Clock) -> None:
    """A.X 3, A.X 4: March with returns alone counts as February without rows does."""
    customer, other = admit(clock, 1), admit(clock, 2)
    policy.add_edition(
        head, date(2024, 2, 1), {"auction_return_after_zero_months": 3}, "三个月未提货转回网拍"
    )
    take_all(head, other, "2026-01", 1, 1, 1, 1)
    take(head, customer, "2026-01", 5_000)
    take(head, customer, "2026-03", -300)
    close(head, *month_range("2026-01", "2026-04"))
    assert list(levels(head, customer).values()) == [
        Level.AUCTION, Level.ORDINARY, Level.ORDINARY, Level.ORDINARY,
    ]  # fmt: skip


def test_direct_customers_are_pinned(head: Session, clock: Clock) -> None:
    """A.X 5: whatever they take; a dealer of another polyolefin group is none."""
    customer = admit(clock, classes=DIRECT)
    take_all(head, customer, "2026-01", 3500, 1, 1200)
    close(head, "2026-01", "2026-03")
    for month in ("2026-01", "2026-03"):
        row = result(head, month, customer)
        assert (row.level_after, row.outcome) == (Level.ORDINARY, TierOutcome.PINNED)
        assert codes(row) == ["direct_pinned"]


def test_an_auction_dealer_turns_direct_and_back(head: Session, clock: Clock) -> None:
    """C9.2, C9.3: plan customer from the closing on; the form is stored with the level alone."""
    customer, other = admit(clock, 1), admit(clock, 2)
    take_all(head, other, "2026-01", 1, 1, 1, 1)
    take(head, customer, "2026-04", 1_200_000)
    close(head, "2026-01")
    assert customers.customer(head.actor, customer).form is SalesForm.AUCTION
    for month, wanted in (("2026-02", CustomerClass.DIRECT), ("2026-03", CustomerClass.DEALER)):
        version = customers.customer(head.actor, customer).version
        first = month_days(month)[0]
        change_class(head, customer, "PO", wanted, first, "改签合同", version)
        close(head, month)
        row = result(head, month, customer)
        assert (row.level_after, row.form_after) == (Level.ORDINARY, SalesForm.PLAN)
    close(head, "2026-04")
    row = result(head, "2026-04", customer)
    assert (row.level_after, row.form_after) == (Level.ONE_STAR, SalesForm.PLAN)
    assert customers.customer(head.actor, customer).form is SalesForm.PLAN


def test_only_standing_polyolefin_rows_of_the_month_count_net_of_returns(
    head: Session, clock: Clock
) -> None:
    """A.X 3: all grades together, returns netted, undone imports and other products left out."""
    customer = admit(
        clock,
        classes=(
            ClassRequest("PO", CustomerClass.DEALER, "山东", 1000, "注塑"),
            ClassRequest("EG", CustomerClass.DEALER, "山东", 1000, "聚酯"),
        ),
    )
    pick_up(
        head,
        [
            (customer, "PP-T30S", "2026-01-02", 700_000),
            (customer, "PE-7042", "2026-01-31", 400_001),
            (customer, "PE-5000S", "2026-01-31", -100_002),
            (customer, "MEG", "2026-01-10", 9_000_000),
            (customer, "PP-T30S", "2026-02-01", 5_000_000),
        ],
    )
    undone = take(head, customer, "2026-01", 2_000_000)
    offtake.undo_import(head, undone, "重复")
    close(head, "2026-01")
    row = result(head, "2026-01", customer)
    assert (row.kg, row.outcome) == (999_999, TierOutcome.AUCTION_EXIT)
    inputs = json.loads(rows("SELECT inputs FROM closing")[0][0])
    assert inputs["batches"] == [undone - 1]


def test_customers_come_in_with_the_month_of_their_accreditation(
    head: Session, clock: Clock
) -> None:
    early = admit(clock, 1)
    late = admit(clock, 2, date(2026, 2, 28))
    later = admit(clock, 3, date(2026, 3, 1))
    other = admit(clock, 4, classes=(ClassRequest("EG", CustomerClass.AGENT, "山东", 1, "x"),))
    take_all(head, early, "2026-01", 5, 5, 5)
    close(head, *month_range("2026-01", "2026-03"))
    members = {
        month: [row.customer_id for row in queries.results(head.actor, month)]
        for month in month_range("2026-01", "2026-03")
    }
    assert members == {
        "2026-01": [early],
        "2026-02": [early, late],
        "2026-03": [early, late, later],
    }
    assert queries.history(head.actor, other) == []  # a class, no level (C9.3)


def test_a_month_that_is_not_closed_leaves_the_level_and_is_named(
    head: Session, clock: Clock
) -> None:
    """A.X 7: missing is not zero; those who came in during the gap lack it too, later ones not."""
    customer = admit(clock, 1)
    in_gap, after = admit(clock, 2, date(2026, 4, 30)), admit(clock, 3, date(2026, 5, 1))
    direct = admit(clock, 4, classes=DIRECT)
    take_all(head, customer, "2026-01", 5, 3000, 3000, 1, 3000)
    close(head, *month_range("2026-01", "2026-02"))
    done = tiers.close_month(head, "2026-05").value
    assert done.gaps == ("2026-03", "2026-04")
    row = result(head, "2026-05", customer)
    assert (row.level_before, row.level_after) == (Level.ONE_STAR, Level.TWO_STAR)
    assert codes(row)[:2] == ["month_missing", "month_missing"]
    assert [reason.params["month"] for reason in row.reasons[:2]] == ["2026-03", "2026-04"]
    assert codes(result(head, "2026-05", in_gap)) == ["month_missing", "take", "auction_no_take"]
    assert codes(result(head, "2026-05", after)) == ["take", "auction_no_take"]
    assert codes(result(head, "2026-05", direct)) == ["direct_pinned"]


def test_months_before_the_first_closing_are_missed_too(head: Session, clock: Clock) -> None:
    """A.X 7: closing begins in March, though January and February have pick-ups."""
    customer = admit(clock)
    later = admit(clock, 2, date(2026, 2, 10))
    take_all(head, customer, "2026-01", 5, 5, 5)
    assert tiers.close_month(head, "2026-03").value.gaps == ("2026-01", "2026-02")
    row = result(head, "2026-03", customer)
    assert [reason.params["month"] for reason in row.reasons[:2]] == ["2026-01", "2026-02"]
    assert codes(row)[:2] == ["month_missing", "month_missing"]
    assert codes(result(head, "2026-03", later)) == ["month_missing", "take", "auction_no_take"]


def test_reopening_the_first_month_names_it_as_missed(head: Session, clock: Clock) -> None:
    """A.X 7: even when its only import is undone then."""
    customer = admit(clock)
    batch = take(head, customer, "2026-01", 5_000)
    take(head, customer, "2026-02", 5_000)
    close(head, "2026-01", "2026-02")
    assert tiers.reopen_month(head, "2026-01", "磅单有误").value == ("2026-02",)
    assert codes(result(head, "2026-02", customer))[0] == "month_missing"
    assert queries.gaps_before("2026-02") == ["2026-01"]
    offtake.undo_import(head, batch, "整批重录")
    assert queries.gaps_before("2026-02") == ["2026-01"]


def test_closing_late_computes_the_later_months_again(head: Session, clock: Clock) -> None:
    customer = admit(clock)
    take_all(head, customer, "2026-01", 5, 1000, 2000, 3000)
    close(head, "2026-01", "2026-03", "2026-04")
    assert list(levels(head, customer).values()) == [
        Level.TWO_STAR, Level.ONE_STAR, Level.ORDINARY,
    ]  # fmt: skip
    late = tiers.close_month(head, "2026-02")
    assert late.value.recomputed == ("2026-03", "2026-04")
    assert levels(head, customer) == {
        "2026-01": Level.ORDINARY,
        "2026-02": Level.ONE_STAR,
        "2026-03": Level.TWO_STAR,
        "2026-04": Level.THREE_STAR,
    }
    audited = rows(
        "SELECT action, count(*) FROM change WHERE event = ? AND table_name = 'closing' "
        "GROUP BY action ORDER BY action",
        (late.event,),
    )
    assert audited == [("INSERT", 3), ("UPDATE", 2)]
    assert "month_missing" not in codes(result(head, "2026-03", customer))


def test_reopening_computes_forward_each_month_by_its_own_edition(
    head: Session, clock: Clock
) -> None:
    """Closed months keep the thresholds that they were computed with, whatever came into force."""
    customer = admit(clock)
    take_all(head, customer, "2026-01", 5, 600, 600, 600, 600)
    close(head, "2026-01", "2026-02", "2026-03")
    changes = {"level_thresholds_kg": [500_000, 800_000, 900_000]}
    assert policy.add_edition(head, date(2026, 4, 1), changes, "调整门槛").value == 2
    close(head, "2026-04", "2026-05")
    before = levels(head, customer)
    assert [before[m] for m in sorted(before)] == [Level.ORDINARY] * 3 + [Level.ONE_STAR] * 2

    assert tiers.reopen_month(head, "2026-02", "漏录一车").value == ("2026-03",)
    take(head, customer, "2026-02", 400_000)
    done = tiers.close_month(head, "2026-02").value
    assert (done.revision, done.edition) == (2, 1)
    assert done.recomputed == ("2026-03",)  # from April on nothing changes
    found = {row.month: row for row in queries.history(head.actor, customer) if row.active}
    assert {month: (row.level_after, row.edition) for month, row in found.items()} == {
        "2026-01": (Level.ORDINARY, 1),
        "2026-02": (Level.ONE_STAR, 1),
        "2026-03": (Level.ORDINARY, 1),
        "2026-04": (Level.ONE_STAR, 2),
        "2026-05": (Level.ONE_STAR, 2),
    }


def test_a_month_closed_again_keeps_its_first_edition(head: Session, clock: Clock) -> None:
    customer = admit(clock)
    take_all(head, customer, "2026-01", 5, 600)
    close(head, "2026-01", "2026-02")
    tiers.reopen_month(head, "2026-02", "核对")
    changes = {"level_thresholds_kg": [500_000, 800_000, 900_000]}
    policy.add_edition(head, date(2026, 2, 1), changes, "调整门槛")
    take_all(head, customer, "2026-03", 600)
    close(head, "2026-02", "2026-03")
    found = {row.month: row.edition for row in queries.history(head.actor, customer) if row.active}
    assert found == {"2026-01": 1, "2026-02": 1, "2026-03": 2}
    assert levels(head, customer)["2026-02"] is Level.ORDINARY


def test_an_edition_of_the_middle_of_a_month_holds_for_that_month(
    head: Session, clock: Clock
) -> None:
    customer = admit(clock)
    policy.add_edition(head, date(2026, 2, 28), {"level_move": "direct"}, "月内生效")
    policy.add_edition(head, date(2026, 3, 2), {"level_move": "one_step"}, "次月生效")
    take_all(head, customer, "2026-01", 3000, 3000)
    close(head, "2026-01", "2026-02")
    found = {row.month: row.edition for row in queries.history(head.actor, customer)}
    assert found == {"2026-01": 1, "2026-02": 2}
    assert levels(head, customer)["2026-02"] is Level.THREE_STAR


def approve_score(as_role: AsRole, period: str) -> None:
    """Compute a period's evaluations and have them signed."""
    run_id = evaluation.compute(as_role(Role.ACCOUNT_MANAGER), period).value
    run = next(r for r in evaluations.runs(as_role(Role.AUDITOR).actor) if r.run_id == run_id)
    evaluation.sign(as_role(Role.SALES_HEAD), run_id, run.version, Verdict.APPROVE)


@pytest.fixture
def failing(head: Session, clock: Clock) -> int:
    """A customer whose first quarter is evaluated below 60, not signed yet; April is 1,500 t."""
    from tests.factory_offtake import plan, rate

    customer = admit(clock)
    take_all(head, customer, "2026-01", 5, 5, 5, 1500, 1500, 1500)
    plan(head, [(customer, "PP-T30S", f"2026-0{n}", 500_000, 0) for n in (1, 2, 3)])
    for n in (1, 2, 3):
        rate(clock, customer, f"2026-0{n}", 20)
    close(head, "2026-01", "2026-02", "2026-03")
    return customer


def test_an_approved_score_below_the_gate_blocks_a_rise(
    failing: int, head: Session, as_role: AsRole
) -> None:
    """A.X 6: only the approved evaluation gates, and only months after its period."""
    run_id = evaluation.compute(as_role(Role.ACCOUNT_MANAGER), "2026Q1").value
    close(head, "2026-04")
    row = result(head, "2026-04", failing)
    assert (row.outcome, row.level_after) == (TierOutcome.RAISED, Level.ONE_STAR)
    assert codes(row)[-1] == "not_evaluated"
    run = evaluations.runs(head.actor)[0]
    evaluation.sign(head, run_id, run.version, Verdict.APPROVE)
    tiers.reopen_month(head, "2026-04", "评审已签")
    close(head, "2026-04")
    row = result(head, "2026-04", failing)
    score = gate_scores("2026-04")[0][failing]
    assert score < 60
    assert (row.outcome, row.level_after) == (TierOutcome.BLOCKED, Level.ORDINARY)
    assert row.reasons[1].params == {"score": show_score(score), "gate": "60"}
    assert gate_scores("2026-03") == ({}, [])
    stored = rows("SELECT inputs FROM closing WHERE month = '2026-04' AND active = 1")
    assert json.loads(stored[0][0])["evaluation_runs"] == [run_id]


def test_a_latest_evaluation_without_a_score_does_not_leave_the_older_one_to_gate(
    failing: int, head: Session, as_role: AsRole, clock: Clock
) -> None:
    """A.X 6: the latest approved evaluation counts; without a score the customer has none."""
    clock.set(2026, 8, 3)
    take(head, failing, "2026-07", 1_500_000)
    approve_score(as_role, "2026Q1")
    close(head, "2026-06")
    assert gate_scores("2026-07")[0][failing] < 60
    approve_score(as_role, "2026Q2")  # neither a plan nor a rating: too little data
    scores, runs = gate_scores("2026-07")
    latest = next(r for r in evaluations.runs(head.actor) if r.period == "2026Q2")
    assert (scores, runs) == ({}, [latest.run_id])
    close(head, "2026-07")
    row = result(head, "2026-07", failing)
    assert (row.outcome, row.level_after) == (TierOutcome.RAISED, Level.ONE_STAR)
    assert codes(row)[-1] == "not_evaluated"
    assert list(closing.problems()) == []


def test_the_gate_never_blocks_a_fall(failing: int, head: Session, as_role: AsRole) -> None:
    close(head, "2026-04")
    approve_score(as_role, "2026Q1")
    take(head, failing, "2026-05", -1_400_000)
    close(head, "2026-05")
    row = result(head, "2026-05", failing)
    assert (row.outcome, row.level_after) == (TierOutcome.LOWERED, Level.ORDINARY)


def test_a_recomputed_month_keeps_the_evaluations_it_rested_on(
    failing: int, head: Session, as_role: AsRole
) -> None:
    """What came after its closing does not change it; closing it anew does take it up."""
    close(head, "2026-04", "2026-05")
    approve_score(as_role, "2026Q1")
    assert tiers.reopen_month(head, "2026-01", "核对").value == ("2026-02",)
    close(head, "2026-01")
    assert result(head, "2026-04", failing).outcome is TierOutcome.RAISED
    tiers.reopen_month(head, "2026-04", "核对")
    assert result(head, "2026-05", failing).outcome is TierOutcome.RAISED
    close(head, "2026-04")
    assert result(head, "2026-04", failing).outcome is TierOutcome.BLOCKED
    assert result(head, "2026-05", failing).level_before is Level.ORDINARY


@pytest.mark.parametrize(
    ("day", "month", "code"),
    [
        ((2026, 6, 15), "2026-06", "month_not_ended"),
        ((2026, 6, 30), "2026-06", "month_not_ended"),
        ((2026, 6, 30), "2026-08", "month_not_ended"),
        ((2026, 7, 1), "2026-05", "month_without_pickups"),
        ((2026, 7, 1), "2026-06", None),
    ],
)
def test_when_a_month_can_be_closed(
    head: Session, clock: Clock, day: tuple[int, int, int], month: str, code: str | None
) -> None:
    customer = admit(clock)
    take(head, customer, "2026-06", 5_000)
    offtake.undo_import(head, take(head, customer, "2026-05", 5_000), "重复")
    clock.set(*day)
    blockers = queries.close_blockers(head.actor, head.today(), month)
    if code is None:
        assert blockers == ()
        tiers.close_month(head, month)
        blockers = queries.close_blockers(head.actor, head.today(), month)
        code = "month_already_closed"
    with pytest.raises(NotAllowed) as refused:
        tiers.close_month(head, month)
    assert refused.value.reasons == blockers
    assert [reason.code for reason in blockers] == [f"reason.{code}"]
    assert [reason.clause for reason in blockers] == ["C9.2"]


def test_the_last_day_is_the_company_s_own(head: Session, clock: Clock) -> None:
    """June is over at midnight in Shanghai, 16:00 of 30 June in UTC."""
    take(head, admit(clock), "2026-06", 5_000)
    clock.set(2026, 6, 30, 15, 59)
    with pytest.raises(NotAllowed):
        tiers.close_month(head, "2026-06")
    clock.set(2026, 6, 30, 16, 0)
    assert tiers.close_month(head, "2026-06").value.customers == 1


@pytest.mark.parametrize("month", ["2026-13", "2026-6", "", "2026", "0000-01", "26-06-01"])
def test_a_text_that_is_no_month_is_refused(sqlite_ready: str, as_role: AsRole, month: str) -> None:
    for act in (
        lambda: tiers.close_month(as_role(Role.SALES_HEAD), month),
        lambda: tiers.reopen_month(as_role(Role.SALES_HEAD), month, "x"),
    ):
        with pytest.raises(Invalid):
            act()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SALES_HEAD])
def test_nobody_but_the_sales_head_closes_or_reopens(
    sqlite_ready: str, as_role: AsRole, role: Role
) -> None:
    head, other, clock = as_role(Role.SALES_HEAD), as_role(role), Clock()
    take(head, admit(clock), "2026-05", 5_000)
    with pytest.raises(NotAllowed):
        tiers.close_month(other, "2026-05")
    close(head, "2026-05")
    with pytest.raises(NotAllowed):
        tiers.reopen_month(other, "2026-05", "理由")
    assert rows("SELECT count(*) FROM closing WHERE active = 1") == [(1,)]
    refusals = rows("SELECT use_case FROM event WHERE outcome = 'refused' ORDER BY id")
    assert refusals == [("tiers.close_month",), ("tiers.reopen_month",)]


@pytest.mark.parametrize("why", ["", "  \n ", "\u200b", "长" * 501])
def test_reopening_needs_a_reason_in_words(head: Session, clock: Clock, why: str) -> None:
    take(head, admit(clock), "2026-05", 5_000)
    close(head, "2026-05")
    with pytest.raises(Invalid) as refused:
        tiers.reopen_month(head, "2026-05", why)
    assert refused.value.problems[0].place == "reason"
    tiers.reopen_month(head, "2026-05", "  漏录一车  ")
    assert rows("SELECT active, ended_by, end_reason FROM closing") == [(0, "sales", "漏录一车")]
    with pytest.raises(NotAllowed) as again:
        tiers.reopen_month(head, "2026-05", "再来")
    assert again.value.reasons == queries.reopen_blockers(head.actor, "2026-05")
    assert again.value.reasons[0].code == "reason.month_not_closed"


def test_a_refused_closing_writes_nothing(head: Session, clock: Clock) -> None:
    admit(clock)
    for month in ("2026-06", "2026-09"):
        with pytest.raises(NotAllowed):
            tiers.close_month(head, month)
    assert rows("SELECT count(*) FROM closing") == [(0,)]
    assert rows("SELECT count(*) FROM tier_result") == [(0,)]


def test_nothing_of_a_closed_month_is_imported_or_undone(head: Session, clock: Clock) -> None:
    customer = admit(clock)
    batch = take(head, customer, "2026-05", 5_000)
    close(head, "2026-05")
    with pytest.raises(NotAllowed) as refused:
        offtake.undo_import(head, batch, "错误")
    assert refused.value.reasons[0].code == "reason.month_is_closed"
    tiers.reopen_month(head, "2026-05", "错误")
    offtake.undo_import(head, batch, "错误")
    with pytest.raises(NotAllowed) as empty:
        tiers.close_month(head, "2026-05")
    assert empty.value.reasons[0].code == "reason.month_without_pickups"


def test_several_heads_close_a_month_at_once(head: Session, clock: Clock) -> None:
    take(head, admit(clock), "2026-05", 5_000)
    heads = [employ(f"head{n}", Role.SALES_HEAD, clock=clock) for n in range(4)]
    outcomes = race([partial(tiers.close_month, each, "2026-05") for each in heads])
    lost = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [type(outcome) for outcome in lost] == [NotAllowed] * 3, lost
    assert rows("SELECT month, revision, active FROM closing") == [("2026-05", 1, 1)]


def a_class(head: Session, customer: int) -> object:
    direct = CustomerClass.DIRECT
    return change_class(head, customer, "PO", direct, date(2026, 5, 20), "直接用户", 1)


def an_edition(head: Session, customer: int) -> object:
    return policy.add_edition(head, date(2026, 5, 20), {"level_move": "direct"}, "第 3 号决议")


@pytest.mark.parametrize("work", [a_class, an_edition])
def test_what_a_closing_rests_on_does_not_change_beneath_it(
    head: Session,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[[Session, int], object],
) -> None:
    """A class or an edition from within the month comes before its closing or is refused."""
    customer = admit(clock)
    take(head, customer, "2026-05", 5_000)
    other = employ("head2", Role.SALES_HEAD, clock=clock)
    entered, done, compute = threading.Event(), threading.Event(), closing.compute

    def slow(*arguments: Any) -> closing.Computation:
        entered.set()
        computed = compute(*arguments)
        done.wait(1)  # the other desk ends meanwhile if nothing keeps it
        return computed

    def overtake() -> object:
        assert entered.wait(30)
        try:
            return work(other, customer)
        finally:
            done.set()

    monkeypatch.setattr(closing, "compute", slow)
    closed, changed = race([partial(tiers.close_month, head, "2026-05"), overtake])
    assert not isinstance(closed, Exception)
    assert isinstance(changed, Invalid), changed
    monkeypatch.undo()
    assert list(closing.problems()) == []


def test_an_import_and_a_closing_at_once_agree(head: Session, clock: Clock) -> None:
    """Either the closing counts the import, or the import finds the month closed."""
    customer = admit(clock)
    for month in month_range("2026-01", "2026-05"):
        take(head, customer, month, 5_000)
        closed, imported = race(
            [
                partial(tiers.close_month, head, month),
                partial(take, head, customer, month, 2_000),
            ]
        )
        assert not isinstance(closed, Exception)
        counted = 5_000
        if isinstance(imported, Exception):
            assert isinstance(imported, Conflict)
            assert imported.reasons[0].code == "reason.month_is_closed"
        else:
            counted += 2_000
        assert result(head, month, customer).kg == counted
