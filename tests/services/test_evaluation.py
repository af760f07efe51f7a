"""Evaluations of periods: raw data, admission, frozen inputs, revisions, sign-off (C16.1)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from peewee import DatabaseError

from chemsales.calc import calculate
from chemsales.queries import evaluation as queries
from chemsales.queries import recomputing
from chemsales.queries.approval import queue
from chemsales.queries.calendar import years as calendar_years
from chemsales.queries.closing import gate_scores
from chemsales.queries.evaluation_inputs import PeriodInputs
from chemsales.queries.recomputing import evaluated
from chemsales.rules.accreditation import digest
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.errors import Conflict, Invalid, NotAllowed
from chemsales.rules.evaluation import Grade, Indicator
from chemsales.rules.periods import Period
from chemsales.rules.roles import Role
from chemsales.services import audit, calendar, evaluation, people, policy, settings, tiers
from chemsales.services.session import Session
from chemsales.storage.database import execute, rows
from tests.factory import Clock, accredit, draft_of, employ, session_of
from tests.factory_licences import accredit_dated, paper, renew
from tests.factory_offtake import close, pick_up, plan, rate, weekdays
from tests.furnishing import furnish
from tests.racing import race
from tests.services.test_audit import tamper

AsRole = Callable[..., Session]
MONTHS = ("2026-04", "2026-05", "2026-06")


@pytest.fixture
def quarter(ready: str, clock: Clock) -> tuple[int, int]:
    """Two customers with a closed second quarter of 2026: an even dealer, an uneven direct user."""
    clock.set(2026, 7, 6)
    return furnish(_quarter)


def _quarter() -> tuple[int, int]:
    clock = Clock()
    clock.set(2026, 3, 2)
    even = accredit(draft_of("均衡塑料有限公司", 1), clock)
    direct = accredit(
        draft_of(
            "突击化工有限公司", 2, (ClassRequest("EG", CustomerClass.DIRECT, "山东", 1000, "x"),)
        ),
        clock,
        manager="am2",
    )
    clock.set(2026, 7, 6)
    am, sales = session_of("am", clock), session_of("sales", clock)
    pick_up(am, [line for month in MONTHS for line in weekdays(month, 10_000, even)])
    pick_up(am, [(direct, "MEG", "2026-05-11", 400_000), (direct, "MEG", "2026-06-30", -40_000)])
    plan(am, [(even, "PP-T30S", month, 200_000, 0) for month in MONTHS])
    plan(am, [(direct, "MEG", "2026-05", 500_000, 100_000)])
    for customer, points in ((even, 90), (direct, 70)):
        rate(clock, customer, "2026-05", points)
    close(sales, *MONTHS)
    return even, direct


def only(actor_session: Session, run_id: int, customer: int) -> queries.EvaluationRow:
    """The one row of a customer in a run."""
    found = queries.evaluations(actor_session.actor, run_id)
    return next(row for row in found if row.customer_id == customer)


def test_a_quarter_is_computed_from_the_raw_data_of_the_whole_period(
    quarter: tuple[int, int], as_role: AsRole
) -> None:
    am = as_role(Role.ACCOUNT_MANAGER)
    run_id = evaluation.compute(am, "2026Q2").value
    even, direct = (only(am, run_id, customer) for customer in quarter)
    # 22 + 21 + 22 weekdays of 10 t against 600 t: above the plan counts as the plan
    assert (even.take_kg, even.plan_kg) == (650_000, 600_000)
    assert even.value(Indicator.COMPLETION) == 100
    assert even.raw_completion is not None and even.raw_completion > 100
    evenness = even.value(Indicator.EVENNESS)
    assert evenness is not None and Decimal(90) < evenness < 100
    assert even.value(Indicator.COOPERATION) == 90
    assert even.available_weight == 75 and even.grade is Grade.EXCELLENT
    # 400 t in May against 500 t of which the company lacked 100 t; the June return has no plan
    assert direct.value(Indicator.COMPLETION) == 100
    assert direct.take_kg == 360_000 and direct.plan_kg == 400_000
    assert direct.available_weight == 65 and direct.customer_class is CustomerClass.DIRECT
    for row in (even, direct):
        assert row.value(Indicator.PAYMENT) is None and row.value(Indicator.CREDIT) is None
        assert all(line.reasons for line in row.lines) and row.reasons


def test_the_plan_of_a_suspended_customer_counts_until_the_suspension(
    ready: str, clock: Clock
) -> None:
    """A.X 12: May up to the 10th, all of June but the day before the renewal was accepted."""
    clock.set(2026, 3, 2)
    stopped = accredit_dated("停牌有限公司", 3, date(2026, 5, 10), clock)
    clock.set(2026, 6, 2)
    renew(stopped, paper("B-9"), clock)
    clock.set(2026, 7, 6)
    am, sales = session_of("am", clock), session_of("sales", clock)
    months = {"2026-04": 80_000, "2026-05": 93_000, "2026-06": 290_000}
    pick_up(am, [(stopped, "PP-T30S", f"{month}-08", kg) for month, kg in months.items()])
    plan(am, [(stopped, "PP-T30S", "2026-04", 100_000, 0),
              (stopped, "PP-T30S", "2026-05", 310_000, 31_000),
              (stopped, "PP-T30S", "2026-06", 300_000, 0)])  # fmt: skip
    close(sales, *MONTHS)
    run_id = evaluation.compute(am, "2026Q2").value
    row = only(am, run_id, stopped)
    assert (row.take_kg, row.plan_kg) == (463_000, 100_000 + 90_000 + 290_000)
    reasons = [reason for line in row.lines for reason in line.reasons]
    said = {r.params["month"]: r.params["days"] for r in reasons if r.clause == "C15.2"}
    assert said == {"2026-05": 21, "2026-06": 1}
    again = recomputing.evaluation(am.actor, "2026Q2")
    assert again.same
    held = [month.get("suspended_days", 0) for month in again.document["cases"][0]["months"]]
    assert held == [0, 21, 1]


def test_the_exported_inputs_recompute_to_the_same_score(
    quarter: tuple[int, int], as_role: AsRole
) -> None:
    am = as_role(Role.ACCOUNT_MANAGER)
    run_id = evaluation.compute(am, "2026Q2").value
    document = queries.calc_document(am.actor, run_id)
    results = calculate("score", document)["results"]
    shown = {"excellent": "优秀", "good": "良好", "pass": "合格", "fail": "不合格"}
    for case, result in zip(document["cases"], results, strict=True):
        expected = case["expect"]
        assert abs(result["score"] - float(expected["score"])) < 1e-9
        assert result["grade"] == shown[expected["grade"]]
        assert result["available_weight"] == expected["available_weight"]


def test_only_confirmed_ratings_and_standing_imports_count(
    quarter: tuple[int, int], as_role: AsRole, clock: Clock
) -> None:
    even, _ = quarter
    am = as_role(Role.ACCOUNT_MANAGER)
    rate(clock, even, "2026-06", 10, confirm=False)
    run_id = evaluation.compute(am, "2026Q2").value
    assert only(am, run_id, even).value(Indicator.COOPERATION) == 90


def test_only_months_from_the_admission_and_closed_ones_count(
    quarter: tuple[int, int], as_role: AsRole, clock: Clock
) -> None:
    """A.X 22: a customer of June has June alone; one of July has none and is listed (C16.1)."""
    sales, am = as_role(Role.SALES_HEAD), as_role(Role.ACCOUNT_MANAGER)
    clock.set(2026, 6, 8)
    june = accredit(draft_of("六月准入有限公司", 3), clock)
    clock.set(2026, 7, 2)
    july = accredit(draft_of("七月准入有限公司", 4), clock)
    clock.set(2026, 7, 6)
    pick_up(am, [(june, "PP-T30S", "2026-07-02", 9_000)])
    tiers.reopen_month(sales, "2026-04", "补录")
    run_id = evaluation.compute(am, "2026Q2").value
    months = {
        row.customer_id: tuple(month["month"] for month in row.months)
        for row in queries.evaluations(am.actor, run_id)
    }
    assert months[june] == ("2026-06",)
    assert months[quarter[0]] == ("2026-05", "2026-06")
    assert july not in months
    assert queries.missing(am.actor, "2026Q2", am.today()) == []  # accredited after the period
    clock.set(2026, 8, 3)
    close(sales, "2026-07")
    clock.set(2026, 9, 10)
    september = accredit(draft_of("九月准入有限公司", 5), clock)
    evaluation.compute(am, "2026Q3")
    listed = queries.missing(am.actor, "2026Q3", am.today())
    assert [each.customer_id for each in listed] == [september]
    assert listed[0].reasons[0].code == "reason.no_closed_month_since_admission"


def test_a_period_without_a_closed_month_is_refused(
    ready: str, as_role: AsRole, clock: Clock
) -> None:
    accredit(draft_of("新客户有限公司", 1), clock)
    with pytest.raises(NotAllowed):
        evaluation.compute(as_role(Role.ACCOUNT_MANAGER), "2026Q2")
    for wrong in ("2026Q5", "26Q1", "2026-06", ""):
        with pytest.raises(Invalid):
            evaluation.compute(as_role(Role.ACCOUNT_MANAGER), wrong)


@pytest.mark.parametrize("period", ["2026Q2", "2026H1", "2026"])
def test_quarter_half_year_and_year(quarter: tuple[int, int], as_role: AsRole, period: str) -> None:
    am = as_role(Role.ACCOUNT_MANAGER)
    evaluation.compute(am, period)
    (run,) = queries.runs(am.actor, period)
    assert (run.customers, run.closed, run.outcome) == (2, MONTHS, Outcome.OPEN)


def test_computing_again_needs_a_change_and_makes_a_revision(
    quarter: tuple[int, int], as_role: AsRole, clock: Clock
) -> None:
    even, _ = quarter
    am, am2 = as_role(Role.ACCOUNT_MANAGER), as_role(Role.ACCOUNT_MANAGER, "am2")
    first = evaluation.compute(am, "2026Q2").value
    with pytest.raises(NotAllowed) as same:
        evaluation.compute(am, "2026Q2")
    assert same.value.reasons[0].code == "reason.evaluation_unchanged"
    rate(clock, even, "2026-06", 50)
    with pytest.raises(NotAllowed) as waits:
        evaluation.compute(am2, "2026Q2")
    assert waits.value.reasons[0].code == "reason.evaluation_waits"
    assert queries.outlook(am2.actor, "2026Q2", am2.today())[1] == waits.value.reasons
    second = evaluation.compute(am, "2026Q2").value
    found = {run.run_id: run for run in queries.runs(am.actor, "2026Q2")}
    assert (found[first].active, found[first].outcome) == (False, Outcome.WITHDRAWN)
    assert (found[second].active, found[second].revision) == (True, 2)
    assert only(am, first, even).value(Indicator.COOPERATION) == 90
    assert only(am, second, even).value(Indicator.COOPERATION) == 70


@pytest.fixture
def came_back(quarter: tuple[int, int], clock: Clock) -> int:
    """The run of the quarter as who computed it has left it: returned, and computed on the very
    same data as there are."""
    leaver = employ("leaver", Role.ACCOUNT_MANAGER, clock=clock)
    run_id = evaluation.compute(leaver, "2026Q2").value
    signed(session_of("sales", clock), run_id, Verdict.RETURN, "请复核")
    set_active("leaver", False)
    return run_id


def set_active(login: str, active: bool) -> None:
    ((version,),) = rows("SELECT version FROM person WHERE login = ?", (login,))
    people.set_active(session_of("admin"), login, active, version)


def signed(session: Session, run_id: int, verdict: Verdict, comment: str = "") -> Outcome:
    (run,) = (run for run in queries.runs(session.actor) if run.run_id == run_id)
    return evaluation.sign(session, run_id, run.version, verdict, comment).value


def codes(raised: pytest.ExceptionInfo[NotAllowed]) -> list[str]:
    return [reason.code for reason in raised.value.reasons]


def test_c16_1_what_came_back_to_a_leaver_is_computed_again_by_others(
    came_back: int, as_role: AsRole
) -> None:
    """Whoever may compute finds it, and puts it up in the own name; nothing more is decided on the
    revision that was replaced, and who left finds it no more when the login is allowed again."""
    am2, sales = as_role(Role.ACCOUNT_MANAGER, "am2"), as_role(Role.SALES_HEAD)
    assert [(row.kind, row.id) for row in queue(am2.actor)] == [("evaluation", came_back)]
    assert queue(as_role(Role.FINANCE).actor) == []
    assert queries.outlook(am2.actor, "2026Q2", am2.today())[1] == ()
    second = evaluation.compute(am2, "2026Q2").value
    newer, older = queries.runs(sales.actor, "2026Q2")
    assert (newer.run_id, newer.computed_by, newer.outcome) == (second, "am2", Outcome.OPEN)
    assert (older.active, older.outcome) == (False, Outcome.RETURNED)
    assert queue(am2.actor) == []
    for verdict in Verdict:
        with pytest.raises(NotAllowed) as replaced:
            signed(sales, came_back, verdict, "意见")
        assert codes(replaced) == ["reason.evaluation_replaced"]
    set_active("leaver", True)
    assert queue(employ("leaver", Role.ACCOUNT_MANAGER).actor) == []
    assert signed(sales, second, Verdict.APPROVE) is Outcome.APPROVED
    assert audit.verify(as_role(Role.AUDITOR)).problems == ()


def test_c7_2_nobody_signs_what_takes_the_place_of_the_own_revision(
    came_back: int, as_role: AsRole, clock: Clock
) -> None:
    """Not even with another role by then, nor by delegation; a decision ends that."""
    evaluation.compute(as_role(Role.ACCOUNT_MANAGER), "2026Q2")
    set_active("leaver", True)
    former = employ("leaver", Role.SALES_HEAD, clock=clock)
    second = queries.runs(former.actor, "2026Q2")[0]
    assert queue(former.actor) == []
    with pytest.raises(NotAllowed) as own:
        signed(former, second.run_id, Verdict.APPROVE)
    assert codes(own) == ["reason.applicant_cannot_sign"]
    assert [row.id for row in queue(session_of("sales", clock).actor)] == [second.run_id]
    signed(session_of("sales", clock), second.run_id, Verdict.REJECT, "口径不对")
    third = evaluation.compute(session_of("am", clock), "2026Q2").value
    assert signed(former, third, Verdict.APPROVE) is Outcome.APPROVED


def test_what_waits_for_its_signature_is_not_replaced_by_another(
    quarter: tuple[int, int], clock: Clock
) -> None:
    """Also when who computed it has left: the sales head decides it, and returns it for others."""
    leaver = employ("leaver", Role.ACCOUNT_MANAGER, clock=clock)
    first = evaluation.compute(leaver, "2026Q2").value
    set_active("leaver", False)
    rate(clock, quarter[0], "2026-06", 50)
    am = session_of("am", clock)
    with pytest.raises(NotAllowed) as waits:
        evaluation.compute(am, "2026Q2")
    assert codes(waits) == ["reason.evaluation_waits"]
    signed(session_of("sales", clock), first, Verdict.RETURN, "数据已变，请重算")
    assert evaluation.compute(am, "2026Q2").value != first


def test_the_sales_head_signs_what_somebody_else_computed(
    quarter: tuple[int, int], as_role: AsRole
) -> None:
    am, sales = as_role(Role.ACCOUNT_MANAGER), as_role(Role.SALES_HEAD)
    with pytest.raises(NotAllowed) as alone:  # nobody could sign it
        evaluation.compute(sales, "2026Q2")
    assert [reason.code for reason in alone.value.reasons] == ["reason.nobody_else_signs"]
    _, blocked = queries.outlook(sales.actor, "2026Q2", sales.today())
    assert blocked == alone.value.reasons
    employ("head2", Role.SALES_HEAD)
    assert queries.outlook(sales.actor, "2026Q2", sales.today())[1] == ()
    own = evaluation.compute(sales, "2026Q2").value
    (run,) = queries.runs(sales.actor, "2026Q2")
    assert queries.blockers(sales.actor, own, Verdict.APPROVE, sales.today())
    with pytest.raises(NotAllowed) as refused:
        evaluation.sign(sales, own, run.version, Verdict.APPROVE)
    assert refused.value.reasons[0].code == "reason.applicant_cannot_sign"
    other = evaluation.compute(am, "2026H1").value
    (half,) = queries.runs(am.actor, "2026H1")
    for role in (Role.ACCOUNT_MANAGER, Role.FINANCE, Role.GENERAL_MANAGER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            evaluation.sign(as_role(role), other, half.version, Verdict.APPROVE)
    with pytest.raises(NotAllowed):
        evaluation.sign(sales, other, half.version, Verdict.RETURN)  # without a comment
    signed = evaluation.sign(sales, other, half.version, Verdict.APPROVE, "同意")
    assert signed.value is Outcome.APPROVED
    with pytest.raises(Conflict):
        evaluation.sign(sales, other, half.version, Verdict.APPROVE)


def test_a_signed_run_is_frozen_and_a_correction_makes_a_revision(
    quarter: tuple[int, int], as_role: AsRole, clock: Clock
) -> None:
    even, _ = quarter
    am, sales = as_role(Role.ACCOUNT_MANAGER), as_role(Role.SALES_HEAD)
    first = evaluation.compute(am, "2026Q2").value
    (run,) = queries.runs(am.actor, "2026Q2")
    evaluation.sign(sales, first, run.version, Verdict.APPROVE)
    before = queries.evaluations(am.actor, first)
    assert gate_scores("2026-07")[0][even] == only(am, first, even).score
    assert gate_scores("2026-06")[0] == {}
    tiers.reopen_month(sales, "2026-06", "漏录一车")
    pick_up(am, [(even, "PP-T30S", "2026-06-29", 30_000)])
    close(sales, "2026-06")
    assert queries.evaluations(am.actor, first) == before
    second = evaluation.compute(am, "2026Q2").value
    assert only(am, second, even).take_kg == only(am, first, even).take_kg + 30_000
    # the gate still takes the approved revision, until the new one is signed
    assert gate_scores("2026-07")[1] == [first]
    newer = queries.runs(am.actor, "2026Q2")[0]
    evaluation.sign(sales, second, newer.version, Verdict.APPROVE)
    assert gate_scores("2026-07")[1] == [second]


def test_data_that_changed_since_the_computation_cannot_be_signed(
    quarter: tuple[int, int], as_role: AsRole, clock: Clock
) -> None:
    am, sales = as_role(Role.ACCOUNT_MANAGER), as_role(Role.SALES_HEAD)
    run_id = evaluation.compute(am, "2026Q2").value
    (run,) = queries.runs(am.actor, "2026Q2")
    rate(clock, quarter[0], "2026-04", 20)
    with pytest.raises(NotAllowed) as refused:
        evaluation.sign(sales, run_id, run.version, Verdict.APPROVE)
    assert refused.value.reasons[0].code == "reason.evaluation_outdated"
    returned = evaluation.sign(sales, run_id, run.version, Verdict.RETURN, "数据已变，请重算")
    assert returned.value is Outcome.RETURNED
    evaluation.compute(am, "2026Q2")
    assert [r.outcome for r in queries.runs(am.actor, "2026Q2")] == [
        Outcome.OPEN,
        Outcome.WITHDRAWN,
    ]


@pytest.mark.parametrize("deep", [False, True])
def test_scores_that_do_not_follow_from_their_inputs_are_not_approved(
    quarter: tuple[int, int], as_role: AsRole, deep: bool
) -> None:
    """Also where whoever wrote them made the digest fit."""
    run_id = evaluation.compute(as_role(Role.ACCOUNT_MANAGER), "2026Q2").value
    tamper("UPDATE evaluation SET score = '99.99'", "evaluation", "evaluation_run")
    if deep:
        fitting = digest([list(row) for row in evaluated(run_id)])
        execute("UPDATE evaluation_run SET results_digest = ?", (fitting,))
    with pytest.raises(NotAllowed) as refusal:
        evaluation.sign(as_role(Role.SALES_HEAD), run_id, 1, Verdict.APPROVE)
    expected = "reason.evaluation_differs" if deep else "reason.evaluation_altered"
    assert [reason.code for reason in refusal.value.reasons] == [expected]


def test_no_evaluation_is_added_to_a_run_of_a_file(
    sqlite_ready: str, as_role: AsRole, clock: Clock
) -> None:
    """On a server the same holds by the server's rules (tests/security/hostile.py)."""
    clock.set(2026, 7, 6)
    even, _ = furnish(_quarter)
    run_id = evaluation.compute(as_role(Role.ACCOUNT_MANAGER), "2026Q2").value
    before = evaluated(run_id)
    names = "customer_class, score, grade, available_weight, indicators, inputs, inputs_hash"
    with pytest.raises(DatabaseError, match="comes in with its run"):
        execute(
            f"INSERT INTO evaluation (run_id, customer_id, group_code, {names}) SELECT run_id, "
            f"customer_id, 'BZ', {names} FROM evaluation WHERE run_id = ? AND customer_id = ?",
            (run_id, even),
        )
    assert evaluated(run_id) == before


