"""All rows of one database into another, across engines, and the digest that compares them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import peewee
import psycopg

from chemsales.rules.errors import DataError, Forbidden, Reason
from chemsales.storage.database import MIGRATION_TABLE, hang_up, insert_rows
from chemsales.storage.fields import canonical_json
from chemsales.storage.references import references
from chemsales.storage.server_database import PersonDatabase

Row = Sequence[Any]
Engine = Any  # a peewee.Database, whose methods have no annotations
Told = Callable[[int], object]  # hears how many rows more went over; what it raises ends a copy
BATCH = 1000
NOT_COPIED = (MIGRATION_TABLE, "acting")  # what a database says of itself, and of one transaction
_ENABLE = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA", "D": "DISABLE"}
_OURS = (
    "(SELECT oid, relname FROM pg_class WHERE relkind IN ('r', 'p') "
    "AND relnamespace = current_schema()::regnamespace) c"
)
_FAILURES = (peewee.DatabaseError, psycopg.Error, sqlite3.Error)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as both engines know it.

    `key` is the primary key, `texts` are the columns that hold text, `large` says that one holds
    bytes; `hidden` are the texts that nobody's own login reads (the hash of a password), which come
    out empty.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    texts: frozenset[str]
    large: bool
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Digest:
    """How many rows a table has, and the SHA-256 over all of them in the order of their keys."""

    rows: int
    sha256: str


class Hasher:
    """The digest of the rows that pass through `watch`."""

    def __init__(self) -> None:
        self._hash, self._rows = hashlib.sha256(), 0

    def watch(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows."""
        for row in rows:
            self._hash.update(canonical_json([_plain(value) for value in row]).encode())
            self._hash.update(b"\n")
            self._rows += 1
            yield row

    @property
    def digest(self) -> Digest:
        """Of everything until now."""
        return Digest(self._rows, self._hash.hexdigest())


def _plain(value: Any) -> Any:
    """Bytes as the hash of their content; everything else is text or a whole number already."""
    if isinstance(value, bytes | memoryview):
        return {"sha256": hashlib.sha256(value).hexdigest()}
    return value


def _sqlite(db: Engine) -> bool:
    return isinstance(db, peewee.SqliteDatabase)


def tables(db: Engine) -> list[Table]:
    """Every table that holds the department's data, each after the tables that it refers to."""
    found = _of_file(db) if _sqlite(db) else _of_server(db)
    needs: dict[str, set[str]] = {name: set() for name in found}
    for each in references(db):
        if each.table in found:
            needs[each.table].add(each.parent)
    ordered: list[str] = []
    while len(ordered) < len(found):
        ready = [n for n in sorted(found) if n not in ordered and needs[n] - {n} <= {*ordered}]
        if not ready:
            raise ValueError(
                f"tables that refer to each other: {sorted(found.keys() - {*ordered})}"
            )
        ordered += ready
    return [found[name] for name in ordered]


def _of_file(db: Engine) -> dict[str, Table]:
    found: dict[str, Table] = {}
    for name in set(db.get_tables()) - set(NOT_COPIED):
        kinds = {str(c.name): str(c.data_type).lower() for c in db.get_columns(name)}
        found[name] = _table(name, kinds, tuple(db.get_primary_keys(name)))
    return found


def _of_server(db: Engine) -> dict[str, Table]:
    """Out of the catalogue, which every login reads; what it does not, `information_schema` hides
    from all but the owner."""
    kinds: dict[str, dict[str, str]] = {}
    hidden: dict[str, set[str]] = {}
    for name, column, kind, shown in db.execute_sql(
        "SELECT c.relname, a.attname, format_type(a.atttypid, NULL), "
        f"has_column_privilege(c.oid, a.attnum, 'SELECT') FROM {_OURS} "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    ).fetchall():
        kinds.setdefault(name, {})[column] = kind
        if not shown:
            hidden.setdefault(name, set()).add(column)
    keys: dict[str, list[str]] = {name: [] for name in kinds}
    for name, column in db.execute_sql(
        f"SELECT c.relname, a.attname FROM {_OURS} "
        "JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary JOIN pg_attribute a "
        "ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey) "
        "ORDER BY c.relname, array_position(i.indkey::int2[], a.attnum)"
    ).fetchall():
        keys[name].append(column)
    wanted = kinds.keys() - set(NOT_COPIED)
    return {
        name: _table(name, kinds[name], tuple(keys[name]), frozenset(hidden.get(name, ())))
        for name in wanted
    }


