"""What the data lies in: the database's engine, its version, and how far its schema is."""

from __future__ import annotations

from dataclasses import dataclass

from chemsales.queries.reading import query
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import is_sqlite, rows


@dataclass(frozen=True, slots=True)
class Engine:
    """`schema` is the name of the last migration that was applied."""

    name: str
    version: str
    schema: str


@query(Action.RULES_READ)
def engine(actor: Actor) -> Engine:
    """The engine of the open database."""
    last = rows("SELECT name FROM schema_migration ORDER BY name DESC LIMIT 1")
    schema = str(last[0][0]) if last else ""
    if is_sqlite():
        return Engine("SQLite", str(rows("SELECT sqlite_version()")[0][0]), schema)
    version = str(rows("SHOW server_version")[0][0])
    return Engine("PostgreSQL", version.split()[0], schema)
