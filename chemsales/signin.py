"""Signing in by the database's address: the program's own logins, or a server's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from chemsales.bootstrap import open_database
from chemsales.queries.people import has_people
from chemsales.rules.errors import DataError, Forbidden, Reason
from chemsales.rules.passwords import normalise, wait_after
from chemsales.services import people
from chemsales.services.session import Session
from chemsales.storage.database import check_password, engine_of, wants_login

# how often each login failed in a row at this desk, and until when it has to wait: a server counts
# nothing by itself, and whoever is not let in can write nothing there
_failures: dict[tuple[str, str], tuple[int, datetime]] = {}


@contextmanager
def throttled(url: str, login: str, clock: Callable[[], datetime]) -> Iterator[None]:
    """One guess at a server's login; Forbidden without asking it while the login has to wait."""
    failed, until = _failures.get((url, login), (0, clock()))
    if clock() < until:
        seconds = int((until - clock()).total_seconds()) + 1
        raise Forbidden(Reason("reason.login_wait", {"seconds": seconds}))
    try:
        yield
    except Forbidden:
        wait = wait_after(failed + 1)
        _failures[url, login] = (failed + 1, clock() + wait)
        raise
    _failures.pop((url, login), None)


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
    with throttled(url, typed, clock):
        open_database(url, typed, normalise(password))
    return people.enter(typed, clock)


def sign_in_again(url: str, login: str, password: str, clock: Callable[[], datetime]) -> Session:
    """The same of the person who is at work already: the database stays open."""
    if not wants_login(url):
        return people.authenticate(login, password, clock)
    with throttled(url, login, clock):
        check_password(normalise(password))
    return people.enter(login, clock)
