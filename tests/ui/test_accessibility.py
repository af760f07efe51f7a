"""Without a mouse, without good sight: names, reach, the order of Tab, the focus that one sees, and
text that stands out. The walk over every page and dialog is in test_scenes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from chemsales.config import resource
from tests.scenes import Stage, scenes
from tests.ui import keyboard
from tests.ui.test_theme import SCHEMES, contrast
from tests.waiting import run_events
from ui import tab_order, theme
from ui.actions import button
from ui.main_window import MainWindow

SCENES = {scene.name: scene for scene in scenes()}
WALKED = ("application_new", "evaluation", "tiers", "settings_appearance", "approvals", "lock")
Open = Callable[..., MainWindow]
SetStage = Callable[..., Stage]


def shown(qtbot: QtBot, *parts: QWidget) -> QWidget:
    window = QWidget()
    column = QVBoxLayout(window)
    for part in parts:
        column.addWidget(part)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


# -- the walk finds what it is there for -----------------------------------------------------------


def test_finds_what_has_no_name(qtbot: QtBot) -> None:
    assert keyboard.nameless(shown(qtbot, QLineEdit(), button("好"))) == [
        "no accessible name: QLineEdit < QWidget ()"
    ]


def test_finds_what_tab_does_not_reach(qtbot: QtBot) -> None:
    lost = QPushButton("x")
    lost.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    [found] = keyboard.unreachable(shown(qtbot, lost, button("y")))
    assert "QPushButton[x]" in found


def test_finds_an_order_that_is_not_that_of_reading(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [button(name) for name in "abcd"]
    window = shown(qtbot, *parts)
    for one, other in ((0, 2), (2, 1), (1, 3)):
        QWidget.setTabOrder(parts[one], parts[other])
    with monkeypatch.context() as patch:
        patch.setattr(tab_order, "arrange", lambda _window: None)
        assert any("Button[c]" in found for found in keyboard.out_of_order(window))
    assert keyboard.out_of_order(window) == []


# -- the keys themselves ---------------------------------------------------------------------------


def _pressed(window: QWidget, key: Qt.Key, times: int) -> Iterator[QWidget | None]:
    for _ in range(times):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
        yield QApplication.focusWidget()


def test_tab_goes_as_one_reads_also_where_parts_came_later(qtbot: QtBot) -> None:
    window = QWidget()
    grid = QGridLayout(window)
    late = [(1, 1), (0, 1), (1, 0), (0, 0)]
    fields = {place: QLineEdit() for place in late}
    for place, field in fields.items():
        grid.addWidget(field, *place)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    fields[0, 0].setFocus()
    reading = [fields[0, 1], fields[1, 0], fields[1, 1], fields[0, 0]]
    assert list(_pressed(window, Qt.Key.Key_Tab, 4)) == reading
    assert list(_pressed(window, Qt.Key.Key_Backtab, 3)) == reading[2::-1]
    later = QLineEdit()
    grid.addWidget(later, 0, 2)
    later.show()
    run_events(1)
    fields[0, 1].setFocus()
    assert list(_pressed(window, Qt.Key.Key_Tab, 1)) == [later]


def _holds_tab(widget: QWidget) -> bool:
    return isinstance(widget, QPlainTextEdit) and not widget.tabChangesFocus()


@pytest.mark.parametrize("name", ["application_new", "tiers_close", "login_refused"])
def test_tab_comes_to_everything_and_round(name: str, stage: SetStage, qtbot: QtBot) -> None:
    scene = SCENES[name]
    window = scene.show(stage(scene))
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    order = keyboard.stops(window)
    assert len(order) > 2
    assert not any(_holds_tab(stop) for stop in order)
    order[0].setFocus()
    assert list(_pressed(window, Qt.Key.Key_Tab, len(order))) == [*order[1:], order[0]]


# -- the focus is seen -----------------------------------------------------------------------------


def _picture(widget: QWidget, window: QWidget) -> QImage:
    around = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-3, -3, 3, 3)
    return window.grab(around.intersected(window.rect())).toImage()


def _changed(one: QImage, other: QImage) -> int:
    """How many pixels differ so that it is seen."""
    return sum(
        contrast(one.pixelColor(x, y).name(), other.pixelColor(x, y).name()) > 1.5
        for x, y in product(range(one.width()), range(one.height()))
        if one.pixel(x, y) != other.pixel(x, y)
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", WALKED)
def test_what_has_the_focus_is_seen(
    name: str, scheme: str, stage: SetStage, qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, scheme)
    scene = SCENES[name]
    window = scene.show(stage(scene))
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    kinds = {
        (type(stop).__name__, str(stop.property("role"))): stop
        for stop in reversed(keyboard.stops(window))
        if not stop.visibleRegion().isEmpty()
    }
    unseen = []
    for kind, stop in kinds.items():
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        with_it = _picture(stop, window)
        stop.clearFocus()
        if _changed(with_it, _picture(stop, window)) < 12:
            unseen.append(kind)
    assert unseen == []


# -- text stands out -------------------------------------------------------------------------------


def _rules() -> list[tuple[str, str, str]]:
    """Selector, colour of the text and colour behind it ("" for that of the window) of each rule of
    the style sheet that sets the colour of text."""
    sheet = resource("style", "window.qss").read_text(encoding="utf-8")
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    found = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        front = re.search(r"(?<![-\w])color:\s*@(\w+)", body)
        behind = re.search(r"(?<![-\w])background(?:-color)?:\s*@(\w+)", body)
        if front:
            found.append((" ".join(selector.split()), front[1], behind[1] if behind else ""))
    return found


# what cannot be used is excepted (WCAG 1.4.3); its tooltip says why
RULES = [rule for rule in _rules() if ":disabled" not in rule[0]]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("selector", "front", "behind"), RULES, ids=[rule[0] for rule in RULES])
def test_every_role_of_text_stands_out(selector: str, front: str, behind: str, scheme: str) -> None:
    tokens = SCHEMES[scheme]
    tones = {str(tone): colours[0] for tone, colours in tokens.tones.items()}
    colour = tones.get(front) or getattr(tokens, front)
    for name in [behind] if behind else ["paper", "window", "raised"]:
        assert contrast(colour, getattr(tokens, name)) >= 4.5, (front, name)


def test_the_style_sheet_was_read() -> None:
    assert len(RULES) > 15
    assert any(behind for _selector, _front, behind in RULES)
