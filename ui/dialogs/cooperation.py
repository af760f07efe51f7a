"""Rating a customer's cooperation in a month: points and evidence for each aspect (A.X 24)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from chemsales.queries.cooperation import RatingRow
from chemsales.rules.errors import ChemsalesError, Invalid
from chemsales.rules.evaluation import Aspect
from chemsales.words import _, label, say
from ui import theme
from ui.actions import set_blocked
from ui.dialogs.base import Dialog
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel
from ui.widgets.number_field import WholeField

Line = tuple[Aspect, int, str]


class CooperationDialog(Dialog):
    """An aspect counts once it has points, then it needs evidence. `on_given(lines, dialog)`."""

    def __init__(
        self,
        row: RatingRow,
        month: str,
        on_given: Callable[[Sequence[Line], CooperationDialog], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Rate cooperation"), parent)
        self._on_given = on_given
        self.setMinimumWidth(theme.scaled(640))
        self.body.addWidget(PlainLabel(f"{row.name}  {month}", role="section", wrap=True))
        self.body.addWidget(ArticleButton("C16.1"), 0, Qt.AlignmentFlag.AlignLeft)
        self.points: dict[Aspect, WholeField] = {}
        self.evidence: dict[Aspect, QLineEdit] = {}
        self.messages: dict[Aspect, PlainLabel] = {}
        self.body.addWidget(self._make_rows(row))
        self.why = PlainLabel("", role="quiet", wrap=True)
        self.body.addWidget(self.why)
        self.verb = self.add_verb(_("Save the rating"), self._give)
        next(iter(self.points.values())).setFocus()
        self._judge()

    def _make_rows(self, row: RatingRow) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(2, 1)
        headings = (_("Aspect"), _("Points (0-100)"), _("Evidence"))
        for column, text in enumerate(headings):
            grid.addWidget(PlainLabel(text, role="quiet"), 0, column)
        given = {line.aspect: line for line in row.lines}
        for at, aspect in enumerate(Aspect):
            points, evidence = WholeField(), QLineEdit()
            points.setFixedWidth(theme.scaled(90))
            line = given.get(aspect)
            if line is not None:
                points.set_number(line.points)
                evidence.setText(line.evidence)
            message = PlainLabel("", role="problem", wrap=True)
            message.hide()
            name = label(aspect)
            points.setAccessibleName(f"{name} {headings[1]}")
            evidence.setAccessibleName(f"{name} {headings[2]}")
            evidence.setMaxLength(500)
            for column, part in enumerate((PlainLabel(name), points, evidence)):
                grid.addWidget(part, 1 + 2 * at, column)
            grid.addWidget(message, 2 + 2 * at, 1, 1, 2)
            points.textChanged.connect(lambda _text: self._judge())
            evidence.textChanged.connect(lambda _text: self._judge())
            self.points[aspect], self.evidence[aspect] = points, evidence
            self.messages[aspect] = message
        return made

    def lines(self) -> list[Line]:
        """The aspects that have points, with their evidence."""
        found = []
        for aspect, field in self.points.items():
            number = field.number()
            if number is not None:
                found.append((aspect, number, self.evidence[aspect].text().strip()))
        return found

    def _judge(self) -> None:
        """Say under each aspect what is missing, and beside the verb why it is greyed."""
        wrong = 0
        for aspect, field in self.points.items():
            number = field.number()
            text = field.problem()
            if number is not None and not 0 <= number <= 100:
                text = _("Points are whole numbers from 0 to 100.")
            elif number is not None and not self.evidence[aspect].text().strip():
                text = _("Points need evidence in words.")
            self._say(aspect, text)
            wrong += bool(text)
        empty = _("Rate at least one aspect.") if not self.lines() else ""
        why = empty or (_("Correct what is marked first.") if wrong else "")
        set_blocked(self.verb, why)
        self.why.setText(why or _("The sales head confirms it before it counts."))

    def _say(self, aspect: Aspect, text: str) -> None:
        self.messages[aspect].setText(text)
        self.messages[aspect].setVisible(bool(text))

    def refused(self, error: ChemsalesError) -> None:
        """Show why the rating was not saved."""
        self._judge()
        if isinstance(error, Invalid):
            for problem in error.problems:
                if problem.place in self.messages:
                    self._say(Aspect(problem.place), say(problem.reason))
        self.show_refusal(error)

    def _give(self) -> None:
        self.verb.setEnabled(False)
        self._on_given(self.lines(), self)
