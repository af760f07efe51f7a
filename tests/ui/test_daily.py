"""What the first of a day does beside the window: suspensions are noted, once, and said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from chemsales.config import Config
from chemsales.rules.roles import Role
from chemsales.storage import database as storage
from chemsales.storage.database import rows
from tests.factory import PASSWORD, Clock, draft_of
from tests.furnishing import accredit, application
from tests.ui.conftest import sign_in, wait
from ui.daily import Daily
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.today import TodayPage

Open = Callable[..., MainWindow]
Settle = Callable[[], None]


def expired(last: date = date(2026, 6, 20), number: int = 64) -> int:
    """A customer whose licence ends on a day, which nobody has noted; its key."""
    clock = Clock()
    clock.set(2026, 5, 11)
    draft = draft_of(f"滨州津滨石化产品销售第{number}有限公司", number)
    return accredit(application(draft, "am", clock, last), clock)


def noted() -> list[tuple[object, ...]]:
    return rows("SELECT customer_id, from_day, to_day FROM suspension")


def suspended(page: TodayPage) -> int:
    """The number on the card of suspended customers."""
    (card,) = [card for card in page.cards if card.key == "suspended"]
    return card.number


def runs() -> int:
    return int(rows("SELECT count(*) FROM event WHERE use_case = 'licences.run'")[0][0])


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER, Role.FINANCE, Role.GENERAL_MANAGER])
def test_c15_2_noted_by_whoever_comes_first_and_said_once(
    role: Role, open_window: Open, settle: Settle, sqlite_ready: str
) -> None:
    key = expired()
    window, said = open_window(role), list[str]()
    window.context.said.connect(said.append)
    for _time in range(2):
        Daily(window.context)
        settle()
    assert noted() == [(key, "2026-06-21", None)]
    assert runs() == 1
    assert said == ["证照：开始暂停往来 1 项，解除 0 项。"]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_not_by_who_does_no_business(
    role: Role, open_window: Open, settle: Settle, sqlite_ready: str
) -> None:
    expired()
    Daily(open_window(role).context)
    settle()
    assert (noted(), runs()) == ([], 0)


def test_c15_2_a_window_that_stays_open_over_midnight_notes_the_next_day_too(
    open_window: Open, settle: Settle, sqlite_ready: str, clock: Clock
) -> None:
    key = expired(clock().date())  # 2026-07-06, whose last minute still counts
    runner = Daily(open_window(Role.ACCOUNT_MANAGER).context)
    settle()
    assert (noted(), runs()) == ([], 1)
    runner.look()
    settle()
    assert runs() == 1
    clock.advance(days=1)
    runner.look()
    settle()
    assert noted() == [(key, "2026-07-07", None)]
    assert runs() == 2


def test_c15_2_today_that_is_left_open_over_midnight_shows_what_the_new_day_begins(
    open_window: Open, settle: Settle, sqlite_ready: str, clock: Clock
) -> None:
    expired(clock().date())
    window = open_window(Role.ACCOUNT_MANAGER, "today")
    settle()
    page = window.page
    assert isinstance(page, TodayPage) and page.isVisible()
    assert suspended(page) == 0
    runner = Daily(window.context)
    settle()
    clock.advance(days=1)
    runner.look()  # what it notes refreshes the page
    settle()
    assert page.remark.text().startswith("2026-07-07")
    assert suspended(page) == 1
    clock.advance(days=1)
    page.refresh()
    assert page.remark.text().startswith("2026-07-08")


def test_it_runs_when_a_person_signs_in(sqlite_ready: str, desk: Desk) -> None:
    key = expired()
    desk.start(Config("zh_CN", f"sqlite:///{storage.database.obj.database}"))
    wait(desk)
    sign_in(desk, "am", PASSWORD)
    assert [row[0] for row in noted()] == [key]
    assert runs() == 1
