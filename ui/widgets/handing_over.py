"""Handing customers over: one from its card, those marked in the list, or all of a manager."""

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
from chemsales.words import _, say
from ui.context import Context
from ui.dialogs.handover import Asked, HandoverDialog, HandoverDraft, handed_words
from ui.tables.view import Grid
from ui.text import dotted
from ui.work.handover import Offered, offered, offered_with


def unmarked_words(customers: Grid) -> str:
    """Why the customers marked in the list are not handed over; "" where they may be."""
    return "" if customers.picked() else _("Choose a row first.")


def unhanded_words(row: ApplicationRow | None) -> str:
    """Why an application is not handed over by itself; "" where it may be."""
    if row is None:
        return _("Choose a row first.")
    if row.further_of or row.state is ApplicationState.ACCREDITED:
        return say(Reason("reason.handover_with_customer", {}, "C8.1"))
    return ""


class HandingOver(QObject):
    """`one(customer, name, manager)`, `marked(customers)`, `applied(application)` and
    `all_of(manager)` read what the dialog tells, then open it."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over

    def one(self, customer_id: int, name: str, manager: str) -> None:
        """Open the dialog for one customer, which can take all of its manager's along."""
        self._ask(Asked((name,), customers=(customer_id,)), manager)

    def marked(self, customers: Grid) -> None:
        """Open the dialog for the customers that are marked in the list."""
        rows = customers.picked()
        if rows:
            keys = tuple(map(int, customers.selected_keys())) or (rows[0].id,)
            several = len({row.manager for row in rows}) > 1
            names = (dotted((row.name, row.manager_name)) if several else row.name for row in rows)
            done = partial(self._open, Asked(tuple(names), customers=keys))
            seen = {row.id: row.manager for row in rows}
            self._context.read(offered_with, keys, seen, done=done)

    def applied(self, row: ApplicationRow | None) -> None:
        """Open the dialog for one application of a new customer, which can take more of its
        manager's along."""
        if row is not None and not unhanded_words(row):
            name = row.name or _("(no name yet)")
            self._ask(Asked((name,), application=row.id), row.manager)

    def all_of(self, manager: str) -> None:
        """Open the dialog for all customers of a manager, with the applications of new ones."""
        self._ask(Asked(), manager)

    def _ask(self, asked: Asked, manager: str) -> None:
        self._context.read(offered, manager, asked.application, done=partial(self._open, asked))

    def _open(self, asked: Asked, found: Offered) -> None:
        today = self._context.session.today()
        over = self._over.window()
        dialog = HandoverDialog(found.holding, found.managers, today, asked, over)
        dialog.given.connect(partial(self._write, dialog))
        key = ",".join(map(str, asked.customers))
        key = f"application {asked.application}" if asked.application else key
        dialog.open_in(self._context, key or found.holding.login)

    def _write(self, dialog: HandoverDialog, draft: HandoverDraft) -> None:
        given = (dialog.customers(), draft.handover(), dialog.applications())
        kept = len(dialog.kept_back())
        dialog.write(self._context, hand_over, *given, done=partial(self._said, kept))

    def _said(self, kept: int, changed: Changed[Handed]) -> None:
        self._context.said.emit(handed_words(changed.value, kept))
