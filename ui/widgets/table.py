"""A plain table over frozen rows: columns are a list, sorting is Python's, copying gives raw
values."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui import theme
from ui.actions import plain_tip
from ui.theme import Tone
from ui.widgets.chips import ToneDelegate, ToneRole
from ui.widgets.labels import EmptyState

SORTED_UP_TO = 2000
MEASURED_ROWS = 300
log = logging.getLogger(__name__)
Index = QModelIndex | QPersistentModelIndex
Row = Any


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `value` gives the raw value of a row (sorted and copied by), `text` what is
    shown.

    `sort` gives another key to sort by (a name's pinyin). `number` aligns right. `tone` paints the
    cell as a badge. `widest` is the width in digits beyond which a text is shortened with its whole
    text in the tooltip; `stretch` takes what room is left.
    """

    title: str
    value: Callable[[Row], object]
    text: Callable[[Row], str] | None = None
    sort: Callable[[Row], object] | None = None
    number: bool = False
    tone: Callable[[Row], Tone | None] | None = None
    widest: int = 40
    stretch: bool = False

    def shown(self, row: Row) -> str:
        """The text of the cell."""
        return self.text(row) if self.text is not None else plain(self.value(row))


def plain(value: object) -> str:
    """A raw value as text for cells and the clipboard: ISO days, "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | Decimal):
        return str(value)
    return str(value)


class RowsModel(QAbstractTableModel):
    """The model under PlainTable: rows as given, in the order of the last sort."""

    def __init__(self, columns: Sequence[Column], ticks: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self.rows: list[Row] = []
        self.ticks = ticks
        self.ticked: set[Hashable] = set()
        self.key: Callable[[Row], Hashable] = id
        self._warned = False

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        try:
            return self._cell(self.rows[index.row()], index.column(), role)
        except Exception:
            # an error here would be raised again for every repaint of every cell
            if not self._warned:
                self._warned = True
                log.exception("a cell cannot be shown")
            return "?" if role == Qt.ItemDataRole.DisplayRole else None

    def _cell(self, row: Row, number: int, role: int) -> object:
        column = self.columns[number]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.shown(row).replace("\n", " ")
        if role == Qt.ItemDataRole.TextAlignmentRole and column.number:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.shown(row))
        if role == ToneRole and column.tone is not None:
            tone = column.tone(row)
            return None if tone is None else str(tone)
        if role == Qt.ItemDataRole.CheckStateRole and self.ticks and number == 0:
            ticked = self.key(row) in self.ticked
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            column = self.columns[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return column.title
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if self.ticks and index.column() == 0:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        key = self.key(self.rows[index.row()])
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self.ticked.add(key)
        else:
            self.ticked.discard(key)
        self.dataChanged.emit(index, index, [role])
        return True

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort in Python; more than SORTED_UP_TO rows stay in the order the query gave."""
        if not 0 <= column < len(self.columns) or len(self.rows) > SORTED_UP_TO:
            return
        spec = self.columns[column]
        value = spec.sort or spec.value
        known = [row for row in self.rows if value(row) is not None]
        unknown = [row for row in self.rows if value(row) is None]
        known.sort(key=value, reverse=order == Qt.SortOrder.DescendingOrder)  # type: ignore[arg-type]
        self.layoutAboutToBeChanged.emit()
        self.rows = known + unknown  # what is not known stands last in either order
        self.layoutChanged.emit()


