"""What changed of a record, field by field (C8.1)."""

from __future__ import annotations

from chemsales.rules.history import FieldChange, field_changes


def test_only_what_differs_is_told_and_what_is_derived_is_not():
    old = {"id": 1, "name": "甲", "bank": "", "sort_key": "jia", "version": 1, "loss": None}
    new = {"id": 1, "name": "乙", "bank": "工行", "sort_key": "yi", "version": 2, "loss": 0}
    assert list(field_changes(old, new)) == [
        FieldChange("name", "甲", "乙"), FieldChange("bank", "", "工行"),
        FieldChange("loss", "", "0"),
    ]  # fmt: skip
    assert list(field_changes(None, {"name": "甲", "bank": ""})) == [FieldChange("name", "", "甲")]
    assert list(field_changes({"name": "甲"}, None)) == [FieldChange("name", "甲", "")]
