"""The parts of the window that F6 goes round: tabs, top line, and what a page is split into."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSplitter, QTableView, QWidget


def panes(parts: Sequence[QWidget], page: QWidget) -> list[QWidget]:
    """The visible panes: these parts, then those of the page's splitters in order (or the page)."""
    return [*(part for part in parts if part.isVisible()), *(_split(page) or [page])]


def _split(page: QWidget) -> list[QWidget]:
    """The innermost panes of a page's splitters."""
    found = []
    for splitter in page.findChildren(QSplitter):
        for number in range(splitter.count()):
            pane = splitter.widget(number)
            inner = isinstance(pane, QSplitter) or pane.findChild(QSplitter) is not None
            if pane.isVisible() and not inner:
                found.append(pane)
    return found


def go_round(found: Sequence[QWidget], by: int) -> None:
    """Put the focus into the next (1) or previous (-1) pane that takes it."""
    focused = QApplication.focusWidget()
    at = next(
        (n for n, pane in enumerate(found) if focused is not None and _holds(pane, focused)), -by
    )
    for step in range(1, len(found) + 1):
        target = _first(found[(at + by * step) % len(found)])
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            return


def _holds(pane: QWidget, widget: QWidget) -> bool:
    return pane is widget or pane.isAncestorOf(widget)


def _first(pane: QWidget) -> QWidget | None:
    """The table of a pane, else the first widget in it that Tab would stop at."""
    tables = [found for found in pane.findChildren(QTableView) if _takes_focus(found)]
    if tables:
        return tables[0]
    at = pane
    while True:
        if _takes_focus(at) and _holds(pane, at):
            return at
        at = at.nextInFocusChain()
        if at is pane:
            return None


def _takes_focus(widget: QWidget) -> bool:
    tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return tab and widget.isVisible() and widget.isEnabled()
