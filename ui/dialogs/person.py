"""A person's login and roles, and the one-time password that is shown once."""

from __future__ import annotations

import secrets

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from chemsales.queries.people import PersonRow
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.roles import Role, role_conflicts
from chemsales.words import _, label
from ui import theme
from ui.actions import button
from ui.dialogs.base import Dialog
from ui.widgets.form import Form
from ui.widgets.labels import PlainLabel
from ui.widgets.reasons import ReasonsLabel


def new_password() -> str:
    """A random one-time password."""
    return secrets.token_urlsafe(15)


class PersonDialog(Dialog):
    """`given(login, name, roles)`; whoever opened it accepts or calls `refused(error)`.

    For a person who exists (`row`) only the roles can be changed. Roles that exclude each other are
    told at once.
    """

    given = Signal(str, str, object)

    def __init__(self, row: PersonRow | None, parent: QWidget | None = None) -> None:
        super().__init__(_("New login") if row is None else _("Change roles"), parent)
        self.setMinimumWidth(theme.scaled(420))
        self.form = Form(labels_above=True)
        self.form.add("login", _("Login"), required=row is None)
        self.form.add("name", _("Name"), required=row is None)
        self.body.addWidget(self.form)
        self.body.addWidget(PlainLabel(_("Roles")))
        self.boxes = {role: QCheckBox(label(role)) for role in Role}
        for role, box in self.boxes.items():
            box.setChecked(row is not None and role in row.roles)
            box.toggled.connect(self._judge)
            self.body.addWidget(box)
        self.conflicts = ReasonsLabel()
        self.body.addWidget(self.conflicts)
        self.body.addStretch(1)
        if row is not None:
            self.form.set_values({"login": row.login, "name": row.name})
            self.form.set_read_only(True)
        self.verb = self.add_verb(_("Create the login") if row is None else _("Save"), self._give)
        self._judge()

    def roles(self) -> frozenset[Role]:
        """The roles ticked."""
        return frozenset(role for role, box in self.boxes.items() if box.isChecked())

    def refused(self, error: ChemsalesError) -> None:
        """Show why the login could not be written."""
        self.show_refusal(error, self.form)
        self.verb.setEnabled(True)

    def _judge(self) -> None:
        reasons = role_conflicts(self.roles()) if self.roles() else ()
        self.conflicts.show_reasons(reasons, "problem")
        self.verb.setEnabled(bool(self.roles()) and not reasons)

    def _give(self) -> None:
        if self.form.check_required():
            self.verb.setEnabled(False)
            self.given.emit(self.form["login"].text(), self.form["name"].text(), self.roles())


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
