"""What an applicant does about an application that is no draft: urge, withdraw, apply again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from chemsales.queries.accreditation import ApplicationDetail
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

WITHDRAWABLE = (ApplicationState.IN_REVIEW, ApplicationState.RETURNED)


class ApplicantVerbs(QWidget):
    """`show_detail(detail)`: urging is there while a stage has the application, greyed with the
    reasons of the service; withdrawing until it is decided; applying again once it has ended."""

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
        ended = state in (ApplicationState.WITHDRAWN, ApplicationState.REJECTED)
        self.again.setVisible(ended and self.context.may(Action.APPLICATION_EDIT))
        if detail is not None and state is ApplicationState.IN_REVIEW and may_urge:
            today = self.context.session.today()
            self.context.read(urge_blockers, detail.id, today, done=self._judge)

    def _judge(self, reasons: tuple[Reason, ...]) -> None:
        set_blocked(self.urge, say_all(reasons))

    def _urge(self) -> None:
        assert self.detail is not None
        self.urge.setEnabled(False)
        self.context.write(service.urge, self.detail.id, done=self._urged, failed=self._refused)

    def _urged(self, _changed: Changed[None]) -> None:
        assert self.detail is not None
        self.context.said.emit(_("Urged: {name}", name=self.detail.draft.facts.name))
        self.show_detail(self.detail)

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
