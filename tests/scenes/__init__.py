"""Every page and dialog of the window, ready to be looked at: tests check their text, `python -m
tests.screenshots` draws them.

A module of this package has SCENES, a list of Scene; it is found by being here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from chemsales.rules.roles import Role
from tests.waiting import run_events
from ui import documents
from ui.main_window import MainWindow
from ui.pages.page import Page
from ui.widgets.pages_view import PagesView


class Stage:
    """A signed-in window on which a scene is set.

    Instead of a window it may be given what opens one at a place: the window is then made when it
    is first wanted, at once where the scene goes, and what was furnished before is in it.
    """

    def __init__(self, window: MainWindow | Callable[[str], MainWindow]) -> None:
        self._window = window

    @property
    def window(self) -> MainWindow:
        """The window; it opens at its first place where none was asked for."""
        return self._at("")

    def _at(self, place: str) -> MainWindow:
        if not isinstance(self._window, MainWindow):
            self._window = self._window(place)
        return self._window

    def settle(self, seconds: float = 60.0) -> None:
        """Wait until every job has ended, its result is shown, and every document is drawn."""
        limit = time.monotonic() + seconds
        run_events(20)
        while self._busy():
            assert time.monotonic() < limit, "a job did not end"
            run_events(5)
        run_events(20)

    def _busy(self) -> bool:
        # what costs least is asked first: this is asked again and again
        return bool(self.window.context.jobs.busy) or documents.busy() or _drawing()

    def page(self, key: str) -> Page:
        """Go to a place; its page, read and shown."""
        self._at(key).show_place(key)
        self.settle()
        return self.window.page

    def dialog(self, kind: type[QDialog] | None = None) -> QDialog:
        """The dialog that is open now (the newest, or the newest of a class)."""
        self.settle()
        found = [
            widget
            for widget in QApplication.topLevelWidgets()
            if isinstance(widget, kind or QDialog) and widget.isVisible()
        ]
        assert found, "no dialog is open"
        return found[-1]

    def clear(self) -> None:
        """Close everything but the window, where there is one."""
        if not isinstance(self._window, MainWindow):
            return
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible() and widget is not self._window:
                widget.hide()
                widget.deleteLater()
        self.settle()

    def leave(self) -> None:
        """Close everything, the window too where there is one; it is gone afterwards."""
        if isinstance(self._window, MainWindow) and isValid(self._window):
            self.clear()
            self._window.discard()
            self.settle()


def _drawing() -> bool:
    return any(
        view.isVisible() and view.drawing
        for window in QApplication.topLevelWidgets()
        if isValid(window) and window.isVisible()
        for view in window.findChildren(PagesView)
    )


@dataclass(frozen=True, slots=True)
class Scene:
    """`show(stage)` goes there and gives the widget to look at (the window, or a dialog)."""

    name: str
    role: Role
    show: Callable[[Stage], QWidget]
    login: str | None = None


def scenes() -> list[Scene]:
    """All scenes of all modules here."""
    found: list[Scene] = []
    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        found += import_module(f"{__name__}.{module.name}").SCENES
    return found
