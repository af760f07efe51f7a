"""Logins on a server are the people's own: made, given roles, forbidden and reset by triggers."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from chemsales.queries.people import people
from chemsales.rules.approval import Verdict
from chemsales.rules.errors import Conflict, DataError, Forbidden, Invalid, NotAllowed, Unreachable
from chemsales.rules.roles import Role
from chemsales.services import accreditation, server
from chemsales.services import people as service
from chemsales.services.session import Session, utc_now
from chemsales.signin import sign_in, sign_in_again
from chemsales.storage import database as storage
from chemsales.storage.database import connected, execute, rows, transaction
from tests.conftest import opened
from tests.factory import (
    PASSWORD,
    decide,
    draft_of,
    employ,
    make_application,
    submit,
    version_of,
)
from tests.security.conftest import address, signed_in

ONCE, OWN = "nine amber kites over sand", "four slow herons in the reeds"


def codes(refusal: pytest.ExceptionInfo[NotAllowed]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@contextmanager
def entering(url: str, login: str, password: str) -> Iterator[Session]:
    """The person's session, as the window's login gives it."""
    before = storage.database.obj
    try:
        yield sign_in(address(url), login, password, utc_now)
    finally:
        storage.close()
        storage.database.obj = before


def hire(url: str, role: Role) -> str:
    """A new person of this role, who has chosen the password OWN; the login."""
    login = f"p{secrets.token_hex(5)}"
    with entering(url, "admin", PASSWORD) as admin:
        service.create_person(admin, login, "新来的人", {role}, ONCE)
    with entering(url, login, ONCE) as given:
        assert given.must_change
        assert not given.actor.roles
        chosen = service.change_password(given, ONCE, OWN).value
        assert chosen.actor.roles == {role}
    return login


def raw(url: str, login: str, password: str) -> psycopg.Connection[tuple[object, ...]]:
    """The person's own login without the program."""
    host = address(url).removeprefix("postgresql://")
    return psycopg.connect(f"postgresql://{login}@{host}", password=password, autocommit=True)


def test_a_person_enters_with_the_own_login_name_and_roles(server_url):
    with entering(server_url, " GM ", PASSWORD) as session:
        assert (session.actor.login, session.actor.name) == ("gm", "赵敏")
        assert session.actor.roles == {Role.GENERAL_MANAGER}
        assert rows("SELECT session_user::text") == [("gm",)]
        last = rows("SELECT use_case, who FROM event ORDER BY id DESC LIMIT 1")
        assert last == [("people._enter", "gm")]
        again = sign_in_again(address(server_url), "gm", PASSWORD, utc_now)
        assert again.actor == session.actor
        with pytest.raises(Forbidden) as refusal:
            sign_in_again(address(server_url), "gm", "wrong", utc_now)
        assert codes(refusal) == ["reason.login_refused"]
        assert rows("SELECT 1") == [(1,)]  # the lock's failure leaves the work as it is


