"""A server that was set up for many desks, with a login of its own for every person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from chemsales.bootstrap import open_database
from chemsales.services import server
from chemsales.services.session import Session, utc_now
from chemsales.storage import database as storage
from chemsales.storage.database import connected
from chemsales.storage.security import install
from tests import conftest, factory
from tests.factory import PASSWORD, PEOPLE, session_of


def set_up() -> None:
    """The department on a server: roles, triggers, policies, grants, and its people's logins."""
    factory.seed_department()
    server.install()
    with connected():
        for login, _, role in PEOPLE:
            install.create_login(login, PASSWORD, (role,))


conftest.BUILDERS["server"] = set_up


def address(url: str) -> str:
    """The server's address as the desks have it: without a user."""
    return "postgresql://" + url.rpartition("@")[2]


@contextmanager
def signed_in(url: str, login: str) -> Iterator[Session]:
    """The database as this person's own login sees it; the session of an honest program."""
    before = storage.database.obj
    open_database(address(url), login, PASSWORD)
    try:
        with connected():
            yield session_of(login, utc_now)
    finally:
        storage.close()
        storage.database.obj = before


@pytest.fixture
def server_url(new_database: Callable[[str, str], str]) -> str:
    """The owner's URL of a server with the department."""
    return new_database("postgresql", "server")
