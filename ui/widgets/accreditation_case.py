"""One application before a reviewer: opinions, checks, what is asked for, facts; scans beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from chemsales.queries.accreditation import ApplicationDetail
from chemsales.queries.applications import DocumentRow
from chemsales.queries.checks import CheckResult, CheckRow
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import Reason
from chemsales.rules.numbers import format_tonnes
from chemsales.words import _, label, say
from ui import theme
from ui.actions import button, set_blocked
from ui.theme import Tone
from ui.widgets.article import ArticleButton
from ui.widgets.decisions import DecisionsView
from ui.widgets.document_viewer import DocumentViewer
from ui.widgets.documents_pane import validity
from ui.widgets.facts import FactsView, Pairs, clear
from ui.widgets.labels import Badge, PlainLabel

RESULT_TONES = {
    CheckResult.PASSED: Tone.OK,
    CheckResult.LOOK: Tone.SOON,
    CheckResult.WRONG: Tone.PROBLEM,
}


class AccreditationCase(QSplitter):
    """`show_case(detail, checks, groups, override_blockers)`; F7 and F8 turn to the scan before and
    after."""

    document_wanted = Signal(object)  # DocumentRow
    override_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.documents: tuple[DocumentRow, ...] = ()
        self.shown: DocumentRow | None = None
        self.setChildrenCollapsible(False)
        self.setHandleWidth(theme.scaled(12))
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, theme.scaled(8), 0)
        self._column.setSpacing(theme.scaled(8))
        self.decisions, self.facts = DecisionsView(), FactsView()
        self.checks, self.classes = QVBoxLayout(), QVBoxLayout()
        self.contacts = QVBoxLayout()
        for title, part in (
            (_("Opinions so far"), self.decisions),
            (_("Checked automatically"), self.checks),
            (_("Asked for"), self.classes),
            ("", self.facts),
            (_("Contacts"), self.contacts),
        ):
            if title:
                self._column.addWidget(PlainLabel(title, role="section"))
            if isinstance(part, QWidget):
                self._column.addWidget(part)
            else:
                part.setSpacing(theme.scaled(4))
                self._column.addLayout(part)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self.addWidget(area)
        self.addWidget(self._make_scans())
        self.setSizes([420, 520])

    def _make_scans(self) -> QWidget:
        scans = QWidget()
        layout = QVBoxLayout(scans)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        self._tabs = QHBoxLayout()
        self._tabs.setSpacing(4)
        tabs = QScrollArea()
        tabs.setWidgetResizable(True)
        tabs.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row = QWidget()
        row.setLayout(self._tabs)
        self._tabs.setContentsMargins(0, 0, 0, 0)
        tabs.setWidget(row)
        tabs.setFixedHeight(theme.scaled(46))
        self.proof = PlainLabel("", role="quiet", wrap=True)
        self.viewer = DocumentViewer()
        layout.addWidget(tabs)
        layout.addWidget(self.proof)
        layout.addWidget(self.viewer, 1)
        for key, step in (("F7", -1), ("F8", 1)):
            turn = QAction(self)
            turn.setShortcut(QKeySequence(key))
            turn.triggered.connect(lambda _checked=False, step=step: self.turn(step))
            self.addAction(turn)
        return scans

    def show_case(
        self,
        detail: ApplicationDetail,
        checks: Sequence[CheckRow],
        groups: Mapping[str, str],
        override_blockers: Sequence[Reason],
    ) -> None:
        """Show this application; `groups` are the names of product groups by code."""
        before = self.shown.id if self.shown else None
        self.documents = detail.documents
        self.decisions.show_decisions(detail.decisions)
        self.facts.show_facts(detail.draft.facts)
        clear(self.checks)
        for row in checks:
            self.checks.addWidget(self._check(row, override_blockers))
        clear(self.classes)
        for asked in detail.draft.classes:
            words = [groups.get(asked.group_code, asked.group_code), label(asked.customer_class)]
            if asked.region:
                words.append(asked.region)
            if asked.monthly_kg:
                tonnes = format_tonnes(asked.monthly_kg)
                words.append(_("{tonnes} t a month", tonnes=tonnes))
            words.append(asked.purpose)
            self.classes.addWidget(PlainLabel("  ·  ".join(filter(None, words)), wrap=True))
        clear(self.contacts)
        pairs = [
            (label(c.kind), "  ".join(filter(None, (c.name, c.title, c.phone, c.email))))
            for c in detail.draft.contacts
        ]
        self.contacts.addWidget(Pairs(pairs))
        self._show_tabs(before)

    def _check(self, row: CheckRow, override_blockers: Sequence[Reason]) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(
            Badge(label(row.result), RESULT_TONES[row.result]), 0, Qt.AlignmentFlag.AlignTop
        )
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(say(row.reason), wrap=True))
        links = QHBoxLayout()
        links.setSpacing(4)
        if row.overridable:
            accept = button(_("Accept …"), self.override_wanted.emit, "link")
            set_blocked(accept, "\n".join(say(reason) for reason in override_blockers))
            links.addWidget(accept)
        if row.document is not None and self._has(row.document):
            links.addWidget(button(_("Look"), partial(self.show_kind, row.document), "link"))
        if row.result is not CheckResult.PASSED and row.reason.clause:
            links.addWidget(ArticleButton(row.reason.clause))
        links.addStretch(1)
        words.addLayout(links)
        line.addLayout(words, 1)
        return made

    def _has(self, kind: DocumentKind) -> bool:
        return any(document.kind is kind for document in self.documents)

    def _show_tabs(self, before: int | None) -> None:
        """One button per scan; the one shown stays shown when the same case is read again."""
        while (item := self._tabs.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        self.tabs: list[QPushButton] = []
        for document in self.documents:
            tab = button(label(document.kind), partial(self.show_document, document), "tool")
            tab.setCheckable(True)
            self.tabs.append(tab)
            self._tabs.addWidget(tab)
        self._tabs.addStretch(1)
        kept = next((document for document in self.documents if document.id == before), None)
        if kept is not None:
            self.shown = kept
            self._mark()
        elif self.documents:
            self.show_document(self.documents[0])
        else:
            self.shown = None
            self.proof.setText("")
            self.viewer.clear(_("No document is attached."))

    def show_document(self, document: DocumentRow) -> None:
        """Ask for the bytes of this scan and name it; `show_bytes` shows them."""
        self.shown = document
        self._mark()
        self.document_wanted.emit(document)

    def show_bytes(self, document: DocumentRow, mime: str, data: bytes) -> None:
        """Show the bytes of the scan that was asked for, if it still is the one wanted."""
        if self.shown is not None and self.shown.id == document.id:
            self.viewer.show_bytes(data, mime, document.label)

    def show_kind(self, kind: DocumentKind) -> None:
        """Show the scan of this kind."""
        for document in self.documents:
            if document.kind is kind:
                self.show_document(document)
                return

    def turn(self, step: int) -> None:
        """Show the scan before (-1) or after (1)."""
        if self.shown in self.documents:
            at = (self.documents.index(self.shown) + step) % len(self.documents)
            self.show_document(self.documents[at])

    def _mark(self) -> None:
        assert self.shown is not None
        for tab, document in zip(self.tabs, self.documents, strict=True):
            tab.setChecked(document.id == self.shown.id)
        words = (self.shown.number, validity(self.shown))
        self.proof.setText("   ".join(word for word in words if word))
        self.proof.setVisible(any(words))
