"""Days as people type them, exactly."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chemsales.rules.days import LONGEST, months_on, parse_day, parse_time
from chemsales.rules.errors import Invalid

TODAY = date(2026, 7, 9)
ANY_DAY = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0709", date(2026, 7, 9)),
        ("7-9", date(2026, 7, 9)),
        ("7.9", date(2026, 7, 9)),
        ("7。9", date(2026, 7, 9)),
        ("7/9", date(2026, 7, 9)),
        ("07-09", date(2026, 7, 9)),
        ("7月9日", date(2026, 7, 9)),
        ("7月9号", date(2026, 7, 9)),
        ("20260709", date(2026, 7, 9)),
        ("2026-07-09", date(2026, 7, 9)),
        ("2026-7-9", date(2026, 7, 9)),
        ("2026/7/9", date(2026, 7, 9)),
        ("2026.7.9", date(2026, 7, 9)),
        ("2026年7月9日", date(2026, 7, 9)),
        (" 2026 年 7 月 9 日 ", date(2026, 7, 9)),
        ("２０２６－０７－０９", date(2026, 7, 9)),
        ("2026\u201307\u201309", date(2026, 7, 9)),
        ("0229", None),
        ("20240229", date(2024, 2, 29)),
        ("t", TODAY),
        ("T", TODAY),
        ("今", TODAY),
        ("今天", TODAY),
        ("昨天", date(2026, 7, 8)),
        ("明天", date(2026, 7, 10)),
        ("+7", date(2026, 7, 16)),
        ("＋７", date(2026, 7, 16)),
        ("-1", date(2026, 7, 8)),
        ("+2w", date(2026, 7, 23)),
        ("-1m", date(2026, 6, 9)),
        ("+1月", date(2026, 8, 9)),
        ("+1y", date(2027, 7, 9)),
        ("-1年", date(2025, 7, 9)),
        ("e", date(2026, 7, 31)),
        ("月末", date(2026, 7, 31)),
        ("0230", None),
        ("13-1", None),
        ("20261301", None),
        ("abc", None),
        ("2026-07/", None),
        ("+99999m", None),
        ("18991231", None),
        ("22000101", None),
        ("1" * 100, None),
        ("٠٧٠٩", None),  # digits of another script
    ],
)
def test_days_as_people_type_them(typed: str, meant: date | None) -> None:
    if meant is None:
        with pytest.raises(Invalid):
            parse_day(typed, TODAY)
    else:
        assert parse_day(typed, TODAY) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "reason.day_missing"),
        ("　", "reason.day_missing"),
        ("7", "reason.day_ambiguous"),
        ("111", "reason.day_ambiguous"),
        ("260709", "reason.day_ambiguous"),
        ("26-7-9", "reason.day_ambiguous"),
        ("26年7月9日", "reason.day_ambiguous"),
        ("7/9/2026", "reason.day_ambiguous"),
        ("2026-07", "reason.day_ambiguous"),
        ("7月", "reason.day_ambiguous"),
        ("0230", "reason.day_not_in_calendar"),
        ("20260931", "reason.day_not_in_calendar"),
        ("+99999m", "reason.day_not_in_calendar"),
        ("soon", "reason.day_unread"),
        ("18991231", "reason.day_years"),
    ],
)
def test_what_is_no_single_day_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_day(typed, TODAY)
    assert [reason.code for reason in refused.value.reasons] == [code]


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_month_steps_keep_to_the_last_day(day: date, months: int, after: date) -> None:
    assert months_on(day, months) == after


@given(ANY_DAY, ANY_DAY)
def test_every_way_to_write_a_day_out_means_that_day(day: date, today: date) -> None:
    full = (f"{day:%Y%m%d}", day.isoformat(), f"{day.year}年{day.month}月{day.day}日")
    for typed in (*full, f"{day.year}/{day.month}/{day.day}"):
        assert parse_day(typed, today) == day
    if day.year == today.year:
        assert parse_day(f"{day:%m%d}", today) == day
        assert parse_day(f"{day.month}.{day.day}", today) == day


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(-9999, 9999))
def test_steps_count_days(today: date, step: int) -> None:
    assert parse_day(f"{step:+}", today) == today + timedelta(days=step)


@given(st.text(max_size=LONGEST + 2) | st.text("0123456789-./年月日+tem ", max_size=12), ANY_DAY)
def test_any_text_is_a_day_or_refused(text: str, today: date) -> None:
    try:
        day = parse_day(text, today)
    except Invalid as refused:
        assert len(refused.reasons) == 1
    else:
        assert parse_day(day.isoformat(), today) == day


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14:03", time(14, 3)),
        ("1403", time(14, 3)),
        ("9：05", time(9, 5)),
        ("9.05", time(9, 5)),
        ("23点59分", time(23, 59)),
        (" ００：００ ", time(0, 0)),
        *((text, None) for text in ("", "24:00", "9:5", "12:60", "903", "14", "٣:00", "14:03:00")),
    ],
)
def test_a_minute_of_the_day_as_it_is_typed(typed: str, meant: time | None) -> None:
    if meant is not None:
        assert parse_time(typed) == meant
        return
    with pytest.raises(Invalid):
        parse_time(typed)
