"""What a form of any page or dialog must not do: change a value by the wheel, press by Enter what
writes or destroys, have a verdict in a list, lose what is typed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from chemsales.rules.approval import Verdict
from chemsales.words import label
from tests.ui.conftest import widgets_of
from ui.dialogs.application import ApplicationDialog
from ui.dialogs.check_code import CheckCodeDialog
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.restore_server import RestoreServerDialog
from ui.first_run import FirstRun
from ui.forms import editors
from ui.login import LoginWindow
from ui.widgets.document_tools import DocumentTools

# no forms, or none that is for anybody but who changes it for a test of its own
WITHOUT = ("today", "evaluation", "customer", "settings_policy", "settings_backup", "tiers_empty")
STARTING = ("login", "lock", "first_run")  # nobody is signed in yet


def form_faults(scene: str, shown: QWidget) -> list[str]:
    """What is wrong with the forms that a scene of this name shows; they are used for it, so that
    the scene is not to be looked at after."""
    if scene.startswith(WITHOUT):
        return []
    found = _moved_by_the_wheel(shown) + _verdicts(shown)
    if not scene.startswith(STARTING):
        found += _not_kept(shown)
    return found + _pressed_by_enter(shown)


def _typed(window: QWidget) -> list[QLineEdit | QPlainTextEdit]:
    """The boxes that somebody can type in now."""
    return [
        widget
        for widget in widgets_of(window)
        if isinstance(widget, QLineEdit | QPlainTextEdit)
        and widget.isVisible()
        and widget.isEnabled()
        and not widget.isReadOnly()
    ]


def _moved_by_the_wheel(window: QWidget) -> list[str]:
    """What the wheel changes that passes over it, with the focus and without."""
    moved = []
    for widget in widgets_of(window):
        if not isinstance(widget, QComboBox | QAbstractSpinBox | QLineEdit | QPlainTextEdit):
            continue
        if not widget.isVisible() or isinstance(widget, QAbstractSpinBox):
            continue
        before = editors.raw_text(widget)
        for focus in (False, True):
            if focus:
                widget.setFocus()
            for turn in (-120, 120):
                _turn_wheel(widget, turn)
            if editors.raw_text(widget) != before:
                moved.append(f"the wheel changes {widget.accessibleName()!r}")
    return moved


def _turn_wheel(widget: QWidget, turn: int) -> None:
    """The wheel over a widget, also where it has to be scrolled to first."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(widget.rect().center())),
        QPoint(0, 0),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def _verdicts(window: QWidget) -> list[str]:
    words = {label(verdict) for verdict in Verdict}
    return [
        f"a verdict in a list: {widget.accessibleName()!r}"
        for widget in widgets_of(window)
        if isinstance(widget, QComboBox)
        and words & {widget.itemText(n) for n in range(widget.count())}
    ]


def _pressed_by_enter(window: QWidget) -> list[str]:
    """The buttons that Enter presses from any box: none but signing in, and no window closes."""
    pressed: list[str] = []
    for widget in widgets_of(window):
        if isinstance(widget, QPushButton) and not (_going_on(window, widget)):
            widget.clicked.connect(lambda _on=False, made=widget: pressed.append(made.text()))
    boxes = _typed(window)
    for box in boxes:
        box.setFocus()
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QTest.keyClick(box, key)
    for button in window.findChildren(QPushButton):
        if button.property("role") == "danger" and button.isVisible() and button.isEnabled():
            button.setFocus()
            QTest.keyClick(button, Qt.Key.Key_Return)
    if boxes and not window.isVisible():
        pressed.append("Enter closes the window")
    return [f"Enter presses {text!r}" for text in pressed]


def _going_on(window: QWidget, button: QPushButton) -> bool:
    """The first start alone goes on with Enter: nothing there decides about anybody."""
    return isinstance(window, FirstRun) and button is window.next


def _not_kept(window: QWidget) -> list[str]:
    """A dialog in which something can be typed, but nothing keeps it."""
    if isinstance(window, CheckCodeDialog):  # it asks about a paper and writes nothing
        return []
    if isinstance(window, RestoreServerDialog):  # it asks for a login, which is kept nowhere
        return []
    written = [box for box in _typed(window) if not isinstance(box.parent(), DocumentTools)]
    if not isinstance(window, QDialog) or isinstance(window, LoginWindow) or not written:
        return []
    if isinstance(window, FormDialog | ApplicationDialog) and window.keeper is not None:
        return []
    return [f"{type(window).__name__} keeps no draft"]
