"""Signing in, roles and passwords: throttle, blocklist, separation of duties (C5.1)."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from chemsales.queries import accreditation
from chemsales.queries.people import has_people, people
from chemsales.rules.approval import Verdict
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, NotFound
from chemsales.rules.passwords import wait_after
from chemsales.rules.roles import Actor, Role
from chemsales.services import passwords, products
from chemsales.services import people as service
from chemsales.services.accreditation import save_draft
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.services.session import Session
from chemsales.storage.database import execute, rows
from tests.factory import PASSWORD, PEOPLE, Clock, decide, draft_of, make_application, submit
from tests.racing import race

NEW = "the third lamp near the pier"


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def last_event():
    found = rows("SELECT use_case, outcome, who, subject_id, reasons FROM event ORDER BY id DESC")[
        0
    ]
    return (*found[:4], [reason["code"] for reason in json.loads(found[4])])


def test_the_first_administrator_is_made_once(db, clock):
    assert not has_people()
    session = service.create_first_administrator("孙丽", "Admin", PASSWORD, clock)
    assert has_people()
    assert session.actor.login == "admin"
    assert session.actor.roles == {Role.ADMINISTRATOR}
    with pytest.raises(NotAllowed) as refusal:
        service.create_first_administrator("李强", "second", PASSWORD, clock)
    assert codes(refusal) == ["reason.people_exist"]
    assert rows("SELECT login FROM person") == [("admin",)]


def test_what_the_program_asks_of_who_guesses_a_password():
    """In a process of its own: the tests themselves hash at the least cost."""
    ask = "from chemsales.services import passwords; print(passwords.hash_of('x'))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    _, kind, _version, costs, *_ = done.stdout.split("$")
    asked = {name: int(cost) for name, cost in (each.split("=") for each in costs.split(","))}
    assert kind == "argon2id"
    assert asked["m"] >= 65_536 and asked["t"] >= 3  # KiB, rounds


def test_a_hash_of_less_cost_is_made_anew_at_the_next_signing_in(sqlite_ready, clock, monkeypatch):
    def stored() -> str:
        return str(rows("SELECT password_hash FROM person WHERE login = 'sales'")[0][0])

    weak = stored()
    dearer = PasswordHasher(time_cost=1, memory_cost=16, parallelism=2)
    monkeypatch.setattr(passwords, "_hasher", lambda: dearer)
    service.authenticate("sales", PASSWORD, clock)
    assert passwords.is_outdated(weak) and not passwords.is_outdated(stored())
    made = stored()
    service.authenticate("sales", PASSWORD, clock)
    assert stored() == made


@pytest.mark.parametrize(("login", "_name", "role"), PEOPLE)
def test_everybody_signs_in_with_the_own_role(sqlite_ready, clock, login, _name, role):
    session = service.authenticate(f"  {login.upper()} ", PASSWORD, clock)
    assert session.actor.login == login
    assert session.actor.roles == {role}
    assert not session.must_change


def test_a_wrong_password_an_unknown_login_and_an_inactive_one_read_alike(ready, as_role, clock):
    service.set_active(as_role(Role.ADMINISTRATOR), "am2", False, 1)
    for login, who in (("am", "am"), ("nobody", "?"), ("am2", "am2"), ("x" * 200, "?")):
        password = PASSWORD if login == "am2" else "wrong"
        with pytest.raises(NotAllowed) as refusal:
            service.authenticate(login, password, clock)
        assert codes(refusal) == ["reason.login_refused"]
        assert last_event() == (
            "people._sign_in",
            "refused",
            who,
            login[:64],
            ["reason.login_refused"],
        )


def test_failures_slow_a_login_down_and_success_forgets_them(ready, clock):
    for _ in range(5):
        with pytest.raises(NotAllowed) as refusal:
            service.authenticate("am", "wrong", clock)
    assert codes(refusal) == ["reason.login_refused"]
    with pytest.raises(NotAllowed) as refusal:
        service.authenticate("am", PASSWORD, clock)
    assert codes(refusal) == ["reason.login_wait"]
    assert refusal.value.reasons[0].params == {"seconds": 2}
    clock.advance(seconds=1)
    assert service.authenticate("am", PASSWORD, clock).actor.login == "am"
    assert rows("SELECT failures, locked_until FROM person WHERE login = 'am'") == [(0, None)]


def test_guesses_at_the_old_password_are_slowed_down_like_any_other(ready, as_role, clock):
    """At a desk that somebody left, who wants the password itself."""
    session = as_role(Role.ACCOUNT_MANAGER)
    seen = []
    for _ in range(6):
        with pytest.raises(NotAllowed) as refusal:
            service.change_password(session, "wrong", NEW)
        seen += codes(refusal)
    assert seen == ["reason.login_refused"] * 5 + ["reason.login_wait"]
    with pytest.raises(NotAllowed) as refusal:
        service.change_password(session, PASSWORD, NEW)
    assert codes(refusal) == ["reason.login_wait"]
    clock.advance(seconds=1)
    assert service.change_password(session, PASSWORD, NEW).value.actor == session.actor
    assert rows("SELECT failures, locked_until FROM person WHERE login = 'am'") == [(0, None)]


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 16), (10, 30), (99, 30), (100, 3600)],
)
def test_the_wait_grows(failures, seconds):
    assert wait_after(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("fourteen chars", "reason.password_short"),
        ("x y " * 80, "reason.password_long"),
        ("correct horse battery staple", "reason.password_common"),
        ("PasswordPassword", "reason.password_common"),
        ("password2026202620", "reason.password_common"),
        ("aaaaaaaaaaaaaaaaaa", "reason.password_common"),
        ("abcabcabcabcabcabc", "reason.password_common"),
        ("12345678901234567", "reason.password_common"),
        ("qwertyuiopasdfghjkl", "reason.password_common"),
        ("ａｄｍｉｎｉｓｔｒａｔｏｒ123", "reason.password_common"),
        ("new.person new.person", "reason.password_common"),
        ("海河边的蓝色货车停了一夜没有开走", None),
        ("a sentence will do", None),
    ],
)
def test_passwords_are_long_and_not_common(sqlite_ready, as_role, password, code):
    def create():
        service.create_person(
            as_role(Role.ADMINISTRATOR), "new.person", "新人", {Role.FINANCE}, password
        )

    if code is None:
        create()
        return
    with pytest.raises(Invalid) as refusal:
        create()
    assert codes(refusal) == [code]
    assert refusal.value.problems[0].place == "password"


def test_a_given_password_is_good_for_nothing_but_its_change(ready, as_role, clock):
    admin = as_role(Role.ADMINISTRATOR)
    given = service.reset_password(admin, "sales").value
    session = service.authenticate("sales", given, clock)
    assert session.must_change
    assert session.actor.roles == frozenset()
    with pytest.raises(NotAllowed):
        products.add_group(session, "X", "x")
    with pytest.raises(Invalid) as refusal:
        service.change_password(session, given, given)
    assert codes(refusal) == ["reason.password_same"]
    with pytest.raises(NotAllowed) as refusal:
        service.change_password(session, "wrong", NEW)
    assert codes(refusal) == ["reason.login_refused"]
    changed = service.change_password(session, given, NEW).value
    assert changed.actor.roles == {Role.SALES_HEAD}
    assert not service.authenticate("sales", NEW, clock).must_change


def test_no_password_and_no_hash_is_in_the_history(ready, as_role, clock):
    given = service.reset_password(as_role(Role.ADMINISTRATOR), "sales").value
    service.change_password(service.authenticate("sales", given, clock), given, NEW)
    history = str(rows("SELECT * FROM change")) + str(rows("SELECT * FROM event"))
    for secret in (given, NEW, PASSWORD, "argon2", "password_hash"):
        assert secret not in history


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ({Role.ADMINISTRATOR, Role.FINANCE}, "reason.role_must_stand_alone"),
        ({Role.AUDITOR, Role.ACCOUNT_MANAGER}, "reason.role_must_stand_alone"),
        ({Role.SALES_HEAD, Role.FINANCE}, "reason.roles_of_two_stages"),
        ({Role.SALES_HEAD, Role.GENERAL_MANAGER}, "reason.roles_of_two_stages"),
        (set(), "reason.role_missing"),
    ],
)
def test_roles_that_exclude_each_other(ready, as_role, roles, code):
    admin = as_role(Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed) as refusal:
        service.set_roles(admin, "am2", roles, 1)
    assert code in codes(refusal)
    with pytest.raises(NotAllowed):
        service.create_person(admin, "new", "新人", roles, NEW)
    assert rows("SELECT role FROM person_role WHERE login = 'am2'") == [("account_manager",)]


def test_roles_change_at_once_and_only_by_another_administrator(ready, as_role, clock):
    admin = as_role(Role.ADMINISTRATOR)
    am2 = service.authenticate("am2", PASSWORD, clock)
    service.set_roles(admin, "am2", {Role.FINANCE}, 1)
    with pytest.raises(Conflict):
        service.set_roles(admin, "am2", {Role.AUDITOR}, 1)
    with pytest.raises(NotAllowed) as refusal:
        service.set_roles(admin, "admin", {Role.SALES_HEAD}, 1)
    assert codes(refusal) == ["reason.not_for_oneself"]
    with pytest.raises(NotFound):
        service.set_roles(admin, "nobody", {Role.FINANCE}, 1)
    with pytest.raises(NotAllowed) as refusal:
        save_draft(am2, draft_of("旧窗口化工有限公司"))
    assert codes(refusal) == ["reason.rights_changed"]
    assert service.authenticate("am2", PASSWORD, clock).actor.roles == {Role.FINANCE}


@pytest.mark.parametrize("login", ["", "a", "a b", "x/y", "q" * 65, "am\n"])
def test_logins_have_a_form(sqlite_ready, as_role, login):
    with pytest.raises(Invalid) as refusal:
        service.create_person(as_role(Role.ADMINISTRATOR), login, "新人", {Role.FINANCE}, NEW)
    assert refusal.value.problems[0].place == "login"


def test_a_login_is_given_once_whatever_its_case(ready, as_role):
    with pytest.raises(Invalid) as refusal:
        service.create_person(as_role(Role.ADMINISTRATOR), "ＡＭ", "新人", {Role.FINANCE}, NEW)
    assert codes(refusal) == ["reason.login_taken"]


def test_the_list_of_people(ready, as_role):
    found = people(as_role(Role.ADMINISTRATOR).actor)
    assert [row.login for row in found] == sorted(login for login, _, _ in PEOPLE)
    assert {row.login: row.roles for row in found}["gm"] == (Role.GENERAL_MANAGER,)
    with pytest.raises(NotAllowed):
        people(as_role(Role.SALES_HEAD).actor)


def test_eight_guesses_at_once_count_eight(ready, clock):
    def guess():
        service.authenticate("gm", "wrong", Clock())

    outcomes = race([guess] * 8)
    assert all(isinstance(outcome, NotAllowed) for outcome in outcomes)
    assert rows("SELECT failures FROM person WHERE login = 'gm'")[0][0] == 5


def test_a_login_that_nobody_has_writes_nothing(ready, clock):
    ghost = Session(Actor("ghost", "无此人", frozenset({Role.SALES_HEAD})), clock)
    with pytest.raises(NotAllowed) as refusal:
        products.add_group(ghost, "ZZ", "其他")
    assert codes(refusal) == ["reason.rights_changed"]
    assert rows("SELECT count(*) FROM product_group WHERE code = 'ZZ'") == [(0,)]


def test_a_new_password_signs_nothing_until_a_second_person_confirms(ready, as_role):
    am, admin = as_role(Role.ACCOUNT_MANAGER), as_role(Role.ADMINISTRATOR)
    key = make_application(am, draft_of("甲化工"))
    submit(am, key)
    service.reset_password(admin, "sales")
    assert {row.login: row.reset_by for row in people(admin.actor)}["sales"] == ("admin",)
    sales = as_role(Role.SALES_HEAD)
    reasons = accreditation.blockers(sales.actor, key, Verdict.APPROVE, sales.today())
    assert [reason.code for reason in reasons] == ["reason.server_reset_unconfirmed"]
    with pytest.raises(NotAllowed) as refusal:
        decide(sales, key, comment="同意")
    assert codes(refusal) == ["reason.server_reset_unconfirmed"]
    with pytest.raises(NotAllowed) as refusal:
        service.confirm_reset(admin, "sales")
    assert codes(refusal) == ["reason.reset_second_person"]
    service.confirm_reset(as_role(Role.AUDITOR), "sales")
    assert last_event()[:4] == ("people.confirm_reset", "done", "auditor", "sales")
    with pytest.raises(Conflict):
        service.confirm_reset(as_role(Role.AUDITOR), "sales")
    decide(sales, key, comment="同意")


def test_the_tables_themselves_hold_a_reset(ready, as_role):
    admin = as_role(Role.ADMINISTRATOR)
    service.reset_password(admin, "sales")

    @use_case(None)
    def change(op: Operation, sql: str) -> None:
        op.record(Subject.PEOPLE, "x")
        execute(sql)

    for by in ("admin", "sales"):
        with pytest.raises(Conflict):
            change(
                admin,
                f"UPDATE credential_reset SET confirmed_by = '{by}', confirmed_at = 'now'",
            )
    with pytest.raises(Conflict):
        change(admin, "DELETE FROM credential_reset")
    with pytest.raises(Conflict):
        change(
            admin,
            "INSERT INTO credential_reset (login, reset_by, reset_at, confirmed_by, confirmed_at) "
            "VALUES ('gm', 'admin', 'now', 'auditor', 'now')",
        )
