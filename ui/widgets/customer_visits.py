"""The visits to one customer on its card: the list, and the chosen one to read."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from chemsales.queries.visits import Visit
from chemsales.rules.visits import SECTIONS
from chemsales.words import _, field, label, say_all
from ui.actions import button, set_blocked
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.text import day
from ui.widgets.article import ArticleButton
from ui.widgets.facts import Pair, Pairs, clear
from ui.widgets.labels import PlainLabel
from ui.widgets.scrolled import scrolled
from ui.widgets.split import Split
from ui.work.visits import Visiting


class CustomerVisits(QWidget):
    """`show_visits(visiting)`; `correction_wanted(visit)` asks to correct one. `head` has room for
    the button that notes one."""

    correction_wanted = Signal(object)  # Visit

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.visiting = Visiting()
        self.grid = Grid(
            [
                Column(_("Visited on"), lambda row: day(row.visited_on)),
                Column(_("Way"), lambda row: label(row.way)),
                Column(_("Visited by"), lambda row: row.visitor),
                Column(_("Spoke with"), lambda row: row.received_by, widest=24),
                Column(_("Next visit on"), lambda row: day(row.next_on), stretch=True),
            ],
            key=lambda row: row.id,
            empty=_("No visit has been recorded."),
            name=_("Visits"),
        )
        self.grid.chosen.connect(self._show)
        self.corrected = PlainLabel("", role="quiet", wrap=True)
        self.sections, said = QVBoxLayout(), QWidget()
        self.article = ArticleButton("C11.2")
        tip = _("Put what is right in the place of what was noted of this visit")
        self.correct = button(_("Correct …"), self._correct, "link", tip)
        column = QVBoxLayout(said)
        column.addWidget(self.corrected)
        column.addLayout(self.sections)
        under = QHBoxLayout()
        under.addWidget(self.article)
        under.addStretch(1)
        under.addWidget(self.correct)
        column.addLayout(under)
        column.addStretch(1)
        self.head = QHBoxLayout()
        self.head.addWidget(PlainLabel(_("Visits"), role="section"), 1)
        panes = Split("card_visits", (520, 380), (self.grid, scrolled(said, _("Visit"))))
        outer = QVBoxLayout(self)
        outer.addLayout(self.head)
        outer.addWidget(panes, 1)
        self._show(None)

    def offer(self, record: QPushButton) -> None:
        """Put the button that notes a visit at the head."""
        self.head.addWidget(record)

    def show_visits(self, visiting: Visiting) -> None:
        """Show the visits to one customer."""
        self.visiting = visiting
        self.grid.set_rows(visiting.visits)
        if self.grid.row() is None:
            self.grid.select_first()
        self._show(self.grid.row())

    def _show(self, row: Visit | None) -> None:
        clear(self.sections)
        shown = row is not None
        self.article.setVisible(shown)
        self.correct.setVisible(shown)
        self.corrected.setVisible(row is not None and row.replaced is not None)
        if row is None:
            return
        told = _("Corrected on {day} by {name}", day=day(row.noted_on), name=row.noter)
        self.corrected.setText(told)
        self.sections.addWidget(Pairs(_said(row)))
        for each in row.earlier:
            self.sections.addWidget(PlainLabel(_("Before the correction"), role="section"))
            told = _("Recorded on {day} by {name}", day=day(each.noted_on), name=each.noter)
            self.sections.addWidget(PlainLabel(told, role="quiet", wrap=True))
            at = [(_("Visited on"), day(each.visited_on)), (_("Way"), label(each.way))]
            self.sections.addWidget(Pairs([*at, *_said(each)]))
        set_blocked(self.correct, say_all(self.visiting.uncorrectable.get(row.id, ())))

    def _correct(self) -> None:
        self.correction_wanted.emit(self.grid.row())


def _said(row: Visit) -> list[Pair]:
    """What was noted of a visit."""
    said = [(field(place), getattr(row, place)) for place in SECTIONS]
    after = [(_("Next visit on"), day(row.next_on))] if row.next_on else []
    return [(_("Spoke with"), row.received_by), *said, *after]
