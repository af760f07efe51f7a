"""Reminding on the desktop: once in the morning and once after noon, what the cards of today
count, and not where the person does not want it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chemsales.rules.roles import Role
from chemsales.services.session import Session
from tests.factory import Clock
from tests.furnishing import expiring, furnish
from tests.scenes import Stage
from tests.scenes.frame import section
from ui.main_window import MainWindow
from ui.reminders import Reminder, Tray

Open = Callable[..., MainWindow]
Settle = Callable[[], None]
Said = list[tuple[str, str]]


def reminder(window: MainWindow, said: Said, hour: int) -> tuple[Reminder, Clock]:
    """One whose clock stands at an hour in Shanghai on 2026-07-06."""
    clock = Clock()
    clock.set(2026, 7, 6, hour - 8)
    window.context.session = Session(window.context.actor, clock)
    return Reminder(window.context, lambda title, text: said.append((title, text))), clock


def test_told_twice_a_day_in_the_numbers_of_today(
    open_window: Open, settle: Settle, sqlite_ready: str
) -> None:
    furnish(expiring)
    window, said = open_window(Role.ACCOUNT_MANAGER), Said()
    made, clock = reminder(window, said, 9)
    for hours in (0, 1, 1, 3, 1, 1):  # until four in the afternoon
        clock.advance(hours=hours)
        made.look()
        settle()
    text = "暂停往来：2 项\n60 天内到期的证照：3 份（30 天 1 份、15 天 1 份、7 天 1 份）"
    assert said == [("化工品销售", text)] * 2
    cards = {view.card.key: view.card.number for view in Stage(window).page("today").views}  # type: ignore[attr-defined]
    assert (cards["suspended"], cards["expiring"]) == (2, 3)


def test_nothing_is_told_where_nothing_is_due(
    open_window: Open, settle: Settle, sqlite_ready: str
) -> None:
    said = Said()
    reminder(open_window(Role.SALES_HEAD), said, 9)
    settle()
    assert said == []


def test_the_switch_in_the_settings(open_window: Open, settle: Settle, sqlite_ready: str) -> None:
    furnish(expiring)
    window, said = open_window(Role.SALES_HEAD), Said()
    box = section(Stage(window), "appearance").remind  # type: ignore[attr-defined]
    assert box.isChecked()
    box.click()
    made, _clock = reminder(window, said, 9)
    settle()
    assert said == []
    box.click()
    made.look()
    settle()
    assert len(said) == 1


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_does_no_business_is_not_reminded(
    role: Role, open_window: Open, settle: Settle, sqlite_ready: str
) -> None:
    furnish(expiring)
    said = Said()
    reminder(open_window(role), said, 9)
    settle()
    assert said == []


def test_without_a_tray_nothing_is_tried(open_window: Open, sqlite_ready: str) -> None:
    assert not Tray.available()
    made = Reminder(open_window(Role.SALES_HEAD).context)
    assert not made._timer.isActive()


def test_a_click_on_the_message_brings_the_window_back(open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD)
    window.showMinimized()
    Tray(window.context)._go()
    assert not window.isMinimized()
    assert window.place == "licences"
