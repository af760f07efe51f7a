"""Settings of the whole department."""

from __future__ import annotations

from chemsales.rules.errors import Conflict, NotFound, Reason
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_line
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.models.people import Setting

# each with the most characters it may have
KEYS = {"company": 100, "department": 100, "am_sees_own_only": 2, "bulk_approval": 1}


@use_case(Action.SETTINGS_EDIT)
def set_value(op: Operation, key: str, value: str, seen_version: int | None = None) -> None:
    """Set one of KEYS: "company" and "department" are the names printed on forms, with
    "am_sees_own_only" at "on" a server shows account managers their own records alone, with
    "bulk_approval" at "1" cases whose checks have all passed are approved several at once.

    `seen_version` is the one that was read (0: not set yet); None sets it whatever stands there.
    NotFound for another key, Invalid for a text that is too long or has hidden characters, Conflict
    for a stale version.
    """
    if key not in KEYS:
        raise NotFound(Reason("reason.setting_unknown", {"key": key}))
    text = clean_line(value, key, KEYS[key], required=False)
    wanted = Setting.key == key
    if seen_version is not None:
        wanted &= Setting.version == seen_version
    if not Setting.update(value=text, version=Setting.version + 1).where(wanted).execute():
        if seen_version:
            raise Conflict(Reason("reason.changed_elsewhere", {"what": text}))
        Setting.insert(key=key, value=text).execute()  # set meanwhile: the key is unique
    op.record(Subject.SETTINGS, key, value=text)
