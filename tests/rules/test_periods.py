"""Months and evaluation periods (C16.1)."""

from __future__ import annotations

from datetime import date

import pytest

from chemsales.rules.errors import Invalid
from chemsales.rules.periods import (
    Period,
    PeriodKind,
    check_month,
    last_finished_quarter,
    month_days,
    month_of,
    month_range,
    next_month,
    previous_month,
    quarter_of,
)


@pytest.mark.parametrize(
    ("text", "kind", "first", "last", "length"),
    [
        ("2026Q1", PeriodKind.QUARTER, "2026-01", "2026-03", 3),
        ("2026Q2", PeriodKind.QUARTER, "2026-04", "2026-06", 3),
        ("2026q3", PeriodKind.QUARTER, "2026-07", "2026-09", 3),
        (" 2026Q4 ", PeriodKind.QUARTER, "2026-10", "2026-12", 3),
        ("2026H1", PeriodKind.HALF_YEAR, "2026-01", "2026-06", 6),
        ("2026h2", PeriodKind.HALF_YEAR, "2026-07", "2026-12", 6),
        ("2026", PeriodKind.YEAR, "2026-01", "2026-12", 12),
    ],
)
def test_periods(text: str, kind: PeriodKind, first: str, last: str, length: int) -> None:
    period = Period.parse(text)
    assert (period.kind, period.start_month, period.end_month) == (kind, first, last)
    assert len(period.months) == length
    assert period.months == tuple(month_range(first, last))
    assert str(period) == text.strip().upper()
    assert period.first_day == month_days(first)[0]
    assert period.last_day == month_days(last)[1]


@pytest.mark.parametrize(
    "text", ["", "2026Q0", "2026Q5", "2026H3", "26Q1", "0000", "2026-06", "Q1"]
)
def test_no_period(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Period.parse(text)
    assert refusal.value.problems[0].place == "period"


@pytest.mark.parametrize(
    "text", ["2026-00", "2026-13", "2026-6", "0000-01", "2026/06", "２０２６-06"]
)
def test_no_month(text: str) -> None:
    with pytest.raises(Invalid):
        check_month(text)


def test_months_in_a_row() -> None:
    assert check_month("2026-06") == "2026-06"
    assert month_of(date(2026, 12, 31)) == "2026-12"
    assert next_month("2026-12") == "2027-01"
    assert previous_month("2026-01") == "2025-12"
    assert month_range("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert month_range("2026-02", "2026-01") == []
    assert month_days("2028-02") == (date(2028, 2, 1), date(2028, 2, 29))


@pytest.mark.parametrize(
    ("day", "finished", "current"),
    [
        (date(2026, 1, 1), "2025Q4", "2026Q1"),
        (date(2026, 3, 31), "2025Q4", "2026Q1"),
        (date(2026, 4, 1), "2026Q1", "2026Q2"),
        (date(2026, 12, 31), "2026Q3", "2026Q4"),
    ],
)
def test_quarters_of_a_day(day: date, finished: str, current: str) -> None:
    assert str(last_finished_quarter(day)) == finished
    assert str(quarter_of(day)) == current
