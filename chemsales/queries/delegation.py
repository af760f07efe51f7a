"""Delegations of signatures: received ones, the list of them, and to whom one may delegate."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from chemsales.queries.reading import query
from chemsales.rules import roles
from chemsales.rules.calendar import company_day
from chemsales.rules.delegation import Standing, may_receive
from chemsales.rules.errors import Problem, Reason
from chemsales.rules.roles import Action, Actor, Delegation, Role
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """One delegation with the names of both and what became of it.

    `lends` says whether the principal still holds the role and the delegate may sign for another.
    """

    id: int
    principal: str
    principal_name: str
    delegate: str
    delegate_name: str
    role: Role
    first: date
    last: date
    reason: str
    made_at: datetime
    revoked_at: datetime | None
    lends: bool

    def standing(self, today: date) -> Standing:
        """What it is good for on this day."""
        if self.revoked_at is not None:
            return Standing.REVOKED
        if self.last < today:
            return Standing.OVER
        if not self.lends:
            return Standing.IDLE
        return Standing.IN_FORCE if self.first <= today else Standing.TO_COME


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to whom a signature may be delegated."""

    login: str
    name: str
    roles: tuple[Role, ...]


def load_received(login: str) -> tuple[Delegation, ...]:
    """What is delegated to a person and not revoked, by people who still may sign, in order
    (inside services and queries; one statement)."""
    return tuple(
        Delegation(principal, name, Role(role), date.fromisoformat(first), date.fromisoformat(last))
        for principal, name, role, first, last in rows(
            "SELECT d.principal, p.name, d.role, d.first_day, d.last_day FROM delegation d "
            "JOIN person p ON p.login = d.principal AND p.active = 1 "
            "JOIN person_role r ON r.login = d.principal AND r.role = d.role "
            "WHERE d.delegate = ? AND d.revoked_at IS NULL ORDER BY d.id",
            (login,),
        )
    )


def stood(principal: str, delegate: str, role: Role, at: datetime) -> tuple[Delegation, ...]:
    """The delegation by which a signature was given at this instant (inside services and
    queries)."""
    day = company_day(at)
    found = [
        (Delegation(principal, principal, role, *map(date.fromisoformat, days)), made, revoked)
        for *days, made, revoked in rows(
            "SELECT first_day, last_day, made_at, revoked_at FROM delegation "
            "WHERE principal = ? AND delegate = ? AND role = ?",
            (principal, delegate, role),
        )
    ]
    return tuple(
        given
        for given, made, revoked in found
        if given.stands_on(day)
        and instant_of(made) <= at
        and (revoked is None or at <= instant_of(revoked))
    )


def problems() -> Iterator[Problem]:
    """Every signature on behalf of another is told by its audit event, and the other way round."""
    signed = Counter(
        (str(subject), str(key), str(signer), str(verdict), str(principal))
        for subject, key, signer, verdict, principal in rows(
            "SELECT c.subject, c.subject_id, d.signer, d.verdict, d.on_behalf_of FROM decision d "
            "JOIN approval_case c ON c.id = d.case_id WHERE d.on_behalf_of <> ''"
        )
    )
    told = Counter(
        (str(subject), str(key), str(who), said["verdict"], said["on_behalf_of"])
        for subject, key, who, said in (
            (*event, json.loads(detail))
            for *event, detail in rows(
                "SELECT subject, subject_id, who, detail FROM event WHERE outcome = 'done' "
                "AND detail LIKE ?",
                ('%"on_behalf_of"%',),
            )
        )
        if "on_behalf_of" in said
    )
    cases = {
        (str(subject), str(key)): f"approval_case {case}"
        for case, subject, key in rows("SELECT id, subject, subject_id FROM approval_case")
    }
    for subject, key, *_rest in sorted((signed - told) + (told - signed)):
        place = cases.get((subject, key), f"{subject} {key}")
        yield Problem(place, Reason("reason.principal_differs_from_event", {}, "C7.2"))


def load_acting(actor: Actor, today: date) -> Actor:
    """The person with the delegations that stand today; whose roles do not fit for signing for
    others has none (inside services and queries)."""
    received = load_received(actor.login) if may_receive(actor.roles) else ()
    return replace(actor, delegations=received).on(today)


@query(Action.RULES_READ)
def received(actor: Actor) -> tuple[Delegation, ...]:
    """What is delegated to this person, of every day."""
    return load_received(actor.login) if may_receive(actor.roles) else ()


@query(Action.RULES_READ)
def delegations(actor: Actor) -> list[DelegationRow]:
    """The delegations given and received by this person, of everybody for who reads the list of
    people; the newest first (two statements)."""
    everybody = not roles.blockers(actor, Action.PEOPLE_READ)
    own, parameters = ("1 = 1", ()) if everybody else (
        "(d.principal = ? OR d.delegate = ?)", (actor.login, actor.login)
    )  # fmt: skip
    fit = load_candidates()
    return [
        DelegationRow(
            key, principal, principal_name, delegate, delegate_name, Role(role),
            date.fromisoformat(first), date.fromisoformat(last), reason, instant_of(made),
            instant_of(revoked) if revoked else None,
            bool(held) and delegate in fit,
        )
        for key, principal, principal_name, delegate, delegate_name, role, first, last, reason,
        made, revoked, held in rows(
            "SELECT d.id, d.principal, p.name, d.delegate, q.name, d.role, d.first_day, "
            "d.last_day, d.reason, d.made_at, d.revoked_at, (SELECT count(*) FROM person_role r "
            "WHERE r.login = p.login AND r.role = d.role AND p.active = 1) "
            "FROM delegation d "
            "JOIN person p ON p.login = d.principal JOIN person q ON q.login = d.delegate "
            f"WHERE {own} ORDER BY d.id DESC",
            parameters,
        )
    ]  # fmt: skip


def load_candidates() -> dict[str, Candidate]:
    """Everybody who may sign for another, by login (inside services and queries)."""
    held: dict[str, tuple[str, list[Role]]] = {}
    for login, name, role in rows(
        "SELECT p.login, p.name, r.role FROM person p JOIN person_role r ON r.login = p.login "
        "WHERE p.active = 1 ORDER BY p.login, r.role"
    ):
        held.setdefault(login, (name, []))[1].append(Role(role))
    return {
        login: Candidate(login, name, tuple(has))
        for login, (name, has) in held.items()
        if may_receive(has)
    }


@query(Action.DELEGATE)
def candidates(actor: Actor) -> list[Candidate]:
    """To whom this person may delegate."""
    return [each for each in load_candidates().values() if each.login != actor.login]
