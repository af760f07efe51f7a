"""The answers to the conditions of the class that is asked for in one product group."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from chemsales.articles import article
from chemsales.rules.admission import ANSWERS, CLAUSES, Condition, conditions_of
from chemsales.rules.classification import CustomerClass
from chemsales.words import _, label
from ui.forms.field import FieldSet
from ui.forms.form import Form
from ui.forms.number_field import TonnesField
from ui.widgets.labels import PlainLabel


class AdmissionFields(QWidget):
    """Nothing until `show_class`; then a line for each condition of that class, whose answer is its
    evidence in words: a figure, a paper, the scan that shows it."""

    def __init__(
        self,
        fields: FieldSet,
        prefix: str,
        group: str,
        polyolefin: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._group, self._polyolefin = group, polyolefin
        self.title = PlainLabel("", role="quiet", wrap=True)
        form = Form(columns=2, labels_above=True, fields=fields)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(form)
        self.fields = {}
        for each in () if polyolefin else ANSWERS:
            editor = TonnesField() if each is Condition.CAPACITY else QLineEdit()
            if each is not Condition.CAPACITY:
                editor.setPlaceholderText(_("words, a paper, the scan that shows it"))
            self.fields[each] = form.add(f"{prefix}{each}", label(each), editor)
        self._asked: tuple[Condition, ...] = ()
        self.show_class(None)

    def show_class(self, wanted: CustomerClass | None) -> None:
        """Ask for what this class needs; what is typed for another one stays, hidden."""
        asked = conditions_of(wanted, self._polyolefin) if wanted else ()
        self._asked = tuple(each for each in asked if each in self.fields)
        for each, field in self.fields.items():
            field.set_required(each in self._asked)  # each condition of a class is
            field.setVisible(each in self._asked)
            field.label.setVisible(each in self._asked)
        self.setVisible(bool(self._asked))
        if wanted and self._asked:
            self.title.setText(
                _(
                    "{group}, {customer_class}: each condition with its evidence ({article})",
                    group=self._group,
                    customer_class=label(wanted),
                    article=article(CLAUSES[wanted]).citation,
                )
            )

    def answers(self) -> dict[str, str | int]:
        """What is answered to the conditions that are asked for, by field."""
        found: dict[str, str | int] = {}
        for each in self._asked:
            value = self.fields[each].value()
            found[str(each)] = value if isinstance(value, int | str) else 0
        return found

    def set_answers(self, answers: Mapping[str, object]) -> None:
        """Fill the lines."""
        for each, field in self.fields.items():
            field.set_value(answers.get(each) or None)

    def unreadable(self) -> list[str]:
        """The places of figures that cannot be read."""
        shown = [self.fields[each] for each in self._asked]
        return [field.name for field in shown if field.problem()]
