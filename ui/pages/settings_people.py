"""Logins: who may sign in, with which roles (administrator only)."""

from __future__ import annotations

from functools import partial

from chemsales.queries import people as query
from chemsales.queries.people import PersonRow
from chemsales.rules.errors import Reason
from chemsales.services import people as service
from chemsales.services.changes import Changed, Subject
from chemsales.words import _, label, say
from ui.actions import button_for
from ui.context import Context
from ui.dialogs import message
from ui.dialogs.person import (
    OneTimePassword,
    PersonDialog,
    hand_over_words,
    new_password,
    work_left,
)
from ui.pages.page import Page
from ui.tables.columns import Column
from ui.tables.frame import GridFrame
from ui.tables.view import Grid
from ui.theme import Tone
from ui.widgets.flow import FlowLayout
from ui.widgets.handing_over import HandingOver


class PeopleSection(Page):
    """A table of logins; what is done to the one chosen stands below it."""

    nested = True
    subjects = frozenset({Subject.PEOPLE, Subject.CUSTOMER, Subject.ACCREDITATION})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.create_button = button_for(self.act("settings.new_person", self.create), "primary")
        self.add_button(self.create_button)
        self.table = Grid(
            [
                Column(_("Login"), lambda row: row.login, field="login"),
                Column(_("Name"), lambda row: row.name, field="name"),
                Column(_("Roles"), _roles, field="roles"),
                Column(_("Customers"), lambda row: row.customers or "", field="customers"),
                Column(_("State"), _state, tone=_tone, stretch=True, field="state"),
            ],
            key=lambda row: row.login,
            empty=_("Nobody has a login yet."),
            name=_("People"),
        )
        self.body.addWidget(GridFrame(self.table, context, "people"), 1)
        self.edit_button = button_for(self.act("settings.change_roles", self.edit))
        self.reset_button = button_for(self.act("settings.reset_password", self.reset))
        self.confirm_button = button_for(self.act("settings.confirm_password", self.confirm))
        self.handing_over = HandingOver(context, self)
        self.hand_over_button = button_for(self.act("settings.hand_over", self.hand_over))
        self.active_button = button_for(self.act("settings.forbid_login", self.forbid), "danger")
        self.allow_button = button_for(self.act("settings.allow_login", self.allow))
        row = FlowLayout(gap=8)
        for made in (
            self.edit_button,
            self.reset_button,
            self.confirm_button,
            self.hand_over_button,
            self.active_button,
            self.allow_button,
        ):
            row.addWidget(made)
        self.body.addLayout(row)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda _row: self.edit())
        self._choose(None)

    def title(self) -> str:
        return _("People")

    def refresh(self) -> None:
        self.context.read(query.people, done=self.table.set_rows)

    def create(self) -> None:
        """Ask for a new login and give it a one-time password."""
        dialog = PersonDialog(None, self.window())
        password = new_password()

        def done(changed: Changed[str]) -> None:
            OneTimePassword(changed.value, password, self.window()).open()

        dialog.given.connect(
            lambda draft: dialog.write(
                self.context,
                service.create_person,
                draft.login,
                draft.name,
                draft.roles,
                password,
                done=done,
            )
        )
        dialog.open_in(self.context)

    def edit(self) -> None:
        """Change the roles of the person chosen."""
        row = self.table.row()
        if row is None or not self.edit_button.isEnabled():
            return
        dialog = PersonDialog(row, self.window())
        dialog.given.connect(
            lambda draft: dialog.write(
                self.context, service.set_roles, row.login, draft.roles, dialog.seen
            )
        )
        dialog.handing_over.connect(partial(self.handing_over.all_of, row.login))
        dialog.open_in(self.context, row.login)

    def reset(self) -> None:
        """Give the person chosen a one-time password, after asking."""
        row = self.table.row()
        if row is not None:
            message.ask(
                _("Give {name} a new one-time password?", name=row.name),
                _("The password until now holds no longer. The new one is shown once."),
                _("Give a new password"),
                lambda: self._reset(row),
                parent=self.window(),
            )

    def confirm(self) -> None:
        """Confirm the new password of the person chosen, after asking."""
        row = self.table.row()
        if row is not None:
            message.ask(
                _("Has {name} asked for the new password?", name=row.name),
                _("Ask the person, face to face or by telephone. Until a second person confirms, "
                  "nothing can be signed with the new password."),
                _("Confirm the new password"),
                lambda: self.context.write(service.confirm_reset, row.login),
                parent=self.window(),
            )  # fmt: skip

    def allow(self) -> None:
        """Allow the login of the person chosen again."""
        row = self.table.row()
        if row is not None and not row.active:
            self._set_active(row, True)

    def forbid(self) -> None:
        """Forbid the login of the person chosen, after asking."""
        row = self.table.row()
        if row is None or not row.active:
            return
        text = _("What the person did stays. The login can be allowed again.")
        instead = None
        if left := work_left(row):
            text = f"{text} {left}"
            instead = (hand_over_words(), partial(self.handing_over.all_of, row.login))
        message.ask(
            _("Forbid the login of {name}?", name=row.name),
            text,
            _("Forbid the login"),
            lambda: self._set_active(row, False),
            danger=True,
            parent=self.window(),
            instead=instead,
        )

    def hand_over(self) -> None:
        """Hand all customers and applications of the person chosen over to another."""
        row = self.table.row()
        if row is not None and self.hand_over_button.isEnabled():
            self.handing_over.all_of(row.login)

    def _reset(self, row: PersonRow) -> None:
        def done(changed: Changed[str]) -> None:
            OneTimePassword(row.login, changed.value, self.window()).open()

        self.context.write(service.reset_password, row.login, done=done)

    def _set_active(self, row: PersonRow, active: bool) -> None:
        self.context.write(service.set_active, row.login, active, row.version)

    def _choose(self, row: PersonRow | None) -> None:
        why = ""
        if row is None:
            why = _("Choose a person first.")
        elif row.login == self.context.actor.login:
            why = say(Reason("reason.not_for_oneself"))
        for name in ("change_roles", "reset_password"):
            self.acts[f"settings.{name}"].block(why)
        self._show_login(row, why)
        has = row is None or row.customers or row.applications or row.ended
        none = "" if has else say(Reason("reason.handover_none"))
        unchosen = _("Choose a person first.") if row is None else ""
        self.acts["settings.hand_over"].block(unchosen or none)
        self.acts["settings.confirm_password"].block(self._why_not_confirm(row))

    def _why_not_confirm(self, row: PersonRow | None) -> str:
        if row is None:
            return _("Choose a person first.")
        if not row.reset_by:
            return say(Reason("reason.reset_not_waiting", {"login": row.login}))
        if self.context.actor.login in (row.login, *row.reset_by):
            return say(Reason("reason.reset_second_person", {}, "C5.1"))
        return ""

    def _show_login(self, row: PersonRow | None, why: str) -> None:
        """Offer the one of the two that changes something."""
        active = row is None or row.active
        forbid, allow = self.acts["settings.forbid_login"], self.acts["settings.allow_login"]
        forbid.setVisible(active)
        allow.setVisible(not active)
        forbid.block(why or ("" if active else _("This login is forbidden already.")))
        allow.block(why or (_("This login is allowed already.") if active else ""))


def _roles(row: PersonRow) -> str:
    return _(", ").join(label(role) for role in row.roles)


def _state(row: PersonRow) -> str:
    if not row.active:
        return _("Forbidden")
    if row.reset_by:
        return _("New password, to be confirmed by a second person")
    return _("Has to change the password") if row.must_change else _("Active")


def _tone(row: PersonRow) -> Tone:
    if not row.active:
        return Tone.PROBLEM
    return Tone.SOON if row.must_change or row.reset_by else Tone.OK
