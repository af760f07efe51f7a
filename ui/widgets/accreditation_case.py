"""One application before a reviewer: opinions, checks, what is asked for, facts; scans beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

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
from ui.widgets.facts import FactsView, Pairs, clear
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Badge, PlainLabel
from ui.widgets.scans import items
from ui.widgets.scrolled import scrolled
from ui.widgets.split import Split

RESULT_TONES = {
    CheckResult.PASSED: Tone.OK,
    CheckResult.LOOK: Tone.SOON,
    CheckResult.WRONG: Tone.PROBLEM,
}


class AccreditationCase(Split):
    """`show_case(detail, checks, groups, override_blockers)`; its scans stand in `viewer`."""

    override_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("accreditation", (420, 520), parent=parent)
        self.documents: tuple[DocumentRow, ...] = ()
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
        area = scrolled(inner, _("Application for accreditation"))
        area.setMinimumWidth(theme.scaled(282))
        self.addWidget(area)
        self.viewer = DocumentViewer()
        self.addWidget(self.viewer)
        self.divide()

    def show_case(
        self,
        detail: ApplicationDetail,
        checks: Sequence[CheckRow],
        groups: Mapping[str, str],
        override_blockers: Sequence[Reason],
    ) -> None:
        """Show this application; `groups` are the names of product groups by code."""
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
        self.viewer.show_items(items(detail.documents), None, _("No document is attached."))

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
        links = FlowLayout(4)
        if row.overridable:
            accept = button(_("Accept …"), self.override_wanted.emit, "link")
            set_blocked(accept, "\n".join(say(reason) for reason in override_blockers))
            links.addWidget(accept)
        if row.document is not None and self._has(row.document):
            links.addWidget(button(_("Look"), partial(self.show_kind, row.document), "link"))
        if row.result is not CheckResult.PASSED and row.reason.clause:
            links.addWidget(ArticleButton(row.reason.clause))
        words.addLayout(links)
        line.addLayout(words, 1)
        return made

    def _has(self, kind: DocumentKind) -> bool:
        return any(document.kind is kind for document in self.documents)

    def show_kind(self, kind: DocumentKind) -> None:
        """Show the scan of this kind."""
        for document in self.documents:
            if document.kind is kind:
                self.viewer.choose(document.id)
                return
