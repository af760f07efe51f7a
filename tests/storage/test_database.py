"""The database that fails under somebody's hands: told in words, and nothing half written."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import peewee
import psycopg
import pytest

from chemsales.queries.reading import query
from chemsales.rules.errors import NotAllowed, Unreachable
from chemsales.rules.roles import Actor
from chemsales.services import accreditation, operation
from chemsales.services.session import Session
from chemsales.storage import keeping
from chemsales.storage.backup import release
from chemsales.storage.database import close, connect, connected, database, is_sqlite, rows
from tests.conftest import opened
from tests.factory import draft_of, session_of
from tests.furnishing import copy_database

ENDED = (sqlite3.ProgrammingError, psycopg.OperationalError)  # what a closed connection answers


@pytest.fixture
def on_server(new_database: Callable[[str, str], str]) -> Iterator[str]:
    """An open database with a department at work, on a server alone."""
    with opened(new_database("postgresql", "ready")) as url:
        yield url


@query()
def cut_off(actor: Actor) -> list[tuple[object, ...]]:
    """The connection ends under a read, as when the server restarts."""
    return rows("SELECT pg_terminate_backend(pg_backend_pid())")


def fail(session: Session) -> None:
    """Save a draft in a database that is full, or whose server ends the connection."""
    if is_sqlite():
        with connected():
            database.obj.pragma("max_page_count", database.obj.pragma("page_count"))
            for number in range(200):
                accreditation.save_draft(session, draft_of(f"客户{number}", number))
    cut_off(session_of("am").actor)


def test_a_database_that_fails_is_unreachable(ready: str) -> None:
    session = session_of("am")
    with pytest.raises(Unreachable) as refused:
        fail(session)
    assert refused.value.reasons[0].params["why"]
    stored = rows("SELECT count(*) FROM application")[0][0]
    accreditation.save_draft(session, draft_of("海洋塑料", 999))  # the next connection works
    assert rows("SELECT count(*) FROM application") == [(stored + 1,)]
    events = "SELECT count(*) FROM event WHERE use_case = 'accreditation.save_draft'"
    assert rows(events) == [(stored + 1,)]


def test_a_refusal_is_told_though_another_holds_the_file(
    sqlite_ready: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be noted for the lock of another is no reason to show a person the lock."""
    path = sqlite_ready.removeprefix("sqlite:///")
    given = operation._given

    with closing(sqlite3.connect(path, isolation_level=None)) as other, connected():
        database.execute_sql("PRAGMA busy_timeout = 1")

        def meanwhile(*arguments: Any) -> dict[str, object]:
            other.execute("BEGIN IMMEDIATE")
            return given(*arguments)

        monkeypatch.setattr(operation, "_given", meanwhile)
        with pytest.raises(NotAllowed) as refused:
            accreditation.submit(session_of("auditor"), 1, 1)
    assert [reason.code for reason in refused.value.reasons] == ["reason.role_lacks_action"]


def test_a_statement_that_is_wrong_stays_a_fault_of_the_program(ready: str) -> None:
    with pytest.raises(peewee.DatabaseError):
        rows("SELECT nothing FROM nowhere")


def test_nothing_is_written_into_a_file_that_another_replaced(
    sqlite_ready: str, tmp_path: Path
) -> None:
    """A connection that waits for use still knows the old file, which nobody finds again."""
    path = Path(sqlite_ready.removeprefix("sqlite:///"))
    copy_database(str(path), str(tmp_path / "copy.db"))
    assert rows("SELECT count(*) FROM application WHERE name = '海洋塑料'") == [(0,)]
    os.replace(tmp_path / "copy.db", path)
    accreditation.save_draft(session_of("am"), draft_of("海洋塑料", 999))
    with closing(sqlite3.connect(path)) as another:
        written = another.execute("SELECT count(*) FROM application WHERE name = '海洋塑料'")
        assert written.fetchone() == (1,)


def test_a_connection_is_used_again_and_ends_with_the_database(ready: str) -> None:
    """Every new connection reads the whole schema first; on a server it has to be let in."""
    with connected():
        first = database.connection()
    with connected():
        assert database.connection() is first
    close()
    with pytest.raises(ENDED):
        first.execute("SELECT 1")


def test_a_connection_at_work_is_not_kept_by_a_database_that_was_closed(ready: str) -> None:
    """Restoring puts another file into the place while a page is still being read."""
    engine, at_work, go_on = database.obj, threading.Event(), threading.Event()
    left = []

    def read() -> None:
        with connected():
            left.append(engine.connection())
            at_work.set()
            assert go_on.wait(10)

    reading = threading.Thread(target=read)
    reading.start()
    assert at_work.wait(10)
    connect(ready)
    go_on.set()
    reading.join(10)
    with pytest.raises(ENDED):
        left[0].execute("SELECT 1")
    if is_sqlite():
        release(Path(ready.removeprefix("sqlite:///")))


def test_a_kept_connection_that_the_server_ended_is_not_used(on_server: str) -> None:
    """A server that was started again is there for the next who asks, as if nothing had been."""
    kept = rows("SELECT pg_backend_pid()")
    with psycopg.connect(on_server, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", kept[0])
    assert rows("SELECT pg_backend_pid()") != kept


def test_a_desk_at_rest_holds_no_connection(
    on_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a server with many desks is not full of them."""
    kept = rows("SELECT pg_backend_pid()")
    database.obj.rest()
    assert rows("SELECT pg_backend_pid()") == kept
    monkeypatch.setattr(keeping, "KEPT_SECONDS", 0.0)
    database.obj.rest()
    assert rows("SELECT pg_backend_pid()") != kept


def test_a_connection_left_in_a_transaction_is_not_kept(ready: str) -> None:
    with connected():
        first = database.connection()
        database.execute_sql("BEGIN")
    with connected():
        assert database.connection() is not first


def test_a_program_at_rest_holds_no_file(
    sqlite_ready: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that whoever copies the file alone has all that was decided."""
    path = Path(sqlite_ready.removeprefix("sqlite:///"))
    accreditation.save_draft(session_of("am"), draft_of("海洋塑料", 999))
    database.obj.rest()
    assert path.with_name(f"{path.name}-wal").exists()
    monkeypatch.setattr(keeping, "KEPT_SECONDS", 0.0)
    database.obj.rest()
    assert not path.with_name(f"{path.name}-wal").exists()
