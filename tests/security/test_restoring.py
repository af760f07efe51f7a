"""A server's backup put in the place of its database by the owner's login: all of it or nothing."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from chemsales.exchange.model import Cancelled
from chemsales.queries.backup import standing
from chemsales.queries.people import people as read_people
from chemsales.restoring import Restored, restore_server
from chemsales.rules.errors import ChemsalesError, Forbidden
from chemsales.rules.roles import Role
from chemsales.services import backup, people
from chemsales.services.settings import set_value
from chemsales.storage import copying, exchanging
from chemsales.storage.copying import Told
from chemsales.storage.database import rows
from chemsales.storage.exchanging import Owner
from tests.conftest_postgres import OwnServer
from tests.factory import COMPANY, PASSWORD, session_of
from tests.security.conftest import OWNED, OWNER, signed_in


@pytest.fixture
def made(owned: str, tmp_path: Path) -> Path:
    """A backup of the server, after which its company was renamed."""
    with signed_in(owned, "admin") as admin:
        written = backup.back_up(admin, tmp_path)
        set_value(admin, "company", "改错了的名字")
    return written


def company(url: str) -> str:
    """What the department is called now."""
    with signed_in(url, "admin"):
        return str(rows("SELECT value FROM setting WHERE key = 'company'")[0][0])


def databases(cluster: OwnServer) -> list[str]:
    """The databases of the department, by name."""
    with cluster.admin_connection() as link:
        found = link.execute("SELECT datname FROM pg_database WHERE datname LIKE 'chemsales%'")
        return sorted(name for (name,) in found.fetchall())


def restored(
    source: Path, url: str, owner: Owner = OWNER, told: Told = copying.quietly
) -> Restored:
    """Restored by the administrator."""
    return restore_server(source, url, owner, lambda: session_of("admin"), told)


@contextmanager
def nothing_happens(cluster: OwnServer, url: str, *codes: str) -> Iterator[None]:
    """A restoring that is refused for these reasons: there is one database, as it was."""
    with pytest.raises(ChemsalesError) as refusal:
        yield
    assert [reason.code for reason in refusal.value.reasons] == list(codes)
    assert databases(cluster) == [OWNED]
    assert company(url) == "改错了的名字"


def test_the_copy_takes_the_place_of_the_database_which_is_kept(
    owned: str, owned_cluster: OwnServer, made: Path
) -> None:
    told: list[int] = []
    done = restored(made, owned, told=told.append)
    assert databases(owned_cluster) == sorted([OWNED, done.replaced])
    assert company(owned) == COMPANY
    manifest = backup.check_backup(made)
    assert manifest is not None and sum(told) > 100
    assert done.lost_events >= 2, "that it was backed up, and the new name"
    with signed_in(owned, "admin") as admin:
        assert standing(admin.actor).restored_from == made.name
    with signed_in(owned, "gm") as session:
        assert session.actor.login == "gm"
    with psycopg.connect(OWNER.url(owned, done.replaced)) as link:
        kept = link.execute("SELECT value FROM setting WHERE key = 'company'").fetchone()
    assert kept == ("改错了的名字",)


def test_the_command_line_does_the_same(
    owned: str,
    owned_cluster: OwnServer,
    made: Path,
    command: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = ("restore", made, "--db", owned, "--owner", OWNER.login)
    assert command(*given)["reasons"][0]["code"] == "reason.password_option_missing"
    monkeypatch.setenv("CHEMSALES_OWNER_PASSWORD", OWNER.password)
    assert command(*given, "--login", "sales")["reasons"][0]["code"] == "reason.role_lacks_action"
    assert databases(owned_cluster) == [OWNED]
    done = command(*given)
    assert (done["code"], company(owned)) == (0, COMPANY)
    assert databases(owned_cluster) == sorted([OWNED, done["replaced"]])


def test_everybody_has_the_roles_of_that_time_again(
    owned: str, owned_cluster: OwnServer, made: Path
) -> None:
    with signed_in(owned, "admin") as admin:
        person = next(each for each in read_people(admin.actor) if each.login == "finance")
        people.set_roles(admin, person.login, [Role.AUDITOR], person.version)
    restored(made, owned)
    with owned_cluster.admin_connection() as link:
        held = link.execute(
            "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid "
            "JOIN pg_roles u ON u.oid = m.member WHERE u.rolname = 'finance' ORDER BY 1"
        ).fetchall()
    assert held == [("chemsales_finance",), ("chemsales_person",)]


def test_a_wrong_password_of_the_owner(owned: str, owned_cluster: OwnServer, made: Path) -> None:
    for owner in (replace(OWNER, password=PASSWORD), Owner("nobody", PASSWORD)):
        with nothing_happens(owned_cluster, owned, "reason.owner_refused"):
            restored(made, owned, owner)


def test_a_login_that_does_not_own_the_database(
    owned: str, owned_cluster: OwnServer, made: Path
) -> None:
    with nothing_happens(owned_cluster, owned, "reason.owner_of_another"):
        restored(made, owned, Owner("admin", PASSWORD))


def test_an_owner_who_may_make_no_database(
    owned: str, owned_cluster: OwnServer, made: Path
) -> None:
    with owned_cluster.admin_connection() as link:
        link.execute(f"ALTER ROLE {OWNER.login} NOCREATEDB")
        try:
            with nothing_happens(owned_cluster, owned, "reason.owner_makes_none"):
                restored(made, owned)
        finally:
            link.execute(f"ALTER ROLE {OWNER.login} CREATEDB")


def test_a_damaged_copy(owned: str, owned_cluster: OwnServer, made: Path) -> None:
    made.write_bytes(made.read_bytes()[:-1])
    with nothing_happens(owned_cluster, owned, "reason.backup_altered"):
        restored(made, owned)


def test_somebody_who_is_connected(
    owned: str, owned_cluster: OwnServer, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanging, "WAIT_SECONDS", 0.0)
    with psycopg.connect(owned_cluster.url_for(OWNED, "gm", PASSWORD)):
        assert exchanging.others(OWNER, owned, OWNED) == ["gm"]
        assert exchanging.others(OWNER, owned, OWNED, "gm") == []
        with nothing_happens(owned_cluster, owned, "reason.restore_others_connected"):
            restored(made, owned)


def test_it_is_cancelled_while_rows_go_over(
    owned: str, owned_cluster: OwnServer, made: Path
) -> None:
    def told(_rows: int) -> None:
        raise Cancelled

    with nothing_happens(owned_cluster, owned, "reason.cancelled"):
        restored(made, owned, told=told)


def test_only_with_the_right_to(owned: str, owned_cluster: OwnServer, made: Path) -> None:
    with nothing_happens(owned_cluster, owned, "reason.role_lacks_action"):
        restore_server(made, owned, OWNER, lambda: session_of("sales"))


def test_what_a_restoring_that_was_cut_off_left_behind_goes_with_the_next(
    owned: str, owned_cluster: OwnServer, made: Path
) -> None:
    exchanging.make(OWNER, owned, OWNED)
    assert len(databases(owned_cluster)) == 2
    done = restored(made, owned)
    assert databases(owned_cluster) == sorted([OWNED, done.replaced])


def test_the_owners_password_is_in_no_text(owned: str) -> None:
    wrong = replace(OWNER, password="not that one at all")
    with pytest.raises(Forbidden) as refusal:
        exchanging.check_owner(wrong, owned)
    told = "".join(traceback.format_exception(refusal.value)) + repr(wrong)
    assert wrong.password not in told and quote(wrong.password) not in told
