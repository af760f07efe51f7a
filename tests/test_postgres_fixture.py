"""The PostgreSQL server of the tests: answers, templates, passwords, a hard stop."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests import conftest_postgres
from tests.conftest_postgres import PostgresServer, start_server


def fill(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE customer (name text NOT NULL)")
        connection.execute("INSERT INTO customer VALUES ('胜利化工')")


def names(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM customer ORDER BY name")]


def test_the_server_says_its_version(postgres_server: PostgresServer) -> None:
    wanted = os.environ.get("CHEMSALES_TEST_PG_MAJOR", "16")
    with postgres_server.admin_connection() as connection:
        row = connection.execute("SELECT version()").fetchone()
    assert row is not None
    assert row[0].startswith("PostgreSQL")
    if "CHEMSALES_TEST_POSTGRES" not in os.environ:
        assert row[0].startswith(f"PostgreSQL {wanted}.")


def test_each_database_is_a_copy_of_its_own(
    postgres_template: Callable[[str, Callable[[str], None]], str],
    postgres_database: Callable[..., str],
) -> None:
    template = postgres_template("fixture", fill)
    assert postgres_template("fixture", lambda url: pytest.fail("built twice")) == template
    first, second = postgres_database(template), postgres_database(template)
    with psycopg.connect(first) as connection:
        connection.execute("INSERT INTO customer VALUES ('齐鲁化工')")
    assert names(first) == ["胜利化工", "齐鲁化工"]
    assert names(second) == ["胜利化工"]


def test_a_login_with_a_wrong_password_is_refused(postgres_server: PostgresServer) -> None:
    wrong = postgres_server.url_for("postgres", postgres_server.user, "wrong p@ss/word")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong, connect_timeout=10)


def test_what_was_committed_survives_a_hard_stop() -> None:
    server = start_server(durable=True)
    try:
        url = server.create_database("survivor")
        fill(url)
        server.stop(hard=True)
        server.start()
        assert names(url) == ["胜利化工"]
    finally:
        server.remove()


def test_a_cluster_lies_in_the_memory_only_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = conftest_postgres._open_folder()
    for memory, room, wanted in (
        (tmp_path, 0, tmp_path),
        (tmp_path, 1 << 62, disk),
        (tmp_path / "none", 0, disk),
    ):
        monkeypatch.setattr(conftest_postgres, "MEMORY", memory)
        monkeypatch.setattr(conftest_postgres, "ROOM", room)
        assert conftest_postgres.quick_folder() == wanted
