"""A server that was set up for many desks, with a login of its own for every person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chemsales import cli
from chemsales.bootstrap import open_database
from chemsales.services import server
from chemsales.services.session import Session, utc_now
from chemsales.storage import database as storage
from chemsales.storage.database import connected
from chemsales.storage.exchanging import Owner
from chemsales.storage.security import install
from chemsales.storage.security.names import PERSON
from tests import conftest
from tests.conftest_postgres import OwnServer, PostgresServer, start_server
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
    return "postgresql://" + url.removeprefix("postgresql://").rpartition("@")[2]


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


OWNER = Owner("keeper", "the owner keeps the keys away")
OWNED, FILLED = "chemsales", "filled"


@pytest.fixture(scope="module")
def owned_cluster() -> Iterator[OwnServer]:
    """A server with the owner's login that docs/file-or-server.md has made for it, and the world of
    `world` in a database of that owner."""
    cluster = start_server()
    with cluster.admin_connection() as link:
        link.execute(
            f"CREATE ROLE {OWNER.login} LOGIN CREATEROLE CREATEDB BYPASSRLS "
            f"PASSWORD '{OWNER.password}'"
        )
        link.execute(f"CREATE DATABASE {FILLED} OWNER {OWNER.login} TEMPLATE template0")
    with conftest.opened(OWNER.url(address(cluster.url_for(FILLED)))):
        set_up()
    yield cluster
    cluster.remove()


@pytest.fixture
def owned(owned_cluster: OwnServer) -> Iterator[str]:
    """The address, without a user, of a copy of that database."""
    with owned_cluster.admin_connection() as link:
        link.execute(
            f"CREATE DATABASE {OWNED} OWNER {OWNER.login} TEMPLATE {FILLED} STRATEGY FILE_COPY"
        )
        # a copy does not have its template's rights on the database itself
        link.execute(f"GRANT CONNECT ON DATABASE {OWNED} TO {PERSON}")
    yield address(owned_cluster.url_for(OWNED))
    with owned_cluster.admin_connection() as link:
        found = link.execute("SELECT datname FROM pg_database WHERE datname LIKE 'chemsales%'")
        for (name,) in found.fetchall():
            owned_cluster.drop_database(name)


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., dict[str, Any]]]:
    """`command("backup", ...)`: what it answers to the administrator of the server."""
    monkeypatch.setenv("CHEMSALES_PASSWORD", PASSWORD)
    monkeypatch.setenv("CHEMSALES_LOGIN", "admin")
    before = storage.database.obj

    def run(*argv: object) -> dict[str, Any]:
        capsys.readouterr()
        code = cli.main([*map(str, argv), "--json"])
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return {**answer, "code": code}

    yield run
    storage.close()
    storage.database.obj = before
