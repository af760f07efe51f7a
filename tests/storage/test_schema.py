"""The tables: what the models say, STRICT, audited or immutable, on both engines alike."""

from __future__ import annotations

import json

import peewee
import pytest

from chemsales.rules.errors import Conflict
from chemsales.rules.roles import Action
from chemsales.services import operation
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage import fields
from chemsales.storage.database import database, execute, is_sqlite, rows, transaction
from chemsales.storage.models import (  # noqa: F401
    accreditation,
    agent_licences,
    approval,
    audit,
    complaints,
    customer_change,
    customers,
    delegation,
    dispatch,
    disqualification,
    evaluation,
    filing,
    handover,
    licences,
    offtake,
    people,
    policy,
    products,
    resale,
    tiers,
    visits,
)
from chemsales.storage.models.base import Table
from tests.factory import draft_of, make_application, session_of, submit

REFUSED = (
    peewee.IntegrityError,
    peewee.InternalError,
    peewee.ProgrammingError,
    peewee.DatabaseError,
)
# who acts now, the last numbers, the chain itself, the runner's own table and the words that are
# derived from audited rows are no business facts
UNAUDITED = {
    "acting", "numbering", "schema_migration", "event", "change", "seal", "customer_words",
    "application_words",
}  # fmt: skip
IMMUTABLE = {
    "event", "change", "seal", "rule_edition", "decision", "document_blob", "pickup", "plan_line",
    "tier_result", "cooperation_evidence", "evaluation", "chain_stage", "agent_licence",
    "visit",
}  # fmt: skip


def models(root=Table):
    for model in root.__subclasses__():
        yield from models(model)
        if not model.__subclasses__():
            yield model


def tables():
    return {name for name in database.get_tables() if not name.startswith("sqlite_")}


def triggers(table):
    if is_sqlite():
        found = rows(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        )
    else:
        found = rows(
            "SELECT t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relname = ? AND NOT t.tgisinternal",
            (table,),
        )
    return {name: sql.upper() for name, sql in found}


def refused(sql, *parameters):
    with pytest.raises(REFUSED) as refusal, transaction():
        execute(sql, parameters)
    return str(refusal.value)


def test_every_model_has_its_table_with_the_same_columns(db):
    wrong = {}
    for model in models():
        name = model._meta.table_name
        stored = {column.name for column in database.get_columns(name)}
        known = {field.column_name for field in model._meta.sorted_fields}
        if stored != known:
            wrong[name] = stored ^ known
    assert not wrong
    named = {model._meta.table_name for model in models()}
    assert tables() - named - {"acting", "schema_migration"} == set()


def test_column_types_are_the_programs_own():
    own = {getattr(fields, name) for name in dir(fields) if name.endswith("Field")}
    allowed = own | {
        peewee.AutoField, peewee.BigIntegerField, peewee.BlobField, peewee.TextField,
        peewee.PrimaryKeyField,
    }  # fmt: skip
    wrong = [
        f"{model.__name__}.{field.name}: {type(field).__name__}"
        for model in models()
        for field in model._meta.sorted_fields
        if type(field) not in allowed and not isinstance(field, peewee.ForeignKeyField)
    ]
    assert not wrong


def test_no_foreign_key_loads_by_itself():
    keys = [
        f for m in models() for f in m._meta.sorted_fields if isinstance(f, peewee.ForeignKeyField)
    ]
    assert keys
    assert not [key for key in keys if key.lazy_load]


