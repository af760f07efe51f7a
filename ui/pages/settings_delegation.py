"""Delegations: who signs for whom, on which days; the own ones are given and revoked here."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from chemsales.queries import delegation as query
from chemsales.queries.delegation import Candidate, DelegationRow
from chemsales.rules.delegation import Standing, delegable
from chemsales.rules.errors import Reason
from chemsales.services import delegation as service
from chemsales.services.changes import Subject
from chemsales.words import _, label, say
from ui.actions import button_for
from ui.context import Context
from ui.dialogs import message
from ui.dialogs.delegation import DelegationDialog
from ui.pages.page import Page
from ui.tables.columns import Column
from ui.tables.frame import GridFrame
from ui.tables.view import Grid
from ui.theme import Tone
from ui.widgets.labels import PlainLabel

TONES = {
    Standing.TO_COME: Tone.REVIEW,
    Standing.IN_FORCE: Tone.OK,
    Standing.OVER: Tone.DRAFT,
    Standing.REVOKED: Tone.DRAFT,
    Standing.IDLE: Tone.PROBLEM,
}


class DelegationSection(Page):
    """Those given and received by this person; everybody's for who controls the logins."""

    nested = True
    subjects = frozenset({Subject.DELEGATION, Subject.PEOPLE})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        give = self.act("settings.delegate", self.give)
        self.give_button = button_for(give, "primary")
        self.add_button(self.give_button)
        note = _("A delegate signs for the principal; both names stand on the signature.")
        self.body.addWidget(PlainLabel(note, role="quiet", wrap=True))
        today = context.session.today
        self.table = Grid(
            [
                Column(_("Delegated by"), lambda row: row.principal_name, field="principal"),
                Column(_("Delegate"), lambda row: row.delegate_name, field="delegate"),
                Column(_("Role"), lambda row: label(row.role), field="role"),
                Column(
                    _("State"),
                    lambda row: label(row.standing(today())),
                    tone=lambda row: TONES[row.standing(today())],
                    field="state",
                ),
                Column(_("First day"), lambda row: row.first, field="first"),
                Column(_("Last day"), lambda row: row.last, field="last"),
                Column(
                    _("Reason"), lambda row: row.reason, widest=24, stretch=True, field="reason"
                ),
            ],
            key=lambda row: row.id,
            empty=_("No signature is delegated."),
            name=_("Delegations"),
        )
        self.body.addWidget(GridFrame(self.table, context, "delegations"), 1)
        self.revoke_button = button_for(self.act("settings.revoke", self.revoke), "danger")
        row = QHBoxLayout()
        row.addWidget(self.revoke_button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.table.chosen.connect(self._choose)
        self._choose(None)

    def title(self) -> str:
        return _("Delegations")

    def refresh(self) -> None:
        self.context.read(query.delegations, done=self.table.set_rows)

    def give(self) -> None:
        """Ask to whom and for which days, and delegate."""
        self.context.read(query.candidates, done=self._ask)

    def _ask(self, people: list[Candidate]) -> None:
        (role, *_others) = delegable(self.context.actor)
        dialog = DelegationDialog(role, people, self.context.session.today(), self.window())
        dialog.given.connect(
            lambda draft: dialog.write(
                self.context,
                service.delegate,
                draft.delegate,
                role,
                draft.first,
                draft.last,
                draft.reason,
            )
        )
        dialog.open_in(self.context)

    def revoke(self) -> None:
        """End the delegation chosen, after asking."""
        row = self.table.row()
        if row is not None:
            message.ask(
                _("Revoke the delegation to {name}?", name=row.delegate_name),
                _("It ends at once. What was signed by it stands."),
                _("Revoke"),
                partial(self.context.write, service.revoke, row.id),
                danger=True,
                parent=self.window(),
            )

    def _choose(self, row: DelegationRow | None) -> None:
        self.acts["settings.revoke"].block(self._why_not_revoke(row))

    def _why_not_revoke(self, row: DelegationRow | None) -> str:
        if row is None:
            return _("Choose a delegation first.")
        if row.principal != self.context.actor.login:
            return say(Reason("reason.delegation_of_another", {"login": row.principal}, "C7.2"))
        if row.revoked_at is not None:
            return say(Reason("reason.delegation_revoked", {}, "C7.2"))
        return _("It is over.") if row.last < self.context.session.today() else ""
