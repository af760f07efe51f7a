"""What other desks commit, and whether the database answers, brought to the window's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from chemsales.services.following import Following
    from chemsales.services.session import Session
    from ui.context import Context


class Follow(QObject):
    """Follows the database for whoever works at this desk, from `start` to `stop`.

    Several windows may follow one after the other (`serve`).
    """

    changed = Signal(object)  # frozenset[Subject]
    reached = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._following: Following | None = None
        self._reached = True
        self.reached.connect(self._note)

    def start(self, session: Session) -> None:
        """Follow the open database; what `session` commits is its own."""
        from chemsales.services.following import Following

        self.stop()
        self._reached = True
        self._following = Following(session, self.changed.emit, self.reached.emit)

    def serve(self, context: Context) -> None:
        """Tell a window from now on."""
        self.changed.connect(context.change_elsewhere)
        self.reached.connect(context.reach)
        context.try_now.connect(self.try_now)
        context.reach(self._reached)

    def try_now(self) -> None:
        """Do not wait with the next attempt to connect."""
        if self._following is not None:
            self._following.try_now()

    def stop(self, seconds: float = 0.0) -> None:
        """Follow nothing any more."""
        if self._following is not None:
            self._following.stop(seconds)
            self._following = None

    def _note(self, reached: bool) -> None:
        self._reached = reached
