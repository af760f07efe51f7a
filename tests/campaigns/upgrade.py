"""G11: data of every earlier schema comes through the upgrade, also when it is killed in between.

The earlier schemas are made by running the migrations up to each of them, and are filled with a
department's work by plain rows, so that a new migration is covered as soon as it exists.
`python -m tests.campaigns.upgrade URL NUMBER` upgrades and is killed before that statement.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import peewee

from chemsales.bootstrap import open_database
from chemsales.queries.closing import results_digest
from chemsales.rules.accreditation import acceptance_hash, digest
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.policy import DEFAULT
from chemsales.rules.tiers import Level, TierOutcome, TierState, next_level
from chemsales.services import audit
from chemsales.services.tiers import RESULT
from chemsales.storage import chain, copying, migrating
from chemsales.storage import database as storage
from chemsales.storage.copying import Digest, triggers_off
from chemsales.storage.database import connected, engine_of, rows
from chemsales.storage.fields import canonical_json
from tests.campaigns import Score
from tests.conftest import opened
from tests.conftest_postgres import shared_server
from tests.factory import session_of
from tests.worked import copy_to

KILLS = 20
STEP = 10  # from schema to schema in the short form
# what a migration computes anew is no fact of the earlier schema: it has to be what the program of
# today makes of the same records
DERIVED = {name: {"sort_key"} for name in ("application", "customer", "person")}
MADE = {
    **{name: (*key, "sort_key") for name, key in
       (("application", ("id",)), ("customer", ("id",)), ("person", ("login",)))},
    "application_words": (), "customer_words": (),
}  # fmt: skip
Facts = dict[str, tuple[tuple[str, ...], Digest]]  # by table: its columns that are facts


def run(short: bool) -> Iterator[Score]:
    """Every earlier schema on both engines: straight, and killed in between (short: the newest,
    every tenth before it and the oldest, of which the first and the last are killed)."""
    with tempfile.TemporaryDirectory(prefix="chemsales-upgrade-") as name:
        folder = Path(name)
        source = copy_to(folder / "work.db")
        for places, few in ((Files(folder), 2), (Databases(), 1)):
            with opened(places.new()) as fresh:
                schema = _schema(fresh)
            earlier = migrating.known()[:-1]
            seen = {earlier[0], *earlier[::-STEP]} if short else set(earlier)
            empty = ""
            for last in earlier:
                empty = places.new(empty)
                _build(empty, last)
                killed = few if last in (earlier[0], earlier[-1]) else 0
                if last in seen:
                    old = places.new(empty)
                    kills = killed if short else KILLS
                    yield from _from(last, old, source, places, kills, schema)
            places.remove()


class Files:
    """Earlier databases as files."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder / "files", itertools.count()
        self.folder.mkdir()

    def new(self, template: str = "") -> str:
        """The URL of a new place, a copy of `template` where one is given."""
        path = self.folder / str(next(self.count)) / "old.db"
        path.parent.mkdir()
        if template:  # with what still lies in its log
            old = template.removeprefix("sqlite:///")
            with closing(sqlite3.connect(old)) as one, closing(sqlite3.connect(path)) as other:
                one.backup(other)
        return f"sqlite:///{path}"

    def remove(self) -> None:
        """All of them."""
        shutil.rmtree(self.folder)


class Databases:
    """Earlier databases on a server."""

    name = "PostgreSQL"

    def __init__(self) -> None:
        self.server, self.made = shared_server(), list[str]()

    def new(self, template: str = "") -> str:
        """The URL of a new place, a copy of `template` where one is given."""
        name = f"chemsales_upgrade_{os.getpid()}_{len(self.made)}"
        self.server.drop_database(name)
        url = self.server.create_database(name, template.rpartition("/")[2] or None)
        self.made.append(name)
        return url

    def remove(self) -> None:
        """All of them."""
        for name in self.made:
            self.server.drop_database(name)


