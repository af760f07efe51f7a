"""A person's login and roles, and the one-time password that is shown once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from chemsales.queries import people as query
from chemsales.queries.audit import last_change
from chemsales.queries.people import PersonRow
from chemsales.rules.roles import Actor, Role, role_conflicts
from chemsales.services.changes import Subject
from chemsales.words import _, label
from ui import theme
from ui.actions import button
from ui.dialogs.base import Dialog
from ui.dialogs.form_dialog import FormDialog
from ui.forms.field import FieldSet, FormField
from ui.forms.form import Form
from ui.forms.merging import Newer, newer_by
from ui.verbs import VERBS
from ui.widgets.labels import PlainLabel
from ui.widgets.reasons import ReasonsLabel


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """A login, the name of the person and the roles held."""

    login: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset()


def hand_over_words() -> str:
    """What handing over the customers of a person is called."""
    verb = VERBS["settings.hand_over"]
    return _(verb.text)


def work_left(row: PersonRow) -> str:
    """That a person who is account manager no longer would still have customers, or applications of
    new ones that nobody could correct or apply for again; "" where neither."""
    found = []
    if row.customers:
        found.append(_("Customers that are still this person's: {count}.", count=row.customers))
    if row.applications:
        found.append(
            _("Applications of new customers that are not decided: {count}.",
              count=row.applications)
        )  # fmt: skip
    if row.ended:
        found.append(
            _("Applications of new customers that ended and can be applied for again: {count}.",
              count=row.ended)
        )  # fmt: skip
    if found:
        found.append(
            _("Hand them over first, or at once afterwards: nobody looks after them until then.")
        )
    return " ".join(found)


def new_password() -> str:
    """A random one-time password."""
    return secrets.token_urlsafe(15)


def newer(login: str, actor: Actor) -> Newer:
    """The person's roles as another desk left them."""
    row = next(row for row in query.people(actor) if row.login == login)
    changed = last_change(actor, Subject.PEOPLE, login)
    draft = PersonDraft(row.login, row.name, frozenset(row.roles))
    return newer_by(draft, row.version, changed)


class RoleBoxes:
    """A check box for each role, as one part of a draft."""

    def __init__(self, fields: FieldSet) -> None:
        self.boxes = {role: QCheckBox(label(role)) for role in Role}
        self.fields = [
            fields.add(FormField(f"roles.{role}", label(role), box))
            for role, box in self.boxes.items()
        ]

    def value(self) -> frozenset[Role]:
        """The roles ticked."""
        return frozenset(role for role, box in self.boxes.items() if box.isChecked())

    def set_value(self, roles: frozenset[Role]) -> None:
        """Tick these."""
        for role, box in self.boxes.items():
            box.setChecked(role in roles)


class PersonDialog(FormDialog):
    """`given(PersonDraft)`. For a person who exists (`row`) only the roles can be changed. Roles
    that exclude each other are told at once; that an account manager would be left with customers
    or applications too, with `handing_over` for who wants to hand them over first."""

    handing_over = Signal()

    def __init__(self, row: PersonRow | None, parent: QWidget | None = None) -> None:
        title = _("New login") if row is None else _("Change roles")
        super().__init__(title, parent, labels_above=True)
        self.setMinimumWidth(theme.scaled(420))
        self.form.add("login", _("Login"), required=row is None)
        self.form.add("name", _("Name"), required=row is None)
        self.body.addWidget(self.form)
        self.body.addWidget(PlainLabel(_("Roles")))
        self.role_boxes = RoleBoxes(self.fields)
        self.boxes = self.role_boxes.boxes
        for field in self.role_boxes.fields:
            self.body.addWidget(field)
        self.conflicts = ReasonsLabel()
        self.missing = self.fields.add_note("roles")
        self.body.addWidget(self.missing)
        self.body.addWidget(self.conflicts)
        self._left = work_left(row) if row is not None else ""
        self.left = PlainLabel(self._left, role="warning", wrap=True)
        self.body.addWidget(self.left)
        self.hand_over = self.add_verb(hand_over_words(), self._hand_over, "")
        self.body.addStretch(1)
        self.bind(PersonDraft()).bind("roles", self.role_boxes)
        if row is not None:
            self.fill(PersonDraft(row.login, row.name, frozenset(row.roles)))
            for name in ("login", "name"):
                self.form[name].set_read_only(True)
            self.resolve_by(row.version, partial(newer, row.login))
        self.verb = self.add_giving(_("Create the login") if row is None else _("Save"))
        self.fields.edited.connect(self._judge)
        self._judge()

    def _judge(self) -> None:
        roles = self.role_boxes.value()
        self.conflicts.show_reasons(role_conflicts(roles) if roles else (), "problem")
        self.missing.hide()
        left = bool(self._left) and Role.ACCOUNT_MANAGER not in roles
        self.left.setVisible(left)
        self.hand_over.setVisible(left)

    def _hand_over(self) -> None:
        self.reject()
        self.handing_over.emit()

    def give(self) -> None:
        """Give the draft where the roles can be held together."""
        roles = self.role_boxes.value()
        if not roles:
            self.missing.setText(_("Tick at least one role."))
            self.missing.show()
        if self.fields.check() and (not roles or role_conflicts(roles)):
            self.role_boxes.fields[0].focus()
            return
        super().give()


class OneTimePassword(Dialog):
    """The login and the password to hand over."""

    def __init__(self, login: str, password: str, parent: QWidget | None = None) -> None:
        super().__init__(_("One-time password"), parent)
        self.setMinimumWidth(theme.scaled(420))
        note = _("It is shown only now. The person chooses an own password when signing in.")
        self.body.addWidget(PlainLabel(note, wrap=True))
        form = Form()
        self.password = password
        for name, words, value in (
            ("login", _("Login"), login),
            ("password", _("Password"), password),
        ):
            edit = QLineEdit(value)
            edit.setReadOnly(True)
            form.add(name, words, edit)
        self.body.addWidget(form)
        self.verbs.insertWidget(0, button(_("Copy the password"), self.copy))
        self.close_only()

    def copy(self) -> None:
        """Put the password on the clipboard."""
        QGuiApplication.clipboard().setText(self.password)
