"""What a person signed: a list of its own beside the cases that wait."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget, QWidget

from chemsales.queries.approval import DECIDING
from chemsales.queries.decided import DecidedRow, decided_by
from chemsales.queries.filtering import Kind
from chemsales.rules.approval import Outcome
from chemsales.rules.roles import Action
from chemsales.words import _, label
from ui.context import Context
from ui.tables.columns import Column
from ui.tables.frame import GridFrame
from ui.tables.view import Grid
from ui.widgets.case_columns import case_columns
from ui.wording import CASE_TONES, VERDICT_TONES, choices
from ui.work.approvals import KINDS


def decided_grid() -> Grid:
    """One line per signature, to be shown with `queries.decided.decided_by`."""
    shared = case_columns(("kind", "number", "owner"))
    return Grid(
        [
            Column(_("Case"), lambda row: row.title, widest=32, stretch=True, field="title"),
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
            Column(_("Opinion"), lambda row: row.comment, widest=40, field="comment"),
            Column(
                _("State now"),
                lambda row: label(row.outcome),
                tone=lambda row: CASE_TONES[row.outcome],
                field="outcome",
                choices=choices(Outcome),
            ),
            shared["owner"],
            shared["stage"],
            shared["round"],
        ],
        key=lambda row: row.id,
        empty=_("You have decided nothing yet."),
        name=_("Decided by you"),
    )


class CaseTabs(QTabWidget):
    """The cases that wait, and for who may decide or has decided one tab more with that.

    What is delegated comes and goes, and what was signed by it stays: once there, the tab stays
    too. Enter or a double click on a decision goes where its record is.
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
        self.frame = GridFrame(self.decided, context, "decided", parent=self)
        self.frame.hide()  # a page of tabs that is shown by hand would lie over the others
        self._count()

    def read(self) -> None:
        """Read the decisions anew."""
        self._count()
        self.decided.show_list(self.context, decided_by(self.context.actor))

    def _count(self) -> None:
        count = self.decided.source.count()
        if self.count() == 1 and (count or self.context.may(Action.ACCREDITATION_DECIDE)):
            self.addTab(self.frame, "")
        self.setTabText(1, _("Decided by you ({count})", count=f"{count:,}"))

    def _go(self, row: DecidedRow) -> None:
        self.context.go.emit(*KINDS[row.kind].record(row))
