"""What must never happen in any window: values changed by the wheel, keys that clash, lost
references."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QScrollArea,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from chemsales.rules.roles import Role
from tests.scenes import Stage
from tests.waiting import run_events
from ui.actions import button
from ui.dialogs import message
from ui.main_window import MainWindow


def wheel(widget: QWidget) -> None:
    """Turn the wheel over the middle of a widget, as a mouse does."""
    window = widget.window()
    middle = QPointF(widget.mapTo(window, widget.rect().center()))
    QTest.wheelEvent(window.windowHandle(), middle, QPoint(0, -120))
    run_events(1)


@pytest.fixture
def scrolled(qtbot: QtBot) -> tuple[QScrollArea, QVBoxLayout]:
    """A form that is higher than its window."""
    area = QScrollArea()
    inside = QWidget()
    inside.setMinimumHeight(2000)
    column = QVBoxLayout(inside)
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.resize(300, 300)
    qtbot.addWidget(area)
    return area, column


def test_wheel_scrolls_the_form_and_changes_no_value(
    scrolled: tuple[QScrollArea, QVBoxLayout], qtbot: QtBot
) -> None:
    area, column = scrolled
    combo, spin, slider = QComboBox(), QSpinBox(), QSlider(Qt.Orientation.Horizontal)
    combo.addItems(["同意", "退回", "拒绝"])
    spin.setValue(5)
    slider.setValue(50)
    for widget in (combo, spin, slider):
        column.addWidget(widget)
    column.addStretch(1)
    area.show()
    qtbot.waitExposed(area)
    for widget in (combo, spin, slider, spin.lineEdit()):
        area.ensureWidgetVisible(widget)
        before = area.verticalScrollBar().value()
        wheel(widget)
        assert (combo.currentText(), spin.value(), slider.value()) == ("同意", 5, 50)
        assert area.verticalScrollBar().value() > before
    area.verticalScrollBar().setValue(0)
    combo.setFocus()
    wheel(combo)
    assert combo.currentText() == "同意"


def keys_of(window: QWidget) -> list[tuple[str, QWidget]]:
    """Every key with the widget in which it works."""
    found = []
    for action in window.findChildren(QAction):
        owner = action.parent()
        if isinstance(owner, QWidget):
            found += [(key.toString(), owner) for key in action.shortcuts()]
    for shortcut in window.findChildren(QShortcut):
        owner = shortcut.parent()
        whole = shortcut.context() is Qt.ShortcutContext.WindowShortcut
        assert isinstance(owner, QWidget)
        found.append((shortcut.key().toString(), owner.window() if whole else owner))
    return found


@pytest.mark.parametrize("role", [Role.SALES_HEAD, Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR])
def test_no_key_is_given_twice(role: Role, open_window: Callable[..., MainWindow]) -> None:
    """Two actions with one key in reach of one another: Qt fires neither."""
    window = open_window(role)
    stage = Stage(window)
    for place in window.places:
        stage.page(place)
    keys = keys_of(window)
    clashes = [
        (key, type(one).__name__, type(other).__name__)
        for (key, one), (other_key, other) in combinations(keys, 2)
        if key == other_key and (one is other or one.isAncestorOf(other) or other.isAncestorOf(one))
    ]
    assert clashes == []
    assert len(keys) > 10


RESERVED = {"Alt+A", "Ctrl+Alt+A", "Ctrl+Shift+A", "Ctrl+Space", "Ctrl+.", "Ctrl+Shift+F"}


def test_no_key_belongs_to_input_methods_or_chat_programs(
    open_window: Callable[..., MainWindow],
) -> None:
    window = open_window(Role.SALES_HEAD)
    stage = Stage(window)
    for place in window.places:
        stage.page(place)
    keys = {key.toString() for action in window.findChildren(QAction) for key in action.shortcuts()}
    keys |= {shortcut.key().toString() for shortcut in window.findChildren(QShortcut)}
    assert not keys & RESERVED


def test_enter_closes_a_message_where_that_has_the_focus(qtbot: QtBot) -> None:
    done: list[str] = []
    told = message.tell("已结账")
    asked = message.ask("结账？", "", "结账", lambda: done.append("closed"))
    for dialog in (asked, told):
        qtbot.addWidget(dialog)
        dialog.cancel_button.setFocus()
        QTest.keyClick(dialog.cancel_button, Qt.Key.Key_Return)
        assert not dialog.isVisible()
    assert done == []


def test_enter_presses_no_button_that_destroys(qtbot: QtBot) -> None:
    """Where a desktop (or autoDefault) lets Enter press the button that has the focus."""
    pressed: list[str] = []
    window = QDialog()
    column = QVBoxLayout(window)
    made = {role: button(role, partial(pressed.append, role), role) for role in ("danger", "tool")}
    for one in made.values():
        one.setAutoDefault(True)
        column.addWidget(one)
    qtbot.addWidget(window)
    window.show()
    for one in made.values():
        one.setFocus()
        QTest.keyClick(one, Qt.Key.Key_Return)
        QTest.keyClick(one, Qt.Key.Key_Enter)
    assert pressed == ["tool", "tool"]
    QTest.keyClick(made["danger"], Qt.Key.Key_Space)
    assert pressed[-1] == "danger"


def test_void_calls_keep_the_reference_count_of_none(qtbot: QtBot) -> None:
    """PySide6 6.12 below Python 3.12 loses a reference to None with every call that returns
    nothing."""
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(100):
        label.setText("a")
    assert sys.getrefcount(None) - before > -20
