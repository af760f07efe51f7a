"""The licences of one customer on its card, and the line that says that dealings are suspended."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chemsales.rules.errors import Reason
from chemsales.words import _, say_all
from ui import theme
from ui.actions import button, set_blocked
from ui.tables.view import Grid
from ui.text import day
from ui.theme import Tone
from ui.widgets.article import ArticleButton
from ui.widgets.labels import Badge, PlainLabel
from ui.widgets.licence_lists import paper_columns, suspension_columns
from ui.work.licences import Held


class Suspended(QWidget):
    """`show_held(held)`: since when and why dealings are suspended, or refused for good; nothing
    where they are not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.badge, self.why = Badge(), PlainLabel("", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.scaled(8))
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self.badge, 0, top)
        row.addWidget(self.why, 1, top)
        self.article = ArticleButton("C15.2")
        row.addWidget(self.article, 0, top)
        self.hide()

    def show_held(self, held: Held) -> None:
        """Say how it stands with this customer."""
        self.setVisible(bool(held.reasons))
        said = _("Dealings are refused")
        if held.since:
            said = _("Suspended since {day}", day=day(held.since))
        self.badge.show_status(said, Tone.PROBLEM)
        if held.reasons:
            self.article.set_clause(held.reasons[0].clause)
        self.why.setText(say_all(held.reasons))


class CustomerLicences(QWidget):
    """`show_held(held, unrecordable)`; `wanted` asks to record a licence, `opened` to show one."""

    wanted = Signal()
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.papers = Grid(
            [column for column in paper_columns(of_one=True) if not column.hidden],
            key=lambda row: row.id,
            empty=_("No licence with a validity is on record."),
            name=_("Licences"),
        )
        self.papers.opened.connect(lambda row: self.opened.emit(row.id))
        self.suspensions = Grid(
            [column for column in suspension_columns(of_one=True) if not column.hidden],
            key=lambda row: row.id,
            empty=_("Dealings were never suspended."),
            name=_("Suspensions"),
        )
        self.record = button(_("Record a licence …"), self.wanted.emit)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(_("Licences and proofs"), role="section"), 1)
        head.addWidget(self.record)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.papers, 3)
        column.addWidget(PlainLabel(_("Suspensions"), role="section"))
        column.addWidget(self.suspensions, 2)

    def show_held(self, held: Held, unrecordable: Sequence[Reason]) -> None:
        """Show the papers of this customer."""
        self.papers.set_rows(held.papers)
        self.suspensions.set_rows(held.suspensions)
        set_blocked(self.record, say_all(unrecordable))