def test_a_period_that_still_runs_is_computed_but_not_signed(
    quarter: tuple[int, int], as_role: AsRole, clock: Clock
) -> None:
    am, sales = as_role(Role.ACCOUNT_MANAGER), as_role(Role.SALES_HEAD)
    clock.set(2026, 8, 4)
    pick_up(am, weekdays("2026-07", 10_000, quarter[0]))
    close(sales, "2026-07")
    run_id = evaluation.compute(am, "2026Q3").value
    (run,) = queries.runs(am.actor, "2026Q3")
    with pytest.raises(NotAllowed) as refused:
        evaluation.sign(sales, run_id, run.version, Verdict.APPROVE)
    assert refused.value.reasons[0].code == "reason.period_not_over"
    assert queries.blockers(sales.actor, run_id, Verdict.RETURN, sales.today()) == ()


def test_previous_score_level_and_missing_are_frozen_with_the_run(
    quarter: tuple[int, int], as_role: AsRole, clock: Clock
) -> None:
    even, _ = quarter
    am, sales = as_role(Role.ACCOUNT_MANAGER), as_role(Role.SALES_HEAD)
    first = evaluation.compute(am, "2026Q2").value
    evaluation.sign(sales, first, queries.runs(am.actor)[0].version, Verdict.APPROVE)
    clock.set(2026, 8, 4)
    pick_up(am, weekdays("2026-07", 60_000, even))
    close(sales, "2026-07")
    second = evaluation.compute(am, "2026Q3").value
    row = only(am, second, even)
    assert row.previous_score == only(am, first, even).score
    assert (str(row.level_before), str(row.level_after)) == ("ordinary", "one_star")
    assert row.level_reasons


