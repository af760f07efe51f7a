"""The papers of a customer and of an application, shown as they print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from chemsales.words import _
from ui.context import Context
from ui.dialogs.preview import PreviewDialog
from ui.work import customers as work
from ui.work.papers import Paper


def show_file_card(context: Context, customer_id: int, day: date, over: QWidget) -> None:
    """Show the file card of a customer as on a day."""
    _show(context, over, work.printed_card, customer_id, day)


def show_application_form(context: Context, application_id: int, over: QWidget) -> None:
    """Show the form of an application."""
    _show(context, over, work.form, application_id)


def _show(context: Context, over: QWidget, drawn: Callable[..., Paper], *given: object) -> None:
    title = _("Drawing the form")
    PreviewDialog(title, context.jobs, drawn, context.actor, *given, parent=over.window()).open()
