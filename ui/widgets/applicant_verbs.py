"""What an applicant does about an application: delete a draft, urge, withdraw, apply again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from chemsales.queries.accreditation import ApplicationDetail, again_blockers
from chemsales.queries.review import urge_blockers
from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import ChemsalesError, Reason
from chemsales.rules.roles import Action
from chemsales.services import accreditation
from chemsales.services import review as service
from chemsales.services.changes import Changed
from chemsales.words import _, say_all
from ui.actions import button, set_blocked
from ui.context import Context
from ui.dialogs import message
from ui.turns import Turns

ENDED = (ApplicationState.WITHDRAWN, ApplicationState.REJECTED)
WITHDRAWABLE = (ApplicationState.IN_REVIEW, ApplicationState.RETURNED)


class ApplicantVerbs(QWidget):
    """`show_detail(detail)`: deleting is there while it is a draft; urging while a stage has the
    application; withdrawing until it is decided; applying again once it has ended. Urging and
    applying again are greyed with the reasons of the service. What was done and closes nothing is
    `said`, for the dialog to show: it stands before the window's line."""

    said = Signal(str)

    def __init__(
        self,
        context: Context,
        turns: Turns,
        refused: Callable[[ChemsalesError], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.context, self.turns, self._not_withdrawn = context, turns, refused
        self.detail: ApplicationDetail | None = None
        self.urge = button(_("Urge"), self._urge)
        self.withdraw = button(_("Withdraw …"), self._ask_withdraw)
        self.again = button(_("Apply again"), self._apply_again)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.delete = button(_("Delete the draft …"), self._ask_delete)
        row.addWidget(self.delete)
        row.addWidget(self.urge)
        row.addWidget(self.withdraw)
        row.addWidget(self.again)
        self.show_detail(None)

    def show_detail(self, detail: ApplicationDetail | None) -> None:
        """Stand for this application; for nothing where it is another's."""
        self.detail = detail
        state = detail.state if detail and detail.manager == self.context.actor.login else None
        may_urge = self.context.may(Action.CASE_URGE)
        self.urge.setVisible(state is ApplicationState.IN_REVIEW and may_urge)
        may_withdraw = self.context.may(Action.APPLICATION_WITHDRAW)
        self.withdraw.setVisible(state in WITHDRAWABLE and may_withdraw)
        self.delete.setVisible(state is ApplicationState.DRAFT and may_withdraw)
        # of a further class it is who has the customer that applies again
        of = detail.further_of if detail else None
        mine = state is not None or (of is not None and of.manager == self.context.actor.login)
        ended = mine and detail is not None and detail.state in ENDED
        self.again.setVisible(ended and self.context.may(Action.APPLICATION_EDIT))
        if detail is not None and state is ApplicationState.IN_REVIEW and may_urge:
            today = self.context.session.today()
            self.context.read(urge_blockers, detail.case_id, today, done=self._judge_urging)
        if detail is not None and ended:
            self.context.read(again_blockers, detail.id, done=self._judge_again)

    def _judge_urging(self, reasons: tuple[Reason, ...]) -> None:
        set_blocked(self.urge, say_all(reasons))

    def _judge_again(self, reasons: tuple[Reason, ...]) -> None:
        set_blocked(self.again, say_all(reasons))

    def _urge(self) -> None:
        assert self.detail is not None
        self.urge.setEnabled(False)
        case = self.detail.case_id
        self.context.write(service.urge, case, done=self._urged, failed=self._refused)

    def _urged(self, _changed: Changed[None]) -> None:
        assert self.detail is not None
        told = _("Urged: {name}", name=self.detail.draft.facts.name)
        self.context.said.emit(told)
        self.said.emit(told)
        self.show_detail(self.detail)

    def _ask_delete(self) -> None:
        message.ask(
            _("Delete this draft?"),
            _("It goes out of every list, and what is typed is not kept. What was saved of it "
              "stays in the audit log."),
            _("Delete the draft"),
            lambda: self.turns.take(self._withdraw),
            danger=True,
            parent=self.window(),
        )  # fmt: skip

    def _ask_withdraw(self) -> None:
        assert self.detail is not None
        follows = _("It ends here. You can apply again with what it says now.")
        if self.detail.state is ApplicationState.IN_REVIEW:
            follows = _("Its review ends. What it says is a draft again, which opens.")
        message.ask(
            _("Withdraw this application?"),
            follows,
            _("Withdraw"),
            lambda: self.turns.take(self._withdraw),
            danger=True,
            parent=self.window(),
        )

    def _withdraw(self) -> None:
        assert self.detail is not None
        what = (self.detail.id, self.detail.version)
        self.turns.write(accreditation.withdraw, *what, done=self._made, failed=self._not_withdrawn)

    def _apply_again(self) -> None:
        assert self.detail is not None
        self.again.setEnabled(False)
        again = accreditation.apply_again
        self.context.write(again, self.detail.id, done=self._made, failed=self._refused)

    def _made(self, changed: Changed[int | None]) -> None:
        """The new draft, where there is one, opens in the place of what ended."""
        dialog = self.window()
        if isinstance(dialog, QDialog):
            dialog.accept()
        if changed.value is not None:
            self.context.go.emit("customers", ("application", changed.value))

    def _refused(self, error: ChemsalesError) -> None:
        self.again.setEnabled(True)
        self.context.jobs.refused.emit(error)
        self.show_detail(self.detail)
