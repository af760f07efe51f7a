"""A PDF before it goes to paper: the bytes shown are the very bytes printed or saved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSizeF, Signal
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from chemsales.rules.errors import DataError, Reason
from chemsales.words import _
from ui import actions, files
from ui.actions import button, button_for
from ui.dialogs import message
from ui.documents import Document
from ui.widgets.labels import PlainLabel
from ui.widgets.pages_view import Fit, PagesView

PRINT_DPI = 300


class PrintRun(QWidget):
    """Prints a document page by page without holding the window: draw off the thread, paint, next.

    `ended(ok)` comes at the end. Not shown; a widget only to belong to the preview.
    """

    ended = Signal(bool)

    def __init__(self, document: Document, printer: QPrinter, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._document, self._printer = document, printer
        first = printer.fromPage() or 1
        last = printer.toPage() or len(document.sizes)
        self._pages = list(range(first - 1, min(last, len(document.sizes))))
        self._painter = QPainter()
        document.drawn.connect(self._on_drawn)

    def start(self) -> None:
        """Begin; the printer is opened here."""
        if not self._pages or not self._painter.begin(self._printer):
            self._end(False)
        else:
            self._ask()

    def _ask(self) -> None:
        self._document.draw(self._pages[0], PRINT_DPI / 72, 0, self)

    def _on_drawn(self, page: int, tag: object, image: QImage) -> None:
        if tag is not self:
            return
        size = self._document.sizes[page] * (self._printer.resolution() / 72)
        self._painter.drawImage(QRectF(0, 0, size.width(), size.height()), image)
        self._pages.pop(0)
        if not self._pages:
            self._end(self._painter.end())
        elif self._printer.newPage():
            self._ask()
        else:
            self._painter.end()
            self._end(False)

    def _end(self, ok: bool) -> None:
        self._document.drawn.disconnect(self._on_drawn)
        self.ended.emit(ok)
        self.deleteLater()


class PdfPreview(QWidget):
    """`show_pdf(data, file_name)`; then Ctrl+P prints and "Save as PDF" saves exactly `data`."""

    ready = Signal()  # the pages are there
    printed = Signal(bool)
    saved = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = b""
        self.file_name = ""
        self.view = PagesView()
        self.view.setAccessibleName(_("Print preview"))
        self.place = PlainLabel("", role="quiet")
        self.print_action = actions.make("papers.print", self, self.ask_print)
        self.save_action = actions.make("papers.save", self, self.ask_save)
        self.bar = QHBoxLayout()
        self.bar.setSpacing(4)
        self.bar.addWidget(self.place, 1)
        self._tool("−", _("Zoom out"), lambda: self.view.zoom_by(1 / 1.25))
        self._tool("+", _("Zoom in"), lambda: self.view.zoom_by(1.25))
        self._tool(_("Width"), _("Fit the width"), lambda: self.view.set_fit(Fit.WIDTH))
        self._tool(_("Page"), _("Fit the whole page"), lambda: self.view.set_fit(Fit.PAGE))
        self.bar.addSpacing(8)
        self.bar.addWidget(button_for(self.save_action))
        self.print_button = button_for(self.print_action, "primary")
        self.bar.addWidget(self.print_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self.bar)
        layout.addWidget(self.view, 1)
        self.view.page_changed.connect(lambda _page: self._say())
        self.clear()

    def _tool(self, text: str, name: str, slot: object) -> None:
        self.bar.addWidget(button(text, slot, "tool", name, name))  # type: ignore[arg-type]

    def show_pdf(self, data: bytes, file_name: str) -> None:
        """Show this PDF; `file_name` is offered when it is saved."""
        self.data, self.file_name = data, file_name
        document = Document(data, "application/pdf")
        document.opened.connect(self._opened)
        document.failed.connect(self.clear)
        self.view.show_document(document)
        self._say()

    def clear(self) -> None:
        """Show nothing."""
        self.data, self.file_name = b"", ""
        self.view.show_document(None)
        self._say()

    def ask_print(self) -> None:
        """Choose a printer, then print."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.file_name)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, max(1, self.view.pages))
        dialog.accepted.connect(lambda: self.print_to(printer))
        QDialog.open(dialog)  # QPrintDialog's own open() wants a slot by name

    def print_to(self, printer: QPrinter) -> None:
        """Print the bytes shown on this printer; `printed` tells how it went."""
        document = self.view.document
        if document is None or not document.sizes:
            return
        printer.setFullPage(True)
        printer.setResolution(PRINT_DPI)
        first = document.sizes[0]
        short, long = sorted((first.width(), first.height()))
        printer.setPageSize(QPageSize(QSizeF(short, long), QPageSize.Unit.Point))
        across = first.width() > first.height()
        sides = QPageLayout.Orientation
        printer.setPageOrientation(sides.Landscape if across else sides.Portrait)
        run = PrintRun(document, printer, self)
        run.ended.connect(self._on_printed)
        run.start()

    def ask_save(self) -> None:
        """Choose a file, then save."""
        files.choose_place(self, _("Save as PDF"), self.file_name, "PDF", self.save_to)

    def save_to(self, path: Path) -> None:
        """Write exactly the bytes shown."""
        try:
            path.write_bytes(self.data)
        except OSError as error:
            params = {"file": path.name, "why": error.strerror or ""}
            message.refuse(DataError(Reason("reason.file_not_written", params)), self)
            return
        self.saved.emit(path)

    def _opened(self) -> None:
        self._say()
        self.ready.emit()

    def _on_printed(self, ok: bool) -> None:
        self.printed.emit(ok)
        if not ok:
            message.refuse(DataError(Reason("reason.not_printed")), self)

    def _say(self) -> None:
        view = self.view
        text = _("Page {page} of {pages}", page=view.page + 1, pages=view.pages)
        self.place.setText(text if view.pages else "")
        for verb in (self.print_action, self.save_action):
            verb.setEnabled(view.pages > 0)
