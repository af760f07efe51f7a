"""Settings of the whole department."""

from __future__ import annotations

from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_line
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.models.people import Setting

KEYS = {"company": 100, "department": 100}  # each with the most characters it may have


@use_case(Action.SETTINGS_EDIT)
def set_value(op: Operation, key: str, value: str) -> None:
    """Set one of KEYS: "company" and "department" are the names printed on forms.

    NotFound for another key, Invalid for a text that is too long or has hidden characters.
    """
    if key not in KEYS:
        raise NotFound(Reason("reason.setting_unknown", {"key": key}))
    text = clean_line(value, key, KEYS[key], required=False)
    changed = Setting.update(value=text, version=Setting.version + 1).where(Setting.key == key)
    if not changed.execute():
        Setting.insert(key=key, value=text).execute()
    op.record(Subject.SETTINGS, key, value=text)
