"""What a person signed and what a person put up: lists of their own beside the cases that wait."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QTabWidget, QWidget

from chemsales.queries.approval import DECIDING
from chemsales.queries.decided import DecidedRow, OwnCaseRow, decided_by, put_up_by
from chemsales.queries.filtering import Kind
from chemsales.rules.approval import Outcome
from chemsales.rules.roles import Action
from chemsales.words import _, label
from ui import seen
from ui.context import Context
from ui.dialogs.case import CaseDialog
from ui.tables.columns import Column
from ui.tables.frame import GridFrame
from ui.tables.view import Grid
from ui.widgets.case_columns import case_columns
from ui.wording import CASE_TONES, VERDICT_TONES, choices
from ui.work.approvals import KINDS, LOOKED_AT, Looked, look


def _columns(shown: Collection[str]) -> dict[str, Column]:
    """Those of `case_columns`, and what a case is called, what was said on it and how it stands."""
    return {
        **case_columns(shown),
        "title": Column(_("Case"), lambda row: row.title, widest=32, stretch=True, field="title"),
        "comment": Column(_("Opinion"), lambda row: row.comment, widest=40, field="comment"),
        "outcome": Column(
            _("State now"),
            lambda row: label(row.outcome),
            tone=lambda row: CASE_TONES[row.outcome],
            field="outcome",
            choices=choices(Outcome),
        ),
    }


def decided_grid() -> Grid:
    """One line per signature, to be shown with `queries.decided.decided_by`."""
    shared = _columns(("kind", "number", "owner"))
    return Grid(
        [
            shared["title"],
            shared["kind"],
            shared["number"],
            Column(
                _("Decision"),
                lambda row: label(row.verdict),
                tone=lambda row: VERDICT_TONES[row.verdict],
                field="verdict",
                choices=tuple((str(verdict), label(verdict)) for verdict in DECIDING),
            ),
            Column(_("Decided at"), lambda row: row.signed_at, field="signed", kind=Kind.INSTANT),
            shared["comment"],
            shared["outcome"],
            shared["owner"],
            shared["stage"],
            shared["round"],
        ],
        key=lambda row: row.id,
        empty=_("You have decided nothing yet."),
        name=_("Decided by you"),
    )


def own_grid() -> Grid:
    """One line per own case, to be shown with `queries.decided.put_up_by`."""
    shared = _columns(("kind", "number"))
    return Grid(
        [
            shared["title"],
            shared["kind"],
            shared["number"],
            shared["outcome"],
            Column(_("Last moved"), lambda row: row.moved_at, field="moved", kind=Kind.INSTANT),
            shared["comment"],
            shared["round"],
        ],
        key=lambda row: row.id,
        empty=_("You have put nothing up yet."),
        name=_("Put up by you"),
    )


class CaseTabs(QTabWidget):
    """The cases that wait, for who may decide or has decided one tab more with that, and one with
    the own cases for who has any.

    What is delegated comes and goes, and what was signed by it stays: once there, the tab stays
    too. Enter or a double click on a line goes where its record is, or shows the case.
    """

    def __init__(self, context: Context, waiting: QWidget) -> None:
        super().__init__()
        self.context = context
        self.setDocumentMode(True)
        self.setTabBarAutoHide(True)
        self.addTab(waiting, _("Waiting for you"))
        self.decided = decided_grid()
        self.decided.opened.connect(self._go)
        self.decided.shown.connect(self._count)
        self.own = own_grid()
        self.own.opened.connect(lambda row: self.look(row.kind, row.subject_id))
        self.own.shown.connect(self._count)
        self.frames = [
            GridFrame(grid, context, name, parent=self)
            for grid, name in ((self.decided, "decided"), (self.own, "own"))
        ]
        for frame in self.frames:
            frame.hide()  # a page of tabs that is shown by hand would lie over the others
        self._count()

    def read(self) -> None:
        """Read the decisions and the own cases anew."""
        self._count()
        self.decided.show_list(self.context, decided_by(self.context.actor))
        self.own.show_list(self.context, put_up_by(self.context.actor))

    def _count(self) -> None:
        counts = [grid.source.count() for grid in (self.decided, self.own)]
        wanted = (bool(counts[0]) or self.context.may(Action.ACCREDITATION_DECIDE), bool(counts[1]))
        decided, own = (f"{count:,}" for count in counts)
        words = (
            _("Decided by you ({count})", count=decided),
            _("Put up by you ({count})", count=own),
        )
        for frame, text, shown in zip(self.frames, words, wanted, strict=True):
            if shown and self.indexOf(frame) < 0:
                self.addTab(frame, "")
            self.setTabText(self.indexOf(frame), text)

    def _go(self, row: DecidedRow | OwnCaseRow) -> None:
        self.context.go.emit(*KINDS[row.kind].record(row))

    def look(self, kind: str, key: int) -> None:
        """Show an own case as it stands, to be read only."""
        self.context.read(look, kind, key, self.context.session.today(), done=self._show)

    def _show(self, found: Looked) -> None:
        seen.see(found.row.id)
        self.context.looked.emit()
        if found.row.kind in LOOKED_AT:
            CaseDialog(self.context, found, self.window()).open()
        else:
            self._go(found.row)
