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
from tests import conftest
from tests.conftest_postgres import PostgresServer
from tests.factory import PASSWORD, PEOPLE, session_of
from tests.security import world


def set_up(fill: Callable[[], object] = world.build) -> None:
    """The department on a server: roles, triggers, policies, grants, and its people's logins."""
    fill()
    server.install()
    with connected():
        for login, _, role in PEOPLE:
            install.create_login(login, PASSWORD, (role,))


conftest.BUILDERS["world"] = world.build
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


@pytest.fixture(scope="module")
def server_url(
    postgres_server: PostgresServer, postgres_template: Callable[..., str]
) -> Iterator[str]:
    """The owner's URL of a server with the world of `world`, one for a module."""
    template = postgres_template("server", conftest.build("server"))
    name = f"{template}_module"
    url = postgres_server.create_database(name, template)
    with conftest.opened(url):
        server.install()  # a copy does not have its template's rights on the database itself
    yield url
    postgres_server.drop_database(name)