@pytest.mark.parametrize(("login", "password"), [("gm", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_login_read_alike(server_url, login, password):
    with pytest.raises(Forbidden) as refusal, entering(server_url, login, password):
        pass
    assert codes(refusal) == ["reason.login_refused"]


def test_a_server_that_does_not_answer_is_out_of_reach(server_url):
    gone = server_url.rpartition(":")[0] + ":1/none"
    with pytest.raises(Unreachable), entering(gone, "gm", PASSWORD):
        pass


def test_an_address_that_is_none_is_told(server_url):
    from chemsales.signin import prepare

    assert prepare(address(server_url))
    with pytest.raises(DataError):
        prepare("postgresql://host:none/x?nonsense=1")


def test_a_login_without_a_role_does_not_get_in(server_url):
    login = hire(server_url, Role.FINANCE)
    with psycopg.connect(server_url, autocommit=True) as owner:
        owner.execute(f'REVOKE chemsales_finance FROM "{login}" GRANTED BY chemsales_rolemgr')
    with pytest.raises(Forbidden) as refusal, entering(server_url, login, OWN):
        pass
    assert codes(refusal) == ["reason.login_without_role"]


def test_roles_are_kept_apart_by_the_server_itself(server_url):
    login = hire(server_url, Role.FINANCE)
    with entering(server_url, "admin", PASSWORD) as admin:
        with pytest.raises(NotAllowed):
            service.set_roles(admin, login, {Role.FINANCE, Role.SALES_HEAD}, 2)
        with pytest.raises(Forbidden):
            service.set_roles(admin, "admin", {Role.GENERAL_MANAGER}, 1)
        service.set_roles(admin, login, {Role.SALES_HEAD, Role.ACCOUNT_MANAGER}, 2)
    with entering(server_url, login, OWN) as session:
        assert session.actor.roles == {Role.SALES_HEAD, Role.ACCOUNT_MANAGER}
    event = (
        "INSERT INTO event (key, at, who, use_case, outcome, subject, subject_id, clause, reasons,"
        " detail) VALUES ('{0}', '', 'x', 'x', 'done', '', '', '', '[]', '{{}}');"
        " SELECT set_config('chemsales.event', '{0}', true);"
    )
    attacks = (
        ("admin", "INSERT INTO person_role (login, role) VALUES ('admin', 'finance')", "CS018"),
        ("admin", f"INSERT INTO person_role (login, role) VALUES ('{login}', 'finance')", "CS019"),
        ("admin", f"INSERT INTO person_role (login, role) VALUES ('{login}', 'auditor')", "CS019"),
        ("admin", "UPDATE person SET must_change = 1 WHERE login = 'gm'", "CS018"),
        ("admin", "UPDATE person SET must_change = 1, version = version + 1, password_hash = "
         "'SCRAM-SHA-256$4096:eA==$eA==:eA==' WHERE login = 'gm'", "CS013"),
        ("admin", "SELECT chemsales_role_grant('admin', 'finance', true)", "42501"),
        ("admin", "SELECT chemsales_role_password('gm', 'x', false)", "42501"),
        ("admin", "GRANT chemsales_finance TO admin", "42501"),
        ("admin", "ALTER ROLE gm PASSWORD 'x'", "42501"),
        ("admin", "INSERT INTO person (login, name, password_hash, must_change, active, failures, "
         "created_at, version) VALUES ('x', 'x', 'in the clear', 1, 1, 0, '', 1)", "CS017"),
        ("gm", "UPDATE person SET password_hash = 'SCRAM-SHA-256$x', must_change = 0, "
         "version = version + 1 WHERE login = 'am'", "CS002"),
        ("gm", "INSERT INTO person_role (login, role) VALUES ('am', 'finance')", "42501"),
        ("gm", "UPDATE person SET active = 0 WHERE login = 'am'", "42501"),
    )  # fmt: skip
    for who, statement, code in attacks:
        with raw(server_url, who, PASSWORD) as connection:
            with pytest.raises(psycopg.Error) as refusal, connection.transaction():
                connection.execute(event.format(secrets.token_hex(8)))
                connection.execute(statement)
            assert refusal.value.sqlstate == code, (statement, refusal.value)


def test_a_forbidden_login_is_thrown_out_and_comes_back_when_allowed(server_url):
    login = hire(server_url, Role.FINANCE)
    with raw(server_url, login, OWN) as inside:
        assert inside.execute("SELECT 1").fetchone() == (1,)
        with entering(server_url, "admin", PASSWORD) as admin:
            service.set_active(admin, login, False, 2)
        with pytest.raises(psycopg.OperationalError):
            inside.execute("SELECT 1")
        with pytest.raises(Forbidden), entering(server_url, login, OWN):
            pass
    with entering(server_url, "admin", PASSWORD) as admin:
        service.set_active(admin, login, True, 3)
    with entering(server_url, login, OWN) as session:
        assert session.actor.holds(Role.FINANCE)


def test_the_own_password_is_changed_and_never_travels(server_url):
    login = hire(server_url, Role.FINANCE)
    with entering(server_url, login, OWN) as session:
        with pytest.raises(Forbidden):
            service.change_password(session, "wrong", "some other long password")
        with pytest.raises(Invalid):
            service.change_password(session, OWN, "short")
        service.change_password(session, OWN, "some other long password")
        assert people.__wrapped__(session.actor)  # goes on with the new one
    with pytest.raises(Forbidden), entering(server_url, login, OWN):
        pass
    with entering(server_url, login, "some other long password"):
        pass
    with psycopg.connect(server_url) as owner:
        kept = owner.execute("SELECT DISTINCT password_hash FROM person WHERE login = %s", (login,))
        assert kept.fetchall() == [("",)]
        shape = owner.execute(
            "SELECT rolpassword LIKE 'SCRAM-SHA-256$%%' FROM pg_authid WHERE rolname = %s", (login,)
        )
        assert shape.fetchall() == [(True,)]


def test_nothing_is_written_with_a_given_password(server_url):
    login = f"p{secrets.token_hex(5)}"
    with entering(server_url, "admin", PASSWORD) as admin:
        service.create_person(admin, login, "新来的人", {Role.FINANCE}, ONCE)
    with psycopg.connect(server_url) as owner:
        left = owner.execute(
            "SELECT extract(epoch FROM rolvaliduntil - now()) / 3600 FROM pg_roles "
            "WHERE rolname = %s", (login,)
        ).fetchone()  # fmt: skip
        assert 23 < left[0] <= 24
    with raw(server_url, login, ONCE) as connection, pytest.raises(psycopg.Error) as refusal:
        connection.execute(
            "INSERT INTO event (key, at, who, use_case, outcome, subject, subject_id, clause, "
            "reasons, detail) VALUES ('k', '', 'x', 'x', 'done', '', '', '', '[]', '{}')"
        )
    assert refusal.value.sqlstate == "CS015"
    with raw(server_url, login, ONCE) as connection, pytest.raises(psycopg.Error) as refusal:
        connection.execute("UPDATE person SET must_change = 0 WHERE login = %s", (login,))
    assert refusal.value.sqlstate == "CS018"


def test_after_a_reset_nothing_is_signed_until_a_second_person_confirms(server_url):
    sales = hire(server_url, Role.SALES_HEAD)
    with signed_in(server_url, "am") as am:
        key = make_application(am, draft_of("甲化工"))
        submit(am, key)
    with entering(server_url, "admin", PASSWORD) as admin:
        given = service.reset_password(admin, sales).value
        with pytest.raises(Forbidden):
            service.confirm_reset(admin, sales)  # who gave it
        waiting = {row.login: row.reset_by for row in people(admin.actor)}
        assert waiting[sales] == ("admin",)
    with pytest.raises(Forbidden), entering(server_url, sales, OWN):
        pass
    with entering(server_url, sales, given) as session:
        chosen = service.change_password(session, given, "a third password of some length").value
        with pytest.raises(NotAllowed) as refusal:
            decide(chosen, key, comment="同意")
        assert codes(refusal) == ["reason.server_reset_unconfirmed"]
        seen = version_of(key)
    with raw(server_url, sales, "a third password of some length") as connection:
        with pytest.raises(psycopg.Error) as refused:
            connection.execute(
                "INSERT INTO decision (case_id, round, stage, verdict, signer, signer_name, "
                "signed_at, comment, seen_version, snapshot_hash, edition) SELECT id, round, "
                "'sales', 'approve', 'x', 'x', '', '', version, snapshot_hash, edition "
                "FROM approval_case"
            )
        assert refused.value.sqlstate == "CS013"
        with pytest.raises(psycopg.Error):
            connection.execute("UPDATE credential_reset SET confirmed_by = 'x', confirmed_at = 'x'")
    with entering(server_url, "auditor", PASSWORD) as auditor:
        service.confirm_reset(auditor, sales)
        with pytest.raises(Conflict):
            service.confirm_reset(auditor, sales)
    with entering(server_url, sales, "a third password of some length") as session:
        accreditation.decide(session, key, seen, Verdict.APPROVE, "同意")


def test_a_department_that_was_moved_here_gets_its_logins(new_database, postgres_server):
    """Nobody's password comes along: the owner gives one to an administrator, who gives them to
    the others; a name that the server has for something else is told."""
    url, ending = new_database("postgresql", "ready"), secrets.token_hex(5)
    keeper, seller, gone = (f"{name}{ending}" for name in ("k", "s", "g"))
    with opened(url):
        employ(keeper, Role.ADMINISTRATOR)
        employ(seller, Role.SALES_HEAD)
        employ(gone, Role.AUDITOR)
        employ("pg_monitor", Role.FINANCE)
        with connected(), transaction():
            execute("ALTER TABLE person DISABLE TRIGGER USER")
            execute("UPDATE person SET active = 0 WHERE login = ?", (gone,))
            execute("ALTER TABLE person ENABLE TRIGGER USER")
        told = {reason.code: reason.params for reason in server.install()}
        assert {keeper, seller, gone} <= set(str(told["reason.init_logins"]["names"]).split(", "))
        assert told["reason.init_logins_taken"] == {"names": "pg_monitor"}
        assert [r.code for r in server.install()] == ["reason.init_logins_taken"]
        with pytest.raises(NotAllowed):
            server.renew_administrator(seller, OWN, utc_now)
        server.renew_administrator(keeper, OWN, utc_now)
    for login in (keeper, seller):
        with pytest.raises(Forbidden), entering(url, login, ONCE):
            pass
    with entering(url, keeper, OWN) as session:
        given = service.reset_password(session, seller).value
    with entering(url, seller, given) as session:
        assert service.change_password(session, given, ONCE).value.actor.roles == {Role.SALES_HEAD}
    with postgres_server.admin_connection() as link:
        allowed = "SELECT rolcanlogin FROM pg_roles WHERE rolname = %s"
        assert link.execute(allowed, (gone,)).fetchone() == (False,)
