"""The menu of a grid's rows: what the page does with the chosen one, then what every table does."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from chemsales.words import _
from ui.actions import Act, add, fill
from ui.tables.view import Grid
from ui.verb import Offer


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
    why = _("Choose a row first.") if grid.row() is None else ""
    add(menu, Offer("tables.copy", grid.copy, why=why))
    add(menu, Offer("tables.copy_headers", partial(grid.copy, headings=True), why=why))
    add(menu, Offer("tables.filter", grid.filters.toggle))
    return menu
