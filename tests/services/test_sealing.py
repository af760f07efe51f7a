"""Sealing beside transactions that are still open on a server: late rows, and rows put in late."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import psycopg
import pytest

from chemsales.rules.errors import Problem
from chemsales.services import audit
from chemsales.storage import database
from tests.conftest import opened
from tests.factory import session_of
from tests.services.test_audit import tamper

STAMP = "2026-07-06T04:00:00.000000Z"


@pytest.fixture
def beside(new_database: Callable[[str, str], str]) -> Iterator[psycopg.Connection]:
    """A second connection to the open department's server."""
    url = new_database("postgresql", "ready")
    with opened(url), psycopg.connect(url) as other:
        yield other


def note(connection: psycopg.Connection, key: int | None = None) -> int:
    """An event that changes nothing, on this connection and not committed; its number."""
    own = "nextval('event_id_seq')" if key is None else "%(key)s"
    found = connection.execute(
        "INSERT INTO event (id, key, at, who, use_case, outcome, reasons, detail) VALUES "
        f"({own}, %(name)s, %(at)s, 'am', 'people._sign_in', 'done', '[]', '{{}}') RETURNING id",
        {"key": key, "name": uuid.uuid4().hex, "at": STAMP},
    ).fetchone()
    assert found is not None
    return int(found[0])


def links(*events: int) -> list[int]:
    """The numbers of the links of these events."""
    return [
        database.rows("SELECT id FROM seal WHERE source = 'event' AND source_id = ?", (event,))[0][
            0
        ]
        for event in events
    ]


def problems() -> list[Problem]:
    return list(audit.verify(session_of("auditor")).problems)


def committed(beside: psycopg.Connection) -> int:
    """Another event, committed at once over a connection of its own."""
    with psycopg.connect(beside.info.dsn, password=beside.info.password) as third:
        return note(third)


def test_a_transaction_that_ends_after_a_seal_is_sealed_then_and_not_suspected(
    beside: psycopg.Connection,
) -> None:
    late = note(beside)
    early = committed(beside)
    assert late < early
    assert audit.seal() > 0
    assert not database.rows("SELECT 1 FROM seal WHERE source = 'event' AND source_id = ?", (late,))
    beside.commit()
    assert problems() == []
    first, second = links(early, late)
    assert first < second
    assert audit.seal() == 0


@pytest.mark.parametrize("column", ["who = 'gm'", "use_case = 'backup._note'"])
def test_a_late_row_is_sealed_as_any_other(beside: psycopg.Connection, column: str) -> None:
    late = note(beside)
    committed(beside)
    audit.seal()
    beside.commit()
    audit.seal()
    tamper(f"UPDATE event SET {column} WHERE id = {late}", "event")
    assert [p.place for p in problems() if p.reason.code == "reason.seal_row_altered"] == [
        f"event {late}"
    ]


@pytest.mark.parametrize("sealed_since", [False, True])
def test_a_row_put_in_later_under_a_number_that_was_left_out_is_named(
    beside: psycopg.Connection, sealed_since: bool
) -> None:
    gap = note(beside)
    beside.rollback()
    assert committed(beside) > gap
    audit.seal()
    assert note(beside, gap) == gap
    beside.commit()
    if sealed_since:  # by another desk
        audit.seal()
    (found,) = problems()
    assert (found.place, found.reason.code) == (f"event {gap}", "reason.seal_row_slipped_in")
    assert not found.warning
