"""Rows of pick-up files: what is read, and what is refused with a message naming row and column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from chemsales.words import language
from tests.exchange.conftest import CONTEXT, DAY, GOOD, HEADINGS, read, said, sentences

NAME = "恒力石化（大连）有限公司"


def row(**cells: object) -> list[object]:
    """A good row with some cells replaced, by field."""
    fields = ("day", "customer", "product", "kg", "kind", "note", "store")
    return [cells.get(field, value) for field, value in zip(fields, GOOD, strict=True)]


def test_a_good_row(book):
    preview = read(book(GOOD))
    assert preview.good == (
        (2, 1, "PP-T30S", "2026-06-15", "2026-06", 32500, "pickup", "TH1", "一号库"),
    )
    assert preview.problems == ()
    assert preview.months == ("2026-06",)
    assert preview.total_kg == 32500
    assert preview.sheet == "数据"
    assert preview.header_row == 1
    assert preview.fields["kg"] == "提货量(吨)"
    assert preview.file_reasons == ()


@pytest.mark.parametrize(
    ("cell", "kg"),
    [
        (12.345, 12345),
        (0.1 + 0.2, 300),  # a cached sum
        (1204, 1_204_000),
        ("12.345", 12345),
        ("１２.５", 12500),
        ("1,204.5", 1_204_500),
        ("1 204.5", 1_204_500),
        ("12吨", 12000),
        ("'12.5", 12500),
        (0.001, 1),
    ],
)
def test_tonnes_that_are_read(book, cell, kg):
    assert [r.kg for r in read(book(row(kg=cell))).good] == [kg]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (1e308, "number_range"),
        ("NaN", "number_wrong"),
        ("inf", "number_wrong"),
        (-1, "pickup_sign"),
        (0, "pickup_sign"),
        (1e-9, "number_decimals"),
        (12.3456, "number_decimals"),
        (123456789012, "number_range"),
        (100000.001, "number_range"),
        ("12%", "number_unit_unknown"),
        ("1.234,5", "number_ambiguous"),
        ("12,34", "number_ambiguous"),
        ("1_000", "number_wrong"),
        ("三十吨", "number_wrong"),
        ("12kg", "number_ambiguous"),  # the heading says tonnes
        ("", "cell_missing"),
        (None, "cell_missing"),
    ],
)
def test_tonnes_that_are_refused(book, cell, code):
    preview = read(book(GOOD, row(kg=cell, note="TH2")))
    assert said(preview) == [f"3:提货量(吨) {code}"]
    assert [r.row for r in preview.good] == [2]
    assert [r.row for r in preview.bad] == [3]
    assert "第 3 行“提货量(吨)”列" in sentences(preview)


def test_an_empty_required_cell_names_the_three_causes(book):
    preview = read(book(row(kg=None)))
    for words in ("空的", "#N/A", "从未计算"):
        assert words in sentences(preview)
    with language("en"):
        for words in ("empty", "#N/A", "never calculated", "Row 2", "提货量(吨)"):
            assert words in sentences(preview)


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 6, 15), datetime(2026, 6, 15, 8, 30), 46188, 46188.4, "2026-06-15", "2026/6/15",
        "2026.6.15", "2026年6月15日", "２０２６年６月１５日", "20260615", 20260615,
        "2026-06-15 08:30",
    ],
)  # fmt: skip
def test_days_that_are_read(book, cell):
    assert [r.day for r in read(book(row(day=cell))).good] == ["2026-06-15"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("06/05/2026", "day_order"),
        ("15-06-2026", "day_order"),
        ("26-06-15", "day_short_year"),
        ("6/5/26", "day_short_year"),
        ("26年6月15日", "day_short_year"),
        ("2026-02-30", "day_impossible"),
        ("20260230", "day_impossible"),
        ("令和8年6月15日", "day_wrong"),
        ("六月十五日", "day_wrong"),
        ("46188", "day_wrong"),  # as text it may be anything
        (3.0, "day_wrong"),
        (1e300, "day_wrong"),
        (date(1999, 12, 31), "day_range"),
        (date(2026, 7, 7), "day_in_future"),
        (date(2027, 3, 1), "day_in_future"),
        (date(2026, 4, 30), "month_is_closed"),
        (None, "cell_missing"),
    ],
)
def test_days_that_are_refused(book, cell, code):
    preview = read(book(row(day=cell)))
    assert said(preview) == [f"2:提货日期 {code}"]
    assert preview.good == ()


def test_a_pickup_before_the_accreditation_is_refused(book):
    rows = [row(customer="ABC塑料有限公司", day=date(2026, 6, d), note=f"N{d}") for d in (9, 10)]
    preview = read(book(*rows))
    assert said(preview) == ["2:提货日期 before_accreditation"]
    assert [r.row for r in preview.good] == [3]


@pytest.mark.parametrize(
    ("cell", "customer"),
    [
        (NAME, 1),
        ("恒力石化(大连)有限公司", 1),
        (" 恒力石化（大连） 有限公司 ", 1),
        ("ａｂｃ塑料有限公司", 2),
    ],
)
def test_names_that_are_found(book, cell, customer):
    day = date(2026, 6, 20)
    assert [r.customer_id for r in read(book(row(customer=cell, day=day))).good] == [customer]


@pytest.mark.parametrize(
    ("cell", "code", "words"),
    [
        ("无此客户有限公司", "customer_not_accredited", "不会新建"),
        ("АВС塑料有限公司", "customer_lookalike", "KH0002 ABC塑料有限公司"),  # Cyrillic letters
        ("ABC\u200b塑料有限公司", "customer_lookalike", "KH0002"),
        ("\u202eABC塑料有限公司", "customer_lookalike", "KH0002"),
        ("恒力石化(大连)有限责任公司", "customer_near", "KH0001"),
        ("恒力", "customer_near", "KH0001"),  # a short name is not the name
        ("同名贸易", "customer_ambiguous", "KH0004、KH0005"),
        ("", "cell_missing", "#N/A"),
        ("x" * 30_000, "customer_not_accredited", "x…"),
    ],
)
def test_names_that_are_refused_with_a_suggestion(book, cell, code, words):
    preview = read(book(row(customer=cell)))
    assert said(preview) == [f"2:客户名称 {code}"]
    assert words in sentences(preview)
    assert preview.good == ()
    assert len(sentences(preview)) < 300
    assert not any(sign in sentences(preview) for sign in "\u200b\u202e")


def test_codes_and_names_that_disagree(book):
    headings = ("日期", "客户编码", "客户名称", "产品编码", "产品名称", "数量(t)")
    rows = [
        (DAY, "KH0001", NAME, "PP-T30S", "聚丙烯 T30S", 1),
        (DAY, "kh0001", "恒力化工", "PP-T30S", "", 2),
        (DAY, "KH0001", "ABC塑料有限公司", "PP-T30S", "", 3),
        (DAY, "KH9999", NAME, "PP-T30S", "", 4),
        (DAY, "KH0003", "旧荣盛", "PP-T30S", "", 5),
        (DAY, "KH0001", NAME, "BZ-545", "聚丙烯 T30S", 6),
        (DAY, "KH0001", NAME, "ZZ", "聚丙烯 T30S", 7),
    ]
    preview = read(book(*rows, headings=headings))
    assert said(preview) == [
        "3:客户名称 customer_name_differs",
        "4:客户名称 customer_contradiction",
        "5:客户编码 customer_near",
        "6:客户名称 customer_standing",
        "7:产品名称 product_contradiction",
        "8:产品编码 product_near",
    ]
    assert [r.row for r in preview.good] == [2, 3, 6]


def test_a_customer_by_its_unified_code(book):
    headings = ("日期", "统一社会信用代码", "产品", "数量(t)")
    preview = read(book((DAY, "91210200 ma0abcde0x", "PP-T30S", 1), headings=headings))
    assert [r.customer_id for r in preview.good] == [1]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("聚丙烯T30S", ""), ("polypropylene t30s", ""), ("不存在的牌号", "product_not_found"),
     ("聚丙烯 T30", "product_near"), ("", "cell_missing")],
)  # fmt: skip
def test_products(book, cell, code):
    assert said(read(book(row(product=cell)))) == ([f"2:产品 {code}"] if code else [])


def test_facts_are_taken_with_a_warning(book):
    rows = [
        row(customer="荣盛石化股份有限公司", note="1"),
        row(customer="荣盛石化股份有限公司", note="2"),
        row(product="PE-7042", note="3"),
        row(product="BZ-545", note="4"),
    ]
    preview = read(book(*rows))
    assert len(preview.good) == 4
    assert all(problem.warning for problem in preview.problems)
    assert said(preview) == [
        "2:客户名称 customer_standing",  # once, not for each row
        "4:产品 product_inactive",
        "5:产品 no_class_in_group",
    ]


def test_returns_need_their_mark(book):
    rows = [
        row(kg=-3, kind="退货", note="R1"),
        row(kg=-3, kind="", note="R2"),
        row(kg=3, kind="退货", note="R3"),
        row(kg=3, kind="Return", note="R4"),
        row(kg=3, kind="调拨", note="R5"),
    ]
    preview = read(book(*rows))
    assert [(r.row, r.kg, r.kind) for r in preview.good] == [(2, -3000, "return")]
    assert said(preview) == [
        "3:提货量(吨) pickup_sign",
        "4:提货量(吨) pickup_sign",
        "5:提货量(吨) pickup_sign",
        "6:类型 kind_unknown",
    ]


def test_a_remark_may_mark_a_return(book):
    headings = ("提货日期", "客户名称", "产品", "提货量(吨)", "备注")
    preview = read(book((DAY, NAME, "PP-T30S", -3, "退货，包装破损"), headings=headings))
    assert [(r.kg, r.kind) for r in preview.good] == [(-3000, "return")]


@pytest.mark.parametrize(
    ("original", "month"),
    [(date(2026, 5, 20), "2026-05"), (date(2026, 4, 20), "2026-06"), (None, "2026-06")],
)
def test_a_return_reduces_the_month_of_the_pickup_while_it_is_open(book, original, month):
    """A.X 3: April is closed, so that its return reduces the month in which it came back."""
    headings = ("提货日期", "客户名称", "产品", "提货量(吨)", "类型", "原提货日期")
    preview = read(book((DAY, NAME, "PP-T30S", -3, "退货", original), headings=headings))
    assert [r.month for r in preview.good] == [month]


@pytest.mark.parametrize(
    ("original", "problem"),
    [
        (date(2026, 6, 16), "return_before_pickup"),
        (date(2025, 1, 9), "before_accreditation"),
        (date(2000, 1, 5), "before_accreditation"),
    ],
)
def test_a_return_is_of_a_pickup_between_the_accreditation_and_itself(book, original, problem):
    headings = ("提货日期", "客户名称", "产品", "提货量(吨)", "类型", "原提货日期")
    preview = read(book((DAY, NAME, "PP-T30S", -3, "退货", original), headings=headings))
    assert said(preview) == [f"2:原提货日期 {problem}"] and not preview.good


def test_note_numbers_stand_once_in_a_file(book):
    rows = [row(note="A1"), row(note="A2"), row(note="A1"), row(note=""), row(note="")]
    preview = read(book(*rows))
    assert said(preview) == ["4:提货单号 note_twice"]
    assert "第 2 行" in sentences(preview)
    assert len(preview.good) == 4


def test_note_numbers_that_came_as_numbers(book):
    assert [r.note_no for r in read(book(row(note=20260615001))).good] == ["20260615001"]


@pytest.mark.parametrize(
    ("cells", "said_of_it"),
    [
        ({"note": "A\u202e1"}, "2:提货单号 text_hidden"),
        ({"note": "9" * 61}, "2:提货单号 text_long"),
        ({"store": "库\u200b"}, "2:库位 text_hidden"),
        ({"store": "库" * 101}, "2:库位 text_long"),
        ({"store": "💠 仓 👷‍♀️"}, "2:库位 text_hidden"),
    ],
)
def test_texts_that_are_stored_hide_nothing(book, cells, said_of_it):
    assert said(read(book(row(**cells)))) == [said_of_it]


def test_another_month_than_the_one_expected(book):
    preview = read(
        book(GOOD, row(day=date(2026, 5, 1), note="2")),
        "pickups",
        replace(CONTEXT, month="2026-06"),
    )
    assert said(preview) == ["3:提货日期 month_not_expected"]


def test_every_problem_of_a_row_is_told(book):
    preview = read(book(["2026-02-30", "谁", "什么", "x", "?", "a\u200b", "库\u200b"]))
    assert len(preview.problems_of(2)) == len(HEADINGS)
    assert preview.bad[0].cells == ("2026-02-30", "谁", "什么", "x", "?", "a\u200b", "库\u200b")
    assert preview.file_reasons[0].code == "reason.import_no_good_row"
