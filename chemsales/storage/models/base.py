"""The base of every table: the one database, plain table names, no lazy joins."""

from __future__ import annotations

from typing import Any, Literal

import peewee

from chemsales.storage.database import database


class Table(peewee.Model):
    """A table of the program; its columns are checked against the migrations by a test."""

    class Meta:
        database = database
        legacy_table_names = False
        strict_tables = True


class Link(peewee.ForeignKeyField):
    """A foreign key that never reads the other row by itself: queries join on purpose."""

    def __init__(self, model: type[Table] | Literal["self"], **options: Any) -> None:
        options.setdefault("lazy_load", False)
        options.setdefault("backref", "+")
        super().__init__(model, **options)
