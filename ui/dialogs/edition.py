"""A new edition of the rule parameters, begun from the newest one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from chemsales.rules.errors import Problem
from chemsales.rules.policy import validate
from chemsales.words import _
from ui import theme
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.preview import fitting
from ui.forms.date_field import DateField
from ui.forms.editors import text_box
from ui.forms.parameters import ParametersForm
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class EditionDraft:
    """The day from which on it holds, every parameter, and what it rests on."""

    effective_from: date | None = None
    basis: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)


class EditionDialog(FormDialog):
    """`given(EditionDraft)` with the parameters that differ from those before alone."""

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
        self.form.add("effective_from", _("Holds from"), self.day, required=True)
        self.form.add(
            "basis",
            _("Basis"),
            text_box(theme.scaled(56)),
            required=True,
            hint=_("The resolution that decided it"),
        )
        self.body.addWidget(self.form)
        self.parameters = ParametersForm(self.fields)
        area = QScrollArea()
        area.setWidget(self.parameters)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setProperty("boxed", True)
        self.body.addWidget(area, 1)
        self.bind(EditionDraft()).bind("parameters", self.parameters, self._changed, self._whole)
        self.fill(EditionDraft())
        self.verb = self.add_giving(_("Put in force"))
        self.resize(fitting(720, 700, parent))

    def changes(self) -> dict[str, object]:
        """The parameters that differ from the edition before."""
        return self._changed(self.parameters.value())

    def judge(self, draft: EditionDraft) -> tuple[Problem, ...]:
        problems = tuple(validate(draft.parameters))
        self.parameters.go_to(problems)
        return problems

    def _changed(self, typed: Mapping[str, object]) -> dict[str, object]:
        return {name: value for name, value in typed.items() if value != self.before.get(name)}

    def _whole(self, changed: Mapping[str, object]) -> dict[str, object]:
        return {**self.before, **changed}