def test_a_year_that_becomes_official_allows_a_new_revision(
    ready: str, as_role: AsRole, clock: Clock
) -> None:
    """Its days stay the same, but the evenness is no longer a provisional one."""
    clock.set(2027, 1, 4)
    customer = accredit(draft_of("次年塑料有限公司", 1), clock)
    clock.set(2027, 4, 5)
    am, sales = as_role(Role.ACCOUNT_MANAGER), as_role(Role.SALES_HEAD)
    admin = as_role(Role.ADMINISTRATOR)
    calendar.set_day(admin, date(2027, 1, 1), "off", "元旦")
    pick_up(am, weekdays("2027-02", 10_000, customer))
    close(sales, "2027-02")
    first = evaluation.compute(am, "2027Q1").value
    assert only(am, first, customer).provisional
    calendar.set_day(admin, date(2027, 1, 4), "off", "调休")  # in a month that is not evaluated
    with pytest.raises(NotAllowed) as same:
        evaluation.compute(am, "2027Q1")
    assert same.value.reasons[0].code == "reason.evaluation_unchanged"
    (year,) = [year for year in calendar_years(admin.actor) if year.year == 2027]
    calendar.confirm_year(admin, 2027, "国办发明电〔2026〕9号", year.version)
    (run,) = queries.runs(am.actor, "2027Q1")
    with pytest.raises(NotAllowed) as refused:
        evaluation.sign(sales, first, run.version, Verdict.APPROVE)
    assert refused.value.reasons[0].code == "reason.evaluation_outdated"
    second = evaluation.compute(am, "2027Q1").value
    assert not only(am, second, customer).provisional


