"""G12: 1,000 random tamperings with what is stored are all found, and the first bad row is named.

Before them every column of every append-only table is altered once, so that a table or column that
no seal, digest or derivation holds is found by name.

They are done as the owner of the file or of the server's database would do them, triggers, foreign
keys and conditions switched off: an edit of a value, a row deleted, a copy of a row put
in, two rows exchanged; in every table that holds facts or history. What nothing rests upon is left
alone (`NO_FACT`): sorting keys and search words can be made anew, a link's own instant is said by
the desk that seals, a password's hash stands in no history, the key of a batch's line says nothing.
So is what only a head that was noted elsewhere can show: the last link taken off, and an event that
changes nothing (a refusal, a signing in) made up behind the last one.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import peewee

from chemsales.moving import move
from chemsales.queries.histories import TRACELESS
from chemsales.queries.offtake import MONTHS_SERIES
from chemsales.queries.verification import Verification
from chemsales.services import audit
from chemsales.storage import chain, copying
from chemsales.storage.copying import Table
from chemsales.storage.database import connected, database, execute, is_sqlite, rows
from tests.campaigns import Score
from tests.conftest import opened
from tests.conftest_postgres import shared_server
from tests.factory import session_of
from tests.worked import copy_to

TAMPERINGS, FEW = 1000, 15
TURNS = 20  # to find a row in which a column can be altered
NO_FACT = {
    "application_words": {"words", "people", "pinyin", "name_key"},
    "customer_words": {"words", "people", "pinyin", "name_key"},
    "application": {"sort_key"},
    "customer": {"sort_key"},
    "person": {"password_hash", "sort_key"},
    "seal": {"at"},
}
# bulk facts are named by what holds their digest, decisions by the case that they lead to
HOLDERS = {
    "pickup": ("import_batch", "batch_id"),
    "plan_line": ("import_batch", "batch_id"),
    "tier_result": ("closing", "closing_id"),
    "evaluation": ("evaluation_run", "run_id"),
    "cooperation_evidence": ("cooperation_rating", "rating_id"),
    "decision": ("approval_case", "case_id"),
}

LINES = ("pickup", "plan_line")
NOTES = set(TRACELESS) - {"policy.add_edition"}


def run(short: bool) -> Iterator[Score]:
    """On a file and on a server's database."""
    number = FEW if short else TAMPERINGS
    with tempfile.TemporaryDirectory(prefix="chemsales-tamper-") as name:
        url = copy_to(Path(name) / "work.db")
        with opened(copy_to(Path(name) / "tampered.db")):
            yield Score("columns of append-only tables of a file", *_columns())
            yield Score("tamperings with a file", *_campaign(number))
        server, moved = shared_server(), f"chemsales_tamper_{os.getpid()}"
        server.drop_database(moved)
        with opened(server.create_database(moved)) as target:
            move(url, target, lambda: session_of("admin"))
            if not short:
                yield Score("columns of append-only tables of a server", *_columns())
            yield Score("tamperings with a server's database", *_campaign(number))
        server.drop_database(moved)


@dataclass(frozen=True, slots=True)
class Tampering:
    """What was done, and the places by which it may be named."""

    what: str
    named: frozenset[str]
    link: int | None = None  # the first link that cannot be right any more


class Impossible(Exception):
    """What was drawn cannot be done, or changes nothing."""


def _columns() -> tuple[int, tuple[str, ...]]:
    """Every column of every append-only table that says something, in one of its rows."""
    with connected():
        immutable = copying.append_only(database.obj)
    wrong, done = [], 0
    with connected(), _unguarded():
        hand = Hand(random.Random(13))
        for table in copying.tables(database.obj):
            if table.name not in immutable:
                continue
            for column in sorted(set(table.columns) - _left(table) - _keyed(table)):
                for _turn in range(TURNS):
                    found = _found(partial(hand.edit, table, column))
                    if found is not None:
                        break
                done += 1
                wrong += [f"{table.name}.{column} cannot be altered"] if found is None else found
    return done, tuple(wrong)


def _keyed(table: Table) -> set[str]:
    """The keys of what is held by the digest of its holder: in their order alone."""
    return set(table.key) & {"id"} if table.name in (*LINES, "evaluation") else set()


def _found(tamper: Callable[[], Tampering]) -> list[str] | None:
    """What is wrong with how one tampering is found, which is then taken back; None where it cannot
    be done."""
    with database.atomic() as transaction:
        try:
            return _missed(tamper(), audit.verify(session_of("auditor")))
        except (Impossible, peewee.DatabaseError):
            return None  # what a constraint of the table refuses
        finally:
            transaction.rollback()


