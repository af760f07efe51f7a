"""Fixtures of the window's tests: the application, a signed-in window, waiting for its jobs."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import TracebackType
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from chemsales.config import Config
from chemsales.rules.roles import Role
from chemsales.services.session import Session
from chemsales.storage import database as storage
from tests.scenes import Scene, Stage
from tests.security import conftest as security
from tests.waiting import run_events
from ui import documents, guards, i18n, theme
from ui.collecting import Collector
from ui.context import Context
from ui.desk import Desk
from ui.jobs import Jobs
from ui.login import LoginWindow
from ui.main_window import MainWindow

SIZE = (1366, 768)
server_url = security.server_url
owned_cluster = security.owned_cluster
owned = security.owned


@pytest.fixture(scope="session")
def qapp() -> Iterator[QApplication]:
    """The application as `ui.app` makes it."""
    app = QApplication.instance() or QApplication(["chemsales"])
    theme.register_fonts()
    theme.apply(app)
    guards.install(app)
    Collector(app)
    yield app
    documents.stop()


@pytest.fixture(autouse=True)
def chinese(qapp: QApplication) -> Iterator[None]:
    """Every test starts in Chinese, light, at 100 %, and leaves no dialog behind."""
    gc.disable()  # only the window's thread collects, as in the program
    i18n.speak("zh_CN")
    if (theme.tokens(), theme.zoom()) != (theme.LIGHT, 100):
        theme.apply(qapp)
    yield
    for widget in qapp.topLevelWidgets():
        if isinstance(widget, QDialog):
            widget.close()
            widget.deleteLater()
    run_events(0)
    gc.enable()


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """The exceptions that reach sys.excepthook during a test that expects some."""
    seen: list[BaseException] = []

    def hook(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        seen.append(error)

    monkeypatch.setattr(sys, "excepthook", hook)
    return seen


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    """Jobs whose threads end with the test."""
    made = Jobs()
    yield made
    assert made.stop(10)
    run_events(0)
    made.deleteLater()


@pytest.fixture
def settle(jobs: Jobs) -> Callable[[], None]:
    """Wait until no job is under way and its results have been shown."""

    def wait(seconds: float = 60.0) -> None:
        limit = time.monotonic() + seconds
        run_events(1)
        while jobs.busy:
            assert time.monotonic() < limit, "a job did not end"
            run_events(5)
        run_events(1)

    return wait


@pytest.fixture
def make_context(jobs: Jobs, as_role: Callable[..., Session]) -> Callable[..., Context]:
    """`make_context(Role.FINANCE)`: what a page of that person is given."""

    def make(role: Role, login: str | None = None, language: str = "zh_CN") -> Context:
        i18n.speak(language)
        config = Config(language=language, database="sqlite:///test")
        return Context(as_role(role, login), config, jobs)

    return make


@pytest.fixture
def open_window(
    qtbot: QtBot,
    sqlite_ready: str,
    make_context: Callable[..., Context],
    settle: Callable[[], None],
) -> Iterator[Callable[..., MainWindow]]:
    """`open_window(Role.SALES_HEAD, "settings")`: that person's window (at 1366x768 where no size
    is given), read and shown."""
    windows: list[MainWindow] = []

    def make(
        role: Role,
        place: str = "",
        login: str | None = None,
        language: str = "zh_CN",
        size: tuple[int, int] = SIZE,
    ) -> MainWindow:
        window = MainWindow(make_context(role, login, language), place)
        windows.append(window)
        window.resize(*size)
        window.show()
        qtbot.waitExposed(window)
        settle()
        return window

    yield make
    for window in windows:
        if isValid(window):  # a stage may have been left before
            window.discard()
    settle()


@pytest.fixture
def stage(open_window: Callable[..., MainWindow]) -> Iterator[Callable[..., Stage]]:
    """`stage(scene)`: the stage for a scene, whose window opens where the scene goes first;
    `language` and `size` as for `open_window`."""
    stages: list[Stage] = []

    def make(scene: Scene, **look: Any) -> Stage:
        stages.append(Stage(partial(open_window, scene.role, login=scene.login, **look)))
        return stages[-1]

    yield make
    for made in stages:
        made.leave()


@pytest.fixture
def dialogs(qapp: QApplication) -> Callable[[], list[QDialog]]:
    """The dialogs that are open now, the newest last."""

    def find() -> list[QDialog]:
        return [w for w in qapp.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]

    return find


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    """A desk that has not begun; everything of it is closed afterwards."""
    before = storage.database.obj
    made = Desk(qapp)
    yield made
    wait(made)
    if isinstance(made.window, MainWindow):
        made.window.discard()
    elif made.window is not None:
        made.window.hide()
    if made.idle is not None:
        made.idle.stop()
    if made.login is not None:
        made.login.hide()
        made.login.deleteLater()
    made.follow.stop(10)
    assert made.jobs.stop(10)
    made.deleteLater()
    storage.close()
    storage.database.obj = before
    run_events(0)


def wait(desk: Desk) -> None:
    """Until the login is painted and nothing is under way."""
    run_events(1)
    for _ in range(400):
        if desk.login is None or desk.login._painted:
            break
        run_events(5)
    run_events(5)
    for _ in range(4000):
        if not desk.jobs.busy:
            break
        run_events(5)
    run_events(1)


def login_of(desk: Desk) -> LoginWindow:
    assert desk.login is not None
    return desk.login


def sign_in(desk: Desk, login: str, password: str) -> None:
    window = login_of(desk)
    window.form["login"].set_text(login)
    window.form["password"].set_text(password)
    window.sign_in()
    wait(desk)


def widgets_of(window: QWidget) -> list[QWidget]:
    """A window and all that is in it."""
    return [window, *window.findChildren(QWidget)]
