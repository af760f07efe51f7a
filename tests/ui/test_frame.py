"""The frame of the window: the rail that folds, what is kept of a person over a restart, and room
at 150 % on a small screen."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chemsales.rules.roles import Role
from tests.scenes import Stage, scenes
from tests.ui.acting import key
from tests.ui.text_fit import problems
from tests.waiting import run_events
from ui import history, memory, theme
from ui.history import Stop
from ui.main_window import MainWindow
from ui.rail import NARROW
from ui.widgets import split as splits
from ui.widgets.flow import FlowLayout
from ui.widgets.split import Split

Open = Callable[..., MainWindow]
Settle = Callable[[], None]
SMALL = (1024, 600)


def test_the_narrow_rail_has_whole_words_in_english_too(open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD, language="en", size=SMALL)
    assert window.rail.narrow
    for tab in window.rail.tabs.values():
        assert not tab.text().endswith("."), tab.text()
        assert tab.width() >= tab.sizeHint().width()


def test_the_rail_folds_in_a_small_window_alone(open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD)
    assert not window.rail.narrow
    wide = window.rail.width()
    window.resize(*SMALL)
    run_events(100)
    assert window.rail.narrow
    assert window.rail.width() < 0.8 * wide
    tab = window.rail.tabs["tiers"]
    assert (tab.text(), tab.accessibleName()) == ("销量", "销量与分级")
    assert "销量与分级" in tab.toolTip()
    window.resize(1366, 768)
    run_events(100)
    assert not window.rail.narrow


def test_what_the_person_chose_of_the_rail_is_kept_for_that_person(open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD)
    window.activateWindow()
    key(window, "Ctrl+B")
    assert window.rail.narrow
    assert open_window(Role.SALES_HEAD).rail.narrow
    assert not open_window(Role.FINANCE).rail.narrow
    again = open_window(Role.SALES_HEAD, size=SMALL)
    again.rail.fold.click()
    assert not again.rail.narrow
    assert memory.recall(again.rail.key) != NARROW
    assert not open_window(Role.SALES_HEAD, size=SMALL).rail.narrow


def test_what_another_window_of_the_machine_remembered_is_read() -> None:
    memory.remember("zoom", "110")
    assert memory.recall("zoom") == "110"
    other = memory._path().with_suffix(".other")
    other.write_text('{"zoom": "125"}', encoding="utf-8")
    other.replace(memory._path())
    assert memory.recall("zoom") == "125"
    memory._path().write_text("[]", encoding="utf-8")
    assert memory.recall("zoom", "100") == "100"


def drag(split: Split, by: int) -> None:
    """Draw the first handle of a split to the right."""
    handle = split.handle(1)
    middle = handle.rect().center()
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(handle, left, Qt.KeyboardModifier.NoModifier, middle)
    QTest.mouseMove(handle, middle + QPoint(by, 0))
    QTest.mouseRelease(handle, left, Qt.KeyboardModifier.NoModifier, middle + QPoint(by, 0))
    run_events(splits.PAUSE_MS + 50)


def months_of(window: MainWindow) -> Split:
    """The split of the page of tonnage."""
    return Stage(window).page("tiers").findChildren(Split)[0]


def test_a_row_that_goes_on_is_as_high_as_what_is_in_it_by_then(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    row = FlowLayout(0, host)
    high = []
    for _line in range(3):
        button = QPushButton("x" * 20)
        row.addWidget(button)
        high.append(row.heightForWidth(button.sizeHint().width()))
    assert high == [high[0], 2 * high[0], 3 * high[0]] and high[0] > 0
    row.takeAt(0)
    assert row.heightForWidth(button.sizeHint().width()) == high[1]


def test_how_a_person_divides_a_page_is_kept_over_a_restart(open_window: Open) -> None:
    first = months_of(open_window(Role.SALES_HEAD))
    before = first.sizes()
    drag(first, 90)
    assert first.sizes()[0] > before[0] + 60
    kept = first.sizes()
    assert months_of(open_window(Role.SALES_HEAD)).sizes() == kept
    assert months_of(open_window(Role.FINANCE)).sizes() == before


@pytest.mark.parametrize("kept", ["", "x y", "1", "0 0", "5 5 5"])
def test_sizes_that_make_no_sense_are_as_if_there_were_none(kept: str, open_window: Open) -> None:
    usual = months_of(open_window(Role.SALES_HEAD)).sizes()
    memory.remember(months_of(open_window(Role.SALES_HEAD)).key, kept)
    assert months_of(open_window(Role.SALES_HEAD)).sizes() == usual


def test_where_a_person_was_of_late_is_kept_over_a_restart(open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD)
    window.show_place("tiers")
    window.page.here(("cooperation", "2026-06", 7), "2026-06")
    window.close()
    again = open_window(Role.SALES_HEAD)
    found = [(entry.place, entry.target) for entry in again._recent()]
    assert found == [("tiers", ("cooperation", "2026-06", 7)), ("tiers", None)]
    assert not again.acts["back"].isEnabled()  # nothing goes back to before the start
    other = open_window(Role.FINANCE)
    assert ("tiers", None) in [(entry.place, entry.target) for entry in other._recent()]
    assert all(entry.target is None for entry in other._recent())


def test_stops_are_remembered_as_they_were_and_rubbish_is_none() -> None:
    stops = [Stop("customers", 7, "恒力"), Stop("tiers", ("cooperation", "2026-06", 7), "2026-06")]
    assert history.from_text(history.to_text(stops)) == stops
    for rubbish in ("", "{", "[1]", '[["a"]]', "7"):
        assert history.from_text(rubbish) == []


CASES = ("approvals", "approvals_evaluation", "approvals_undo", "approvals_code")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("name", CASES)
def test_a_case_at_150_on_a_small_screen_has_nothing_clipped(
    name: str, language: str, open_window: Open, qapp: QApplication
) -> None:
    theme.apply(qapp, "light", 150)
    [scene] = [found for found in scenes() if found.name == name]
    window = open_window(scene.role, login=scene.login, language=language)
    shown = scene.show(Stage(window))
    assert shown.width() == 1366
    assert shown.height() == 768
    assert not problems(shown)


@pytest.mark.parametrize("place", ["tiers", "today", "settings"])
def test_the_menu_has_lines_between_its_groups_alone(place: str, open_window: Open) -> None:
    window = open_window(Role.ADMINISTRATOR if place == "settings" else Role.SALES_HEAD, place)
    for _again in range(2):
        window.top.menu.aboutToShow.emit()
        lines = [entry.isSeparator() for entry in window.top.menu.actions()]
        assert not lines[0] and not lines[-1] and 4 <= sum(lines) <= 5
        assert (True, True) not in list(pairwise(lines))
