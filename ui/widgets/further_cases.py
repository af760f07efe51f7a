"""The applications by which a customer got further classes, or asks for one: what was signed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chemsales.rules.customer import ApplicationState
from chemsales.words import _, label
from ui.actions import button
from ui.widgets.decisions import DecisionsView
from ui.widgets.facts import clear
from ui.widgets.labels import PlainLabel
from ui.work.customers import FurtherCase


class FurtherCases(QWidget):
    """`show_cases(cases)`; `opened(id)` asks for the application, `print_wanted(id)` for its form
    as it prints."""

    opened = Signal(int)
    print_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_cases(self, cases: Sequence[FurtherCase]) -> None:
        """Show these in place of those before."""
        clear(self._column)
        for case in cases:
            self._column.addWidget(self._head(case))
            signed = DecisionsView()
            signed.show_decisions(case.decisions)
            self._column.addWidget(signed)

    def _head(self, case: FurtherCase) -> QWidget:
        number = case.number
        title = _("Further class: application {number}", number=number)
        if case.state is not ApplicationState.ACCREDITED:
            title = f"{title} · {label(case.state)}"
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(PlainLabel(title, role="section"))
        tip = _("Open application {number}", number=number)
        row.addWidget(button(_("Open …"), partial(self.opened.emit, case.id), "link", tip))
        tip = _("Show the form of application {number} as it prints", number=number)
        form = button(
            _("Application form …"), partial(self.print_wanted.emit, case.id), "link", tip
        )
        row.addWidget(form)
        row.addStretch(1)
        return made
