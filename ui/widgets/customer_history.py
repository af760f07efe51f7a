"""The versions of a customer's file: which field, from what to what, when, by whom (C8.1)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.articles import cite
from chemsales.queries.customer_history import HistoryRow
from chemsales.words import _, field, worded
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.text import when
from ui.widgets.article import ArticleButton


class CustomerHistory(QWidget):
    """`show_history(rows)`, the newest change first; the article of the chosen one below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = Grid(
            [
                Column(_("When"), lambda row: when(row.at), field="at"),
                Column(_("Who"), lambda row: row.who, field="who"),
                Column(_("Of what"), lambda row: row.of, widest=20, field="of"),
                Column(_("Field"), _field, field="field"),
                Column(_("Before"), _before, widest=30, field="before"),
                Column(_("After"), _after, widest=40, field="after"),
                Column(_("Reason"), lambda row: row.reason, stretch=True, field="reason"),
            ],
            key=lambda row: row.number,
            empty=_("Nothing has changed."),
            name=_("History"),
        )
        self.article = ArticleButton("")
        self.grid.chosen.connect(self._show_article)
        column = QVBoxLayout(self)
        column.addWidget(self.grid, 1)
        column.addWidget(self.article, 0, Qt.AlignmentFlag.AlignLeft)

    def show_history(self, rows: Sequence[HistoryRow]) -> None:
        """Show the changes of one customer."""
        self.grid.set_rows(rows)

    def _show_article(self, row: HistoryRow | None) -> None:
        self.article.set_clause(row.clause if row else "")


def _field(row: HistoryRow) -> str:
    """The word for the field; the name of a person is not that of the customer."""
    name = row.change.field
    return _("Name") if row.part == "customer_contact" and name == "name" else field(name)


def _worded(name: str, value: str) -> str:
    return cite(value) if name == "clause" else worded(name, value)


def _before(row: HistoryRow) -> str:
    return _worded(row.change.field, row.change.before)


def _after(row: HistoryRow) -> str:
    return _worded(row.change.field, row.change.after)
