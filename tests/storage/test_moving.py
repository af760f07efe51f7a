"""Moving between a file and a server: every row, every key, the chain; all or nothing."""

from __future__ import annotations

from functools import partial

import peewee
import pytest

from chemsales import moving
from chemsales.queries import search as finding
from chemsales.rules.errors import DataError, NotAllowed, Reason
from chemsales.services import audit, evaluation, products
from chemsales.storage import copying
from chemsales.storage import database as storage
from chemsales.storage.copying import digests
from chemsales.storage.database import engine_of, rows
from tests import furnishing
from tests.conftest import opened
from tests.factory import session_of
from tests.worked import copy_to

KEPT = "who, use_case, outcome, subject, detail, reasons"


@pytest.fixture
def source(tmp_path):
    """The URL of a file in which a department has worked, of this test's own."""
    return copy_to(tmp_path / "source.db")


@pytest.fixture
def server(new_database):
    """The URL of an empty database on a server that has its tables."""
    return new_database("postgresql", "empty")


@pytest.fixture(autouse=True)
def put_back():
    """The database of the process before the test."""
    before = storage.database.obj
    yield
    storage.close()
    storage.database.obj = before


def admin():
    return session_of("admin")


def without_note(url):
    """The digests but of what the move itself writes at its end: event and seal."""
    return {n: d for n, d in digests(engine_of(url)).items() if n not in ("event", "seal")}


def test_there_and_back_every_row_is_the_same(source, postgres_database, tmp_path):
    server, back = postgres_database(), f"sqlite:///{tmp_path / 'back' / 'again.db'}"
    before = digests(engine_of(source))
    empty = {name for name, digest in before.items() if not digest.rows}
    assert empty <= {"setting"}, "the test moves tables without rows"
    for one, other in ((source, server), (server, back)):
        moved = moving.move(one, other, admin)
        assert moved.verified.sound, moved.verified.problems
        assert moved.tables == digests(engine_of(one))
        assert without_note(other) == without_note(one)
    assert digests(engine_of(source)) == before, "the source was written to"


def test_work_goes_on_where_it_stood(source, server):
    moving.move(source, server, admin)
    sales = session_of("sales")
    case, version = rows(
        "SELECT r.id, c.version FROM evaluation_run r JOIN approval_case c ON c.id = r.case_id"
    )[0]
    evaluation.sign(sales, case, version, furnishing.Verdict.APPROVE)
    products.add_group(sales, "NEW", "搬家之后")
    key = furnishing.application(furnishing.rich_draft("搬家之后有限公司", 77))
    assert rows("SELECT max(id) FROM application") == [(key,)]
    found = audit.verify(session_of("auditor"))
    assert found.sound, found.problems
    hits = finding.find(session_of("am").actor, "hlsh")
    assert "恒力石化（大连）有限公司" in {hit.title for hit in hits}


def test_the_chain_goes_on_from_its_head(source, server, tmp_path):
    with opened(source):
        head = audit.verify(admin()).head
    moved = moving.move(source, server, admin)
    assert moved.verified.head == head
    assert audit.verify(admin(), anchor=head).sound
    noted = rows(f"SELECT {KEPT} FROM event ORDER BY id DESC LIMIT 1")[0]
    assert noted[:3] == ("admin", "backup.note_moved", "done") and head in noted[4]


def test_tampering_with_what_was_moved_is_found(source, server):
    moving.move(source, server, admin)
    storage.close()
    with storage.instead(engine_of(server)), storage.connected():
        storage.execute("ALTER TABLE decision DISABLE TRIGGER USER")
        storage.execute("UPDATE decision SET comment = 'x' WHERE id = 2")
    with opened(server):
        found = audit.verify(admin())
    assert [p.place for p in found.problems if not p.warning] == ["decision 2"]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_only_an_empty_target_is_filled(engine, source, new_database, tmp_path):
    target = new_database(engine, "ready")
    before = digests(engine_of(target))
    with pytest.raises(DataError) as refused:
        moving.move(source, target, admin)
    wanted = {"sqlite": "reason.move_file_exists", "postgresql": "reason.copy_target_not_empty"}
    assert refused.value.reasons[0].code == wanted[engine]
    storage.close()
    assert digests(engine_of(target)) == before


def altering(write, table, rows):
    """`copying.write`, but one table's rows go through `rows` first."""

    def altered(db, name, columns, given):
        write(db, name, columns, rows(given) if name == table else given)

    return altered


def with_another_comment(given):
    return ([("" if value == "同意" else value) for value in row] for row in given)


def broken_off(given):
    yield next(iter(given))
    raise DataError(Reason("reason.copy_failed", {"why": "test"}))


@pytest.mark.parametrize(
    ("table", "rows", "params"),
    [
        ("decision", with_another_comment, {"table": "decision"}),
        ("tier_result", broken_off, {"why": "test"}),
    ],
)
def test_what_does_not_arrive_undoes_everything(
    source, server, monkeypatch, tmp_path, table, rows, params
):
    fresh, triggers = digests(engine_of(server)), trigger_states(server)
    monkeypatch.setattr(copying, "write", altering(copying.write, table, rows))
    for target in (server, f"sqlite:///{tmp_path / 'x.db'}"):
        with pytest.raises(DataError) as refused:
            moving.move(source, target, admin)
        assert refused.value.reasons[0].params == params
    storage.close()
    assert not list(tmp_path.glob("x.db*"))
    assert digests(engine_of(server)) == fresh and trigger_states(server) == triggers


def trigger_states(url):
    with storage.instead(engine_of(url)):
        return rows(
            "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger "
            "WHERE NOT tgisinternal ORDER BY 1, 2"
        )


def test_triggers_come_back_as_they_were(source, server):
    with opened(server):
        storage.database.execute_sql(
            "ALTER TABLE decision ENABLE ALWAYS TRIGGER decision_refuse_delete"
        )
    before = trigger_states(server)
    moving.move(source, server, admin)
    assert trigger_states(server) == before
    with pytest.raises(peewee.DatabaseError, match="history"):
        rows("DELETE FROM decision")


def test_only_an_administrator_moves(source, tmp_path):
    for login in ("am", "sales", "auditor"):
        with pytest.raises(NotAllowed):
            moving.move(source, f"sqlite:///{tmp_path / 'x.db'}", partial(session_of, login))
    with pytest.raises(DataError):
        moving.move(source, source, admin)
    assert not list(tmp_path.glob("x.db*"))
