"""Every page and dialog, in every language, light and dark, at 100 % on 1366x768 and at 150 % on
1920x1080, and at 150 % on 1366x768: all text can be read, nothing typed is taken for markup, no
button waits for Enter, everything has a name, no key means two things, forms are safe to use."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from itertools import product
from pathlib import Path
from pkgutil import walk_packages

import pytest
from PySide6.QtGui import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)

import ui
from chemsales.storage import database as storage
from chemsales.words import LANGUAGES
from tests.conftest import own_home
from tests.furnishing import put_file, untouched
from tests.scenes import Scene, Stage, scenes
from tests.ui import keyboard, shortcuts
from tests.ui.conftest import SIZE, widgets_of
from tests.ui.form_faults import form_faults
from tests.ui.text_fit import problems
from ui import theme
from ui.first_run import FirstRun
from ui.main_window import MainWindow
from ui.pages.settings import SECTIONS
from ui.places import PLACES
from ui.widgets.scrolled import AtMost

SMALL, LARGE = SIZE, (1920, 1080)
LOOKS = [
    *product(("light", "dark"), [(100, SMALL), (150, LARGE)]),
    ("light", (150, SMALL)),  # an old screen and old eyes
]
# in a run that is not all of them every scene has one of these, in turn; every look of all in
# `make soak`
COMMON = LOOKS[0]
TURNS = [
    ("zh_CN", COMMON),
    ("en", ("light", (150, SMALL))),
    ("zh_CN", ("dark", (150, LARGE))),
    ("zh_CN", ("light", (150, SMALL))),
    ("en", ("dark", (150, LARGE))),
    ("zh_TW", COMMON),
    ("en", COMMON),
]
ALL_LOOKS = os.environ.get("CHEMSALES_TEST_LOOKS") == "all"
Look = Callable[..., AbstractContextManager[QWidget]]


@pytest.fixture
def look(
    stage: Callable[..., Stage],
    sqlite_template: Callable[[str], Path],
    qapp: QApplication,
) -> Look:
    """`with look(scene, language, scheme, zoom, size)`: what the scene shows, on a department and
    with a home of its own; afterwards the window is gone, as the program has it with another
    look."""

    @contextmanager
    def show(
        scene: Scene, language: str, scheme: str, zoom: int, size: tuple[int, int]
    ) -> Iterator[QWidget]:
        theme.apply(qapp, scheme, zoom)
        place = str(storage.database.obj.database)
        if not untouched(place):  # else it is what this scene furnished for its look before
            put_file(str(sqlite_template("ready")), place)
        with own_home():
            made = stage(scene, language=language, size=size)
            try:
                yield scene.show(made)
            finally:
                made.leave()

    return show


# the scene that shows each kind of dialog
SHOWN: dict[str, str] = {
    "AboutDialog": "dialog_about",
    "ApplicationDialog": "application_new",
    "ClassChangeDialog": "customer_class_change",
    "ClosingDialog": "filing_close",
    "InspectionDialog": "filing_inspect",
    "OfficeDialog": "dialog_office",
    "ReceiptDialog": "filing_receipt",
    "RestoreServerDialog": "dialog_restore_server",
    "AttachDialog": "application_attach",
    "DescribeDialog": "application_describe",
    "CaseDialog": "customer_change_rejected",
    "CheckCodeDialog": "check_code",
    "CloseMonthDialog": "tiers_close",
    "ComplaintClosingDialog": "complaint_close",
    "ComplaintDialog": "complaint_record",
    "ConflictDialog": "dialog_conflict",
    "CooperationDialog": "tiers_rate",
    "CrashDialog": "dialog_crash",
    "CustomerChangeDialog": "customer_change",
    "DayDialog": "dialog_calendar_day",
    "DelegationDialog": "dialog_delegation",
    "DisqualificationDialog": "disqualification_propose",
    "EditionDialog": "dialog_edition",
    "FirstRun": "first_run_1",
    "GroupDialog": "dialog_product_group",
    "HandoverDialog": "handover",
    "HelpDialog": "dialog_help",
    "ImportDialog": "tiers_import",
    "KeysDialog": "dialog_keys",
    "Message": "dialog_refusal",
    "LicenceDialog": "licence_record",
    "MnemonicDialog": "customer_mnemonic",
    "NameDialog": "customers_view",
    "NoticeDialog": "dialog_calendar_notice",
    "OneTimePassword": "dialog_one_time_password",
    "PersonDialog": "dialog_person_new",
    "PreviewDialog": "application_form",
    "ProductDialog": "dialog_product",
    "BulkApprovalDialog": "approvals_bulk",
    "ReasonDialog": "approvals_return",
    "VisitDialog": "customer_visit",
    "YearDialog": "dialog_calendar_year",
}


def kinds_of_dialog() -> set[str]:
    """The classes of dialogs that the window has, those that only others are made of left out."""
    for module in walk_packages(ui.__path__, "ui."):
        if module.name != "ui.__main__":
            import_module(module.name)

    def below(kind: type[QDialog]) -> Iterator[type[QDialog]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    own = {kind for kind in below(QDialog) if kind.__module__.startswith("ui.")}
    return {kind.__name__ for kind in own if not any(base in own for base in kind.__subclasses__())}


def test_every_page_and_every_kind_of_dialog_has_a_scene() -> None:
    names = {scene.name for scene in scenes()}
    assert set(SHOWN) == kinds_of_dialog()
    assert set(SHOWN.values()) <= names
    for place in PLACES:
        assert any(_place(name) == place.key for name in names), place.key
    assert {f"settings_{section.key}" for section in SECTIONS} <= names


def _place(name: str) -> str:
    """The place whose scene this is, "" for another scene."""
    key = name.split("_")[0]
    return key if key in {place.key for place in PLACES} else ""


def _looks(language: str, at: int) -> list[tuple[str, tuple[int, tuple[int, int]]]]:
    """How a scene is looked at in a language."""
    if ALL_LOOKS:
        return LOOKS
    other, look = TURNS[at % len(TURNS)]
    return [look] * (language == other)


SEEN = [
    pytest.param(scene, language, looks, id=f"{scene.name}-{language}")
    for at, scene in enumerate(scenes())
    for language in LANGUAGES
    if (looks := _looks(language, at))
]


@pytest.mark.parametrize(("scene", "language", "looks"), SEEN)
def test_scene(
    scene: Scene,
    language: str,
    looks: list[tuple[str, tuple[int, tuple[int, int]]]],
    look: Look,
    subtests: pytest.Subtests,
) -> None:
    for scheme, (zoom, size) in looks:
        with (
            subtests.test(f"{scheme}-{zoom}-{size[0]}"),
            look(scene, language, scheme, zoom, size) as shown,
        ):
            _is_what_it_is_called(scene, shown)
            found = _faults(shown, language)
            if shown.width() > size[0] or shown.height() > size[1]:
                found.append(f"larger than the screen: {shown.size()}")
            if (scheme, (zoom, size)) == looks[0]:
                found += form_faults(scene.name, shown)
            assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["tiers_close", "tiers_closed", "check_code", "dialog_refusal"])
def test_a_dialog_that_has_room_shows_all_without_scrolling(
    name: str, stage: Callable[..., Stage]
) -> None:
    [scene] = [each for each in scenes() if each.name == name]
    made = stage(scene, language="en")
    shown = scene.show(made)
    made.settle()
    areas = shown.findChildren(QScrollArea)
    [_column] = [area for area in areas if not isinstance(area, AtMost)]
    assert {area.verticalScrollBar().maximum() for area in areas} == {0}


def _is_what_it_is_called(scene: Scene, shown: QWidget) -> None:
    """That the scene of a dialog or of a place shows just that."""
    called = {name: kind for kind, name in SHOWN.items()}
    if scene.name in called:
        assert type(shown).__name__ == called[scene.name]
    if isinstance(shown, MainWindow) and _place(scene.name):
        assert shown.place == _place(scene.name)


def _faults(shown: QWidget, language: str) -> list[str]:
    return (
        problems(shown)
        + _markup(shown)
        + _enter(shown)
        + keyboard.faults(shown)
        + shortcuts.ambiguous(shown)
        + _untranslated(shown, language)
    )


def _markup(window: QWidget) -> list[str]:
    """Labels that would read markup out of data."""
    return [
        f"rich text: {widget.text()!r}"
        for widget in widgets_of(window)
        if isinstance(widget, QLabel)
        and widget.textFormat() != Qt.TextFormat.PlainText
        and widget.text()
    ] + [
        f"tooltip of markup: {widget.toolTip()!r}"
        for widget in widgets_of(window)
        if Qt.mightBeRichText(widget.toolTip()) and not widget.toolTip().startswith("<qt>")
    ]


def _enter(window: QWidget) -> list[str]:
    """Buttons that Enter in another field would press; only at the first start it goes on."""
    goes_on = window.next if isinstance(window, FirstRun) else None
    return [
        f"autoDefault: {widget.text()!r}"
        for widget in widgets_of(window)
        if isinstance(widget, QPushButton)
        and (widget.autoDefault() or (widget.isDefault() and widget is not goes_on))
    ]


ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,})+")
KEY = re.compile(r"reason\.[a-z]")


def _untranslated(window: QWidget, language: str) -> list[str]:
    """Keys instead of sentences, and English sentences in a Chinese window."""
    texts = [
        widget.text()
        for widget in widgets_of(window)
        if isinstance(widget, QLabel | QAbstractButton)
    ]
    for header in window.findChildren(QHeaderView):
        model, across = header.model(), Qt.Orientation.Horizontal
        if header.orientation() == across and header.isVisible():
            texts += [str(model.headerData(n, across) or "") for n in range(header.count())]
    found = [f"the key of a reason is shown: {text!r}" for text in texts if KEY.search(text)]
    if language != "en":
        found += [f"not Chinese: {text!r}" for text in texts if _english(text)]
    return found


def _english(text: str) -> bool:
    return bool(ENGLISH.search(text)) and not re.search("[\u4e00-\u9fff]", text)
