"""The databases of the window's benches are the program's own, and their names are as real ones."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from chemsales import pinyin
from chemsales.queries.customers import customers
from chemsales.queries.search import find
from tests.bench import grid_data
from tests.conftest import opened
from tests.factory import session_of

COUNT = 300


def test_the_program_opens_it_and_lists_the_customers(tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    grid_data.build(path, COUNT)
    with opened(f"sqlite:///{path}"):
        found = customers(session_of("am").actor)
        assert len({row.name for row in found}) == COUNT
        assert {row.last_month for row in found} == {grid_data.MONTH}
        for row in found[:20]:
            likeliest = pinyin.initials(row.name).split()[0]
            for text in (likeliest, pinyin.spellings(row.name)[0], row.name, row.code, row.uscc):
                assert row.name in {hit.title for hit in find(session_of("am").actor, text)}
    with closing(sqlite3.connect(path)) as connection:
        keys = dict(connection.execute("SELECT name, sort_key FROM customer LIMIT 20"))
        assert keys == {name: pinyin.sort_key(name) for name in keys}
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_triggers_are_in_force_again(tmp_path: Path) -> None:
    made = []
    for audited in (True, False):
        path = tmp_path / f"{audited}.db"
        with grid_data.filling(path, audited):
            pass
        with closing(sqlite3.connect(path)) as connection:
            made.append(
                set(connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'"))
            )
    assert made[0] == made[1] and len(made[0]) > 20
