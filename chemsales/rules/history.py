"""What changed of a record, field by field, out of its rows before and after (C8.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# what is derived from other columns, or counts the versions themselves
UNTOLD = frozenset({"id", "version", "sort_key", "initials", "case_id", "application_id"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its value before and after; "" where there was none. `of` is what it is about
    where that is not the file itself: a product group, a contact's name."""

    field: str
    before: str
    after: str
    of: str = ""


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
