"""A database of an earlier release is brought up to date with its data."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date

import peewee
import pytest

from chemsales import bootstrap, config
from chemsales.pinyin import sort_key
from chemsales.queries import histories
from chemsales.queries.customer_day import customer_on
from chemsales.queries.customers import customers
from chemsales.queries.search import find
from chemsales.rules.admission import CONDITIONS
from chemsales.rules.classification import CustomerClass
from chemsales.rules.errors import DataError
from chemsales.rules.roles import Actor, Role
from chemsales.services import backup
from chemsales.storage import database as storage
from chemsales.storage import migrating
from chemsales.storage.copying import digests
from chemsales.storage.database import connected, execute, rows, transaction
from tests.conftest import opened
from tests.factory import set_acting
from tests.services.test_audit import tamper

READER = Actor("auditor", "周杰", frozenset({Role.AUDITOR}))
LAST = migrating.known()[-1]
STAMP = "2026-07-06T04:00:00.000000Z"
SEEDED = [
    "INSERT INTO event (key, at, who, use_case, outcome, reasons, detail) "
    f"VALUES ('seed', '{STAMP}', 'am', 'seed', 'done', '[]', '{{}}')",
    f"INSERT INTO person (login, name, created_at) VALUES ('am', '单雄', '{STAMP}')",
    "INSERT INTO approval_case (id, chain, subject, subject_id, outcome, opened_by, owner, "
    "opened_at, moved_at, snapshot, snapshot_hash, edition) VALUES (1, 'accreditation', "
    f"'accreditation', 1, 'approved', 'am', 'am', '{STAMP}', '{STAMP}', '{{}}', 'x', 1)",
    "INSERT INTO application (id, number, state, customer_id, name, manager, created_by, "
    "created_at) VALUES "
    f"(1, 'SQ2026-0001', 'accredited', 1, '重庆长风化工', 'am', 'am', '{STAMP}')",
    "INSERT INTO document_blob (sha256, size, mime, data) VALUES "
    f"('{'0' * 64}', 5, 'application/pdf', ?)",
    *(
        "INSERT INTO application_document (application_id, kind, sha256, label, number, valid_to, "
        f"long_term, void) VALUES (1, '{kind}', '{'0' * 64}', '执照.pdf', 'B-1', {rest})"
        for kind, rest in (
            ("business_licence", "'2027-01-31', 0, 0"),
            ("hazardous_licence", "NULL, 1, 0"),
            ("national_tax", "NULL, 0, 0"),
            ("local_tax", "'2027-01-31', 0, 1"),
            ("invoice_data", "'2027-01-31', 0, 0"),
        )
    ),
    "UPDATE application SET case_id = 1 WHERE id = 1",
    "INSERT INTO application (id, number, state, name, manager, created_by, created_at) "
    f"VALUES (2, 'SQ2026-0002', 'draft', '单县塑业', 'am', 'am', '{STAMP}')",
    "INSERT INTO application_contact (application_id, kind, name, phone) "
    "VALUES (2, 'business', '仇海', '13905300002')",
    "INSERT INTO customer (id, code, name, short_name, uscc, invoice_phone, sort_key, initials, "
    "status, manager, case_id, application_id, accredited_on) VALUES (1, 'C00001', "
    "'重庆长风化工', '长风', '91500000MA0000019X', '023-68120001', 'chong2 qing4|重庆长风化工', "
    "'cqcfhg', 'accredited', 'am', 1, 1, '2026-07-06')",
    "INSERT INTO product_group (code, name) VALUES ('EG', '乙二醇')",
    "INSERT INTO application_class (application_id, group_code, customer_class, form) "
    "VALUES (2, 'EG', 'dealer', '')",
    "INSERT INTO customer_class (customer_id, group_code, customer_class, from_day, clause, "
    "edition) VALUES (1, 'EG', 'dealer', '2026-07-06', 'C10.1', 1)",
    "INSERT INTO customer_contact (customer_id, kind, name, phone) "
    "VALUES (1, 'business', '吴敏', '13805328812')",
    "INSERT INTO customer_contact (customer_id, kind, name, phone, void) "
    "VALUES (1, 'business', '谁走了', '1', 1)",
]


@pytest.fixture
def earlier(engine, request, tmp_path):
    """The URL of a database as the second migration left it, with a customer, an application."""
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = request.getfixturevalue("postgres_database")(None)
    before = storage.database.obj
    storage.connect(url)
    with connected():
        if engine == "sqlite":
            migrating.prepare_sqlite()
        migrating.migrate("0002_months")
        with transaction():
            set_acting("am", "seed")
            for statement in SEEDED:
                execute(statement, (b"%PDF-",) if "?" in statement else ())
            set_acting()
    storage.close()
    storage.database.obj = before
    yield url
    storage.close()
    storage.database.obj = before


def test_what_is_there_already_is_found_after_the_migration(earlier):
    bootstrap.open_database(earlier)
    with connected():
        assert not migrating.pending()
    for text, titles in (
        ("cqcf", ["重庆长风化工"]),
        ("cqzf", ["重庆长风化工"]),
        ("chongqing", ["重庆长风化工"]),
        ("wm", ["重庆长风化工"]),
        ("8812", ["重庆长风化工"]),
        ("6812 0001", ["重庆长风化工"]),
        ("91500000ma0000019x", ["重庆长风化工"]),
        ("谁走了", []),
        ("dxsy", ["单县塑业"]),
        ("qh", ["单县塑业"]),
        ("sq2026-0002", ["单县塑业"]),
    ):
        assert [hit.title for hit in find(READER, text)] == titles, text
    assert [row.name for row in customers(READER, "cqcf")] == ["重庆长风化工"]
    assert rows("SELECT sort_key FROM customer") == [(sort_key("重庆长风化工"),)]
    for table in ("application", "person"):
        found = rows(f"SELECT name, sort_key FROM {table} ORDER BY name")
        assert found and all(key == sort_key(name) for name, key in found), table


def test_a_mnemonic_is_audited_and_frozen_like_the_facts_beside_it(earlier):
    bootstrap.open_database(earlier)
    with transaction():
        set_acting("am", "seed")
        execute("UPDATE customer SET mnemonic = 'cf' WHERE id = 1")
        execute("UPDATE application SET mnemonic = 'dx' WHERE id = 2")
        set_acting()
    found = rows("SELECT table_name, old, new FROM change ORDER BY id DESC LIMIT 2")
    changed = {
        table: (json.loads(old)["mnemonic"], json.loads(new)["mnemonic"])
        for table, old, new in found
    }
    assert changed == {"customer": ("", "cf"), "application": ("", "dx")}
    assert "initials" not in json.loads(found[1][2])
    with pytest.raises(peewee.DatabaseError, match="under review or decided"), transaction():
        set_acting("am", "seed")
        execute("UPDATE application SET mnemonic = 'cf' WHERE id = 1")
    for table in ("customer", "application"):
        with pytest.raises(peewee.DatabaseError, match="history"), transaction():
            execute(f"DELETE FROM {table}")


CAME_EMPTY = [
    ("customer", "mnemonic"),
    ("application", "mnemonic"),
    ("application_document", "holder"),
    ("application_class", "funds"),
    ("customer_class", "purpose"),
    ("customer_class", "funds"),
]


def test_what_came_empty_is_held_by_the_history_from_before_it(earlier):
    bootstrap.open_database(earlier)
    with transaction():
        assert not {each.place for each in histories.problems()} & {
            f"{table} 1" for table, _ in CAME_EMPTY
        }
        for table, column in CAME_EMPTY:
            ((key, was),) = rows(f"SELECT id, {column} FROM {table} ORDER BY id LIMIT 1")
            tamper(f"UPDATE {table} SET {column} = 'x' WHERE id = {key}", table)
            assert f"{table} {key}" in {each.place for each in histories.problems()}, column
            tamper(f"UPDATE {table} SET {column} = '{was}' WHERE id = {key}", table)
            assert f"{table} {key}" not in {each.place for each in histories.problems()}, column


def test_a_card_of_an_earlier_release_is_told_as_on_a_day(earlier):
    """Its images carry neither the mnemonic nor the answers to the conditions of a class."""
    bootstrap.open_database(earlier)
    ((at,),) = rows("SELECT at FROM event WHERE key = 'seed'")
    then = customer_on(READER, 1, date.fromisoformat(at[:10]))
    assert (then.facts.name, then.facts.mnemonic) == ("重庆长风化工", "")
    assert [(row.group_code, row.answers) for row in then.classes] == [
        ("EG", tuple((each, "") for each in CONDITIONS[CustomerClass.DEALER]))
    ]


def test_the_dated_papers_of_customers_become_their_licences(earlier):
    bootstrap.open_database(earlier)
    with connected():
        assert rows(
            "SELECT customer_id, kind, number, valid_to, long_term, accepted_on, recorded_by, "
            "case_id FROM licence ORDER BY id"
        ) == [
            (1, "business_licence", "B-1", "2027-01-31", 0, "2026-07-06", "am", 1),
            (1, "hazardous_licence", "B-1", None, 1, "2026-07-06", "am", 1),
        ]
        assert (
            rows(
                "SELECT e.use_case, e.who, c.who, c.action FROM change c JOIN event e "
                "ON e.key = c.event WHERE c.table_name = 'licence'"
            )
            == [("licences.take_over", "migration", "migration", "INSERT")] * 2
        )
        assert not [each for each in histories.problems() if each.place.startswith("licence")]


def test_it_is_copied_before_it_changes(earlier, engine):
    bootstrap.open_database(earlier)
    path = bootstrap.sqlite_path(earlier)
    folder = path.parent / "backups" if path is not None else config.backup_dir()
    [copy] = folder.glob("*.db")
    assert copy.name.startswith(f"before-{LAST}-")
    manifest = backup.check_backup(copy)
    assert manifest.schema == ("0001_start", "0002_months")
    assert manifest.counts["customer"] == 1 and manifest.counts["customer_contact"] == 2


def test_a_newer_schema_is_refused_and_left_as_it_is(engine, new_database):
    url = new_database(engine, "ready")
    with opened(url), transaction():
        execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01')")
    path = bootstrap.sqlite_path(url)
    if path is not None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    bytes_before = path.read_bytes() if path is not None else b""
    before = digests(storage.engine_of(url))
    with pytest.raises(DataError) as refused, opened(url):
        pass
    assert refused.value.reasons[0].code == "reason.database_newer"
    assert digests(storage.engine_of(url)) == before
    if path is not None:
        assert path.read_bytes() == bytes_before
        assert not (path.parent / "backups").exists()
    assert not list(config.data_dir().rglob("*.db"))
