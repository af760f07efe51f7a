"""Counting the statements that a piece of work sends to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chemsales.storage.database import database


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent inside the block, in order."""
    statements: list[str] = []
    engine = database.obj
    original = engine.execute_sql

    def execute_sql(sql: str, *arguments: Any, **options: Any) -> Any:
        if sql.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            statements.append(sql)
        return original(sql, *arguments, **options)

    engine.execute_sql = execute_sql
    try:
        yield statements
    finally:
        del engine.execute_sql
