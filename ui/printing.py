"""Paper: pages drawn from the bytes shown and painted on a printer, on the documents' thread."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSizeF, Signal
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from ui import memory
from ui.document_pages import open_pages
from ui.documents import Document, Remote

DPI = 300
log = logging.getLogger(__name__)


def printer_like_last() -> QPrinter:
    """A printer set up as the person printed last on this machine, where it is still there."""
    name = memory.recall("printer")
    if name and name in QPrinterInfo.availablePrinterNames():
        printer = QPrinter(QPrinterInfo.printerInfo(name), QPrinter.PrinterMode.HighResolution)
    else:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    duplex = memory.recall("duplex")
    if duplex in QPrinter.DuplexMode.__members__:
        printer.setDuplex(QPrinter.DuplexMode[duplex])
    return printer


def remember_printer(printer: QPrinter) -> None:
    """Keep which printer it was and whether it prints on both sides."""
    if printer.printerName():  # a file has none
        memory.remember("printer", printer.printerName())
        memory.remember("duplex", printer.duplex().name)


_running: set[PrintRun] = set()  # they go on when the preview is closed


class PrintRun(Remote):
    """Prints bytes of a document page by page; the window stays alive meanwhile.

    `progressed(done, pages)` comes after each page and `ended(ok)` at the end; `cancel()` ends it
    after the page in hand, with `ended(False)`. It belongs to nobody and goes on until it is done.
    """

    progressed = Signal(object, object)
    ended = Signal(bool)

    def __init__(self, document: Document, printer: QPrinter) -> None:
        super().__init__()
        self.cancelled = False
        self._printer = printer
        self._data, self._sizes = document.data, list(document.sizes)
        first = printer.fromPage() or 1
        last = min(printer.toPage() or len(self._sizes), len(self._sizes))
        self._pages = list(range(first - 1, last))
        self._done = 0

    def start(self) -> None:
        """Begin; the printer is opened on the documents' thread."""
        _running.add(self)
        if not self._pages:
            self._end(False)
            return
        self._printer.setFullPage(True)
        self._printer.setResolution(DPI)
        _lay_out(self._printer, self._sizes[self._pages[0]])
        begin = partial(_begin, self.number, self._data, self._printer)
        self.ask(begin, PrintRun._begun, PrintRun._failed)

    def cancel(self) -> None:
        """End after the page in hand."""
        self.cancelled = True

    def _begun(self, ok: bool) -> None:
        if ok:
            self._next()
        else:
            self._end(False)

    def _next(self) -> None:
        page = self._pages[self._done]
        size = self._sizes[page]
        task = partial(_print, self.number, page, size, self._done > 0)
        self.ask(task, PrintRun._printed, PrintRun._failed)

    def _printed(self, ok: bool) -> None:
        self._done += 1
        self.progressed.emit(self._done, len(self._pages))
        if ok and not self.cancelled and self._done < len(self._pages):
            self._next()
            return
        complete = ok and self._done == len(self._pages) and not self.cancelled
        finish = partial(_finish, self.number, not complete)
        self.ask(finish, PrintRun._finished, PrintRun._given_up)

    def _finished(self, ok: bool) -> None:
        self._end(ok and not self.cancelled)

    def _failed(self, error: Exception) -> None:
        log.error("printing failed", exc_info=error)
        self.ask(partial(_finish, self.number, True), PrintRun._finished, PrintRun._given_up)

    def _given_up(self, error: Exception) -> None:
        log.error("printing cannot be ended", exc_info=error)
        self._end(False)

    def _end(self, ok: bool) -> None:
        _running.discard(self)
        self.let_go()
        self.ended.emit(ok)
        self.deleteLater()


def _lay_out(printer: QPrinter, size: QSizeF) -> None:
    """Take paper of this size (points), upright or across."""
    short, long = sorted((size.width(), size.height()))
    sides = QPageLayout.Orientation
    printer.setPageSize(QPageSize(QSizeF(short, long), QPageSize.Unit.Point))
    across = size.width() > size.height()
    printer.setPageOrientation(sides.Landscape if across else sides.Portrait)


def _begin(number: int, data: bytes, printer: QPrinter, held: dict[int, Any]) -> bool:
    painter = QPainter()
    if not painter.begin(printer):
        return False
    held[number] = printer, painter, open_pages(data)
    return True


def _print(number: int, page: int, size: QSizeF, turn_over: bool, held: dict[int, Any]) -> bool:
    printer, painter, pages = held[number]
    if turn_over:
        _lay_out(printer, size)
        if not printer.newPage():
            return False
    image = pages.draw(page, DPI / 72, 0, None)
    paper = size * (printer.resolution() / 72)
    painter.drawImage(QRectF(0, 0, paper.width(), paper.height()), image)
    return True


def _finish(number: int, spoiled: bool, held: dict[int, Any]) -> bool:
    """Close the printer; what was spoiled is taken back where that can be done."""
    if number not in held:
        return False
    printer, painter, pages = held.pop(number)
    pages.close()
    if spoiled:
        printer.abort()
    ok = bool(painter.end())
    if spoiled and printer.outputFileName():
        Path(printer.outputFileName()).unlink(missing_ok=True)  # half a paper helps nobody
    return ok and not spoiled
