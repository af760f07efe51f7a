"""Guards over the whole program: the mouse wheel changes no value that it passes over, Tab goes as
one reads, and F1 helps in every dialog."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent, QWindow
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QScrollBar,
    QWidget,
)

from ui import tab_order
from ui.dialogs.base import Dialog

VALUES = QComboBox | QAbstractSpinBox | QAbstractSlider


class Guard(QObject):
    """Sees the keys before the widget that has the focus, and the wheel before what it turns over.

    A filter over the whole program would be asked at every event of every object, which is a
    quarter of all that a window costs: this one sits on the window in use, on what has the focus
    in it and on the values that the wheel comes to. (A Picker leaves the wheel alone by itself; the
    others are those of Qt's own dialogs.)
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.focusChanged.connect(self._follow)
        app.focusWindowChanged.connect(self._watch)
        self._follow(None, QApplication.focusWidget())
        self._watch(QApplication.focusWindow())

    def _follow(self, before: QObject | None, focused: QObject | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        self._watch(focused)

    def _watch(self, what: QObject | None) -> None:
        if what is not None:
            what.installEventFilter(self)  # once, however often it is asked

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWindow):
            if isinstance(event, QWheelEvent):
                for part in _under(watched, event):
                    self._watch(part)
            return False
        if isinstance(event, QKeyEvent):
            tab_order.before(event)
            return _asks_for_help(watched, event)
        if isinstance(event, QWheelEvent) and _value(watched) is not None:
            event.ignore()  # so that it goes on to what stands around, which scrolls
            return True
        return False


def _under(window: QWindow, event: QWheelEvent) -> list[QWidget]:
    """The value that the wheel would change, with the part of it that gets the wheel first."""
    at = event.position().toPoint()
    tops = [top for top in QApplication.topLevelWidgets() if top.windowHandle() == window]
    under = next((top.childAt(at) for top in tops), None)
    value = _value(under)
    return [under, value] if under is not None and value is not None else []


def _value(widget: QObject | None) -> QWidget | None:
    """The combo box, spin box or slider that this is, or is the line edit of."""
    for found in (widget, widget.parent() if widget is not None else None):
        if isinstance(found, VALUES) and not isinstance(found, QScrollBar):
            return found
    return None


def _asks_for_help(watched: QObject, event: QKeyEvent) -> bool:
    """Whether it is F1 in a dialog, which shows the help of its place (a window has an action)."""
    if event.key() != Qt.Key.Key_F1 or event.modifiers() or event.type() != QEvent.Type.KeyPress:
        return False
    window = watched.window() if isinstance(watched, QWidget) else None
    if not isinstance(window, Dialog):
        return False
    from ui.dialogs.help import HelpDialog, help_over

    if not isinstance(window, HelpDialog):
        help_over(window)
    return True


_guards: list[QObject] = []


def install(app: QApplication) -> None:
    """Put the guards in force for the whole program, once."""
    if not _guards:
        _guards.append(Guard(app))
