"""The versions of a customer's file: every field with its value before and after, who, when (C8.1).

They come from the audited rows: nothing is kept twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chemsales.queries.reading import query
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.history import FieldChange, field_changes
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of
from chemsales.words import named

# what belongs to the file, by its customer
PARTS = ("customer_class", "customer_contact", "resale_finding")
# the columns that say whose a row is
WHOSE = ("customer_id", "group_code")


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change of one field; `part` is the table, `of` what it is about ("" for the file itself:
    a product group, a contact's name), `first` whether it came in with the row."""

    number: int  # of the change, and of the field in it
    at: datetime
    who: str
    part: str
    of: str
    change: FieldChange
    first: bool
    clause: str
    reason: str = ""  # that was given for it


@query()
def customer_history(actor: Actor, customer_id: int) -> list[HistoryRow]:
    """Every change of a customer's facts, classes and contacts, the newest first; what its file was
    made with is told once, as the row that came in (C8.1). NotFound."""
    found = load_changes(customer_id)
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    groups = {
        code: named(name, english)
        for code, name, english in rows("SELECT code, name, name_en FROM product_group")
    }
    return [line for row in reversed(found) for line in _lines(row, groups)]


def load_changes(customer_id: int) -> list[tuple[Any, ...]]:
    """Every change of a customer's row, classes and contacts in the order in which they were made
    (inside queries): number, instant, who, table, row before and after, clause and detail of the
    event, key of the row."""
    wanted, parameters = _changes_of(customer_id)
    return rows(
        "SELECT c.id, coalesce(e.at, c.at), coalesce(p.name, c.who, ''), c.table_name, "
        "c.old, c.new, coalesce(e.clause, ''), e.detail, c.row_key FROM change c "
        "LEFT JOIN event e ON e.key = c.event LEFT JOIN person p ON p.login = c.who "
        f"WHERE c.id IN ({wanted}) ORDER BY c.id",
        parameters,
    )


def _changes_of(customer_id: int) -> tuple[str, tuple[object, ...]]:
    """SQL of the keys of the changes of a customer's row and of the parts of its file, and its
    parameters: each part by the index of its rows, which an OR over all would not use."""
    wanted = ["SELECT x.id FROM change x WHERE x.table_name = 'customer' AND x.row_key = ?"] + [
        f"SELECT x.id FROM {part} t CROSS JOIN change x WHERE x.table_name = '{part}' "
        "AND x.row_key = CAST(t.id AS TEXT) AND t.customer_id = ?"
        for part in PARTS
    ]
    return " UNION ALL ".join(wanted), (str(customer_id), *[customer_id] * len(PARTS))


def _lines(row: tuple[Any, ...], groups: Mapping[str, str]) -> Iterator[HistoryRow]:
    number, at, who, part, old, new, clause, detail, _key = row
    told = json.loads(detail) if detail else {}
    reason = str(told.get("reason") or told.get("basis") or "")
    before = json.loads(old) if old else None
    after = json.loads(new) if new else None
    held = after or before or {}
    group = held.get("group_code")
    name = held.get("name") if part != "customer" else ""
    of = groups.get(group, str(group)) if group else str(name or "")
    for place, change in enumerate(field_changes(before, after)):
        if change.field in WHOSE or (before is None and change.after == "0"):
            continue  # whose it is, and what is not the case, is no news
        yield HistoryRow(
            number * 100 + place, instant_of(at), who, part, of, change, before is None, clause,
            reason,
        )  # fmt: skip
