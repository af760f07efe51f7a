"""A proposal to cancel a qualification before whoever decides: ground, facts, what it ends, the
signatures; the evidence beside."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries.disqualification import Detail, scan
from chemsales.rules.numbers import format_money
from chemsales.words import _, label, say
from ui import theme
from ui.actions import button
from ui.context import Context
from ui.dialogs.preview import PreviewDialog
from ui.text import day
from ui.widgets.article import ArticleButton
from ui.widgets.decisions import DecisionsView
from ui.widgets.document_viewer import DocumentViewer, Item
from ui.widgets.facts import Pairs, clear
from ui.widgets.labels import PlainLabel
from ui.widgets.scans import ScanReader
from ui.widgets.scrolled import scrolled
from ui.widgets.split import Split
from ui.work.disqualification import form


class DisqualificationCase(Split):
    """`show_case(detail)`."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("disqualification", (420, 520), parent=parent)
        self._context = context
        self.detail: Detail | None = None
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, theme.scaled(8), 0)
        self._column.setSpacing(theme.scaled(8))
        area = scrolled(inner, _("Disqualification"))
        area.setMinimumWidth(theme.scaled(270))
        self.addWidget(area)
        self.viewer = DocumentViewer()
        ScanReader(self.viewer, context, scan)
        self.addWidget(self.viewer)
        self.divide()

    def show_case(self, detail: Detail) -> None:
        """Show this proposal in place of the one before."""
        self.detail = detail
        clear(self._column)
        stored, proposal = detail.stored, detail.stored.proposal
        assert proposal.ground is not None
        self._column.addWidget(PlainLabel(label(proposal.ground), role="record", wrap=True))
        left = Qt.AlignmentFlag.AlignLeft
        self._column.addWidget(ArticleButton("C17.1"), 0, left)
        loss = "" if proposal.loss_fen is None else format_money(proposal.loss_fen)
        pairs = [
            (_("Customer"), f"{stored.customer_code} {stored.customer_name}"),
            (_("Facts of the matter"), proposal.facts),
            (_("Happened on"), day(proposal.occurred_on)),
            (_("Loss (yuan)"), loss),
            (_("Number"), stored.number),
            (_("Proposed by"), detail.proposed_name),
        ]
        self._column.addWidget(Pairs([(name, value) for name, value in pairs if value]))
        self._section(_("What it ends"))
        for effect in detail.effects:
            self._column.addWidget(PlainLabel(say(effect), role="warning", wrap=True))
        self._section(_("Opinions so far"))
        decisions = DecisionsView()
        decisions.show_decisions(detail.decisions)
        self._column.addWidget(decisions)
        self._column.addWidget(button(_("The form …"), self.show_form, "link"), 0, left)
        self._column.addStretch(1)
        items = [
            Item(paper.id, _("Evidence {number}", number=number), paper.label)
            for number, paper in enumerate(stored.papers, 1)
        ]
        self.viewer.show_items(items, None, _("No document is attached."))

    def _section(self, title: str) -> None:
        self._column.addWidget(PlainLabel(title, role="section"))

    def show_form(self) -> None:
        """Show the form as it prints."""
        if self.detail is not None:
            context, key = self._context, self.detail.stored.id
            given = (_("Drawing the form"), context.jobs, form, context.actor, key)
            PreviewDialog(*given, parent=self.window()).open()
