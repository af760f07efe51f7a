"""The grid: one table for the whole program, over rows in memory or over a list query."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from chemsales.queries.filtering import Sort
from chemsales.queries.listing import Listing
from ui import theme
from ui.context import Context
from ui.tables import copying, widths
from ui.tables.base import BaseGrid
from ui.tables.columns import Column, Row
from ui.tables.delegate import ToneDelegate, set_delegates
from ui.tables.empty import Emptiness
from ui.tables.filters import FilterRow
from ui.tables.frozen import FrozenColumn
from ui.tables.memory import RowsSource
from ui.tables.model import MISSING
from ui.tables.sources import ListSource, without

Role = QPalette.ColorRole
WIDE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Grid(BaseGrid):
    """A read-only table of whole rows of fixed height.

    `set_rows(rows)` shows a few rows in memory, `show_list(context, listing)` a list query of any
    length, read page by page off the window's thread. Both are sorted by a click on a heading
    (Shift and a click add a key), filtered, copied and exported alike, and keep the current row and
    the selection by `key` when they are read again.

    Enter, Return and a double click send `opened(row)`; moving sends `chosen(row)` (None where
    nothing is) as soon as the row is here. Ctrl+C copies the selected rows as tab-separated raw
    values, Ctrl+Shift+C with the headings. With `ticks` the first column has boxes that Space
    ticks; `ticked_rows()` gives them. F4 shows and hides what `set_drawer` was given.
    """

    opened = Signal(object)
    chosen = Signal(object)
    ticks_changed = Signal()
    pasted = Signal(str)  # tab-separated text
    export_wanted = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        key: Callable[[Row], Hashable] = id,
        empty: str = "",
        ticks: bool = False,
        name: str = "",
        sortable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(columns, key, ticks, parent)
        self.header.setSectionsClickable(sortable)
        self.drawer: QWidget | None = None
        self.takes_paste = False
        self._kept: tuple[Hashable, list[Hashable] | None, int] = (None, [], 0)
        self._awaited = False
        self._restoring = False
        self._between = False
        set_delegates(self, self.columns, ToneDelegate(self))
        self.setAccessibleName(name)
        self._dress()
        self.empty = Emptiness(empty, self)
        self.widths = widths.Widths(self)
        self.filters = FilterRow(self)
        self._look = QTimer(self, singleShot=True, interval=0)
        self._look.timeout.connect(self._want_visible)
        self._connect()
        self.widths.measure()
        self.empty.judge()

    def _dress(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.scaled(theme.ROW_HEIGHT))

    def _connect(self) -> None:
        model = self.rows_model
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)
        model.dataChanged.connect(lambda *_: self.ticks_changed.emit())
        self._join_source()
        picks = self.selectionModel()
        picks.currentRowChanged.connect(lambda *_: self._tell_chosen())
        picks.selectionChanged.connect(lambda *_: self.picked.emit())
        self.doubleClicked.connect(lambda _index: self._open())
        self.header.sort_wanted.connect(self._sort_clicked)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._look.start())

    def _join_source(self) -> None:
        self.source.arrived.connect(self._arrived)
        self.source.stood.connect(self._stand)

    def _stand(self) -> None:
        """The request was refused: show again what the rows answer."""
        self._between = False
        self.header.show_sorts(self.request.sorts)
        self.empty.judge()
        self.asked.emit()

    # -- rows --------------------------------------------------------------------------------------

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows, sorted and filtered as before, with the same rows chosen."""
        model = self.rows_model
        if not isinstance(model.source, RowsSource):
            model.set_source(RowsSource(self.columns, model.key_of, model))
            self._join_source()
        there = {model.key_of(row): row for row in rows}
        model.ticked = {key: there[key] for key in model.ticked if key in there}
        self._same = True
        model.source.set_rows(rows)  # type: ignore[attr-defined]

    def show_list(self, context: Context, listing: Listing[Any]) -> None:
        """Show a list query; another listing of the same columns keeps search, filters and sort."""
        request = without(self.request, list(listing.fields))
        before = self.source
        if not (isinstance(before, ListSource) and before.listing is listing):
            self.context = context
            self.rows_model.ticked = {}
            source = ListSource(context, listing, self.rows_model)
            source.pending = True
            self.rows_model.set_source(source)
            self._join_source()
        self._ask(request, same=True)

    def sort_from_menu(self, name: str, descending: bool) -> None:
        """Sort by one column in this direction."""
        self.sort_by(Sort(name, descending))

    def filter_column(self, at: int) -> None:
        """Open the filter row at this column."""
        self.filters.open(at)

    @cached_property
    def first_column(self) -> FrozenColumn:
        """What stands still when the first column is kept in sight."""
        return FrozenColumn(self)

    def freeze(self, frozen: bool) -> None:
        if frozen != self.frozen:
            self.frozen = frozen
            self.first_column.place()

    def _sort_clicked(self, section: int, added: bool) -> None:
        name = self.names[section]
        if not self.source.sortable(self.columns[section]):
            return
        before = {sort.name: sort for sort in self.request.sorts}
        turned = Sort(name, name in before and not before[name].descending)
        if added:
            self.sort_by(*{**before, name: turned}.values())
        else:
            self.sort_by(turned)

    def set_empty_text(self, text: str) -> None:
        """What stands in the table when there is no row at all."""
        self.empty.set_text(text)

    def rows(self) -> list[Row]:
        """The rows that are here (of rows in memory: all that pass the filters), as shown."""
        found = (self.source.row(at) for at in range(self.source.count()))
        return [row for row in found if row is not None]

    # -- selection ---------------------------------------------------------------------------------

    def ticked_rows(self) -> list[Row]:
        """The ticked rows; of rows in memory in the order shown."""
        ticked = self.rows_model.ticked
        if isinstance(self.source, ListSource):
            return list(ticked.values())
        return [row for row in self.rows() if self.rows_model.key_of(row) in ticked]

    def picked(self) -> list[Row]:
        """What something would be done with now: the ticked rows, without boxes the selected ones
        that are here; else the chosen one."""
        chosen = [(at, at) for at in (self.currentIndex().row(),) if at >= 0]
        places = (not self.rows_model.ticks and self.selected_ranges()) or chosen
        found = (self.source.row(at) for top, end in places for at in range(top, end + 1))
        return self.ticked_rows() or [row for row in found if row is not None]

    def tick(self, keys: Sequence[Hashable]) -> None:
        """Tick exactly the rows in memory with these keys."""
        model, wanted = self.rows_model, set(keys)
        model.ticked = {model.key_of(row): row for row in self.rows()}
        model.ticked = {key: row for key, row in model.ticked.items() if key in wanted}
        if self.source.count():
            model.dataChanged.emit(model.index(0, 0), model.index(self.source.count() - 1, 0), [])

    def select_key(self, wanted: Hashable) -> bool:
        """Make the row with this key current; False where there is none."""
        try:
            number = self.source.keys().index(wanted)
        except ValueError:
            return False
        self._go_to(number)
        return True

    def select_first(self) -> None:
        """Make the first row current."""
        if self.source.count():
            self._go_to(0)

    def _go_to(self, number: int) -> None:
        """Choose one row, whatever keys are held down meanwhile."""
        flags = QItemSelectionModel.SelectionFlag
        index = self.rows_model.index(number, self._first_column())
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _first_column(self) -> int:
        return self.header.logicalIndex(0)

    # -- keeping what is chosen --------------------------------------------------------------------

    def _keep(self) -> None:
        """Before other rows come: remember what is current and selected, and the place."""
        if self._between:
            return
        index, source = self.currentIndex(), self.source
        current = source.key(index.row()) if index.isValid() else None
        everything = source.count() > 0 and self.selected_count() == source.count()
        selected = None if everything and source.count() > 1 else self.selected_keys()
        self._kept = (current, selected, self.verticalScrollBar().value() if self._same else 0)

    def _restore(self) -> None:
        """After other rows came: choose the same ones, stay where they were read again."""
        self._between = self.source.pending  # another list, whose rows are on their way
        if self._between:
            self.empty.judge()
            return
        current, selected, place = self._kept
        keys = self.source.keys() if current is not None or selected or selected is None else []
        self._restoring = True
        self.setAutoScroll(False)
        self.updateGeometries()
        at = keys.index(current) if current in keys else -1
        if at >= 0:
            index = self.rows_model.index(at, self._first_column())
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._select(keys, selected, at)
        self.verticalScrollBar().setValue(place)
        self.setAutoScroll(True)
        self._restoring = False
        if self.widths.waiting or isinstance(self.source, RowsSource):
            self.widths.measure()
        self.empty.judge()
        self._look.start()
        if at >= 0:
            self._tell_chosen()
        else:
            self._awaited = False
            self.chosen.emit(None)
        self.shown.emit()
        self.picked.emit()

    def _select(
        self, keys: Sequence[Hashable], selected: list[Hashable] | None, current: int
    ) -> None:
        """Select the rows with these keys again (None: all)."""
        if selected is None:
            self.selectAll()
            return
        wanted = set(selected)
        places = [at for at, key in enumerate(keys) if key in wanted] if len(wanted) > 1 else []
        if len(wanted) == 1 and current >= 0:
            places = [current]
        found, last = QItemSelection(), len(self.columns) - 1
        for at in places:
            found.select(self.rows_model.index(at, 0), self.rows_model.index(at, last))
        self.selectionModel().select(found, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _tell_chosen(self) -> None:
        if self._restoring:
            return
        row = self.row()
        self._awaited = row is None and self.currentIndex().isValid()
        if not self._awaited:
            self.chosen.emit(row)

    def _arrived(self, first: int, last: int) -> None:
        if self.widths.waiting:
            self.widths.measure()
        if self._awaited and first <= self.currentIndex().row() <= last:
            self._tell_chosen()

    def _want_visible(self) -> None:
        """Have the rows read that can be seen now."""
        first = max(0, self.rowAt(0))
        self.source.want(first, self._last_in_sight(first))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Where no row in sight is here yet, a sign for each is all there is to paint: Qt would ask
        for every cell, and wait each time for the threads that are reading those very rows."""
        first = max(0, self.rowAt(0))
        last = self._last_in_sight(first)
        away = (self.source.row(at) is None for at in range(first, last + 1))
        if last < first or not all(away):
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        selected = self.selectionModel()
        for at in range(first, last + 1):
            whole = QRect(
                0, self.rowViewportPosition(at), self.viewport().width(), self.rowHeight(at)
            )
            chosen = selected.isRowSelected(at)
            if chosen:
                painter.fillRect(whole, self.palette().highlight())
            painter.setPen(self.palette().color(Role.HighlightedText if chosen else Role.Text))
            room = whole.adjusted(theme.scaled(7), 0, 0, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, MISSING)

    def _last_in_sight(self, first: int) -> int:
        room = self.viewport().height() // max(1, self.verticalHeader().defaultSectionSize())
        return min(first + room + 1, self.source.count() - 1)

    # -- keys --------------------------------------------------------------------------------------

    def copy(self, headings: bool = False) -> None:
        """Put the selected rows (the current one where none is) on the clipboard."""
        copying.copy(self, headings)

    def set_drawer(self, drawer: QWidget) -> None:
        """What F4 shows and hides: the details beside or below the grid."""
        self.drawer = drawer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), not event.modifiers()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key == Qt.Key.Key_C and event.modifiers() == WIDE:
            self.copy(headings=True)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self._open()
        elif key == Qt.Key.Key_Space and self.rows_model.ticks and self.row() is not None:
            self._toggle()
        elif key == Qt.Key.Key_L and event.modifiers() == WIDE:
            self.filters.toggle()
        elif key == Qt.Key.Key_Down and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self.filters.open(self.currentIndex().column())
        elif key == Qt.Key.Key_E and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.export_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Paste) and self.takes_paste:
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif key == Qt.Key.Key_F4 and plain and self.drawer is not None:
            self.drawer.setVisible(not self.drawer.isVisible())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.empty.place()
        self.widths.stretch()
        if self.frozen:
            self.first_column.place()
        self._look.start()

    def _open(self) -> None:
        if self.row() is not None:
            self.opened.emit(self.row())

    def _toggle(self) -> None:
        """Tick the selected rows, or take their ticks away where the current one has one."""
        index = self.currentIndex().siblingAtColumn(0)
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        state = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        for top, end in self.selected_ranges() or [(index.row(), index.row())]:
            for at in range(top, end + 1):
                place = self.rows_model.index(at, 0)
                self.rows_model.setData(place, state, Qt.ItemDataRole.CheckStateRole)
