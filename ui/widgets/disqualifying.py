"""Proposing to cancel a customer's qualification, correcting what came back, showing the form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chemsales.services.changes import Changed
from chemsales.words import _
from ui.context import Context
from ui.dialogs.disqualification import DisqualificationDialog, DisqualificationDraft
from ui.dialogs.preview import PreviewDialog
from ui.work import disqualification as work
from ui.work.disqualification import Proposing


class Disqualifying(QObject):
    """`propose(customer)` and `correct(proposal)` read what the dialog tells, then open it."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over

    def propose(self, customer_id: int, name: str) -> None:
        """Open the dialog for a new proposal, or say why none may be made."""
        today = self._context.session.today()
        done = partial(self._open_new, customer_id, name)
        self._context.read(work.proposing, customer_id, today, done=done)

    def correct(self, key: int) -> None:
        """Open the dialog on a proposal that came back, or say why it is not to be corrected."""
        today = self._context.session.today()
        self._context.read(work.correcting, key, today, done=self._open_again)

    def _dialog(self, name: str, found: Proposing) -> DisqualificationDialog:
        today = self._context.session.today()
        kept = found.detail.stored.papers if found.detail else ()
        return DisqualificationDialog(name, found.effects, today, len(kept), self._over.window())

    def _open_new(self, customer_id: int, name: str, found: Proposing) -> None:
        dialog = self._dialog(name, found)
        self._write_given(dialog, work.propose, customer_id)
        dialog.open_in(self._context, customer_id)

    def _open_again(self, found: Proposing) -> None:
        assert found.detail is not None
        stored = found.detail.stored
        assert stored.case is not None
        dialog = self._dialog(stored.customer_name, found)
        dialog.fill(DisqualificationDraft.of(stored.proposal))
        self._write_given(dialog, work.correct, stored.id, stored.case.version)
        dialog.open_in(self._context, f"correct {stored.id}")

    def _write_given(
        self, dialog: DisqualificationDialog, write: Callable[..., object], *record: int
    ) -> None:
        def given(draft: DisqualificationDraft) -> None:
            what = (*record, draft.proposal(), draft.papers)
            dialog.write(self._context, write, *what, done=self._said)

        dialog.given.connect(given)

    def _said(self, _changed: Changed[object]) -> None:
        self._context.said.emit(_("Put up for decision."))


def show_form(context: Context, key: int, over: QWidget) -> None:
    """Show the form of a proposal as it prints."""
    given = (_("Drawing the form"), context.jobs, work.form, context.actor, key)
    PreviewDialog(*given, parent=over.window()).open()
