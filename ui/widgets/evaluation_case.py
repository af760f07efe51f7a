"""An evaluation run before the sales head: how many of each grade, every score with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries.approval import DecisionRow
from chemsales.queries.evaluation import RunRow
from chemsales.rules.evaluation import Grade
from chemsales.words import _, label
from ui.context import Context
from ui.text import dotted, when
from ui.widgets.decisions import DecisionsView
from ui.widgets.labels import PlainLabel
from ui.widgets.scores import ScoresView


def run_words(run: RunRow) -> str:
    """What a run is: who computed it when, from which months, under which edition; where months
    lack, that it is provisional."""
    said = _(
        "Revision {revision}, computed by {name} {when}, closed months: {months}, rule edition"
        " {edition}",
        revision=run.revision,
        name=run.computed_by_name,
        when=when(run.computed_at),
        months=_(", ").join(run.closed),
        edition=run.edition,
    )
    if run.open_months:
        months = _(", ").join(run.open_months)
        said += "\n" + _(
            "Provisional, grades may still change. Not closed: {months}", months=months
        )
    return said


def grade_words(grades: Mapping[Grade, int]) -> str:
    """How many scores have each grade."""
    return dotted(f"{label(grade)} {count}" for grade, count in grades.items())


class EvaluationCase(QWidget):
    """`show_case(run, grades, decisions, groups)`."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = PlainLabel("", role="quiet", wrap=True)
        self.grades = PlainLabel("", role="section", wrap=True)
        self.decisions = DecisionsView()
        self.scores = ScoresView(context)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for part in (self.run, self.grades, self.decisions):
            layout.addWidget(part)
        layout.addWidget(self.scores, 1)

    def show_case(
        self,
        run: RunRow,
        grades: Mapping[Grade, int],
        decisions: Sequence[DecisionRow],
        groups: Mapping[str, str],
    ) -> None:
        """Show this run."""
        self.run.setText(run_words(run))
        self.grades.setText(grade_words(grades))
        self.decisions.show_decisions(decisions)
        self.scores.show_run(run, groups)
