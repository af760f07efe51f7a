"""Handing customers over to another account manager: to whom, from which day on, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QCheckBox, QWidget

from chemsales.queries.handover import Holding, Manager
from chemsales.rules.errors import Problem
from chemsales.rules.handover import Handed, Handover, handover_problems
from chemsales.words import _, say
from ui import theme
from ui.actions import plain_button
from ui.dialogs.form_dialog import FormDialog
from ui.forms.date_field import DateField
from ui.forms.editors import text_box
from ui.forms.picker import Picker
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class HandoverDraft:
    """What is typed; `all_of_them` where one customer's dialog is to take all of its manager's."""

    to: str = ""
    from_day: date | None = None
    reason: str = ""
    all_of_them: bool = False

    def handover(self) -> Handover:
        """As the rules and the service take it."""
        return Handover(self.to, self.from_day, self.reason)


def handed_words(handed: Handed) -> str:
    """What is told once it has been handed over."""
    said = [_("Handed over: {count}", count=handed.customers)] if handed.customers else []
    said += [goes_words(handed.applications)] if handed.applications else []
    return " ".join(said)


def goes_words(applications: int) -> str:
    """That applications of new customers go along."""
    return _("Applications of new customers that go along: {count}", count=applications)


class HandoverDialog(FormDialog):
    """`given(HandoverDraft)`; `name` and key are the one customer's, without for all of the
    manager."""

    help_place = "customers"

    def __init__(
        self,
        holding: Holding,
        managers: Sequence[Manager],
        today: date,
        name: str = "",
        customer_id: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Hand over"), parent, labels_above=True)
        self.setMinimumWidth(theme.scaled(480))
        self.holding, self._today = holding, today
        column = self.column(_("Hand over"))
        every = _(
            "All {count} customers of {name}", count=len(holding.customers), name=holding.name
        )
        whose = every if holding.customers else holding.name
        column.addWidget(PlainLabel(name or whose, role="record", wrap=True))
        offered = [
            (each.login, _("{name} ({count} customers)", name=each.name, count=each.customers))
            for each in managers
            if each.login != holding.login
        ]
        self.form.add("to", _("New account manager"), Picker(offered), required=True)
        self.form.add("from_day", _("Responsible from"), DateField(today), required=True)
        self.form.add("reason", _("Reason"), text_box(theme.scaled(64)), required=True)
        if name and (len(holding.customers) > 1 or holding.applications):
            self.form.add("all_of_them", "", QCheckBox(plain_button(every)))
        column.addWidget(self.form)
        self.goes = PlainLabel("", role="quiet", wrap=True)
        column.addWidget(self.goes)
        self.applied = PlainLabel(goes_words(len(holding.applications)), role="quiet", wrap=True)
        column.addWidget(self.applied)
        self.stays = [PlainLabel(say(each), role="warning", wrap=True) for each in holding.stays]
        for told in self.stays:
            column.addWidget(told)
        self.bind(HandoverDraft())
        self.fill(HandoverDraft(from_day=today))
        self.verb = self.add_giving(_("Hand over"))
        self._one = customer_id
        self.fields.edited.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        """What goes along; where all customers go, the applications too, and what stays."""
        every = "all_of_them" in self.fields.fields and bool(self.form["all_of_them"].value())
        every = every or not self._one
        cases = self.holding.cases
        count = sum(cases.values()) if every else cases.get(self._one, 0)
        self.goes.setVisible(count > 0)
        self.goes.setText(
            _("Cases that wait or came back and go along, to be corrected by the new account "
              "manager: {count}", count=count)
        )  # fmt: skip
        self.applied.setVisible(every and bool(self.holding.applications))
        for told in self.stays:
            told.setVisible(every)

    def judge(self, draft: HandoverDraft) -> tuple[Problem, ...]:
        """What the service would refuse."""
        return handover_problems(draft.handover(), self._today)
