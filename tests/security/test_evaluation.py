"""What a server computes of an evaluation is what the rules compute, in any edition (C16.1)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from chemsales.queries.calendar import load_calendar
from chemsales.queries.evaluation import RunRow, runs
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.completion import completion
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.evaluation import (
    Exact,
    Grade,
    Indicator,
    MonthFacts,
    score,
)
from chemsales.rules.evenness import evenness, weeks_of
from chemsales.rules.periods import Period, month_range
from chemsales.rules.policy import Policy
from chemsales.rules.roles import Role
from chemsales.services import audit
from chemsales.services.evaluation import compute, sign
from chemsales.services.session import Session, utc_now
from chemsales.storage.database import connected, rows
from chemsales.storage.fields import canonical_json
from tests.conftest import opened
from tests.factory import employ, session_of
from tests.security import world
from tests.security.conftest import signed_in
from tests.security.hostile import Hostile
from tests.security.test_hostile import attempt, person

MANY = 300
MONTHS = month_range("2024-01", "2026-12")
BOUNDS = ([90, 80, 60], ["92.5", "80", "59.99"])


def editions() -> list[dict[str, object]]:
    """What editions may store: everything, or what differs from the default."""
    own = {"dealer": {**Policy().weights["dealer"], "completion": 65, "evenness": 0}}
    return [
        {},
        Policy().as_parameters(),
        {"grade_bounds": BOUNDS[1], "min_available_weight": 20},
        {"weights": own, "company_short_deducted": False},
    ]


def values(chance: random.Random) -> dict[Indicator, Exact | None]:
    """Indicators with data and without, exact ones, fractions, and those that make a bound."""
    draws = (
        lambda: None,
        lambda: Decimal(chance.choice(("90", "80", "60", "0", "100"))),
        lambda: Fraction(100 * chance.randrange(1, 7**9), 7**9),
        lambda: Fraction(chance.randrange(101)),
    )
    same = chance.choice((None, None, Decimal(60), Decimal(90), Fraction(80)))
    return {each: same if same is not None else chance.choice(draws)() for each in Indicator}


def cases() -> Iterator[tuple[dict[str, object], CustomerClass, dict[Indicator, Exact | None]]]:
    chance = random.Random(16)
    for number in range(MANY):
        yield editions()[number % 4], chance.choice(list(CustomerClass)), values(chance)


def test_scores_and_grades(server_url: str) -> None:
    grades = set()
    with opened(server_url), connected():
        for given, kind, indicators in cases():
            expected = score(kind, indicators, Policy.from_parameters(given))
            made = {"values": {i: None if v is None else str(v) for i, v in indicators.items()}}
            ((exact, grade, weight),) = rows(
                "SELECT * FROM chemsales_score(?, ?, ?)",
                (str(kind), canonical_json(made), canonical_json(given)),
            )
            assert (grade, weight) == (expected.grade, expected.available_weight), made
            assert (exact is None) is (expected.score is None)
            assert expected.score is None or abs(exact - expected.score) < Decimal("1e-24")
            grades.add(expected.grade)
    assert grades == set(Grade)


def test_a_value_out_of_range_has_no_score(server_url: str) -> None:
    with opened(server_url), connected():
        for wrong in ("100.01", "-1", "700/6"):
            made = canonical_json({"values": {"completion": wrong, "evenness": "90"}})
            assert rows("SELECT * FROM chemsales_score('dealer', ?, '{}')", (made,)) == []


def test_completion(server_url: str) -> None:
    chance = random.Random(23)
    with opened(server_url), connected():
        for number in range(MANY):
            policy = Policy.from_parameters(given := editions()[number % 4])
            months = [
                MonthFacts(
                    f"2026-{month:02d}",
                    chance.choice((0, -500, chance.randrange(3_000_000))),
                    chance.choice((None, 0, plan := chance.randrange(1, 3_000_000))),
                    chance.choice((0, 0, plan)),
                )
                for month in range(1, chance.randrange(2, 6))
            ]
            inputs = {"months": [
                {"month": m.month, "take_kg": m.take_kg, "plan_kg": m.plan_kg,
                 "short_kg": m.short_kg} for m in months
            ]}  # fmt: skip
            ((stored,),) = rows(
                "SELECT chemsales_completion(?, ?)",
                (canonical_json(inputs), canonical_json(given)),
            )
            expected = _completion(months, policy)
            assert (stored is None) is (expected is None), inputs
            assert expected is None or abs(Fraction(stored) - expected * 100) < Fraction(1, 10**40)


def test_evenness(server_url: str) -> None:
    """Runs of months with gaps between them, holidays, weeks without a working day, returns."""
    chance, undefined = random.Random(7), 0
    with opened(server_url), connected():
        calendar = load_calendar()
        assert calendar.official
        for _turn in range(MANY):
            months = sorted(chance.sample(MONTHS, chance.randrange(1, 7)))
            daily = {
                day: chance.choice((40_000, chance.randrange(1, 90_000), -1_000))
                for month in months
                for day in (date.fromisoformat(f"{month}-{chance.randrange(1, 29):02d}"),)
                for _each in range(chance.randrange(3))
            }
            expected = evenness(*weeks_of(months, daily, calendar)[:2]).evenness
            inputs = {
                "months": [{"month": month} for month in months],
                "daily_kg": {day.isoformat(): kg for day, kg in daily.items()},
            }
            ((stored,),) = rows("SELECT chemsales_evenness(?)", (canonical_json(inputs),))
            undefined += expected is None
            assert (stored is None) is (expected is None), inputs
            assert expected is None or abs(Fraction(stored) - expected * 100) < Fraction(1, 10**30)
    assert 0 < undefined < MANY / 2


@pytest.mark.parametrize("period", [world.half(), world.half()[:4]])
def test_what_the_program_computes_is_taken(server_url: str, period: str) -> None:
    """By a person's own login, of several customers with plans and ratings."""
    with signed_in(server_url, "am") as am:
        run_id = compute(am, period).value
        found = rows("SELECT grade FROM evaluation WHERE run_id = ?", (run_id,))
    assert len(found) > 0


