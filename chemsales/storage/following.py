"""Following what other desks commit: a server tells it at once, a file is looked at."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peewee
import psycopg

from chemsales.storage.keeping import Keeping

CHANNEL = "chemsales"
EVERYTHING = frozenset({"*"})  # what may have changed while nobody was listening
BEAT = 3.0  # seconds of silence after which the server is asked whether it is there
LOOK = 2.5  # seconds between two looks at a file
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before the next attempt to connect
log = logging.getLogger(__name__)


def notice(key: str, subjects: Iterable[str]) -> str:
    """What a commit tells the other desks."""
    return json.dumps([key, sorted(str(subject) for subject in subjects)])


def _read(payload: str) -> tuple[str, frozenset[str]] | None:
    """Key and subjects of a notice, None for anything else: every login may send on the channel."""
    try:
        key, subjects = json.loads(payload)
        return str(key), frozenset(map(str, subjects))
    except (ValueError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class Follower:
    """Follows the commits of others on a thread of its own (`run`), with a connection of its own.

    `is_own(key)` tells the commits of this desk. `on_change(subjects)` gets what another one
    touched, `on_reach(bool)` whether the database answers: at first, and whenever that changes;
    both are called on the follower's thread. `again` set: do not wait to connect.
    """

    engine: peewee.Database
    is_own: Callable[[str], bool]
    on_change: Callable[[frozenset[str]], object]
    on_reach: Callable[[bool], object]
    leaving: threading.Event
    again: threading.Event

    def run(self) -> None:
        """Follow until `leaving` is set, connecting again as often as it takes."""
        listen = self._file if isinstance(self.engine, peewee.SqliteDatabase) else self._server
        tries, missed = 0, False
        while not self.leaving.is_set():
            reached = threading.Event()

            def on_reach(again: bool = missed, reached: threading.Event = reached) -> None:
                reached.set()
                self.on_reach(True)
                if again:
                    self.on_change(EVERYTHING)

            try:
                listen(on_reach)
            except (psycopg.Error, sqlite3.Error, OSError) as error:
                log.info("the database does not answer: %s", str(error).split("\n")[0])
                self.on_reach(False)
            tries, missed = 0 if reached.is_set() else tries + 1, True
            self._wait(WAITS[min(tries, len(WAITS) - 1)])

    def _rest(self) -> None:
        """A desk at which nothing is done holds no connection but this one."""
        if isinstance(self.engine, Keeping):
            self.engine.rest()

    def _wait(self, seconds: float) -> None:
        """Wait so long, less where somebody asks for it or the desk is left."""
        self.again.wait(seconds)
        self.again.clear()

    def _server(self, reached: Callable[[], None]) -> None:
        params: dict[str, Any] = {**self.engine.connect_params, "dbname": self.engine.database}
        with psycopg.connect(**params, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            reached()
            while not self.leaving.is_set():
                found: set[str] = set()
                for told in connection.notifies(timeout=BEAT, stop_after=1):
                    found |= self._subjects(told.payload)
                if found:
                    found |= self._more(connection)
                    self.on_change(frozenset(found))
                else:
                    connection.execute("SELECT 1")
                self._rest()

    def _more(self, connection: psycopg.Connection[Any]) -> set[str]:
        """What else comes at the same time: one refresh will do."""
        found: set[str] = set()
        for told in connection.notifies(timeout=0.2):
            found |= self._subjects(told.payload)
        return found

    def _subjects(self, payload: str) -> frozenset[str]:
        read = _read(payload)
        return frozenset() if read is None or self.is_own(read[0]) else read[1]

    def _file(self, reached: Callable[[], None]) -> None:
        """Look at the newest event: nothing tells a process that another one wrote into a file."""
        last = self._look(0)[0]
        reached()
        while not self.leaving.wait(LOOK):
            newest, others = self._look(last)
            if newest < last or any(not self.is_own(key) for key in others):
                self.on_change(EVERYTHING)
            last = newest
            self._rest()

    def _look(self, last: int) -> tuple[int, list[str]]:
        """The newest event, and the keys of what was done since `last` (0: not asked); over a
        connection that is closed again, so that the file can be replaced meanwhile."""
        address = f"{Path(self.engine.database).absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=30)) as connection:
            newest = connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]
            if not last or newest <= last:
                return newest, []
            found = connection.execute(
                "SELECT key FROM event WHERE id > ? AND outcome = 'done'", (last,)
            )
            return newest, [key for (key,) in found]
