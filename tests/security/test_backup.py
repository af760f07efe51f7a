"""Backups of a server by the logins of its people: whole, or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from chemsales.rules.errors import Forbidden, NotAllowed
from chemsales.services import backup, server, settings
from chemsales.storage import backup as files
from chemsales.storage.copying import Digest, digest, digests, snapshot, tables
from chemsales.storage.database import connected, engine_of, rows
from chemsales.storage.security.grants import GRANTS
from chemsales.storage.security.lint import lint
from tests.conftest import opened
from tests.conftest_postgres import PostgresServer
from tests.security.conftest import address, signed_in
from tests.security.test_lint import OF_THE_CLUSTER

OWN_ONLY = "am_sees_own_only"
NOTED = ("event", "seal")  # to which the backing up itself adds


def kept(url: str) -> dict[str, Digest]:
    """The digests of what a backup does not add to, without the hashes of passwords."""
    engine, found = engine_of(url), digests(engine_of(url))
    with snapshot(engine):
        person = next(table for table in tables(engine) if table.name == "person")
        shown = [column for column in person.columns if column != "password_hash"]
        found["person"] = digest(engine, person, shown)
    return {name: each for name, each in found.items() if name not in NOTED}


def test_an_administrator_backs_a_server_up_with_the_own_login(
    server_url: str, tmp_path: Path
) -> None:
    with signed_in(server_url, "admin") as admin:
        made = backup.back_up(admin, tmp_path)
    manifest = backup.check_backup(made)
    assert manifest is not None and manifest.broken == 0
    assert kept(f"sqlite:///{made}") == kept(server_url)
    with opened(f"sqlite:///{made}"):
        assert {hashed for (hashed,) in rows("SELECT password_hash FROM person")} == {""}


@pytest.mark.parametrize("login", ["am", "sales", "auditor"])
def test_nobody_else_does_and_nobody_is_troubled_at_the_end_of_the_work(
    server_url: str, login: str
) -> None:
    with signed_in(server_url, login) as session:
        with pytest.raises(NotAllowed):
            backup.back_up(session)
        assert backup.back_up_work(session) is None
        assert backup.failure() is None


def test_who_is_not_shown_every_record_copies_nothing(
    server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.KEYS, OWN_ONLY, 3)
    with signed_in(server_url, "admin") as admin:
        settings.set_value(admin, OWN_ONLY, "on")
    try:
        with signed_in(server_url, "am"), pytest.raises(Forbidden):
            files.backup_to(tmp_path / "part.db")
        assert not list(tmp_path.iterdir())
        with signed_in(server_url, "admin") as admin:
            made = backup.back_up(admin, tmp_path)
        assert kept(f"sqlite:///{made}") == kept(server_url)
    finally:
        with signed_in(server_url, "admin") as admin:
            settings.set_value(admin, OWN_ONLY, "off")


def reasons(answer: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in answer["reasons"]]


def test_a_server_moves_into_a_file_and_its_administrator_begins_there_anew(
    server_url: str, command: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    file = tmp_path / "department.db"
    done = command("move", "--from", address(server_url), "--to", file)
    assert done["code"] == 0, done
    assert done["tables"]["person"]["rows"] == 8 and done["problems"] == []
    assert command("user", "list", "--db", file)["code"] == 0
    refused = command("user", "list", "--db", file, "--login", "sales")
    assert reasons(refused) == ["reason.login_refused"], "nobody's password comes along"
    again = command("move", "--from", file, "--to", tmp_path / "next.db", "--login", "sales")
    assert reasons(again) == ["reason.login_refused"]


def test_a_servers_backup_is_restored_into_a_file_and_into_a_new_database(
    server_url: str,
    command: Callable[..., dict[str, Any]],
    new_database: Callable[[str, str], str],
    tmp_path: Path,
) -> None:
    made = command("backup", "--db", address(server_url), "--to", tmp_path)["file"]
    file, new = tmp_path / "again" / "department.db", new_database("postgresql", "empty")
    other = command("restore", made, "--db", file, "--login", "gm")
    assert reasons(other) == ["reason.login_refused"] and not file.exists()
    assert command("restore", made, "--db", file)["code"] == 0
    assert command("verify", "--db", file)["code"] == 0
    assert command("restore", made, "--to", new)["code"] == 0
    with opened(new):
        assert [reason.code for reason in server.install()][-1] != "reason.init_logins"
    with signed_in(new, "gm") as session:  # the same cluster knows the logins
        assert session.actor.login == "gm"
    was, now = kept(f"sqlite:///{made}"), kept(new)
    assert {name for name in was if was[name] != now[name]} == {"change"}, "the first password"


def test_the_role_for_the_servers_own_tools_reads_everything_and_writes_nothing(
    server_url: str, postgres_server: PostgresServer
) -> None:
    login = f"dumper{secrets.token_hex(4)}"
    with postgres_server.admin_connection() as link:
        link.execute(f"CREATE ROLE {login} LOGIN PASSWORD 'dump' IN ROLE chemsales_backup")
    name = server_url.rpartition("/")[2]
    own = postgres_server.url_for(name, login, "dump")
    try:
        with psycopg.connect(own, autocommit=True) as link:
            link.execute("SET ROLE chemsales_backup")
            link.execute("SET row_security = off")
            for table in GRANTS:
                link.execute(f'SELECT * FROM "{table}"')
                for statement in (f'DELETE FROM "{table}"', f'TRUNCATE "{table}"',
                                  f'INSERT INTO "{table}" DEFAULT VALUES'):  # fmt: skip
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        link.execute(statement)
        with opened(server_url), connected():
            assert not [f for f in lint() if not f.passed and f.check.code not in OF_THE_CLUSTER]
    finally:
        with postgres_server.admin_connection() as link:
            link.execute(f"DROP ROLE {login}")