def test_tables_are_strict(sqlite_db):
    loose = [
        name
        for name, sql in rows("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        if not name.startswith(("sqlite_", "schema_migration")) and "STRICT" not in sql
    ]
    assert not loose


@pytest.mark.parametrize("value", ["abc", "１２", "1.5", 1.5, b"1"])
def test_text_does_not_land_in_a_whole_number(sqlite_db, value):
    with pytest.raises(peewee.DatabaseError):
        execute("INSERT INTO numbering (series, last) VALUES ('x', ?)", (value,))


def test_every_table_is_audited_or_immutable(db):
    lacking = []
    for name in sorted(tables() - UNAUDITED):
        found = " ".join(triggers(name).values())
        audited = (
            "INSERT" in found and "UPDATE" in found and f"{name}_audit" in " ".join(triggers(name))
        )
        deleted = "DELETE" in found
        immutable = f"{name}_refuse_update" in triggers(
            name
        ) and f"{name}_refuse_delete" in triggers(name)
        if not (immutable or (audited and deleted)):
            lacking.append(name)
    assert not lacking
    for name in IMMUTABLE:
        assert f"{name}_refuse_update" in triggers(name), name
        assert f"{name}_refuse_delete" in triggers(name), name


def test_a_change_outside_an_operation_is_refused(ready):
    refused("UPDATE product SET name = 'x' WHERE code = 'MEG'")
    refused("INSERT INTO setting (key, value) VALUES ('a', 'b')")
    assert rows("SELECT name FROM product WHERE code = 'MEG'") == [("乙二醇 优等品",)]


@use_case(Action.PRODUCT_EDIT)
def forgets_to_record(op: Operation) -> None:
    execute("UPDATE product SET name = 'x' WHERE code = 'MEG'")


@use_case(Action.PRODUCT_EDIT)
def renames(op: Operation, name: str) -> None:
    execute("UPDATE product SET name = ? WHERE code = 'MEG'", (name,))
    op.record(Subject.PRODUCTS, "MEG")


@use_case(Action.PRODUCT_EDIT)
def breaks_a_constraint(op: Operation) -> None:
    op.record(Subject.PRODUCTS, "MEG")
    execute("UPDATE product SET group_code = 'NO' WHERE code = 'MEG'")


def test_a_change_without_an_event_does_not_commit(ready):
    with pytest.raises(RuntimeError, match="recorded no audit event"):
        forgets_to_record(session_of("admin"))
    assert rows("SELECT name FROM product WHERE code = 'MEG'") == [("乙二醇 优等品",)]


def test_an_event_that_is_never_written_does_not_commit_either(ready):
    with pytest.raises(REFUSED), transaction():
        admin = session_of("admin")
        operation._begin(operation.Operation(admin, "nothing", "no such event"))
        execute("UPDATE product SET name = 'x' WHERE code = 'MEG'")
        assert rows("SELECT name FROM product WHERE code = 'MEG'") == [("x",)]
    assert rows("SELECT name FROM product WHERE code = 'MEG'") == [("乙二醇 优等品",)]


def test_a_change_is_kept_old_and_new_with_its_event(ready):
    name = '甲\\"二\n醇\t𠮷'
    event = renames(session_of("admin"), name).event
    who, table, key, action, old, new = rows(
        "SELECT who, table_name, row_key, action, old, new FROM change WHERE event = ?", (event,)
    )[0]
    assert (who, table, key, action) == ("admin", "product", "MEG", "UPDATE")
    assert json.loads(old)["name"] == "乙二醇 优等品"
    assert json.loads(new) == {
        "code": "MEG", "name": name, "name_en": "Ethylene glycol, fibre grade",
        "group_code": "EG", "active": 1, "version": 1,
    }  # fmt: skip


def test_a_broken_constraint_is_a_conflict_with_its_event(ready):
    with pytest.raises(Conflict) as refusal:
        breaks_a_constraint(session_of("admin"))
    assert [reason.code for reason in refusal.value.reasons] == ["reason.record_refused"]
    outcome, kind = rows("SELECT outcome, detail FROM event ORDER BY id DESC LIMIT 1")[0]
    assert (outcome, json.loads(kind)) == ("refused", {"kind": "conflict"})


HISTORY = [
    ("event", "UPDATE event SET who = 'x'"),
    ("event", "DELETE FROM event"),
    ("change", "UPDATE change SET who = 'x'"),
    ("change", "DELETE FROM change"),
    ("decision", "UPDATE decision SET verdict = 'reject'"),
    ("decision", "DELETE FROM decision"),
    ("rule_edition", "UPDATE rule_edition SET parameters = '{}'"),
    ("rule_edition", "DELETE FROM rule_edition"),
    ("document_blob", "UPDATE document_blob SET mime = 'x'"),
    ("document_blob", "DELETE FROM document_blob"),
    ("approval_case", "DELETE FROM approval_case"),
    ("application", "DELETE FROM application"),
    ("person", "DELETE FROM person"),
    ("product", "DELETE FROM product"),
]


@pytest.fixture
def submitted(ready):
    key = make_application(session_of("am"), draft_of("海洋塑料"))
    submit(session_of("am"), key)
    return key


@pytest.mark.parametrize(("table", "sql"), HISTORY, ids=[sql for _, sql in HISTORY])
def test_history_is_not_rewritten(submitted, table, sql):
    assert rows(f"SELECT count(*) FROM {table}")[0][0]
    assert "history" in refused(sql)


def test_replacing_a_row_of_history_is_refused(submitted):
    if not is_sqlite():
        refused("TRUNCATE event CASCADE")
        refused("TRUNCATE decision")
        return
    for table in ("event", "decision", "document_blob", "rule_edition"):
        refused(f"REPLACE INTO {table} SELECT * FROM {table}")


FROZEN = [
    "UPDATE application SET name = '别的'",
    "UPDATE application SET bank = '别的'",
    "UPDATE application SET case_id = NULL",
    "UPDATE application_class SET region = '别的'",
    "DELETE FROM application_class",
    "INSERT INTO application_class (application_id, group_code, customer_class, form) "
    "VALUES (1, 'BZ', 'agent', '')",
    "UPDATE application_contact SET phone = '1'",
    "DELETE FROM application_contact",
    "UPDATE application_document SET void = 1",
    "INSERT INTO application_document (application_id, kind, sha256, label) "
    "SELECT 1, 'other', sha256, 'x' FROM document_blob LIMIT 1",
]


@pytest.mark.parametrize("sql", FROZEN)
def test_what_is_under_review_is_frozen_in_the_database_too(submitted, sql):
    assert submitted == 1
    assert "under review" in refused(sql)


@pytest.mark.parametrize("login", ["sales", "finance", "nobody"])
def test_what_is_under_review_goes_to_no_one_but_an_account_manager(submitted, login):
    assert submitted == 1
    assert "an account manager" in refused(f"UPDATE application SET manager = '{login}'")


CASE_1 = "(1, 1, 'sales', 'approve', ?, 'x', '2026-01-01T00:00:00.000000Z', '', 1, {0}, 1)"
COLUMNS = (
    "(case_id, round, stage, verdict, signer, signer_name, signed_at, comment, seen_version, "
    "snapshot_hash, edition)"
)
SEEN = "(SELECT snapshot_hash FROM approval_case)"


@pytest.mark.parametrize(
    ("values", "signer"),
    [
        (CASE_1.format(SEEN).replace("'sales'", "'finance'"), "finance"),  # not its turn
        (CASE_1.format(SEEN), "am"),  # the applicant
        (CASE_1.format(SEEN).replace("(1, 1,", "(1, 2,"), "sales"),  # another round
        (CASE_1.format("'" + "0" * 64 + "'"), "sales"),  # something else was seen
    ],
)
def test_a_decision_out_of_turn_is_refused_by_the_database(submitted, values, signer):
    refused(f"INSERT INTO decision {COLUMNS} VALUES {values}", signer)
    assert rows("SELECT count(*) FROM decision") == [(1,)]


def test_what_may_be_empty_is_what_the_models_say(db):
    wrong = []
    for model in models():
        stored = {c.name: c.null for c in database.get_columns(model._meta.table_name)}
        wrong += [
            f"{model.__name__}.{field.column_name}"
            for field in model._meta.sorted_fields
            if not field.primary_key and field.null != stored[field.column_name]
        ]
    assert not wrong
