"""What a person without a mouse or without sight meets: names, reach, and the order of Tab.

Each function walks a window as it stands and gives a sentence for each fault; `faults` gives all.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCalendarWidget,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from ui import tab_order
from ui.palette import Palette

INTERACTIVE = (
    QAbstractButton | QAbstractItemView | QAbstractSpinBox | QComboBox | QLineEdit | QPlainTextEdit
)
Order = list[QWidget] | None  # of stops, where they have been asked for already
TOLERANCE = 6  # pixels by which things in one line may overlap, or lie higher and lower


def stops(window: QWidget) -> list[QWidget]:
    """The widgets at which Tab stops, in its order."""
    tab_order.arrange(window)  # as it is put right whenever Tab is pressed
    found, widget = [], window.nextInFocusChain()
    while widget is not None and widget is not window:
        if tab_order.is_stop(widget) and widget.window() is window:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def faults(window: QWidget) -> list[str]:
    """What lacks a name, is not reached, or stands in another order than it is reached."""
    order = stops(window)
    return nameless(window, order) + unreachable(window, order) + out_of_order(window, order)


def nameless(window: QWidget, order: Order = None) -> list[str]:
    """Stops at which a screen reader has nothing to say."""
    found = []
    for widget in order or stops(window):
        if isinstance(widget, QTabBar):
            continue  # it says the names of its tabs
        interface = QAccessible.queryAccessibleInterface(widget)
        name = interface.text(QAccessible.Text.Name) if interface is not None else ""
        if not (widget.accessibleName() or name).strip():
            found.append(f"no accessible name: {_path(widget)}")
    return found


def unreachable(window: QWidget, order: Order = None) -> list[str]:
    """What can be clicked, but not come to by Tab."""
    reached = set(order or stops(window))
    found = []
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, INTERACTIVE) or isinstance(widget, QHeaderView):
            continue
        if not (widget.isVisible() and widget.isEnabled()) or widget.window() is not window:
            continue
        if widget in reached or _of_another(widget) or _by_key(widget):
            continue
        found.append(f"not reached by Tab: {_path(widget)}")
    return found


def _of_another(widget: QWidget) -> bool:
    """Whether it is a part of a widget that is reached itself, or stands for one."""
    parent = widget.parentWidget()
    inside = isinstance(parent, QComboBox | QAbstractSpinBox | QLineEdit | QTabBar)
    return inside or _within(widget, QCalendarWidget) or widget.objectName().startswith("qt_")


def _within(widget: QWidget, kind: type[QWidget]) -> bool:
    parent = widget.parentWidget()
    return parent is not None and (isinstance(parent, kind) or _within(parent, kind))


def _by_key(widget: QWidget) -> bool:
    """Whether keys lead to it in another way: the arrows among the buttons of a group or from the
    field of the palette into what it found, or a key of its own."""
    if not isinstance(widget, QAbstractButton):
        return _within(widget, Palette)
    group = widget.group()
    grouped = widget.autoExclusive() or (group is not None and group.exclusive())
    return grouped or bool(widget.shortcut().toString())


def out_of_order(window: QWidget, order: Order = None) -> list[str]:
    """Neighbours in the order of Tab that stand the other way round on the screen.

    Compared within the smallest part of the window that holds both: in it the first has to be
    above the second, or at its left in the same line. What holds the other comes before it, however
    far it has been scrolled.
    """
    found, order = [], order or stops(window)
    for one, other in zip(order, order[1:] + order[:1], strict=True):
        first, second = _branches(one, other)
        if not one.isAncestorOf(other) and _precedes(_place(second, window), _place(first, window)):
            found.append(f"Tab goes from {_path(one)} back to {_path(other)}")
    return found if len(found) > 1 else []  # it is a round: from the last it goes on to the first


def _branches(one: QWidget, other: QWidget) -> tuple[QWidget, QWidget]:
    """The parts of their nearest common parent in which both lie."""
    above = [one, *_parents(one)]
    common = next(part for part in [other, *_parents(other)] if part in above)
    if common in (one, other):
        return one, other
    return _below(one, common), _below(other, common)


def _parents(widget: QWidget) -> list[QWidget]:
    parent = widget.parentWidget()
    return [] if parent is None or widget.isWindow() else [parent, *_parents(parent)]


def _below(widget: QWidget, above: QWidget) -> QWidget:
    parent = widget.parentWidget()
    return widget if parent is above or parent is None else _below(parent, above)


def _place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def _precedes(one: QRect, other: QRect) -> bool:
    """Whether a reader comes to `one` before `other`: a line above, or at the left in its line."""
    if one.bottom() <= other.top() + TOLERANCE:
        return True
    if other.bottom() <= one.top() + TOLERANCE:
        return False
    return one.right() <= other.left() + TOLERANCE


def _path(widget: QWidget) -> str:
    names = []
    for part in [widget, *_parents(widget)][:5]:
        text = part.text() if isinstance(part, QAbstractButton) else ""
        names.append(f"{type(part).__name__}{f'[{text}]' if text else ''}")
    return " < ".join(names) + f" ({widget.accessibleName()})"
