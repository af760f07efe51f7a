"""A server's database and the connections that it keeps."""

from __future__ import annotations

from typing import Any

from playhouse.pool import PooledPostgresqlDatabase
from psycopg import Connection
from psycopg.pq import TransactionStatus

from chemsales.storage.keeping import Keeping

LONGEST_SECONDS = 60  # no connection is used for longer, however much there is to do


class ServerDatabase(Keeping, PooledPostgresqlDatabase):  # type: ignore[misc]
    """A server, with the owner's login or another that its rules do not judge.

    Its connections are kept, for every new one has to be let in and reads the catalogue before
    anything else. A kept one is asked whether it still answers before it is used.
    """

    def __init__(self, name: str, **named: Any) -> None:
        super().__init__(name, max_connections=None, stale_timeout=LONGEST_SECONDS, **named)

    def _is_gone(self, conn: Connection[Any]) -> bool:
        return bool(self._adapter.is_connection_closed(conn))

    def _is_idle(self, conn: Connection[Any]) -> bool:
        return conn.pgconn.transaction_status == TransactionStatus.IDLE


class PersonDatabase(ServerDatabase):
    """A server to which a person's own login is connected: it holds the rules by itself."""
