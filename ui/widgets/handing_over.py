"""Handing customers over: one from its card, or all of a manager."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chemsales.queries.accreditation import ApplicationRow
from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import Reason
from chemsales.rules.handover import Handed
from chemsales.services.changes import Changed
from chemsales.services.handover import hand_over
from chemsales.words import say
from ui.context import Context
from ui.dialogs.handover import Asked, HandoverDialog, HandoverDraft, handed_words
from ui.work.handover import Offered, offered


def unhanded_words(row: ApplicationRow) -> str:
    """Why an application is not handed over by itself; "" where it may be."""
    if row.further_of or row.state is ApplicationState.ACCREDITED:
        return say(Reason("reason.handover_with_customer", {}, "C8.1"))
    return ""


class HandingOver(QObject):
    """`one(customer, name, manager)`, `applied(application, name, manager)` and `all_of(manager)`
    read what the dialog tells, then open it."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over

    def one(self, customer_id: int, name: str, manager: str) -> None:
        """Open the dialog for one customer, which can take all of its manager's along."""
        self._ask(Asked(name, customer=customer_id), manager)

    def applied(self, application_id: int, name: str, manager: str) -> None:
        """Open the dialog for one application of a new customer, which can take more of its
        manager's along."""
        self._ask(Asked(name, application=application_id), manager)

    def all_of(self, manager: str) -> None:
        """Open the dialog for all customers of a manager, with the applications of new ones."""
        self._ask(Asked(), manager)

    def _ask(self, asked: Asked, manager: str) -> None:
        done = partial(self._open, asked)
        self._context.read(offered, manager, asked.application, done=done)

    def _open(self, asked: Asked, found: Offered) -> None:
        today = self._context.session.today()
        over = self._over.window()
        dialog = HandoverDialog(found.holding, found.managers, today, asked, over)
        dialog.given.connect(partial(self._write, dialog))
        key = asked.customer or (f"application {asked.application}" if asked.application else "")
        dialog.open_in(self._context, key or found.holding.login)

    def _write(self, dialog: HandoverDialog, draft: HandoverDraft) -> None:
        given = (dialog.customers(), draft.handover(), dialog.applications())
        kept = len(dialog.kept_back())
        dialog.write(self._context, hand_over, *given, done=partial(self._said, kept))

    def _said(self, kept: int, changed: Changed[Handed]) -> None:
        self._context.said.emit(handed_words(changed.value, kept))
