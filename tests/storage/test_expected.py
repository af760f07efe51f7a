"""A file whose tables, indexes or guards somebody changed is refused, and looked into by verify."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from chemsales import bootstrap
from chemsales.rules.errors import DataError
from chemsales.storage import expected, migrating
from tests.conftest import opened

CHANGES = [
    ("DROP TRIGGER event_refuse_update", "trigger event_refuse_update"),
    (
        "CREATE TRIGGER evil AFTER INSERT ON decision BEGIN DELETE FROM acting; END",
        "trigger evil",
    ),
    ("DROP INDEX customer_name", "index customer_name"),
    ("CREATE TABLE beside (a)", "table beside"),
    ("CREATE VIEW people AS SELECT * FROM person", "view people"),
    ("ALTER TABLE customer ADD COLUMN note TEXT", "table customer"),
]


def test_the_hash_is_that_of_the_newest_migration() -> None:
    """A start compares one hash; without it every start would build the schema anew."""
    assert migrating.known()[-1] == expected.NEWEST
    with migrating.scratch() as path, closing(sqlite3.connect(path)) as connection:
        assert expected.digest(expected.shape_of(connection)) == expected.SHAPE


@pytest.mark.parametrize(("sql", "what"), CHANGES)
def test_an_altered_file_is_refused_with_what_is_altered(
    sqlite_ready: str, sql: str, what: str
) -> None:
    path = Path(sqlite_ready.removeprefix("sqlite:///"))
    assert bootstrap.altered_in(sqlite_ready) == ()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)
    with pytest.raises(DataError) as refusal, opened(sqlite_ready):
        pass
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.params["what"]) == ("reason.database_altered", what)
    assert bootstrap.altered_in(sqlite_ready) == (what,)


def test_an_earlier_schema_is_compared_with_its_own(tmp_path: Path) -> None:
    path = tmp_path / "earlier.db"
    migrating.build(path, migrating.known()[:3])
    url = f"sqlite:///{path}"
    assert bootstrap.altered_in(url) == ()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER event_refuse_update")
    assert bootstrap.altered_in(url) == ("trigger event_refuse_update",)
    with pytest.raises(DataError), opened(url):
        pass
