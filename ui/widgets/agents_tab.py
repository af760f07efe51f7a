"""Exclusive agents with their licences: given, printed (C10.5)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries.agent_licences import AgentRow, agents_of, issue_blockers, next_terms
from chemsales.queries.filtering import Filter, Request
from chemsales.rules import agent_licences as rules
from chemsales.rules.agent_licences import Term
from chemsales.rules.errors import Reason
from chemsales.services.changes import Changed
from chemsales.words import _, say_all
from ui import theme
from ui.actions import Act, button_for
from ui.context import Context
from ui.dialogs.message import ask, tell
from ui.dialogs.preview import PreviewDialog
from ui.tables import rowmenu
from ui.tables.frame import GridFrame
from ui.text import day as text_of
from ui.widgets.agents import agents_grid, overlap_words
from ui.widgets.labels import PlainLabel
from ui.work import licences as work
from ui.work.licences import Issued


class AgentsTab(QWidget):
    """The list; what is done is done with the ticked rows, else with the chosen one."""

    def __init__(
        self, context: Context, issuing: Act, printing: Act, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.context, self.issuing, self.printing = context, issuing, printing
        self.grid = agents_grid()
        self._wanted: int | None = None
        self._asked: list[AgentRow] = []  # whom the question is about
        made = (button_for(issuing, "primary"), button_for(printing))
        self.frame = GridFrame(self.grid, context, "agents", *made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.scaled(8), 0, 0)
        column.addWidget(self.frame, 1)
        self.overlaps = PlainLabel("", role="warning", wrap=True)
        column.addWidget(self.overlaps)
        rowmenu.offer(self.grid, issuing, printing)
        self.grid.chosen.connect(lambda _row: self._judge())
        self.grid.ticks_changed.connect(self._judge)
        self.grid.shown.connect(self._shown)
        self.grid.opened.connect(lambda row: context.go.emit("customers", row.customer_id))
        self._judge()

    def refresh(self, ahead: int) -> None:
        """Read the list again, in which licences that end within so many days are told."""
        self.grid.show_list(self.context, agents_of(self.context.session.today(), ahead))

    def ask(self, wanted: object) -> None:
        """Show these agents: a request, or the number of a licence ("": all of them)."""
        self.grid.setFocus()
        if isinstance(wanted, Request):
            self.grid.ask(wanted)
            return
        number = str(wanted or "")
        self.grid.ask(Request(filters=(Filter("number", number),) if number else ()))

    def choose(self, class_id: int) -> None:
        """Choose the agent of this class."""
        if not self.grid.select_key(class_id):
            self._wanted = class_id
            self.grid.ask(Request())

    def _shown(self) -> None:
        if self._wanted is not None and self.grid.select_key(self._wanted):
            self._wanted = None
        self._judge()

    def unlicensed(self) -> list[AgentRow]:
        """Those of the rows that a licence is given to: of several, whose next one is due by the
        rule with which the service refuses (C10.5)."""
        rows, today = self.grid.picked(), self.context.session.today()
        if len(rows) == 1:
            return rows
        stands = [(row, (row.number, row.to_day) if row.to_day else None) for row in rows]
        return [row for row, last in stands if not rules.issue_blockers(today, last)]

    def _judge(self) -> None:
        rows = self.grid.picked()
        told = overlap_words(rows[0]) if len(rows) == 1 else ""
        self.overlaps.setText(told)
        self.overlaps.setVisible(bool(told))
        none = "" if rows else _("Choose a row first.")
        printed = none or ("" if any(row.licence_id for row in rows) else _("No licence yet."))
        self.printing.block(printed)
        if len(rows) != 1:
            self.issuing.block(none or ("" if self.unlicensed() else _("Each of them has one.")))
            return
        self.context.read(
            issue_blockers,
            rows[0].id,
            self.context.session.today(),
            done=self._show_blockers,
            channel=(id(self), "issue"),
        )

    def _show_blockers(self, reasons: tuple[Reason, ...]) -> None:
        self.issuing.block(say_all(reasons))

    def issue(self) -> None:
        """Ask, and give each of them the licence of its next term; those that have one that is
        valid for long are left out of several."""
        self._asked = self.unlicensed()
        if self._asked:
            keys, today = [row.id for row in self._asked], self.context.session.today()
            self.context.read(next_terms, keys, today, done=self._ask)

    def _ask(self, terms: dict[int, Term]) -> None:
        """Name whom a licence is given to, and for which days."""
        rows = [row for row in self._asked if row.id in terms]
        names = "\n".join(f"{row.name}  {row.region}  {_term(terms[row.id])}" for row in rows[:12])
        more = "\n…" if len(rows) > 12 else ""
        ask(
            _("Licences to be given: {count}", count=len(rows)),
            f"{names}{more}\n\n" + _("A licence is numbered and never changed afterwards."),
            _("Give"),
            lambda: self._issue(rows),
            parent=self.window(),
        )

    def _issue(self, rows: list[AgentRow]) -> None:
        self.context.write(work.issue, rows, done=self._issued, title=_("Giving licences"))

    def _issued(self, changed: Changed[Issued]) -> None:
        told = changed.value
        self.grid.tick([])
        self.context.said.emit(_("Licences given: {count}", count=len(told.keys)))
        if told.keys:
            self._preview(told.keys)
        if told.refused:
            lines = [
                _("{field}: {text}", field=row.name, text=say_all(error.reasons))
                for row, error in told.refused
            ]
            tell(_("Not given a licence"), "\n".join(lines), self.window())

    def print_chosen(self) -> None:
        """Show the licences of these rows as they print."""
        keys = [row.licence_id for row in self.grid.picked() if row.licence_id is not None]
        if keys:
            self._preview(keys)

    def _preview(self, keys: Sequence[int]) -> None:
        context = self.context
        PreviewDialog(
            _("Drawing the licences"), context.jobs, work.agent_papers, context.actor, tuple(keys),
            parent=self.window(),
        ).open()  # fmt: skip


def _term(term: Term) -> str:
    return _("{first} to {last}", first=text_of(term.first), last=text_of(term.last))
