"""Guards over the whole program: the mouse wheel changes no value that it passes over, Enter
presses nothing that destroys, and Tab goes as one reads."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QPushButton,
    QScrollBar,
)

from ui.tab_order import TabGuard


class WheelGuard(QObject):
    """Keeps the mouse wheel from changing a combo box, a spin box or a slider; the page scrolls."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Wheel:
            return False
        owner = watched
        if not isinstance(owner, QComboBox | QAbstractSpinBox | QAbstractSlider):
            owner = watched.parent()  # a spin box's line edit gets the wheel first
        if not isinstance(owner, QComboBox | QAbstractSpinBox | QAbstractSlider):
            return False
        if isinstance(owner, QScrollBar):
            return False
        event.ignore()  # so that it goes on to what stands around, which scrolls
        return True


class EnterGuard(QObject):
    """Keeps Enter from pressing a button that destroys or ends something, wherever a desktop lets
    Enter press buttons that have the focus: Space or its own key does it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(watched, QPushButton):
            return False
        enter = isinstance(event, QKeyEvent) and event.key() in (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
        )
        return bool(enter and not event.modifiers()) and watched.property("role") == "danger"


_guards: list[QObject] = []


def install(app: QApplication) -> None:
    """Put the guards in force for the whole program, once."""
    if not _guards:
        _guards.extend((WheelGuard(app), EnterGuard(app), TabGuard(app)))
        for guard in _guards:
            app.installEventFilter(guard)
