"""Guards over the whole program: the mouse wheel changes no value that it passes over, Enter
presses nothing that destroys, Tab goes as one reads, and F1 helps in every dialog."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QPushButton,
    QScrollBar,
    QWidget,
)

from ui import tab_order
from ui.dialogs.base import Dialog


class Guard(QObject):
    """Sees every event of the program before what it is for.

    Hundreds of thousands of events come by: one filter for all guards, and an event is told by its
    class, which is at hand (its type is made anew whenever it is asked for).
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            tab_order.before(event)
            return _destroys(watched, event) or _asks_for_help(watched, event)
        return isinstance(event, QWheelEvent) and _changes(watched, event)


def _changes(watched: QObject, event: QWheelEvent) -> bool:
    """Whether the wheel would change a combo box, a spin box or a slider; the page scrolls."""
    owner = watched
    if not isinstance(owner, QComboBox | QAbstractSpinBox | QAbstractSlider):
        owner = watched.parent()  # a spin box's line edit gets the wheel first
    if not isinstance(owner, QComboBox | QAbstractSpinBox | QAbstractSlider):
        return False
    if isinstance(owner, QScrollBar):
        return False
    event.ignore()  # so that it goes on to what stands around, which scrolls
    return True


def _destroys(watched: QObject, event: QKeyEvent) -> bool:
    """Whether Enter would press a button that destroys or ends something, as desktops let it press
    buttons that have the focus: Space or its own key does it."""
    if not isinstance(watched, QPushButton) or event.type() != QEvent.Type.KeyPress:
        return False
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and not event.modifiers() and watched.property("role") == "danger"


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
        app.installEventFilter(_guards[0])
