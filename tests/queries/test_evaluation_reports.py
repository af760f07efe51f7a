"""Sheets and the meeting's summary: filled from the frozen run, the same at every reprint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest

from chemsales.queries import evaluation as queries
from chemsales.queries import evaluation_reports
from chemsales.queries import listing as lists
from chemsales.queries.evaluation_reports import meeting, sheets
from chemsales.queries.evaluation_scores import grade_counts, scores_of
from chemsales.queries.filtering import Filter, Request, Sort
from chemsales.reports import evaluation_sheet, operating_meeting
from chemsales.rules.approval import StageName, Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.errors import NotAllowed
from chemsales.rules.roles import Role
from chemsales.services import evaluation, settings
from chemsales.services.session import Session
from tests.factory import COMPANY, Clock, accredit, draft_of
from tests.factory_offtake import close, pick_up, plan, rate, weekdays

AsRole = Callable[..., Session]
BOTH = (
    ClassRequest("PO", CustomerClass.DEALER, "山东", 900_000, "注塑"),
    ClassRequest("EG", CustomerClass.AGENT, "山东", 100_000, "贸易"),
)


@pytest.fixture
def run(ready: str, as_role: AsRole, clock: Clock) -> queries.RunRow:
    """A signed second quarter: one customer in two groups, one in one, one without a month."""
    clock.set(2026, 3, 2)
    both = accredit(draft_of("双组贸易有限公司", 1, BOTH), clock)
    single = accredit(draft_of("单组塑料有限公司", 2), clock)
    clock.set(2026, 7, 6)
    am, sales = as_role(Role.ACCOUNT_MANAGER), as_role(Role.SALES_HEAD)
    pick_up(am, weekdays("2026-04", 40_000, both) + weekdays("2026-05", 60_000, both))
    pick_up(am, weekdays("2026-05", 5_000, both, "MEG") + weekdays("2026-05", 1_000, single))
    plan(am, [(both, "PP-T30S", "2026-05", 1_500_000, 0), (both, "MEG", "2026-05", 100_000, 0)])
    rate(clock, both, "2026-05", 80)
    close(sales, "2026-04", "2026-05")
    clock.set(2026, 6, 30)
    accredit(draft_of("六月末准入有限公司", 3), clock)
    clock.set(2026, 7, 6)
    run_id = evaluation.compute(am, "2026Q2").value
    evaluation.sign(sales, run_id, queries.runs(am.actor)[0].version, Verdict.APPROVE, "同意上会")
    return queries.runs(am.actor)[0]


def test_a_sheet_carries_every_part_of_the_form(run: queries.RunRow, as_role: AsRole) -> None:
    actor = as_role(Role.GENERAL_MANAGER).actor
    made = sheets(actor, run.run_id)
    assert [(sheet.customer_name, len(sheet.parts)) for sheet in made] == [
        ("单组塑料有限公司", 1),
        ("双组贸易有限公司", 2),
    ]
    single, both = made
    po = next(part for part in both.parts if part.group.code == "PO")
    assert [(m.month, m.take_kg, m.plan_kg) for m in po.months] == [
        ("2026-04", 880_000, None),
        ("2026-05", 1_260_000, 1_500_000),
        ("2026-06", None, None),
    ]
    assert (po.rank, po.ranked) == (1, 1)  # the other has too little data for a score
    assert single.parts[0].score is None and single.parts[0].rank is None
    assert (str(po.level), str(po.suggested_level)) == ("ordinary", "one_star")
    assert po.suggestion and all(line.reasons for line in po.lines)
    eg = next(part for part in both.parts if part.group.code == "EG")
    assert (eg.level, eg.suggested_level) == (None, None)
    assert both.company == COMPANY and both.period == "2026Q2" and both.manager == "张伟"
    assert [(o.stage, o.verdict, o.signer, o.comment) for o in both.opinions] == [
        (StageName.APPLICANT, Verdict.SUBMIT, "张伟", ""),
        (StageName.SALES, Verdict.APPROVE, "王芳", "同意上会"),
    ]
    footer = both.footer
    assert len(footer.inputs_hash) == 64 and footer.last_event > 0 and footer.edition == 1
    assert sheets(actor, run.run_id, [0]) == []


def test_scores_as_a_list(run: queries.RunRow, as_role: AsRole) -> None:
    """The rows of the run in its order; sorted, filtered and searched; counted by grade."""
    actor = as_role(Role.AUDITOR).actor
    scores, all_rows = scores_of(run.run_id), queries.evaluations(actor, run.run_id)
    assert lists.whole(actor, scores) == all_rows
    assert lists.count(actor, scores_of(run.run_id + 1)) == 0
    known = sorted(row.score for row in all_rows if row.score is not None)
    assert known

    def scored(*sorts: Sort, text: str = "", **filters: Filter) -> list[Decimal | None]:
        asked = Request(text, tuple(filters.values()), sorts)
        return [row.score for row in lists.whole(actor, scores, asked)]

    unknown: list[Decimal | None] = [None] * (len(all_rows) - len(known))
    assert scored(Sort("score")) == known + unknown
    assert scored(Sort("score", descending=True)) == known[::-1] + unknown
    assert len(scored(score=Filter("score", f">={known[-1]}"))) == 1
    assert len(scored(group=Filter("group", "乙二醇"))) == 1
    assert len(scored(kind=Filter("class", choices=("agent",)))) == 1
    assert len(scored(text="szmy")) == 2
    counted = Counter(row.grade for row in all_rows)
    assert grade_counts(actor, run.run_id) == counted
    for grade, number in counted.items():
        assert len(scored(grade=Filter("grade", choices=(str(grade),)))) == number


def test_the_meeting_has_all_customers_months_and_the_missing(
    run: queries.RunRow, as_role: AsRole
) -> None:
    made = meeting(as_role(Role.AUDITOR).actor, run.run_id)
    assert [group.code for group in made.groups] == ["PO", "EG"]
    assert [(m.month, m.closed, m.kg) for m in made.months] == [
        ("2026-04", True, (880_000, 0)),
        ("2026-05", True, (1_281_000, 105_000)),
        ("2026-06", False, (0, 0)),
    ]
    assert len(made.rows) == 3
    completions = {(r.customer_name, r.group.code): r.completion for r in made.rows}
    assert completions == {
        ("双组贸易有限公司", "PO"): 84,
        ("双组贸易有限公司", "EG"): 105,  # shown raw, scored as 100 (A.X 23)
        ("单组塑料有限公司", "PO"): None,
    }
    assert [(row.customer_name, row.reasons[0].code) for row in made.missing] == [
        ("六月末准入有限公司", "reason.no_closed_month_since_admission")
    ]
    assert made.footer.inputs_hash == run.inputs_hash


def test_a_reprint_is_the_same_whatever_changed_since(
    run: queries.RunRow, as_role: AsRole, clock: Clock
) -> None:
    actor = as_role(Role.SALES_HEAD).actor
    sheet_pdf = evaluation_sheet.render(sheets(actor, run.run_id))
    meeting_pdf = operating_meeting.render(meeting(actor, run.run_id))
    assert sheet_pdf.startswith(b"%PDF") and meeting_pdf.startswith(b"%PDF")
    settings.set_value(as_role(Role.ADMINISTRATOR), "company", "改名后的公司")
    accredit(draft_of("后来的有限公司", 9), clock)
    pick_up(as_role(Role.ACCOUNT_MANAGER), [(1, "PP-T30S", "2026-06-02", 5_000)])
    assert evaluation_sheet.render(sheets(actor, run.run_id)) == sheet_pdf
    assert operating_meeting.render(meeting(actor, run.run_id)) == meeting_pdf


class Counted(Decimal):
    """A score that counts how often it is compared."""

    compared = 0

    def __lt__(self, other: object) -> bool:
        Counted.compared += 1
        return super().__lt__(other)  # type: ignore[operator]

    def __gt__(self, other: object) -> bool:
        Counted.compared += 1
        return super().__gt__(other)  # type: ignore[operator]


def test_ranks_of_many_customers_are_sorted_and_not_compared_one_by_one() -> None:
    scores = [None if n % 10 == 0 else Counted(n * 7919 % 5_000) / 50 for n in range(4_000)]
    rows = [
        SimpleNamespace(evaluation_id=n, group_code="PO" if n % 3 else "EG",
                        score=None if score is None else Counted(score))
        for n, score in enumerate(scores)
    ]  # fmt: skip
    Counted.compared = 0
    found = evaluation_reports._ranks(rows)  # type: ignore[arg-type]
    assert 0 < Counted.compared < 40 * len(rows)
    for row in rows[:200]:
        held = [r.score for r in rows if r.group_code == row.group_code and r.score is not None]
        above = None if row.score is None else 1 + sum(score > row.score for score in held)
        assert found[row.evaluation_id] == (above, len(held))


def test_administrators_print_nothing(run: queries.RunRow, as_role: AsRole) -> None:
    for report in (sheets, meeting):
        with pytest.raises(NotAllowed):
            report(as_role(Role.ADMINISTRATOR).actor, run.run_id)
