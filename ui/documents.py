"""Documents as pages of pixels: PDF through PDFium on one thread of its own (it is not
thread-safe)."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Hashable
from functools import cache, partial
from typing import Any
from weakref import WeakValueDictionary

import shiboken6
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QTransform

from ui.workers import Workers

POINTS_PER_PIXEL = 0.75  # what a scanned picture's pixel counts as, so that 96 dpi is 100 %
LARGEST_SIDE = 12_000  # pixels; a page that would be larger is drawn smaller
log = logging.getLogger(__name__)
_numbers = itertools.count(1)
_open: dict[int, Any] = {}  # what is open, touched on the documents' thread only


@cache
def _thread() -> Workers:
    return Workers("documents", 1)


def stop(seconds: float = 5.0) -> bool:
    """End the documents' thread; False where it is still at work after so many seconds."""
    if not _thread.cache_info().currsize:
        return True
    ended = _thread().stop(seconds)
    _thread.cache_clear()
    return ended


class _Relay(QObject):
    """Brings results from the documents' thread to the window's.

    It is made once and never deleted: a thread must not touch a QObject that the window's thread
    may be deleting, so that thread knows documents by number only.
    """

    arrived = Signal(object, object)  # number of the document, what to call on it

    def __init__(self) -> None:
        super().__init__()
        self.documents: WeakValueDictionary[int, Document] = WeakValueDictionary()
        self.arrived.connect(self._deliver)

    def _deliver(self, number: int, call: Callable[[Document], None]) -> None:
        document = self.documents.get(number)
        if document is not None and shiboken6.isValid(document):
            call(document)


@cache
def _relay() -> _Relay:
    return _Relay()


class Document(QObject):
    """A PDF or a picture, opened and drawn off the window's thread.

    `opened` comes when `sizes` (points, one per page) are known, `failed` when the bytes cannot be
    read; `drawn(page, tag, image)` answers a `draw`.
    """

    opened = Signal()
    failed = Signal()
    drawn = Signal(object, object, object)

    def __init__(self, data: bytes, mime: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.data = data
        self.sizes: list[QSizeF] = []
        self._number = next(_numbers)
        self._pdf = mime == "application/pdf" or data[:5] == b"%PDF-"
        _relay().documents[self._number] = self
        _submit(self._number, partial(_open_pdf if self._pdf else _open_picture, data), _opened)

    def draw(self, page: int, scale: float, rotation: int, tag: Hashable) -> None:
        """Draw a page (from 0) at `scale` pixels per point, turned clockwise by 0, 90, 180 or
        270."""
        size = self.sizes[page]
        scale = min(scale, LARGEST_SIDE / max(size.width(), size.height(), 1))
        drawer = _draw_pdf if self._pdf else _draw_picture
        _submit(self._number, partial(drawer, page, scale, rotation), partial(_drawn, page, tag))

    def close(self) -> None:
        """Let the document go; it sends nothing more."""
        _relay().documents.pop(self._number, None)
        _thread().submit(partial(_close, self._number))


def _opened(sizes: list[QSizeF], document: Document) -> None:
    document.sizes = sizes
    document.opened.emit()


def _drawn(page: int, tag: Hashable, image: QImage, document: Document) -> None:
    document.drawn.emit(page, tag, image)


def _submit(number: int, work: Callable[[int], Any], then: Callable[[Any, Document], None]) -> None:
    """Do `work(number)` on the documents' thread, then `then(result, document)` on the window's."""
    relay = _relay()

    def task() -> None:
        try:
            relay.arrived.emit(number, partial(then, work(number)))
        except Exception:
            log.exception("a document cannot be shown")
            relay.arrived.emit(number, _fail)

    _thread().submit(task)


def _fail(document: Document) -> None:
    document.failed.emit()


def _open_pdf(data: bytes, number: int) -> list[QSizeF]:
    import pypdfium2

    document = _open[number] = pypdfium2.PdfDocument(data)
    return [QSizeF(*document.get_page_size(page)) for page in range(len(document))]


def _draw_pdf(page: int, scale: float, rotation: int, number: int) -> QImage:
    opened = _open[number][page]
    bitmap = opened.render(scale=scale, rotation=rotation, rev_byteorder=False, prefer_bgrx=True)
    image = QImage(
        bytes(bitmap.buffer),
        bitmap.width,
        bitmap.height,
        bitmap.stride,
        QImage.Format.Format_RGB32 if bitmap.n_channels == 4 else QImage.Format.Format_BGR888,
    ).copy()
    bitmap.close()
    opened.close()
    return image


def _open_picture(data: bytes, number: int) -> list[QSizeF]:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    image = reader.read()
    why = reader.errorString()
    del reader  # before its buffer: the TIFF reader still looks into it when it goes
    if image.isNull():
        raise ValueError(why)
    _open[number] = image
    return [QSizeF(image.size()) * POINTS_PER_PIXEL]


def _draw_picture(page: int, scale: float, rotation: int, number: int) -> QImage:
    image: QImage = _open[number]
    turned = image.transformed(QTransform().rotate(rotation)) if rotation else image
    wanted = QSizeF(turned.size()) * POINTS_PER_PIXEL * scale
    return turned.scaled(
        wanted.toSize(),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _close(number: int) -> None:
    document = _open.pop(number, None)
    if document is not None and hasattr(document, "close"):
        document.close()
