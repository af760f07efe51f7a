"""Shows a scan or a PDF beside a form: pages, zoom, turning, fitting."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from chemsales.words import _
from ui.actions import button
from ui.documents import Document
from ui.widgets.labels import EmptyState, PlainLabel
from ui.widgets.pages_view import Fit, PagesView


class DocumentViewer(QWidget):
    """`show_bytes(data, mime, name)` shows a document, `clear(text)` a sentence instead.

    Keys while it has the focus: page keys scroll, Home and End go to the first and last page,
    Ctrl+wheel zooms; the bar has page, zoom, fit and turn buttons.
    """

    ready = Signal()  # the document is open, or cannot be read

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = PagesView()
        self.view.setAccessibleName(_("Document"))
        self.empty = EmptyState(_("No document chosen."))
        self.name = PlainLabel("", role="quiet")
        self.place = PlainLabel("", role="quiet")
        self.bar = QHBoxLayout()
        self.bar.setSpacing(4)
        self.bar.addWidget(self.name, 1)
        self.bar.addWidget(self.place)
        self.buttons = [
            self._tool("▲", _("Previous page"), lambda: self.view.go_to(self.view.page - 1)),
            self._tool("▼", _("Next page"), lambda: self.view.go_to(self.view.page + 1)),
            self._tool("−", _("Zoom out"), lambda: self.view.zoom_by(1 / 1.25)),
            self._tool("+", _("Zoom in"), lambda: self.view.zoom_by(1.25)),
            self._tool(_("Width"), _("Fit the width"), lambda: self.view.set_fit(Fit.WIDTH)),
            self._tool(_("Page"), _("Fit the whole page"), lambda: self.view.set_fit(Fit.PAGE)),
            self._tool(_("Turn"), _("Turn clockwise"), self.view.rotate),
        ]
        for made in self.buttons:
            self.bar.addWidget(made)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self.bar)
        layout.addLayout(self._stack, 1)
        self.view.page_changed.connect(lambda _page: self._say())
        self.clear()

    def _tool(self, text: str, name: str, slot: object) -> QWidget:
        return button(text, slot, "tool", name, name)  # type: ignore[arg-type]

    def show_bytes(self, data: bytes, mime: str, name: str = "") -> None:
        """Show these bytes; `name` stands above them. A broken file shows a sentence instead."""
        document = Document(data, mime)
        document.opened.connect(self._opened)
        document.failed.connect(self._failed)
        self.name.setText(name)
        self.name.setToolTip("")
        self.view.show_document(document)
        self._stack.setCurrentWidget(self.view)
        self._say()

    def clear(self, text: str = "") -> None:
        """Show nothing but a sentence."""
        self.view.show_document(None)
        self.empty.set_text(text or _("No document chosen."))
        self.name.setText("")
        self._stack.setCurrentWidget(self.empty)
        self._say()

    def _opened(self) -> None:
        self._say()
        self.ready.emit()

    def _failed(self) -> None:
        self.clear(_("This file cannot be shown: it is damaged or of another kind."))
        self.ready.emit()

    def _say(self) -> None:
        view = self.view
        self.place.setText(f"{view.page + 1}/{view.pages}" if view.pages else "")
        for made in self.buttons:
            made.setEnabled(view.pages > 0)
