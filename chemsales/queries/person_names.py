"""The name of the person of a login, for what a reason says of them, and that a customer is
somebody else's."""

from __future__ import annotations

from chemsales.rules.errors import Reason
from chemsales.rules.roles import Actor, Role
from chemsales.storage.database import rows


def name_of(login: str) -> str:
    """The name (inside services and queries), the login where nobody has it."""
    found = rows("SELECT name FROM person WHERE login = ?", (login,))
    return str(found[0][0]) if found else login


def not_yours(actor: Actor, manager: str, clause: str) -> tuple[Reason, ...]:
    """That a customer is this manager's; nothing to the manager and to the sales head."""
    if manager == actor.login or actor.holds(Role.SALES_HEAD):
        return ()
    return (Reason("reason.customer_not_yours", {"name": name_of(manager)}, clause),)
