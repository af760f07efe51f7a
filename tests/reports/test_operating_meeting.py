"""The report for the operating meeting (C16.2): all evaluations, counts, missing ones, months."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chemsales.reports.operating_meeting import render
from tests.reports import pdf, samples


def test_everything_the_meeting_wants_is_in_it() -> None:
    text = pdf.text(render(samples.meeting(12)))
    for words in (
        "化工品客户评审情况汇报", "提交：公司经营例会", "2026年第三季度", "评审户次：12",
        "2026年7月已结123,456.78922,000.500145,457.289", "合计370,370.36766,001.500436,371.867",
        "聚烯烃211116", "合计3322212", "未评审客户（1户）", "K9001", "无月份公司",
        "客户评审明细", "K0011宁波第11贸易有限公司", "编制", "公司领导",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize(
    ("period", "forum"),
    [("2026Q1", "公司经营例会"), ("2026", "产品经销公司总经理办公会"), ("2026H2", "存档")],
)
def test_c16_2_each_period_has_its_forum(period: str, forum: str) -> None:
    assert forum in pdf.texts(render(replace(samples.meeting(), period=period)))[0]


@pytest.mark.parametrize(("code", "count", "least"), [("zh_CN", 6_000, 200), ("en", 600, 20)])
def test_two_hundred_pages_with_a_head_on_each(code: str, count: int, least: int) -> None:
    data = render(samples.meeting(count), code)
    pages = pdf.texts(data)
    assert len(pages) >= least
    head = "客户编码" if code == "zh_CN" else "Customer"
    assert all(head in page for page in pages)
    found = "".join(pages)
    assert all(f"K{number:04d}" in found for number in range(0, count, 271))
    assert len(pdf.bookmarks(data)) == 2


def test_without_rows_there_is_a_summary_only() -> None:
    data = render(replace(samples.meeting(0), missing=()))
    assert len(pdf.texts(data)) == 1
    assert "未评审客户" not in pdf.text(data)


def test_a_long_list_of_missing_customers_flows_on() -> None:
    many = replace(samples.meeting(3), missing=samples.meeting().missing * 120)
    pages = pdf.texts(render(many))
    assert len(pages) > 4
    assert "".join(pages).count("无月份公司") == 120


def test_no_heading_stands_alone_at_the_foot_of_a_page() -> None:
    data = samples.filled(samples.meeting(), samples.LONG)
    for page in pdf.texts(render(data)):
        text = "".join(page.split())
        assert ("未评审客户" in text) == ("原因" in text)
