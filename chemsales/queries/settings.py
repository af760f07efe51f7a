"""Settings of the whole department."""

from __future__ import annotations

from chemsales.storage.database import rows


def value(key: str, default: str = "") -> str:
    """A setting ("company": the company's name on forms), `default` while it is not set.

    Anybody may read settings: they are printed on every form.
    """
    found = rows("SELECT value FROM setting WHERE key = ?", (key,))
    return str(found[0][0]) if found and found[0][0] else default
