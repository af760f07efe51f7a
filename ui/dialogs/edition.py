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
from ui.context import Context
from ui.dialogs.form_dialog import FormDialog
from ui.forms.date_field import DateField
from ui.forms.editors import text_box
from ui.forms.parameters import ParametersForm
from ui.widgets.labels import PlainLabel
from ui.widgets.moves import MovesView


@dataclass(frozen=True, slots=True)
class EditionDraft:
    """The day from which on it holds, every parameter, and what it rests on."""

    effective_from: date | None = None
    basis: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)


class EditionDialog(FormDialog):
    """`given(EditionDraft)` with the parameters that differ from those before alone; whom they
    would move stands below them while they are typed."""

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
        self.resize(theme.fitting(720, 700, parent))

    def open_in(self, context: Context, subject: object = "") -> None:
        """Open; from now on whom the parameters would move is worked out."""
        self.moves = MovesView(context, self._sensible)
        self.body.addWidget(self.moves)
        self.form.edited.connect(self.moves.look)
        self.moves.look()
        super().open_in(context, subject)

    def _sensible(self) -> dict[str, object] | None:
        """Every parameter as it would hold; None while one of them makes no sense."""
        whole = self._whole(self.changes())
        return None if validate(whole) else whole

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