def _from(
    last: str, old: str, source: str, places: Files | Databases, kills: int, schema: list[Any]
) -> Iterator[Score]:
    """The upgrade from one schema, of which `old` is an empty database."""
    title = f"{places.name}, from {last}"
    facts = _fill(old, source)
    with copying.snapshot(now := engine_of(source)):
        made = _made(now)
    straight, statements = places.new(old), itertools.count()
    with _before_each(lambda: next(statements)), opened(straight):
        pass
    wrong = _upgraded(straight, facts, made, schema)
    yield Score(f"upgrades {title}", 1, tuple(wrong))
    if not kills:
        return
    number, wrong = next(statements), []
    for turn in range(kills):
        url, point = places.new(old), (2 * turn + 1) * number // (2 * kills)
        ended = subprocess.run([sys.executable, "-m", __name__, url, str(point)], check=False)
        if ended.returncode != -signal.SIGKILL:
            wrong.append(f"not killed before statement {point}: {ended.returncode}")
        problems = _upgraded(url, facts, made, schema)
        wrong += [f"killed before statement {point} of {number}: {text}" for text in problems]
    yield Score(f"killed upgrades {title}", kills, tuple(wrong))


def _build(url: str, last: str) -> None:
    """Bring an empty database to where this migration left it."""
    with storage.instead(engine_of(url)), connected():
        if storage.is_sqlite():
            migrating.prepare_sqlite()
        migrating.migrate(last)


def _fill(url: str, source: str) -> Facts:
    """Put the department's work into a database of an earlier schema, as far as it has the tables
    and columns, sealed where all that is sealed is there; what of it has to come through."""
    filled, new, facts = engine_of(url), engine_of(source), Facts()
    with copying.snapshot(new), storage.instead(filled), connected():
        have = {table.name: table for table in copying.tables(new)}
        known = {table.name for table in copying.tables(filled)}
        signed_with = {column.name for column in filled.get_columns("decision")}
        earlier = Earlier(new, {table.name: set(table.columns) for table in copying.tables(filled)})
        later = have.keys() - known
        # no history, no numbers of tables that are not there yet
        with filled.atomic(), triggers_off(filled):
            for table in copying.tables(filled):
                if table.name == "seal":
                    continue
                both = tuple(c for c in table.columns if c in have[table.name].columns)
                filled.execute_sql(f'DELETE FROM "{table.name}"')
                found = copying.read(new, have[table.name], both)
                if table.name == "change":
                    place = both.index("table_name")
                    found = (row for row in found if row[place] in known)
                elif table.name == "numbering":  # a series is named after its table
                    place = both.index("series")
                    found = (row for row in found if row[place].partition("-")[0] not in later)
                elif table.name == "event":
                    place = both.index("key")
                    found = (row for row in found if row[place] not in earlier.unheard)
                    if "marks" not in signed_with:
                        found = (_unmarked(row, both.index("detail")) for row in found)
                found = (earlier.row(table.name, both, row) for row in found)
                copying.write(filled, table.name, both, [row for row in found if row is not None])
                kept = tuple(c for c in both if c not in DERIVED.get(table.name, ()))
                facts[table.name] = (kept, copying.digest(filled, table, kept))
    if facts.keys() >= chain.SOURCES.keys():
        with storage.instead(engine_of(url)):
            audit.seal()
        with copying.snapshot(filled):
            seal = next(table for table in copying.tables(filled) if table.name == "seal")
            facts["seal"] = (seal.columns, copying.digest(filled, seal))
    return facts


