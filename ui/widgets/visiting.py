"""Noting and correcting visits from a customer's card."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chemsales.queries.visits import Visit
from chemsales.words import _, say_all
from ui.context import Context
from ui.dialogs.visit import VisitDialog
from ui.widgets.customer_card import CustomerCard


class VisitDialogs(QObject):
    """The dialogs of the visits to the customer whose card is open."""

    def __init__(self, context: Context, card: CustomerCard, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._card, self._over = context, card, over
        card.visits.correction_wanted.connect(self.open)

    def why(self, shown: bool) -> str:
        """Why no visit can be noted now, "" where one can; `shown`: whether the card is."""
        if not shown:
            return _("Open a customer's card first.")
        return say_all(self._card.visits.visiting.unnotable)

    def note(self) -> None:
        """Ask for a visit."""
        self.open(None)

    def open(self, wrong: Visit | None) -> None:
        """Ask for a visit, or for what is right about one."""
        if self._card.card is not None:
            customer = self._card.card.detail
            dialog = VisitDialog(self._context, customer, wrong, self._over.window())
            dialog.open_in(self._context, f"{customer.id} {wrong.id if wrong else ''}")
