"""The model under a grid: cells of the rows that are here, "…" for those on their way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QModelRoleDataSpan,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from ui.actions import plain_tip
from ui.tables.columns import Column, Row
from ui.tables.delegate import EndRole, ToneRole
from ui.tables.memory import RowsSource
from ui.tables.sources import Source, name_of

MISSING = "…"
ANSWERED = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.CheckStateRole,
        ToneRole,
        EndRole,
    }
)
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TICKABLE = (
    Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable
)
log = logging.getLogger(__name__)
Index = QModelIndex | QPersistentModelIndex


class GridModel(QAbstractTableModel):
    """Columns over a source of rows.

    A painted table asks for every cell in sight, and each answer is a way out of Qt and back, on
    which the window's thread waits for those that read rows. So a cell is answered at once for all
    that is asked of it (`multiData`), and what Qt knows by itself is not asked here.
    """

    ticks = False

    def __init__(
        self, columns: Sequence[Column], key: Callable[[Row], Hashable], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self.names = [name_of(columns, column) for column in columns]
        self.key_of = key
        self.ticked: dict[Hashable, Row] = {}
        self._warned = False
        self.source: Source = RowsSource(self.columns, key, self)
        self._join()

    def set_source(self, source: Source) -> None:
        """Show the rows of another source."""
        self.beginResetModel()
        self.source.blockSignals(True)
        self.source.deleteLater()
        self.source = source
        self._join()
        self.endResetModel()

    def _join(self) -> None:
        self.source.about_to_change.connect(self.beginResetModel)
        self.source.changed.connect(self.endResetModel)
        self.source.arrived.connect(self._arrived)

    def _arrived(self, first: int, last: int) -> None:
        end = self.index(last, len(self.columns) - 1)
        self.dataChanged.emit(self.index(first, 0), end, [])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self.source.count()

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def index(
        self,
        row: int,
        column: int,
        parent: Index = QModelIndex(),  # noqa: B008
    ) -> QModelIndex:
        inside = row < self.source.count() and column < len(self.columns)
        return self.createIndex(row, column) if inside else QModelIndex()

    def multiData(self, index: QModelIndex, asked: QModelRoleDataSpan) -> None:
        roles = [each.role() for each in asked]  # type: ignore[attr-defined]
        for each, value in zip(asked, self._told(index, roles), strict=True):  # type: ignore[call-overload]
            if value is None:
                each.clearData()
            else:
                each.setData(value)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return self._told(index, (role,))[0]

    def _told(self, index: Index, roles: Sequence[int]) -> list[object]:
        """What a cell answers to each role."""
        try:
            row, number = self.source.row(index.row()), index.column()
            return [self._cell(row, number, role) if role in ANSWERED else None for role in roles]
        except Exception:
            # an error here would be raised again for every repaint of every cell
            if not self._warned:
                self._warned = True
                log.exception("a cell cannot be shown")
            return ["?" if role == Qt.ItemDataRole.DisplayRole else None for role in roles]

    def _cell(self, row: Row | None, number: int, role: int) -> object:
        column = self.columns[number]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.right else None
        if row is None:
            return MISSING if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return column.shown(row).replace("\n", " ")
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.tip(row) if column.tip else column.shown(row))
        if role == ToneRole and column.tone is not None:
            tone = column.tone(row)
            return None if tone is None else str(tone)
        if role == EndRole and column.end is not None:
            return column.end(row)
        if role == Qt.ItemDataRole.CheckStateRole and self.ticks and number == 0:
            ticked = self.key_of(row) in self.ticked
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
                side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None


class TickModel(GridModel):
    """A model whose first column has boxes."""

    ticks = True

    def flags(self, index: Index) -> Qt.ItemFlag:
        return TICKABLE if index.column() == 0 else super().flags(index)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.source.row(index.row())
        if role != Qt.ItemDataRole.CheckStateRole or row is None:
            return False
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self.ticked[self.key_of(row)] = row
        else:
            self.ticked.pop(self.key_of(row), None)
        self.dataChanged.emit(index, index, [role])
        return True
