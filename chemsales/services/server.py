"""Setting a server up for many desks, from the login of its owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chemsales.pinyin import sort_key
from chemsales.queries.people import has_people
from chemsales.queries.policy import load_editions
from chemsales.rules.errors import DataError, NotAllowed, Reason
from chemsales.rules.roles import Actor, Role
from chemsales.rules.text import clean_line
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.services.people import checked_login
from chemsales.services.session import Session
from chemsales.services.setup import set_up
from chemsales.storage.database import connected, is_person, is_sqlite, retrying, rows
from chemsales.storage.models.people import Person, PersonRole
from chemsales.storage.security import install as security


def install() -> list[Reason]:
    """Put roles, grants, triggers, policies and people's logins on the open, migrated server; what
    was not in place, nothing where everything was.

    DataError for an embedded database and for a person's connection.
    """
    if is_sqlite() or is_person():
        raise DataError(Reason("reason.server_owner_needed"))
    with connected():
        return retrying(security.install)


def align_logins() -> None:
    """Give everybody's login the roles that the open server's records say, from the owner's
    connection: another database took its place, and the logins belong to the whole server."""
    with connected():
        retrying(security.align_logins)


def create_administrator(
    login: str, name: str, password: str, clock: Callable[[], datetime]
) -> Session:
    """Make the first administrator's login on the server and, in a new database, edition 1 and the
    calendars.

    NotAllowed as soon as anybody has a login, Invalid for a bad login or password.
    """
    stored = checked_login(login, password)
    session = Session(Actor(stored, name, frozenset({Role.ADMINISTRATOR})), clock)
    _enrol(session, name)
    with connected():
        security.create_login(stored, password, (Role.ADMINISTRATOR,))
        editions = load_editions()
    if not editions:
        set_up(session)
    return session


def renew_administrator(login: str, password: str, clock: Callable[[], datetime]) -> Session:
    """Give an administrator of the open server a new password, from the owner's connection: nobody
    else may be able to sign in (the department was moved here, or restored).

    NotAllowed for who is no active administrator, Invalid for a bad password.
    """
    stored = checked_login(login, password)
    held = rows(
        "SELECT p.name FROM person p JOIN person_role r ON r.login = p.login "
        "WHERE p.login = ? AND p.active = 1 AND r.role = ?",
        (stored, Role.ADMINISTRATOR),
    )
    if not held:
        raise NotAllowed(Reason("reason.people_exist"))
    session = Session(Actor(stored, held[0][0], frozenset({Role.ADMINISTRATOR})), clock)
    _renew(session)
    with connected():
        security.create_login(stored, password, (Role.ADMINISTRATOR,))
    return session


@use_case(None)
def _renew(op: Operation) -> None:
    """Note that the owner gave an administrator a password; the server keeps it."""
    op.record(Subject.PEOPLE, op.actor.login, "C5.1")


@use_case(None)
def _enrol(op: Operation, name: str) -> str:
    """Note the first administrator; the server keeps the password, this table never does."""
    if has_people():
        raise NotAllowed(Reason("reason.people_exist"))
    login = op.actor.login
    cleaned = clean_line(name, "name", 100)
    Person.insert(
        login=login, name=cleaned, sort_key=sort_key(cleaned), created_at=op.now
    ).execute()
    PersonRole.insert(login=login, role=Role.ADMINISTRATOR).execute()
    op.record(Subject.PEOPLE, login, "C5.1", roles=[Role.ADMINISTRATOR])
    return login
