"""An action that was found by the search of everything, done as soon as its page can do it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from ui.actions import Act
from ui.context import Context

PATIENCE_MS = 3_000  # nobody waits longer for what a line of the search does


class Performance(QObject):
    """Does an action as soon as it can be done; says why not when everything was read, or some
    seconds have gone, and it still cannot."""

    def __init__(self, context: Context, act: Act, parent: QObject) -> None:
        super().__init__(parent)
        self.context, self.act = context, act
        act.changed.connect(self._look)
        context.jobs.ended.connect(self._ended)
        self._done = False
        self._look()
        QTimer.singleShot(0, self, self._give_up_if_idle)
        QTimer.singleShot(PATIENCE_MS, self, self._give_up)

    def _look(self) -> None:
        if not self._done and self.act.isEnabled() and self.act.isVisible():
            self._done = True
            # not inside the change that allows it
            QTimer.singleShot(0, self.act, self.act.trigger)
            self.deleteLater()

    def _ended(self, _job: object) -> None:
        QTimer.singleShot(0, self, self._give_up_if_idle)

    def _give_up_if_idle(self) -> None:
        if not self.context.jobs.busy:
            self._give_up()

    def _give_up(self) -> None:
        if not self._done:
            self._done = True
            name = self.act.text().replace("&&", "&")
            self.context.said.emit(f"{name}: {self.act.why}" if self.act.why else name)
            self.deleteLater()
