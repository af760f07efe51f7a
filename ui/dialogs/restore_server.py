"""The owner's login of a server, asked for a backup that shall take the place of its database."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from chemsales.restoring import Owner, check_server
from chemsales.words import _
from ui import theme
from ui.context import Context
from ui.dialogs.form_dialog import FormDialog
from ui.forms import editors
from ui.forms.password import password_edit
from ui.widgets.busy import BusyBar
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class OwnerDraft:
    """The owner's login as typed; the password is in no draft."""

    owner: str = ""


class RestoreServerDialog(FormDialog):
    """Emits the context's `restore_wanted` once the copy and the login are found to be good.

    What is typed is kept in no file: the dialog is not opened as one whose draft is kept.
    """

    def __init__(
        self, context: Context, path: Path, what: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Restore the server's database"), parent, labels_above=True)
        self.context, self.path = context, path
        self.setMinimumWidth(theme.scaled(520))
        self.body.addWidget(
            PlainLabel(_("Restore the backup of {what}?", what=what), role="section", wrap=True)
        )
        self.body.addWidget(
            PlainLabel(
                _("The copy is put into a new database of the server and compared row by row; then"
                  " the two exchange their names. Everything entered since then is no longer in the"
                  " program; the database until now stays on the server under another name."
                  " Nobody else may be signed in meanwhile. Roles are those of that time again;"
                  " every login keeps its password. You are signed out."),
                role="quiet", wrap=True,
            )
        )  # fmt: skip
        hint = _("The login that the database belongs to; whoever set the server up knows it")
        self.form.add("owner", _("Owner's login"), required=True, hint=hint)
        self.form.add(
            "password", _("Owner's password"), password_edit(), required=True,
            hint=_("Used for this alone and kept nowhere"),
        )  # fmt: skip
        self.body.addWidget(self.form)
        self.bind(OwnerDraft())
        self.busy = BusyBar(context.jobs)
        self.body.addWidget(self.busy)
        self.add_giving(_("Restore"), "danger")
        self.given.connect(self._check)

    def _check(self, draft: OwnerDraft) -> None:
        """Ask the server before anybody is signed out."""
        owner = Owner(draft.owner, editors.raw_text(self.form["password"].editor))
        context = self.context
        context.jobs.read(
            check_server, self.path, context.config.database, owner, context.actor.login,
            done=partial(self._go, owner), failed=self.refused,
            title=_("The server is asked …"), channel=("restore", id(self)),
        )  # fmt: skip

    def _go(self, owner: Owner, _checked: object) -> None:
        self.accept()
        self.context.restore_wanted.emit(str(self.path), owner)
