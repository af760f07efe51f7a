"""The order of Tab is the order of reading, whatever was made first: it is put right when Tab is
pressed, so that what came later stands in its place too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QBoxLayout,
    QCalendarWidget,
    QComboBox,
    QGridLayout,
    QLayout,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QWidget,
)

KEYS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_F6)
WHOLE = QComboBox | QAbstractSpinBox | QCalendarWidget  # their parts are their own business


def is_stop(widget: QWidget) -> bool:
    """Whether Tab stops here."""
    if not widget.isVisible():  # most of a window is not, and this costs least
        return False
    tabbed = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return tabbed and widget.isEnabled() and widget.focusProxy() is None


def stops(window: QWidget) -> list[QWidget]:
    """What Tab stops at in a window, as one reads: by the layouts, which say what follows what."""
    return [widget for widget in _read(window) if is_stop(widget)]


def arrange(window: QWidget) -> None:
    """Let Tab go through this window as one reads it."""
    wanted = stops(window)
    if _chain(window) != wanted:
        for one, other in pairwise(wanted):
            QWidget.setTabOrder(one, other)


def _chain(window: QWidget) -> list[QWidget]:
    found, widget = [], window.nextInFocusChain()
    while widget is not None and widget is not window:
        if is_stop(widget) and widget.window() is window:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def _read(widget: QWidget) -> Iterator[QWidget]:
    """A widget and all that is shown in it."""
    yield widget
    if isinstance(widget, WHOLE):
        return
    seen: set[QWidget] = set()
    for part in [*_laid_out(widget), *_loose(widget)]:
        if part not in seen and part.isVisible() and not part.isWindow():
            seen.add(part)
            yield from _read(part)


def _laid_out(widget: QWidget) -> Iterator[QWidget]:
    """The parts of a widget whose order is known."""
    if isinstance(widget, QSplitter):
        yield from (widget.widget(at) for at in range(widget.count()))
    elif isinstance(widget, QTabWidget):
        yield widget.tabBar()
        if widget.currentWidget() is not None:
            yield widget.currentWidget()
    elif isinstance(widget, QStackedWidget):
        if widget.currentWidget() is not None:
            yield widget.currentWidget()
    elif isinstance(widget, QScrollArea):
        if widget.widget() is not None:
            yield widget.widget()
    elif widget.layout() is not None and not isinstance(widget, QMainWindow):
        yield from _of_layout(widget.layout())


def _of_layout(layout: QLayout) -> Iterator[QWidget]:
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        places.sort(key=lambda at: layout.getItemPosition(at)[:2])  # type: ignore[index]
    if isinstance(layout, QBoxLayout) and layout.direction() in (
        QBoxLayout.Direction.RightToLeft,
        QBoxLayout.Direction.BottomToTop,
    ):
        places.reverse()
    for at in places:
        item = layout.itemAt(at)
        if item is None:
            continue
        if item.widget() is not None:
            yield item.widget()
        elif item.layout() is not None:
            yield from _of_layout(item.layout())


def _loose(widget: QWidget) -> list[QWidget]:
    """Parts that stand in no layout, by where they stand."""
    parts = [part for part in widget.children() if isinstance(part, QWidget)]
    return sorted(parts, key=lambda part: (part.y(), part.x()))


def before(event: QKeyEvent) -> None:
    """Put the order right before a key that goes on to the next stop is heard."""
    presses = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
    if event.key() in KEYS and event.type() in presses:
        focused = QApplication.focusWidget()
        if focused is not None:
            arrange(focused.window())
