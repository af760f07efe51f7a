"""A fault of the program: logged, told once in plain words, and the program lives."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TextIO

import pytest
from PySide6.QtCore import QTimer, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chemsales.config import state_dir
from tests.waiting import run_events
from ui.crash import CrashReporter, start_log
from ui.dialogs.crash import CrashDialog

Dialogs = Callable[[], list[QDialog]]


@pytest.fixture
def reporter(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[CrashReporter]:
    """A reporter with its log, both gone after the test."""
    opened: list[TextIO] = []
    monkeypatch.setattr(faulthandler, "enable", opened.append)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    before = list(logging.getLogger().handlers)
    start_log.cache_clear()
    made = CrashReporter()
    made.install()
    yield made
    for handler in set(logging.getLogger().handlers) - set(before):
        logging.getLogger().removeHandler(handler)
        handler.close()
    for file in opened:
        file.close()
    qInstallMessageHandler(None)
    made.deleteLater()


def fail(what: str = "a fault") -> None:
    raise ZeroDivisionError(what)


def report(reporter: CrashReporter, what: str = "a fault") -> None:
    try:
        fail(what)
    except ZeroDivisionError as error:
        reporter.hook(type(error), error, error.__traceback__)


@pytest.mark.no_qt_log
def test_the_same_fault_is_shown_once_and_logged_each_time(
    reporter: CrashReporter, dialogs: Dialogs
) -> None:
    for number in range(20):
        report(reporter, f"number {number}")
    run_events(20)
    [dialog] = dialogs()
    assert isinstance(dialog, CrashDialog)
    assert "ZeroDivisionError" in dialog.details.toPlainText()
    log = (state_dir() / "logs" / "chemsales.log").read_text(encoding="utf-8")
    assert log.count("ZeroDivisionError: number") == 20
    dialog.copy()
    assert "ZeroDivisionError" in QGuiApplication.clipboard().text()
    texts = [found.text() for found in dialog.findChildren(QPushButton)]
    assert {"继续", "复制详细信息", "打开日志文件夹", "退出程序"} == set(texts)
    dialog.cancel_button.click()
    run_events(1)
    assert dialogs() == []


class Painted(QWidget):
    """Fails whenever it is painted, and notes what was open then."""

    def __init__(self, reporter: CrashReporter, dialogs: Dialogs) -> None:
        super().__init__()
        self.reporter, self.dialogs = reporter, dialogs
        self.open: list[int] = []

    def paintEvent(self, _event: QPaintEvent) -> None:
        report(self.reporter)
        self.open.append(len(self.dialogs()))


@pytest.mark.no_qt_log
def test_a_fault_while_painting_is_shown_once_and_never_inside_it(
    reporter: CrashReporter, dialogs: Dialogs
) -> None:
    painted = Painted(reporter, dialogs)
    painted.resize(40, 40)
    painted.show()
    assert QTest.qWaitForWindowExposed(painted)
    for _ in range(5):
        painted.repaint()
    assert painted.open[0] == 0  # it came after the painting that failed
    run_events(20)
    assert len(dialogs()) == 1
    painted.close()


@pytest.mark.no_qt_log
def test_another_fault_is_shown_too(reporter: CrashReporter, dialogs: Dialogs) -> None:
    report(reporter)
    try:
        {}["x"]
    except KeyError as error:
        reporter.hook(type(error), error, error.__traceback__)
    run_events(20)
    assert len(dialogs()) == 2


@pytest.mark.no_qt_log
def test_a_fault_in_a_thread_is_shown(reporter: CrashReporter, dialogs: Dialogs) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    run_events(20)
    assert len(dialogs()) == 1


@pytest.mark.no_qt_log
def test_the_program_lives_after_a_fault(reporter: CrashReporter, qtbot: QtBot) -> None:
    lived: list[bool] = []
    report(reporter)
    QTimer.singleShot(5, lambda: lived.append(True))
    qtbot.waitUntil(lambda: lived == [True])
