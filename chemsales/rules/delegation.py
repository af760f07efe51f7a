"""Delegations (委托代签): who may sign for whom, in which role, on which days (C7.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum

from chemsales.rules.errors import Problem, Reason, term
from chemsales.rules.roles import BUSINESS, SIGNING, Actor, Delegation, Role


class Standing(StrEnum):
    """What a delegation is good for on a day."""

    TO_COME = "to_come"
    IN_FORCE = "in_force"
    OVER = "over"
    REVOKED = "revoked"
    IDLE = "idle"  # its days are not past, but principal or delegate may not sign any more


def delegable(actor: Actor) -> tuple[Role, ...]:
    """The roles that this person may delegate: the own ones that sign, never received ones."""
    return tuple(role for role in Role if role in SIGNING and actor.holds(role))


def may_receive(roles: Collection[Role]) -> bool:
    """Whether an active person with these roles may sign for another: one with a business role,
    neither administrator nor auditor."""
    return bool(roles) and BUSINESS.issuperset(roles)


def problems(
    actor: Actor,
    wanted: Delegation,
    delegate: str,
    held: Collection[Role],
    standing: Iterable[Delegation],
    today: date,
) -> tuple[Problem, ...]:
    """What keeps a person from delegating as `wanted`; empty when it may be done (C7.2).

    `held` are the roles of the delegate (none of who may not sign in), `standing` what this person
    has delegated and not revoked.
    """
    found = []

    def problem(place: str, code: Reason) -> None:
        found.append(Problem(place, code))

    if wanted.role not in delegable(actor):
        params = {"role": term(wanted.role)}
        problem("role", Reason("reason.delegation_role_not_held", params, "C7.2"))
    if delegate == actor.login:
        problem("delegate", Reason("reason.delegation_to_oneself", {}, "C7.2"))
    elif not may_receive(held):
        problem("delegate", Reason("reason.delegate_unfit", {"login": delegate}, "C7.2"))
    if wanted.first < today:
        params = {"day": today.isoformat()}
        problem("first", Reason("reason.delegation_past", params, "C7.2"))
    if wanted.last < wanted.first:
        problem("last", Reason("reason.delegation_backwards", {}, "C7.2"))
    for other in standing:
        if other.role is wanted.role and not _apart(other, wanted):
            params = {"first": other.first.isoformat(), "last": other.last.isoformat()}
            problem("first", Reason("reason.delegation_overlaps", params, "C7.2"))
            break
    return tuple(found)


def _apart(one: Delegation, other: Delegation) -> bool:
    return one.last < other.first or other.last < one.first
