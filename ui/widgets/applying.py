"""The form of an application over a page: a new or a stored one, one for a further class, or of who
is to be admitted anew."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chemsales.rules.roles import Action
from ui.context import Context
from ui.dialogs.application import ApplicationDialog
from ui.work import customers as work
from ui.work.customers import Opened


class Applying(QObject):
    """`new()`, `open(application)`, `further(customer)` and `again(customer)` read what the form
    begins with, then open it."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over

    def new(self) -> None:
        """Open an empty form, for whoever may fill one in."""
        if self._context.may(Action.APPLICATION_EDIT):
            self._context.read(work.opened, None, done=self._show)

    def open(self, application_id: int) -> None:
        """Open a stored application."""
        self._context.read(work.opened, application_id, done=self._show)

    def further(self, customer_id: int) -> None:
        """Open the form for a further class of a customer."""
        today = self._context.session.today()
        self._context.read(work.begun, customer_id, today, done=self._show)

    def again(self, customer_id: int) -> None:
        """Open a form with what stands in the file of a disqualified customer."""
        self._context.read(work.begun_again, customer_id, done=self._show)

    def _show(self, found: Opened) -> None:
        ApplicationDialog(
            self._context, found.groups, found.detail, self._over.window(), found.begins
        ).open()
