"""Whether an embedded database has the tables, indexes and triggers that the migrations make.

Whoever has the file can take a guard away or put a trigger of their own in, with any tool: what
guards the records is compared before anything is read or written through it (RELIABILITY 5).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing

from chemsales.storage import migrating

# what the newest migration leaves, so that a start compares one hash; any other state of the
# schema is built anew to compare with. `tests/storage/test_expected.py` says it when it is behind.
NEWEST = "0035_visits"
SHAPE = "8b297ac62ea46993b03927fac908adc5a880b032e93529a716243bc0fbf361e5"

Shape = dict[str, str]


def shape_of(connection: sqlite3.Connection) -> Shape:
    """What every object of the schema is made by, by kind and name, blanks and quotes aside; what
    SQLite keeps for itself is left out."""
    return {
        f"{kind} {name}": "".join(str(sql).replace('"', "").split())
        for kind, name, sql in connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
    }


def digest(shape: Shape) -> str:
    """The SHA-256 of a schema."""
    text = "\n".join(f"{name}\t{sql}" for name, sql in sorted(shape.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def altered(connection: sqlite3.Connection, applied: Sequence[str]) -> tuple[str, ...]:
    """What is missing, strange or different in a file that has had these migrations, by kind and
    name; nothing in one that is as they left it."""
    found = shape_of(connection)
    if not applied or (max(applied) == NEWEST and digest(found) == SHAPE):
        return ()
    with migrating.scratch(sorted(applied)) as path, closing(sqlite3.connect(path)) as made:
        expected = shape_of(made)
    names = found.keys() | expected.keys()
    return tuple(sorted(name for name in names if found.get(name) != expected.get(name)))
