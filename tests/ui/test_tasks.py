"""The tasks that people were given, as key scripts that count: how many keys each takes.

The numbers are the budgets of the usability study; typing counts letter by letter.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeySequence
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from chemsales.rules.roles import Role
from tests import factory
from tests.factory import session_of
from tests.furnishing import furnish, months, run
from tests.scenes import Stage
from tests.ui.acting import dialog_of, is_open, key
from tests.waiting import run_events
from ui.main_window import MainWindow
from ui.pages.approvals import ApprovalsPage
from ui.places import PLACES
from ui.widgets.labels import Badge

Open = Callable[..., MainWindow]
Settle = Callable[[], None]
PAGES = [place.key for place in PLACES]
OTHERS = ("中国石油化工四川分公司", "重庆长风化工有限公司", "中山三和化工有限公司")


class Keys:
    """A person who only has a keyboard: counts every key, also those an input method takes."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.pressed = 0
        window.activateWindow()

    def press(self, keys: str) -> None:
        """One key (with those held down) where the focus is."""
        self.pressed += 1
        target = QApplication.activeModalWidget() or self.window
        if QApplication.activeWindow() is not target:
            target.activateWindow()
            run_events(10)
        QTest.keySequence(target.focusWidget() or target, QKeySequence(keys))

    def compose(self, letters: str) -> None:
        """Letters typed with an input method on."""
        field = self.window.focusWidget()
        for number in range(1, len(letters) + 1):
            self.pressed += 1
            QGuiApplication.sendEvent(field, QInputMethodEvent("'".join(letters[:number]), []))

    def enter_while_composing(self, letters: str) -> None:
        """Enter, which the input method keeps: it gives the letters and the field hears no key."""
        self.pressed += 1
        event = QInputMethodEvent("", [])
        event.setCommitString(letters)
        QGuiApplication.sendEvent(self.window.focusWidget(), event)


@pytest.fixture
def sinopec(sqlite_ready: str) -> int:
    """Task 1's customer among others that sound alike; its key."""
    return furnish(_sinopec)


def _sinopec() -> int:
    for number, name in enumerate(OTHERS):
        factory.accredit(factory.draft_of(name, 31 + number))
    return factory.accredit(factory.draft_of("中国石化销售有限公司", 41))


@pytest.mark.parametrize("place", PAGES)
def test_task_1_a_card_with_the_input_method_on(
    place: str, sinopec: int, open_window: Open, settle: Settle
) -> None:
    window = open_window(Role.ACCOUNT_MANAGER, place)
    keys = Keys(window)
    keys.press("Ctrl+K")
    keys.compose("zgsh")
    run_events(200)
    settle()
    assert keys.pressed == 5
    assert window.palette_box.entries[0].title == "中国石化销售有限公司"
    keys.enter_while_composing("zgsh")
    settle()
    assert keys.pressed <= 6
    assert window.place == "customers"
    assert window.page.record == (sinopec, "中国石化销售有限公司")  # type: ignore[attr-defined]


def test_task_1_without_waiting_for_the_answer(
    sinopec: int, open_window: Open, settle: Settle
) -> None:
    window = open_window(Role.ACCOUNT_MANAGER, "customers")
    keys = Keys(window)
    for stroke in ("Ctrl+K", *"ZGSH", "Return"):
        keys.press(stroke)
    settle()
    assert keys.pressed <= 6
    assert window.page.record[0] == sinopec


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_the_search_opens_from_inside_a_field(
    kind: type[QLineEdit | QPlainTextEdit], open_window: Open
) -> None:
    window = open_window(Role.SALES_HEAD, "customers")
    field = kind(window.page)
    field.show()
    field.setFocus()
    Keys(window).press("Ctrl+K")
    assert window.palette_box.isVisible()