def _table(
    name: str, kinds: Mapping[str, str], key: tuple[str, ...], hidden: frozenset[str] = frozenset()
) -> Table:
    texts = frozenset(column for column, kind in kinds.items() if kind == "text")
    large = not {"blob", "bytea"}.isdisjoint(kinds.values())
    return Table(name, tuple(sorted(kinds)), key, texts, large, hidden & texts)


@contextmanager
def snapshot(db: Engine) -> Iterator[None]:
    """One consistent picture of a database for the block, while others go on writing.

    On a server that hides rows from this login the reading fails rather than leaves them out; a
    person's own login has to be one that is shown every row (Forbidden).
    """
    with _connected(db):
        if _sqlite(db):
            db.execute_sql("BEGIN")
        else:
            db.execute_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            person = isinstance(db, PersonDatabase)
            if not person:
                db.execute_sql("SET LOCAL row_security = off")
            elif not db.execute_sql("SELECT chemsales_sees_all()").fetchone()[0]:
                db.execute_sql("ROLLBACK")
                raise Forbidden(Reason("reason.server_forbids", {}, "C5.1"))
            db.execute_sql("SET LOCAL statement_timeout = 0")
        try:
            yield
        finally:
            db.execute_sql("ROLLBACK")


@contextmanager
def _connected(db: Engine) -> Iterator[None]:
    """This thread's connection, if it is open, else one for the block."""
    opened = db.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            hang_up(db)


def read(db: Engine, table: Table, columns: Sequence[str] = ()) -> Generator[Row, None, None]:
    """The rows of a table, or some of its columns, streamed in the order of its key (texts by their
    characters' codes)."""
    wanted = ", ".join(
        "''" if column in table.hidden else f'"{column}"' for column in columns or table.columns
    )
    by_code = table.texts if not _sqlite(db) else frozenset[str]()
    order = ", ".join(f'"{c}"' + (' COLLATE "C"' if c in by_code else "") for c in table.key)
    sql = f'SELECT {wanted} FROM "{table.name}" ORDER BY {order}'
    connection = db.connection()
    if _sqlite(db):
        yield from connection.execute(sql)
        return
    with connection.cursor(name="chemsales_read") as cursor:
        cursor.itersize = 1 if table.large else BATCH
        yield from cursor.execute(sql)


def digest(db: Engine, table: Table, columns: Sequence[str] = ()) -> Digest:
    """The digest of a table's rows, or of some of its columns."""
    hasher = Hasher()
    for _row in hasher.watch(read(db, table, columns)):
        pass
    return hasher.digest


def digests(db: Engine, names: Container[str] = ()) -> dict[str, Digest]:
    """The digest of every table, or of some, of one moment."""
    with snapshot(db):
        wanted = [table for table in tables(db) if not names or table.name in names]
        return {table.name: digest(db, table) for table in wanted}


