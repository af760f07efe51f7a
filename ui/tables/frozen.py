"""The first column of a grid, standing still while the others are scrolled sideways."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from ui.tables.base import BaseGrid
from ui.tables.delegate import ToneDelegate, set_delegates


class FrozenColumn(QTableView):
    """A second view over the first visible column, laid over the grid's own."""

    def __init__(self, grid: BaseGrid) -> None:
        super().__init__(grid)
        self.grid = grid
        self.setObjectName("frozen")
        self.setModel(grid.model())
        self.setSelectionModel(grid.selectionModel())
        set_delegates(self, grid.columns, ToneDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(grid.selectionBehavior())
        self.setSelectionMode(grid.selectionMode())
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(grid.verticalScrollMode())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAutoScroll(False)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(grid.verticalHeader().defaultSectionSize())
        grid.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        grid.horizontalScrollBar().valueChanged.connect(lambda _value: self.place())
        grid.header.sectionResized.connect(lambda *_: self.place())
        grid.header.sectionMoved.connect(lambda *_: self.place())
        grid.header.geometriesChanged.connect(self.place)
        grid.model().modelReset.connect(self.place)
        self.doubleClicked.connect(grid.doubleClicked)
        self.hide()

    def first(self) -> int:
        """The logical number of the first visible column, -1 for none."""
        header = self.grid.header
        places = [header.logicalIndex(at) for at in range(header.count())]
        return next((at for at in places if not header.isSectionHidden(at)), -1)

    def place(self) -> None:
        """Lie over the first column wherever the others are scrolled to."""
        grid, first = self.grid, self.first()
        wanted = grid.frozen and first >= 0 and grid.horizontalScrollBar().value() > 0
        self.setVisible(wanted)
        if not wanted:
            return
        for at in range(len(grid.columns)):
            self.setColumnHidden(at, at != first)
        self.setColumnWidth(first, grid.columnWidth(first))
        port = grid.viewport().geometry()
        self.setGeometry(port.x(), port.y(), grid.columnWidth(first), port.height())
        self.verticalScrollBar().setValue(grid.verticalScrollBar().value())
        self.raise_()
