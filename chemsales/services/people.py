"""Logins: the first administrator, signing in with a throttle, roles, passwords."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Collection
from datetime import datetime

from chemsales.pinyin import sort_key
from chemsales.queries.delegation import load_received
from chemsales.queries.people import has_passwords
from chemsales.rules.delegation import may_receive
from chemsales.rules.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    Reason,
)
from chemsales.rules.passwords import normalise, wait_after
from chemsales.rules.roles import Action, Actor, Role, role_conflicts
from chemsales.rules.text import clean_line
from chemsales.services import passwords
from chemsales.services.changes import Changed, Subject
from chemsales.services.operation import Operation, use_case
from chemsales.services.session import Session
from chemsales.storage.database import (
    check_password,
    connected,
    is_person,
    is_sqlite,
    locking,
    rows,
    use_password,
)
from chemsales.storage.models.people import CredentialReset, Person, PersonRole

_LOGIN = re.compile(r"[\w.@-]{2,64}")


def _person(login: str) -> Person | None:
    """The row of a login; on a server with logins of its own nobody reads a hash."""
    fields = Person._meta.sorted_fields
    shown = [each for each in fields if each.name != "password_hash"] if is_person() else fields
    found: Person | None = Person.select(*shown).where(Person.login == login).first()
    return found


def create_first_administrator(
    name: str, login: str, password: str, clock: Callable[[], datetime]
) -> Session:
    """Create the login with which everything begins; NotAllowed as soon as anybody has one."""
    actor = Actor(_login(login), name, frozenset({Role.ADMINISTRATOR}))
    session = Session(actor, clock)
    _create_first(session, name, password)
    return session


@use_case(None)
def _create_first(op: Operation, name: str, password: str) -> str:
    if rows("SELECT 1 FROM person LIMIT 1"):
        raise NotAllowed(Reason("reason.people_exist"))
    return _insert(op, op.actor.login, name, {Role.ADMINISTRATOR}, password, False)


def begin_again(login: str, password: str, clock: Callable[[], datetime]) -> Session:
    """Give an administrator the first password of a file that came from a server with logins of its
    own, in which nobody has one; the others get theirs as after any reset.

    NotAllowed as soon as anybody has a password, Forbidden for who is no active administrator,
    Invalid for a bad password.
    """
    actor = Actor(typed_login(login), "", frozenset({Role.ADMINISTRATOR}))
    return _begin_again(Session(actor, clock), password).value


@use_case(None)
def _begin_again(op: Operation, password: str) -> Session:
    login = op.actor.login
    if not is_sqlite() or has_passwords():
        raise NotAllowed(Reason("reason.people_exist"))
    person = _person(login)
    if person is None or not person.active or Role.ADMINISTRATOR not in _roles_of(login):
        raise Forbidden(Reason("reason.login_refused", {}, "C5.1"))
    passwords.check(password, login)
    _update(
        login,
        password_hash=passwords.hash_of(password),
        must_change=False,
        failures=0,
        locked_until=None,
    )
    op.record(Subject.PEOPLE, login, "C5.1")
    person.must_change = False
    return _session(op, person)


def authenticate(login: str, password: str, clock: Callable[[], datetime]) -> Session:
    """The session of the person with this login and password; Forbidden with its reason otherwise.

    Failures are counted and slow the login down (`wait_after`); each is an audit event. A person
    whose password was given by an administrator gets a session without roles (`must_change`), good
    for nothing but `change_password`.
    """
    typed = typed_login(login)
    known = bool(rows("SELECT 1 FROM person WHERE login = ?", (typed,)))
    nobody = Session(Actor(typed if known else "?", "", frozenset()), clock)
    outcome = _sign_in(nobody, typed, password).value
    if isinstance(outcome, Reason):
        raise Forbidden(outcome)
    return outcome


@use_case(None)
def _sign_in(op: Operation, login: str, password: str) -> Session | Reason:
    """The session, or the reason of the refusal (not raised here, so that its traces stay)."""
    rows("SELECT 1 FROM person WHERE login = ?" + locking(), (login,))  # one guess at a time
    person = _person(login)
    if person is None or not person.active:
        passwords.matches(passwords.unknown_hash(), password)
        return _refuse(op, login, Reason("reason.login_refused"))
    if (refusal := _guessed(op, person, password)) is not None:
        return refusal
    changes: dict[str, object] = {}
    if person.failures:
        changes = {"failures": 0, "locked_until": None}
    if passwords.is_outdated(person.password_hash):
        changes["password_hash"] = passwords.hash_of(password)
    if changes:
        _update(login, **changes)
    op.record(Subject.PEOPLE, login)
    return _session(op, person)


def _guessed(op: Operation, person: Person, password: str) -> Reason | None:
    """Why this password of a person does not count: it is wrong, which slows down the next guess,
    or comes too soon after a wrong one. Recorded where it is refused."""
    if person.locked_until is not None and op.now < person.locked_until:
        seconds = int((person.locked_until - op.now).total_seconds()) + 1
        return _refuse(op, person.login, Reason("reason.login_wait", {"seconds": seconds}))
    if passwords.matches(person.password_hash, password):
        return None
    failures = person.failures + 1
    wait = wait_after(failures)
    _update(person.login, failures=failures, locked_until=op.now + wait if wait else None)
    return _refuse(op, person.login, Reason("reason.login_refused"))


def _session(op: Operation, person: Person) -> Session:
    return _session_of(person, _roles_of(person.login), op.session.clock)


def _session_of(person: Person, held: Collection[str], clock: Callable[[], datetime]) -> Session:
    roles = frozenset[Role]() if person.must_change else frozenset(map(Role, held))
    received = load_received(person.login) if may_receive(roles) else ()
    actor = Actor(person.login, person.name, roles, received)
    return Session(actor, clock, bool(person.must_change))


def typed_login(login: str) -> str:
    """A login as it is stored, out of what a person typed."""
    return unicodedata.normalize("NFKC", login).strip().casefold()[:64]


def enter(login: str, clock: Callable[[], datetime]) -> Session:
    """The session of the person whose own login the server has let in (`authenticate` elsewhere).

    The roles are those that the server itself gives the login. Forbidden for who is no person of
    the program, or holds no role.
    """
    with connected():
        person = _person(login)
        if person is None or not person.active:
            raise Forbidden(Reason("reason.login_refused", {}, "C5.1"))
        held = rows(
            "SELECT role FROM person_role WHERE login = ? "
            "AND pg_has_role(login, 'chemsales_' || role, 'MEMBER')",
            (login,),
        )
    if not held:
        raise Forbidden(Reason("reason.login_without_role", {"name": person.name}, "C5.1"))
    session = _session_of(person, [role for (role,) in held], clock)
    if not session.must_change:  # till then the server takes nothing from the person
        _enter(session)
    return session


@use_case(None)
def _enter(op: Operation) -> None:
    op.record(Subject.PEOPLE, op.actor.login)


def _refuse(op: Operation, login: str, reason: Reason) -> Reason:
    op.record_refusal(Subject.PEOPLE, login, reason)
    return reason


def _roles_of(login: str) -> list[str]:
    return [row[0] for row in rows("SELECT role FROM person_role WHERE login = ?", (login,))]


def _update(login: str, **changes: object) -> None:
    Person.update(**changes).where(Person.login == login).execute()


def _login(login: str) -> str:
    """The stored form of a login: NFKC, lower case; Invalid where it is not one."""
    typed = unicodedata.normalize("NFKC", login).strip().casefold()
    if not _LOGIN.fullmatch(typed):
        raise Invalid(Problem("login", Reason("reason.login_form")))
    return typed


def checked_login(login: str, password: str) -> str:
    """The stored form of a login with a password that may be its; Invalid otherwise."""
    stored = _login(login)
    passwords.check(password, stored)
    return stored


def _insert(
    op: Operation, login: str, name: str, roles: Collection[Role], password: str, must_change: bool
) -> str:
    passwords.check(password, login)
    cleaned = clean_line(name, "name", 100)
    Person.insert(
        login=login,
        name=cleaned,
        sort_key=sort_key(cleaned),
        password_hash=passwords.kept(login, password),
        must_change=must_change,
        created_at=op.now,
    ).execute()
    for role in sorted(roles):
        PersonRole.insert(login=login, role=role).execute()
    op.record(Subject.PEOPLE, login, "C5.1", roles=sorted(roles))
    return login


@use_case(Action.PEOPLE_EDIT)
def create_person(
    op: Operation,
    login: str,
    name: str,
    roles: Collection[Role],
    password: str,
    must_change: bool = True,
) -> str:
    """Give a person a login; its stored form (lower case).

    `must_change`: the password was not chosen by the person, who has to replace it when signing in.
    NotAllowed for roles that exclude each other, Invalid for a bad login, name or password.
    """
    stored = _login(login)
    _check_roles(roles)
    if rows("SELECT 1 FROM person WHERE login = ?", (stored,)):
        raise Invalid(Problem("login", Reason("reason.login_taken", {"login": stored})))
    return _insert(op, stored, name, frozenset(roles), password, must_change)


def _check_roles(roles: Collection[Role]) -> None:
    conflicts = role_conflicts(roles)
    if conflicts:
        raise NotAllowed(*conflicts)


def _other(op: Operation, login: str) -> Person:
    """The person of this login, who is not the one who acts: nobody changes the own rights."""
    person = _person(login)
    if person is None:
        raise NotFound(Reason("reason.person_unknown", {"login": login}))
    if login == op.actor.login:
        raise Forbidden(Reason("reason.not_for_oneself", {}, "C5.1"))
    return person


def _move(person: Person, seen_version: int, **changes: object) -> None:
    touched = (
        Person.update(version=Person.version + 1, **changes)
        .where((Person.login == person.login) & (Person.version == seen_version))
        .execute()
    )
    if touched != 1:
        raise Conflict(Reason("reason.changed_elsewhere", {"what": person.login}))


@use_case(Action.PEOPLE_EDIT)
def set_roles(op: Operation, login: str, roles: Collection[Role], seen_version: int) -> None:
    """Replace the roles of another person; they hold from the next signing in.

    Forbidden for oneself, NotAllowed for roles that exclude each other, Conflict for a stale
    version.
    """
    person = _other(op, login)
    _check_roles(roles)
    _move(person, seen_version)
    before = set(_roles_of(login))
    for role in sorted(before - set(roles)):
        PersonRole.delete().where((PersonRole.login == login) & (PersonRole.role == role)).execute()
    for role in sorted(set(roles) - before):
        PersonRole.insert(login=login, role=role).execute()
    op.record(Subject.PEOPLE, login, "C5.1", before=sorted(before), roles=sorted(roles))


@use_case(Action.PEOPLE_EDIT)
def set_active(op: Operation, login: str, active: bool, seen_version: int) -> None:
    """Allow or forbid another person's login; what the person did stays.

    A server ends what a forbidden login has open.
    """
    _move(_other(op, login), seen_version, active=active)
    op.record(Subject.PEOPLE, login, active=active)
    if is_person() and not active:
        op.afterwards.append(lambda: rows("SELECT chemsales_end_sessions()"))


@use_case(Action.PEOPLE_EDIT)
def reset_password(op: Operation, login: str) -> str:
    """Give another person a random password for one signing in, after which it has to be changed.

    It is told once, as the value; a lock from failures ends. The person signs nothing until a
    second person has confirmed (`confirm_reset`); on a server it holds for a day.
    """
    person = _other(op, login)
    password = secrets.token_urlsafe(15)
    CredentialReset.insert(login=login, reset_by=op.actor.login, reset_at=op.now).execute()
    _move(
        person,
        person.version,
        password_hash=passwords.kept(login, password),
        must_change=True,
        failures=0,
        locked_until=None,
    )
    op.record(Subject.PEOPLE, login)
    return password


@use_case(Action.RESET_CONFIRM)
def confirm_reset(op: Operation, login: str) -> None:
    """Confirm that a person's password was given anew at the person's wish; signing goes on then.

    Forbidden for that person and for whoever gave the password, Conflict where nothing waits.
    """
    waiting = rows(
        "SELECT id, reset_by FROM credential_reset WHERE login = ? AND confirmed_by IS NULL"
        + locking(),
        (login,),
    )
    if not waiting:
        raise Conflict(Reason("reason.reset_not_waiting", {"login": login}))
    if op.actor.login in (login, *(by for _, by in waiting)):
        raise Forbidden(Reason("reason.reset_second_person", {}, "C5.1"))
    CredentialReset.update(confirmed_by=op.actor.login, confirmed_at=op.now).where(
        CredentialReset.id.in_([key for key, _ in waiting])
    ).execute()
    op.record(Subject.PEOPLE, login, "C5.1", reset_by=sorted({by for _, by in waiting}))


def change_password(session: Session, old: str, new: str) -> Changed[Session]:
    """Replace the own password; the session with the person's roles.

    Forbidden where the old one is wrong, which slows down the next guess as when signing in (a
    server slows down its own); Invalid where the new one is short, common or the same.
    """
    outcome = _change_password(session, old, new)
    if isinstance(outcome.value, Reason):
        raise Forbidden(outcome.value)
    return Changed(outcome.value, outcome.subjects, outcome.event, outcome.asked)


@use_case(None)
def _change_password(op: Operation, old: str, new: str) -> Session | Reason:
    """The session, or why the old password does not count (its traces stay)."""
    login = op.actor.login
    person = _person(login)
    if person is None or not person.active:
        raise Forbidden(Reason("reason.login_refused"))
    if is_person():
        check_password(normalise(old))
        op.afterwards.append(lambda: use_password(normalise(new)))
    elif (refusal := _guessed(op, person, old)) is not None:
        return refusal
    if normalise(old) == normalise(new):
        raise Invalid(Problem("password", Reason("reason.password_same")))
    passwords.check(new, login)
    kept = passwords.kept(login, new)
    forgotten = {} if is_person() else {"failures": 0, "locked_until": None}
    changes = {"must_change": False, "version": person.version + 1, **forgotten}
    _update(login, password_hash=kept, **changes)
    op.record(Subject.PEOPLE, login)
    person.must_change = False
    return _session(op, person)
