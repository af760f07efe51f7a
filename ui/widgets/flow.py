"""A row of widgets that goes on in a next line where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Its widgets one after the other, each in its own size, over as many lines as it takes;
    at the left, or `right`."""

    def __init__(self, gap: int, parent: QWidget | None = None, right: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width, until something of it changes
        self._right = right
        self.setSpacing(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        if not 0 <= index < len(self._items):
            return None
        taken = self._items.pop(index)
        self.invalidate()
        return taken

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._lay(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _lay(self, rect: QRect, move: bool) -> int:
        """Lay the lines out from the top; their height."""
        x, y, height, line = rect.x(), rect.y(), 0, []
        for item in [item for item in self._items if not item.isEmpty()]:
            size = item.sizeHint()
            if line and x + size.width() > rect.right() + 1:
                self._set(line, rect, height, move)
                x, y, height, line = rect.x(), y + height + self.spacing(), 0, []
            line.append((item, QPoint(x, y), size))
            x += size.width() + self.spacing()
            height = max(height, size.height())
        self._set(line, rect, height, move)
        return y + height - rect.y()

    def _set(
        self, line: list[tuple[QLayoutItem, QPoint, QSize]], rect: QRect, height: int, move: bool
    ) -> None:
        """Put the widgets of a line in the middle of its height."""
        if not (line and move):
            return
        _last, corner, size = line[-1]
        across = max(0, rect.right() + 1 - corner.x() - size.width()) if self._right else 0
        for item, corner, size in line:
            moved = QPoint(across, (height - size.height()) // 2)
            item.setGeometry(QRect(corner + moved, size))