class Earlier:
    """Rows as a program of an earlier schema would have left them: what says a row in words of
    JSON (its history, the snapshot of a case) says nothing of columns that were not there, and
    hashes are those of what is said. What was done to a customer's row together with a table that
    is not there yet (finance accepted a change, another manager took over) has not happened to it,
    and where there are no papers no closing asked who was suspended.

    `unheard` are the events that leave no row at all then.
    """

    def __init__(self, new: Any, there: dict[str, set[str]]) -> None:
        self.there, self.hashes = there, dict[str, str]()
        self.undone: dict[str, dict[str, Any]] = {}  # a customer's row before the first of these
        self.left: set[int] = set()  # changes
        read = {table.name: partial(copying.read, new, table) for table in copying.tables(new)}
        columns = ("id", "snapshot", "snapshot_hash")
        for key, text, hashed in read["approval_case"](columns):
            self.hashes[hashed] = digest(json.loads(self._snapshot(text)))
            of_case = (row for row in read["code_acceptance"](
                ("case_id", "snapshot_hash", "round", "reason", "accepted_by", "hash"))
                if row[0] == key)  # fmt: skip
            for _key, seen, *given, accepted in of_case:
                self.hashes[accepted] = acceptance_hash(self.hashes.get(seen, seen), *given)
        if "licence" not in there and "closing" in there:
            for closing_id, before in read["closing"](("id", "results_digest")):
                found = (dict(zip(RESULT, row, strict=True)) for row in read["tier_result"](RESULT))
                own = [self._unasked(each) for each in found if each["closing_id"] == closing_id]
                own.sort(key=lambda each: each["customer_id"])
                columns = [name for name in RESULT if name not in ("closing_id", "month")]
                made = [tuple(each[name] for name in columns) for each in own]
                self.hashes[before] = results_digest(made)
        changes = list(read["change"](("id", "event", "table_name", "action", "row_key", "old")))
        strange = {event for _id, event, table, *_row in changes if table not in there}
        for change, event, table, action, row_key, old in changes:
            if (table, action) == ("customer", "UPDATE") and event in strange:
                self.left.add(change)
                self.undone.setdefault(row_key, json.loads(old))
        heard = {event for change, event, table, *_row in changes
                 if table in there and change not in self.left}  # fmt: skip
        self.unheard = {event for _id, event, *_row in changes} - heard

    def row(self, table: str, columns: tuple[str, ...], row: tuple[Any, ...]) -> Any:
        """A row of then, None where there was none."""
        said = dict(zip(columns, row, strict=True))
        if table == "change":
            if said["id"] in self.left:
                return None
            for side in ("old", "new"):
                said[side] = said[side] and self._told(said["table_name"], said[side])
        elif table == "tier_result" and "licence" not in self.there:
            said = self._unasked(said)
        elif table == "closing":
            said["inputs"] = self._inputs(said["inputs"])
        elif table == "approval_case":
            said["snapshot"] = self._snapshot(said["snapshot"])
        elif table == "customer":
            before = self.undone.get(str(said["id"]), {})
            said |= {name: value for name, value in before.items() if name in said}
        return tuple(self._hashed(value) for value in said.values())

    def _unasked(self, result: dict[str, Any]) -> dict[str, Any]:
        """A level as it was computed before suspensions were asked for: here of who has no take."""
        if result["outcome"] != TierOutcome.MISSING:
            return result
        state = TierState(Level(result["level_before"]), SalesForm(result["form_before"]))
        dealer, kg = CustomerClass.DEALER, result["kg"]
        step = next_level(state, dealer, result["month"], kg, None, DEFAULT)
        assert (step.level, step.form) == (result["level_after"], result["form_after"])
        reasons = canonical_json([reason.as_dict() for reason in step.reasons])
        return {**result, "outcome": str(step.outcome), "reasons": reasons}

    def _told(self, table: str, text: str) -> str:
        """The image of a row without the columns that were not there."""
        image = json.loads(text)
        kept = {name: value for name, value in image.items() if name in self.there[table]}
        if table == "closing":
            kept["inputs"] = self._inputs(kept["inputs"])
        return text if kept == image else canonical_json(kept)

    def _inputs(self, text: str) -> str:
        """What a closing rests on, without whom papers suspended where there are no papers."""
        inputs = json.loads(text)
        if "licence" not in self.there:
            del inputs["customers"]["suspended"]
        return canonical_json(inputs)

    def _snapshot(self, text: str) -> str:
        """What was frozen, without what no application had yet."""
        said = json.loads(text)
        if "classes" not in said:
            return text
        for asked in said["classes"]:
            for name in asked.keys() - self.there["application_class"]:
                del asked[name]
        return canonical_json(said)

    def _hashed(self, value: Any) -> Any:
        """A value with the hashes of what is said in place of those of what will be."""
        if isinstance(value, str):
            for before, then in self.hashes.items():
                value = value.replace(before, then)
        return value


