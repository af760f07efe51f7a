"""Delegating the own signature for some days, and revoking that (C7.2)."""

from __future__ import annotations

from datetime import date

from chemsales.queries.delegation import load_candidates
from chemsales.queries.people import signing_reasons
from chemsales.rules.delegation import problems
from chemsales.rules.errors import Conflict, Forbidden, Invalid, NotAllowed, NotFound, Reason
from chemsales.rules.roles import Action, Delegation, Role
from chemsales.rules.text import clean_line
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import locking, rows
from chemsales.storage.models.delegation import Delegation as Stored


@use_case(Action.DELEGATE)
def delegate(op: Operation, login: str, role: Role, first: date, last: date, reason: str) -> int:
    """Let another person sign in an own role from `first` to `last`, both included; its key (C7.2).

    Invalid with a problem per field: for a role that is not the own one, for who may not sign for
    another, for days that are past, backwards or delegated already. Forbidden while an own new
    password is unconfirmed.
    """
    unconfirmed = signing_reasons(op.actor.login)
    if unconfirmed:
        raise Forbidden(*unconfirmed)
    # two delegations at once: the second waits, and finds the first
    rows(f"SELECT 1 FROM person WHERE login = ?{locking()}", (op.actor.login,))
    to = load_candidates().get(login)
    wanted = Delegation(op.actor.login, op.actor.name, role, first, last)
    found = problems(
        op.actor, wanted, login, to.roles if to else (), _standing(op.actor.login), op.today
    )
    if found:
        raise Invalid(*found)
    key = Stored.insert(
        principal=op.actor.login,
        delegate=login,
        role=role,
        first_day=first,
        last_day=last,
        reason=clean_line(reason, "reason", 500),
        made_at=op.now,
    ).execute()
    op.record(
        Subject.DELEGATION,
        int(key),
        "C7.2",
        delegate=login,
        role=role,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return int(key)


def _standing(principal: str) -> list[Delegation]:
    return [
        Delegation(principal, "", Role(role), date.fromisoformat(first), date.fromisoformat(last))
        for role, first, last in rows(
            "SELECT role, first_day, last_day FROM delegation WHERE principal = ? "
            "AND revoked_at IS NULL ORDER BY id",
            (principal,),
        )
    ]


@use_case(Action.DELEGATE)
def revoke(op: Operation, delegation_id: int) -> None:
    """End an own delegation at once; what was signed by it stands (C7.2).

    NotFound, NotAllowed for another person's, Conflict where it is revoked already.
    """
    found = rows(
        f"SELECT principal, revoked_at FROM delegation WHERE id = ?{locking()}", (delegation_id,)
    )
    if not found:
        raise NotFound(Reason("reason.delegation_unknown", {"id": delegation_id}, "C7.2"))
    principal, revoked_at = found[0]
    if principal != op.actor.login:
        raise NotAllowed(Reason("reason.delegation_of_another", {"login": principal}, "C7.2"))
    if revoked_at is not None:
        raise Conflict(Reason("reason.delegation_revoked", {}, "C7.2"))
    Stored.update(revoked_by=op.actor.login, revoked_at=op.now).where(
        (Stored.id == delegation_id) & Stored.revoked_at.is_null()
    ).execute()
    op.record(Subject.DELEGATION, delegation_id, "C7.2")
