"""The class asked for in each product group: one row per group, nothing to add or remove."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from chemsales.queries.further import HeldClass
from chemsales.queries.products import GroupRow
from chemsales.rules.admission import ASKED_ANYHOW, conditions_of
from chemsales.rules.classification import CustomerClass, classes_of
from chemsales.rules.customer import ClassRequest, not_polyolefin
from chemsales.words import _, label, say
from ui.forms import editors
from ui.forms.admission_fields import AdmissionFields
from ui.forms.field import FieldSet, FormField
from ui.forms.form import RowGrid
from ui.forms.number_field import TonnesField
from ui.forms.picker import Picker
from ui.wording import shown_name

PLACE = "classes"
DETAILS = ("region", "monthly_kg", "purpose")


class ClassRows(RowGrid):
    """A group without a class is not asked for (C3.1, C10.1); its details can be typed once it
    is."""

    def __init__(
        self, fields: FieldSet, groups: Sequence[GroupRow], parent: QWidget | None = None
    ) -> None:
        headings = (
            _("Product group"),
            _("Class"),
            _("Sales region"),
            _("Monthly tonnes"),
            _("Purpose"),
        )
        super().__init__(fields, PLACE, headings, (0, 0, 2, 1, 2), parent)
        classes = [("", _("not asked for"))]
        classes += [(str(member), label(member)) for member in CustomerClass]
        self.rows: dict[str, dict[str, FormField]] = {}
        self._polyolefin = {group.code: group.polyolefin for group in groups}
        self.admissions: dict[str, AdmissionFields] = {}
        for group in groups:
            picker = Picker(classes)
            for member in set(CustomerClass) - set(classes_of(group.polyolefin)):
                picker.block(str(member), say(not_polyolefin(member)))
            editors_of_row = (picker, QLineEdit(), TonnesField(asked=True), QLineEdit())
            cells = dict(zip(("customer_class", *DETAILS), editors_of_row, strict=True))
            row = self.rows[group.code] = self.add_row(group.code, shown_name(group), cells)
            row["customer_class"].edited.connect(self.judge)
            self.admissions[group.code] = AdmissionFields(
                fields, f"{PLACE}.{group.code}.", shown_name(group), group.polyolefin
            )
        for made in self.admissions.values():
            self.below.addWidget(made)
        self.judge()

    def hold(self, held: Iterable[HeldClass]) -> None:
        """Grey the class that a customer has already in each group, unless it can be asked for in
        another region."""
        for each in held:
            if each.group_code in self.rows and not each.regional:
                picker = self.rows[each.group_code]["customer_class"].editor
                assert isinstance(picker, Picker)
                picker.block(str(each.customer_class), _("The customer has this class already."))

    def judge(self) -> None:
        """Let the details be typed of each group that is asked for."""
        for code, row in self.rows.items():
            choice = row["customer_class"]
            wanted = CustomerClass(choice.text()) if choice.text() else None
            self.admissions[code].show_class(wanted)
            asked = conditions_of(wanted, self._polyolefin[code]) if wanted else ()
            for condition in ASKED_ANYHOW:
                row[condition].set_required(condition in asked)
            allowed = bool(choice.text()) and editors.is_editable(row["region"].editor)
            for name in DETAILS:
                row[name].setEnabled(allowed)

    def value(self) -> tuple[ClassRequest, ...]:
        """The classes asked for, in the order of the rows."""
        found = []
        for code, row in self.rows.items():
            chosen = row["customer_class"].text()
            if chosen:
                kg = row["monthly_kg"].value()
                region, purpose = row["region"].text(), row["purpose"].text()
                tonnes = kg if isinstance(kg, int) else 0
                answers: dict[str, Any] = self.admissions[code].answers()
                found.append(
                    ClassRequest(code, CustomerClass(chosen), region, tonnes, purpose, **answers)
                )
        return tuple(found)

    def set_value(self, requests: Sequence[ClassRequest]) -> None:
        """Fill the rows."""
        by_code = {request.group_code: request for request in requests}
        for code, row in self.rows.items():
            request = by_code.get(code)
            row["customer_class"].set_text(str(request.customer_class) if request else "")
            row["region"].set_text(request.region if request else "")
            row["monthly_kg"].set_value(request.monthly_kg or None if request else None)
            row["purpose"].set_text(request.purpose if request else "")
            self.admissions[code].set_answers(asdict(request) if request else {})
        self.judge()

    def unreadable(self) -> list[str]:
        """The places of tonnes that cannot be read: they have to be corrected first."""
        fields = [row["monthly_kg"] for row in self.rows.values()]
        found = [field.name for field in fields if field.problem()]
        return found + [name for each in self.admissions.values() for name in each.unreadable()]
