"""A PDF or a scan in a window of its own: to look at, to print, to save."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.dialogs.base import Dialog
from ui.widgets.document_viewer import DocumentViewer
from ui.widgets.pdf_preview import PdfPreview


def fitting(width: int, height: int, parent: QWidget | None) -> QSize:
    """A size of the design that still fits on the screen (or over its parent's window)."""
    room = QGuiApplication.primaryScreen().availableSize() * 0.92
    if parent is not None:
        room = room.expandedTo(parent.window().size())
    return QSize(theme.scaled(width), theme.scaled(height)).boundedTo(room)


class PreviewDialog(Dialog):
    """Shows PDF bytes; Ctrl+P prints exactly them."""

    def __init__(
        self, title: str, data: bytes, file_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self.preview = PdfPreview()
        self.body.addWidget(self.preview, 1)
        self.close_only()
        self.resize(fitting(900, 980, parent))
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
        self.resize(fitting(820, 900, parent))
        self.viewer.show_bytes(data, mime, name)
