"""Which backups stay: 7 daily, 4 weekly, 12 monthly; and when one is overdue."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chemsales.rules.backup import kept, overdue

NOON = datetime(2026, 7, 6, 12)  # a Monday


def days(*back: int) -> list[datetime]:
    return [NOON - timedelta(days=number) for number in back]


@pytest.mark.parametrize(
    ("made", "stay"),
    [
        ([], []),
        (days(0), days(0)),
        (days(*range(7)), days(*range(7))),
        # the last of each day alone
        ([NOON, NOON.replace(hour=9), NOON.replace(hour=18)], [NOON.replace(hour=18)]),
        # days without a backup use nothing up
        (days(0, 30, 60, 90, 120, 150), days(0, 30, 60, 90, 120, 150)),
        # 1 to 7 days old, then the Sundays of the weeks before, then the month's last one
        (days(*range(40)), days(*range(7), 1, 8, 15, 6, 36)),
    ],
)
def test_what_stays(made: list[datetime], stay: list[datetime]) -> None:
    assert kept(made) == set(stay)


def test_two_years_of_daily_backups_are_21_at_the_most() -> None:
    made = days(*range(730))
    stay = kept(made)
    assert len(stay) <= 7 + 4 + 12
    assert {at.date() for at in stay} >= {at.date() for at in days(*range(7))}
    assert len({(at.year, at.month) for at in stay}) == 12
    assert kept(stay) == stay, "thinning again removes nothing"


@pytest.mark.parametrize(("hours", "late"), [(None, False), (1, False), (71, False), (73, True)])
def test_overdue(hours: int | None, late: bool) -> None:
    since = None if hours is None else NOON - timedelta(hours=hours)
    assert overdue(since, NOON) is late