def test_no_month_of_the_period_is_left_out(server_url: str) -> None:
    """Cut out of everything alike, which is consistent in itself."""
    whole = "SELECT chemsales_evaluated_whole(?, ?, ?, ?, ?)"
    period = world.quarter()[0]
    with opened(server_url), connected():
        made = rows(
            "SELECT customer_id, group_code, customer_class, e.inputs FROM evaluation e "
            "JOIN evaluation_run r ON r.id = e.run_id WHERE r.period = ? AND r.active = 1",
            (period,),
        )
        for customer, group, kind, inputs in made:
            about = (customer, group, kind, period)
            assert rows(whole, (*about, inputs)) == [(True,)]
            for left_out in range(len(json.loads(inputs)["months"])):
                cut = json.loads(inputs)
                month = cut["months"].pop(left_out)["month"]
                for kept in ("daily_kg", "cooperation"):
                    cut[kept] = {k: v for k, v in cut[kept].items() if not k.startswith(month)}
                assert rows(whole, (*about, canonical_json(cut))) != [(True,)]
            assert rows(whole, (customer, group, "agent", period, inputs)) == [(False,)]
    assert len(made) > 0


def test_c16_1_c7_2_what_came_back_is_computed_again_by_another_login(server_url: str) -> None:
    """Who put it up before signs it neither through the program nor past it, though holding the
    role; and nobody replaces what waits for its signature, or decides on what was replaced."""
    period = world.quarter()[0]
    with signed_in(server_url, "sales") as sales:
        first = run_of(sales, period)
        sign(sales, first.run_id, first.version, Verdict.RETURN, "请复核")
        second = compute(sales, period).value
        with pytest.raises(ChemsalesError) as over:
            sign(sales, first.run_id, first.version + 1, Verdict.RETURN, "再议")
        assert [each.code for each in over.value.reasons] == ["reason.evaluation_replaced"]
    with person(server_url, "am2") as link:
        assert attempt(link, Hostile(replacing(second))) == "P0001"
    with opened(server_url):
        other = employ("head2", Role.SALES_HEAD, clock=utc_now)
        sign(other, second, run_of(other, period).version, Verdict.RETURN, "仍有误")
    with signed_in(server_url, "am2") as am2:
        third = compute(am2, period).value
    with person(server_url, "sales") as link:
        for run_id in (first.run_id, second, third):
            for verdict in ("approve", "reject"):
                assert attempt(link, Hostile(decision(run_id, verdict))) == "P0001"
    with signed_in(server_url, "sales") as sales, pytest.raises(ChemsalesError) as own:
        sign(sales, third, run_of(sales, period).version, Verdict.APPROVE)
    assert [each.code for each in own.value.reasons] == ["reason.applicant_cannot_sign"]
    with opened(server_url):
        sign(other, third, run_of(other, period).version, Verdict.APPROVE)
        assert audit.verify(session_of("auditor", utc_now)).sound


def run_of(session: Session, period: str) -> RunRow:
    """The newest run of a period."""
    return runs(session.actor, period)[0]


def replacing(run_id: int) -> str:
    """A run that was computed is replaced by a copy of it."""
    columns = "edition, computed_by, computed_at, inputs_hash, results_digest, inputs"
    return (
        f"UPDATE evaluation_run SET active = 0 WHERE id = {run_id}; "
        f"INSERT INTO evaluation_run (period, revision, {columns}) SELECT period, revision + 1, "
        f"{columns} FROM evaluation_run WHERE id = {run_id}"
    )


def decision(run_id: int, verdict: str) -> str:
    """A decision of the sales department on a run, as its case stands."""
    return (
        "INSERT INTO decision (case_id, round, stage, verdict, signer, signer_name, signed_at, "
        f"comment, seen_version, snapshot_hash, edition) SELECT c.id, c.round, 'sales', "
        f"'{verdict}', 'x', 'x', 'x', 'x', c.version, c.snapshot_hash, c.edition "
        f"FROM approval_case c WHERE c.chain = 'evaluation' AND c.subject_id = {run_id}"
    )


@pytest.mark.parametrize(
    ("period", "span"),
    [
        ("2026Q1", ("2026-01", "2026-03")),
        ("2026Q4", ("2026-10", "2026-12")),
        ("2026H2", ("2026-07", "2026-12")),
        ("2026", ("2026-01", "2026-12")),
    ],
)
def test_the_months_of_a_period(server_url: str, period: str, span: tuple[str, str]) -> None:
    with opened(server_url), connected():
        assert rows("SELECT * FROM chemsales_span(?)", (period,)) == [span]
    assert (Period.parse(period).months[0], Period.parse(period).months[-1]) == span


def _completion(months: list[MonthFacts], policy: Policy) -> Fraction | None:
    planned = [m for m in months if completion(0, m.plan_kg or 0, m.short_kg, policy).ratio == 0]
    return completion(
        sum(m.take_kg for m in planned),
        sum(m.plan_kg or 0 for m in planned),
        sum(m.short_kg for m in planned),
        policy,
    ).ratio
