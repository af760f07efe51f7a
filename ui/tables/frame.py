"""A grid with everything around it: tools, chips, saved views, columns, export, the status line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from chemsales.words import _
from ui import actions
from ui.actions import button, plain_button, word
from ui.context import Context
from ui.dialogs.base import Dialog
from ui.forms.form import Form
from ui.tables import exporting
from ui.tables.chips import Chips
from ui.tables.menus import CheckMenu
from ui.tables.status import Status
from ui.tables.view import Grid
from ui.tables.views import Views
from ui.verb import Offer
from ui.verbs import VERBS
from ui.widgets.labels import PlainLabel
from ui.widgets.search import SearchField


class GridFrame(QWidget):
    """The grid of a place; `tools` stand at the left above it.

    `place` is the name, the same in every language, under which the person's columns and views are
    remembered. A `compact` one, for a narrow place, has its tools in the menu of one button.
    """

    def __init__(
        self,
        grid: Grid,
        context: Context,
        place: str,
        *tools: QWidget,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.grid, self.context = grid, context
        grid.context = context
        grid.filters.kept = True
        self.views = Views(grid, grid.widths, context.actor.login, place)
        self.chips, self.status = Chips(grid), Status(grid)
        self.views_button = self._tool("tables.views", QMenu(self), self._fill_views)
        self.columns_button = self._tool("tables.columns", CheckMenu(self), self._fill_columns)
        self.filter_button = button(
            _("Filter"), grid.filters.toggle, "tool", _("Filter row of a table")
        )
        self.export_button = self._tool("tables.formats", QMenu(self))
        for offer in self._formats():
            actions.add(self.export_button.menu(), offer)
        grid.export_wanted.connect(lambda: self.export())
        top = QHBoxLayout()
        top.setSpacing(8)
        for tool in tools:
            top.addWidget(tool, int(isinstance(tool, PlainLabel)))
        top.addWidget(self.chips, 1)
        whole = (self.filter_button, self.views_button, self.columns_button, self.export_button)
        for made in (self._tools_button(whole),) if compact else whole:
            top.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(grid, 1)
        column.addWidget(self.status)
        grid.header.customContextMenuRequested.connect(self._column_menu)

    def _tool(
        self, name: str, menu: QMenu, fill: Callable[[], object] | None = None
    ) -> QPushButton:
        """A button of the registry with this menu, which `fill` fills anew each time."""
        verb = VERBS[name]
        made = button(_(verb.text), role="tool", tip=_(verb.tip))
        if fill is not None:
            menu.aboutToShow.connect(fill)
        made.setMenu(menu)
        return made

    def _tools_button(self, buttons: Sequence[QPushButton]) -> QPushButton:
        """One button whose menu does what all of these do."""
        menu = QMenu(self)
        for each in buttons:
            each.setParent(self)
            each.hide()
            inside = each.menu()
            if inside is None:
                actions.add(menu, Offer("tables.filter", each.click, each.text()))
            else:
                inside.setTitle(each.text())
                menu.addMenu(inside)
        name = word("tables.tools")
        made = button("⋯", role="tool", tip=name, name=name)
        made.setMenu(menu)
        return made

    def offers(self) -> list[Offer]:
        """What can be done with this list now: views by their names, columns, export."""
        saving = self._offer("tables.save_view", self.ask_name)
        return [*self._saved(), saving, *self._arranging(), *self._formats()]

    def _offer(self, verb: str, act: Callable[..., object], **more: Any) -> Offer:
        return Offer(verb, act, of=self.grid.accessibleName(), **more)

    def _formats(self) -> list[Offer]:
        return [
            self._offer("tables.export", self.export),
            self._offer("tables.export_csv", partial(self.export, ".csv")),
        ]

    def follow(self, search: SearchField) -> None:
        """Search for what is typed there; a chip taken away empties the field."""
        self._search = search
        search.searched.connect(self.grid.search)
        self.grid.asked.connect(self._tell_search)

    def _tell_search(self) -> None:
        text = self.grid.request.text
        if not self._search.waiting and self._search.wanted() != text:
            self._search.setText(text)

    # -- columns -----------------------------------------------------------------------------------

    def _fill_columns(self) -> None:
        menu = self.columns_button.menu()
        menu.clear()
        grid = self.grid
        for at in (grid.header.logicalIndex(n) for n in range(grid.header.count())):
            shown = partial(self.views.set_shown, grid.names[at])
            ticked = not grid.isColumnHidden(at)
            offer = self._offer(
                "tables.columns",
                shown,
                what=grid.columns[at].title,
                why=self._kept(at),
                ticked=ticked,
            )
            actions.add(menu, offer)
        menu.addSeparator()
        for offer in self._arranging():
            actions.add(menu, offer)

    def _arranging(self) -> list[Offer]:
        return [
            self._offer("tables.freeze", self.views.freeze, ticked=self.grid.frozen),
            self._offer("tables.columns_reset", self.views.reset),
        ]

    def _kept(self, at: int) -> str:
        """Why a column cannot be hidden, "" where it can."""
        holds = self.grid.rows_model.ticks and at == 0
        return _("This column holds the boxes of the rows.") if holds else ""

    def _column_menu(self, place: object) -> None:
        """The menu of one heading."""
        grid = self.grid
        at = grid.header.logicalIndexAt(place)  # type: ignore[call-overload]
        if at < 0:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = grid.names[at]
        if grid.source.sortable(grid.columns[at]):
            for verb, descending in (("tables.sort_up", False), ("tables.sort_down", True)):
                sort = partial(grid.sort_from_menu, name, descending)
                actions.add(menu, self._offer(verb, sort))
            actions.add(menu, self._offer("tables.column", partial(grid.filter_column, at)))
            menu.addSeparator()
        hide = partial(self.views.set_shown, name, False)
        actions.add(menu, self._offer("tables.hide", hide, why=self._kept(at)))
        menu.popup(grid.header.mapToGlobal(place))  # type: ignore[call-overload]

    # -- views -------------------------------------------------------------------------------------

    def _fill_views(self) -> None:
        menu, views = self.views_button.menu(), self.views
        menu.clear()
        for offer in self._saved():
            line = actions.add(menu, offer)
            if offer.verb == "tables.view":
                name = offer.what
                self.grid.source.counted(views.asked(name), partial(self._tell_count, line, name))
        menu.addSeparator()
        actions.add(menu, self._offer("tables.save_view", self.ask_name))
        removing = [
            self._offer("tables.delete_view", partial(views.remove, name), what=name)
            for name in views.named
        ]
        actions.branch(menu, "tables.delete_view", removing)

    def _saved(self) -> list[Offer]:
        views = self.views
        return [
            self._offer("tables.all_rows", views.reset),
            *(
                self._offer("tables.view", partial(views.apply, name), what=name)
                for name in views.named
            ),
        ]

    def _tell_count(self, entry: object, name: str, count: int) -> None:
        from shiboken6 import isValid

        if isValid(entry):
            said = _("{name} ({count})", name=name, count=f"{count:,}")
            entry.setText(plain_button(said))  # type: ignore[attr-defined]

    def ask_name(self) -> None:
        """Ask under which name the view is saved."""
        NameDialog(self.views, self.window()).open()

    def export(self, suffix: str = ".xlsx") -> None:
        """Ask where the rows shown are written to."""
        name, today = self.grid.accessibleName(), self.context.session.today()
        exporting.ask(self.grid, self.context, name, today, suffix)


class NameDialog(Dialog):
    """The name of a view."""

    def __init__(self, views: Views, parent: QWidget | None = None) -> None:
        super().__init__(_("Save this view"), parent)
        self.views = views
        self.form = Form()
        self.form.add("name", _("Name of the view"), QLineEdit(), required=True)
        self.body.addWidget(self.form)
        self.add_verb(_("Save"), self._save)

    def _save(self) -> None:
        if self.form.check_required():
            self.views.save(str(self.form["name"].text()).strip())
            self.accept()
