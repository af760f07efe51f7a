"""What of papers is due, through the window: of the licences page, of Today, of the tray."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from chemsales.queries.filtering import Request
from chemsales.queries.licence_lists import notice_on, papers_of
from chemsales.queries.listing import whole
from chemsales.rules.roles import Role
from chemsales.services import policy
from chemsales.services.changes import Subject
from chemsales.storage.database import connected
from chemsales.words import label
from tests.factory import Clock, session_of
from tests.factory_licences import paper, renew
from tests.factory_offtake import pick_up
from tests.furnishing import EXPIRING, expiring, furnish
from tests.scenes import Stage
from ui.main_window import MainWindow
from ui.pages.licences import LicencesPage
from ui.reminders import summary
from ui.wording import reminder
from ui.work.cards import Card
from ui.work.licences import due

NAMED = list(EXPIRING)
END = date(2026, 7, 11)  # of the first
TODAY = session_of("sales").today()
Open = Callable[..., MainWindow]
Settle = Callable[[], None]


@pytest.fixture
def keys(sqlite_ready: str) -> list[int]:
    """The customers of `expiring`."""
    return furnish(expiring)


def opened(window: MainWindow) -> LicencesPage:
    page = Stage(window).page("licences")
    assert isinstance(page, LicencesPage)
    return page


def test_c15_1_a_paper_that_is_renewed_ahead_is_not_due(
    keys: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    """Nor is its last day in the calendar; the list says of both how they stand."""
    with connected():
        ahead = paper("913701210", date(2031, 7, 10))
        renew(keys[0], replace(ahead, valid_from=END + timedelta(days=1)))
    page = opened(open_window(Role.ACCOUNT_MANAGER))
    settle()
    assert NAMED[0] not in {row.name for row in page.papers.rows()}
    page.write_calendar(tmp_path / "due.ics")
    settle()
    written = (tmp_path / "due.ics").read_text()
    assert "DTSTART;VALUE=DATE:20310710" in written and "VALUE=DATE:20260711" not in written
    page.open(("papers", Request(NAMED[0])))
    settle()
    rows = page.papers.rows()
    assert [label(row.state) for row in rows] == ["已续办", "届时接续"]
    assert [row.valid_to for row in rows] == [END, date(2031, 7, 10)]


def card_of(window: MainWindow, key: str) -> Card | None:
    """A card of Today, None where there is none."""
    views = Stage(window).page("today").views  # type: ignore[attr-defined]
    return next((view.card for view in views if view.card.key == key), None)


def test_c15_1_the_steps_of_the_ladder_are_told(
    keys: list[int], open_window: Open, settle: Settle
) -> None:
    """In the list, on the card of Today and by the tray, by the edition that is in force."""
    window = open_window(Role.SALES_HEAD)
    page = opened(window)
    settle()
    column = page.papers.columns[page.papers.names.index("step")]
    said = ["已过期", "已过期", "7 天内", "15 天内", "30 天内", ""]
    assert [column.shown(row) for row in page.papers.rows()] == said
    card = card_of(window, "expiring")
    assert card is not None and card.title == "60 天内到期的证照"
    assert [(line.remark, line.late) for line in card.lines] == [
        ("营业执照 · 剩 5 天 · 7 天提醒", True),
        ("营业执照 · 剩 14 天 · 15 天提醒", False),
        ("营业执照 · 剩 25 天 · 30 天提醒", False),
    ]
    with connected():
        told = {"licence_reminders": [80, 20, 10, 3, 0]}
        policy.add_edition(session_of("sales"), TODAY, told, "第 5 号决议")
        made = due(window.context.actor, TODAY)
    assert (
        summary(made)
        == "暂停往来：2 项\n80 天内到期的证照：4 份（80 天 2 份、20 天 1 份、10 天 1 份）"
    )
    window.context.changed.emit(frozenset({Subject.POLICY}))
    card = card_of(window, "expiring")
    assert card is not None and card.title == "80 天内到期的证照"
    assert [line.late for line in card.lines] == [False] * 4


def test_c15_1_a_paper_on_its_last_day_says_so(keys: list[int]) -> None:
    actor = session_of("am").actor
    with connected():
        found = whole(actor, papers_of(END, notice_on(actor, END)))
    assert [reminder(row) for row in found if row.valid_to == END] == ["今日到期"]


def test_c15_2_a_violation_is_raised_on_today_and_by_the_tray(
    keys: list[int], open_window: Open, settle: Settle
) -> None:
    """Until the month after it is over; its card opens the list of these alone."""
    window = open_window(Role.SALES_HEAD)
    assert card_of(window, "violations") is None
    with connected():
        clock = Clock()
        clock.set(2026, 6, 22)
        pick_up(session_of("am", clock), [(keys[3], "PP-T30S", "2026-06-21", 30_000)])
        clock.set(2026, 6, 24)
        pick_up(session_of("am", clock), [(keys[4], "PP-T30S", "2026-06-12", 20_000)])
        for login in ("am", "am2", "sales", "finance"):
            found = due(session_of(login).actor, TODAY)
            assert found.violations == {"am": 2, "sales": 2}.get(login, 0), login
    window.context.changed.emit(frozenset({Subject.OFFTAKE}))
    card = card_of(window, "violations")
    assert card is not None and (card.number, card.late) == (2, True)
    assert card.title == "违规提货（本月与上月）"  # as the tab that it leads to
    assert [line.remark for line in card.lines] == [
        "2026-06-21 · 30.000 吨",
        "2026-06-12 · 20.000 吨",
    ]
    window.go(card.place, card.target)
    settle()
    page = window.page
    assert isinstance(page, LicencesPage) and page.violations.isVisible()
    assert page.tabs.tabText(page.tabs.currentIndex()).startswith("违规提货")
    assert [row.name for row in page.violations.rows()] == [NAMED[3], NAMED[4]]
    with connected():
        actor = window.context.actor
        assert due(actor, date(2026, 7, 31)).violations == 2
        assert due(actor, date(2026, 8, 1)).violations == 0
        assert "违规提货：2 项" in summary(due(actor, TODAY))
