"""A proposal to cancel a qualification before whoever decides: ground, facts, what it ends, the
signatures; the evidence beside."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from chemsales.queries.disqualification import Detail, scan
from chemsales.rules.numbers import format_money
from chemsales.rules.rounds import News
from chemsales.words import _, label, say
from ui.actions import button
from ui.context import Context
from ui.text import day
from ui.widgets.article import ArticleButton
from ui.widgets.case_split import CaseSplit
from ui.widgets.decisions import DecisionsView
from ui.widgets.disqualifying import show_form
from ui.widgets.document_viewer import Item
from ui.widgets.facts import Pairs, clear
from ui.widgets.labels import PlainLabel
from ui.widgets.news import mark


class DisqualificationCase(CaseSplit):
    """`show_case(detail, news)`."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "disqualification", _("Disqualification"), scan, parent=parent)
        self.detail: Detail | None = None

    def show_case(self, detail: Detail, news: News | None = None) -> None:
        """Show this proposal in place of the one before, and what of it is new since its return."""
        self.detail = detail
        clear(self.column)
        stored, proposal = detail.stored, detail.stored.proposal
        assert proposal.ground is not None
        self.column.addWidget(PlainLabel(label(proposal.ground), role="record", wrap=True))
        left = Qt.AlignmentFlag.AlignLeft
        self.column.addWidget(ArticleButton("C17.1"), 0, left)
        named = {paper.id: paper.label for paper in stored.papers}
        self.show_news(news, named, _("Put up now"))
        loss = "" if proposal.loss_fen is None else format_money(proposal.loss_fen)
        pairs = [
            (_("Customer"), f"{stored.customer_code} {stored.customer_name}"),
            (_("Facts of the matter"), proposal.facts),
            (_("Happened on"), day(proposal.occurred_on)),
            (_("Loss (yuan)"), loss),
            (_("Number"), stored.number),
            (_("Proposed by"), detail.proposed_name),
        ]
        self.column.addWidget(Pairs([(name, value) for name, value in pairs if value]))
        self.section(_("What it ends"))
        for effect in detail.effects:
            self.column.addWidget(PlainLabel(say(effect), role="warning", wrap=True))
        self.section(_("Opinions so far"))
        decisions = DecisionsView()
        decisions.show_decisions(detail.decisions)
        self.column.addWidget(decisions)
        self.column.addWidget(button(_("The form …"), self.show_form, "link"), 0, left)
        self.column.addStretch(1)
        items = [
            Item(
                paper.id,
                _("Evidence {number}", number=number),
                paper.label,
                mark=mark(news, paper.id),
            )
            for number, paper in enumerate(stored.papers, 1)
        ]
        self.viewer.show_items(items, None, _("No document is attached."))

    def show_form(self) -> None:
        """Show the form as it prints."""
        if self.detail is not None:
            show_form(self.context, self.detail.stored.id, self)
