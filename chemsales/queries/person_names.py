"""The name of the person of a login, for what a reason says of them."""

from __future__ import annotations

from chemsales.storage.database import rows


def name_of(login: str) -> str:
    """The name (inside services and queries), the login where nobody has it."""
    found = rows("SELECT name FROM person WHERE login = ?", (login,))
    return str(found[0][0]) if found else login
