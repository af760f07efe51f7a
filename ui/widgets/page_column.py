"""Where the pages of a document lie when they stand one under the other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QSize

GAP = 12  # pixels between pages and around them


class PageColumn:
    """Pages of these sizes in pixels, each in the middle of the room across."""

    def __init__(self, sizes: Sequence[QSize] = ()) -> None:
        self._sizes = list(sizes)
        self._tops: list[int] = []
        self.height = GAP
        for size in self._sizes:
            self._tops.append(self.height)
            self.height += size.height() + GAP
        self.width = max((size.width() for size in self._sizes), default=0)

    def __len__(self) -> int:
        return len(self._sizes)

    def top(self, page: int) -> int:
        """The height at which a page begins."""
        return self._tops[page]

    def rect(self, page: int, room: int) -> QRect:
        """Where a page lies in the column, which has this room across."""
        size = self._sizes[page]
        across = max(room, self.width + 2 * GAP)
        return QRect(QPoint((across - size.width()) // 2, self._tops[page]), size)

    def page_at(self, y: int) -> int:
        """The page at this height of the column, or the one above it."""
        return max(0, bisect_right(self._tops, y) - 1)

    def place_of(self, spot: QPoint, room: int) -> tuple[int, QPointF] | None:
        """Page and place on it (0 to 1 across and down) of a point of the column."""
        if not self._tops:
            return None
        page = self.page_at(spot.y())
        rect = self.rect(page, room)
        inside = spot - rect.topLeft()
        return page, QPointF(inside.x() / rect.width(), inside.y() / rect.height())

    def spot_of(self, place: tuple[int, QPointF], room: int) -> QPoint | None:
        """The point of the column where a place on a page is now; None where the page is gone."""
        page, inside = place
        if page >= len(self):
            return None
        rect = self.rect(page, room)
        across, down = round(inside.x() * rect.width()), round(inside.y() * rect.height())
        return rect.topLeft() + QPoint(across, down)

    def between(self, top: int, bottom: int) -> list[int]:
        """The pages that show between two heights."""
        if not self._tops:
            return []
        first, last = self.page_at(top), bisect_left(self._tops, bottom)
        return list(range(first, max(first + 1, last)))
