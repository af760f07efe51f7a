"""Rows of plan files: months, quantities, what the company lacked."""

from __future__ import annotations

from datetime import date

import pytest

from chemsales.rules.errors import DataError
from tests.exchange.conftest import read, said

HEADINGS = ("月份", "客户名称", "产品", "计划量(吨)", "公司欠供量(吨)")
NAME = "恒力石化（大连）有限公司"


def plans(book, *rows):
    return read(book(*rows, headings=HEADINGS), "plans")


def test_a_good_line(book):
    preview = plans(
        book, ("2026-06", NAME, "PP-T30S", 600, 12.5), ("2026-07", NAME, "PP-T30S", 600, None)
    )
    assert preview.good == (
        (2, 1, "PP-T30S", "2026-06", 600_000, 12_500),
        (3, 1, "PP-T30S", "2026-07", 600_000, 0),
    )
    assert preview.months == ("2026-06", "2026-07")
    assert preview.total_kg == 1_200_000


@pytest.mark.parametrize(
    "cell",
    [
        "2026-06",
        "2026/6",
        "2026年6月",
        "2026年06月份",
        "202606",
        202606,
        date(2026, 6, 1),
        "2026-06-30",
    ],
)
def test_months_that_are_read(book, cell):
    assert [r.month for r in plans(book, (cell, NAME, "PP-T30S", 1, 0)).good] == ["2026-06"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (2026.1, "month_number"),
        ("2026-13", "month_wrong"),
        ("1999-06", "month_wrong"),
        ("6月", "day_wrong"),
        ("26-06", "day_wrong"),
        ("2026-04", "month_is_closed"),
        ("2028-01", "plan_too_far"),
        (None, "cell_missing"),
    ],
)
def test_months_that_are_refused(book, cell, code):
    assert said(plans(book, (cell, NAME, "PP-T30S", 1, 0))) == [f"2:月份 {code}"]


def test_quantities(book):
    rows = [
        ("2026-06", NAME, "PP-T30S", -1, 0),
        ("2026-05", NAME, "PP-T30S", 1, -1),
        ("2026-03", NAME, "PP-T30S", 1, 2),
        ("2026-02", NAME, "PP-T30S", 0, 0),
        ("2026-01", NAME, "PP-T30S", "x", "y"),
    ]
    preview = plans(book, *rows)
    assert said(preview) == [
        "2:计划量(吨) quantity_negative",
        "3:公司欠供量(吨) quantity_negative",
        "4:公司欠供量(吨) short_above_plan",
        "6:计划量(吨) number_wrong",
        "6:公司欠供量(吨) number_wrong",
    ]
    assert [r.row for r in preview.good] == [5]


def test_a_line_stands_once(book):
    line = ("2026-06", NAME, "PP-T30S", 1, 0)
    assert said(plans(book, line, line)) == ["3:月份 plan_twice"]


def test_a_total_of_the_plan(book):
    rows = [("2026-06", NAME, "PP-T30S", 1, 0), ("2026-05", NAME, "PP-T30S", 2, 0)]
    assert said(plans(book, *rows, ("合计", None, None, 3, None))) == []
    assert said(plans(book, *rows, ("合计", None, None, 4, None))) == ["4:计划量(吨) total_differs"]


def test_pickups_are_no_plans(book):
    with pytest.raises(DataError) as caught:
        read(
            book(("2026-06-15", NAME, "PP-T30S", 1), headings=("日期", "客户", "产品", "净重(吨)")),
            "plans",
        )
    codes = {r.code for r in caught.value.reasons}
    assert codes == {"reason.column_missing"}
