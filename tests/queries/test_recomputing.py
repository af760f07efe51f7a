"""Level runs and evaluations come out the same from frozen inputs: stored, by calc, on paper."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from chemsales.calc import calculate
from chemsales.queries import closing as closings
from chemsales.queries import recomputing
from chemsales.queries.evaluation import runs
from chemsales.queries.recomputing import Recomputation
from chemsales.reports import evaluation_sheet
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.errors import NotFound
from chemsales.rules.roles import Role
from chemsales.services import audit, calendar, customers, evaluation, policy, tiers
from chemsales.services.session import Session
from chemsales.storage.database import rows
from chemsales.storage.fields import canonical_json
from tests.factory import Clock, accredit, draft_of
from tests.factory_offtake import close, pick_up, plan, rate, weekdays
from tests.services.test_audit import tamper

AsRole = Callable[..., Session]
DIRECT = (ClassRequest("PO", CustomerClass.DIRECT, "山东", 900_000, "注塑"),)


@pytest.fixture
def at_work(ready: str, as_role: AsRole, clock: Clock) -> Clock:
    """Two quarters: a dealer who rises past the gate, one whom it stops, a direct customer, a month
    that is never closed, one that is reopened, a class that changes, an edition in between."""
    clock.set(2026, 1, 5)
    am, sales = as_role(Role.ACCOUNT_MANAGER), as_role(Role.SALES_HEAD)
    good, bad = (accredit(draft_of(f"重算{n}有限公司", n), clock) for n in (1, 2))
    direct = accredit(draft_of("直供有限公司", 3, DIRECT), clock)
    clock.set(2026, 7, 6)
    for month, kg in (("2026-01", 50_000), ("2026-03", 60_000), ("2026-04", 70_000)):
        lines = weekdays(month, kg, good) + weekdays(month, kg // 2, bad)
        pick_up(am, lines + weekdays(month, 20_000, direct))
    plan(
        am, [(good, "PP-T30S", "2026-03", 1_300_000, 0), (bad, "PP-T30S", "2026-03", 9_000_000, 0)]
    )
    rate(clock, good, "2026-03", 95)
    rate(clock, bad, "2026-03", 10)
    close(sales, "2026-01", "2026-03")  # February never
    run_id = evaluation.compute(am, "2026Q1").value
    evaluation.sign(sales, run_id, runs(am.actor)[0].version, Verdict.APPROVE)
    close(sales, "2026-04")
    policy.add_edition(sales, date(2026, 5, 1), {"level_move": "direct"}, "会议纪要")
    pick_up(am, weekdays("2026-05", 150_000, good) + weekdays("2026-05", 90_000, bad))
    close(sales, "2026-05")
    tiers.reopen_month(sales, "2026-04", "补录")
    pick_up(am, [(bad, "PP-T30S", "2026-04-30", -40_000)])
    close(sales, "2026-04")
    customers.change_class(
        sales, direct, "PO", CustomerClass.DEALER, date(2026, 6, 15), "改为经销", 1
    )
    evaluation.compute(am, "2026Q2")
    return clock


def everything(as_role: AsRole) -> list[Recomputation]:
    actor = as_role(Role.AUDITOR).actor
    found = [
        recomputing.closing(actor, month, revision)
        for month, revision in rows("SELECT month, revision FROM closing ORDER BY id")
    ]
    return found + [recomputing.evaluation(actor, period) for period in ("2026Q1", "2026Q2")]


def test_every_run_comes_out_the_same_ended_ones_too(at_work: Clock, as_role: AsRole) -> None:
    found = everything(as_role)
    assert {(each.title, each.revision) for each in found} >= {
        ("2026-01", 1), ("2026-04", 1), ("2026-04", 2), ("2026-05", 2), ("2026Q1", 1),
    }  # fmt: skip
    for each in found:
        assert each.frozen and each.same and each.differing == (), each.title
    said = " ".join(each.again for each in found)
    for code in ("tier_gate", "tier_month_missing", "tier_direct_pinned", "tier_auction_exit"):
        assert f"reason.{code}" in said, code
    assert audit.verify(as_role(Role.AUDITOR)).problems == ()


def test_calc_gives_the_same_canonical_result(at_work: Clock, as_role: AsRole) -> None:
    for each in everything(as_role):
        document = json.loads(json.dumps(each.document))
        assert canonical_json(calculate(each.kind, document)) == each.stored


def test_later_facts_do_not_reach_what_was_computed(at_work: Clock, as_role: AsRole) -> None:
    """The calendar, a class and a score that change later leave a frozen run as it was."""
    before = [each.again for each in everything(as_role)]
    sales = as_role(Role.SALES_HEAD)
    calendar.set_day(sales, date(2026, 3, 18), "off", "补假")
    assert [each.again for each in everything(as_role)] == before


def test_the_sheets_are_the_same_bytes(at_work: Clock, as_role: AsRole) -> None:
    actor = as_role(Role.AUDITOR).actor
    found = recomputing.evaluation(actor, "2026Q1")
    stored, again = recomputing.evaluation_sheets(actor, found)
    assert stored == again
    for language in ("zh_CN", "en"):
        assert evaluation_sheet.render(stored, language) == evaluation_sheet.render(again, language)


def test_what_does_not_follow_is_told(at_work: Clock, as_role: AsRole) -> None:
    tamper("UPDATE tier_result SET level_after = 'three_star' WHERE closing_id = 1", "tier_result")
    found = recomputing.closing(as_role(Role.AUDITOR).actor, "2026-01")
    assert not found.same and found.differing
    codes = {p.reason.code for p in audit.verify(as_role(Role.AUDITOR)).problems}
    assert "reason.closing_altered" in codes


def test_inputs_that_were_changed_with_the_run_are_told(at_work: Clock, as_role: AsRole) -> None:
    """An ended closing is held against its own frozen inputs, not against the rows of today."""
    key, text = rows("SELECT id, inputs FROM closing WHERE active = 0 AND month = '2026-05'")[0]
    inputs = json.loads(text)
    inputs["customers"]["direct"] = []
    tamper(f"UPDATE closing SET inputs = '{json.dumps(inputs)}' WHERE id = {key}", "closing")
    found = [(p.place, p.reason.code) for p in audit.verify(as_role(Role.AUDITOR)).problems]
    assert (f"closing {key}", "reason.closing_differs") in found


def test_a_closing_of_before_reads_what_it_did_not_freeze(at_work: Clock, as_role: AsRole) -> None:
    text = rows("SELECT inputs FROM closing WHERE month = '2026-01'")[0][0]
    kept = {key: value for key, value in json.loads(text).items() if key != "customers"}
    tamper(f"UPDATE closing SET inputs = '{json.dumps(kept)}' WHERE month = '2026-01'", "closing")
    found = recomputing.closing(as_role(Role.AUDITOR).actor, "2026-01")
    assert found.same and not found.frozen
    assert closings.gate_scores("2026-01") == ({}, [])


def test_what_was_never_computed_is_not_found(ready: str, as_role: AsRole) -> None:
    actor = as_role(Role.AUDITOR).actor
    with pytest.raises(NotFound):
        recomputing.closing(actor, "2026-01")
    with pytest.raises(NotFound):
        recomputing.evaluation(actor, "2026Q1")
