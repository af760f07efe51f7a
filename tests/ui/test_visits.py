"""Visits through the window: noted from the card, corrected, and who may not (C11.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from chemsales.rules.roles import Role
from chemsales.services import visits
from chemsales.storage.database import connected, rows
from chemsales.words import say
from tests.factory import accredit, draft_of, session_of
from tests.factory_visits import visit
from tests.furnishing import furnish
from tests.scenes import Stage
from tests.ui.acting import dialog_of, is_open, key
from ui import theme
from ui.dialogs.visit import VisitDialog
from ui.forms.suggested import SuggestedLine
from ui.main_window import MainWindow
from ui.pages.customers import CustomersPage
from ui.widgets.close_tabs import CloseTabs

Open = Callable[..., MainWindow]
Settle = Callable[[], None]
MANAGER, SALES, FINANCE = Role.ACCOUNT_MANAGER, Role.SALES_HEAD, Role.FINANCE


def customer() -> int:
    return accredit(draft_of("江阴澄江涤纶有限公司", 7))


def card_of(window: MainWindow, made: int) -> CustomersPage:
    stage = Stage(window)
    page = stage.page("customers")
    assert isinstance(page, CustomersPage)
    page.open(made)
    stage.settle()
    page.card.tabs.setCurrentWidget(page.card.visits)
    return page


def read(page: CustomersPage) -> list[str]:
    """What is read beside the list."""
    found = page.card.visits.findChildren(QLabel)
    return [label.text() for label in found if label.isVisible()]


def test_c11_2_a_visit_is_noted_with_one_key_and_every_section_is_asked_for(
    open_window: Open, settle: Settle
) -> None:
    page = card_of(open_window(MANAGER), furnish(customer))
    key(page, "Ctrl+J")
    dialog = dialog_of(VisitDialog)
    assert isinstance(dialog, VisitDialog)
    form = dialog.form
    assert form["visited_on"].text() == "2026-07-06"
    for place, text in (
        ("way", "phone"), ("received_by", "吴敏 经理"), ("products", "无"), ("market", "平稳"),
        ("service", "提货及时"), ("next_on", "2026-07-06"),
    ):  # fmt: skip
        form[place].set_text(text)
    key(dialog, "Ctrl+Return")
    settle()
    assert is_open(VisitDialog) and form["needs"].wrong
    form["needs"].set_text("希望增加计划量")
    key(dialog, "Ctrl+Return")
    settle()
    assert form["next_on"].message.text().endswith("下次走访日期须晚于本次走访日期（2026-07-06）。")
    form["next_on"].set_text("2026-08-06")
    key(dialog, "Ctrl+Return")
    settle()
    assert not is_open(VisitDialog)
    row = page.card.visits.grid.row()
    assert (row.visited_on, row.visitor, row.next_on) == (
        date(2026, 7, 6), "张伟", date(2026, 8, 6),
    )  # fmt: skip
    assert {"吴敏 经理", "希望增加计划量", "2026-08-06"} <= set(read(page))
    told = [say(event.what) for _at, event in page.card.timeline.grid.rows()]
    assert "张伟走访（电话），受访人：吴敏 经理。" in told


def test_c11_2_who_made_a_visit_and_the_sales_head_correct_it(
    open_window: Open, settle: Settle
) -> None:
    made = furnish(customer)
    with connected():
        visits.note(session_of("am"), made, visit(date(2026, 7, 3)))
        visits.note(session_of("sales"), made, visit(date(2026, 7, 2)))
    page = card_of(open_window(MANAGER), made)
    pane = page.card.visits
    pane.grid.select_key(2)
    assert not pane.correct.isEnabled() and "王芳" in pane.correct.toolTip()
    pane.grid.select_key(1)
    pane.correct.click()
    dialog = dialog_of(VisitDialog)
    assert isinstance(dialog, VisitDialog)
    assert dialog.form["needs"].text() == "希望提前一周告知检修安排。"
    dialog.form["needs"].set_text("无")
    dialog.give()
    settle()
    assert len(pane.grid.rows()) == 2
    pane.grid.select_key(3)
    before = {"更正前", "2026-07-06 由张伟记录", "2026-07-03", "希望提前一周告知检修安排。"}
    assert {"无", "2026-07-06 由张伟更正", *before} <= set(read(page))
    with connected():
        assert rows("SELECT count(*) FROM visit") == [(3,)]
    page.card.day_wanted.emit(date(2026, 7, 6))
    settle()
    assert not pane.correct.isEnabled() and not page.acts["customers.visit"].isEnabled()


def test_others_read_visits_and_without_a_card_none_is_noted(open_window: Open) -> None:
    made = furnish(customer)
    with connected():
        visits.note(session_of("am"), made, visit(date(2026, 7, 3)))
    page = card_of(open_window(FINANCE), made)
    assert "王经理" in read(page)
    assert not page.acts["customers.visit"].isEnabled() and not page.card.visits.correct.isEnabled()
    page = card_of(open_window(SALES), made)
    assert page.acts["customers.visit"].isEnabled()
    page.show_list()
    assert not page.acts["customers.visit"].isEnabled()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_line_offers_what_is_likely_and_takes_anything(qtbot: QtBot) -> None:
    line = SuggestedLine(("吴敏 经理", "李工 仓储"))
    qtbot.addWidget(line)
    line.setText("新来的王主任")
    line.show()
    QTest.keyClick(line, Qt.Key.Key_Down)
    popup = line.completer().popup()
    assert popup.isVisible() and popup.model().rowCount() == 2
    assert line.text() == "新来的王主任"


def test_tabs_stand_closer_where_they_would_not_fit(qtbot: QtBot) -> None:
    tabs = CloseTabs()
    qtbot.addWidget(tabs)
    for name in ("Overview", "Performance", "Licences", "Visits", "Papers", "Signatures"):
        tabs.addTab(QWidget(), name)
    tabs.resize(2000, 300)
    tabs.show()
    wide = tabs.tabBar().sizeHint().width()
    tabs.resize(wide - 10, 300)
    assert tabs.tabBar().sizeHint().width() < wide - 6 * 2 * theme.scaled(6)
    tabs.resize(2000, 300)
    assert tabs.tabBar().sizeHint().width() == wide