def _campaign(number: int) -> tuple[int, tuple[str, ...]]:
    chance, wrong, done = random.Random(12), [], 0
    with connected(), _unguarded():
        if not audit.verify(session_of("auditor")).sound:
            return 0, ("it does not verify before",)
        hand = Hand(chance)
        while done < number:
            found = _found(hand.tamper)
            if found is not None:
                done += 1
                wrong += found
        if not audit.verify(session_of("auditor")).sound:
            wrong.append("it does not verify after everything was taken back")
    return number, tuple(wrong)


@contextmanager
def _unguarded() -> Iterator[None]:
    """Triggers, foreign keys and conditions off, as an owner can."""
    if is_sqlite():
        for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            execute(f'DROP TRIGGER "{name}"')
        execute("PRAGMA foreign_keys = OFF")
        execute("PRAGMA ignore_check_constraints = ON")
    else:
        execute("SET session_replication_role = replica")
        for table, name in rows(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' "
            "AND connamespace = current_schema()::regnamespace"
        ):
            execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield


def _missed(did: Tampering, found: Verification) -> list[str]:
    """What is wrong with how it was found: nothing, or one sentence."""
    if found.sound:
        return [f"not found: {did.what}"]
    first = found.problems[0]
    if did.link is not None and first.reason.params.get("link") != did.link:
        return [f"{did.what}: the first problem is {first.place}, not link {did.link}"]
    places = {problem.place.partition(",")[0] for problem in found.problems}
    for problem in found.problems:
        if "key" in (said := problem.reason.params):
            places.add(f"{said['table']} {str(said['key'])[:12]}")
    if did.link is None and not places & did.named:
        return [f"{did.what}: only named {sorted(places)[:5]}"]
    return []


