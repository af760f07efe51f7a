"""Delegating the own signature: to whom, on which days, why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QWidget

from chemsales.queries.delegation import Candidate
from chemsales.rules.roles import Role
from chemsales.words import _, label
from ui import theme
from ui.dialogs.form_dialog import FormDialog
from ui.forms.date_field import DateField
from ui.forms.picker import Picker
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class DelegationDraft:
    """The login of the delegate, the days, both included, and the reason."""

    delegate: str = ""
    first: date | None = None
    last: date | None = None
    reason: str = ""


class DelegationDialog(FormDialog):
    """`given(DelegationDraft)`; the role is the one that the person signs in."""

    def __init__(
        self, role: Role, people: Iterable[Candidate], today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Delegate the signature"), parent)
        self.setMinimumWidth(theme.scaled(460))
        note = _(
            "On these days the delegate signs as {role} for you; both names are recorded and "
            "printed. Nobody signs two stages of one case, under either name.",
            role=label(role),
        )
        self.body.addWidget(PlainLabel(note, role="quiet", wrap=True))
        items = ((each.login, _named(each)) for each in people)
        self.form.add("delegate", _("Delegate"), Picker(items), required=True)
        self.form.add("first", _("First day"), DateField(today), required=True)
        self.form.add("last", _("Last day"), DateField(today), required=True)
        self.form.add("reason", _("Reason"), required=True)
        self.body.addWidget(self.form)
        self.bind(DelegationDraft())
        self.fill(DelegationDraft(first=today))
        self.verb = self.add_giving(_("Delegate the signature"))


def _named(person: Candidate) -> str:
    held = _(", ").join(label(role) for role in person.roles)
    return f"{person.name}  {person.login}  {held}"
