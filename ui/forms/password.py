"""Choosing a password of one's own: the old one, the new one twice."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from chemsales.rules.errors import Reason
from chemsales.rules.passwords import SHORTEST
from chemsales.words import _, say
from ui.forms import editors
from ui.forms.form import Form


def password_edit(max_length: int = 256) -> QLineEdit:
    """A line edit that hides what is typed."""
    edit = QLineEdit()
    edit.setEchoMode(QLineEdit.EchoMode.Password)
    edit.setMaxLength(max_length)
    return edit


class PasswordForm(Form):
    """Fields "password" and "repeat", and "old" where `ask_old`."""

    def __init__(self, ask_old: bool, parent: QWidget | None = None) -> None:
        super().__init__(labels_above=True, parent=parent)
        if ask_old:
            self.add("old", _("Password until now"), password_edit(), required=True)
        self.add(
            "password",
            _("New password"),
            password_edit(),
            required=True,
            hint=_("At least 15 characters; a sentence is easy to remember."),
        )
        self.add("repeat", _("New password again"), password_edit(), required=True)

    def complete(self) -> bool:
        """Whether all is filled in and both new ones are the same; says under the fields what is
        not."""
        if not self.check_required():
            return False
        if self.typed("password") != self.typed("repeat"):
            self["repeat"].set_message(_("The two passwords are not the same."))
            self["repeat"].focus()
            if len(self.typed("password")) < SHORTEST:  # not only after the next try
                short = Reason("reason.password_short", {"least": SHORTEST})
                self["password"].set_message(say(short))
            return False
        return True

    def typed(self, name: str) -> str:
        """A password letter by letter (the field's text() would trim it)."""
        return editors.raw_text(self[name].editor)

    def wipe(self) -> None:
        """Empty every field."""
        for field in self.fields.values():
            field.set_text("")
