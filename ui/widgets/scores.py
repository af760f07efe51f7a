"""The scores of an evaluation as a table, and what stands behind the chosen one beside it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from chemsales.queries.evaluation import EvaluationRow, RunRow
from chemsales.queries.evaluation_scores import scores_of
from chemsales.rules.classification import CustomerClass
from chemsales.rules.errors import Reason
from chemsales.rules.evaluation import Grade, Indicator, show_score
from chemsales.rules.numbers import format_tonnes
from chemsales.words import _, label, say
from ui import theme
from ui.context import Context
from ui.tables.columns import Column
from ui.tables.frame import GridFrame
from ui.tables.view import Grid
from ui.widgets.article import ArticleButton
from ui.widgets.facts import clear
from ui.widgets.labels import Badge, PlainLabel
from ui.widgets.split import Split
from ui.wording import GRADE_TONES, choices


class ScoresTable(Grid):
    """One line per customer and product group, to be shown with `show_run`; with `ticks` Space
    ticks those to print."""

    def __init__(self, ticks: bool = False, parent: QWidget | None = None) -> None:
        self.groups: Mapping[str, str] = {}
        columns = [
            Column(_("Code"), lambda row: row.code, field="code", hidden=not ticks),
            Column(_("Customer name"), lambda row: row.name, widest=28, stretch=True, field="name"),
            Column(
                _("Score"),
                lambda row: row.score,
                lambda row: show_score(row.score),
                number=True,
                field="score",
            ),
            Column(
                _("Grade"),
                lambda row: label(row.grade),
                tone=lambda row: GRADE_TONES[row.grade],
                field="grade",
                choices=choices(Grade),
            ),
            Column(
                _("Product group"),
                lambda row: row.group_code,
                lambda row: self.groups.get(row.group_code, row.group_code),
                field="group",
            ),
            Column(
                _("Class"),
                lambda row: label(row.customer_class),
                field="class",
                choices=choices(CustomerClass),
                hidden=True,
            ),
            Column(
                _("Weight with data"),
                lambda row: row.available_weight,
                number=True,
                field="weight",
                hidden=True,
            ),
        ]
        super().__init__(
            columns,
            key=lambda row: row.evaluation_id,
            empty=_("Nothing is computed for this period yet."),
            ticks=ticks,
            name=_("Scores"),
            parent=parent,
        )

    def show_run(self, context: Context, run: RunRow | None, groups: Mapping[str, str]) -> None:
        """Show the scores of this run; `groups` are the names of product groups by code."""
        self.groups = groups
        if run is None:
            self.set_rows([])
        else:
            self.show_list(context, scores_of(run.run_id))


class ScoreReasons(QScrollArea):
    """What stands behind one score: the indicators with weight and points, then the reasons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Reasons"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(theme.scaled(320))
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, theme.scaled(8), 0)
        self._column.setSpacing(theme.scaled(6))
        self.setWidget(inner)

    def show_row(self, row: EvaluationRow | None, edition: int | None = None) -> None:
        """Explain this score; None empties the place."""
        clear(self._column)
        if row is None:
            self._column.addWidget(PlainLabel(_("Choose a score to see its reasons."), "quiet"))
            self._column.addStretch(1)
            return
        self._column.addWidget(PlainLabel(row.name, role="section", wrap=True))
        self._column.addWidget(Badge(label(row.grade), GRADE_TONES[row.grade]))
        self._column.addWidget(_lines(row))
        take, plan = format_tonnes(row.take_kg), format_tonnes(row.plan_kg)
        taken = _("Taken {take} t of {plan} t planned", take=take, plan=plan)
        self._column.addWidget(PlainLabel(taken, role="quiet", wrap=True))
        said: dict[str, Reason] = {}
        for reason in (
            *row.reasons,
            *(reason for line in row.lines for reason in line.reasons),
            *row.level_reasons,
        ):
            said.setdefault(say(reason), reason)
        for text, reason in said.items():
            self._column.addWidget(PlainLabel(text, wrap=True))
            if reason.clause:
                article = ArticleButton(reason.clause, edition)
                self._column.addWidget(article, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)


def _lines(row: EvaluationRow) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(0, 1)
    right = Qt.AlignmentFlag.AlignRight
    for column, text in enumerate((_("Indicator"), _("Weight"), _("Value"), _("Points"))):
        side = right if column else Qt.AlignmentFlag.AlignLeft
        grid.addWidget(PlainLabel(text, role="quiet"), 0, column, side)
    for at, line in enumerate(row.lines, start=1):
        grid.addWidget(PlainLabel(label(Indicator(line.indicator))), at, 0)
        value = show_score(line.value) or _("no data")
        for column, text in enumerate((str(line.weight), value, show_score(line.points)), start=1):
            grid.addWidget(PlainLabel(text), at, column, right)
    return made


class ScoresView(Split):
    """The table at the left, the reasons of the chosen score at the right; `show_run(run)`."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("scores", (540, 340), parent=parent)
        self.context = context
        self.edition: int | None = None
        self.table, self.reasons = ScoresTable(), ScoreReasons()
        self.addWidget(GridFrame(self.table, context, "scores to sign", compact=True))
        self.addWidget(self.reasons)
        self.divide()
        self.table.chosen.connect(lambda row: self.reasons.show_row(row, self.edition))
        self.table.shown.connect(self._choose)
        self.reasons.show_row(None)

    def show_run(self, run: RunRow, groups: Mapping[str, str]) -> None:
        """Show the scores of this run."""
        self.edition = run.edition
        self.table.show_run(self.context, run, groups)

    def _choose(self) -> None:
        if not self.table.currentIndex().isValid():
            self.table.select_first()
