"""Column lines of the migrations, as templates of `schema.ddl`."""

from __future__ import annotations

from chemsales.storage.database import database

NAME = "TEXT NOT NULL CHECK (length({0}) BETWEEN 1 AND {1})"


def name(column: str, limit: int = 100) -> str:
    """A required text of one to `limit` characters."""
    return f"{column} " + NAME.format(column, limit)


def text(column: str, limit: int = 1000) -> str:
    """A text of at most `limit` characters, "" where nothing is known."""
    return f"{column} TEXT NOT NULL DEFAULT '' CHECK (length({column}) <= {limit})"


def sorted_text(column: str, limit: int) -> str:
    """A text that sorts by its characters' codes, whatever the server's language."""
    rest = f"NOT NULL DEFAULT '' CHECK (length({column}) <= {limit})"
    return f"{column} TEXT {{by_code}} {rest}"


def whole(column: str, rest: str = "NOT NULL") -> str:
    """A whole number; `rest` is what stands after the type."""
    return f"{column} {{int}} {rest}"


def flag(column: str, default: int) -> str:
    """A truth value, 0 or 1."""
    return f"{column} {{int}} NOT NULL DEFAULT {default} CHECK ({column} IN (0, 1))"


def day(column: str, null: bool = False) -> str:
    """A business date as ISO text."""
    return f"{column} TEXT {'' if null else 'NOT NULL'} CHECK (length({column}) = 10)"


def month(column: str = "month") -> str:
    """A month as YYYY-MM."""
    return f"{column} TEXT NOT NULL CHECK (length({column}) = 7)"


def instant(column: str, null: bool = False) -> str:
    """An instant in UTC as ISO text."""
    return f"{column} TEXT {'' if null else 'NOT NULL'}"


def one_of(column: str, *values: str) -> str:
    """A text out of a list."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} TEXT NOT NULL CHECK ({column} IN ({listed}))"


def references(column: str, table: str, kind: str = "{int}", null: bool = False) -> str:
    """A foreign key to `table`, which names its column in brackets."""
    return f"{column} {kind} {'' if null else 'NOT NULL'} REFERENCES {table}"


VERSION = "version {int} NOT NULL DEFAULT 1"
ID = "id {id}"


def columns_of(table: str) -> list[str]:
    """The names of a table's columns."""
    return [column.name for column in database.get_columns(table)]


def index(sql: str) -> None:
    """Run the CREATE INDEX statement."""
    database.execute_sql(sql)
