"""The tabs: who sees which, what is imported when, keys, and a place that does not exist yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from chemsales.rules.errors import NotAllowed, Reason
from chemsales.rules.roles import Actor, Role
from chemsales.services.changes import Subject
from chemsales.words import LANGUAGES
from tests.scenes import Stage
from ui import places
from ui.dialogs.message import Message
from ui.main_window import MainWindow
from ui.pages.page import Page
from ui.pages.settings import SettingsPage
from ui.places import PLACES, Place, load, places_for
from ui.tables.view import Grid

Open = Callable[..., MainWindow]
BUSINESS = [
    "today", "approvals", "customers", "licences", "filing", "tiers", "evaluation", "settings",
]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "keys"),
    [
        (Role.ACCOUNT_MANAGER, BUSINESS),
        (Role.SALES_HEAD, BUSINESS),
        (Role.FINANCE, BUSINESS),
        (Role.GENERAL_MANAGER, BUSINESS),
        (Role.AUDITOR, BUSINESS),
        (Role.ADMINISTRATOR, ["today", "settings"]),
    ],
)
def test_places_by_role(role: Role, keys: list[str]) -> None:
    actor = Actor("x", "x", frozenset({role}))
    assert [place.key for place in places_for(actor)] == keys


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.key)
def test_every_place_has_its_page_and_number(place: Place) -> None:
    assert issubclass(load(place.page), Page)
    if place.count:
        assert callable(load(place.count))


def test_a_place_without_a_module_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    later = Place("prices", "Settings", 2, "ui.pages.no_such_page:PricesPage", None)
    monkeypatch.setattr(places, "PLACES", (*PLACES, later))
    actor = Actor("x", "x", frozenset({Role.ADMINISTRATOR}))
    assert [place.key for place in places_for(actor)] == ["today", "settings"]


def test_pages_are_made_when_first_shown(open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD)
    assert list(window.pages) == ["today"]
    window.rail.tabs["customers"].click()
    assert list(window.pages) == ["today", "customers"]
    assert window.rail.tabs["customers"].isChecked()
    assert not window.rail.tabs["today"].isChecked()


def test_keys_go_to_places(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(Role.SALES_HEAD)
    window.activateWindow()
    control = Qt.KeyboardModifier.ControlModifier
    for number, key in enumerate(BUSINESS, start=1):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), control)
        assert window.place == key
    qtbot.keyClick(window, Qt.Key.Key_PageDown, control)
    assert window.place == "today"
    qtbot.keyClick(window, Qt.Key.Key_PageUp, control)
    assert window.place == "settings"
    qtbot.keyClick(window, Qt.Key.Key_1, control)
    qtbot.keyClick(window, Qt.Key.Key_Comma, control)
    assert window.place == "settings"


def test_only_pages_of_a_changed_subject_are_read_again(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(Role.SALES_HEAD)
    stage = Stage(window)
    for key in ("customers", "settings", "today"):
        stage.page(key)
    read: list[str] = []
    for key, page in window.pages.items():
        monkeypatch.setattr(page, "refresh", partial(read.append, key))
    window.context.changed.emit(frozenset({Subject.CUSTOMER}))
    assert read == ["today"]  # the one that is shown
    window.show_place("customers")
    assert read == ["today", "customers"]  # the other when it is shown again
    window.show_place("settings")
    assert read == ["today", "customers"]


def test_a_refusal_without_a_page_is_shown_with_its_reasons(open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD)

    def refuse(_session: object) -> None:
        raise NotAllowed(Reason("reason.applicant_cannot_sign", {}, "C7.2"))

    window.context.write(refuse)
    dialog = Stage(window).dialog(Message)
    assert dialog.windowTitle() == "无法办理"


def test_going_somewhere_opens_the_target(open_window: Open) -> None:
    window = open_window(Role.ADMINISTRATOR)
    window.context.go.emit("settings", "calendar")
    Stage(window).settle()
    page = window.page
    assert page.list.currentItem().text() == "工作日历"  # type: ignore[attr-defined]
    window.context.go.emit("approvals", 1)  # not this person's: stays
    assert window.place == "settings"


def parts_of(page: Page) -> Iterator[Page]:
    """A page, or each section of the settings."""
    if not isinstance(page, SettingsPage):
        yield page
        return
    for section in page.sections:
        page.open(section.key)
        yield page.shown[section.key]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.key)
def test_every_table_says_what_to_do_while_it_is_empty(place: Place, open_window: Open) -> None:
    role = Role.ADMINISTRATOR if place.key == "settings" else Role.SALES_HEAD
    said: dict[str, list[str]] = {}
    for code in LANGUAGES:
        page = Stage(open_window(role, language=code)).page(place.key)
        found = [grid for part in parts_of(page) for grid in part.findChildren(Grid)]
        said[code] = [grid.empty.text for grid in found] or [page.empty_text()]
        assert all(said[code]), [grid.accessibleName() for grid in found if not grid.empty.text]
    assert not set(said["en"]) & set(said["zh_CN"])
