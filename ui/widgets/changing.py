"""Changing the file of a customer, and correcting a change that finance sent back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chemsales.services.changes import Changed
from chemsales.services.customer_change import withdraw
from chemsales.words import _
from ui.context import Context
from ui.dialogs import message
from ui.dialogs.customer_change import CustomerChangeDialog, FileForm
from ui.work import customer_change as work
from ui.work.customer_change import Changing


class FileChanging(QObject):
    """`change(customer)` and `correct(change)` read what the dialog tells, then open it."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over

    def change(self, customer_id: int) -> None:
        """Open the dialog on the file in force, or say why it is not to be changed."""
        self._context.read(work.changing, customer_id, done=self._open)

    def correct(self, key: int) -> None:
        """Open the dialog on a change that came back, or say why it is not to be corrected."""
        self._context.read(work.correcting, key, done=self._open)

    def withdraw(self, key: int, seen_version: int) -> None:
        """Take a change back that finance has not decided, after asking."""
        message.ask(
            _("Withdraw this change?"),
            _("What is in force stays; the change can be asked for again."),
            _("Withdraw"),
            lambda: self._context.write(withdraw, key, seen_version),
            parent=self._over.window(),
        )

    def _open(self, found: Changing) -> None:
        dialog = CustomerChangeDialog(self._context, found, self._over.window())
        dialog.given.connect(partial(self._write, dialog))
        subject = found.file.customer_id
        dialog.open_in(self._context, f"correct {subject}" if found.correcting else subject)

    def _write(self, dialog: CustomerChangeDialog, typed: FileForm) -> None:
        found, change = dialog.found, dialog.change_of(typed)
        if found.correcting and found.waiting is not None:
            stored = found.waiting.stored
            what = (work.correct, stored.id, stored.case.version, change, typed.scan)
        else:
            what = (work.change, found.file.customer_id, dialog.seen, change, typed.scan)
        dialog.write(self._context, *what, done=self._said)

    def _said(self, changed: Changed[int | None]) -> None:
        waits = changed.value is not None
        self._context.said.emit(_("Waits for finance.") if waits else _("The file is changed."))