def _unmarked(event: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    """An event as it was written before marks stood with a signature."""
    said = json.loads(event[place])
    said.pop("marks", None)
    return (*event[:place], canonical_json(said), *event[place + 1 :])


def _upgraded(url: str, facts: Facts, made: dict[str, Digest], schema: list[Any]) -> list[str]:
    """Upgrade, and say what is not as it has to be."""
    with opened(url):
        sound = audit.verify(session_of("auditor"))
        pending = migrating.pending()
    wrong = [f"lacks {name}" for name in pending]
    wrong += [f"{problem.place} {problem.reason.code}" for problem in sound.problems]
    if _schema(url) != schema:
        wrong.append("the schema is not that of a new database")
    db = engine_of(url)
    with copying.snapshot(db):
        there = {table.name: table for table in copying.tables(db)}
        for name, (columns, digest) in facts.items():
            if not _same(db, there[name], columns, digest):
                wrong.append(f"the facts in {name} changed")
        now = _made(db)
        wrong += [f"{name} is derived otherwise" for name in now if now[name] != made[name]]
    return wrong


def _made(db: Any) -> dict[str, Digest]:
    """The digest of what is derived from the records, of the open snapshot of a database."""
    there = {table.name: table for table in copying.tables(db)}
    return {name: copying.digest(db, there[name], columns) for name, columns in MADE.items()}


def _same(db: Any, table: copying.Table, columns: tuple[str, ...], before: Digest) -> bool:
    """Whether the rows are what they were; a migration may add events of its own, with links."""
    told = before.rows if table.name in ("event", "change", "seal") else None
    hasher = copying.Hasher()
    for _row in hasher.watch(itertools.islice(copying.read(db, table, columns), told)):
        pass
    return hasher.digest == before


def _schema(url: str) -> list[Any]:
    """Tables, columns, constraints, indexes, triggers and functions of a database."""
    with storage.instead(engine_of(url)), connected():
        if storage.is_sqlite():
            return rows("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
        mine = "current_schema()::regnamespace"
        return [
            *rows(
                "SELECT table_name, column_name, data_type, is_nullable, column_default, "
                "collation_name FROM information_schema.columns WHERE table_schema = "
                "current_schema() ORDER BY table_name, ordinal_position"
            ),
            *rows(
                "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
                f"WHERE connamespace = {mine} ORDER BY 1, 2"
            ),
            *rows("SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1"),
            *rows(
                "SELECT pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger "
                "WHERE NOT tgisinternal ORDER BY 1"
            ),
            *rows(f"SELECT proname, prosrc FROM pg_proc WHERE pronamespace = {mine} ORDER BY 1, 2"),
        ]


@contextmanager
def _before_each(act: Callable[[], object]) -> Iterator[None]:
    """Do something before each statement that goes through peewee."""
    real = peewee.Database.execute_sql

    def counted(self: Any, *arguments: Any, **named: Any) -> Any:
        act()
        return real(self, *arguments, **named)

    peewee.Database.execute_sql = counted  # type: ignore[method-assign]
    try:
        yield
    finally:
        peewee.Database.execute_sql = real  # type: ignore[method-assign]


def _killed(url: str, number: int) -> None:
    """Upgrade, killed before this statement."""
    statements = itertools.count()

    def maybe() -> None:
        if next(statements) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    with _before_each(maybe):
        open_database(url)


if __name__ == "__main__":
    _killed(sys.argv[1], int(sys.argv[2]))
