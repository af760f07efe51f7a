"""The database that fails under somebody's hands: told in words, and nothing half written."""

from __future__ import annotations

import peewee
import pytest

from chemsales.queries.reading import query
from chemsales.rules.errors import Unreachable
from chemsales.rules.roles import Actor
from chemsales.services import accreditation
from chemsales.services.session import Session
from chemsales.storage.database import connected, database, is_sqlite, rows
from tests.factory import draft_of, session_of


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


def test_a_statement_that_is_wrong_stays_a_fault_of_the_program(ready: str) -> None:
    with pytest.raises(peewee.DatabaseError):
        rows("SELECT nothing FROM nowhere")
