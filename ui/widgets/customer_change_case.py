"""A change of a customer's file before finance: what is in force and what is asked for, why, what
the program found; the paper beside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from chemsales.queries.customer_change import Detail, scan
from chemsales.rules.history import FieldChange
from chemsales.rules.rounds import News
from chemsales.words import _, field
from ui.context import Context
from ui.text import day
from ui.widgets.article import ArticleButton
from ui.widgets.case_split import CaseSplit
from ui.widgets.check_line import CheckLine
from ui.widgets.decisions import DecisionsView
from ui.widgets.document_viewer import Item
from ui.widgets.facts import Pair, Pairs, clear
from ui.widgets.labels import PlainLabel
from ui.widgets.news import changed, mark


def said(differences: Sequence[FieldChange]) -> list[Pair]:
    """Each field that changes, with what it says now and what it is to say."""
    return [(field(each.field), changed(each)) for each in differences]


class CustomerChangeCase(CaseSplit):
    """`show_case(detail, news)`."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        title = _("Change of a customer's file")
        super().__init__(context, "customer_change", title, scan, least=300, parent=parent)
        self.detail: Detail | None = None

    def show_case(self, detail: Detail, news: News | None = None) -> None:
        """Show this change in place of the one before, and what of it is new since its return."""
        self.detail = detail
        clear(self.column)
        stored = detail.stored
        name = f"{stored.customer_code} {stored.customer_name}"
        self.column.addWidget(PlainLabel(name, role="record", wrap=True))
        self.column.addWidget(ArticleButton("C8.1"), 0, Qt.AlignmentFlag.AlignLeft)
        paper = _("Paper that shows it")
        self.show_news(news, {stored.id: paper})
        self.section(_("In force → asked for"))
        self.column.addWidget(Pairs(said(stored.differences)))
        pairs = [
            (_("Reason for the change"), stored.reason),
            (_("Changed on"), day(stored.changed_on)),
            (_("Account in the name of"), stored.holder),
            (_("Proposed by"), detail.proposed_name),
        ]
        self.column.addWidget(Pairs([(name, value) for name, value in pairs if value]))
        self.section(_("Checked automatically"))
        for row in detail.checks:
            self.column.addWidget(CheckLine(row))
        self.section(_("Opinions so far"))
        decisions = DecisionsView()
        decisions.show_decisions(detail.decisions)
        self.column.addWidget(decisions)
        self.column.addStretch(1)
        item = Item(stored.id, paper, stored.label, mark=mark(news, stored.id))
        self.viewer.show_items([item], None, _("No document is attached."))
