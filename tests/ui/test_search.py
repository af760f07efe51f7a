"""Searching while an input method composes, and picking a customer by what it is known by."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from chemsales.rules.roles import Role
from chemsales.words import say
from tests.factory import accredit, draft_of
from tests.furnishing import furnish
from tests.ui.acting import key
from tests.waiting import run_events
from ui.context import Context
from ui.forms import editors
from ui.widgets.customer_picker import CustomerPicker, Picked
from ui.widgets.search import SearchField

NAMES = ("恒力石化（大连）有限公司", "青岛海科塑料制品有限公司", "<img src='x.png'>宁波荣盛")
Settle = Callable[[], None]
# what the platform of the tests says of every window that pops up
POPUP = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def compose(field: QWidget, preedit: str, commit: str = "") -> None:
    """What an input method sends: letters under way, or the word that was chosen."""
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(field, event)


@pytest.fixture
def field(qapp: QApplication) -> Iterator[tuple[SearchField, list[str], list[str]]]:
    """A search box with what it said it was searched for, and entered with."""
    made = SearchField("找")
    said: list[str] = []
    entered: list[str] = []
    made.searched.connect(said.append)
    made.entered.connect(entered.append)
    made.show()
    yield made, said, entered
    made.deleteLater()


def paused(box: SearchField) -> None:
    """Until the pause after the last stroke is over."""
    limit = time.monotonic() + 10
    while box.waiting:
        assert time.monotonic() < limit
        run_events(5)


def test_what_is_composed_is_searched_without_its_separators(field) -> None:
    box, said, _entered = field
    compose(box, "zg'sh")
    assert (box.text(), box.wanted(), said) == ("", "zgsh", [])
    paused(box)
    assert said == ["zgsh"]
    compose(box, "zhong guo")
    compose(box, "zhong guo'shi")
    paused(box)
    assert said == ["zgsh", "zhongguoshi"]
    compose(box, "", "中国石化")
    paused(box)
    assert (box.text(), said[2:]) == ("中国石化", ["中国石化"])


def test_a_word_is_composed_in_the_middle_of_the_text(field) -> None:
    box, _said, _entered = field
    box.setText("中国化")
    box.setCursorPosition(2)
    compose(box, "shi")
    assert box.wanted() == "中国shi化"
    compose(box, "", "石")
    assert box.text() == box.wanted() == "中国石化"


def test_giving_up_a_composition_is_a_change_too(field) -> None:
    box, said, _entered = field
    compose(box, "zg")
    paused(box)
    compose(box, "")
    paused(box)
    assert said == ["zg", ""]
    compose(box, "")  # what a focus brings
    assert not box.waiting


def test_enter_counts_when_nothing_is_composed(field) -> None:
    box, said, entered = field
    compose(box, "zgsh")
    QTest.keyClick(box, Qt.Key.Key_Return)
    QTest.keyClick(box, Qt.Key.Key_Enter)
    assert (said, entered) == ([], [])
    compose(box, "", "石化")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert (said, entered) == (["石化"], ["石化"])
    paused(box)
    assert said == ["石化"]


def test_typing_fast_searches_once(field) -> None:
    box, said, _entered = field
    for letter in "zgsh":
        QTest.keyClick(box, letter)
    assert said == []
    paused(box)
    assert said == ["zgsh"]


# picking


def _three() -> None:
    for number, name in enumerate(NAMES, 1):
        accredit(draft_of(name, number))


@pytest.fixture
def picker(
    sqlite_ready: str, make_context: Callable[..., Context], settle: Settle
) -> Iterator[CustomerPicker]:
    """A picker in a form of three customers."""
    furnish(_three)
    form = QWidget()
    column = QVBoxLayout(form)
    made = CustomerPicker(make_context(Role.SALES_HEAD))
    column.addWidget(made)
    column.addWidget(QLineEdit())
    form.show()
    form.activateWindow()
    made.setFocus()
    run_events(20)
    yield made
    settle()
    form.deleteLater()


def wait(settle: Settle) -> None:
    run_events(200)
    settle()


@POPUP
def test_a_customer_is_picked_while_it_is_composed(picker, settle) -> None:
    said: list[object] = []
    picker.picked.connect(said.append)
    compose(picker, "q'd'h'k")
    wait(settle)
    (hit,) = picker.hits
    assert (hit.title, say(hit.why)) == (NAMES[1], "拼音 qdhk")
    popup = picker.popup()
    assert popup.isVisible()
    assert popup.currentIndex().data() == f"{NAMES[1]} · C00002 · 张伟 · 拼音 qdhk"
    compose(picker, "", "青岛")
    wait(settle)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert (picker.chosen(), picker.text()) == (Picked(2, NAMES[1]), NAMES[1])
    assert not popup.isVisible()
    assert said == [Picked(2, NAMES[1])]


def test_enter_before_the_answer_takes_the_first_one(picker, settle) -> None:
    QTest.keyClicks(picker, "138")
    key(picker, "Return")
    wait(settle)
    assert picker.chosen() is not None
    assert say(picker.hits[0].why) == "电话 138…"


def test_what_is_typed_over_a_choice_takes_it_back(picker, settle) -> None:
    picker.choose(Picked(2, NAMES[1]))
    said: list[object] = []
    picker.picked.connect(said.append)
    assert (editors.value_of(picker), editors.problem_of(picker)) == (Picked(2, NAMES[1]), "")
    picker.selectAll()
    QTest.keyClicks(picker, "zzz")
    wait(settle)
    assert (picker.chosen(), said, picker.hits) == (None, [None], ())
    assert editors.problem_of(picker) == "请从列表中选择客户。"
    picker.clear()
    assert editors.problem_of(picker) == ""


def test_a_draft_keeps_the_choice_or_what_was_typed(picker, settle) -> None:
    for value in (Picked(2, "a|b"), None):
        picker.choose(value)
        text = editors.raw_text(picker)
        picker.choose(None, "别的")
        editors.set_text(picker, text)
        assert editors.value_of(picker) == value
    editors.set_text(picker, "恒力")
    assert (editors.raw_text(picker), editors.value_of(picker)) == ("恒力", None)
    editors.set_value(picker, Picked(1, NAMES[0]))
    assert picker.text() == NAMES[0]


@POPUP
def test_a_hostile_name_is_shown_letter_by_letter(picker, settle, tmp_path: Path) -> None:
    QTest.keyClicks(picker, "nbrs")
    wait(settle)
    (hit,) = picker.hits
    assert hit.title == NAMES[2]
    picture = picker.popup().grab()
    assert not picture.isNull()


def test_ten_thousand_letters_and_signs_of_sql_find_nothing(picker, settle) -> None:
    for text in ("x" * 10_000, "%", "_", "\\", "'; DROP TABLE customer; --"):
        picker.setText(text)
        wait(settle)
        assert picker.hits == ()
        assert not picker.popup().isVisible()
