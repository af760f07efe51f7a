"""What a customer took and how it was evaluated, and what happened to it, on its card."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries.customer_record import Evaluated, FileRow, Happened, Take
from chemsales.queries.filtering import Kind
from chemsales.rules.evaluation import show_score
from chemsales.words import _, label, say
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.text import day
from ui.widgets.article import ArticleButton
from ui.widgets.document_viewer import Item
from ui.widgets.labels import PlainLabel
from ui.wording import GRADE_TONES


def kind_of(row: FileRow) -> str:
    """What kind of paper a scan is, or what it was put up with."""
    return label(row.kind or row.source)


def until(row: FileRow) -> str:
    """The last day on which it is valid."""
    return _("unlimited") if row.long_term else day(row.valid_to)


def file_items(rows: Sequence[FileRow]) -> list[Item]:
    """These scans as the viewer offers them."""
    return [Item(row.id, kind_of(row), row.label, row.number) for row in rows]


class CustomerTakes(QWidget):
    """`show_takes(takes, evaluations)`: months with their tonnes, signed evaluations below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.months = Grid(
            [
                Column(_("Month"), lambda row: row.month, field="month"),
                Column(_("Taken (t)"), lambda row: row.kg, kind=Kind.KG),
                Column(_("Planned (t)"), lambda row: row.planned_kg, kind=Kind.KG),
            ],
            key=lambda row: row.month,
            empty=_("Nothing has been taken or planned."),
            name=_("Offtake by months"),
        )
        self.evaluations = Grid(
            [
                Column(_("Period"), lambda row: row.period),
                Column(_("Product group"), lambda row: row.group_name),
                Column(_("Class"), lambda row: label(row.customer_class)),
                Column(
                    _("Score"),
                    lambda row: row.score,
                    lambda row: show_score(row.score),
                    number=True,
                ),
                Column(
                    _("Grade"),
                    lambda row: label(row.grade),
                    tone=lambda row: GRADE_TONES.get(row.grade),
                ),
                Column(_("Signed on"), lambda row: day(row.signed_on), stretch=True),
            ],
            key=lambda row: (row.period, row.revision, row.group_name),
            empty=_("No evaluation has been signed."),
            name=_("Evaluations"),
        )
        column = QVBoxLayout(self)
        column.addWidget(PlainLabel(_("Offtake by months"), role="section"))
        column.addWidget(self.months, 3)
        column.addWidget(PlainLabel(_("Evaluations"), role="section"))
        column.addWidget(self.evaluations, 2)

    def show_takes(self, takes: Sequence[Take], evaluations: Sequence[Evaluated]) -> None:
        """Show those of one customer."""
        self.months.set_rows(takes)
        self.evaluations.set_rows(evaluations)


class Timeline(QWidget):
    """`show_events(events)`, the newest first; the article of the chosen one below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = Grid(
            [
                Column(_("Date"), lambda row: day(row[1].day)),
                Column(_("What happened"), lambda row: say(row[1].what), stretch=True),
            ],
            key=lambda row: row[0],
            empty=_("Nothing has happened."),
            name=_("Timeline"),
        )
        self.article = ArticleButton("")
        self.grid.chosen.connect(self._show_article)
        column = QVBoxLayout(self)
        column.addWidget(self.grid, 1)
        column.addWidget(self.article, 0, Qt.AlignmentFlag.AlignLeft)

    def show_events(self, events: Sequence[Happened]) -> None:
        """Show those of one customer."""
        self.grid.set_rows(list(enumerate(events)))

    def _show_article(self, row: tuple[int, Happened] | None) -> None:
        self.article.set_clause(row[1].what.clause if row else "")
