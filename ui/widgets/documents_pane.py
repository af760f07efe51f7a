"""The scans of an application: what is there, what is missing; files are dropped or chosen here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from chemsales.queries.accreditation import DocumentRow
from chemsales.rules.customer import DocumentKind
from chemsales.words import _, label
from ui import files, theme
from ui.actions import button, plain_tip
from ui.text import day as text_of
from ui.theme import Tone
from ui.widgets.document_viewer import DocumentViewer
from ui.widgets.facts import clear
from ui.widgets.labels import Badge, PlainLabel
from ui.widgets.scans import items, paper_facts
from ui.widgets.scrolled import scrolled
from ui.wording import days_left


class DocumentsPane(QFrame):
    """`show_documents(rows, missing, filed, undated)`; the signals say what the person wants. A
    scan that is looked at stands in `viewer`, in the place of the list. What has expired before
    `today`, is not valid yet on it, or lacks its validity says so.
    """

    dropped = Signal(object)  # list[Path]
    wanted = Signal()  # to choose files
    viewed = Signal()  # a scan is looked at now
    described = Signal(object)  # DocumentRow: to say what stands on it
    removed = Signal(object)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.today = today
        self.setProperty("card", True)
        self.setAcceptDrops(True)
        self.editable = True
        self.own: list[DocumentRow] = []  # of the application itself
        self.rows: list[DocumentRow] = []
        self.missing: list[DocumentKind] = []
        self.undated: list[DocumentKind] = []
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
        self.listed = QWidget()
        listed = QVBoxLayout(self.listed)
        listed.setContentsMargins(0, 0, 0, 0)
        listed.setSpacing(8)
        listed.addWidget(PlainLabel(_("Documents"), role="section"))
        listed.addWidget(area, 1)
        listed.addWidget(self.add)
        listed.addWidget(self.hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.addWidget(self.listed)
        layout.addWidget(self._make_viewing())
        self.show_list()

    def _make_viewing(self) -> QWidget:
        self.viewer = DocumentViewer()
        self.back = button(_("Back to the list of documents"), self.show_list, "link")
        self.viewing = QWidget()
        column = QVBoxLayout(self.viewing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.viewer, 1)
        return self.viewing

    def show_list(self) -> None:
        """Show what is there and what is missing."""
        self.viewing.hide()
        self.listed.show()
        self._take(308)
        self.viewer.clear()

    def _take(self, pixels: int) -> None:
        """Be so wide, less where the form beside it would be cut."""
        self._width = theme.scaled(pixels)
        self.setMaximumWidth(self._width)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._width, super().sizeHint().height())

    def view(self, row: DocumentRow) -> None:
        """Look at this scan; the others are a key away."""
        self.viewer.show_items(items(self.rows), row.key)
        self.listed.hide()
        self.viewing.show()
        self._take(560)
        self.viewer.view.setFocus()
        self.viewed.emit()

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid adding and removing."""
        self.editable = editable
        self.add.setVisible(editable)
        self.hint.setVisible(editable)

    def show_documents(
        self,
        rows: Sequence[DocumentRow],
        missing: Sequence[DocumentKind],
        filed: Sequence[DocumentRow] = (),
        undated: Sequence[DocumentKind] = (),
    ) -> None:
        """Show what is there, then what is still missing, then what is in the customer's file; of
        the kinds that are `undated` that their validity is asked for."""
        self.own, self.undated = list(rows), list(undated)
        self.rows, self.missing = [*rows, *filed], list(missing)
        if self.viewing.isVisible():
            self.viewer.show_items(items(self.rows), None, _("No document is attached."))
        clear(self._column)
        while self._column.count():
            self._column.takeAt(0)
        for row in rows:
            self._column.addWidget(self._present(row, self.editable))
        for kind in missing:
            self._column.addWidget(self._absent(kind))
        if filed:
            self._column.addWidget(PlainLabel(_("In the customer's file"), role="section"))
        for row in filed:
            self._column.addWidget(self._present(row, removable=False))
        self._column.addStretch(1)

    def _present(self, row: DocumentRow, removable: bool) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        ends = None if row.long_term else row.valid_to
        left = (ends - self.today).days if ends is not None else 0
        lacks = row.kind in self.undated and not row.dated
        begins = row.valid_from if row.dated else None
        later = begins is not None and begins > self.today
        wrong = left < 0 or lacks or later
        kind = Badge(label(row.kind), Tone.PROBLEM if wrong else Tone.OK)
        layout.addWidget(kind, 0, Qt.AlignmentFlag.AlignLeft)
        name = PlainLabel(row.label, wrap=True)
        name.setToolTip(plain_tip(row.label))
        layout.addWidget(name)
        words = paper_facts(row)
        if words:
            layout.addWidget(PlainLabel(words, role="quiet", wrap=True))
        if lacks:
            asked = _("Its last day is missing, or that it never ends.")
            layout.addWidget(PlainLabel(asked, role="problem", wrap=True))
        if left < 0:
            layout.addWidget(PlainLabel(days_left(left), role="problem", wrap=True))
        if begins is not None and later:
            said = _("Not valid before {day}.", day=text_of(begins))
            layout.addWidget(PlainLabel(said, role="problem", wrap=True))
        layout.addLayout(self._links(row, removable))
        return made

    def _links(self, row: DocumentRow, removable: bool) -> QHBoxLayout:
        links = QHBoxLayout()
        links.addWidget(button(_("View"), lambda: self.view(row), "link"))
        if removable:
            links.addWidget(button(_("Edit"), lambda: self.described.emit(row), "link"))
            links.addWidget(button(_("Remove"), lambda: self.removed.emit(row), "link"))
        links.addStretch(1)
        return links

    def _absent(self, kind: DocumentKind) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Badge(label(kind), Tone.SOON))
        words = _("no validity") if kind in self.undated else _("missing")
        row.addStretch(1)
        row.addWidget(PlainLabel(words, role="quiet"))
        return made

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.editable and files.dropped(event):
            event.acceptProposedAction()
            self.hint.set_role("warning")
            self.hint.setText(_("Let go to attach."))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._calm()

    def dropEvent(self, event: QDropEvent) -> None:
        self._calm()
        paths = files.dropped(event)
        if self.editable and paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def _calm(self) -> None:
        self.hint.set_role("quiet")
        self.hint.setText(_("Scans (PDF, PNG, JPG, TIFF) can also be dropped on this form."))
