"""Noting a visit to a customer, or correcting one that was noted wrongly (C11.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QWidget

from chemsales.queries.customers import CustomerDetail
from chemsales.queries.visits import Visit
from chemsales.rules.errors import Problem
from chemsales.rules.visits import SECTIONS, VisitDraft, VisitWay, visit_problems
from chemsales.services import visits as service
from chemsales.words import _, field, label
from ui import theme
from ui.context import Context
from ui.dialogs.form_dialog import FormDialog
from ui.forms.date_field import DateField
from ui.forms.editors import text_box
from ui.forms.picker import Picker
from ui.forms.suggested import SuggestedLine
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class VisitForm:
    """What is typed of a visit."""

    visited_on: date | None = None
    way: str = ""
    received_by: str = ""
    products: str = ""
    market: str = ""
    service: str = ""
    needs: str = ""
    next_on: date | None = None

    def draft(self) -> VisitDraft:
        """As the rules and the service take it."""
        return VisitDraft(
            self.visited_on, VisitWay(self.way) if self.way else None, self.received_by,
            self.products, self.market, self.service, self.needs, self.next_on,
        )  # fmt: skip


def _form_of(visit: Visit) -> VisitForm:
    return VisitForm(
        visit.visited_on, str(visit.way), visit.received_by, visit.products, visit.market,
        visit.service, visit.needs, visit.next_on,
    )  # fmt: skip


class VisitDialog(FormDialog):
    """A visit to this customer, of today unless another day is typed; or with `wrong` what is
    right about that one."""

    help_place = "customers"
    momentary = ("visited_on",)

    def __init__(
        self,
        context: Context,
        customer: CustomerDetail,
        wrong: Visit | None = None,
        parent: QWidget | None = None,
    ) -> None:
        title = _("Correct the visit") if wrong else _("Record a visit")
        super().__init__(title, parent, columns=2, labels_above=True)
        self.setMinimumWidth(theme.scaled(760))
        self._context_of, self._customer, self._wrong = context, customer, wrong
        self.area = self.column(title)
        self.area.addWidget(PlainLabel(customer.facts.name, role="section", wrap=True))
        if wrong is not None:
            note = _("What was noted stays on record; the card shows what you put in its place.")
            self.area.addWidget(PlainLabel(note, role="quiet", wrap=True))
        self._make_fields(context.session.today())
        self.area.addWidget(self.form)
        self.area.addWidget(ArticleButton("C11.2"))
        self.bind(VisitForm())
        self.fill(VisitForm(context.session.today()) if wrong is None else _form_of(wrong))
        self.verb = self.add_giving(title)
        self.given.connect(self._write)

    def _make_fields(self, today: date) -> None:
        people = [
            " ".join(filter(None, (each.name, each.title))) for each in self._customer.contacts
        ]
        form = self.form
        form.add("visited_on", _("Visited on"), DateField(today), required=True)
        ways = Picker((str(way), label(way)) for way in VisitWay)
        form.add("way", _("Way"), ways, required=True)
        form.add("received_by", _("Spoke with"), SuggestedLine(people), required=True)
        form.add("next_on", _("Next visit on"), DateField(today))
        hint = _('Write "none" where there is nothing to say.')
        said = PlainLabel(hint, role="quiet", wrap=True)
        said.setContentsMargins(0, theme.scaled(12), 0, 0)  # apart from the messages above it
        form.add_row(said)
        for place in SECTIONS:
            form.add(place, field(place), text_box(theme.scaled(76)), required=True)

    def judge(self, draft: VisitForm) -> tuple[Problem, ...]:
        """What the service would refuse."""
        return visit_problems(draft.draft(), self._context_of.session.today())

    def _write(self, typed: VisitForm) -> None:
        context, wrong = self._context_of, self._wrong
        name, day = self._customer.facts.name, typed.visited_on
        if wrong is None:
            said = _("The visit to {name} on {day} is recorded.", name=name, day=day)
            what = (service.note, self._customer.id, typed.draft())
        else:
            said = _("The visit to {name} on {day} is corrected.", name=name, day=day)
            what = (service.correct, wrong.id, typed.draft())
        self.write(context, *what, done=lambda _changed: context.said.emit(said))
