"""Pages of a document one under the other, drawn only where they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from enum import Enum

from PySide6.QtCore import QPoint, QRect, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from ui import theme
from ui.documents import Document

GAP = 12  # pixels between pages and around them
KEPT_IMAGES = 6
PIXELS_PER_POINT = 96 / 72
SMALLEST, LARGEST = 0.1, 6.0


class Fit(Enum):
    """What the size of a page follows."""

    WIDTH = "width"
    PAGE = "page"
    FREE = "free"


class PagesView(QAbstractScrollArea):
    """Shows a Document; `page_changed(page)` tells which page (from 0) is looked at."""

    page_changed = Signal(int)
    zoom_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document: Document | None = None
        self.rotation = 0
        self.fit = Fit.WIDTH
        self._zoom = 1.0
        self._page = 0
        self._images: OrderedDict[tuple[int, int, int], QImage] = OrderedDict()
        self._asked: set[tuple[int, int, int]] = set()
        self._grabbed: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(self._on_scroll)

    def show_document(self, document: Document | None) -> None:
        """Show this document from its first page; None shows nothing. The one before is closed."""
        if self.document is not None:
            self.document.close()
            self.document.deleteLater()
        self.document = document
        self.rotation = 0
        self._page = 0
        self._forget()
        if document is not None:
            document.setParent(self)
            document.opened.connect(self._relayout)
            document.drawn.connect(self._on_drawn)
        self.verticalScrollBar().setValue(0)
        self._relayout()

    @property
    def page(self) -> int:
        """The page looked at, from 0."""
        return self._page

    @property
    def pages(self) -> int:
        """How many pages there are; 0 while the document is not open."""
        return len(self.document.sizes) if self.document is not None else 0

    @property
    def drawing(self) -> bool:
        """Whether something that is looked at is still being opened or drawn."""
        return self.document is not None and (not self.pages or bool(self._asked))

    @property
    def zoom(self) -> float:
        """The size of a page: 1.0 is its size on paper."""
        return self._zoom

    def go_to(self, page: int) -> None:
        """Bring the top of this page (from 0) to the top."""
        if 0 <= page < self.pages:
            self.verticalScrollBar().setValue(self._rect(page).top() - GAP)
            self._set_page(page)

    def rotate(self) -> None:
        """Turn all pages clockwise by a quarter."""
        self.rotation = (self.rotation + 90) % 360
        self._relayout()

    def set_fit(self, fit: Fit) -> None:
        """Let the size follow the window's width or height."""
        self.fit = fit
        self._relayout()

    def zoom_by(self, factor: float) -> None:
        """Show larger or smaller from here on."""
        self.fit = Fit.FREE
        self._zoom = min(LARGEST, max(SMALLEST, self._zoom * factor))
        self._relayout()

    def _forget(self) -> None:
        self._images.clear()
        self._asked.clear()

    def _turned(self, page: int) -> QSizeF:
        assert self.document is not None
        size = self.document.sizes[page]
        return size.transposed() if self.rotation % 180 else size

    def _size(self, page: int) -> QSize:
        return (self._turned(page) * self._zoom * PIXELS_PER_POINT).toSize()

    def _rect(self, page: int) -> QRect:
        """Where a page lies in the whole column of pages."""
        top = GAP + sum(self._size(n).height() + GAP for n in range(page))
        size = self._size(page)
        room = max(self.viewport().width(), self._column_width() + 2 * GAP)
        return QRect(QPoint((room - size.width()) // 2, top), size)

    def _column_width(self) -> int:
        return max((self._size(page).width() for page in range(self.pages)), default=0)

    def _fitted(self) -> float:
        room = self.viewport().size() - QSize(2 * GAP, 2 * GAP)
        widest = max(self._turned(page).width() for page in range(self.pages))
        highest = max(self._turned(page).height() for page in range(self.pages))
        by_width = room.width() / (widest * PIXELS_PER_POINT)
        by_height = room.height() / (highest * PIXELS_PER_POINT)
        chosen = min(by_width, by_height) if self.fit is Fit.PAGE else by_width
        return min(LARGEST, max(SMALLEST, chosen))

    def _relayout(self) -> None:
        if self.pages and self.fit is not Fit.FREE:
            self._zoom = self._fitted()
        self._asked.clear()
        last = self._rect(self.pages - 1).bottom() + GAP if self.pages else 0
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, last - self.viewport().height()))
        down.setPageStep(self.viewport().height())
        down.setSingleStep(40)
        across.setRange(0, max(0, self._column_width() + 2 * GAP - self.viewport().width()))
        across.setPageStep(self.viewport().width())
        self.zoom_changed.emit()
        self.viewport().update()

    def _visible(self) -> list[int]:
        top = self.verticalScrollBar().value()
        window = QRect(0, top, 1 << 24, self.viewport().height())
        return [page for page in range(self.pages) if self._rect(page).intersects(window)]

    def _key(self, page: int) -> tuple[int, int, int]:
        sharp = self._zoom * PIXELS_PER_POINT * self.devicePixelRatioF()
        return page, round(sharp * 1000), self.rotation

    def _image(self, page: int) -> QImage | None:
        """The page's picture at the size now; asked for where it is not there yet."""
        key = self._key(page)
        if key in self._images:
            self._images.move_to_end(key)
            return self._images[key]
        if key not in self._asked and self.document is not None:
            self._asked.add(key)
            self.document.draw(page, key[1] / 1000, self.rotation, key)
        return next((image for k, image in reversed(self._images.items()) if k[0] == page), None)

    def _on_drawn(self, _page: int, key: tuple[int, int, int], image: QImage) -> None:
        if key not in self._asked:
            return  # asked by somebody else, or for a size that is shown no longer
        self._asked.discard(key)
        self._images[key] = image
        while len(self._images) > KEPT_IMAGES:
            self._images.popitem(last=False)
        self.viewport().update()

    def _on_scroll(self) -> None:
        shown = self._visible()
        if shown:
            middle = self.verticalScrollBar().value() + self.viewport().height() // 3
            below = [page for page in shown if self._rect(page).bottom() >= middle]
            self._set_page(below[0] if below else shown[-1])
        self.viewport().update()

    def _set_page(self, page: int) -> None:
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.viewport().rect(), QColor(theme.tokens().line))
        offset = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        for page in self._visible():
            place = self._rect(page).translated(-offset)
            painter.fillRect(place, QColor("#FFFFFF"))  # paper is white in the dark too
            image = self._image(page)
            if image is not None:
                painter.drawImage(place, image)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._relayout()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1.1 if event.angleDelta().y() > 0 else 1 / 1.1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.pages - 1}
        if event.key() in moves:
            self.go_to(moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            moved = event.position().toPoint() - self._grabbed
            self._grabbed = event.position().toPoint()
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        self.viewport().unsetCursor()
