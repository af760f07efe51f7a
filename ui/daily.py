"""What is done once a day by whoever works first, beside the window and without its waiting: at the
start, and where a window stays open over midnight."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QObject, QTimer

from chemsales.queries.suspension_lists import noted_on
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.roles import Action
from chemsales.services import licences
from chemsales.services.changes import Changed
from chemsales.services.licences import Noted
from chemsales.words import _
from ui.context import Context

LOOK_EVERY_MS = 5 * 60_000


class Daily(QObject):
    """Has the work of each day done while the window of a context is open."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        self._done: date | None = None  # the day whose work is done or under way
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        if context.may(Action.LICENCE_RUN):
            self._timer.start()
            self.look()

    def look(self) -> None:
        """Note which suspensions began and ended by today, where nobody has done so today."""
        today = self._context.session.today()
        if today != self._done:
            self._done = today
            self._context.read(noted_on, today, done=self._run, failed=self._later)

    def _run(self, noted: bool) -> None:
        if not noted:
            done = partial(_tell, self._context)
            self._context.write(licences.run, done=done, failed=self._later)

    def _later(self, _error: ChemsalesError) -> None:
        """No door waits for what is noted here; it is tried again, or by whoever comes next."""
        self._done = None


def _tell(context: Context, changed: Changed[Noted]) -> None:
    noted = changed.value
    if noted.begun or noted.ended:
        context.said.emit(
            _(
                "Licences: {begun} suspensions have begun, {ended} have ended.",
                begun=noted.begun,
                ended=noted.ended,
            )
        )
