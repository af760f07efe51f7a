"""A form that is filled in out of scans, which stand beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui import theme
from ui.context import Context
from ui.dialogs.form_dialog import FormDialog
from ui.widgets.document_viewer import DocumentViewer
from ui.widgets.scans import ScanReader
from ui.widgets.split import Split

LEAST = 430  # of the form's width, at 100 %


class ScanFormDialog(FormDialog):
    """A subclass fills `area`, a column that scrolls, and offers in `viewer` the scans whose bytes
    `read(actor, key)` gives with their names; `name` is what the division of the two is kept
    under."""

    def __init__(
        self,
        context: Context,
        title: str,
        name: str,
        read: Callable[..., tuple[str, bytes]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self.viewer = DocumentViewer(tabs=False)
        ScanReader(self.viewer, context, read)
        self.beside = Split(name, (500, 660))
        self.area = self.column(title, self.beside)
        self.beside.widget(0).setMinimumWidth(theme.scaled(LEAST))
        self.beside.addWidget(self.viewer)
        self.beside.divide()
        self.body.addWidget(self.beside, 1)
        self.resize(theme.fitting(1200, 720, parent))
