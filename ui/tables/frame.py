"""A grid with everything around it: tools, chips, saved views, columns, export, the status line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from chemsales.words import _
from ui.actions import button, plain_button
from ui.context import Context
from ui.dialogs.base import Dialog
from ui.forms.form import Form
from ui.tables import exporting
from ui.tables.chips import Chips
from ui.tables.menus import CheckMenu
from ui.tables.status import Status
from ui.tables.view import Grid
from ui.tables.views import Views
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
        self.views_button = self._menu_button(_("Views"), QMenu(self), self._fill_views)
        self.columns_button = self._menu_button(_("Columns"), CheckMenu(self), self._fill_columns)
        self.filter_button = button(
            _("Filter"), grid.filters.toggle, "tool", _("Filter row of a table")
        )
        formats = QMenu(self)
        formats.addAction(_("Workbook") + " (.xlsx)").triggered.connect(lambda: self.export())
        formats.addAction(_("CSV file") + " (.csv)").triggered.connect(lambda: self.export(".csv"))
        self.export_button = button(_("Export"), None, "tool", _("Export this list"))
        self.export_button.setMenu(formats)
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

    def _menu_button(self, text: str, menu: QMenu, fill: object) -> QPushButton:
        made = button(text, role="tool")
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
                menu.addAction(each.text()).triggered.connect(each.click)
            else:
                inside.setTitle(each.text())
                menu.addMenu(inside)
        made = button("⋯", role="tool", tip=_("List tools"), name=_("List tools"))
        made.setMenu(menu)
        return made

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
            box = menu.addAction(plain_button(grid.columns[at].title))
            box.setCheckable(True)
            box.setChecked(not grid.isColumnHidden(at))
            box.setEnabled(
                not (grid.rows_model.ticks and at == 0)
            )  # it holds the boxes of the rows
            box.toggled.connect(partial(self.views.set_shown, grid.names[at]))
        menu.addSeparator()
        frozen = menu.addAction(_("Keep the first column in sight"))
        frozen.setCheckable(True)
        frozen.setChecked(grid.frozen)
        frozen.toggled.connect(self.views.freeze)
        menu.addAction(_("Columns as at first")).triggered.connect(self.views.reset)

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
            up, down = _("Sort ascending"), _("Sort descending")
            menu.addAction(up).triggered.connect(partial(grid.sort_from_menu, name, False))
            menu.addAction(down).triggered.connect(partial(grid.sort_from_menu, name, True))
            menu.addAction(_("Filter")).triggered.connect(partial(grid.filter_column, at))
            menu.addSeparator()
        hide = menu.addAction(_("Hide this column"))
        hide.setEnabled(not (grid.rows_model.ticks and at == 0))
        hide.triggered.connect(lambda _checked=False: self.views.set_shown(name, False))
        menu.popup(grid.header.mapToGlobal(place))  # type: ignore[call-overload]

    # -- views -------------------------------------------------------------------------------------

    def _fill_views(self) -> None:
        menu, views = self.views_button.menu(), self.views
        menu.clear()
        menu.addAction(_("All rows")).triggered.connect(views.reset)
        for name in views.named:
            entry = menu.addAction(plain_button(name))
            entry.triggered.connect(partial(views.apply, name))
            self.grid.source.counted(views.asked(name), partial(self._tell_count, entry, name))
        menu.addSeparator()
        menu.addAction(_("Save this view …")).triggered.connect(self.ask_name)
        removing = menu.addMenu(_("Delete a view"))
        removing.setEnabled(bool(views.named))
        for name in views.named:
            removing.addAction(plain_button(name)).triggered.connect(partial(views.remove, name))

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
