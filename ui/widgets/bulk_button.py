"""The way to approve several cases at once, where the administrator allows it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from chemsales.queries.review import Green, green_cases
from chemsales.words import _
from ui.actions import Button
from ui.context import Context
from ui.dialogs.bulk_approval import BulkApprovalDialog

FEWEST = 2  # one is approved as it is


class BulkButton(Button):
    """`read()` looks which cases may be approved together; there only where there are two.
    `looked` comes when it is known; `offered()` is the verb, "" where it is not there."""

    looked = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoDefault(False)
        self.context = context
        self.cases: tuple[Green, ...] = ()
        self.clicked.connect(self._ask)
        self.hide()

    def read(self) -> None:
        """Look again."""
        today = self.context.session.today()
        self.context.read(green_cases, today, done=self._show, channel=(id(self), "green"))

    def _show(self, cases: tuple[Green, ...]) -> None:
        self.cases = cases
        self.setText(_("Approve {count} at once …", count=len(cases)))
        self.setVisible(len(cases) >= FEWEST)
        self.looked.emit()

    def offered(self) -> str:
        """What it is called, where it is there."""
        return "" if self.isHidden() else self.text()

    def _ask(self) -> None:
        BulkApprovalDialog(self.context, self.cases, self.window()).open()
