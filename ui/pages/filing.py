"""Dispatch, filing and inspections: what was reported of customers and is still open, who has to be
filed with the parent department, what its inspections found.

The person sees what is open. Space ticks (Ctrl+A and Space all), Alt+S marks as sent, Alt+K asks
who acknowledged and on which day, Ctrl+P shows the notes as they print. Ctrl+N files the ticked
customers in one batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from chemsales.queries.dispatch import acknowledge_blockers, send_blockers
from chemsales.queries.dispatch_lists import ITEMS, ItemRow, still_open
from chemsales.queries.filing import (
    FILINGS,
    INSPECTIONS,
    UNFILED,
    FilingRow,
    FindingRow,
    close_blockers,
    findings_asked,
    findings_of,
    receipt_blockers,
)
from chemsales.queries.filtering import Request
from chemsales.rules.errors import Reason
from chemsales.rules.filing import PARENT, FindingState
from chemsales.rules.roles import Role
from chemsales.services import dispatch as dispatch_service
from chemsales.services import filing as filing_service
from chemsales.services.changes import Changed, Subject
from chemsales.words import _, say_all
from ui import files, theme
from ui.actions import Act, button_for
from ui.context import Context
from ui.dialogs import message
from ui.dialogs.filing import ClosingDialog, InspectionDialog, ReceiptDialog
from ui.dialogs.preview import PreviewDialog
from ui.pages.page import Page
from ui.tables import rowmenu
from ui.tables.columns import Row
from ui.tables.frame import GridFrame
from ui.tables.view import Grid
from ui.widgets import filing_lists as grids
from ui.widgets.search import SearchField
from ui.work import filing as work
from ui.work.filing import Choices
from ui.work.papers import file_name

MOST = 6  # numbers that a dialog names
# what is done with rows of a list, and what tells why not with one
WITH_ROWS: Mapping[str, tuple[tuple[str, Callable[..., tuple[Reason, ...]] | None], ...]] = {
    "dispatch": (("send", send_blockers), ("acknowledge", acknowledge_blockers), ("notes", None)),
    "unfiled": (("make", None),),
    "filings": (("export", None), ("receipt", receipt_blockers)),
    "findings": (("close", close_blockers),),
}


class FilingPage(Page):
    """A tab for each list.

    `open(tab)` goes to one ("dispatch", "unfiled", "filings", "inspections", "findings"),
    `open((tab, request))` asks its list for these, `open((tab, key))` chooses a row.
    """

    subjects = frozenset(
        {
            Subject.DISPATCH, Subject.FILING, Subject.CUSTOMER, Subject.PEOPLE, Subject.PRODUCTS,
        }
    )  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._wanted: dict[Grid, int] = {}
        self.search = SearchField(_("Search name, pinyin, code, number"))
        self.act("filing.find", self._find)
        self.add_button(self.search)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.body.addWidget(self.tabs, 1)
        self.grids: dict[str, Grid] = {}
        self.items = self._tab(
            "dispatch", _("Dispatch"), grids.items_grid(), ("send", self.send),
            ("acknowledge", self.acknowledge), ("notes", self.print_notes),
        )  # fmt: skip
        self.unfiled = self._tab(
            "unfiled", _("To be filed"), grids.unfiled_grid(), ("make", self.ask_make)
        )
        self.filings = self._tab(
            "filings", _("Filings"), grids.filings_grid(), ("export", self.ask_export),
            ("receipt", self.ask_receipt),
        )  # fmt: skip
        self.inspections = self._tab(
            "inspections", _("Inspections"), grids.inspections_grid(), ("inspect", self.ask_inspect)
        )
        self.findings = self._tab(
            "findings", _("Findings"), grids.findings_grid(), ("close", self.ask_close)
        )
        self.items.ask(still_open())
        self.findings.ask(findings_asked(FindingState.OVERDUE, FindingState.OPEN))
        for grid in (self.items, self.unfiled, self.findings):
            grid.opened.connect(self._open_customer)

    def title(self) -> str:
        return _("Dispatch & filing")

    def _tab(
        self, key: str, title: str, grid: Grid, *verbs: tuple[str, Callable[[], object]]
    ) -> Grid:
        """A tab with a list and what is done with its rows."""
        owner = QWidget()
        acts = [self.act(f"filing.{name}", slot, owner) for name, slot in verbs]
        tools = [button_for(act, "" if at else "primary") for at, act in enumerate(acts)]
        frame = GridFrame(grid, self.context, f"filing_{key}")
        frame.follow(self.search)
        layout, row = QVBoxLayout(owner), QHBoxLayout()
        layout.setContentsMargins(0, theme.scaled(8), 0, 0)
        for tool in tools:
            row.addWidget(tool)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addWidget(frame, 1)
        rowmenu.offer(grid, *acts)
        self.tabs.addTab(owner, title)
        self.grids[key] = grid
        grid.shown.connect(partial(self._shown, grid))
        grid.chosen.connect(lambda _row: self._judge(grid))
        grid.ticks_changed.connect(partial(self._judge, grid))
        return grid

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        list(self.grids.values())[self.tabs.currentIndex()].setFocus()

    # -- reading -----------------------------------------------------------------------------------

    def refresh(self) -> None:
        today = self.context.session.today()
        for grid, listing in (
            (self.items, ITEMS),
            (self.unfiled, UNFILED),
            (self.filings, FILINGS),
            (self.inspections, INSPECTIONS),
            (self.findings, findings_of(today)),
        ):
            grid.show_list(self.context, listing)  # type: ignore[arg-type]
            self._judge(grid)

    def _shown(self, grid: Grid) -> None:
        wanted = self._wanted.get(grid)
        if wanted is not None and grid.select_key(wanted):
            del self._wanted[grid]
        elif not grid.currentIndex().isValid():
            grid.select_first()
        self._judge(grid)

    def open(self, target: object) -> None:
        """Go to a tab; with a request ask its list for these, with a key choose that row."""
        key, wanted = target if isinstance(target, tuple) else (target, None)
        grid = self.grids[str(key)]
        self.tabs.setCurrentIndex(list(self.grids).index(str(key)))
        if isinstance(wanted, Request):
            grid.ask(wanted)
        elif wanted is not None and not grid.select_key(int(wanted)):
            self._wanted[grid] = int(wanted)
            grid.ask(Request())
            self._shown(grid)

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _open_customer(self, row: Row) -> None:
        if row.customer_id is not None:
            self.context.go.emit("customers", row.customer_id)

    def _judge(self, grid: Grid) -> None:
        """Grey what is done with rows of a list while none is chosen, and say why the service would
        refuse it of a single one."""
        key = next(key for key, each in self.grids.items() if each is grid)
        picked = grid.picked()
        for name, blockers in WITH_ROWS.get(key, ()):
            act = self.acts[f"filing.{name}"]
            if len(picked) != 1 or blockers is None:
                act.block("" if picked else _("Choose a row first."))
                continue
            self.context.read(
                blockers,
                picked[0].id,
                done=partial(self._show_blockers, act),
                channel=(id(self), name),
            )

    def _show_blockers(self, act: Act, reasons: tuple[Reason, ...]) -> None:
        act.block(say_all(reasons))

    # -- dispatch ----------------------------------------------------------------------------------

    def send(self) -> None:
        """Mark the ticked items, or the chosen one, as sent today."""
        keys = _keys(self.items)
        self.context.write(
            dispatch_service.send, keys, done=partial(self._marked, self.items, _("Sent: {count}"))
        )

    def _marked(self, grid: Grid, words: str, changed: Changed[int]) -> None:
        grid.tick([])
        self.context.said.emit(words.format(count=changed.value))

    def acknowledge(self) -> None:
        """Ask on which day somebody took note of the ticked items, or the chosen one, and who."""
        rows: list[ItemRow] = self.items.picked()
        actor = self.context.actor
        who = actor.name if actor.holds(Role.FINANCE) else ""
        note = _(", ").join(row.number for row in rows[:MOST]) + (" …" if len(rows) > MOST else "")
        dialog = ReceiptDialog(
            _("Acknowledge"), note, self.context.session.today(), who, self.window()
        )
        keys = [row.id for row in rows]
        done = partial(self._marked, self.items, _("Acknowledged: {count}"))
        dialog.given.connect(
            lambda draft: dialog.write(
                self.context, dispatch_service.acknowledge, keys, draft.day, draft.receipt,
                done=done,
            )
        )  # fmt: skip
        dialog.open_in(self.context, "dispatch")

    def print_notes(self) -> None:
        """Show the notes of the ticked items, or of the chosen one, as they print."""
        given = (self.context.actor, _keys(self.items))
        title = _("Drawing the notes")
        PreviewDialog(title, self.context.jobs, work.notes, *given, parent=self.window()).open()

    # -- filing ------------------------------------------------------------------------------------

    def ask_make(self) -> None:
        """Ask before the ticked customers, or the chosen one, are filed in one batch."""
        keys = _keys(self.unfiled)
        message.ask(
            _("File {count} customers", count=len(keys)),
            _(
                "They are filed with {department} as their files stand now, in one numbered batch.",
                department=PARENT,
            ),
            _("File them"),
            partial(self._make, keys),
            parent=self.window(),
        )

    def _make(self, keys: list[int]) -> None:
        self.context.write(filing_service.make, keys, done=self._made)

    def _made(self, changed: Changed[int]) -> None:
        self.unfiled.tick([])
        self.open(("filings", changed.value))
        self.context.said.emit(_("The customers are filed; the batch can be exported."))

    def _say(self, text: str) -> Callable[[object], object]:
        """What tells in the status line that something is written."""
        return lambda _changed: self.context.said.emit(text)

    def ask_export(self) -> None:
        """Ask where the workbook of the chosen filing is written to."""
        row: FilingRow = self.filings.row()
        name = file_name(_("Filing {number}", number=row.number), ".xlsx")
        files.choose_place(
            self, _("Export workbook …"), name, _("Workbook"), partial(self.export, row.id)
        )

    def export(self, key: int, path: Path) -> None:
        """Write the workbook of a filing there."""
        self.context.jobs.read(
            work.export,
            self.context.actor,
            key,
            path,
            done=lambda written: self.context.said.emit(_("Written: {file}", file=written.name)),
            title=_("Writing the workbook"),
            control=True,
        )

    def ask_receipt(self) -> None:
        """Ask on which day the parent department confirmed the chosen filing, and who."""
        row: FilingRow = self.filings.row()
        note = _("Confirmed by {department}: {number}", department=PARENT, number=row.number)
        dialog = ReceiptDialog(
            _("Record the receipt"), note, self.context.session.today(), parent=self.window()
        )
        dialog.given.connect(
            lambda draft: dialog.write(
                self.context,
                filing_service.receive,
                row.id,
                draft.day,
                draft.receipt,
                done=self._say(_("The receipt of {number} is recorded.", number=row.number)),
            )
        )
        dialog.open_in(self.context, row.number)

    # -- inspections -------------------------------------------------------------------------------

    def ask_inspect(self) -> None:
        """Ask for an inspection and what it found."""
        self.context.read(work.inspectable, done=self._ask_inspect)

    def _ask_inspect(self, found: tuple[Choices, Choices]) -> None:
        InspectionDialog(self.context, *found, parent=self.window()).open_in(self.context)

    def ask_close(self) -> None:
        """Ask what was done about the chosen finding."""
        row: FindingRow = self.findings.row()
        dialog = ClosingDialog(row.words, self.window())
        dialog.given.connect(
            lambda draft: dialog.write(
                self.context,
                filing_service.close_finding,
                row.id,
                draft.closing,
                done=self._say(_("The finding is closed.")),
            )
        )
        dialog.open_in(self.context, row.id)


def _keys(grid: Grid) -> list[int]:
    return [row.id for row in grid.picked()]
