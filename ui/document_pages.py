"""PDF and pictures as pages of pixels: what the documents' thread does, and no other may call.

Everything here runs on the one thread of `ui.documents`; PDFium is not thread-safe, and what it
does is done under the lock that the services hold too.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QTransform

from chemsales.rules.documents import LARGEST
from chemsales.rules.errors import DataError, Reason
from chemsales.services.scans import MOST_PICTURE_PIXELS, PDFIUM, not_opened

POINTS_PER_PIXEL = 0.75  # what a scanned picture's pixel counts as, so that 96 dpi is 100 %
MOST_PIXELS = 40_000_000  # of one drawing; more is drawn smaller
SMALL_PIXELS = 1_500_000  # a picture is halved until it has no more
BAND_PIXELS = 500_000
MOST_PAGES = 5_000
PICTURES = (b"png", b"jpeg", b"tiff", b"bmp")  # no SVG: it could name other files
PDF = b"%PDF-"
P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)


class Pages(Protocol):
    """An open document: `sizes` in points, one per page, `titles` from its table of contents."""

    sizes: list[QSizeF]
    titles: dict[int, str]

    def draw(self, page: int, scale: float, rotation: int, part: QRect | None) -> QImage:
        """A page at `scale` pixels per point turned clockwise, or `part` of that picture."""

    def close(self) -> None:
        """Give back what it holds."""


def open_pages(data: bytes) -> Pages:
    """The document of these bytes, told by the bytes alone; DataError says why it is none."""
    if not data:
        raise DataError(Reason("reason.document_empty"))
    if len(data) > 4 * LARGEST:
        raise DataError(Reason("reason.document_large", {"megabytes": len(data) >> 20}))
    return PdfPages(data) if data[:1024].find(PDF) >= 0 else PicturePages(data)


def within(scale: float, size: QSizeF, part: QRect | None) -> float:
    """The scale at which a whole page of this size stays below MOST_PIXELS; parts are small."""
    area = size.width() * size.height() * scale * scale
    return scale if part is not None or area <= MOST_PIXELS else scale * (MOST_PIXELS / area) ** 0.5


def _alone(call: Callable[P, T]) -> Callable[P, T]:
    """What is done while nobody else calls PDFium."""

    @wraps(call)
    def locked(*args: P.args, **named: P.kwargs) -> T:
        with PDFIUM:
            return call(*args, **named)

    return locked


class PdfPages:
    """A PDF through PDFium, with its form fields; the page drawn last stays parsed."""

    @_alone
    def __init__(self, data: bytes) -> None:
        import pypdfium2

        try:
            self._document = pypdfium2.PdfDocument(data)
            self._document.init_forms()
            count = min(len(self._document), MOST_PAGES)
            self.sizes = [QSizeF(*self._document.get_page_size(page)) for page in range(count)]
        except pypdfium2.PdfiumError as error:
            raise DataError(not_opened(error.err_code)) from error
        if not self.sizes:
            raise DataError(Reason("reason.document_empty"))
        self.titles = self._contents()
        self._last: tuple[int, Any] | None = None

    def _contents(self) -> dict[int, str]:
        """The first entry of the table of contents that leads to each page."""
        found: dict[int, str] = {}
        for number, entry in enumerate(self._document.get_toc(max_depth=2)):
            place = entry.get_dest()
            page = place.get_index() if place is not None else None
            if page is not None:
                found.setdefault(page, entry.get_title())
            if number >= MOST_PAGES:
                break
        return found

    def _page(self, page: int) -> Any:
        if self._last is None or self._last[0] != page:
            self._let_go()
            self._last = page, self._document[page]
        return self._last[1]

    def _let_go(self) -> None:
        if self._last is not None:
            self._last[1].close()
        self._last = None

    @_alone
    def draw(self, page: int, scale: float, rotation: int, part: QRect | None) -> QImage:
        size = self.sizes[page]
        scale = within(scale, size, part)
        crop = (0.0, 0.0, 0.0, 0.0)
        if part is not None:
            whole = pixels(size, scale, rotation)
            edges = (
                part.left(),
                whole.height() - part.top() - part.height(),
                whole.width() - part.left() - part.width(),
                part.top(),
            )
            crop = tuple(max(0.0, edge - 0.5) / scale for edge in edges)  # type: ignore[assignment]
        canvas = _Canvas()
        bitmap = self._page(page).render(
            scale=scale, rotation=rotation, crop=crop, bitmap_maker=canvas.make, prefer_bgrx=True
        )
        bitmap.close()
        return canvas.image

    @_alone
    def close(self) -> None:
        self._let_go()
        self._document.close()


class _Canvas:
    """A QImage into whose own memory PDFium draws."""

    def __init__(self) -> None:
        self.image = QImage()

    def make(self, width: int, height: int, format: int, rev_byteorder: bool) -> Any:
        import pypdfium2

        self.image = QImage(width, height, QImage.Format.Format_RGB32)
        if self.image.isNull():
            raise MemoryError
        bits = self.image.bits()
        memory = (ctypes.c_ubyte * len(bits)).from_buffer(bits)
        stride = self.image.bytesPerLine()
        return pypdfium2.PdfBitmap.new_native(width, height, format, rev_byteorder, memory, stride)


class PicturePages:
    """A scanned picture, or the several of a TIFF; the one looked at stays unpacked."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.titles: dict[int, str] = {}
        self.sizes = []
        self._unpacked: tuple[int, list[QImage]] | None = None
        buffer, reader = _reader(data)
        try:
            several = bytes(reader.format().data()) == b"tiff"
            count = min(reader.imageCount(), MOST_PAGES) if several else 1
            for page in range(max(1, count)):
                if page and not reader.jumpToImage(page):
                    break
                self.sizes.append(QSizeF(_checked(reader)) * POINTS_PER_PIXEL)
        finally:
            del reader  # before its buffer: the TIFF reader still looks into it when it goes
            buffer.close()
        self._picture(0, 1.0)  # what cannot be unpacked is told at once

    def _picture(self, page: int, scale: float) -> QImage:
        """The smallest of the copies of this picture that is sharp at this scale."""
        if self._unpacked is None or self._unpacked[0] != page:
            self._unpacked = None  # before the next takes its room
            self._unpacked = page, _halved(_unpack(self._data, page))
        wanted = self.sizes[page].width() * scale
        sharp = [copy for copy in self._unpacked[1] if copy.width() >= wanted]
        return sharp[-1] if sharp else self._unpacked[1][0]

    def draw(self, page: int, scale: float, rotation: int, part: QRect | None) -> QImage:
        scale = within(scale, self.sizes[page], part)
        picture = self._picture(page, scale)
        whole = pixels(self.sizes[page], scale, 0)
        turn = QTransform().rotate(rotation)
        if part is None:
            return _scaled(picture, whole).transformed(turn)
        box = QRect(0, 0, whole.width(), whole.height())
        back, _ok = QImage.trueMatrix(turn, whole.width(), whole.height()).inverted()
        upright = back.mapRect(part).intersected(box)
        factor = picture.width() / whole.width()
        source = QRect(
            int(upright.left() * factor),
            int(upright.top() * factor),
            max(1, round(upright.width() * factor)),
            max(1, round(upright.height() * factor)),
        )
        return _scaled(picture.copy(source), upright.size()).transformed(turn)

    def close(self) -> None:
        self._unpacked = None


