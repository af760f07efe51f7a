"""The menu of a grid's rows: what the page does with the chosen one, then what every table does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from chemsales.words import _
from ui.actions import Act, fill, key_text, plain_button
from ui.tables.view import Grid
from ui.verbs import VERBS


def offer(grid: Grid, *acts: Act) -> None:
    """Show the menu at a right click or the menu key."""
    grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    grid.customContextMenuRequested.connect(partial(_popup, grid, acts))


def _popup(grid: Grid, acts: tuple[Act, ...], place: QPoint) -> None:
    menu = made(grid, *acts)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(grid.viewport().mapToGlobal(place))


def made(grid: Grid, *acts: Act) -> QMenu:
    """The menu as it is now; an action that is greyed says why."""
    menu = QMenu(grid)
    shown = [act for act in acts if act.isVisible()]
    fill(menu, shown)
    if shown:
        menu.addSeparator()
    doing: dict[str, Callable[[], object]] = {
        "tables.copy": grid.copy,
        "tables.copy_headers": partial(grid.copy, headings=True),
        "tables.filter": grid.filters.toggle,
    }
    for name, slot in doing.items():
        # its key is the grid's own, and only written here
        verb = VERBS[name]
        entry = menu.addAction(f"{plain_button(_(verb.text))}\t{key_text(verb.keys[0])}")
        entry.setEnabled(grid.row() is not None or name == "tables.filter")
        entry.triggered.connect(lambda _checked=False, slot=slot: slot())
    return menu
