"""Recording, re-grading and closing complaints from a customer's card."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chemsales.queries.complaints import ComplaintRow
from chemsales.queries.customers import CustomerDetail
from chemsales.rules.complaints import Severity
from chemsales.services import complaints
from chemsales.words import _, label, say_all
from ui.context import Context
from ui.dialogs.complaint import ComplaintClosingDialog, ComplaintDialog
from ui.dialogs.reason import ReasonDialog
from ui.widgets.customer_card import CustomerCard
from ui.work.complaints import Offers, offers


class ComplaintDialogs(QObject):
    """The dialogs of the complaints of the customer whose card is open."""

    def __init__(self, context: Context, card: CustomerCard, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._card, self._over = context, card, over
        card.complaints.regrade_wanted.connect(self.regrade)
        card.complaints.closing_wanted.connect(self.close)

    def why(self, shown: bool) -> str:
        """Why no complaint can be recorded now, "" where one can; `shown`: whether the card is."""
        if not shown:
            return _("Open a customer's card first.")
        return say_all(self._card.complaints.complaining.unacceptable)

    def accept(self) -> None:
        """Ask for a complaint."""
        self._ask(self._accept)

    def close(self, row: ComplaintRow) -> None:
        """Ask for what closes one."""
        self._ask(partial(self._close, row))

    def _ask(self, ask: Callable[[CustomerDetail, Offers], None]) -> None:
        """Read what the dialog offers, then open it."""
        if self._card.card is not None:
            customer = self._card.card.detail
            today = self._context.session.today()
            self._context.read(offers, today, done=partial(ask, customer))

    def _accept(self, customer: CustomerDetail, offered: Offers) -> None:
        dialog = ComplaintDialog(self._context, customer, offered, self._over.window())
        dialog.open_in(self._context, customer.id)

    def _close(self, row: ComplaintRow, customer: CustomerDetail, offered: Offers) -> None:
        dialog = ComplaintClosingDialog(
            self._context, row, customer.manager_name, offered, self._over.window()
        )
        dialog.open_in(self._context, row.id)

    def regrade(self, row: ComplaintRow, severity: Severity) -> None:
        """Ask why it is graver."""

        def given(text: str, dialog: ReasonDialog) -> None:
            dialog.write(
                self._context, complaints.regrade, row.id, severity, text,
                done=lambda _changed: self._context.said.emit(said),
            )  # fmt: skip

        said = _("{number} is re-graded: {before} → {after}.", number=row.number,
                 before=label(row.severity), after=label(severity))  # fmt: skip

        title = _("Re-grade: {severity}", severity=label(severity))
        told = _("{number}: it stays due from its receipt on, and is not graded down again.",
                 number=row.number)  # fmt: skip
        dialog = ReasonDialog(title, told, _("Re-grade it"), given, parent=self._over.window())
        dialog.open_in(self._context, f"{row.id} {severity}")
