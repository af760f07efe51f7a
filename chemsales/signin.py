"""Signing in by the database's address: the program's own logins, or a server's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chemsales.bootstrap import open_database
from chemsales.queries.people import has_people
from chemsales.rules.errors import DataError, Reason
from chemsales.rules.passwords import normalise
from chemsales.services import people
from chemsales.services.session import Session
from chemsales.storage.database import check_password, engine_of, wants_login


def prepare(url: str) -> bool:
    """Open the database, so far as that can be done before anybody signs in; whether somebody has a
    login in it (a server that wants the person's own login is set up by its owner)."""
    if not wants_login(url):
        open_database(url)
        return has_people()
    try:
        engine_of(url)
    except ValueError as error:
        raise DataError(Reason("reason.database_address")) from error
    return True


def sign_in(url: str, login: str, password: str, clock: Callable[[], datetime]) -> Session:
    """The session of the person with this login and password in the database of this address.

    Where the server wants the person's own login, the database is opened with it. Forbidden with
    its reason where it does not fit, Unreachable where nobody answers.
    """
    if not wants_login(url):
        return people.authenticate(login, password, clock)
    typed = people.typed_login(login)
    open_database(url, typed, normalise(password))
    return people.enter(typed, clock)


def sign_in_again(url: str, login: str, password: str, clock: Callable[[], datetime]) -> Session:
    """The same of the person who is at work already: the database stays open."""
    if not wants_login(url):
        return people.authenticate(login, password, clock)
    check_password(normalise(password))
    return people.enter(login, clock)
