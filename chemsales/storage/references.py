"""Which columns of a database refer to which, on either engine."""

from __future__ import annotations

from typing import Any, NamedTuple

import peewee

_SERVER = (
    "SELECT t.relname, a.attname, p.relname, b.attname FROM pg_constraint c "
    "JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class p ON p.oid = c.confrelid "
    "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] "
    "JOIN pg_attribute b ON b.attrelid = p.oid AND b.attnum = c.confkey[1] "
    "WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace"
)


class Reference(NamedTuple):
    """A table and its column, and the table and column that it refers to."""

    table: str
    column: str
    parent: str
    target: str


def references(db: Any) -> list[Reference]:
    """Every reference of one column to another; a server's out of the catalogue, which every login
    reads (its information schema tells the owner alone)."""
    if isinstance(db, peewee.SqliteDatabase):
        found = [key for table in db.get_tables() for key in db.get_foreign_keys(table)]
        return [Reference(key.table, key.column, key.dest_table, key.dest_column) for key in found]
    return [Reference(*map(str, row)) for row in db.execute_sql(_SERVER).fetchall()]