def pixels(size: QSizeF, scale: float, rotation: int) -> QSize:
    """How many pixels a page of `size` points has at `scale` pixels per point, turned."""
    width, height = -int(-size.width() * scale // 1), -int(-size.height() * scale // 1)
    width, height = max(1, width), max(1, height)
    return QSize(height, width) if rotation % 180 else QSize(width, height)


def _scaled(picture: QImage, size: QSize) -> QImage:
    return picture.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def _halved(picture: QImage) -> list[QImage]:
    """The picture and smaller and smaller copies of it, each half of the one before.

    Made in bands: QImage.scaled keeps the interpreter's lock, and the window waits for it.
    """
    found = [picture]
    while _area(found[-1]) > SMALL_PIXELS:
        large = found[-1]
        size = QSize(large.width() // 2, large.height() // 2).expandedTo(QSize(1, 1))
        small = QImage(size, QImage.Format.Format_RGB32)
        small.fill(Qt.GlobalColor.white)
        rows = max(2, BAND_PIXELS // large.width() // 2 * 2)
        painter = QPainter(small)
        for top in range(0, small.height() * 2, rows):
            band = large.copy(0, top, large.width(), min(rows, small.height() * 2 - top))
            painter.drawImage(0, top // 2, _scaled(band, QSize(small.width(), band.height() // 2)))
        painter.end()
        found.append(small)
    return found


def _area(picture: QImage) -> int:
    return picture.width() * picture.height()


def _reader(data: bytes) -> tuple[QBuffer, QImageReader]:
    """A reader of one of the kinds of PICTURES; DataError for any other."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    kind = bytes(QImageReader.imageFormat(buffer).data())
    if kind not in PICTURES:
        raise DataError(Reason("reason.document_damaged"))
    buffer.seek(0)
    reader = QImageReader(buffer, QByteArray(kind))
    reader.setAutoTransform(True)
    return buffer, reader


def _checked(reader: QImageReader) -> QSize:
    """The size of the picture the reader stands at, as it is shown; DataError for a flood."""
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        raise DataError(Reason("reason.document_damaged"))
    if size.width() * size.height() > MOST_PICTURE_PIXELS:
        dots = {"width": size.width(), "height": size.height()}
        raise DataError(Reason("reason.document_flood", dots))
    quarter = reader.transformation() & reader.transformation().TransformationRotate90
    return size.transposed() if quarter else size


def _unpack(data: bytes, page: int) -> QImage:
    """The picture at this place; DataError where it is damaged."""
    buffer, reader = _reader(data)
    QImageReader.setAllocationLimit(MOST_PICTURE_PIXELS * 4 >> 20)
    if page:
        reader.jumpToImage(page)
    _checked(reader)
    image = reader.read()
    why = reader.errorString()
    del reader  # see above
    buffer.close()
    if image.isNull():
        log.info("a picture cannot be shown: %s", why)
        raise DataError(Reason("reason.document_damaged"))
    return image
