"""A new edition of the rule parameters, begun from the newest one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QWidget

from chemsales.rules.errors import ChemsalesError, Invalid
from chemsales.rules.policy import validate
from chemsales.words import _
from ui import theme
from ui.dialogs.base import Dialog
from ui.dialogs.preview import fitting
from ui.widgets.date_field import DateField
from ui.widgets.form import Form
from ui.widgets.labels import PlainLabel
from ui.widgets.parameters import ParametersForm


class EditionDialog(Dialog):
    """`given(effective_from, changed parameters, basis)`; `refused(error)` shows why not."""

    given = Signal(object, object, str)

    def __init__(
        self, before: Mapping[str, object], today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(_("New rule edition"), parent)
        self.before = before
        note = _(
            "It holds from its day on. Closed months keep the parameters they were closed with."
        )
        self.body.addWidget(PlainLabel(note, role="quiet", wrap=True))
        self.day = DateField(today)
        basis = QPlainTextEdit()
        basis.setTabChangesFocus(True)
        basis.setFixedHeight(theme.scaled(56))
        self.form = Form()
        self.form.add(
            "effective_from",
            _("Holds from"),
            self.day,
            required=True,
            check=lambda _text: self.day.problem(),
        )
        self.form.add(
            "basis", _("Basis"), basis, required=True, hint=_("The resolution that decided it")
        )
        self.body.addWidget(self.form)
        self.parameters = ParametersForm()
        self.parameters.set_values(before)
        area = QScrollArea()
        area.setWidget(self.parameters)
        area.setWidgetResizable(True)
        area.setProperty("boxed", True)
        self.body.addWidget(area, 1)
        self.verb = self.add_verb(_("Put in force"), self._give)
        self.resize(fitting(720, 700, parent))

    def changes(self) -> dict[str, object]:
        """The parameters that differ from the edition before."""
        typed = self.parameters.values()
        return {name: value for name, value in typed.items() if value != self.before.get(name)}

    def refused(self, error: ChemsalesError) -> None:
        """Show the problems at their places."""
        self.verb.setEnabled(True)
        if isinstance(error, Invalid):
            rest = self.parameters.show_problems(error.problems)
            error = Invalid(*rest)
        self.show_refusal(error, self.form)

    def _give(self) -> None:
        problems = validate(self.changes())
        self.parameters.show_problems(problems)
        if self.form.check_required() and not problems:
            self.verb.setEnabled(False)
            self.given.emit(self.day.day(), self.changes(), self.form["basis"].text())
