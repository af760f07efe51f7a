"""When the desktop reminds: twice a day at most, and only where something is due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chemsales.rules.reminders import slot_at, to_tell

DAY = datetime(2026, 7, 6)


@pytest.mark.parametrize(
    ("hour", "minute", "slot"),
    [
        (0, 0, ""), (8, 29, ""), (8, 30, "morning"), (11, 59, "morning"), (12, 0, ""),
        (12, 59, ""), (13, 0, "afternoon"), (17, 59, "afternoon"), (18, 0, ""), (23, 59, ""),
    ],
)  # fmt: skip
def test_a_summary_in_the_morning_and_one_after_noon(hour: int, minute: int, slot: str) -> None:
    now = DAY.replace(hour=hour, minute=minute)
    assert slot_at(now) == (f"2026-07-06 {slot}" if slot else "")


@pytest.mark.parametrize("every", [1, 5, 7, 60, 61])
def test_each_is_told_once_however_often_one_looks(every: int) -> None:
    """Over three days, with something due from the second on."""
    told, heard, now = "", list[str](), DAY
    while now < DAY + timedelta(days=3):
        slot = to_tell(now, told, count=0 if now.day == DAY.day else 4)
        if slot:
            heard.append(slot)
            told = slot
        now += timedelta(minutes=every)
    days = ("2026-07-07", "2026-07-08")
    assert heard == [f"{day} {name}" for day in days for name in ("morning", "afternoon")]


def test_what_becomes_due_later_in_the_morning_is_still_told() -> None:
    now = DAY.replace(hour=9)
    assert to_tell(now, "", 0) == ""
    assert to_tell(now + timedelta(hours=2), "", 1) == "2026-07-06 morning"
