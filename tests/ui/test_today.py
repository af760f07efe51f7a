"""The home page: the number on a card is the number of lines in it, and a line goes to its
place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from chemsales.queries.approval import waiting_count
from chemsales.rules.roles import Role
from chemsales.services.session import Session
from tests import factory
from tests.factory import session_of
from tests.scenes import Stage
from ui.main_window import MainWindow
from ui.pages.today import TodayPage

Open = Callable[..., MainWindow]


def make(session: Session, number: int) -> int:
    """A complete application of this person."""
    return factory.make_application(session, factory.draft_of(f"海河化工{number}厂", number))


def today(window: MainWindow) -> TodayPage:
    page = Stage(window).page("today")
    assert isinstance(page, TodayPage)
    return page


def cards(window: MainWindow) -> dict[str, list[str]]:
    return {
        view.card.key: [line.text for line in view.table.rows()] for view in today(window).views
    }


@pytest.mark.parametrize(
    ("role", "keys"),
    [
        (Role.ACCOUNT_MANAGER, ["waiting", "drafts", "review", "rate"]),
        (Role.SALES_HEAD, ["waiting", "months", "confirm"]),
        (Role.FINANCE, ["waiting"]),
        (Role.GENERAL_MANAGER, ["waiting"]),
        (Role.ADMINISTRATOR, ["upkeep"]),
        (Role.AUDITOR, []),
    ],
)
def test_cards_by_role(role: Role, keys: list[str], open_window: Open) -> None:
    assert list(cards(open_window(role))) == keys


def test_numbers_are_the_lines_behind_them(open_window: Open, sqlite_ready: str) -> None:
    manager = session_of("am")
    first = make(manager, 1)
    make(manager, 2)
    factory.submit(manager, first)
    window = open_window(Role.SALES_HEAD)
    assert len(cards(window)["waiting"]) == waiting_count(session_of("sales").actor) == 1
    assert window.rail.tabs["approvals"].count.text() == "1"
    for view in today(window).views:
        assert int(view.number.text()) == len(view.table.rows())
    window.hide()
    own = open_window(Role.ACCOUNT_MANAGER)
    found = cards(own)
    assert (len(found["drafts"]), len(found["review"]), len(found["waiting"])) == (1, 1, 0)


def test_a_change_is_seen_at_once(open_window: Open, sqlite_ready: str) -> None:
    window = open_window(Role.ACCOUNT_MANAGER)
    assert cards(window)["drafts"] == []
    application = make(session_of("am"), 1)
    assert application
    window.context.changed.emit(today(window).subjects)
    assert len(cards(window)["drafts"]) == 1


def test_enter_begins_with_the_first(open_window: Open, sqlite_ready: str, qtbot: QtBot) -> None:
    manager = session_of("am")
    application = make(manager, 1)
    factory.submit(manager, application)
    window = open_window(Role.SALES_HEAD)
    window.activateWindow()
    page = today(window)
    focused = window.focusWidget()
    assert focused is page.views[0].table
    qtbot.keyClick(focused, Qt.Key.Key_Return)
    assert window.place == "approvals"
    Stage(window).settle()
    row = window.page.queue.row()  # type: ignore[attr-defined]
    assert row.key == ("accreditation", application)


def test_the_button_begins_too_or_says_why_not(open_window: Open) -> None:
    window = open_window(Role.ADMINISTRATOR)
    page = today(window)
    assert page.start_button.isEnabled()
    page.start_button.click()
    assert window.place == "settings"
    window.hide()
    idle = today(open_window(Role.FINANCE))
    assert not idle.start_button.isEnabled()
    assert "没有待办" in idle.start_button.toolTip()
