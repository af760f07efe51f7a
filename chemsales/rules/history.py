"""What changed of a record, field by field, out of its rows before and after (C8.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

# what is derived from other columns, counts the versions, or is told beside: who and when
UNTOLD = frozenset(
    {
        "id", "version", "sort_key", "initials", "case_id", "application_id", "class_id",
        "found_by", "found_at", "closed_by", "closed_at",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its value before and after; "" where there was none. `of` is what it is about
    where that is not the file itself: a product group, a contact's name."""

    field: str
    before: str
    after: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One change of a row: which row of which table, on which business date, and the row after it
    (None: it was deleted)."""

    table: str
    key: str
    day: date
    after: Mapping[str, Any] | None


def rows_on(changes: Iterable[RowChange], day: date) -> dict[str, dict[str, Mapping[str, Any]]]:
    """The rows as they stood at the end of a day, by table and key: what the last change by then
    made of each. The changes come in the order in which they were made."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for change in changes:
        if change.day > day:
            continue
        held = found.setdefault(change.table, {})
        held.pop(change.key, None)
        if change.after is not None:
            held[change.key] = change.after
    return found


def field_changes(
    old: Mapping[str, object] | None, new: Mapping[str, object] | None
) -> Iterator[FieldChange]:
    """Every field that differs, in the order of the new row; of a row that came in those that are
    filled in (C8.1)."""
    before, after = old or {}, new or {}
    for name in after or before:
        if name in UNTOLD:
            continue
        was, is_now = _text(before.get(name)), _text(after.get(name))
        if was != is_now:
            yield FieldChange(name, was, is_now)


def _text(value: object) -> str:
    return "" if value is None else str(value)
