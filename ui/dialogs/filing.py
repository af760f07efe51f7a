"""The dialogs of filing: who acknowledged on which day, and an inspection with what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtWidgets import QWidget

from chemsales.rules.errors import ChemsalesError, Invalid, Problem
from chemsales.rules.filing import InspectionDraft, inspection_problems
from chemsales.services import filing as service
from chemsales.words import _
from ui import theme
from ui.context import Context
from ui.dialogs.form_dialog import FormDialog
from ui.forms.date_field import DateField
from ui.forms.editors import text_box
from ui.forms.finding_rows import FindingRows
from ui.forms.picker import Picker
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class ReceiptDraft:
    """On which day, and who took note of it."""

    day: date | None = None
    receipt: str = ""


class ReceiptDialog(FormDialog):
    """`given(ReceiptDraft)`: that something was acknowledged, today unless another day is typed."""

    help_place = "filing"
    momentary = ("day",)

    def __init__(
        self, title: str, note: str, today: date, who: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self.setMinimumWidth(theme.scaled(440))
        self.body.addWidget(PlainLabel(note, role="quiet", wrap=True))
        self.form.add("day", _("Day"), DateField(today), required=True)
        self.form.add("receipt", _("Acknowledged by"), required=True)
        self.body.addWidget(self.form)
        self.bind(ReceiptDraft())
        self.fill(ReceiptDraft(today, who))
        self.verb = self.add_giving(title)


@dataclass(frozen=True, slots=True)
class ClosingDraft:
    """What was done about a finding."""

    closing: str = ""


class ClosingDialog(FormDialog):
    """`given(ClosingDraft)`: that a finding is closed today."""

    help_place = "filing"

    def __init__(self, found: str, parent: QWidget | None = None) -> None:
        super().__init__(_("Close the finding"), parent, labels_above=True)
        self.setMinimumWidth(theme.scaled(460))
        self.body.addWidget(PlainLabel(found, wrap=True))
        edit = text_box(theme.scaled(84))
        self.form.add("closing", _("What was done"), edit, required=True)
        self.body.addWidget(self.form)
        self.bind(ClosingDraft())
        self.fill(ClosingDraft())
        self.verb = self.add_giving(_("Close the finding"))


@dataclass(frozen=True, slots=True)
class InspectionForm:
    """What is typed of an inspection, but for its findings, which stand in rows."""

    held_on: date | None = None
    inspector: str = ""
    scope: str = ""
    filing: str = ""


class InspectionDialog(FormDialog):
    """An inspection by the parent department, recorded with everything that it found."""

    help_place = "filing"
    momentary = ("held_on",)

    def __init__(
        self,
        context: Context,
        people: Sequence[tuple[str, str]],
        filings: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        title = _("Record an inspection")
        super().__init__(title, parent)
        self.setMinimumWidth(theme.scaled(820))
        self._reader = context
        today = context.session.today()
        self.area = self.column(title)
        self.form.add("held_on", _("Held on"), DateField(today), required=True)
        self.form.add("inspector", _("Inspector"), required=True)
        self.form.add("scope", _("What was looked at"), required=True)
        self.form.add(
            "filing", _("Filing batch"), Picker([("", _("none in particular")), *filings])
        )
        self.area.addWidget(self.form)
        self.rows = FindingRows(self.fields, context, people)
        self.area.addWidget(self.rows)
        self.area.addWidget(ArticleButton("C8.3"))
        self.bind(InspectionForm())
        self.fill(InspectionForm(today))
        self.verb = self.add_giving(title)
        self.given.connect(self._write)

    def draft(self, typed: InspectionForm) -> InspectionDraft:
        """As the rules and the service take it."""
        batch = int(typed.filing) if typed.filing else None
        return InspectionDraft(
            typed.held_on, typed.inspector, typed.scope, batch, self.rows.value()
        )

    def judge(self, typed: InspectionForm) -> tuple[Problem, ...]:
        """What the service would refuse."""
        found = inspection_problems(self.draft(typed), self._reader.session.today())
        return tuple(self._placed(problem) for problem in found)

    def _placed(self, problem: Problem) -> Problem:
        return replace(problem, place=self.rows.place_on_form(problem.place))

    def refused(self, error: ChemsalesError) -> None:
        """Show why it was not written, each problem in its row."""
        if isinstance(error, Invalid):
            error = Invalid(*(self._placed(problem) for problem in error.problems))
        super().refused(error)

    def _write(self, typed: InspectionForm) -> None:
        said = _("The inspection of {day} is recorded.", day=typed.held_on)
        self.write(
            self._reader, service.record_inspection, self.draft(typed),
            done=lambda _changed: self._reader.said.emit(said),
        )  # fmt: skip