def test_another_printed_total_allows_a_new_revision_and_a_company_name_does_not(
    quarter: tuple[int, int], as_role: AsRole
) -> None:
    am, sales = as_role(Role.ACCOUNT_MANAGER), as_role(Role.SALES_HEAD)
    tiers.reopen_month(sales, "2026-06", "补录")
    first = evaluation.compute(am, "2026Q2").value
    settings.set_value(as_role(Role.ADMINISTRATOR), "company", "更名化工销售有限公司")
    with pytest.raises(NotAllowed):
        evaluation.compute(am, "2026Q2")
    pick_up(am, [(quarter[0], "PP-T30S", "2026-06-29", 30_000)])  # a month that is not evaluated
    second = evaluation.compute(am, "2026Q2").value
    take = [only(am, run_id, quarter[0]).take_kg for run_id in (first, second)]
    assert take[0] == take[1]


def test_an_edition_added_since_the_computation_makes_it_outdated(
    quarter: tuple[int, int], as_role: AsRole
) -> None:
    """One that is in force only after the period does not."""
    am, sales = as_role(Role.ACCOUNT_MANAGER), as_role(Role.SALES_HEAD)
    tiers.reopen_month(sales, "2026-06", "补录")
    first = evaluation.compute(am, "2026Q2").value
    (run,) = queries.runs(am.actor, "2026Q2")
    policy.add_edition(sales, date(2026, 6, 30), {"grade_bounds": [95, 85, 60]}, "会议纪要")
    policy.add_edition(sales, date(2026, 7, 1), {"grade_bounds": [96, 86, 60]}, "会议纪要")
    with pytest.raises(NotAllowed) as refused:
        evaluation.sign(sales, first, run.version, Verdict.APPROVE)
    (reason,) = refused.value.reasons
    assert reason.code == "reason.evaluation_edition"
    assert (reason.params["used"], reason.params["edition"]) == (1, 2)
    assert queries.blockers(sales.actor, first, Verdict.APPROVE, sales.today()) == (reason,)
    assert queries.blockers(sales.actor, first, Verdict.RETURN, sales.today()) == ()
    second = evaluation.compute(am, "2026Q2").value
    newer = queries.runs(am.actor, "2026Q2")[0]
    signed = evaluation.sign(sales, second, newer.version, Verdict.APPROVE)
    assert signed.value is Outcome.APPROVED and newer.edition == 2


def test_nothing_is_reopened_while_a_run_is_signed(
    quarter: tuple[int, int], as_role: AsRole, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the signature compared is what stands when it is written."""
    am, sales = as_role(Role.ACCOUNT_MANAGER), as_role(Role.SALES_HEAD)
    other = employ("head2", Role.SALES_HEAD, clock=clock)
    run = queries.load_run(evaluation.compute(am, "2026Q2").value)
    entered, done, load = threading.Event(), threading.Event(), evaluation.load_inputs

    def slow(period: Period, today: date) -> PeriodInputs:
        found = load(period, today)
        entered.set()
        done.wait(1)  # the other desk ends meanwhile if nothing keeps it
        return found

    def overtake() -> object:
        assert entered.wait(30)
        try:
            return tiers.reopen_month(other, "2026-05", "补录磅单")
        finally:
            done.set()

    monkeypatch.setattr(evaluation, "load_inputs", slow)
    signing = partial(evaluation.sign, sales, run.run_id, run.version, Verdict.APPROVE)
    outcomes = race([signing, overtake])
    assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
    acts = rows("SELECT use_case FROM event WHERE outcome = 'done' ORDER BY id DESC LIMIT 2")
    assert acts == [("tiers.reopen_month",), ("evaluation.sign",)]
