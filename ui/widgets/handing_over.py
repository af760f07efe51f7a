"""Handing customers over: one from its card, or all of a manager."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chemsales.rules.handover import Handed
from chemsales.services.changes import Changed
from chemsales.services.handover import hand_over
from ui.context import Context
from ui.dialogs.handover import HandoverDialog, HandoverDraft, handed_words
from ui.work.handover import Offered, offered


class HandingOver(QObject):
    """`one(customer, name, manager)` and `all_of(manager)` read what the dialog tells, then open
    it."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over

    def one(self, customer_id: int, name: str, manager: str) -> None:
        """Open the dialog for one customer, which can take all of its manager's along."""
        self._context.read(offered, manager, done=partial(self._open, customer_id, name))

    def all_of(self, manager: str) -> None:
        """Open the dialog for all customers of a manager, with the applications of new ones."""
        self._context.read(offered, manager, done=partial(self._open, 0, ""))

    def _open(self, customer_id: int, name: str, found: Offered) -> None:
        today = self._context.session.today()
        over = self._over.window()
        dialog = HandoverDialog(found.holding, found.managers, today, name, customer_id, over)
        dialog.given.connect(partial(self._write, dialog, customer_id))
        dialog.open_in(self._context, customer_id or found.holding.login)

    def _write(self, dialog: HandoverDialog, customer_id: int, draft: HandoverDraft) -> None:
        every = draft.all_of_them or not customer_id
        held = dialog.holding
        keys, applied = (held.customers, held.applications) if every else ((customer_id,), ())
        dialog.write(self._context, hand_over, keys, draft.handover(), applied, done=self._said)

    def _said(self, changed: Changed[Handed]) -> None:
        self._context.said.emit(handed_words(changed.value))
