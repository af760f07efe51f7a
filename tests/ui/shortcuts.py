"""The keys of a window as it stands: which widget each works in, and which mean two things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.main_window import MainWindow
from ui.verbs import TAKEN

INSIDE = Qt.ShortcutContext.WidgetWithChildrenShortcut


@dataclass(frozen=True)
class Live:
    """A key that works now: where (a widget), in its whole window or only inside it."""

    keys: str
    owner: QWidget
    inside: bool
    name: str


def live(window: QWidget) -> Iterator[Live]:
    """Every key of a window that Qt would ask now."""
    for widget in [window, *window.findChildren(QWidget)]:
        if not widget.isVisible() or not widget.isEnabled() or widget.window() is not window:
            continue
        for action in widget.actions():
            if action.isEnabled() and action.isVisible():
                inside = action.shortcutContext() == INSIDE
                for sequence in action.shortcuts():
                    yield Live(sequence.toString(), widget, inside, _name(action))
        if isinstance(widget, QAbstractButton) and not widget.shortcut().isEmpty():
            yield Live(widget.shortcut().toString(), widget, False, widget.text())
    for shortcut in window.findChildren(QShortcut):
        owner = shortcut.parent()
        shown = isinstance(owner, QWidget) and owner.isVisible() and owner.window() is window
        if shown and shortcut.isEnabled() and not shortcut.key().isEmpty():
            assert isinstance(owner, QWidget)
            inside = shortcut.context() == INSIDE
            yield Live(shortcut.key().toString(), owner, inside, "a shortcut")


def _name(action: QAction) -> str:
    return action.objectName() or action.text()


def _meet(one: Live, other: Live) -> bool:
    """Whether both answer to their key wherever the focus of some widget is."""
    if not (one.inside and other.inside):
        return True
    return (
        one.owner is other.owner
        or one.owner.isAncestorOf(other.owner)
        or other.owner.isAncestorOf(one.owner)
    )


def ambiguous(window: QWidget) -> list[str]:
    """The keys that mean two things at once in this window, and those that are taken."""
    found = list(live(window))
    assert found or not isinstance(window, MainWindow)
    wrong = [f"{one.keys} is taken: {one.name}" for one in found if one.keys in TAKEN]
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            if one.keys == other.keys and _meet(one, other):
                wrong.append(f"{one.keys}: {one.name} and {other.name}")
    return wrong
