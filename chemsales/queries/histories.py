"""Audited rows held against the history of their changes, and events against what they did."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from chemsales.rules.admission import UNANSWERED
from chemsales.rules.errors import Problem, Reason
from chemsales.storage.database import database, is_sqlite, rows

Image = Mapping[str, Any]
# the primary keys by which changes name their rows; the catalogue tells them to owners alone
KEYS = {
    "person": "login", "setting": "key", "calendar_year": "year", "calendar_day": "day",
    "product_group": "code", "product": "code", "office": "code", "tier_start": "customer_id",
}  # fmt: skip
# columns that came empty with a later migration: an image from before it does not carry them
CAME_EMPTY: Mapping[str, Image] = {
    "application": {"mnemonic": "", "further": 0},
    "customer": {"mnemonic": ""},
    "application_document": {"issuer": "", "holder": ""},
    "application_class": UNANSWERED,
    "customer_class": {"purpose": "", **UNANSWERED},
}
DERIVED = frozenset({"sort_key"})  # written anew by a migration, outside any use case
# whose events need change no audited row: an edition is a row of history itself, a run of licences
# may find nothing to note, the others only tell
TRACELESS = (
    "policy.add_edition", "people._sign_in", "people._enter", "backup._note",
    "backup.note_restored", "backup.confirm_restored", "backup.note_moved", "server._renew",
    "licences.run",
)  # fmt: skip


def problems() -> Iterator[Problem]:
    """Rows that are not what their changes made of them, changes that do not join, events that did
    nothing, and changes that another person signed than the event they belong to."""
    known = set(database.get_tables())
    for table, number in rows(
        "SELECT table_name, min(id) FROM change GROUP BY table_name ORDER BY table_name"
    ):
        if table in known:
            yield from _table(str(table))
        else:
            yield Problem(f"change {number}", Reason("reason.change_does_not_join", {}))
    for (change,) in rows(
        "SELECT c.id FROM change c JOIN event e ON e.key = c.event WHERE e.who <> c.who "
        "ORDER BY c.id"
    ):
        yield Problem(f"change {change}", Reason("reason.change_of_another", {}))
    marks = ", ".join("?" for _ in TRACELESS)
    for event, use_case in rows(
        "SELECT e.id, e.use_case FROM event e WHERE e.outcome = 'done' "
        f"AND NOT EXISTS (SELECT 1 FROM change c WHERE c.event = e.key) "
        f"AND e.use_case NOT IN ({marks}) ORDER BY e.id",
        TRACELESS,
    ):
        yield Problem(f"event {event}", Reason("reason.event_without_trace", {"what": use_case}))


def _table(table: str) -> Iterator[Problem]:
    """One table: every history joins, and ends with the row as it stands."""
    stored, empty = _stored(table), CAME_EMPTY.get(table, {})
    found = rows(
        'SELECT row_key, id, action, "old", "new" FROM change WHERE table_name = ? '
        "ORDER BY row_key, id",
        (table,),
    )
    for key, each in groupby(found, key=lambda row: str(row[0])):
        last: str | None = None
        for _key, number, action, old, new in each:
            # no row before its first change, none after it was deleted
            if (old is None) is not (last is None) or not _same(old, last, empty):
                yield Problem(f"change {number}", Reason("reason.change_does_not_join", {}))
            if (action == "DELETE") is not (new is None):
                yield Problem(f"change {number}", Reason("reason.change_does_not_join", {}))
            last = new
        if not _stands(stored.pop(key, None), last, empty):
            yield Problem(f"{table} {key}", Reason("reason.row_differs_from_history", {}))
    for key in sorted(stored):
        yield Problem(f"{table} {key}", Reason("reason.row_without_history", {}))


def _same(one: str | None, other: str | None, empty: Image) -> bool:
    """Whether two images agree on the columns that both have or that came empty."""
    if one is None or other is None or one == other:
        return one == other
    return _agree({**empty, **json.loads(one)}, {**empty, **json.loads(other)})


def _stands(row: Image | None, last: str | None, empty: Image) -> bool:
    if row is None or last is None:
        return row is None and last is None
    return _agree(row, {**empty, **json.loads(last)})


def _agree(one: Image, other: Image) -> bool:
    return all(one[name] == other[name] for name in (one.keys() & other.keys()) - DERIVED)


def _stored(table: str) -> dict[str, Image]:
    """The rows of a table by their key as text, with the columns that its changes carry or that
    came empty."""
    latest = rows('SELECT "new" FROM change WHERE table_name = ? AND "new" IS NOT NULL '
                  "ORDER BY id DESC LIMIT 1", (table,))  # fmt: skip
    known = {column.name for column in database.get_columns(table)}
    carried = {**CAME_EMPTY.get(table, {}), **json.loads(latest[0][0])} if latest else {}
    names = [name for name in carried if name in known]
    key = KEYS.get(table, "id")
    if not names:
        return {}
    listed = ", ".join(f'"{name}"' for name in names)
    return {
        str(row[0]): dict(zip(names, row[1:], strict=True))
        for row in rows(f'SELECT "{key}", {listed} FROM "{table}"')
    }


def late_rows() -> Iterator[Problem]:
    """Rows put in beneath others that were sealed before they were there (PostgreSQL alone).

    A row whose transaction ended late may be sealed after rows with higher numbers: then it is
    older than their links. One that is younger was put in by hand.
    """
    if is_sqlite():
        return
    for source, source_id in rows(
        "SELECT source, source_id FROM (SELECT id, source, source_id, max(source_id) OVER "
        "(PARTITION BY source ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) "
        "AS newest FROM seal) s WHERE source_id < newest ORDER BY id"
    ):
        key = "number" if source == "rule_edition" else "id"
        younger = rows(
            f'SELECT 1 FROM "{source}" r JOIN seal h ON h.source = ? AND h.source_id > r."{key}" '
            f'WHERE r."{key}" = ? AND age(h.xmin) > age(r.xmin) LIMIT 1',
            (source, source_id),
        )
        if younger:
            yield Problem(f"{source} {source_id}", Reason("reason.seal_row_slipped_in", {}))
