"""The evaluation sheet (F6, C16.1): one page for each customer, whatever is on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chemsales.reports.content import Group
from chemsales.reports.evaluation_sheet import MonthLine, Sheet, render
from chemsales.reports.figures import MonthsChart, Series, months_figure
from chemsales.rules.approval import StageName, Verdict
from chemsales.rules.errors import Reason
from chemsales.rules.evaluation import Grade
from tests.reports import pdf, samples

YEAR = tuple(f"2026-{month:02d}" for month in range(1, 13))


def several(count: int, months: tuple[str, ...] = samples.MONTHS) -> tuple[object, ...]:
    groups = [Group(f"G{n}", f"产品组{n}", f"Group {n}") for n in range(count)]
    return tuple(samples.part(group, months) for group in groups)


def hard_sheets() -> dict[str, Sheet]:
    base = samples.sheet()
    part = base.parts[0]
    params = dict.fromkeys(("take", "plan", "percent"), samples.LONG)
    wordy = (Reason("reason.completion_made", params, "C9.2"),) * 9
    lines = tuple(replace(line, reasons=wordy) for line in part.lines)
    chatty = replace(part, lines=lines, suggestion=wordy)
    empty = replace(
        part,
        months=tuple(MonthLine(month, None, None) for month in samples.MONTHS),
        lines=tuple(replace(line, value=None, points=None) for line in part.lines),
        score=None,
        grade=Grade.INSUFFICIENT,
        available_weight=0,
        rank=None,
        previous_score=None,
        level=None,
        suggested_level=None,
        suggestion=(),
    )
    return {
        "ordinary": base,
        "long names": samples.filled(base, samples.LONG * 3),
        "long words": samples.filled(base, "W" * 2000),
        "three groups": replace(base, parts=several(3)),
        "nine groups": replace(base, parts=several(9)),
        "a year": replace(base, period="2026", parts=several(3, YEAR)),
        "half a year": replace(base, period="2026H1", parts=several(2, YEAR[:6])),
        "wordy": replace(base, parts=(chatty,) * 3, conclusion="整改。" * 900),
        "no data": replace(base, parts=(empty,)),
        "no group": replace(base, parts=()),
        "revised": replace(base, revision=3),
    }  # fmt: skip


@pytest.mark.parametrize("code", ["zh_CN", "en"])
@pytest.mark.parametrize("name", hard_sheets())
def test_one_page_per_customer(name: str, code: str) -> None:
    data = render((hard_sheets()[name],), code)
    assert len(pdf.texts(data)) == 1
    assert pdf.outside(data, 45, 40, 20, 20) == []


def test_the_sheet_carries_what_is_asked() -> None:
    text = pdf.text(render((samples.sheet(),)))
    for words in (
        "化工品客户评审表", "2026年第三季度", "宁波华塑新材料贸易有限公司", "K0017", "张伟",
        "聚烯烃", "经销商", "普通客户", "7/42", "版本2",
        "1,000.000", "1,098.765", "1,197.530", "3,296.295", "3,300.000", "公司欠供",
        "提货完成率", "周均衡率", "配合度", "付款", "95.94", "77.68", "38.37", "—",
        "提货3,501.750吨", "（第十六条）", "总分", "88.80", "75", "良好", "上期：83.11（+5.69）",
        "普通客户→一星客户", "（第九条(二)）", "报公司经营例会", "签名：王芳", "财务部会签",
    ):  # fmt: skip
        assert words in text, words


def test_a_sheet_with_open_months_says_that_it_is_provisional() -> None:
    base = samples.sheet()
    assert "暂定" not in pdf.text(render((base,)))
    (part,) = base.parts
    first, *later = part.months
    open_months = (first, *(replace(line, take_kg=None) for line in later))
    sheet = replace(base, parts=(replace(part, months=open_months),))
    text = pdf.text(render((sheet,)))
    assert "暂定" in text
    assert "未结账：2026年8月、2026年9月" in text


def test_who_computed_a_run_does_not_sign_in_the_manager_s_box() -> None:
    """客户经理 is the customer's manager; whoever computed the run has prepared the sheet."""
    base = samples.sheet()
    computed = samples.opinion(StageName.APPLICANT, Verdict.SUBMIT, "刘洋", "", 1)
    text = pdf.text(render((replace(base, opinions=(computed, *base.opinions)),)))
    places = [text.rindex(word) for word in ("编制", "签名：刘洋", "客户经理", "签名：王芳")]
    assert places == sorted(places)
    assert text.count("刘洋") == 1


@pytest.mark.parametrize(
    ("period", "forum"),
    [("2026Q3", "报公司经营例会"), ("2026", "报总经理办公会"), ("2026H1", "存档")],
)
def test_c16_2_each_period_has_its_forum(period: str, forum: str) -> None:
    assert forum in pdf.text(render((replace(samples.sheet(), period=period),)))


def test_many_customers_have_a_page_and_a_bookmark_each() -> None:
    made = tuple(
        replace(samples.sheet(), customer_code=f"K{n:04d}", customer_name=f"第{n}公司")
        for n in range(7)
    )
    data = render(made)
    assert len(pdf.texts(data)) == 7
    assert pdf.bookmarks(data) == [f"K{n:04d}  第{n}公司" for n in range(7)]
    assert all(f"第{n}公司" in page for n, page in enumerate(pdf.texts(data)))


def test_the_chart_shows_takes_against_plans() -> None:
    chart = MonthsChart(
        samples.MONTHS, (Series("聚烯烃", (1_204_500, None, 0)),), (1_300_000, 900_000, None)
    )
    axes = months_figure(chart, 400, 150).axes[0]
    assert [bar.get_height() for bar in axes.patches] == [1204.5, 0, 0]
    assert [line.get_ydata()[0] for line in axes.lines] == [1300, 900]
    assert axes.get_ylim()[1] > 1300
    assert [text.get_text() for text in axes.texts] == ["1,204.500", "未结", "0.000", "吨"]


@pytest.mark.parametrize(("months", "shown"), [(3, "999.999"), (12, "999")])
def test_a_bar_never_reads_as_more_than_was_taken(months: int, shown: str) -> None:
    names = tuple(f"2026-{n:02d}" for n in range(1, months + 1))
    chart = MonthsChart(names, (Series("聚烯烃", (999_999,) * months),), (None,) * months)
    texts = [text.get_text() for text in months_figure(chart, 480, 150).axes[0].texts]
    assert texts == [*[shown] * months, "吨"]


def test_reports_of_sheets_share_one_chart_style_for_screen_and_paper() -> None:
    """The figure is an ordinary one: a raster canvas draws it too."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    chart = MonthsChart(samples.MONTHS, (Series("聚烯烃", (1, 2, 3)),), (None, None, None))
    canvas = FigureCanvasAgg(months_figure(chart, 300, 120))
    canvas.draw()
    assert canvas.get_width_height() == (300, 120)
