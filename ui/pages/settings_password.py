"""The person's own password."""

from __future__ import annotations

from PySide6.QtCore import Qt

from chemsales.rules.errors import ChemsalesError, Invalid
from chemsales.services import people
from chemsales.services.changes import Changed
from chemsales.words import _, say_all
from ui import theme
from ui.actions import button_for
from ui.context import Context
from ui.forms.password import PasswordForm
from ui.pages.page import Page
from ui.widgets.labels import PlainLabel


class PasswordSection(Page):
    """The old password, the new one twice."""

    nested = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.form = PasswordForm(ask_old=True)
        self.form.setFixedWidth(theme.scaled(400))
        self.note = PlainLabel("", wrap=True)
        self.save = button_for(self.act("settings.own_password", self.change), "primary")
        left = Qt.AlignmentFlag.AlignLeft
        self.body.addWidget(self.form, 0, left)
        self.body.addWidget(self.note)
        self.body.addWidget(self.save, 0, left)
        self.body.addStretch(1)

    def title(self) -> str:
        return _("Own password")

    def change(self) -> None:
        """Replace the password where the form is complete."""
        self._say("")
        if not self.form.complete():
            return
        act = self.acts["settings.own_password"]
        act.setEnabled(False)
        self.context.write(
            people.change_password,
            self.form.typed("old"),
            self.form.typed("password"),
            done=self._changed,
            failed=self._refused,
            always=lambda: act.setEnabled(True),
        )

    def _changed(self, _changed: Changed[object]) -> None:
        self.form.wipe()
        self._say(_("The password has been changed."))

    def _refused(self, error: ChemsalesError) -> None:
        if isinstance(error, Invalid):
            self.form.show_problems(error)
        else:
            self._say(say_all(error), "problem")

    def _say(self, text: str, role: str = "") -> None:
        self.note.set_role(role)
        self.note.setText(text)