def append_only(db: Engine) -> frozenset[str]:
    """The tables whose rows the database lets nobody change."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if not _sqlite(db):
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    suffix = "_refuse_update"
    named = [str(name) for (name,) in db.execute_sql(sql).fetchall()]
    return frozenset(name.removesuffix(suffix) for name in named if name.endswith(suffix))


def quietly(_rows: int) -> None:
    """Nobody waits to be told."""


def copy(
    source: Engine, target: Engine, seeded: Mapping[str, Digest], told: Told = quietly
) -> dict[str, Digest]:
    """Copy every row of `source` into the empty `target`, compare, and only then commit.

    `seeded` are the rows that a new database has from its migrations; the target may have these and
    no others, and gets the source's in their place. Keys are kept, generated keys go on after the
    largest. DataError where the schemas differ, the target is not empty, or a row does not come out
    as it went in; the target is then as it was.
    """
    with snapshot(source), _connected(target):
        given, listed = tables(source), tables(target)
        _check_same(given, listed)
        try:
            with target.atomic():
                return _fill(source, target, given, listed, seeded, told)
        except _FAILURES as error:
            why = str(error).split("\n")[0][:200]
            raise DataError(Reason("reason.copy_failed", {"why": why})) from error


def _check_same(ours: Sequence[Table], theirs: Sequence[Table]) -> None:
    one, other = {t.name: t.columns for t in ours}, {t.name: t.columns for t in theirs}
    if one != other:
        differing = sorted(n for n in {*one, *other} if one.get(n) != other.get(n))
        raise DataError(Reason("reason.copy_schema_differs", {"tables": ", ".join(differing)}))


def _fill(
    source: Engine,
    target: Engine,
    given: Sequence[Table],
    listed: Sequence[Table],
    seeded: Mapping[str, Digest],
    told: Told,
) -> dict[str, Digest]:
    nothing = Hasher().digest
    for table in listed:
        if digest(target, table) not in (nothing, seeded.get(table.name, nothing)):
            raise DataError(Reason("reason.copy_target_not_empty", {"table": table.name}))
    with triggers_off(target):
        for table in reversed(listed):
            target.execute_sql(f'DELETE FROM "{table.name}"')
        copied = {table.name: _copy_table(source, target, table, told) for table in given}
    for table in listed:
        if digest(target, table) != copied[table.name]:
            raise DataError(Reason("reason.copy_differs", {"table": table.name}))
    return copied


def _copy_table(source: Engine, target: Engine, table: Table, told: Told) -> Digest:
    hasher = Hasher()
    with closing(read(source, table)) as found:
        write(target, table.name, table.columns, _counted(hasher.watch(found), told))
    return hasher.digest


def _counted(rows: Iterable[Row], told: Told) -> Iterator[Row]:
    """The same rows, told of at every BATCH of them and at the end."""
    passed = 0
    for row in rows:
        yield row
        passed += 1
        if passed == BATCH:
            told(passed)
            passed = 0
    told(passed)


def write(db: Engine, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Put rows into a table; generated keys go on after them."""
    insert_rows(table, columns, rows, db)
    if _sqlite(db):
        return
    for column in columns:
        asked = db.execute_sql("SELECT pg_get_serial_sequence(%s, %s)", (f'"{table}"', column))
        sequence = asked.fetchone()[0]
        if sequence:
            db.execute_sql(f'SELECT setval(%s, max("{column}")) FROM "{table}"', (sequence,))


@contextmanager
def triggers_off(db: Engine) -> Iterator[None]:
    """Silence the program's triggers for the block, inside a transaction: rows come in as they
    were, with the history that they have already. Foreign keys are checked at its end."""
    silence = _sqlite_triggers_off if _sqlite(db) else _postgres_triggers_off
    with silence(db):
        yield


@contextmanager
def _sqlite_triggers_off(db: Engine) -> Iterator[None]:
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    before = db.execute_sql(schema).fetchall()
    triggers = [(name, sql) for kind, name, sql in before if kind == "trigger"]
    db.execute_sql("PRAGMA defer_foreign_keys = ON")
    for name, _sql in triggers:
        db.execute_sql(f'DROP TRIGGER "{name}"')
    yield
    for _name, sql in triggers:
        db.execute_sql(sql)
    broken = db.execute_sql("PRAGMA foreign_key_check").fetchone()
    if broken or db.execute_sql(schema).fetchall() != before:
        raise DataError(Reason("reason.copy_differs", {"table": str(broken[0] if broken else "")}))


@contextmanager
def _postgres_triggers_off(db: Engine) -> Iterator[None]:
    triggers = db.execute_sql(
        "SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
    ).fetchall()
    db.execute_sql("SET CONSTRAINTS ALL DEFERRED")
    for table in sorted({table for table, _name, _enabled in triggers}):
        db.execute_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    yield
    db.execute_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table, name, enabled in triggers:
        how = _ENABLE[enabled if isinstance(enabled, str) else enabled.decode()]
        db.execute_sql(f'ALTER TABLE "{table}" {how} TRIGGER "{name}"')
