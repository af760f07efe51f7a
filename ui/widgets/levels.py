"""Levels after a month: the columns of their tables, and why one is what it is, with articles."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from chemsales.queries.filtering import Filter, Kind
from chemsales.queries.tiers import TierRow, results_of
from chemsales.rules.classification import SalesForm
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.periods import Month
from chemsales.rules.tiers import Level, TierOutcome
from chemsales.words import _, label, say
from ui import theme
from ui.context import Context
from ui.tables.columns import Column
from ui.tables.frame import GridFrame
from ui.tables.view import Grid
from ui.widgets.article import ArticleButton
from ui.widgets.facts import clear
from ui.widgets.labels import PlainLabel
from ui.widgets.scrolled import scrolled
from ui.widgets.split import Split
from ui.wording import LEVEL_TONES, OUTCOME_TONES, choices

UNMOVED = (TierOutcome.KEPT, TierOutcome.PINNED)
ROWS = 4  # in sight at least, however low the window
MOVED = tuple(str(outcome) for outcome in TierOutcome if outcome not in UNMOVED)


class LevelReasons(QWidget):
    """Why a level is what it is: sentences with their articles and the rule edition."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, theme.scaled(8), 0)
        self._column.setSpacing(theme.scaled(4))

    def show_row(self, row: TierRow | None) -> None:
        """Explain this result; None empties the place."""
        clear(self._column)
        if row is None:
            self._column.addWidget(PlainLabel(_("Choose a line to see its reasons."), "quiet"))
            self._column.addStretch(1)
            return
        title = f"{row.name}  {row.month}"
        self._column.addWidget(PlainLabel(title, role="section", wrap=True))
        tonnes = _("{tonnes} t", tonnes=format_tonnes(row.kg))
        self._column.addWidget(PlainLabel(tonnes, role="quiet"))
        for reason in row.reasons:
            self._column.addWidget(PlainLabel(say(reason), wrap=True))
            if reason.clause:
                article = ArticleButton(reason.clause, row.edition)
                self._column.addWidget(article, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)


def level_columns(form: bool = False) -> list[Column]:
    """The columns of levels after a month; with `form` that of sale too."""
    levels = choices(Level)
    columns = [
        Column(_("Tonnes"), lambda row: row.kg, field="kg", kind=Kind.KG),
        Column(
            _("Level before"),
            lambda row: label(row.level_before),
            sort=lambda row: list(LEVEL_TONES).index(row.level_before),
            field="before",
            choices=levels,
        ),
        Column(
            _("Level after"),
            lambda row: label(row.level_after),
            sort=lambda row: list(LEVEL_TONES).index(row.level_after),
            tone=lambda row: LEVEL_TONES[row.level_after],
            field="after",
            choices=levels,
        ),
        Column(
            _("What happened"),
            lambda row: label(row.outcome),
            tone=lambda row: OUTCOME_TONES.get(row.outcome),
            stretch=True,
            field="outcome",
            choices=choices(TierOutcome),
        ),
    ]
    if form:
        sale = Column(
            _("Form of sale"),
            lambda row: label(row.form_after),
            field="form",
            choices=choices(SalesForm),
        )
        columns.append(sale)
    return columns


class LevelsView(Split):
    """The levels of a month above, the reasons of the chosen one below; F4 hides these.

    `show_month("2026-06")`; `opened(row)` asks for a customer.
    """

    opened = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("levels", (420, 180), (), Qt.Orientation.Vertical, parent)
        self.context = context
        self.grid = Grid(
            [
                Column(_("Code"), lambda row: row.code, field="code"),
                Column(_("Customer name"), lambda row: row.name, widest=26, field="name"),
                *level_columns(),
            ],
            key=lambda row: row.customer_id,
            empty=_("Levels are computed when the month is closed."),
            name=_("Levels"),
        )
        self.reasons = LevelReasons()
        self.moved = QCheckBox(_("Only those that moved"))
        self.moved.toggled.connect(self._narrow)
        self.grid.asked.connect(self._follow)
        self.grid.chosen.connect(self.reasons.show_row)
        self.grid.opened.connect(self.opened)
        self.grid.shown.connect(self._choose)
        frame = GridFrame(self.grid, context, "levels", self.moved)
        frame.setContentsMargins(0, theme.scaled(8), 0, 0)
        self.addWidget(frame)
        below = scrolled(self.reasons, _("Reasons"))
        self.addWidget(below)
        self.grid.set_drawer(below)
        self.setStretchFactor(0, 1)
        self.divide()
        self._keep_rows()

    def _keep_rows(self) -> None:
        """In a low window the reasons scroll, so that some lines of the table stay in sight."""
        heading = self.grid.horizontalHeader().sizeHint().height()
        line = self.grid.verticalHeader().defaultSectionSize()
        bar = self.grid.horizontalScrollBar().sizeHint().height()
        self.grid.setMinimumHeight(heading + ROWS * line + bar + 2 * self.grid.frameWidth())

    def show_month(self, month: Month | None) -> None:
        """Show the levels that the closing of this month computed."""
        if month is None:
            self.grid.set_rows([])
        else:
            self.grid.show_list(self.context, results_of(month))

    def _choose(self) -> None:
        if not self.grid.currentIndex().isValid():
            self.grid.select_first()

    def _narrow(self, moved: bool) -> None:
        self.grid.filter_by(Filter("outcome", choices=MOVED if moved else ()))

    def _follow(self) -> None:
        """The box says what the filter says."""
        asked = {wanted.name: wanted.choices for wanted in self.grid.request.filters}
        self.moved.blockSignals(True)
        self.moved.setChecked(asked.get("outcome") == MOVED)
        self.moved.blockSignals(False)
