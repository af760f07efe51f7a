"""The complaints of one customer on its card: the list, and the chosen one to read."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from chemsales.queries.complaints import ComplaintRow
from chemsales.rules.calendar import company_day
from chemsales.rules.complaints import Severity
from chemsales.words import _, label, say_all
from ui.actions import button, set_blocked
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.text import day, dotted, when
from ui.widgets.article import ArticleButton
from ui.widgets.facts import Pair, Pairs, clear
from ui.widgets.labels import PlainLabel
from ui.widgets.scrolled import scrolled
from ui.widgets.split import Split
from ui.wording import COMPLAINT_TONES, complaint_due, complaint_left
from ui.work.complaints import UNCOMPLAINED, Complaining


class CustomerComplaints(QWidget):
    """`show_complaints(complaining)`; `regrade_wanted(row, severity)` asks to re-grade one that is
    open, `closing_wanted(row)` to close it. `offer` takes the button that records one."""

    regrade_wanted = Signal(object, object)  # ComplaintRow, Severity
    closing_wanted = Signal(object)  # ComplaintRow

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.complaining = UNCOMPLAINED
        self._make_grid()
        self.pairs, read = QVBoxLayout(), QWidget()
        self.article = ArticleButton("C12.3")
        self.close_button = button(_("Close …"), self._close, "link")
        self.grades = {
            severity: button(
                _("Re-grade: {severity} …", severity=label(severity)),
                lambda wanted=severity: self._regrade(wanted),
                "link",
                _("It turned out graver; it stays due from its receipt on"),
            )
            for severity in Severity.GENERAL.graver
        }
        under = QHBoxLayout()
        under.addWidget(self.article)
        under.addStretch(1)
        for made in (*self.grades.values(), self.close_button):
            under.addWidget(made)
        inside = QVBoxLayout(read)
        inside.addLayout(self.pairs)
        inside.addStretch(1)
        shrinks = read.sizePolicy()  # else it is never lower than at the width that it likes best
        shrinks.setVerticalPolicy(shrinks.Policy.Ignored)
        read.setSizePolicy(shrinks)
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(read, _("Complaint")), 1)
        column.addLayout(under)
        self.head = QHBoxLayout()
        self.head.addWidget(PlainLabel(_("Complaints"), role="section"), 1)
        outer = QVBoxLayout(self)
        outer.addLayout(self.head)
        outer.addWidget(Split("card_complaints", (560, 340), (self.grid, beside)), 1)
        self._show(None)

    def _make_grid(self) -> None:
        self.grid = Grid(
            [
                Column(_("Number"), lambda row: row.number),
                Column(
                    _("State"),
                    lambda row: complaint_left(row) or label(row.state),
                    tone=lambda row: COMPLAINT_TONES[row.state],
                ),
                Column(_("Severity"), lambda row: label(row.severity)),
                Column(_("Received on"), lambda row: day(company_day(row.received_at))),
                Column(_("Due by"), lambda row: day(row.due.day.day), stretch=True),
            ],
            key=lambda row: row.id,
            empty=_("No complaint has been recorded."),
            name=_("Complaints"),
        )
        self.grid.chosen.connect(self._show)

    def offer(self, accept: QPushButton) -> None:
        """Put the button that records a complaint at the head."""
        self.head.addWidget(accept)

    def show_complaints(self, complaining: Complaining) -> None:
        """Show the complaints of one customer."""
        self.complaining = complaining
        self.grid.set_rows(complaining.rows)
        if self.grid.row() is None:
            self.grid.select_first()
        self._show(self.grid.row())

    def _show(self, row: ComplaintRow | None) -> None:
        clear(self.pairs)
        self.article.setVisible(row is not None)
        running = row is not None and row.closed is None
        self.close_button.setVisible(running)
        set_blocked(self.close_button, say_all(self.complaining.unclosable))
        for severity, made in self.grades.items():
            made.setVisible(running and row is not None and severity in row.severity.graver)
            set_blocked(made, say_all(self.complaining.ungradable))
        if row is not None:
            self.article.set_clause("C12.3", row.edition)
            self.pairs.addWidget(Pairs((*_received(row), *_closed(row))))

    def _regrade(self, severity: Severity) -> None:
        self.regrade_wanted.emit(self.grid.row(), severity)

    def _close(self) -> None:
        self.closing_wanted.emit(self.grid.row())


def _received(row: ComplaintRow) -> Iterator[Pair]:
    """What was recorded of a complaint, and by when it is due."""
    yield _("Complaint"), row.content
    yield _("Severity"), label(row.severity)
    for each in row.regrades:
        moved = _("{before} → {after}", before=label(each.before), after=label(each.severity))
        yield _("Re-graded"), dotted((moved, each.reason, each.by, when(each.at)))
    yield _("To be answered by"), complaint_due(row)
    yield _("Received at"), dotted((when(row.received_at), label(row.channel), row.recorded_by))
    if row.product or row.lot:
        yield _("Product"), dotted((row.product, row.lot))


def _closed(row: ComplaintRow) -> Iterator[Pair]:
    """What closed a complaint."""
    if row.closed is None:
        return
    said = row.closed.closing
    if said.meeting_on is not None:
        held = (day(said.meeting_on), row.closed.chair, said.meeting_attendees)
        yield _("Special meeting"), dotted(held)
        yield _("What was decided"), said.meeting_decision
    yield _("Opinion and outcome"), said.opinion
    way = label(said.told_way) if said.told_way else ""
    yield _("Customer told"), dotted((day(said.told_on), way, said.told_by))
    yield _("Closed at"), dotted((when(row.closed.at), row.closed.by, label(row.state)))
