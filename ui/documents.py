"""Documents as pages of pixels: PDF through PDFium on one thread of its own (it is not
thread-safe)."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from functools import cache, partial
from typing import Any

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


class Document(QObject):
    """A PDF or a picture, opened and drawn off the window's thread.

    `opened` comes when `sizes` (points, one per page) are known, `failed` when the bytes cannot be
    read; `drawn(page, tag, image)` answers a `draw`.
    """

    opened = Signal()
    failed = Signal()
    drawn = Signal(object, object, object)
    _sizes = Signal(object)

    def __init__(self, data: bytes, mime: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.data = data
        self.sizes: list[QSizeF] = []
        self._number = next(_numbers)
        self._pdf = mime == "application/pdf" or data[:5] == b"%PDF-"
        self._sizes.connect(self._on_sizes)
        opener = _open_pdf if self._pdf else _open_picture
        _thread().submit(partial(self._run, opener, self._number, data, then=self._sizes.emit))

    def draw(self, page: int, scale: float, rotation: int, tag: object) -> None:
        """Draw a page (from 0) at `scale` pixels per point, turned clockwise by 0, 90, 180 or
        270."""
        size = self.sizes[page]
        scale = min(scale, LARGEST_SIDE / max(size.width(), size.height(), 1))
        drawer = _draw_pdf if self._pdf else _draw_picture
        then = partial(self.drawn.emit, page, tag)
        _thread().submit(partial(self._run, drawer, self._number, page, scale, rotation, then=then))

    def close(self) -> None:
        """Let the document go; it draws nothing more."""
        number, self._number = self._number, 0
        _thread().submit(partial(_close, number))

    def _run(self, work: Callable[..., Any], *args: Any, then: Callable[[Any], None]) -> None:
        """Do the work on the documents' thread and send what comes of it, while we still exist."""
        try:
            result = work(*args)
        except Exception:
            log.exception("a document cannot be shown")
            if shiboken6.isValid(self):
                self.failed.emit()
            return
        if shiboken6.isValid(self) and self._number:
            then(result)

    def _on_sizes(self, sizes: list[QSizeF]) -> None:
        self.sizes = sizes
        self.opened.emit()


def _open_pdf(number: int, data: bytes) -> list[QSizeF]:
    import pypdfium2

    document = _open[number] = pypdfium2.PdfDocument(data)
    return [QSizeF(*document.get_page_size(page)) for page in range(len(document))]


def _draw_pdf(number: int, page: int, scale: float, rotation: int) -> QImage:
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


def _open_picture(number: int, data: bytes) -> list[QSizeF]:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    image = reader.read()
    if image.isNull():
        raise ValueError(reader.errorString())
    _open[number] = image
    return [QSizeF(image.size()) * POINTS_PER_PIXEL]


def _draw_picture(number: int, page: int, scale: float, rotation: int) -> QImage:
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
