"""Calendars by RFC 5545: folding by octets, escaping, whole days, alarms, stable names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chemsales.exchange.ics import Event, calendar

LONGEST = 75  # octets of a line
EVENT = Event(
    "licence-7@chemsales",
    date(2026, 12, 31),
    "恒力石化（大连）有限公司 营业执照到期",
    "编号：B-1; 发证机关：大连市, 高新区\n第二行\\",
    datetime(2026, 7, 6, 4, 0, tzinfo=UTC),
    (30, 7, 0),
)


def unfolded(data: bytes) -> list[str]:
    """The lines as a calendar program reads them."""
    assert data.endswith(b"\r\n")
    return data.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]


def test_a_whole_day_with_its_alarms() -> None:
    lines = unfolded(calendar("证照", [EVENT]))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    assert lines[1] == "VERSION:2.0"
    assert "DTSTART;VALUE=DATE:20261231" in lines and "DTEND;VALUE=DATE:20270101" in lines
    assert "DTSTAMP:20260706T040000Z" in lines and "UID:licence-7@chemsales" in lines
    triggers = [line for line in lines if line.startswith("TRIGGER")]
    assert triggers == ["TRIGGER:-P30D", "TRIGGER:-P7D", "TRIGGER:P0D"]
    assert lines.count("BEGIN:VALARM") == lines.count("END:VALARM") == 3


def test_no_sign_ends_a_value() -> None:
    (line,) = [x for x in unfolded(calendar("", [EVENT])) if x.startswith("DESCRIPTION:编号")]
    assert line == r"DESCRIPTION:编号：B-1\; 发证机关：大连市\, 高新区\n第二行\\"
    hostile = replace(EVENT, summary="a\r\nEND:VCALENDAR\x00\x1b")
    lines = unfolded(calendar("", [hostile]))
    assert r"SUMMARY:a\nEND:VCALENDAR" in lines and lines.count("END:VCALENDAR") == 1


@pytest.mark.parametrize("text", ["x" * 300, "证" * 120, "é" * 99 + "𠀀" * 40, "x" * 75, "x" * 76])
def test_lines_are_folded_by_octets_and_no_sign_is_divided(text: str) -> None:
    data = calendar("", [replace(EVENT, description=text)])
    assert data.endswith(b"\r\n")
    parts = data.split(b"\r\n")[:-1]
    assert all(len(part) <= LONGEST for part in parts)
    assert all(part.decode("utf-8") for part in parts)
    assert f"DESCRIPTION:{text}" in unfolded(data)


def test_the_same_events_give_the_same_bytes() -> None:
    assert calendar("证照", [EVENT, EVENT]) == calendar("证照", [EVENT, EVENT])
