"""A person at the window in tests: clicks what can be seen and pressed, drops files, types."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QPushButton,
    QScrollArea,
    QWidget,
)

from tests.waiting import run_events

PLACE = QPointF(20, 20)


class Person:
    """Counts the clicks that it makes."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, button: QAbstractButton) -> None:
        """Click a button that can be seen and pressed."""
        assert button.isVisible(), button.text()
        assert button.isEnabled(), f"{button.text()}: {button.toolTip()}"
        self.clicks += 1
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def press(self, widget: QWidget, text: str) -> None:
        """Click the visible button with this text."""
        self.click(button_of(widget, text))


def button_of(widget: QWidget, text: str) -> QPushButton:
    """The visible push button whose text begins with this."""
    found = [
        made
        for made in widget.findChildren(QPushButton)
        if made.text().startswith(text) and made.isVisible()
    ]
    texts = [made.text() for made in widget.findChildren(QPushButton) if made.isVisible()]
    assert found, f"no {text!r} among {texts}"
    return found[0]


def dialog_of(kind: type[QDialog]) -> QDialog:
    """The open dialog of this class."""
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    assert found, f"no {kind.__name__} is open"
    return found[-1]


def is_open(kind: type[QDialog]) -> bool:
    """Whether a dialog of this class is open."""
    return any(isinstance(w, kind) and w.isVisible() for w in QApplication.topLevelWidgets())


def inside(area: QScrollArea, part: QWidget) -> bool:
    """Whether a part of what is in the area is seen whole."""
    at = part.mapTo(area.viewport(), QPoint(0, 0))
    return area.viewport().rect().contains(QRect(at, part.size()))


def key(widget: QWidget, keys: str) -> None:
    """Press keys ("Ctrl+Return") while this window is in front, where the focus is."""
    window = widget.window()
    window.activateWindow()
    waited = 0
    while QApplication.activeWindow() is not window:
        assert waited < 200, "the window does not come to the front"
        run_events(10)
        waited += 1
    QTest.keySequence(widget.focusWidget() or widget, QKeySequence(keys))


def drop(widget: QWidget, paths: Sequence[Path], at: QPointF = PLACE) -> None:
    """Drop files on a widget, at a place in it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        at,
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    widget.dropEvent(event)