class Hand:
    """Somebody who writes what the program would not."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        listed = [t for t in copying.tables(database.obj) if set(t.columns) - _left(t) - {*t.key}]
        self.tables = [t for t in listed if rows(f'SELECT count(*) FROM "{t.name}"')[0][0] > 1]
        self.links = {
            (str(source), int(key)): int(link)
            for link, source, key in rows("SELECT id, source, source_id FROM seal")
        }

    def tamper(self) -> Tampering:
        """One tampering; Impossible, or what the database says against it."""
        table = self.chance.choice(self.tables)
        kind = self.chance.choice((self.edit, self.edit, self.delete, self.insert, self.exchange))
        return kind(table)

    def edit(self, table: Table, column: str = "") -> Tampering:
        """Another value in one column: one that is drawn, or this one by a new value."""
        row, others = self._row(table), list[Any]()
        if not column:
            column = self.chance.choice(sorted(set(table.columns) - _left(table)))
            others = rows(f'SELECT DISTINCT "{column}" FROM "{table.name}" ORDER BY 1')
        value = self.chance.choice([_altered(row[column], self.chance), *[v for (v,) in others]])
        if value == row[column]:
            raise Impossible
        where, key = _where(table, row)
        execute(f'UPDATE "{table.name}" SET "{column}" = ? WHERE {where}', (value, *key))
        did = self._told(f"{column} of {table.name} {key} is {value!r}"[:200], table, row)
        if column not in chain.SOURCES.get(table.name, (column,)):
            return replace(did, link=None)  # a later migration's: a derivation finds it
        if (table.name, column) == ("seal", "id"):
            if row["id"] == max(self.links.values()):
                raise Impossible  # is sealed again, or stands as it stood
            return replace(did, link=min(value, self._after(row["id"])))
        return did

    def delete(self, table: Table) -> Tampering:
        """A row gone."""
        row = self._row(table)
        if table.name == "seal" and row["id"] == max(self.links.values()):
            raise Impossible  # is sealed again as it was
        self._remove(table, row)
        did = self._told(f"{table.name} {_where(table, row)[1]} is gone", table, row)
        return replace(did, link=self._after(row["id"])) if table.name == "seal" else did

    def _after(self, link: int) -> int:
        """The next link, which does not fit where this one is gone."""
        return min(number for number in self.links.values() if number > link)

    def insert(self, table: Table) -> Tampering:
        """A copy of a row, under a key before the first or after the last."""
        row = self._row(table)
        twin, own = dict(row), table.key[-1]
        numbers = [value for (value,) in rows(f'SELECT "{own}" FROM "{table.name}"')]
        early = self.chance.random() < 0.5
        if not isinstance(row[own], int):
            twin[own] = _altered(row[own], self.chance)
        else:
            twin[own] = min(numbers) - 1 if early else max(numbers) + 1
        for column in {"event": ("key",), "seal": ("source_id",)}.get(table.name, ()):
            twin[column] = _altered(row[column], self.chance)
        silent = row.get("outcome") == "refused" or row.get("use_case") in NOTES
        if table.name == "event" and silent and not early:
            raise Impossible
        self._put(table, twin)
        return self._told(f"{table.name} {_where(table, twin)[1]} put in", table, twin, new=True)

    def exchange(self, table: Table) -> Tampering:
        """Two rows under each other's key."""
        one, other = self._row(table), self._row(table)
        differing = {c for c in table.columns if one[c] != other[c]} - _left(table) - {*table.key}
        if not differing or table.name in LINES:
            raise Impossible
        keys = ({c: one[c] for c in table.key}, {c: other[c] for c in table.key})
        self._remove(table, one)
        self._remove(table, other)
        self._put(table, {**one, **keys[1]})
        self._put(table, {**other, **keys[0]})
        return self._told(f"{table.name} {keys} exchanged", table, one, other)

    def _row(self, table: Table) -> dict[str, Any]:
        count = rows(f'SELECT count(*) FROM "{table.name}"')[0][0]
        order, at = ", ".join(f'"{column}"' for column in table.key), self.chance.randrange(count)
        listed = ", ".join(f'"{column}"' for column in table.columns)
        found = rows(f'SELECT {listed} FROM "{table.name}" ORDER BY {order} LIMIT 1 OFFSET {at}')
        row = dict(zip(table.columns, found[0], strict=True))
        if row.get("series") == MONTHS_SERIES:
            raise Impossible  # a lock, which counts nothing
        return row

    def _remove(self, table: Table, row: dict[str, Any]) -> None:
        where, key = _where(table, row)
        if execute(f'DELETE FROM "{table.name}" WHERE {where}', key) != 1:
            raise Impossible

    def _put(self, table: Table, row: dict[str, Any]) -> None:
        listed, marks = ", ".join(f'"{column}"' for column in row), ", ".join("?" * len(row))
        execute(f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})', tuple(row.values()))

    def _told(
        self, what: str, table: Table, *touched: dict[str, Any], new: bool = False
    ) -> Tampering:
        """The places that may be named: the rows', their holders'; the first link."""
        named = set()
        for row in touched:
            key = row[table.key[0]]
            named.add(f"{table.name} {key[:12] if table.name == 'document_blob' else key}")
            if table.name == "chain_stage":
                named.add("chain_stage {} {}".format(*_where(table, row)[1]))
            if table.name == "decision":  # or by what is decided on
                sql = "SELECT subject, subject_id FROM approval_case WHERE id = ?"
                named |= {"{} {}".format(*case) for case in rows(sql, (row["case_id"],))}
            if table.name in HOLDERS:
                holder, column = HOLDERS[table.name]
                named.add(f"{holder} {row[column]}")
        unsealed = new and table.name != "seal"
        link = None if unsealed else self._first(table, touched)
        return Tampering(what, frozenset(named), link)

    def _first(self, table: Table, touched: Sequence[dict[str, Any]]) -> int | None:
        """The earliest link that the rows are under, None where they are under none."""
        if table.name == "seal":
            return min(int(row["id"]) for row in touched)
        if table.name not in chain.SOURCES:
            return None
        key = chain.SOURCES[table.name][0]
        return min(self.links[table.name, int(row[key])] for row in touched)


def _left(table: Table) -> set[str]:
    """The columns that nothing rests upon."""
    return NO_FACT.get(table.name, set())


def _where(table: Table, row: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    return " AND ".join(f'"{c}" = ?' for c in table.key), tuple(row[c] for c in table.key)


def _altered(value: Any, chance: random.Random) -> Any:
    """Something else that could stand in the same column."""
    if value is None:
        return chance.choice(("2026-06-01T00:00:00.000000Z", 7))
    if isinstance(value, int):
        return chance.choice((value + 1, value - 1, 1 - value, value * 10 + 3))
    if isinstance(value, bytes | memoryview):
        data = bytearray(value)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        return bytes(data)
    place = chance.randrange(len(value) + 1)
    return value[:place] + chance.choice("0179axé") + value[place + chance.randrange(2) :]
