"""The scans of an application: what is there, what is missing; files are dropped or chosen here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from chemsales.queries.accreditation import DocumentRow
from chemsales.rules.customer import DocumentKind
from chemsales.words import _, label
from ui import theme
from ui.actions import button, plain_tip
from ui.dialogs.attach import SUFFIXES
from ui.theme import Tone
from ui.widgets.facts import clear
from ui.widgets.labels import Badge, PlainLabel
from ui.widgets.scrolled import scrolled


def validity(row: DocumentRow) -> str:
    """From when until when a paper is valid, "" where nobody said."""
    if row.long_term:
        return _("valid for an unlimited time")
    if row.valid_to is not None:
        return _("valid until {day}", day=row.valid_to.isoformat())
    return ""


class DocumentsPane(QFrame):
    """`show_documents(rows, missing)`; the signals say what the person wants."""

    dropped = Signal(object)  # list[Path]
    wanted = Signal()  # to choose files
    viewed = Signal(object)
    removed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.setAcceptDrops(True)
        self.editable = True
        self.missing: list[DocumentKind] = []
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.scaled(8))
        area = scrolled(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.add = button(_("Add files …"), self.wanted.emit)
        self.hint = PlainLabel(
            _("Scans (PDF, PNG, JPG, TIFF) can also be dropped on this form."), "quiet", wrap=True
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(PlainLabel(_("Documents"), role="section"))
        layout.addWidget(area, 1)
        layout.addWidget(self.add)
        layout.addWidget(self.hint)

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid adding and removing."""
        self.editable = editable
        self.add.setVisible(editable)
        self.hint.setVisible(editable)

    def show_documents(self, rows: Sequence[DocumentRow], missing: Sequence[DocumentKind]) -> None:
        """Show what is there, then what is still missing."""
        self.missing = list(missing)
        clear(self._column)
        while self._column.count():
            self._column.takeAt(0)
        for row in rows:
            self._column.addWidget(self._present(row))
        for kind in missing:
            self._column.addWidget(self._absent(kind))
        self._column.addStretch(1)

    def _present(self, row: DocumentRow) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(Badge(label(row.kind), Tone.OK))
        head.addStretch(1)
        head.addWidget(button(_("View"), lambda: self.viewed.emit(row), "link"))
        if self.editable:
            remove = button(_("Remove"), lambda: self.removed.emit(row), "link")
            head.addWidget(remove)
        layout.addLayout(head)
        name = PlainLabel(row.label, wrap=True)
        name.setToolTip(plain_tip(row.label))
        layout.addWidget(name)
        words = "  ".join(text for text in (row.number, validity(row)) if text)
        if words:
            layout.addWidget(PlainLabel(words, role="quiet", wrap=True))
        return made

    def _absent(self, kind: DocumentKind) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Badge(label(kind), Tone.SOON))
        row.addStretch(1)
        row.addWidget(PlainLabel(_("missing"), role="quiet"))
        return made

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.editable and dropped_files(event):
            event.acceptProposedAction()
            self.hint.set_role("warning")
            self.hint.setText(_("Let go to attach."))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._calm()

    def dropEvent(self, event: QDropEvent) -> None:
        self._calm()
        paths = dropped_files(event)
        if self.editable and paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def _calm(self) -> None:
        self.hint.set_role("quiet")
        self.hint.setText(_("Scans (PDF, PNG, JPG, TIFF) can also be dropped on this form."))


def dropped_files(event: QDropEvent) -> list[Path]:
    """The local files of a drop that look like scans; the bytes decide later."""
    if not event.mimeData().hasUrls():
        return []
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in SUFFIXES and path.is_file()]
