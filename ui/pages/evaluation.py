"""Evaluation & reports: the last finished quarter, its scores with their reasons, and the papers.

The person comes here (one click) and the sheets are drawn; Print is the second click.
"""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from chemsales.rules.approval import Outcome
from chemsales.rules.periods import Period
from chemsales.rules.roles import Action
from chemsales.services import evaluation as service
from chemsales.services.changes import Changed, Subject
from chemsales.words import _, label, say_all
from ui import theme
from ui.actions import button_for
from ui.context import Context
from ui.forms.picker import Picker
from ui.pages.page import Page
from ui.tables import rowmenu
from ui.tables.columns import Column
from ui.tables.frame import GridFrame
from ui.tables.view import Grid
from ui.theme import Tone
from ui.widgets.evaluation_case import grade_words, run_words
from ui.widgets.labels import Badge, PlainLabel
from ui.widgets.preview import Preview
from ui.widgets.scores import ScoreReasons, ScoresTable
from ui.widgets.split import Split
from ui.wording import CASE_TONES
from ui.work import evaluation as work
from ui.work.evaluation import PeriodFacts


class EvaluationPage(Page):
    """Scores at the left; sheets, reasons, summary, who is missing, and the report on the
    separation of duties at the right.

    `open("2026Q2")` chooses a period.
    """

    subjects = frozenset(
        {
            Subject.EVALUATION, Subject.TIERS, Subject.COOPERATION, Subject.CUSTOMER,
            Subject.OFFTAKE, Subject.CALENDAR, Subject.POLICY, Subject.PRODUCTS, Subject.PEOPLE,
        }
    )  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.facts: PeriodFacts | None = None
        self._drawn: object = None  # what the sheets shown were drawn from
        self._summary_drawn: object = None
        self._duties_drawn = ""  # the period whose report is shown
        self._make_head()
        self.scores = ScoresTable(ticks=True)
        self.scores.chosen.connect(self._explain)
        self.scores.clicked.connect(lambda _index: self.tabs.setCurrentWidget(self.reasons))
        self.scores.ticks_changed.connect(self._name_preview)
        rowmenu.offer(self.scores, self.acts["evaluation.print"])
        self.reasons = ScoreReasons()
        self.preview, self.summary = Preview(context.jobs), Preview(context.jobs)
        self.duties = Preview(context.jobs)
        self._print_wanted = False
        for preview in (self.preview, self.summary, self.duties):
            preview.print_action.setShortcuts([])  # the page's own, which is wherever the focus is
            preview.ready.connect(self._on_ready)
            preview.ended.connect(self._drawing_ended)
        self.missing = Grid(
            [
                Column(_("Code"), lambda row: row.code, field="code"),
                Column(_("Customer name"), lambda row: row.name, widest=24, field="name"),
                Column(
                    _("Why"),
                    lambda row: say_all(row.reasons, " "),
                    widest=50,
                    stretch=True,
                    field="why",
                ),
            ],
            key=lambda row: row.customer_id,
            empty=_("Nobody is missing."),
            name=_("Missing customers"),
        )
        self.tabs = QTabWidget()
        self.tabs.setUsesScrollButtons(False)  # as wide as its tabs, which are never hidden
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.preview, _("Sheets"))
        self.tabs.addTab(self.reasons, _("Reasons"))
        self.tabs.addTab(self.summary, _("Meeting"))
        self.tabs.addTab(GridFrame(self.missing, context, "missing"), _("Missing"))
        if context.may(Action.DUTIES_REPORT):
            self.tabs.addTab(self.duties, _("Duties"))
        self.tabs.currentChanged.connect(lambda _index: self._draw_shown())
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.grades)
        column.addWidget(GridFrame(self.scores, context, "scores"), 1)
        self.body.addWidget(Split("evaluation", (680, 480), (left, self.tabs)), 1)
        self._show(None)

    def title(self) -> str:
        return _("Evaluation & reports")

    def empty_text(self) -> str:
        return _("Nothing is computed for this period yet.")

    def _make_head(self) -> None:
        self.period = Picker(map(_item, work.periods(self.context.session.today())))
        self.period.setAccessibleName(_("Period"))
        self.period.currentIndexChanged.connect(lambda _index: self.refresh())
        self.state, self.provisional = Badge(), Badge(_("Provisional"), Tone.SOON)
        self.run = PlainLabel("", role="quiet", wrap=True)
        self.grades = PlainLabel("", role="section", wrap=True)
        self.why = PlainLabel("", role="quiet", wrap=True)
        self.compute_button = button_for(self.act("evaluation.compute", self.compute))
        self.sign_button = button_for(self.act("evaluation.sign", self.sign))
        self.act("evaluation.print", self.print_sheets)
        self.preview_button = button_for(self.act("evaluation.preview", self.preview_sheets))
        for made in (self.period, self.compute_button, self.sign_button, self.preview_button):
            self.add_button(made)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.state)
        row.addWidget(self.provisional)
        row.addWidget(self.run, 1)
        self.body.addLayout(row)
        self.body.addWidget(self.why)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.scores.setFocus()

    # -- reading -----------------------------------------------------------------------------------

    def refresh(self) -> None:
        today = self.context.session.today()
        self.context.read(work.period_facts, self.period.currentData(), today, done=self._show)

    def open(self, target: object) -> None:
        """Choose a period; of ("meeting", period) show the summary for the operating meeting, of
        ("duties", period) the report on the separation of duties."""
        kind, wanted = target if isinstance(target, tuple) else ("", target)
        period = str(Period.parse(str(wanted)))
        if self.period.findData(period) < 0:
            self._offer(period)
        at = self.period.findData(period)
        if at >= 0:
            self.period.setCurrentIndex(at)
            shown = {"meeting": self.summary, "duties": self.duties}.get(kind, self.preview)
            self.tabs.setCurrentWidget(shown)
            self.here(target, str(wanted))

    def _offer(self, chosen: str) -> None:
        """Leave out the periods before all data, except this one."""
        month = self.facts.begun if self.facts else None
        items = [_item(p) for p in work.offered(self.context.session.today(), month, chosen)]
        if [value for value, _words in items] != self.period.values():
            self.period.set_items(items)

    def _show(self, facts: PeriodFacts | None) -> None:
        self.facts = facts
        if facts is not None:
            self._offer(self.period.value())
        run = facts.run if facts else None
        self.state.setVisible(facts is not None)
        self.provisional.setVisible(run is not None and bool(run.open_months))
        if run is None:
            self.state.show_status(_("Not computed"), Tone.DRAFT)
        else:
            self.state.show_status(label(run.outcome), CASE_TONES[run.outcome])
        self.run.setText(run_words(run) if run else self.empty_text() if facts else "")
        grades = facts.grades if facts else {}
        self.grades.setText(grade_words(grades))
        self.grades.setVisible(bool(grades))
        self.scores.set_empty_text(self.empty_text())
        self.scores.show_run(self.context, run, facts.groups if facts else {})
        missing = facts.missing if facts else ()
        self.missing.set_rows(missing)
        self.tabs.setTabText(3, _("Missing ({count})", count=len(missing)))
        self._judge()
        if facts is not None and run is not None:
            self._draw_if_other()
        else:
            self._drawn = self._summary_drawn = None
            said = self.empty_text() if facts is not None else ""
            self.preview.clear(said)
            self.summary.clear(said)
        self._duties_drawn = ""
        self._draw_shown()

    def _explain(self, row: object) -> None:
        edition = self.facts.run.edition if self.facts and self.facts.run else None
        self.reasons.show_row(row, edition)  # type: ignore[arg-type]

    def _judge(self) -> None:
        """Grey what cannot be done now, with the reasons why."""
        facts = self.facts
        compute = say_all(facts.compute_blockers) if facts else ""
        self.acts["evaluation.compute"].block(compute)
        printable = self._has_run() or self.tabs.currentWidget() is self.duties
        self.acts["evaluation.print"].block("" if printable else self.empty_text())
        run = facts.run if facts else None
        open_run = run is not None and run.outcome is Outcome.OPEN
        sign = say_all(facts.sign_blockers) if facts and open_run else ""
        self.acts["evaluation.sign"].setVisible(open_run)
        self.acts["evaluation.sign"].block(sign)
        self.why.setText(sign)
        self.why.setVisible(bool(sign))
        self.acts["evaluation.preview"].block(compute if run is None else "")
        self._name_preview()

    def _has_run(self) -> bool:
        return self.facts is not None and self.facts.run is not None

    def _name_preview(self) -> None:
        ticked = len({row.customer_id for row in self.scores.ticked_rows()})
        if self.facts is not None and self.facts.run is None:
            text = _("Compute and preview")
        elif ticked:
            text = _("Preview the ticked ({count})", count=ticked)
        else:
            text = _("Preview all sheets")
        self.acts["evaluation.preview"].setText(text)
        none = self.facts is not None and self.facts.run is None
        theme.mark(self.preview_button, "role", "primary" if none else "")

    # -- computing and signing ---------------------------------------------------------------------

    def compute(self) -> None:
        """Compute the chosen period, anew where it was computed before."""
        self.acts["evaluation.compute"].setEnabled(False)
        self.context.write(
            service.compute,
            self.period.currentData(),
            done=self._computed,
            always=self._judge,
            title=_("Computing {period}", period=self.period.currentData()),
        )

    def _computed(self, _changed: Changed[int]) -> None:
        said = _("{period} is computed.", period=self.period.currentData())
        self.context.said.emit(said)
        self.tabs.setCurrentWidget(self.preview)

    def sign(self) -> None:
        """Go to the case of the run, where it is approved or returned."""
        assert self.facts is not None
        assert self.facts.run is not None
        self.context.go.emit("approvals", ("evaluation", self.facts.run.run_id))

    # -- papers ------------------------------------------------------------------------------------

    def preview_sheets(self) -> None:
        """Draw the sheets of the ticked customers, or of all; compute first where nothing is."""
        self.tabs.setCurrentWidget(self.preview)
        if self.facts is None or self.facts.run is None:
            self.compute()
            return
        ticked = frozenset(row.customer_id for row in self.scores.ticked_rows())
        self._draw((self._mark(), ticked or None))

    def print_sheets(self) -> None:
        """Print the paper shown: at once, or as soon as it is drawn."""
        shown = self.tabs.currentWidget()
        if shown not in (self.summary, self.duties):
            shown = self.preview
        self.tabs.setCurrentWidget(shown)
        self._print_wanted = not shown.view.pages
        if not self._print_wanted:
            shown.ask_print()
        elif shown is self.preview:
            self._draw_if_other()

    def _on_ready(self) -> None:
        if self._print_wanted:
            self.print_sheets()

    def _mark(self) -> object:
        """What a paper of the run depends on: the run and its signatures."""
        assert self.facts is not None
        assert self.facts.run is not None
        return self.facts.run.run_id, self.facts.run.version

    def _draw_if_other(self) -> None:
        if not isinstance(self._drawn, tuple) or self._drawn[0] != self._mark():
            self._draw((self._mark(), None))

    def _draw(self, wanted: tuple[object, frozenset[int] | None]) -> None:
        assert self.facts is not None
        if self._drawn == wanted or not self.context.may(Action.REPORT_PRINT):
            return
        self._drawn = wanted
        title, actor = _("Drawing the sheets"), self.context.actor
        self.preview.build(title, work.sheets, actor, self.facts.run, wanted[1])

    def _drawing_ended(self) -> None:
        if not self.preview.data:  # refused or cancelled: the button draws again
            self._drawn = None
        if not self.summary.data:
            self._summary_drawn = None
        if not self.duties.data:
            self._duties_drawn = ""

    def _draw_shown(self) -> None:
        """Draw the paper whose tab is looked at; the sheets are drawn anyway."""
        self._judge()
        shown = self.tabs.currentWidget()
        if shown is self.summary:
            self._draw_summary()
        elif shown is self.duties and self.facts is not None:
            self._draw_duties(self.facts.period)

    def _draw_duties(self, period: str) -> None:
        if self._duties_drawn == period:
            return
        self._duties_drawn = period
        title, today = _("Drawing the report"), self.context.session.today()
        self.duties.build(title, work.duties, self.context.actor, period, today)

    def _draw_summary(self) -> None:
        if self.facts is None or self.facts.run is None:
            return
        if self._summary_drawn == self._mark():
            return
        self._summary_drawn = self._mark()
        title, actor = _("Drawing the summary"), self.context.actor
        self.summary.build(title, work.meeting, actor, self.facts.run)


def _item(period: Period) -> tuple[str, str]:
    """A period as it is chosen."""
    return str(period), f"{period}  {label(period.kind)}"
