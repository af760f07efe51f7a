"""Logins and their roles, for the list of people and for whoever signs in."""

from __future__ import annotations

from dataclasses import dataclass

from chemsales.queries.further import left_of_new, open_of_new
from chemsales.queries.reading import query
from chemsales.rules.errors import Reason
from chemsales.rules.roles import Action, Actor, Role
from chemsales.storage.database import rows


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A login: its person and roles, whether it may be used, whether its password is to change,
    how many customers and open applications of new ones are its own, and how many of those that
    ended would be applied for again (`ended`)."""

    login: str
    name: str
    roles: tuple[Role, ...]
    active: bool
    version: int
    must_change: bool
    reset_by: tuple[str, ...] = ()  # who gave a password that nobody has confirmed yet
    customers: int = 0
    applications: int = 0
    ended: int = 0


def has_people() -> bool:
    """Whether anybody has a login yet; without one the first start asks for an administrator."""
    return bool(rows("SELECT 1 FROM person LIMIT 1"))


def has_passwords() -> bool:
    """Whether anybody has a password in this file; in one that came from a server with logins of
    its own nobody has."""
    return bool(rows("SELECT 1 FROM person WHERE password_hash <> '' LIMIT 1"))


@query(Action.PEOPLE_READ)
def people(actor: Actor) -> list[PersonRow]:
    """Every login, in order (one statement)."""
    heads: dict[str, tuple[str, bool, int, bool, int, int, int]] = {}
    held: dict[str, list[str]] = {}
    waiting: dict[str, list[str]] = {}
    for login, name, active, version, must_change, customers, applications, ended, role, by in rows(
        "SELECT p.login, p.name, p.active, p.version, p.must_change, "
        "(SELECT count(*) FROM customer u WHERE u.manager = p.login), "
        f"(SELECT count(*) FROM application a WHERE a.manager = p.login AND {open_of_new('a')}), "
        f"(SELECT count(*) FROM application a WHERE a.manager = p.login AND {left_of_new('a')}), "
        "r.role, c.reset_by "
        "FROM person p LEFT JOIN person_role r ON r.login = p.login "
        "LEFT JOIN credential_reset c ON c.login = p.login AND c.confirmed_by IS NULL "
        "ORDER BY p.login, r.role, c.id"
    ):
        heads[login] = (
            name, bool(active), version, bool(must_change), int(customers), int(applications),
            int(ended),
        )  # fmt: skip
        for value, found in ((role, held), (by, waiting)):
            seen = found.setdefault(login, [])
            if value and value not in seen:
                seen.append(value)
    return [
        PersonRow(
            login, name, tuple(map(Role, held[login])), active, version, must_change,
            tuple(waiting[login]), customers, applications, ended,
        )
        for login, (
            name, active, version, must_change, customers, applications, ended,
        ) in heads.items()
    ]  # fmt: skip


def signing_reasons(login: str) -> tuple[Reason, ...]:
    """Why this person signs nothing now (inside services and queries): a password that an
    administrator gave is not confirmed by a second person; empty otherwise."""
    waiting = rows(
        "SELECT 1 FROM credential_reset WHERE login = ? AND confirmed_by IS NULL LIMIT 1", (login,)
    )
    return (Reason("reason.server_reset_unconfirmed", {}, "C5.1"),) if waiting else ()


@query()
def names(actor: Actor) -> dict[str, str]:
    """The name of every person by login, as lists show it (one statement)."""
    return dict(rows("SELECT login, name FROM person"))


@query()
def stands(actor: Actor) -> bool:
    """Whether the person may still sign in, and holds the same roles as when that was done."""
    found = rows(
        "SELECT r.role FROM person p JOIN person_role r ON r.login = p.login "
        "WHERE p.login = ? AND p.active = 1",
        (actor.login,),
    )
    return {role for (role,) in found} == actor.roles
