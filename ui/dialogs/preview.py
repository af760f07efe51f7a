"""A PDF or a scan in a window of its own: to look at, to print, to save."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.dialogs.base import Dialog
from ui.widgets.document_viewer import DocumentViewer
from ui.widgets.pdf_preview import PdfPreview


def fitting(width: int, height: int) -> QSize:
    """A size of the design that still fits on the screen."""
    screen = QGuiApplication.primaryScreen().availableSize() * 0.92
    return QSize(theme.scaled(width), theme.scaled(height)).boundedTo(screen)


class PreviewDialog(Dialog):
    """Shows PDF bytes; Ctrl+P prints exactly them."""

    def __init__(
        self, title: str, data: bytes, file_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self.preview = PdfPreview()
        self.body.addWidget(self.preview, 1)
        self.close_only()
        self.resize(fitting(900, 980))
        self.preview.show_pdf(data, file_name)


class ScanDialog(Dialog):
    """Shows one scan."""

    def __init__(
        self, title: str, data: bytes, mime: str, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self.viewer = DocumentViewer()
        self.body.addWidget(self.viewer, 1)
        self.close_only()
        self.resize(fitting(820, 900))
        self.viewer.show_bytes(data, mime, name)
