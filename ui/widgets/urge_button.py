"""The button by which an applicant urges a review on."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from chemsales.queries.accreditation import ApplicationDetail
from chemsales.queries.review import urge_blockers
from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import Reason
from chemsales.rules.roles import Action
from chemsales.services import review as service
from chemsales.services.changes import Changed
from chemsales.words import _, say_all
from ui.actions import set_blocked
from ui.context import Context


class UrgeButton(QPushButton):
    """`show_detail(detail)`: there for the applicant while a stage has the application, greyed with
    the reasons of the service."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Urge"), parent)
        self.setAutoDefault(False)
        self.context = context
        self.detail: ApplicationDetail | None = None
        self.clicked.connect(self._urge)
        self.hide()

    def show_detail(self, detail: ApplicationDetail | None) -> None:
        """Stand for this application; for none that is not under review."""
        self.detail = detail
        shown = (
            detail is not None
            and detail.state is ApplicationState.IN_REVIEW
            and detail.manager == self.context.actor.login
            and self.context.may(Action.CASE_URGE)
        )
        self.setVisible(shown)
        if detail is not None and shown:
            today = self.context.session.today()
            self.context.read(urge_blockers, detail.id, today, done=self._judge)

    def _judge(self, reasons: tuple[Reason, ...]) -> None:
        set_blocked(self, say_all(reasons))

    def _urge(self) -> None:
        assert self.detail is not None
        self.setEnabled(False)
        again = self.show_detail
        self.context.write(
            service.urge,
            self.detail.id,
            done=self._urged,
            failed=lambda error: (self.context.jobs.refused.emit(error), again(self.detail)),
        )

    def _urged(self, _changed: Changed[None]) -> None:
        self.context.said.emit(_("Urged: {name}", name=self._name()))
        self.show_detail(self.detail)

    def _name(self) -> str:
        return self.detail.draft.facts.name if self.detail else ""
