"""Levels as they are read: results with reasons and articles, history, levels in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from chemsales.articles import cite
from chemsales.queries import customers
from chemsales.queries import tiers as queries
from chemsales.rules.classification import SalesForm
from chemsales.rules.errors import Invalid, NotAllowed
from chemsales.rules.roles import Role
from chemsales.rules.tiers import Level, TierOutcome, TierState
from chemsales.services import policy, tiers
from chemsales.services.session import Session
from chemsales.storage.database import execute, rows
from chemsales.words import language, say
from tests.factory import Clock, accredit, draft_of, session_of
from tests.factory_offtake import close, pick_up
from tests.furnishing import furnish

AsRole = Callable[..., Session]


@pytest.fixture
def head(ready: str, as_role: AsRole) -> Session:
    return as_role(Role.SALES_HEAD)


@pytest.fixture
def two(head: Session, clock: Clock) -> tuple[int, int]:
    """Customers of January 2026 with months of take, 安达 before 百川 by name; now it is July."""
    clock.set(2026, 7, 6)
    return furnish(_two)


def _two() -> tuple[int, int]:
    clock = Clock()
    clock.set(2026, 1, 2)
    second = accredit(draft_of("百川塑料有限公司", 1), clock)
    first = accredit(draft_of("安达化工有限公司", 2), clock)
    clock.set(2026, 7, 6)
    head = session_of("sales", clock)
    pick_up(head, [(first, "PP-T30S", f"2026-0{n}-15", kg) for n, kg in enumerate(TAKEN, 1)])
    pick_up(head, [(second, "PE-7042", "2026-02-15", 4_321_000)])
    return first, second


TAKEN = (5_000, 1_204_500, 2_000_000, 1_999_999)


def test_results_come_by_name_with_everything_behind_them(
    two: tuple[int, int], head: Session
) -> None:
    close(head, "2026-01", "2026-02")
    found = queries.results(head.actor, "2026-02")
    assert [(row.customer_id, row.name) for row in found] == [
        (two[0], "安达化工有限公司"), (two[1], "百川塑料有限公司"),
    ]  # fmt: skip
    row = found[0]
    assert (row.code, row.month, row.revision, row.kg, row.edition, row.active) == (
        "C00002", "2026-02", 1, 1_204_500, 1, True,
    )  # fmt: skip
    assert (row.level_before, row.level_after, row.form_after, row.outcome) == (
        Level.ORDINARY, Level.ONE_STAR, SalesForm.PLAN, TierOutcome.RAISED,
    )  # fmt: skip
    assert row.in_force_from == date(2026, 3, 1)
    assert queries.results(head.actor, "2026-03") == []


def test_reasons_are_said_in_both_languages_with_their_article(
    two: tuple[int, int], head: Session
) -> None:
    close(head, "2026-01", "2026-02")
    first, second = queries.results(head.actor, "2026-02")
    said = {}
    for tongue in ("zh_CN", "en"):
        with language(tongue):
            said[tongue] = [(say(r), cite(r.clause, first.edition)) for r in first.reasons]
            said[tongue + "2"] = [say(r) for r in second.reasons]
    assert said["zh_CN"] == [
        ("2026-02 提货量 1,204.500 吨，对应一星客户标准。", "依据第九条(二)3，版本 1"),
        ("级别由普通客户升为一星客户。", "依据第九条(二)，版本 1"),
        ("尚无评审结果，待考核。", "依据第九条(二)，版本 1"),
    ]
    assert [text for text, _ in said["en"]] == [
        "The take of 2026-02, 1,204.500 t, stands for One-star customer.",
        "The level rises from Ordinary customer to One-star customer.",
        "There is no evaluation yet: still to be assessed.",
    ]
    assert all("edition 1" in article for _, article in said["en"])
    assert said["zh_CN2"][1] == "首次有提货的月份，由网拍客户转为计划客户，级别为普通客户。"


def test_history_keeps_every_revision_newest_first(two: tuple[int, int], head: Session) -> None:
    close(head, "2026-01", "2026-02", "2026-03")
    tiers.reopen_month(head, "2026-02", "核对")
    close(head, "2026-02")
    found = [
        (row.month, row.revision, row.active, row.level_after)
        for row in queries.history(head.actor, two[0])
    ]
    assert found == [
        ("2026-03", 3, True, Level.TWO_STAR),
        ("2026-03", 2, False, Level.ONE_STAR),
        ("2026-03", 1, False, Level.TWO_STAR),
        ("2026-02", 2, True, Level.ONE_STAR),
        ("2026-02", 1, False, Level.ONE_STAR),
        ("2026-01", 1, True, Level.ORDINARY),
    ]
    for change in ("UPDATE tier_result SET kg = 0", "DELETE FROM tier_result"):
        with pytest.raises(Exception, match="history"):
            execute(change)


def test_closings_say_who_when_and_why_they_ended(
    two: tuple[int, int], head: Session, clock: Clock
) -> None:
    close(head, "2026-01", "2026-02")
    clock.set(2026, 7, 8)
    tiers.reopen_month(head, "2026-01", "漏录一车")
    last, recomputed, reopened = queries.closings(head.actor)
    assert (last.month, last.revision, last.active, last.ended_by) == ("2026-02", 2, True, "")
    assert (recomputed.revision, recomputed.active, recomputed.end_reason) == (1, False, "")
    assert (reopened.month, reopened.active, reopened.ended_by, reopened.end_reason) == (
        "2026-01", False, "sales", "漏录一车",
    )  # fmt: skip
    assert (reopened.edition, reopened.customers, reopened.closed_by) == (1, 2, "sales")
    assert reopened.closed_at == datetime(2026, 7, 6, 4, tzinfo=UTC)
    assert last.closed_at == datetime(2026, 7, 8, 4, tzinfo=UTC)


def test_gaps_lie_between_the_first_pick_ups_and_the_month(
    two: tuple[int, int], head: Session
) -> None:
    """A.X 7: pick-ups begin in January."""
    assert queries.gaps_before("2026-04") == ["2026-01", "2026-02", "2026-03"]
    close(head, "2026-01", "2026-03")
    assert queries.gaps_before("2026-06") == ["2026-02", "2026-04", "2026-05"]
    assert queries.gaps_before("2026-03") == ["2026-02"]
    assert queries.gaps_before("2026-01") == []


def test_the_level_in_force_begins_with_the_next_month(
    two: tuple[int, int], head: Session, clock: Clock
) -> None:
    """A.X 8, C9.3: before the first closing takes effect it is the starting level."""
    first, second = two
    close(head, "2026-01", "2026-02", "2026-03", "2026-04")
    auction = TierState(Level.AUCTION, SalesForm.AUCTION)
    expected = {
        date(2026, 1, 1): {},
        date(2026, 1, 2): {first: auction, second: auction},
        date(2026, 1, 31): {first: auction, second: auction},
        date(2026, 2, 1): {first: TierState(Level.ORDINARY, SalesForm.PLAN), second: auction},
        date(2026, 2, 28): {first: TierState(Level.ORDINARY, SalesForm.PLAN), second: auction},
        date(2026, 3, 1): {
            first: TierState(Level.ONE_STAR, SalesForm.PLAN),
            second: TierState(Level.ORDINARY, SalesForm.PLAN),
        },
    }
    assert {day: queries.levels_on(day) for day in expected} == expected
    assert queries.levels_on(date(2026, 4, 30))[first].level is Level.TWO_STAR
    assert queries.levels_on(date(2030, 1, 1))[first].level is Level.ONE_STAR
    tiers.reopen_month(head, "2026-04", "核对")
    assert queries.levels_on(date(2026, 5, 1))[first].level is Level.TWO_STAR


@pytest.mark.parametrize("effective", ["next_month", "same_month"])
def test_lists_show_the_level_in_force_on_the_day_of_the_closing(
    two: tuple[int, int], head: Session, clock: Clock, effective: str
) -> None:
    """A.X 8: a month cannot be closed before its level is in force."""
    if effective == "same_month":
        policy.add_edition(head, date(2026, 2, 1), {"level_effective": effective}, "当月生效")
    for month, (year, after) in (("2026-01", (2026, 2)), ("2026-02", (2026, 3))):
        clock.set(year, after, 1)
        close(head, month)
        today = head.today()
        assert today == date(year, after, 1)
        in_force = {key: state.level for key, state in queries.levels_on(today).items()}
        assert {row.id: row.level for row in customers.customers(head.actor)} == in_force


def test_an_edition_may_put_the_level_in_force_from_its_own_month(
    two: tuple[int, int], head: Session
) -> None:
    close(head, "2026-01")
    policy.add_edition(head, date(2026, 2, 1), {"level_effective": "same_month"}, "当月生效")
    close(head, "2026-02")
    assert queries.results(head.actor, "2026-01")[0].in_force_from == date(2026, 2, 1)
    assert queries.results(head.actor, "2026-02")[0].in_force_from == date(2026, 2, 1)
    assert queries.levels_on(date(2026, 1, 31))[two[0]].level is Level.AUCTION
    assert queries.levels_on(date(2026, 2, 1))[two[0]].level is Level.ONE_STAR


def test_blockers_grey_the_buttons_with_the_service_s_own_reasons(
    two: tuple[int, int], head: Session, as_role: AsRole
) -> None:
    auditor, today = as_role(Role.AUDITOR).actor, head.today()
    assert queries.close_blockers(head.actor, today, "2026-02") == ()
    (lacking,) = queries.close_blockers(auditor, today, "2026-02")
    assert lacking.code == "reason.role_lacks_action"
    close(head, "2026-02")
    assert queries.reopen_blockers(head.actor, "2026-02") == ()
    found = queries.reopen_blockers(auditor, "2026-01")
    assert [r.code for r in found] == ["reason.role_lacks_action", "reason.month_not_closed"]
    with pytest.raises(Invalid):
        queries.close_blockers(head.actor, today, "2026-2")
    with pytest.raises(NotAllowed):
        queries.results(as_role(Role.ADMINISTRATOR).actor, "2026-02")


def test_kilograms_are_whole_numbers_on_both_engines(two: tuple[int, int], head: Session) -> None:
    close(head, "2026-02")
    row = queries.results(head.actor, "2026-02")[0]
    assert type(row.kg) is int and type(rows("SELECT kg FROM tier_result")[0][0]) is int
