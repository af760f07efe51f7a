"""Tonnage & tiers: import a month, rate cooperation, close it, see every level with its reason.

The person presses Ctrl+I and drops the file; then chooses the month and closes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from chemsales.queries import offtake
from chemsales.queries.cooperation import RatingRow, RatingState, rating_reasons, ratings_of
from chemsales.queries.filtering import Kind, Request
from chemsales.queries.offtake import BatchRow, MonthRow, MonthState
from chemsales.queries.offtake_lists import BATCHES, pickups_of, plans_of
from chemsales.queries.people import names
from chemsales.rules.errors import Reason
from chemsales.rules.numbers import format_tonnes
from chemsales.services import cooperation as cooperation_service
from chemsales.services import offtake as offtake_service
from chemsales.services import tiers as tiers_service
from chemsales.services.changes import Changed, Subject
from chemsales.services.tiers import ClosingSummary
from chemsales.words import _, label, say_all
from ui import theme
from ui.actions import button_for
from ui.context import Context
from ui.dialogs.close_month import CloseMonthDialog
from ui.dialogs.cooperation import CooperationDialog, Line
from ui.dialogs.import_file import ImportDialog
from ui.dialogs.reason import ReasonDialog
from ui.pages.page import Page
from ui.tables import rowmenu
from ui.tables.columns import Column, Row
from ui.tables.frame import GridFrame
from ui.tables.view import Grid
from ui.text import dotted, when
from ui.theme import Tone
from ui.widgets.batches import BatchesTable, PickupsTable, PlansTable
from ui.widgets.labels import PlainLabel
from ui.widgets.levels import LevelsView
from ui.widgets.matrix import MatrixView
from ui.widgets.ratings import RatingsTable
from ui.widgets.split import Split
from ui.work import tiers as work
from ui.work.tiers import MonthFacts

TONNES = 2  # the column of the months that a low window has no room for
TONES = {MonthState.OPEN: Tone.REVIEW, MonthState.CLOSED: Tone.OK}


class TiersPage(Page):
    """Months at the left; levels, tonnes, cooperation and imports beside them.

    `open("2026-06")` chooses a month, `open(("cooperation", "2026-06", 7))` a customer's rating,
    `open(("cooperation", "2026-06", RatingState.WAITING))` those that this person has to see to.
    """

    subjects = frozenset({Subject.OFFTAKE, Subject.TIERS, Subject.COOPERATION, Subject.CUSTOMER})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.facts: MonthFacts | None = None
        self._wanted, self._wanted_rating = "", 0
        self.people: dict[str, str] = {}
        self.import_button = button_for(self.act("tiers.import", self.import_file), "primary")
        self.add_button(self.import_button)
        self._make_months()
        self.heading = PlainLabel("", role="record")
        self.state = PlainLabel("", role="quiet", wrap=True)
        self.close_button = button_for(self.act("tiers.close", self.ask_close))
        self.reopen_button = button_for(self.act("tiers.reopen", self.ask_reopen))
        self.why = PlainLabel("", role="quiet", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.heading)
        head.addWidget(self.state, 1)
        head.addWidget(self.close_button)
        head.addWidget(self.reopen_button)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._make_levels()
        self.matrix = MatrixView(context)
        self.matrix.opened.connect(self._open_customer)
        self.tabs.addTab(self.matrix, _("Twelve months"))
        self._make_ratings()
        self._make_batches()
        self._make_pickups()
        self._make_plans()
        for grid, wanted in (
            (self.months, ("tiers.close", "tiers.reopen", "tiers.import")),
            (self.ratings, ("tiers.rate", "tiers.confirm")),
            (self.batches, ("tiers.undo", "tiers.import")),
            (self.levels, ()),
        ):
            rowmenu.offer(grid, *(self.acts[name] for name in wanted))
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.why)
        column.addWidget(self.tabs, 1)
        self.split = Split("months", (272, 900), (self.months, right))
        self.split.setStretchFactor(1, 1)
        self.body.addWidget(self.split, 1)
        for grid in (self.months, self.levels, self.batches, self.pickups, self.plans):
            grid.takes_paste = True
            grid.pasted.connect(self.import_pasted)
        self._show_month(None)

    def title(self) -> str:
        return _("Tonnage & tiers")

    def empty_text(self) -> str:
        return _("No month yet. Import a file of pick-ups (Ctrl+I).")

    def fold(self, low: bool) -> None:
        """The months' tonnes, which the head says too, leave their room to the levels."""
        if low != self.months.isColumnHidden(TONNES):
            self.months.setColumnHidden(TONNES, low)
            self.months.widths.forget()
            self.split.divide(tuple(map(theme.scaled, (176, 996))) if low else ())

    def _make_months(self) -> None:
        self.months = Grid(
            [
                Column(_("Month"), lambda row: row.month, stretch=True),
                Column(_("State"), lambda row: label(row.state), tone=lambda row: TONES[row.state]),
                Column(_("Tonnes"), lambda row: row.take_kg, kind=Kind.KG),
            ],
            key=lambda row: row.month,
            empty=self.empty_text(),
            name=_("Month"),
        )
        self.months.chosen.connect(self._choose_month)

    def _make_levels(self) -> None:
        view = LevelsView(self.context)
        self.level_view, self.levels, self.reasons = view, view.grid, view.reasons
        self.moved = view.moved
        view.opened.connect(self._open_customer)
        self.tabs.addTab(view, _("Levels"))

    def _make_ratings(self) -> None:
        self.ratings = RatingsTable()
        self.rate_button = button_for(self.act("tiers.rate", self.rate))
        self.confirm_button = button_for(self.act("tiers.confirm", self.confirm))
        self.ratings.chosen.connect(self._judge_rating)
        self.ratings.opened.connect(lambda _row: self.rate())
        self.ratings.shown.connect(self._choose_rating)
        self._tab(_("Cooperation"), self.ratings, "ratings", self.rate_button, self.confirm_button)

    def _make_batches(self) -> None:
        self.batches = BatchesTable()
        self.undo_button = button_for(self.act("tiers.undo", self.ask_undo))
        self.undo_why = PlainLabel("", role="quiet", wrap=True)
        self.batches.chosen.connect(self._judge_batch)
        self.batches.shown.connect(self._choose_batch)
        self._tab(_("Imports"), self.batches, "imports", self.undo_button, self.undo_why)

    def _make_pickups(self) -> None:
        self.pickups = PickupsTable()
        self.pickups.opened.connect(self._open_customer)
        self._tab(_("Pick-ups"), self.pickups, "pickups")

    def _make_plans(self) -> None:
        self.plans = PlansTable()
        self.plans.opened.connect(self._open_customer)
        self._tab(_("Plans"), self.plans, "plans")

    def _open_customer(self, row: Row) -> None:
        self.context.go.emit("customers", row.customer_id)

    def _tab(self, title: str, grid: Grid, place: str, *tools: QWidget) -> None:
        """A tab with a grid and a row of tools above it."""
        frame = GridFrame(grid, self.context, place, *tools)
        frame.setContentsMargins(0, theme.scaled(8), 0, 0)
        self.tabs.addTab(frame, title)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.months.setFocus()

    # -- reading -----------------------------------------------------------------------------------

    def refresh(self) -> None:
        self.context.read(names, done=self._show_people)
        self.context.read(offtake.months, done=self._show_months)
        self.batches.show_list(self.context, BATCHES)

    def open(self, target: object) -> None:
        """Choose a month; of ("cooperation", month, customer or state) ratings in it."""
        self._wanted = str(target)
        if isinstance(target, tuple):
            _part, self._wanted, wanted = target
            state = wanted if isinstance(wanted, RatingState) else None
            self._wanted_rating = 0 if state else int(wanted)
            actor = self.context.actor
            self.ratings.ask(work.ratings_asked(actor, state) if state else Request())
            self.tabs.setCurrentIndex(self.tabs.indexOf(self.ratings.parentWidget()))
        self.here(target, self._wanted)
        self._take_wanted()

    def _take_wanted(self) -> None:
        if self._wanted and self.months.select_key(self._wanted):
            self._wanted = ""

    def _show_people(self, people: dict[str, str]) -> None:
        self.people = people

    def _choose_rating(self) -> None:
        if self._wanted_rating and self.ratings.select_key(self._wanted_rating):
            self._wanted_rating = 0

    def _show_months(self, rows: list[MonthRow]) -> None:
        before = self.months.row()
        self.months.set_rows(rows)
        self._take_wanted()
        if self.months.row() is None:
            self.months.select_first()
        elif before is not None and self.months.row().month == before.month:
            self._choose_month(self.months.row())

    def _choose_batch(self) -> None:
        if not self.batches.currentIndex().isValid():
            self.batches.select_first()

    def _choose_month(self, row: MonthRow | None) -> None:
        if row is None:
            self._show_month(None)
            return
        today = self.context.session.today()
        self.context.read(work.month_facts, row.month, today, done=self._show_month)

    def _show_month(self, facts: MonthFacts | None) -> None:
        self.facts = facts
        row = self.months.row()
        self.tabs.setVisible(facts is not None)
        self.heading.setText(facts.month if facts else "")
        self.state.setText(self._state_words(row) if facts and row else "")
        closed = row is not None and row.state is MonthState.CLOSED
        self.acts["tiers.close"].setVisible(facts is not None and not closed)
        self.acts["tiers.reopen"].setVisible(facts is not None and closed)
        reasons: Sequence[Reason] = ()
        if facts is not None:
            reasons = facts.reopen_blockers if closed else facts.close_blockers
            self.acts["tiers.close"].block(say_all(facts.close_blockers))
            self.acts["tiers.reopen"].block(say_all(facts.reopen_blockers))
        self.why.setText(say_all(reasons))
        self.why.setVisible(bool(reasons))
        self.level_view.show_month(facts.month if facts else None)
        if facts is not None:
            self.matrix.show_months(facts.months)
            self.pickups.show_list(self.context, pickups_of(facts.month))
            self.plans.show_list(self.context, plans_of(facts.month))
            self.ratings.show_list(self.context, ratings_of(facts.month))
        else:
            self.ratings.set_rows([])

    def _state_words(self, row: MonthRow) -> str:
        taken = _(
            "Customers: {customers}, taken {take} t, planned {plan} t",
            customers=row.customers,
            take=format_tonnes(row.take_kg),
            plan=format_tonnes(row.plan_kg),
        )
        if row.state is MonthState.OPEN:
            return taken
        closed = _(
            "closed by {name} {when}, revision {revision}, rule edition {edition}",
            name=self.people.get(row.closed_by, row.closed_by),
            when=when(row.closed_at),
            revision=row.revision,
            edition=row.edition,
        )
        return dotted((taken, closed))

    # -- importing ---------------------------------------------------------------------------------

    def import_file(self) -> None:
        """Import a file."""
        self._importing().open()

    def _importing(self) -> ImportDialog:
        dialog = ImportDialog(self.context, self.window())
        dialog.imported.connect(self._show_imported)
        return dialog

    def _show_imported(self, months: Sequence[str]) -> None:
        """Choose the latest month that rows came into."""
        self._wanted = max(months, default="")
        self._take_wanted()

    def import_pasted(self, text: str) -> None:
        """Import a block that was copied in a spreadsheet."""
        if self.acts["tiers.import"].isEnabled():
            dialog = self._importing()
            dialog.open()
            dialog.paste(text)

    def _judge_batch(self, row: BatchRow | None) -> None:
        if row is None:
            self.acts["tiers.undo"].block(_("Choose a row first."))
            self.undo_why.setText("")
            return
        self.context.read(offtake.undo_blockers, row.id, done=self._show_undo_blockers)

    def _show_undo_blockers(self, reasons: tuple[Reason, ...]) -> None:
        self.acts["tiers.undo"].block(say_all(reasons))
        self.undo_why.setText(say_all(reasons, "  "))

    def ask_undo(self) -> None:
        """Ask why the chosen import is undone."""
        row = self.batches.row()
        ReasonDialog(
            _("Undo the import of {name}", name=row.file_name),
            _("Its rows ({count}) stop counting. The history keeps them.", count=row.row_count),
            _("Undo the import"),
            partial(self._write_reason, offtake_service.undo_import, row.id),
            danger=True,
            parent=self.window(),
        ).open_in(self.context, f"undo {row.id}")

    def _write_reason(self, service: object, key: object, text: str, dialog: ReasonDialog) -> None:
        dialog.write(self.context, service, key, text)  # type: ignore[arg-type]

    # -- closing -----------------------------------------------------------------------------------

    def ask_close(self) -> None:
        """Show what closing the chosen month rests on."""
        row, facts = self.months.row(), self.facts
        if row is None or facts is None:
            return
        open_months = [other for other in self.months.rows() if other.state is MonthState.OPEN]
        gaps = sorted(other.month for other in open_months if other.month < row.month)
        CloseMonthDialog(row, gaps, facts, self._close, self.window()).open()

    def _close(self, dialog: CloseMonthDialog) -> None:
        assert self.facts is not None
        self.context.write(
            tiers_service.close_month,
            self.facts.month,
            done=partial(self._closed, dialog),
            failed=dialog.refused,
            title=_("Closing {month}", month=self.facts.month),
        )

    def _closed(self, dialog: CloseMonthDialog, changed: Changed[ClosingSummary]) -> None:
        dialog.show_summary(changed.value)
        self.tabs.setCurrentIndex(0)

    def ask_reopen(self) -> None:
        """Ask why the chosen month is reopened."""
        assert self.facts is not None
        month = self.facts.month
        ReasonDialog(
            _("Reopen {month}", month=month),
            _("Its levels no longer hold; later closed months are computed again without it."),
            _("Reopen {month}", month=month),
            partial(self._write_reason, tiers_service.reopen_month, month),
            danger=True,
            parent=self.window(),
        ).open_in(self.context, f"reopen {month}")

    # -- cooperation -------------------------------------------------------------------------------

    def _judge_rating(self, row: RatingRow | None) -> None:
        nothing = _("Choose a row first.") if row is None else ""
        login = self.context.actor.login
        rate = nothing
        if row is not None:
            rate = say_all(rating_reasons(row.manager, row.manager_name, login))
        self.acts["tiers.rate"].block(rate)
        confirm = nothing
        if row is not None and (row.rating_id is None or row.confirmed_by):
            confirm = _("There is no rating to confirm.")
        self.acts["tiers.confirm"].block(confirm)

    def rate(self) -> None:
        """Rate the chosen customer in the chosen month."""
        row = self.ratings.row()
        if row is not None and self.facts is not None and self.rate_button.isEnabled():
            given = partial(self._rate, row.customer_id, self.facts.month)
            CooperationDialog(row, self.facts.month, given, self.window()).open_in(
                self.context, f"{row.customer_id} {self.facts.month}"
            )

    def _rate(
        self, customer_id: int, month: str, lines: Sequence[Line], dialog: CooperationDialog
    ) -> None:
        dialog.write(self.context, cooperation_service.rate, customer_id, month, lines, dialog.seen)

    def confirm(self) -> None:
        """Confirm the chosen rating."""
        row = self.ratings.row()
        self.context.write(cooperation_service.confirm, row.rating_id, row.version)