def test_task_2_the_first_thing_of_the_day(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    manager = session_of("am")
    application = factory.make_application(manager, factory.draft_of("海河化工一厂", 1))
    factory.submit(manager, application)
    window = open_window(Role.SALES_HEAD)
    keys = Keys(window)
    keys.press("Return")
    settle()
    assert keys.pressed <= 1
    assert window.place == "approvals"
    assert window.page.queue.row().key == ("accreditation", application)  # type: ignore[attr-defined]


def test_task_9_a_decision_is_taken_back_with_one_key(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    manager = session_of("am")
    made = []
    for number, name in enumerate(("海河化工一厂", "津南塑料制品厂"), 1):
        made.append(factory.make_application(manager, factory.draft_of(name, number)))
        factory.submit(manager, made[-1])
    window = open_window(Role.SALES_HEAD, "approvals")
    page = window.page
    assert isinstance(page, ApprovalsPage)
    page.bar.edit.setFocus()
    page.bar.edit.insertPlainText("同意准入")
    Keys(window).press("Ctrl+Return")
    settle()
    assert page.queue.row().key == ("accreditation", made[1])  # the next case is open
    assert page.undo.said.text() == "已同意：海河化工一厂"
    assert page.undo.button.text() == "撤销（Ctrl+Z）"
    keys = Keys(window)
    keys.press("Ctrl+Z")
    settle()
    assert keys.pressed == 1
    assert not page.undo.isVisible()
    assert page.queue.row().key == ("accreditation", made[0])
    assert page.bar.opinion() == "同意准入"
    shown = [label.text() for label in page.accreditation.decisions.findChildren(Badge)]
    assert shown == ["… 提交", "✓ 同意", "○ 撤销"]  # the history has both
    keys.press("Ctrl+Return")
    settle()
    assert page.undo.isVisible()
    assert [row.id for row in page.queue.rows()] == [made[1]]


def test_a_text_that_was_changed_keeps_its_own_undo(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    manager = session_of("am")
    for number, name in enumerate(("海河化工一厂", "津南塑料制品厂"), 1):
        factory.submit(manager, factory.make_application(manager, factory.draft_of(name, number)))
    window = open_window(Role.SALES_HEAD, "approvals")
    page = window.page
    assert isinstance(page, ApprovalsPage)
    keys = Keys(window)
    keys.press("Ctrl+Return")
    settle()
    page.bar.edit.setFocus()
    QTest.keyClicks(page.bar.edit, "x")
    keys.press("Ctrl+Z")
    settle()
    assert page.bar.opinion() == ""
    assert page.undo.isVisible()
    keys.press("Ctrl+Z")
    settle()
    assert not page.undo.isVisible()
    assert len(page.queue.rows()) == 2


@pytest.mark.parametrize("place", PAGES)
def test_task_11_print_the_quarter(place: str, sqlite_ready: str, open_window: Open) -> None:
    furnish(run)
    window = open_window(Role.SALES_HEAD, place)
    keys = Keys(window)
    for stroke in ("Ctrl+K", "Ctrl+P", "Return"):
        keys.press(stroke)
    assert keys.pressed <= 3
    Stage(window).settle()
    assert window.place == "evaluation"
    assert is_open(QPrintDialog)
    dialog_of(QPrintDialog).reject()


def test_ctrl_p_prints_wherever_the_focus_is(sqlite_ready: str, open_window: Open) -> None:
    furnish(run)
    window = open_window(Role.SALES_HEAD, "evaluation")
    Stage(window).settle()
    page = window.page
    for widget in (page.scores, page.period, page.preview.view, window.rail.tabs["today"]):  # type: ignore[attr-defined]
        widget.setFocus()
        Keys(window).press("Ctrl+P")
        assert is_open(QPrintDialog), widget
        dialog_of(QPrintDialog).reject()
        run_events(1)


def test_f6_goes_round_every_part_of_the_window(sqlite_ready: str, open_window: Open) -> None:
    furnish(months)
    window = open_window(Role.SALES_HEAD, "tiers")
    Stage(window).settle()
    seen = []
    for _ in range(8):
        key(window, "F6")
        seen.append(window.focusWidget())
    page = window.page
    assert window.rail.isAncestorOf(seen[seen.index(window.rail.tabs["today"])])
    assert window.top.back in seen or window.top.search in seen
    assert page.months in seen  # type: ignore[attr-defined]
    assert page.levels in seen  # type: ignore[attr-defined]
    assert len(set(seen)) < len(seen)  # round, and again
    before = window.focusWidget()
    key(window, "F6")
    key(window, "Shift+F6")
    assert window.focusWidget() is before