class PlainTable(QTableView):
    """A read-only table of whole rows.

    `set_rows(rows)` shows rows in the order given and keeps the selected row by `key`. Enter,
    Return and a double click send `opened(row)`; moving sends `chosen(row)` (None where nothing
    is). Ctrl+C copies the selected rows as tab-separated raw values, Ctrl+Shift+C with the
    headings. With `ticks=True` the first column has boxes that Space ticks; `ticked_rows()` gives
    them.
    """

    opened = Signal(object)
    chosen = Signal(object)
    ticks_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        key: Callable[[Row], Hashable] = id,
        empty: str = "",
        ticks: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows_model = RowsModel(columns, ticks, self)
        self.rows_model.key = key
        self.setModel(self.rows_model)
        self.setItemDelegate(ToneDelegate(self))
        self.setAccessibleName(name)
        self._dress()
        self.empty = EmptyState(empty, parent=self.viewport())
        self.rows_model.dataChanged.connect(lambda *_: self.ticks_changed.emit())
        self.selectionModel().currentRowChanged.connect(lambda *_: self.chosen.emit(self.row()))
        self.doubleClicked.connect(lambda _index: self._open())
        self._measure()
        self._show_empty()

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
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(theme.scaled(32))
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows, sorted as before, with the same row selected where it is still there."""
        model, key = self.rows_model, self.rows_model.key
        before = self.row()
        wanted = None if before is None else key(before)
        model.beginResetModel()
        model.rows = list(rows)
        model.ticked &= {key(row) for row in rows}
        model.endResetModel()
        header = self.horizontalHeader()
        header.setSectionsClickable(len(rows) <= SORTED_UP_TO)
        header.setSortIndicatorShown(header.sortIndicatorSection() >= 0)
        model.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self._measure()
        self._show_empty()
        if wanted is None or not self.select_key(wanted):
            self.chosen.emit(None)

    def set_empty_text(self, text: str) -> None:
        """What stands in the table when it has no row."""
        self.empty.set_text(text)

    def rows(self) -> list[Row]:
        """All rows in the order shown."""
        return list(self.rows_model.rows)

    def row(self) -> Row | None:
        """The current row."""
        index = self.currentIndex()
        return self.rows_model.rows[index.row()] if index.isValid() else None

    def selected_rows(self) -> list[Row]:
        """The selected rows, from top to bottom."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.rows_model.rows[number] for number in numbers]

    def ticked_rows(self) -> list[Row]:
        """The ticked rows in the order shown."""
        model = self.rows_model
        return [row for row in model.rows if model.key(row) in model.ticked]

    def tick(self, keys: Sequence[Hashable]) -> None:
        """Tick exactly the rows with these keys."""
        model = self.rows_model
        model.ticked = set(keys)
        if model.rows:
            model.dataChanged.emit(model.index(0, 0), model.index(len(model.rows) - 1, 0), [])

    def select_key(self, wanted: Hashable) -> bool:
        """Make the row with this key current; False where there is none."""
        for number, row in enumerate(self.rows_model.rows):
            if self.rows_model.key(row) == wanted:
                self.selectRow(number)
                self.setCurrentIndex(self.rows_model.index(number, 0))
                return True
        return False

    def select_first(self) -> None:
        """Make the first row current."""
        if self.rows_model.rows:
            self.selectRow(0)

    def copy(self, headings: bool = False) -> str:
        """Put the selected rows (the current one where none is) on the clipboard; the text put
        there."""
        rows = self.selected_rows() or ([self.row()] if self.row() is not None else [])
        columns = self.rows_model.columns
        lines = [[column.title for column in columns]] if headings else []
        lines += [[plain(column.value(row)) for column in columns] for row in rows]
        text = "\n".join("\t".join(_cell(value) for value in line) for line in lines)
        QGuiApplication.clipboard().setText(text)
        return text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wide = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_C and event.modifiers() == wide:
            self.copy(headings=True)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._open()
        elif event.key() == Qt.Key.Key_Space and self.rows_model.ticks and self.row() is not None:
            self._toggle()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.empty.setGeometry(self.viewport().rect())
        self._stretch()

    def _open(self) -> None:
        if self.row() is not None:
            self.opened.emit(self.row())

    def _toggle(self) -> None:
        index = self.currentIndex().siblingAtColumn(0)
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        state = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        self.rows_model.setData(index, state, Qt.ItemDataRole.CheckStateRole)

    def _show_empty(self) -> None:
        self.empty.setVisible(not self.rows_model.rows)
        self.empty.setGeometry(self.viewport().rect())

    def _measure(self) -> None:
        """Give each column the width of its heading and its widest text of the first rows."""
        digit = self.fontMetrics().horizontalAdvance("0")
        measure = self.fontMetrics().horizontalAdvance
        rows = self.rows_model.rows[:MEASURED_ROWS]
        for number, column in enumerate(self.rows_model.columns):
            needed = max((measure(column.shown(row)) for row in rows), default=0)
            room = theme.scaled(44 if column.tone else 22)
            room += theme.scaled(24) if self.rows_model.ticks and number == 0 else 0
            content = min(needed, column.widest * digit) + room
            heading = self.horizontalHeader().sectionSizeHint(number)
            self.setColumnWidth(number, max(content, heading))
        self._natural = [self.columnWidth(n) for n in range(len(self.rows_model.columns))]
        self._stretch()

    def _stretch(self) -> None:
        """Share what room is left, or what is lacking, among the columns that stretch."""
        natural = getattr(self, "_natural", [])
        growing = [n for n, column in enumerate(self.rows_model.columns) if column.stretch]
        if not natural or not growing:
            return
        left = self.viewport().width() - sum(natural)
        least = self.fontMetrics().horizontalAdvance("0") * 14
        for number in growing:
            heading = self.horizontalHeader().sectionSizeHint(number)
            wanted = natural[number] + left // len(growing)
            self.setColumnWidth(number, max(wanted, heading, min(natural[number], least)))


def _cell(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ").replace("\r", "")
