"""The horizon of next month's plan: each customer's tonnes in the week of its first end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chemsales.queries.licence_horizon import WEEKS, horizon, is_planned
from tests.factory import session_of
from tests.factory_licences import accredit_dated, paper, renew
from tests.factory_offtake import plan
from tests.furnishing import expiring

HEAD = session_of("sales").actor
TODAY = session_of("sales").today()


def test_c15_1_planned_tonnes_by_the_week_in_which_a_paper_ends(ready: str) -> None:
    keys = expiring()
    able = [keys[at] for at in (0, 1, 2, 4, 5)]  # the others are suspended
    plan(
        session_of("am"),
        [(key, "PP-T30S", "2026-08", 100_000 * (at + 1), 0) for at, key in enumerate(able)],
    )
    found = horizon(HEAD, TODAY)
    assert len(found) == WEEKS + 1
    weeks = {row.week: (row.customers, row.kg) for row in found if row.customers}
    assert weeks == {
        1: (1, 100_000),  # 2026-07-11, 5 days
        3: (1, 500_000),  # the proof, 14 days
        4: (1, 200_000),  # 25 days
        12: (1, 300_000),  # 80 days
    }
    assert (found[1].first, found[1].last) == (TODAY, date(2026, 7, 12))
    assert sum(row.kg for row in found) == 1_100_000  # the long-term one hangs on nothing


def test_what_has_ended_stands_before_the_first_week(ready: str) -> None:
    keys = expiring()
    plan(session_of("am"), [(keys[0], "PP-T30S", "2026-08", 100_000, 0)])
    later = horizon(HEAD, date(2026, 7, 20))
    assert (later[0].first, later[0].customers, later[0].kg) == (None, 1, 100_000)
    assert not any(row.kg for row in later[1:])


def test_a_month_is_planned_once_a_plan_for_it_stands(ready: str) -> None:
    keys = expiring()
    assert not is_planned(HEAD, "2026-08")
    plan(session_of("am"), [(keys[0], "PP-T30S", "2026-08", 100_000, 0)])
    assert is_planned(HEAD, "2026-08") and not is_planned(HEAD, "2026-09")


def test_c15_1_the_plan_does_not_hang_on_a_paper_that_is_renewed_ahead(ready: str) -> None:
    """Where the renewal begins by the day after; it counts where the renewal itself ends."""
    first, other = (
        accredit_dated(name, at, date(2026, 7, 20))
        for at, name in enumerate(("续证化工有限公司", "未续化工有限公司"), start=41)
    )
    months = [(key, "PP-T30S", "2026-08", 60_000, 0) for key in (first, other)]
    plan(session_of("am"), months)
    assert {row.week: row.kg for row in horizon(HEAD, TODAY) if row.kg} == {3: 120_000}
    ahead = replace(paper("R-41", date(2026, 9, 1)), valid_from=date(2026, 7, 21))
    renew(first, ahead)
    assert {row.week: row.kg for row in horizon(HEAD, TODAY) if row.kg} == {3: 60_000, 9: 60_000}
