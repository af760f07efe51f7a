"""The classes of a customer: each with what it was admitted on, and what is done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chemsales.queries.customers import ClassRow
from chemsales.queries.resale import Finding
from chemsales.rules.classification import CustomerClass
from chemsales.words import _, label, say_all
from ui import theme
from ui.actions import button, set_blocked
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.text import day
from ui.widgets.article import ArticleButton
from ui.widgets.facts import Pairs, clear
from ui.widgets.labels import PlainLabel
from ui.widgets.scrolled import scrolled
from ui.widgets.split import Split
from ui.wording import answer_pairs
from ui.work.classes import Classing


class CustomerClasses(QWidget):
    """`show_classes(rows, classing)`; `change_wanted(row)` asks for another class, `resale_wanted`
    to note that a direct customer sells on, `settling_wanted(finding)` to settle that,
    `further_wanted()` to apply for a further class."""

    change_wanted = Signal(object)  # ClassRow
    resale_wanted = Signal(object)  # ClassRow
    settling_wanted = Signal(object)  # Finding
    further_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = Grid(
            [
                Column(_("Product group"), lambda row: row.group_name),
                Column(_("Class"), lambda row: label(row.customer_class)),
                Column(_("Sales region"), lambda row: row.region),
                Column(_("From"), lambda row: day(row.from_day)),
                Column(_("To"), lambda row: day(row.to_day), stretch=True),
            ],
            key=lambda row: (row.group_code, row.from_day),
            empty=_("No class yet: it comes with the accreditation."),
            name=_("Classes"),
        )
        self.classing = Classing()
        self.article = ArticleButton("")
        self.answers, admitted = QVBoxLayout(), QWidget()
        admitted.setLayout(self.answers)
        self.change = button(_("Change the class …"), self._change, "link")
        tip = _("Apply for a class in a product group that this customer lacks, or for another one")
        self.further = button(_("Further class …"), self.further_wanted.emit, "link", tip)
        tip = _("Note that this direct customer sells on what it buys")
        self.resale = button(_("Resale found …"), self._note, "link", tip)
        self.settle = button(_("Settle …"), self._settle, "link")
        self.found = PlainLabel("", role="warning", wrap=True)
        self.grid.chosen.connect(lambda _row: self._show())
        panes = Split("card_classes", (560, 340), (self.grid, scrolled(admitted, _("Admission"))))
        panes.setMinimumHeight(theme.scaled(100))  # two classes
        panes.setMaximumHeight(theme.scaled(130))
        under = QHBoxLayout()
        under.addWidget(self.article)
        under.addStretch(1)
        under.addWidget(self.settle)
        under.addWidget(self.resale)
        under.addWidget(self.change)
        under.addWidget(self.further)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panes)
        column.addLayout(under)
        column.addWidget(self.found)

    def show_classes(self, rows: tuple[ClassRow, ...], classing: Classing) -> None:
        """Show the classes of one customer, and what stands against changing them."""
        self.classing = classing
        self.grid.set_rows(rows)
        if self.grid.row() is None:
            self.grid.select_first()
        self._show()

    def _finding(self) -> Finding | None:
        row = self.grid.row()
        held = [each for each in self.classing.findings if row and each.class_id == row.id]
        return held[0] if held else None

    def _show(self) -> None:
        row, found = self.grid.row(), self._finding()
        self.article.set_clause(row.clause if row else "", row.edition if row else None)
        clear(self.answers)
        if row is not None and row.answers:
            self.answers.addWidget(Pairs(answer_pairs(row.answers)), 0, Qt.AlignmentFlag.AlignTop)
        current = row is not None and row.to_day is None
        direct = row is not None and row.customer_class is CustomerClass.DIRECT
        self.change.setVisible(current)
        set_blocked(self.change, say_all(self.classing.unchangeable))
        set_blocked(self.further, say_all(self.classing.unasked))
        self.resale.setVisible(current and direct and found is None)
        set_blocked(self.resale, say_all(self.classing.unnotable))
        self.settle.setVisible(found is not None)
        set_blocked(self.settle, say_all(self.classing.unsettled))
        self.found.setVisible(found is not None)
        if found is not None:
            self.found.setText(
                _("Resale found on {day} by {name}: {facts}", day=found.found_on.isoformat(),
                  name=found.found_by, facts=found.facts)
            )  # fmt: skip

    def _change(self) -> None:
        self.change_wanted.emit(self.grid.row())

    def _note(self) -> None:
        self.resale_wanted.emit(self.grid.row())

    def _settle(self) -> None:
        self.settling_wanted.emit(self._finding())
