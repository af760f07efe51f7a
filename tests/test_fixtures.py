"""The fixtures themselves: both engines, a database per test, the department, the clock."""

from __future__ import annotations

from chemsales.rules.roles import Role
from chemsales.storage.database import is_sqlite, rows


def test_an_empty_database_has_tables_and_no_rows(db, engine):
    assert is_sqlite() is (engine == "sqlite")
    assert rows("SELECT count(*) FROM person") == [(0,)]


def test_a_ready_database_has_the_department(ready, as_role):
    assert rows("SELECT count(*) FROM product") == [(5,)]
    assert rows("SELECT count(*) FROM person_role") == [(7,)]
    assert as_role(Role.FINANCE).actor.name == "李强"


def test_sessions_share_the_clock(as_role, clock):
    session = as_role(Role.ACCOUNT_MANAGER, "am2")
    clock.set(2026, 2, 13, hour=20)
    assert session.today().isoformat() == "2026-02-14"
    assert session.actor.login == "am2"


def test_sqlite_alone(sqlite_ready):
    assert is_sqlite()
    assert rows("SELECT count(*) FROM product_group") == [(3,)]
