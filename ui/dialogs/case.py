"""An own case as it stands: what was put up, what the stages said, whose turn it is; urged or taken
back from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from chemsales.rules.approval import CUSTOMER_CHANGE, DISQUALIFICATION, EVALUATION, LICENCE, Outcome
from chemsales.rules.roles import Action
from chemsales.services import customer_change, disqualification, licences, review
from chemsales.services.changes import Changed
from chemsales.words import _, label, say_all
from ui import theme
from ui.actions import button, set_blocked
from ui.context import Context
from ui.dialogs import message
from ui.dialogs.base import Dialog
from ui.text import when
from ui.widgets.cases import Cases
from ui.widgets.course import CourseView
from ui.widgets.labels import Badge, PlainLabel
from ui.wording import CASE_TONES, case_kinds
from ui.work.approvals import KINDS, Looked

# what takes a case back (key, version seen), by its kind; an evaluation is taken back by computing
# its period again
WITHDRAW: Mapping[str, Callable[..., Any]] = {
    LICENCE.name: licences.withdraw,
    DISQUALIFICATION.name: disqualification.withdraw,
    CUSTOMER_CHANGE.name: customer_change.withdraw,
}


class CaseDialog(Dialog):
    """One of the kinds of `work.approvals.LOOKED_AT`."""

    help_place = "approvals"

    def __init__(self, context: Context, found: Looked, parent: QWidget | None = None) -> None:
        row = found.row
        super().__init__(case_kinds()[row.kind], parent)
        self.context, self.found = context, found
        self.resize(theme.fitting(980, 620, parent))
        self.state = Badge()
        self.state.show_status(
            _("{state} · {time}", state=label(row.outcome), time=when(row.moved_at)),
            CASE_TONES[row.outcome],
        )
        self.body.addWidget(self.state)
        self.course = CourseView()
        self.course.show_course(found.course)
        self.body.addWidget(self.course)
        self.said = PlainLabel(row.comment, wrap=True)
        self.said.setVisible(bool(row.comment))
        self.body.addWidget(self.said)
        self.cases = Cases(context)
        self.cases.show_case(found.loaded)
        self.body.addWidget(self.cases, 1)
        self.urge = button(_("Urge"), self._urge)
        self.urge.setVisible(row.outcome is Outcome.OPEN and context.may(Action.CASE_URGE))
        set_blocked(self.urge, say_all(found.unurged))
        self.withdraw = button(_("Withdraw …"), self._ask_withdraw)
        self.withdraw.setVisible(row.kind in WITHDRAW and not found.unwithdrawn)
        evaluated = row.kind == EVALUATION.name
        self.record = button(_("Open the evaluation"), self._open_record)
        self.record.setVisible(evaluated)
        again = _("Computing the period again once its data have changed takes it back.")
        self.note = PlainLabel(again, role="quiet", wrap=True)
        self.note.setVisible(evaluated and row.outcome is Outcome.OPEN)
        self.body.addWidget(self.note)
        for made in (self.record, self.urge, self.withdraw):
            self.verbs.insertWidget(self.verbs.count() - 1, made)
        self.close_only()

    def _open_record(self) -> None:
        self.accept()
        self.context.go.emit(*KINDS[self.found.row.kind].record(self.found.row))

    def _urge(self) -> None:
        self.urge.setEnabled(False)
        self._write(review.urge, _("Urged: {name}", name=self.found.row.called), self.found.row.id)

    def _ask_withdraw(self) -> None:
        message.ask(
            _("Withdraw {name}?", name=self.found.row.called),
            _("It ends here; what is in force stays as it is."),
            _("Withdraw"),
            self._withdraw,
            danger=True,
            parent=self,
        )

    def _withdraw(self) -> None:
        row, loaded = self.found.row, self.found.loaded
        said = _("Withdrawn: {number}", number=row.called)
        self._write(WITHDRAW[row.kind], said, row.subject_id, loaded.version)

    def _write(self, act: Callable[..., Any], said: str, *given: object) -> None:
        def done(_changed: Changed[object]) -> None:
            self.context.said.emit(said)
            self.accept()

        self.context.write(act, *given, done=done, failed=self.show_refusal)
