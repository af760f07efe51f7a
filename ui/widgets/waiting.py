"""The grid of what waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QWidget

from chemsales.queries.approval import WaitingRow, waiting_of
from chemsales.queries.calendar import working_calendar
from chemsales.queries.filtering import Kind
from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.roles import Actor
from chemsales.words import _, label
from ui.context import Context
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.text import day
from ui.widgets.case_columns import case_columns
from ui.wording import waited


class WaitingTable(Grid):
    """One line per case; how long each has waited is said in working days, as of when the list was
    asked for."""

    def __init__(self, empty: str, parent: QWidget | None = None) -> None:
        self._waited: Callable[[datetime], int] = lambda _since: 0
        columns = [
            Column(
                _("Waiting case"),
                lambda row: row.title,
                _title,
                widest=26,
                end=_end,
                stretch=True,
                field="title",
            ),
            Column(
                _("Waiting"),
                lambda row: row.since,
                lambda row: waited(self._waited(row.since)),
                field="since",
                kind=Kind.INSTANT,
            ),
            *case_columns(()).values(),
            Column(_("Signed for"), lambda row: row.principal_name, field="principal", hidden=True),
        ]
        super().__init__(
            columns,
            key=lambda row: row.case_id,
            empty=empty,
            name=_("Waiting cases"),
            parent=parent,
        )

    def show_waiting(self, context: Context) -> None:
        """Show what waits for this person now, counted by the calendar as it is now."""
        context.read(working_calendar, done=partial(self._show, context))

    def _show(self, context: Context, calendar: WorkCalendar) -> None:
        self._waited = partial(calendar.waited, today=context.session.today())
        self.show_list(context, waiting_of(context.actor))


def nothing_for(actor: Actor) -> list[str]:
    """That nothing is left to sign for those whose signature is delegated to this person today, a
    line for each delegation, and how long it runs (C7.2)."""
    return [
        _(
            "Nothing is left to sign for {name} ({role}): delegated to you through {day}.",
            name=each.name,
            role=label(each.role),
            day=day(each.last),
        )
        for each in actor.delegations
        if not actor.holds(each.role)
    ]


def _title(row: WaitingRow) -> str:
    """What waits, the customer first: names stay apart in a narrow column. Before it whether it is
    urged, behind it for whom."""
    urged = _("urged") if row.urged else ""
    return " · ".join(filter(None, (urged, row.title))) + _end(row)


def _end(row: WaitingRow) -> str:
    """What the case is, and for whom it is signed: a long name gives way to it."""
    name, what = row.principal_name, row.listed.removeprefix(row.title)
    return what + (" · " + _("for {principal}", principal=name) if name else "")
