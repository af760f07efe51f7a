"""Another class of a customer in one product group, with what it is admitted on (C3.3, C10)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from chemsales.queries.admission import overlapping
from chemsales.queries.customers import ClassRow, CustomerDetail
from chemsales.rules.admission import ANSWERS, Condition
from chemsales.rules.classification import CustomerClass, classes_of
from chemsales.rules.customer import ClassRequest, GroupInfo, request_problems
from chemsales.rules.errors import Problem, Reason
from chemsales.words import _, label, say_all
from ui import theme
from ui.context import Context
from ui.dialogs.form_dialog import FormDialog
from ui.forms.admission_fields import AdmissionFields
from ui.forms.choice import Choice
from ui.forms.date_field import DateField
from ui.forms.editors import text_box
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class ClassForm:
    """What is typed: the key of the class, from when, why, and the answers to its conditions."""

    customer_class: str = ""
    from_day: date | None = None
    region: str = ""
    purpose: str = ""
    basis: str = ""
    production: str = ""
    capacity_kg: int | None = None
    credit: str = ""
    no_resale: str = ""
    operation: str = ""
    funds: str = ""
    reputation: str = ""
    ability: str = ""
    only_ours: str = ""

    @classmethod
    def of(cls, row: ClassRow) -> ClassForm:
        """What is kept of the class before: region, use and answers."""
        kept: dict[str, Any] = {
            str(condition): text
            for condition, text in row.answers
            if condition is not Condition.CAPACITY
        }
        return cls(**{"region": row.region, **kept})

    def answers(self) -> dict[str, str | int]:
        """The answers by their fields, as the service takes them."""
        typed = asdict(self)
        return {str(each): typed[each] or (0 if each is Condition.CAPACITY else "")
                for each in ANSWERS}  # fmt: skip

    def request(self, group: str) -> ClassRequest:
        """The class as the rules judge it."""
        given: dict[str, Any] = self.answers()
        wanted = CustomerClass(self.customer_class)
        return ClassRequest(group, wanted, self.region, 0, self.purpose, **given)


class ClassChangeDialog(FormDialog):
    """`given(ClassForm)`; the conditions of the class that is chosen stand below it."""

    def __init__(
        self, context: Context, detail: CustomerDetail, row: ClassRow, parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Change the class"), parent, columns=2, labels_above=True)
        self.setMinimumWidth(theme.scaled(640))
        self._context, self._row, self._customer = context, row, detail.id
        column = self.column(_("Change the class"))
        column.addWidget(PlainLabel(detail.facts.name, role="record", wrap=True))
        held = f"{label(row.customer_class)}  {row.region}".strip()
        now = _("{field}: {text}", field=row.group_name, text=held)
        column.addWidget(PlainLabel(now, role="quiet", wrap=True))
        chosen = Choice()
        for each in classes_of(row.polyolefin):
            if each is not row.customer_class:
                chosen.add(str(each), label(each))
        today = context.session.today()
        self.form.add("customer_class", _("Class"), chosen, required=True, wide=True)
        self.form.add("from_day", _("From"), DateField(today), required=True)
        self.form.add("region", _("Sales region"), QLineEdit())
        self.form.add("purpose", _("Purpose"), QLineEdit(), wide=True)
        self.admission = AdmissionFields(self.fields, "", row.group_name, row.polyolefin)
        self.form.add_row(self.admission)
        basis = text_box(theme.scaled(64))
        self.form.add("basis", _("Basis"), basis, required=True, wide=True)
        column.addWidget(self.form)
        column.addWidget(ArticleButton("C3.3"))
        self.form["customer_class"].edited.connect(self._show_conditions)
        self.form["region"].edited.connect(self._look)
        self.bind(ClassForm())
        self.fill(ClassForm.of(row))
        self.verb = self.add_giving(_("Change the class"))

    def judge(self, draft: ClassForm) -> tuple[Problem, ...]:
        """What the service would refuse of the class."""
        group = GroupInfo(self._row.polyolefin, hazardous=False)
        found = request_problems(draft.request(self._row.group_code), group)
        return tuple(Problem(place, reason) for place, reason in found)

    def _show_conditions(self) -> None:
        chosen = self.form["customer_class"].text()
        self.admission.show_class(CustomerClass(chosen) if chosen else None)
        self._look()

    def _look(self) -> None:
        """Warn of an agent whose region overlaps."""
        wanted, region = self.form["customer_class"].text(), self.form["region"].text()
        if wanted != CustomerClass.AGENT or not region:
            self.form["region"].set_message("")
            return
        self._context.read(
            overlapping, self._row.group_code, region, self._customer,
            done=self._warn, channel=(id(self), "region"),
        )  # fmt: skip

    def _warn(self, reasons: tuple[Reason, ...]) -> None:
        self.form["region"].set_message(say_all(reasons), warning=True)
