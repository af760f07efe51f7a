"""Every page and dialog, in every language, light and dark, at 100 % on 1366x768 and at 150 % on
1920x1080: all text can be read, nothing typed is taken for markup, no button waits for Enter,
everything has a name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from PySide6.QtGui import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHeaderView,
    QLabel,
    QPushButton,
    QWidget,
)

from chemsales.words import LANGUAGES
from tests.scenes import Scene, Stage, scenes
from tests.ui import keyboard
from tests.ui.conftest import SIZE, widgets_of
from tests.ui.text_fit import problems
from ui import theme
from ui.first_run import FirstRun
from ui.main_window import MainWindow

SCENES = scenes()
LARGE = (1920, 1080)
# each language meets each scheme and each zoom; `make soak` looks at the other pairs too
PAIRS = [("light", 100), ("dark", 150)]
OTHER_PAIRS = [("dark", 100), ("light", 150)]
LOOKS = PAIRS + (OTHER_PAIRS if os.environ.get("CHEMSALES_EVERY_LOOK") else [])
Look = Callable[[Scene, str, tuple[int, int]], tuple[Stage, QWidget]]


@pytest.fixture
def look(open_window: Callable[..., MainWindow]) -> Look:
    """`look(scene, language, size)`: the scene on the stage, and the widget to look at."""

    def show(scene: Scene, language: str, size: tuple[int, int]) -> tuple[Stage, QWidget]:
        window = open_window(scene.role, login=scene.login, language=language, size=size)
        stage = Stage(window)
        return stage, scene.show(stage)

    return show


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("scheme", "zoom"), LOOKS)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_scene(
    scene: Scene, scheme: str, zoom: int, language: str, look: Look, qapp: QApplication
) -> None:
    theme.apply(qapp, scheme, zoom)
    size = SIZE if zoom == 100 else LARGE
    stage, shown = look(scene, language, size)
    assert shown.width() <= size[0]
    assert shown.height() <= size[1]
    found = (
        problems(shown)
        + _markup(shown)
        + _enter(shown)
        + keyboard.nameless(shown)
        + keyboard.unreachable(shown)
        + keyboard.out_of_order(shown)
        + _untranslated(shown, language)
    )
    stage.clear()
    assert not found, "\n".join(found)


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
