"""The tonnes of next month's plan that hang on papers which end, in the window (C15.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from chemsales.queries.licence_horizon import HorizonRow, horizon
from chemsales.rules.roles import Actor, Role
from tests.factory import session_of
from tests.factory_offtake import plan
from tests.furnishing import expiring, furnish
from tests.ui.acting import Person
from tests.ui.test_licences import opened
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]
Settle = Callable[[], None]
MANAGER = Role.ACCOUNT_MANAGER
TODAY = session_of("am").today()


@pytest.fixture
def keys(sqlite_ready: str) -> list[int]:
    return furnish(expiring)


def test_the_horizon_without_a_plan_leads_to_where_it_is_imported(
    keys: list[int], open_window: Open, settle: Settle
) -> None:
    window = open_window(MANAGER)
    page = opened(window)
    page.tabs.setCurrentWidget(page.horizon)
    settle()
    Person().press(page.horizon, "前往计划与月份")
    settle()
    assert window.page.title() == "销量与分级"
    plan(session_of("am"), [(keys[0], "PP-T30S", "2026-08", 600_000, 0)])
    page = opened(window)
    page.refresh()
    settle()
    assert page.horizon.table.isVisible() and not page.horizon.none.isVisible()
    assert "600.000" in page.horizon.said.text()


def test_the_horizon_is_read_when_it_is_seen(
    keys: list[int], open_window: Open, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[date] = []

    def counted(actor: Actor, day: date) -> tuple[HorizonRow, ...]:
        read.append(day)
        return horizon(actor, day)

    monkeypatch.setattr("ui.pages.licences.horizon", counted)
    page = opened(open_window(MANAGER))
    page.refresh()
    settle()
    assert read == []
    page.tabs.setCurrentWidget(page.horizon)
    settle()
    assert read == [TODAY]
    assert page.horizon.none.isVisible() and not page.horizon.table.isVisible()
    assert page.horizon.none.label.text().startswith("2026-08 尚无计划")
    assert not page.horizon.chart.isVisible()
    for seen in (page.split, page.horizon):
        page.tabs.setCurrentWidget(seen)
        settle()
    assert read == [TODAY]
    page.refresh()
    settle()
    assert read == [TODAY, TODAY]
    plan(session_of("am"), [(keys[0], "PP-T30S", "2026-08", 100_000, 0)])
    page.refresh()
    settle()
    assert page.horizon.said.text().startswith("2026-08 计划中有 100.000 吨")
