"""G2: hostile statements of every person with an own login: none takes effect, each is refused as
expected."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from chemsales.services.session import utc_now
from chemsales.storage.database import connected, rows
from chemsales.storage.security import catalogue, install
from tests.conftest import opened
from tests.factory import PASSWORD, PEOPLE
from tests.factory_complaints import accept
from tests.security import world
from tests.security.conftest import address
from tests.security.hostile import Hostile, statements

LOGINS = [login for login, _, _ in PEOPLE]
PRIVILEGE_NOT_GRANTED = "01007"
BROKEN = {"42601", "42P01", "42703", "42883", "42704"}  # a typing error is no refusal


@pytest.fixture(scope="module")
def hostile(server_url):
    """The owner's URL and the statements; some others' roles to reach for."""
    with opened(server_url):
        with connected():
            for name in ("gm2", "admin2", "auditor2"):
                if not rows("SELECT 1 FROM pg_roles WHERE rolname = ?", (name,)):
                    install.run(f"CREATE ROLE {name} NOLOGIN")
        found = world.look()
    return server_url, statements(found)


def digest(url: str) -> str:
    """Of every row, right, role and rule; the events that the attempts left apart."""
    with opened(url), connected():
        parts = [str(sorted(catalogue.image().items()))]
        for table in install.tables():
            own = " WHERE use_case <> 'hostile'" if table == "event" else ""
            parts.append(
                str(rows(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) '
                         f'FROM (SELECT * FROM "{table}"{own}) t'))
            )  # fmt: skip
        for sql in (
            "SELECT relname, relacl::text, relowner, relrowsecurity FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
            "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger ORDER BY 1, 2",
            "SELECT rolname, rolsuper, rolcreaterole, rolbypassrls, rolcanlogin, "
            "md5(rolpassword) FROM pg_authid ORDER BY 1",
            "SELECT roleid, member, admin_option FROM pg_auth_members ORDER BY 1, 2, 3",
            "SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1",
            "SELECT setdatabase, setrole, setconfig FROM pg_db_role_setting ORDER BY 1, 2",
        ):
            parts.append(str(rows(sql)))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@contextmanager
def person(url: str, login: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(address(url), user=login, password=PASSWORD, autocommit=True) as link:
        yield link


def note(link: psycopg.Connection, key: str) -> None:
    """The event that what a transaction writes belongs to."""
    link.execute(
        "INSERT INTO event (key, at, who, use_case, outcome, reasons, detail) "
        "VALUES (%s, '', 'gm', 'hostile', 'done', '[]', '{}')", (key,),
    )  # fmt: skip


def attempt(link: psycopg.Connection, tried: Hostile) -> str:
    """The SQLSTATE of the refusal, "none" where nothing was touched, "done" otherwise."""
    key = uuid.uuid4().hex
    warned: list[str | None] = []
    link.add_notice_handler(lambda notice: warned.append(notice.sqlstate))
    try:
        if tried.alone:
            link.execute(tried.sql)
            return "done"
        with link.transaction():
            link.execute("SELECT set_config('chemsales.event', %s, true)", (key,))
            touched = 0
            for part in tried.sql.split("; ") if "$$" not in tried.sql else [tried.sql]:
                cursor = link.execute(part)
                if not part.startswith(("SELECT", "SET ")):
                    touched += max(cursor.rowcount, 0) if cursor.rowcount != -1 else 1
                elif "set_config('chemsales" not in part:
                    touched += 1
            note(link, key)
            if not touched or PRIVILEGE_NOT_GRANTED in warned:
                raise psycopg.Rollback
            return "done"
    except psycopg.Error as error:
        return error.sqlstate or str(error)
    return "none"


def test_there_are_enough_of_them_for_everybody(hostile):
    _, tried = hostile
    assert len({each.sql for each in tried}) == len(tried)
    for login in LOGINS:
        assert sum(each.refusal(login) != "skip" for each in tried) >= 100


@pytest.mark.parametrize("login", LOGINS)
def test_no_hostile_statement_takes_effect(hostile, login):
    url, tried = hostile
    before = digest(url)
    wrong = []
    with person(url, login) as link:
        for each in tried:
            expected = each.refusal(login)
            if expected == "skip":
                continue
            happened = attempt(link, each)
            if happened != expected or happened in BROKEN:
                wrong.append(f"{happened} instead of {expected}: {each.sql}")
    assert not wrong, "\n".join(wrong)
    assert digest(url) == before


def test_c12_3_of_two_desks_at_once_none_grades_a_complaint_down(hostile):
    url, _ = hostile
    with opened(url), connected():
        key = accept(world.look().customers[0], utc_now)
    graver = (
        "INSERT INTO complaint_regrade (complaint_id, severity, reason, regraded_by, regraded_at) "
        f"VALUES ({key}, '{{}}', 'x', '', '')"
    )
    ended: list[str] = []
    with person(url, "sales") as head, person(url, "am") as manager:
        other = threading.Thread(
            target=lambda: ended.append(attempt(manager, Hostile(graver.format("major"))))
        )
        with head.transaction():
            event = uuid.uuid4().hex
            head.execute("SELECT set_config('chemsales.event', %s, true)", (event,))
            head.execute(graver.format("serious"))
            note(head, event)
            other.start()
            waits = "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted"
            until = time.monotonic() + 20
            while head.execute(waits, (manager.info.backend_pid,)).fetchone() == (0,):
                assert time.monotonic() < until and other.is_alive(), ended
        other.join(20)
    assert ended == ["P0001"]


def test_what_a_person_writes_bears_that_person_and_the_servers_time(hostile):
    url, _ = hostile
    with person(url, "auditor") as link, link.transaction(force_rollback=True):
        link.execute(
            "INSERT INTO event (key, at, who, use_case, outcome, reasons, detail) "
            "VALUES ('forged', '1999-01-01T00:00:00.000000Z', 'gm', 'hostile', 'done', '[]', '{}')"
        )
        who, fresh = link.execute(
            "SELECT who, at > '2020' FROM event WHERE key = 'forged'"
        ).fetchone()
    assert (who, fresh) == ("auditor", True)


def test_a_login_that_loses_its_role_is_stopped_at_once(hostile):
    url, _ = hostile
    sql = "INSERT INTO numbering (series, last) VALUES ('months', 1)"
    with person(url, "gm") as link, opened(url), connected():
        with pytest.raises(psycopg.Error, match=r"begins|unique"):
            link.execute(sql.replace("1)", "2)"))
        install.run("REVOKE chemsales_general_manager FROM gm GRANTED BY chemsales_rolemgr")
        try:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                link.execute(sql)
        finally:
            install.run("GRANT chemsales_general_manager TO gm GRANTED BY chemsales_rolemgr")
