"""The pictures of a document's pages: asked for when looked at, kept for the pages beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Signal
from PySide6.QtGui import QImage, QPainter

from ui.document_pages import pixels
from ui.documents import Document, Wish

PIXELS_PER_POINT = 96 / 72
WHOLE = 3_000_000  # pixels; a page of more is drawn in squares
SQUARE = 1024
BESIDE = 1  # so many pages before and after those looked at are drawn and kept


@dataclass(frozen=True)
class Piece:
    """A page of a document, or a square of it, at a size (pixels per point) and turned."""

    number: int  # of the document
    page: int
    scale: float
    rotation: int
    size: tuple[int, int]  # of the whole page in pixels
    column: int = -1  # -1: the whole page
    row: int = -1

    @cached_property
    def part(self) -> QRect | None:
        """The square in pixels of the whole page; None for all of it."""
        if self.column < 0:
            return None
        whole = QRect(QPoint(0, 0), QSize(*self.size))
        square = QRect(self.column * SQUARE, self.row * SQUARE, SQUARE, SQUARE)
        return square.intersected(whole)


class PageImages(QObject):
    """What was drawn of the pages looked at and the one before and after; `changed` when more is
    there."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._images: dict[Piece, QImage] = {}
        self._wishes: dict[Piece, tuple[Document, Wish]] = {}
        self._wanted: list[Piece] = []
        self._broken: set[tuple[int, int]] = set()
        self._heard: set[int] = set()

    @property
    def waiting(self) -> bool:
        """Whether something that is looked at is not drawn yet."""
        return any(piece in self._wishes for piece in self._wanted)

    @property
    def kept(self) -> int:
        """How many pages have pictures here."""
        return len({(piece.number, piece.page) for piece in self._images})

    @property
    def bytes(self) -> int:
        """What the pictures take."""
        return sum(image.sizeInBytes() for image in self._images.values())

    def is_broken(self, page: int) -> bool:
        """Whether this page cannot be drawn."""
        return self._document is not None and (self._document.number, page) in self._broken

    def show_document(self, document: Document | None) -> None:
        """Draw this one from now on; of the one before nothing is kept but what was drawn ahead."""
        keep = document.number if document is not None else 0
        for piece in [piece for piece in self._wishes if piece.number != keep]:
            self._drop(piece)
        self._images = {p: image for p, image in self._images.items() if p.number == keep}
        self._broken = {broken for broken in self._broken if broken[0] == keep}
        self._wanted = []
        self._document = document
        if document is not None:
            self._listen(document)

    def draw_ahead(self, document: Document, scale: float, rotation: int, view: QSize) -> None:
        """Draw the first page of a document that will be looked at next."""
        self._listen(document)
        seen = QRect(QPoint(0, 0), view)
        for piece in _pieces(document, 0, scale, rotation, seen, self._ratio()):
            self._ask(document, piece)

    def pieces(self, page: int, scale: float, rotation: int, seen: QRect) -> list[Piece]:
        """The pieces of a page that cover `seen`, given in pixels of the screen on the page."""
        assert self._document is not None
        return _pieces(self._document, page, scale, rotation, seen, self._ratio())

    def _ratio(self) -> float:
        view = self.parent()
        return float(view.devicePixelRatioF())  # type: ignore[union-attr,attr-defined]

    def paint(self, painter: QPainter, place: QRect, pieces: Sequence[Piece]) -> None:
        """Paint what there is of these pieces of a page into its place; before a piece is drawn the
        last picture of the page stands there, blurred."""
        if any(piece not in self._images for piece in pieces):
            old = self._stand_in(pieces[0])
            if old is not None:
                painter.drawImage(place, old)
        for piece in pieces:
            image = self._images.get(piece)
            if image is not None:
                painter.drawImage(_target(piece, place), image)

    def _stand_in(self, like: Piece) -> QImage | None:
        """The newest picture of the whole page, at whatever size."""
        for piece in reversed(self._images):
            same = (piece.number, piece.page, piece.rotation)
            if same == (like.number, like.page, like.rotation) and piece.part is None:
                return self._images[piece]
        return None

    def want(self, wanted: list[Piece], shown: Sequence[int], scale: float, rotation: int) -> None:
        """Ask for these pieces, then for the pages beside those shown; forget all others."""
        document = self._document
        if document is None or not document.sizes:
            return
        self._wanted = wanted
        beside = [
            page
            for step in range(1, BESIDE + 1)
            for page in (shown[-1] + step, shown[0] - step)
            if 0 <= page < len(document.sizes)
        ]
        ahead = [
            piece
            for page in beside
            for piece in _pieces(document, page, scale, rotation, QRect(0, 0, 1, 1), 1.0)
            if piece.part is None
        ]
        self._forget({*shown, *beside}, {*wanted, *ahead})
        for piece in (*wanted, *ahead):
            self._ask(document, piece)

    def _forget(self, pages: set[int], wanted: set[Piece]) -> None:
        """Drop what nobody looks at; one whole picture of each page near stays as a stand-in."""
        assert self._document is not None
        ours = self._document.number
        for piece in [piece for piece in self._wishes if piece.number == ours]:
            if piece not in wanted:
                self._drop(piece)
        stand_ins = {
            (p.page, p.rotation): p for p in self._images if p.part is None and p.number == ours
        }
        stays = {*wanted, *stand_ins.values()}
        for piece in tuple(self._images):
            if piece.number == ours and (piece.page not in pages or piece not in stays):
                del self._images[piece]

    def _ask(self, document: Document, piece: Piece) -> None:
        if piece in self._images or piece in self._wishes:
            return
        if (document.number, piece.page) in self._broken:
            return
        wish = document.draw(piece.page, piece.scale, piece.rotation, piece, piece.part)
        self._wishes[piece] = document, wish

    def _drop(self, piece: Piece) -> None:
        document, wish = self._wishes.pop(piece)
        document.drop(wish)

    def _listen(self, document: Document) -> None:
        if document.number not in self._heard:
            self._heard.add(document.number)
            document.drawn.connect(self._on_drawn)

    def _on_drawn(self, page: int, piece: object, image: QImage | None) -> None:
        if not isinstance(piece, Piece) or piece not in self._wishes:
            return  # asked by somebody else, or for a size that is shown no longer
        del self._wishes[piece]
        if image is None:
            self._broken.add((piece.number, page))
        else:
            self._images[piece] = image
        self.changed.emit()


def _pieces(
    document: Document, page: int, scale: float, rotation: int, seen: QRect, ratio: float
) -> list[Piece]:
    size = pixels(document.sizes[page], scale, rotation)
    base = (document.number, page, scale, rotation, (size.width(), size.height()))
    if size.width() * size.height() <= WHOLE:
        return [Piece(*base)]
    columns = range(int(seen.left() * ratio) // SQUARE, int(seen.right() * ratio) // SQUARE + 1)
    rows = range(int(seen.top() * ratio) // SQUARE, int(seen.bottom() * ratio) // SQUARE + 1)
    found = [Piece(*base, column, row) for row in rows for column in columns]
    return [piece for piece in found if piece.part is not None and not piece.part.isEmpty()]


def _target(piece: Piece, place: QRect) -> QRect:
    """Where a piece of the page in `place` is painted."""
    if piece.part is None:
        return place
    across, down = place.width() / piece.size[0], place.height() / piece.size[1]
    left, top = round(piece.part.left() * across), round(piece.part.top() * down)
    right = round((piece.part.right() + 1) * across)
    bottom = round((piece.part.bottom() + 1) * down)
    return QRect(place.left() + left, place.top() + top, right - left, bottom - top)
