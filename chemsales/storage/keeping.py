"""Connections that are kept for the next who wants one, for every new one costs more than most work
that is done over it."""

from __future__ import annotations

import time
from typing import Any

KEPT_CONNECTIONS, KEPT_SECONDS = 4, 2.0


class Keeping:
    """What both engines' pooled databases of peewee keep, and until when.

    It stands before a `PooledDatabase`. A connection that was closed is kept, unless it is in the
    middle of a transaction, is one too many, or was opened before `end`; `rest` lets a program that
    does nothing hold none.
    """

    _connections: list[Any]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._eras: dict[int, int] = {}  # by connection: how many ends there had been when it began
        self._era = 0
        self._used = time.monotonic()
        super().__init__(*arguments, **named)

    def end(self) -> None:
        """Close this thread's connection and those that wait for use; one at work in another thread
        is not kept when it is done."""
        self._era += 1
        self.close()  # type: ignore[attr-defined]
        self.close_idle()  # type: ignore[attr-defined]

    def rest(self) -> None:
        """Close what has waited for use for a while; the last one of a file folds the log into
        it."""
        if time.monotonic() - self._used > KEPT_SECONDS:
            self.close_idle()  # type: ignore[attr-defined]

    def _connect(self) -> Any:
        conn = super()._connect()  # type: ignore[misc]
        self._eras.setdefault(id(conn), self._era)
        return conn

    def _is_closed(self, conn: Any) -> bool:
        """Whether a kept one is of no use any more; it is closed then."""
        useless = self._is_gone(conn)
        if useless:
            self._close_raw(conn)
        return useless

    def _can_reuse(self, conn: Any) -> bool:
        self._used = time.monotonic()
        current = self._eras[id(conn)] == self._era
        return current and len(self._connections) < KEPT_CONNECTIONS and self._is_idle(conn)

    def _close_raw(self, conn: Any) -> None:
        del self._eras[id(conn)]
        super()._close_raw(conn)  # type: ignore[misc]

    def _is_gone(self, conn: Any) -> bool:
        raise NotImplementedError

    def _is_idle(self, conn: Any) -> bool:
        raise NotImplementedError
