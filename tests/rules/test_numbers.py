"""Human numbers, exactly (RELIABILITY: numbers)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chemsales.rules.errors import Invalid
from chemsales.rules.numbers import (
    MAX_KG,
    format_money,
    format_tonnes,
    kg_from_cell,
    parse_money,
    parse_tonnes,
    parse_whole,
)


@pytest.mark.parametrize(
    ("text", "kg"),
    [
        ("0", 0),
        ("12", 12_000),
        ("12.345", 12_345),
        ("0.001", 1),
        ("1,234.5", 1_234_500),
        ("1,234", 1_234_000),
        ("1 234.5", 1_234_500),
        ("1\u00a0234", 1_234_000),
        ("1\u202f234,", None),
        ("１２３", 123_000),
        ("１，２３４．５", 1_234_500),
        ("12吨", 12_000),
        (" 12 吨 ", 12_000),
        ("12T", 12_000),
        ("12000kg", 12_000),
        ("12,000 公斤", 12_000),
        ("5㎏", 5),
        ("1.2万吨", 12_000_000),
        ("'12", 12_000),
        ("5.000000", 5_000),
        ("-5", -5_000),
        ("\u22125", -5_000),
        ("+5", 5_000),
        ("00012", 12_000),
        ("9999999.999", MAX_KG),
    ],
)
def test_tonnes(text: str, kg: int | None) -> None:
    if kg is None:
        with pytest.raises(Invalid):
            parse_tonnes(text)
    else:
        assert parse_tonnes(text) == kg


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        ("  ", "missing"),
        ("1.234,5", "ambiguous"),
        ("1.234.567", "ambiguous"),
        ("12,34", "ambiguous"),
        ("1,23", "ambiguous"),
        ("1,2345", "ambiguous"),
        ("1 234,567", "ambiguous"),
        ("1'234", "ambiguous"),
        ("0,123", "ambiguous"),
        ("1,,234", "ambiguous"),
        ("abc", "wrong"),
        ("nan", "wrong"),
        ("inf", "wrong"),
        ("1e3", "wrong"),
        ("1e308", "wrong"),
        ("1_000", "wrong"),
        ("١٢٣", "wrong"),
        ("½", "wrong"),
        ("12t5", "wrong"),
        ("--5", "wrong"),
        ("1" * 61, "wrong"),
        ("\u202e123", "unit_unknown"),
        ("12²", "unit_unknown"),
        ("12%", "unit_unknown"),
        ("12磅", "unit_unknown"),
        ("约12", "unit_unknown"),
        ("¥12", "unit_unknown"),
        ("12.3456", "decimals"),
        ("0.000000001", "decimals"),
        ("10000000", "range"),
        ("123456789012", "range"),
        ("-10000000", "range"),
    ],
)
def test_refused_tonnes(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_tonnes(text)
    assert refusal.value.reasons[0].code == f"reason.number_{code}"


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("800,000.00", 80_000_000),
        ("¥8,000.5", 800_050),
        ("￥８０００", 800_000),
        ("8000元", 800_000),
        ("1.5万元", 1_500_000),
        ("RMB 5", 500),
        ("-0.01", -1),
    ],
)
def test_money(text: str, fen: int) -> None:
    assert parse_money(text) == fen


@pytest.mark.parametrize("text", ["0.001", "12吨", "1,23", "100000000000", "$5"])
def test_refused_money(text: str) -> None:
    with pytest.raises(Invalid):
        parse_money(text)


def test_whole_numbers() -> None:
    assert parse_whole("1,234") == 1234
    for text in ("1.5", "12 t", "", "2000000000"):
        with pytest.raises(Invalid):
            parse_whole(text)


@pytest.mark.parametrize(
    ("value", "unit", "kg"),
    [
        (12.345, "t", 12_345),
        (1000.0, "kg", 1000),
        (12, "吨", 12_000),
        (Decimal("0.5"), "t", 500),
        ("12吨", "", 12_000),
        ("1,204.5", "t", 1_204_500),
        ("500kg", "千克", 500),
        (-3.5, "t", -3500),
        # what a spreadsheet caches for a formula: 15 digits count
        (0.1 + 0.2, "t", 300),
        (1204.1000000000001, "t", 1_204_100),
    ],
)
def test_cells(value: object, unit: str, kg: int) -> None:
    assert kg_from_cell(value, unit) == kg


@pytest.mark.parametrize(
    ("value", "unit", "code"),
    [
        (None, "t", "missing"),
        ("", "t", "missing"),
        (True, "t", "wrong"),
        (object(), "t", "wrong"),
        (float("nan"), "t", "wrong"),
        (float("inf"), "t", "wrong"),
        (1e308, "t", "range"),
        (1e7, "t", "range"),
        (1e-9, "t", "decimals"),
        (12.3456, "t", "decimals"),
        (0.5, "kg", "decimals"),
        (12, "", "unit_missing"),
        ("12", "", "unit_missing"),
        ("12吨", "kg", "ambiguous"),
        ("1200kg", "t", "ambiguous"),
        (12, "磅", "unit_unknown"),
    ],
)
def test_refused_cells(value: object, unit: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        kg_from_cell(value, unit)
    assert refusal.value.reasons[0].code == f"reason.number_{code}"


def test_formats() -> None:
    assert format_tonnes(1_204_500) == "1,204.500"
    assert format_tonnes(999_999) == "999.999"
    assert format_tonnes(-5) == "-0.005"
    assert format_tonnes(1_204_500, grouping=False) == "1204.500"
    assert format_money(80_000_000) == "800,000.00"
    assert format_money(-5) == "-0.05"
    assert format_money(123_456_789, grouping=False) == "1234567.89"


@given(st.integers(-MAX_KG, MAX_KG), st.booleans())
def test_what_is_printed_reads_back(kg: int, grouping: bool) -> None:
    assert parse_tonnes(format_tonnes(kg, grouping)) == kg
    assert parse_money(format_money(kg, grouping)) == kg
    assert kg_from_cell(kg / 1000, "t") == kg


@given(st.text(max_size=40))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        assert abs(parse_tonnes(text)) <= MAX_KG
    except Invalid as refusal:
        assert refusal.reasons[0].code.startswith("reason.number_")
