"""Settings of the whole department."""

from __future__ import annotations

from dataclasses import dataclass

from chemsales.queries.reading import query
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting as it is stored; `version` is what a writer has to have seen."""

    value: str
    version: int


@query(Action.SETTINGS_EDIT)
def stored(actor: Actor) -> dict[str, SettingRow]:
    """Every setting that is stored, by its key, for whoever may change them."""
    return {
        key: SettingRow(value or "", version)
        for key, value, version in rows("SELECT key, value, version FROM setting")
    }


def value(key: str, default: str = "") -> str:
    """A setting ("company": the company's name on forms), `default` while it is not set.

    Anybody may read settings: they are printed on every form.
    """
    found = rows("SELECT value FROM setting WHERE key = ?", (key,))
    return str(found[0][0]) if found and found[0][0] else default
