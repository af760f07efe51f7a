"""Changing the class of a customer, and what follows when a direct one sells on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chemsales.queries.customers import ClassRow, CustomerDetail
from chemsales.queries.resale import Finding
from chemsales.rules.classification import CustomerClass
from chemsales.services import resale
from chemsales.services.customers import change_class
from chemsales.words import _
from ui.context import Context
from ui.dialogs.class_change import ClassChangeDialog, ClassForm
from ui.dialogs.reason import ReasonDialog


class ClassChanges(QObject):
    """The dialogs of a card's classes."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over

    def change(self, detail: CustomerDetail, row: ClassRow) -> None:
        """Ask for another class in a product group."""
        dialog = ClassChangeDialog(self._context, detail, row, self._over.window())
        dialog.given.connect(partial(self._change, dialog, detail, row))
        dialog.open_in(self._context, f"{detail.id} {row.group_code}")

    def _change(
        self, dialog: ClassChangeDialog, detail: CustomerDetail, row: ClassRow, typed: ClassForm
    ) -> None:
        dialog.write(
            self._context, change_class, detail.id, row.group_code,
            CustomerClass(typed.customer_class), typed.from_day, typed.basis, detail.version,
            typed.region, typed.purpose, typed.answers(),
        )  # fmt: skip

    def note(self, detail: CustomerDetail, row: ClassRow) -> None:
        """Ask what was found."""
        self._ask(
            _("Resale found"),
            _("{name}, {group}: what was found, where and when. It stays open until it is "
              "settled in words or the class is changed.",
              name=detail.facts.name, group=row.group_name),
            _("Note it"),
            resale.note,
            row.id,
        )  # fmt: skip

    def settle(self, finding: Finding) -> None:
        """Ask why the customer stays a direct one."""
        self._ask(
            _("Settle the resale"),
            finding.facts,
            _("Settle it"),
            resale.close,
            finding.id,
        )

    def _ask(self, title: str, told: str, verb: str, service: Callable[..., Any], key: int) -> None:
        def given(text: str, dialog: ReasonDialog) -> None:
            dialog.write(self._context, service, key, text)

        dialog = ReasonDialog(title, told, verb, given, parent=self._over.window())
        dialog.open_in(self._context, f"{title} {key}")
