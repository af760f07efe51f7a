"""Following what other desks commit, and whether the database answers, for one person at a desk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from chemsales.services.acts import made_at
from chemsales.services.changes import Subject
from chemsales.services.session import Session
from chemsales.storage.database import database
from chemsales.storage.following import EVERYTHING, Follower

T = TypeVar("T")


class Following:
    """Follows the open database on a thread of its own until `stop`.

    `on_change(subjects)` gets what another desk has committed, `on_reach(bool)` whether the
    database answers, whenever that changes; both are called on that thread.
    """

    def __init__(
        self,
        session: Session,
        on_change: Callable[[frozenset[Subject]], object],
        on_reach: Callable[[bool], object],
    ) -> None:
        self._leaving, self._again = threading.Event(), threading.Event()
        self._telling = threading.Lock()
        desk = session.desk
        follower = Follower(
            database.obj,
            lambda key: made_at(key, desk),
            lambda names: self._tell(on_change, _subjects(names)),
            lambda reached: self._tell(on_reach, reached),
            self._leaving,
            self._again,
        )
        self._thread = threading.Thread(target=follower.run, name="follow", daemon=True)
        self._thread.start()

    def try_now(self) -> None:
        """Do not wait with the next attempt to connect."""
        self._again.set()

    def stop(self, seconds: float = 0.0) -> bool:
        """Follow nothing any more; wait at most so long, False where the thread still runs.

        Nothing is told after this, though the thread may need some seconds to end.
        """
        with self._telling:
            self._leaving.set()
        self._again.set()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _tell(self, listener: Callable[[T], object], what: T) -> None:
        with self._telling:
            if not self._leaving.is_set():
                listener(what)


def _subjects(names: frozenset[str]) -> frozenset[Subject]:
    """The subjects of these names; all where anything may have changed."""
    if names == EVERYTHING:
        return frozenset(Subject)
    return frozenset(Subject(name) for name in names if name in set(Subject))
