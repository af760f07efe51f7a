"""Guards over the whole program: the mouse wheel changes no value that it passes over."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QApplication, QComboBox, QScrollBar


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


_guards: list[WheelGuard] = []


def install(app: QApplication) -> None:
    """Put the guards in force for the whole program, once."""
    if not _guards:
        _guards.append(WheelGuard(app))
        app.installEventFilter(_guards[0])
