"""Licences: what ends next and who is suspended; a renewed licence is recorded with Ctrl+N.

The person sees what ends within ninety days, soonest first; a scan that is dropped on a row begins
the renewal of that paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from chemsales.queries.filtering import Request
from chemsales.queries.licence_horizon import HorizonRow, horizon, is_planned
from chemsales.queries.licence_lists import (
    PaperRow,
    due_within,
    notice_on,
    papers_of,
)
from chemsales.queries.licences import LicenceDetail, licence
from chemsales.queries.suspension_lists import suspensions_of
from chemsales.queries.undated import undated_on
from chemsales.queries.violations import violations
from chemsales.rules.licences import Notice
from chemsales.rules.periods import Month, month_of, next_month
from chemsales.rules.roles import Actor
from chemsales.services import licences as service
from chemsales.services.changes import Subject
from chemsales.words import _
from ui import files, theme
from ui.actions import button_for
from ui.context import Context
from ui.dialogs.licence import LicenceDialog, LicenceForm
from ui.dialogs.preview import PreviewDialog
from ui.pages.page import Page
from ui.tables import rowmenu
from ui.tables.frame import GridFrame
from ui.tables.view import Grid
from ui.widgets.agents_tab import AgentsTab
from ui.widgets.customer_picker import Picked
from ui.widgets.licence_case import LicenceCase
from ui.widgets.licence_horizon import HorizonView
from ui.widgets.licence_lists import BandBar, PapersGrid, suspensions_grid, undated_grid
from ui.widgets.search import SearchField
from ui.widgets.split import Split
from ui.widgets.violations import violations_grid
from ui.work import licences as work
from ui.work.licences import Opened
from ui.work.papers import file_name


class LicencesPage(Page):
    """The papers with the chosen one beside them; suspensions; what is required and has nothing
    valid on record yet; what was picked up while dealings were suspended.

    `open(licence_id)` (or `("paper", licence_id)`) chooses a paper, `open(("correct", licence_id))`
    corrects one that came back, `open(("papers", request))` asks the list for these,
    `open(("undated", request))` that of what has nothing valid yet, of which with a key one is
    chosen, `open(("violations", request))` that of violations. `open(("agent", class_id))` chooses
    an exclusive agent, `open(("agents", request))` asks their list (also by the number of a
    licence).
    """

    subjects = frozenset(
        {
            Subject.LICENCE, Subject.CUSTOMER, Subject.POLICY, Subject.PRODUCTS, Subject.PEOPLE,
            Subject.OFFTAKE, Subject.AGENT_LICENCE,
        }
    )  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.shown: Opened | None = None
        self._chosen: int | None = None
        self._wanted: int | None = None
        self._wanted_undated: int | None = None
        self.search = SearchField(_("Search name, pinyin, code, number"))
        self.act("licences.find", self._find)
        self.new_button = button_for(self.act("licences.new", self.new_licence), "primary")
        self.letters_button = button_for(self.act("licences.letters", self.print_letters))
        self.calendar_button = button_for(self.act("licences.calendar", self.ask_calendar))
        for made in (self.search, self.calendar_button, self.letters_button, self.new_button):
            self.add_button(made)
        self._make_papers()
        self.suspensions, self.undated = suspensions_grid(), undated_grid()
        self.undated.shown.connect(self._show_undated)
        self.violations = violations_grid()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.split, _("Licences"))
        self.frames: dict[str, GridFrame] = {}
        for grid, place, title in (
            (self.suspensions, "suspensions", _("Suspensions")),
            (self.undated, "undated", _("None valid yet")),
            (self.violations, "violations", _("Violations")),
        ):
            frame = self.frames[place] = GridFrame(grid, context, place)
            frame.follow(self.search)
            frame.setContentsMargins(0, theme.scaled(8), 0, 0)
            self.tabs.addTab(frame, title)
            grid.opened.connect(lambda row: self.context.go.emit("customers", row.customer_id))
        self.grids: tuple[Grid, ...] = (
            self.papers, self.suspensions, self.undated, self.violations,
        )  # fmt: skip
        self.horizon = HorizonView()
        self.horizon.wanted.connect(lambda: self.context.go.emit("tiers", None))
        self._horizon_due = False  # what it shows may have changed since it was read
        self.tabs.addTab(self.horizon, _("Horizon"))
        self.agents = AgentsTab(
            context,
            self.act("licences.issue", lambda: self.agents.issue()),
            self.act("licences.print_agent", lambda: self.agents.print_chosen()),
        )
        self.agents.frame.follow(self.search)
        self.tabs.addTab(self.agents, _("Exclusive agents"))
        self.tabs.currentChanged.connect(lambda _at: self._turned())
        self.body.addWidget(self.tabs, 1)

    def title(self) -> str:
        return _("Licences")

    def empty_text(self) -> str:
        return _("No licence ends within 90 days.")

    def _make_papers(self) -> None:
        self.papers = PapersGrid(self.empty_text())
        self.papers.ask(due_within())
        self.papers.chosen.connect(self._choose)
        self.papers.shown.connect(self._show_papers)
        self.papers.scanned.connect(self._renew)
        self.papers.opened.connect(
            lambda row: self.context.go.emit("customers", ("licences", row.customer_id))
        )
        rowmenu.offer(self.papers, self.acts["licences.new"], self.acts["licences.letters"])
        self.bands = BandBar(self.papers)
        frame = GridFrame(self.papers, self.context, "papers", compact=True)
        frame.follow(self.search)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, theme.scaled(8), 0, 0)
        column.addWidget(self.bands)
        column.addWidget(frame, 1)
        self.case = LicenceCase(self.context, Qt.Orientation.Vertical)
        right = QWidget()
        self.withdraw = button_for(self.act("licences.withdraw", self._withdraw, right))
        self.correct = button_for(self.act("licences.correct", self._correct, right))
        under = QHBoxLayout()
        under.addStretch(1)
        under.addWidget(self.withdraw)
        under.addWidget(self.correct)
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, theme.scaled(8), 0, 0)
        beside.addWidget(self.case, 1)
        beside.addLayout(under)
        self.split = Split("licences", (760, 420), (left, right))
        self._show_none()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.papers.setFocus()

    # -- reading -----------------------------------------------------------------------------------

    def refresh(self) -> None:
        self.context.read(notice_on, self.context.session.today(), done=self._show_lists)

    def _show_lists(self, notice: Notice) -> None:
        today = self.context.session.today()
        self.papers.show_list(self.context, papers_of(today, notice))
        self.suspensions.show_list(self.context, suspensions_of(today))
        self.undated.show_list(self.context, undated_on(today))
        self.violations.show_list(self.context, violations())
        self.agents.refresh(notice.ahead)
        self.bands.show_bands(notice)
        self._horizon_due = True
        self._read_horizon()
        if self._chosen is not None:
            self._read(self._chosen)

    def _in_sight(self) -> Grid | None:
        """The list of customers' papers that is in sight."""
        return next((grid for grid in self.grids if grid.isVisibleTo(self)), None)

    def _turned(self) -> None:
        nothing = (
            "" if self._in_sight() is not None else _("It is for customers of a list of papers.")
        )
        self.acts["licences.letters"].suspend(nothing)
        self._read_horizon()

    def _read_horizon(self) -> None:
        """Read what hangs on the papers that end, as soon as it is seen."""
        if self._horizon_due and self.tabs.currentWidget() is self.horizon:
            self._horizon_due = False
            today = self.context.session.today()
            month = next_month(month_of(today))

            def show(found: tuple[Sequence[HorizonRow], bool]) -> None:
                self.horizon.show_rows(found[0], month, found[1])

            self.context.read(_ahead, today, month, done=show)

    def _show_papers(self) -> None:
        if self._wanted is not None and self.papers.select_key(self._wanted):
            self._wanted = None
        elif not self.papers.currentIndex().isValid():
            self.papers.select_first()

    def open(self, target: object) -> None:
        """Choose a paper (its key), ("correct", key) correct it too, ("papers", request) ask for
        some, ("undated", request) for what has no validity, ("violations", request) for these,
        ("agents", request) for agents."""
        kind, wanted = target if isinstance(target, tuple) else ("paper", target)
        if kind == "agent":
            self.tabs.setCurrentWidget(self.agents)
            self.agents.choose(int(str(wanted)))
            return
        if kind == "agents":
            self.tabs.setCurrentWidget(self.agents)
            self.agents.ask(wanted)
            return
        if kind == "undated":
            self._open_undated(wanted)
            return
        if kind == "violations":
            self.tabs.setCurrentWidget(self.frames["violations"])
            self.violations.ask(wanted)
            return
        self.tabs.setCurrentIndex(0)
        if kind == "papers":
            self.papers.ask(wanted)
            return
        key = int(str(wanted))
        if not self.papers.select_key(key):
            self._wanted = key
            self.papers.ask(Request())
            self._show_papers()
        if kind == "correct":
            self.context.read(licence, key, done=self._ask_correct)

    def _open_undated(self, wanted: object) -> None:
        """Ask for some of what has no validity on record, or choose one by its key."""
        self.tabs.setCurrentWidget(self.frames["undated"])
        if isinstance(wanted, Request):
            self.undated.ask(wanted)
        else:
            self._wanted_undated = int(str(wanted))
            self.undated.ask(Request())
            self._show_undated()

    def _show_undated(self) -> None:
        if self._wanted_undated is not None and self.undated.select_key(self._wanted_undated):
            self._wanted_undated = None
        elif not self.undated.currentIndex().isValid():
            self.undated.select_first()

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _choose(self, row: PaperRow | None) -> None:
        self._chosen = row.id if row is not None else None
        if row is None:
            self._show_none()
        elif self.shown is None or self.shown.row.id != row.id:
            self._read(row.id)

    def _read(self, licence_id: int) -> None:
        today = self.context.session.today()
        self.context.read(work.opened, licence_id, today, done=self._show)

    def _show_none(self) -> None:
        self.shown = None
        self.case.clear(_("Choose a paper in the list."))
        for name in ("licences.withdraw", "licences.correct"):
            self.acts[name].setVisible(False)

    def _show(self, found: Opened) -> None:
        if found.row.id != self._chosen:
            return
        self.shown = found
        self.case.show_case(found)
        for name, reasons in (
            ("licences.withdraw", found.unwithdrawable),
            ("licences.correct", found.uncorrectable),
        ):
            self.acts[name].setVisible(not reasons)

    # -- letters and calendar ----------------------------------------------------------------------

    def print_letters(self) -> None:
        """Show the letters to the customers of the ticked rows of the list in sight, else of the
        chosen one."""
        grid = self._in_sight()
        rows = grid.picked() if grid is not None else []
        if rows:
            customers = frozenset(each.customer_id for each in rows)
            context, today = self.context, self.context.session.today()
            given = (context.actor, customers, today)
            title = _("Drawing the letters")
            PreviewDialog(title, context.jobs, work.letters, *given, parent=self.window()).open()

    def ask_calendar(self) -> None:
        """Ask where the calendar is written to."""
        name = file_name(_("Licences {day}", day=self.context.session.today().isoformat()), ".ics")
        files.choose_place(self, _("Calendar …"), name, _("Calendar"), self.write_calendar)

    def write_calendar(self, path: Path) -> None:
        """Write the calendar there, and say how many days are in it."""
        context = self.context
        context.jobs.read(
            work.write_calendar,
            context.actor,
            context.session.today(),
            path,
            done=lambda count: context.said.emit(
                _("{file}: {count} days", file=path.name, count=count)
            ),
            title=_("Writing the calendar"),
            control=True,
        )

    # -- recording ---------------------------------------------------------------------------------

    def new_licence(self) -> None:
        """Record a paper, of the customer and kind of the chosen row where there is one."""
        grid = self._in_sight()
        row = grid.row() if grid is not None else None
        start = LicenceForm()
        if row is not None:
            start = LicenceForm(Picked(row.customer_id, row.name), str(row.kind))
        self._ask_record(start)

    def _renew(self, row: PaperRow, path: Path) -> None:
        """A scan was dropped on a row: customer and kind are known."""
        picked = Picked(row.customer_id, row.name)
        self._ask_record(LicenceForm(picked, str(row.kind), file=(str(path),)))

    def _ask_record(self, start: LicenceForm) -> None:
        dialog = LicenceDialog(self.context, start, parent=self.window())
        dialog.open_in(self.context, start.subject)

    def _correct(self) -> None:
        if self.shown is not None:
            self._ask_correct(self.shown.detail)

    def _ask_correct(self, found: LicenceDetail) -> None:
        dialog = LicenceDialog(self.context, LicenceForm(), found, self.window())
        dialog.open_in(self.context, found.licence.id)

    def _withdraw(self) -> None:
        """Take a paper back that is not accepted yet."""
        if self.shown is None or self.shown.detail.licence.case is None:
            return
        stored = self.shown.detail.licence
        assert stored.case is not None
        self.context.write(
            service.withdraw,
            stored.id,
            stored.case.version,
            done=lambda _changed: self.context.said.emit(
                _("Withdrawn: {number}", number=stored.draft.number)
            ),
        )


def _ahead(actor: Actor, day: date, month: Month) -> tuple[Sequence[HorizonRow], bool]:
    """What hangs on the papers that end, of the plan of a month, and whether there is one."""
    return horizon(actor, day), is_planned(actor, month)
