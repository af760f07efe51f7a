"""G1: rule, service on SQLite, service on PostgreSQL and the person's own login judge alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import peewee
import pytest

from chemsales.rules.approval import Verdict
from chemsales.rules.errors import ChemsalesError, Forbidden
from chemsales.rules.roles import PERMISSIONS, Action, Actor, Role
from chemsales.services import accreditation, operation
from chemsales.services.operation import _refused_by_database
from chemsales.services.session import Session, utc_now
from chemsales.storage.database import database, is_sqlite
from tests import conftest
from tests.factory import PEOPLE, version_of
from tests.security import world
from tests.security.conftest import signed_in
from tests.security.deeds import DEEDS, NOT_BY_TABLES
from tests.security.world import HOLDER, World

ALLOWED, FORBIDDEN = "allowed", "forbidden"


def test_every_action_has_a_deed_or_is_known_to_write_no_table():
    assert set(DEEDS) | NOT_BY_TABLES == set(Action)
    assert not set(DEEDS) & NOT_BY_TABLES


def verdict(deed: Callable[[], object]) -> str:
    """What becomes of a deed, all its deferred rules included; nothing of it stays."""
    with database.atomic() as step:
        try:
            deed()
            if not is_sqlite():
                database.execute_sql("SET CONSTRAINTS ALL IMMEDIATE")
            return ALLOWED
        except Forbidden as refusal:
            return f"{FORBIDDEN}: {refusal.reasons[0].code}"
        except ChemsalesError as refusal:
            return str(refusal)
        except peewee.DatabaseError as error:
            refused = _refused_by_database(error)
            return f"{FORBIDDEN}: {refused.reasons[0].code}" if refused else str(error)
        finally:
            step.rollback()


def honest(role: Role, action: Action, found: World) -> str:
    """As the program does it for a person of this role."""
    session = Session(Actor(HOLDER[role], "某人", frozenset({role})), utc_now)
    return verdict(lambda: DEEDS[action](session, found))


def expected(role: Role, action: Action) -> str:
    return ALLOWED if role in PERMISSIONS[action] else FORBIDDEN


def compared(judge: Callable[[Role, Action, World], str], role: Role) -> list[tuple[str, str]]:
    """The actions that come out otherwise than the table of permissions says."""
    found = world.look()
    said = {action: judge(role, action, found) for action in DEEDS}
    return [
        (str(action), how)
        for action, how in said.items()
        if how.partition(":")[0] != expected(role, action)
    ]


@pytest.fixture(scope="module")
def sqlite_world(sqlite_template):
    return f"sqlite:///{sqlite_template('world')}"


@pytest.mark.parametrize("role", Role)
def test_the_service_on_sqlite_judges_as_the_table(sqlite_world, role):
    with conftest.opened(sqlite_world):
        assert not compared(honest, role)


@pytest.mark.parametrize("role", Role)
def test_the_service_on_a_server_judges_as_the_table(server_url, role):
    with signed_in(server_url, HOLDER[role]):
        assert not compared(honest, role)


@pytest.mark.parametrize("role", Role)
def test_the_server_judges_as_the_table_whatever_the_program_claims(server_url, role, monkeypatch):
    """A program that lies about person and roles: the statements are those of a rightful person,
    the login is not. Every refusal is the server's own."""
    monkeypatch.setattr(operation, "_check_still_holds", lambda actor: None)

    def lying(role: Role, action: Action, found: World) -> str:
        rightful = role if role in PERMISSIONS[action] else min(PERMISSIONS[action])
        how = honest(rightful, action, found)
        assert how == ALLOWED or "reason.server_" in how, (action, how)
        return how

    with signed_in(server_url, HOLDER[role]):
        assert not compared(lying, role)


STAGES = (Role.SALES_HEAD, Role.FINANCE, Role.GENERAL_MANAGER)


@pytest.mark.parametrize("login", [login for login, _, _ in PEOPLE])
def test_every_stage_is_signed_by_its_own_role_alone(server_url, login, monkeypatch):
    monkeypatch.setattr(operation, "_check_still_holds", lambda actor: None)
    own = next(role for who, _, role in PEOPLE if who == login)
    with signed_in(server_url, login):
        found = world.look()
        for place, stage in enumerate(STAGES):
            claimed = Session(Actor(HOLDER[stage], "某人", frozenset({stage})), utc_now)
            for given in (Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT):
                how = verdict(partial(_decide, claimed, found.waiting[place], given))
                assert (how == ALLOWED) is (own is stage), (stage, given, how)
                assert how == ALLOWED or "reason.server_" in how, how


def _decide(session: Session, key: int, given: Verdict) -> None:
    accreditation.decide(session, key, version_of(key), given, "意见")
