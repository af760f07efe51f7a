"""The heading of a grid: a click sorts, Shift and a click add a sort key, dragging moves a
column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyleOptionHeader, QWidget

from chemsales.queries.filtering import Sort
from ui import theme

NUMBERS = "①②③④⑤⑥⑦⑧⑨"


class GridHeader(QHeaderView):
    """`sort_wanted(section, added)`: a heading was clicked, `added` with Shift.

    Sorted columns carry an arrow, and where there are several keys their number ①②③.
    """

    sort_wanted = Signal(int, bool)

    def __init__(self, names: Sequence[str], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.names = list(names)
        self.sorts: dict[str, tuple[int, Sort]] = {}
        self._added = False
        self._sizes: dict[int, QSize] = {}  # asked for at every layout, the same in one font
        self._font = self.font()
        self._row: QWidget | None = None
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(theme.scaled(32))
        self.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortIndicatorShown(True)  # keeps room for the arrow
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.sectionClicked.connect(lambda section: self.sort_wanted.emit(section, self._added))

    def show_sorts(self, sorts: Sequence[Sort]) -> None:
        """Show by which columns the rows are sorted now."""
        self.sorts = {sort.name: (at, sort) for at, sort in enumerate(sorts)}
        self.viewport().update()

    def sign(self, section: int) -> str:
        """The arrow and number of a column, "" where the rows are not sorted by it."""
        at, sort = self.sorts.get(self.names[section], (0, None))
        if sort is None:
            return ""
        arrow = "▼" if sort.descending else "▲"
        return arrow + (NUMBERS[min(at, 8)] if len(self.sorts) > 1 else "")

    def set_row(self, row: QWidget | None) -> None:
        """Keep room under the headings for a row of editors; None takes it away."""
        self._row = row
        self.geometriesChanged.emit()
        self.updateGeometry()
        self.resizeSection(0, self.sectionSize(0))
        self.parent().updateGeometries()

    def _room(self) -> int:
        return theme.scaled(theme.ROW_HEIGHT + 4) if self._row is not None else 0

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), hint.height() + self._room())

    def updateGeometries(self) -> None:
        self.setViewportMargins(0, 0, 0, self._room())
        super().updateGeometries()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.geometriesChanged.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._added = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mouseReleaseEvent(event)

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, section: int) -> None:
        super().initStyleOptionForIndex(option, section)
        _at, sort = self.sorts.get(self.names[section], (0, None))
        indicator = QStyleOptionHeader.SortIndicator
        if sort is not None:
            option.sortIndicator = indicator.SortDown if sort.descending else indicator.SortUp

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange and self.font() != self._font:
            self._font = self.font()
            self._sizes.clear()
        super().changeEvent(event)

    def sectionSizeFromContents(self, section: int) -> QSize:
        if section not in self._sizes:
            size = super().sectionSizeFromContents(section)
            self._sizes[section] = QSize(size.width() + theme.scaled(16), size.height())
        return self._sizes[section]

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        room = self.viewport().rect()
        if self.length() - self.offset() < room.width():  # the line goes on to the edge
            painter = QPainter(self.viewport())
            painter.setPen(QColor(theme.tokens().line))
            painter.drawLine(
                self.length() - self.offset(), room.bottom(), room.right(), room.bottom()
            )

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        super().paintSection(painter, rect, section)
        sign = self.sign(section)
        if len(sign) > 1:
            painter.save()
            painter.setClipRect(rect)  # the style leaves a clip that lets nothing through
            painter.setFont(theme.font("helper"))
            painter.setPen(QColor(theme.tokens().accent))
            place = rect.adjusted(0, 0, -theme.scaled(1), -1)
            corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
            painter.drawText(QRectF(place), corner, sign[1])
            painter.restore()
