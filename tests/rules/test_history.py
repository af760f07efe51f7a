"""What changed of a record, field by field (C8.1)."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from random import Random

from chemsales.rules.history import FieldChange, RowChange, field_changes, rows_on


def test_only_what_differs_is_told_and_what_is_derived_is_not():
    old = {"id": 1, "name": "甲", "bank": "", "sort_key": "jia", "version": 1, "loss": None}
    new = {"id": 1, "name": "乙", "bank": "工行", "sort_key": "yi", "version": 2, "loss": 0}
    assert list(field_changes(old, new)) == [
        FieldChange("name", "甲", "乙"), FieldChange("bank", "", "工行"),
        FieldChange("loss", "", "0"),
    ]  # fmt: skip
    assert list(field_changes(None, {"name": "甲", "bank": ""})) == [FieldChange("name", "", "甲")]
    assert list(field_changes({"name": "甲"}, None)) == [FieldChange("name", "甲", "")]


def test_c8_1_the_rows_of_any_day_are_those_that_were_recorded_by_its_end():
    """Many random changes, and after each day a copy of what there was."""
    chance = Random(20260706)
    held: dict[str, dict[str, dict[str, object]]] = {"customer": {}, "customer_contact": {}}
    changes, copies = list[RowChange](), dict[date, object]()
    day = date(2026, 1, 1)
    for _ in range(400):
        for _ in range(chance.randrange(4)):
            table = chance.choice(sorted(held))
            key = str(chance.randrange(6))
            after = None if chance.random() < 0.1 else {"name": chance.randrange(5)}
            changes.append(RowChange(table, key, day, after))
            held[table].pop(key, None)
            if after is not None:
                held[table][key] = after
        copies[day] = deepcopy(held)
        day += timedelta(days=chance.randrange(1, 3))
    for asked, kept in copies.items():
        found = rows_on(changes, asked)
        assert {table: found.get(table, {}) for table in held} == kept
    between = date(2026, 1, 1) - timedelta(days=1)
    assert rows_on(changes, between) == {}
