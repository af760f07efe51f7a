"""Pages of a document one under the other, drawn only where they are looked at."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from chemsales.words import _
from ui import theme
from ui.documents import Document
from ui.widgets.page_column import GAP, PageColumn
from ui.widgets.page_images import PIXELS_PER_POINT, PageImages, Piece

SMALLEST, LARGEST = 0.1, 6.0
STEP = 1.25
PAPER = "#FFFFFF"  # white in the dark too
MAGNIFIED, LENS = 2.5, QSize(360, 220)


class Fit(Enum):
    """What the size of a page follows."""

    WIDTH = "width"
    PAGE = "page"
    FREE = "free"


class PagesView(QAbstractScrollArea):
    """Shows a Document; `page_changed(page)` tells which page (from 0) is looked at.

    Keys: arrows and page keys scroll, Home and End go to the first and last page, left and right to
    the page before and after; the others are those of its DocumentTools. The mouse drags; Ctrl and
    the wheel zoom.
    """

    page_changed = Signal(int)
    zoom_changed = Signal()
    turned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document: Document | None = None
        self.rotation = 0
        self.fit = Fit.WIDTH
        self.magnifying = False
        self._unpainted = False
        self._zoom = 1.0
        self._page = 0
        self._column = PageColumn()
        self._grabbed: QPoint | None = None
        self._pointer: QPoint | None = None
        self.images = PageImages(self)
        self.images.changed.connect(self.viewport().update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setMinimumHeight(theme.scaled(48))
        self.verticalScrollBar().valueChanged.connect(self._on_scroll)

    # -- what is shown -----------------------------------------------------------------------------

    def show_document(self, document: Document | None, rotation: int = 0, page: int = 0) -> None:
        """Show this open document turned so, from this page; None shows nothing.

        The document belongs to whoever gives it, who closes it.
        """
        self.document = document
        self.rotation = rotation
        self._page = 0
        self.images.show_document(document)
        self.horizontalScrollBar().setValue(0)
        self.verticalScrollBar().setValue(0)
        self._relayout()
        if page:
            self.go_to(page)

    def draw_ahead(self, document: Document, rotation: int) -> None:
        """Draw what will be seen first of an open document that may be shown next."""
        if self.isVisible() and document.sizes:
            free = self.fit is Fit.FREE
            zoom = self._zoom if free else self._fitted(document, rotation)
            size = self.viewport().size()
            self.images.draw_ahead(document, self._sharp(zoom), rotation, size)

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
        unopened = self.document is not None and not self.pages and self.document.trouble is None
        unpainted = self._unpainted and not self.visibleRegion().isEmpty()
        return unopened or unpainted or self.images.waiting

    @property
    def zoom(self) -> float:
        """The size of a page: 1.0 is its size on paper."""
        return self._zoom

    def go_to(self, page: int) -> None:
        """Bring the top of this page (from 0) to the top."""
        if 0 <= page < self.pages:
            self.verticalScrollBar().setValue(self._column.top(page) - GAP)
            self._set_page(page)

    def rotate(self) -> None:
        """Turn all pages clockwise by a quarter."""
        self.rotation = (self.rotation + 90) % 360
        page = self._page
        self._relayout()
        self.go_to(page)
        self.turned.emit()

    def set_fit(self, fit: Fit) -> None:
        """Let the size follow the window's width or height."""
        self.fit = fit
        page = self._page
        self._relayout()
        if fit is Fit.PAGE:
            self.go_to(page)

    def zoom_by(self, factor: float, at: QPoint | None = None) -> None:
        """Show larger or smaller from here on; the point `at` of the view (its middle) stays."""
        self.zoom_to(self._zoom * factor, at)

    def zoom_to(self, zoom: float, at: QPoint | None = None) -> None:
        """Show at this size from here on; 1.0 is the size on paper."""
        at = at or self.viewport().rect().center()
        before = self._place_of(at)
        self.fit = Fit.FREE
        self._zoom = min(LARGEST, max(SMALLEST, zoom))
        self._relayout(hold=False)
        self._bring(before, at)

    def magnify(self, on: bool) -> None:
        """Show a magnifying glass at the mouse, or in the middle until the mouse moves."""
        if on != self.magnifying:
            self.magnifying = on
            self._update()

    # -- where pages lie ---------------------------------------------------------------------------

    def _turned(self, page: int) -> QSize:
        """The size of a page at the zoom now, turned, in pixels of the screen."""
        assert self.document is not None
        size = self.document.sizes[page] * (self._zoom * PIXELS_PER_POINT)
        shown = size.toSize().expandedTo(QSize(1, 1))
        return shown.transposed() if self.rotation % 180 else shown

    def page_rect(self, page: int) -> QRect:
        """Where a page lies in the whole column of pages."""
        return self._column.rect(page, self.viewport().width())

    def _fitted(self, document: Document, rotation: int) -> float:
        """The zoom at which this document fits."""
        room = self.viewport().size() - QSize(2 * GAP, 2 * GAP)
        sizes = document.sizes
        if rotation % 180:
            sizes = [size.transposed() for size in sizes]
        by_width = room.width() / (max(size.width() for size in sizes) * PIXELS_PER_POINT)
        if self.fit is Fit.WIDTH:
            chosen = by_width
        else:
            highest = max(size.height() for size in sizes)
            chosen = min(by_width, room.height() / (highest * PIXELS_PER_POINT))
        return min(LARGEST, max(SMALLEST, chosen))

    def _relayout(self, hold: bool = True) -> None:
        """Lay the pages out anew; what was at the top stays there (`hold`)."""
        top = self._place_of(QPoint(self.viewport().width() // 2, 0)) if hold else None
        if self.document is not None and self.pages and self.fit is not Fit.FREE:
            self._zoom = self._fitted(self.document, self.rotation)
        column = self._column = PageColumn([self._turned(page) for page in range(self.pages)])
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, column.height - self.viewport().height()) if column else 0)
        down.setPageStep(self.viewport().height())
        down.setSingleStep(theme.scaled(40))
        across.setRange(0, max(0, column.width + 2 * GAP - self.viewport().width()))
        across.setPageStep(self.viewport().width())
        across.setSingleStep(theme.scaled(40))
        if top is not None:
            self._bring(top, QPoint(self.viewport().width() // 2, 0))
        self.zoom_changed.emit()
        self._update()

    def _offset(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _place_of(self, point: QPoint) -> tuple[int, QPointF] | None:
        """Page and place on it (0 to 1 across and down) of a point of the view."""
        if len(self._column) != self.pages:
            return None
        return self._column.place_of(point + self._offset(), self.viewport().width())

    def _bring(self, place: tuple[int, QPointF] | None, point: QPoint) -> None:
        """Scroll so that a place on a page is at this point of the view."""
        spot = self._column.spot_of(place, self.viewport().width()) if place else None
        if spot is not None:
            self.horizontalScrollBar().setValue(spot.x() - point.x())
            self.verticalScrollBar().setValue(spot.y() - point.y())

    def _visible(self) -> list[int]:
        top = self.verticalScrollBar().value()
        return self._column.between(top, top + self.viewport().height())

    def _on_scroll(self) -> None:
        shown = self._visible()
        if shown:
            third = self.verticalScrollBar().value() + self.viewport().height() // 3
            self._set_page(min(max(self._column.page_at(third), shown[0]), shown[-1]))
        self._update()

    def _update(self) -> None:
        self._unpainted = True
        self.viewport().update()

    def _set_page(self, page: int) -> None:
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)

    # -- drawing -----------------------------------------------------------------------------------

    def sharpness(self) -> float:
        """Pixels of a picture per point of its page now, rounded so that equal views are equal."""
        return self._sharp(self._zoom)

    def _sharp(self, zoom: float) -> float:
        return round(zoom * PIXELS_PER_POINT * self.devicePixelRatioF(), 3)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._unpainted = False
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.viewport().rect(), QColor(theme.tokens().line))
        shown, view = self._visible(), self.viewport().rect().translated(self._offset())
        wanted: list[Piece] = []
        for page in shown:
            place = self.page_rect(page)
            painter.fillRect(place.translated(-self._offset()), QColor(PAPER))
            seen = view.intersected(place).translated(-place.topLeft())
            pieces = self.images.pieces(page, self.sharpness(), self.rotation, seen)
            wanted += pieces
            self.images.paint(painter, place.translated(-self._offset()), pieces)
            if self.images.is_broken(page):
                self._say_broken(painter, place.translated(-self._offset()))
        if self.magnifying:
            wanted += self._paint_lens(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.tokens().accent), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
        painter.end()
        self.images.want(wanted, shown, self.sharpness(), self.rotation)

    def _say_broken(self, painter: QPainter, place: QRect) -> None:
        painter.setPen(QColor("#52606D"))
        text = _("This page cannot be shown: the file is damaged here.")
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place.adjusted(GAP, GAP, -GAP, -GAP), int(flags), text)

    def _paint_lens(self, painter: QPainter) -> list[Piece]:
        """The magnifying glass, and the pieces that it looks at."""
        at = self._pointer or self.viewport().rect().center()
        place = self._place_of(at)
        if place is None or not QRect(0, 0, 1, 1).toRectF().contains(place[1]):
            return []
        page, where = place
        sharp = round(self.sharpness() * MAGNIFIED, 3)
        whole = self.page_rect(page).size() * MAGNIFIED
        size = QSize(theme.scaled(LENS.width()), theme.scaled(LENS.height()))
        glass = QRect(QPoint(0, 0), size)
        glass.moveCenter(at)
        centre = QPoint(round(where.x() * whole.width()), round(where.y() * whole.height()))
        behind = QRect(glass.center() - centre, whole)
        seen = glass.translated(-behind.topLeft()).intersected(QRect(QPoint(0, 0), whole))
        pieces = self.images.pieces(page, sharp, self.rotation, seen)
        painter.save()
        painter.setClipRect(glass)
        painter.fillRect(glass, QColor(PAPER))
        self.images.paint(painter, behind, pieces)
        painter.restore()
        painter.setPen(QPen(QColor(theme.tokens().accent), 2))
        painter.drawRect(glass)
        return pieces

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._relayout()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # -- keys and mouse ----------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            factor = 1.1 if event.angleDelta().y() > 0 else 1 / 1.1
            self.zoom_by(factor, event.position().toPoint())
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        if not plain or not self._key(Qt.Key(event.key())):
            super().keyPressEvent(event)

    def _key(self, key: Qt.Key) -> bool:
        """Do what a key means; whether it means something."""
        one_page = self.fit is Fit.PAGE
        still = self.horizontalScrollBar().maximum() == 0
        keys = Qt.Key
        if key == keys.Key_Home:
            self.go_to(0)
        elif key == keys.Key_End:
            self.go_to(self.pages - 1)
        elif (key == keys.Key_PageDown and one_page) or (key == keys.Key_Right and still):
            self.go_to(self._page + 1)
        elif (key == keys.Key_PageUp and one_page) or (key == keys.Key_Left and still):
            self.go_to(self._page - 1)
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position().toPoint()
        if self._grabbed is not None:
            moved = self._pointer - self._grabbed
            self._grabbed = self._pointer
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())
        if self.magnifying:
            self._update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        self.viewport().unsetCursor()
