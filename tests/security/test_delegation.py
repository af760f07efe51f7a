"""C7.2 on a server: a delegate's own login signs for the principal, and does no more than that."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import psycopg
import pytest

from chemsales.queries.approval import queue
from chemsales.queries.delegation import load_acting
from chemsales.rules.approval import Verdict
from chemsales.rules.errors import Conflict
from chemsales.rules.roles import Action, Role
from chemsales.services import (
    accreditation,
    customer_change,
    delegation,
    disqualification,
    licences,
    server,
    settings,
)
from chemsales.storage.database import connected, rows
from chemsales.storage.security import install, lint
from tests.conftest import opened
from tests.factory import PASSWORD, version_of
from tests.factory_customer_change import change_version
from tests.factory_disqualification import case_version
from tests.factory_licences import licence_version
from tests.security import world
from tests.security.conftest import address, signed_in
from tests.security.deeds import DEEDS
from tests.security.hostile import STAMP, Hostile
from tests.security.test_hostile import attempt, note, person
from tests.security.test_matrix import ALLOWED, FORBIDDEN, verdict
from tests.security.test_rows import agents_told

DEPUTY = "am2"
MEMBERS = "SELECT u.rolname FROM pg_auth_members m JOIN pg_roles u ON u.oid = m.member " \
          "WHERE u.rolname <> 'chemsales_rolemgr' " \
          "AND m.roleid = 'chemsales_delegate'::regrole"  # fmt: skip


def give(url: str, login: str, role: Role) -> int:
    """What this person delegates to the deputy with the own login: today and tomorrow."""
    with signed_in(url, login) as session:
        today = session.today()
        last = today + timedelta(days=1)
        return delegation.delegate(session, DEPUTY, role, today, last, "出差").value


def take_back(url: str) -> None:
    """The rights of a delegate are those of the cluster: what a test gives it takes away."""
    with opened(url), connected():
        for (login,) in rows(MEMBERS):
            install.run(f"REVOKE chemsales_delegate FROM {login} GRANTED BY chemsales_rolemgr")


@pytest.fixture(scope="module", autouse=True)
def without_traces(server_url):
    """The next module finds no delegates."""
    yield
    take_back(server_url)


@pytest.fixture(scope="module")
def delegated(server_url):
    """A server on which finance and general manager have delegated to an account manager."""
    give(server_url, "finance", Role.FINANCE)
    give(server_url, "gm", Role.GENERAL_MANAGER)
    return server_url


@pytest.fixture
def found(delegated):
    with opened(delegated):
        return world.look()


@pytest.fixture(params=["", "on"], ids=["sees all", "sees own only"])
def own_only(delegated, request):
    with signed_in(delegated, "admin") as admin:
        settings.set_value(admin, "am_sees_own_only", request.param)
    yield delegated
    with signed_in(delegated, "admin") as admin:
        settings.set_value(admin, "am_sees_own_only", "")


def decide(session, key, given):
    return accreditation.decide(session, key, version_of(key), given, "意见")


def test_c10_3_who_signs_for_the_general_manager_is_told_of_an_agent_once(own_only):
    (told,) = agents_told(own_only, "sales")
    assert agents_told(own_only, DEPUTY) == [told]


@pytest.mark.parametrize("given", [Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT])
def test_the_delegates_login_decides_at_the_principals_stages_alone(own_only, found, given):
    with signed_in(own_only, DEPUTY) as session:
        waits = [row.key for row in queue(load_acting(session.actor, session.today()))]
        papers = [("licence", found.papers[1])]
        proposals = [("disqualification", key) for key in found.proposals[1:]]
        changes = [("customer_change", found.change)]
        applications = [("accreditation", key) for key in found.waiting[1:]]
        assert waits == [*applications, *papers, *proposals, *changes]
        said = [verdict(lambda key=key: decide(session, key, given)) for key in found.waiting]
    assert said[1:] == [ALLOWED, ALLOWED]
    assert said[0] != ALLOWED


def test_the_delegates_login_cancels_a_qualification(own_only, found):
    with signed_in(own_only, DEPUTY) as session:
        key = found.proposals[2]
        version = case_version(key)
        given = (session, key, version, Verdict.APPROVE, "同意")
        assert verdict(lambda: disqualification.decide(*given)) == ALLOWED


def test_the_delegates_login_accepts_a_change_of_a_file(own_only, found):
    with signed_in(own_only, DEPUTY) as session:
        version = change_version(found.change)
        given = (session, found.change, version, Verdict.APPROVE, "同意")
        assert verdict(lambda: customer_change.decide(*given)) == ALLOWED


def test_another_login_gains_nothing_by_the_delegation(delegated, found):
    with signed_in(delegated, "am") as session:
        for key in found.waiting:
            how = verdict(lambda key=key: decide(session, key, Verdict.APPROVE))
            assert how == f"{FORBIDDEN}: reason.role_lacks_action"


def signature(application: int, stage: str, principal: str) -> str:
    return (
        "INSERT INTO decision (case_id, round, stage, verdict, signer, signer_name, signed_at, "
        "comment, seen_version, snapshot_hash, edition, on_behalf_of) SELECT c.id, c.round, "
        f"'{stage}', 'approve', 'x', 'x', '{STAMP}', 'ok', c.version, c.snapshot_hash, 1, "
        f"'{principal}' FROM approval_case c WHERE c.chain = 'accreditation' "
        f"AND c.subject_id = {application}"
    )


def given_to(who: str, role: str) -> str:
    return (
        "INSERT INTO delegation (principal, delegate, role, first_day, last_day, reason, made_at) "
        f"VALUES ('gm', '{who}', '{role}', '2099-01-01', '2099-01-02', 'x', '{STAMP}')"
    )


def statements(found: world.World) -> list[tuple[str, str, str]]:
    """Login, statement, how it is refused: forged principals, others' delegations, and what a
    delegate's rights are good for beside a signature."""
    sales, finance, last = found.waiting
    customer = (
        "INSERT INTO customer (name, code, status, manager, case_id, application_id, "
        "accredited_on) SELECT name, 'C99999', 'accredited', manager, case_id, id, '2020-01-01' "
        f"FROM application WHERE id = {last}"
    )
    return [
        (DEPUTY, signature(finance, "finance", ""), "CS002"),
        (DEPUTY, signature(last, "general_manager", ""), "CS002"),
        (DEPUTY, signature(sales, "sales", "sales"), "CS002"),
        (DEPUTY, signature(sales, "sales", "finance"), "CS002"),
        (DEPUTY, signature(finance, "finance", "gm"), "P0001"),
        (DEPUTY, signature(finance, "finance", "sales"), "P0001"),
        (DEPUTY, signature(finance, "finance", DEPUTY), "P0001"),
        (DEPUTY, signature(last, "general_manager", "finance"), "P0001"),
        (DEPUTY, signature(finance, "applicant", "finance"), "P0001"),
        (DEPUTY, signature(finance, "finance", "finance"), "CS004"),  # and leaves the case there
        ("am", signature(finance, "finance", "finance"), "CS002"),
        ("gm", signature(finance, "finance", "finance"), "CS002"),
        ("finance", signature(finance, "finance", "gm"), "CS002"),
        (DEPUTY, customer, "CS006"),
        (DEPUTY, f"UPDATE application SET customer_id = 1, version = version + 1 WHERE id = {last}",
         "P0001"),
        (DEPUTY, f"UPDATE application SET bank = 'x', version = version + 1 WHERE id = {last}",
         "CS003"),
        (DEPUTY, "UPDATE application SET state = 'accredited', version = version + 1 "
         f"WHERE id = {last}", "P0001"),
        (DEPUTY, "INSERT INTO customer_class (customer_id, group_code, customer_class, from_day, "
         "edition) VALUES (1, 'PO', 'direct', '2026-01-01', 1)", "CS002"),
        (DEPUTY, "INSERT INTO customer_contact (customer_id, kind, name) VALUES (1, 'k', 'x')",
         "CS003"),
        (DEPUTY, "UPDATE customer SET version = version", "CS004"),
        (DEPUTY, given_to("am", "general_manager"), "42501"),
        ("admin", given_to(DEPUTY, "general_manager"), "42501"),
        ("auditor", given_to(DEPUTY, "general_manager"), "42501"),
        ("finance", given_to("am", "general_manager"), "CS002"),
        ("gm", given_to("gm", "general_manager"), "23514"),
        ("gm", given_to("admin", "general_manager"), "P0001"),
        ("finance", "UPDATE delegation SET revoked_by = 'gm', revoked_at = 'x' "
         "WHERE role = 'general_manager'", "CS003"),
        ("admin", "UPDATE delegation SET revoked_by = 'gm', revoked_at = 'x'", "42501"),
        (DEPUTY, "UPDATE delegation SET revoked_by = 'gm', revoked_at = 'x'", "42501"),
        ("gm", "UPDATE delegation SET last_day = '2099-01-01'", "42501"),
        ("gm", "SELECT chemsales_role_grant('am', 'delegate', true)", "42501"),
        ("gm", "SELECT chemsales_delegated('finance')", "42501"),
    ]  # fmt: skip


def test_forged_principals_and_other_uses_of_a_delegation_are_refused(delegated, found):
    wrong = []
    for login, sql, expected in statements(found):
        with person(delegated, login) as link:
            happened = attempt(link, Hostile(sql))
        if happened != expected:
            wrong.append(f"{login}: {happened} instead of {expected}: {sql}")
    assert not wrong, "\n".join(wrong)


def test_the_principal_is_the_login_whatever_a_statement_says(delegated):
    with person(delegated, "sales") as link, link.transaction(force_rollback=True):
        link.execute("SELECT set_config('chemsales.event', 'stamped', true)")
        link.execute(given_to("am", "sales_head"))
        (made,) = link.execute(
            "SELECT principal, made_at > '2026' FROM delegation WHERE delegate = 'am'"
        ).fetchall()
    assert made == ("sales", True)


def test_a_delegates_rights_are_no_finding_and_come_back_with_the_set_up(delegated):
    with opened(delegated), connected():
        assert not [each for each in lint.lint() if each.wrong and "member" in str(each.wrong)]
    take_back(delegated)
    with opened(delegated), connected():
        server.install()
        assert rows(MEMBERS) == [(DEPUTY,)]


def standing(url: str) -> list[tuple[int, str, str]]:
    with opened(url), connected():
        return rows("SELECT id, principal, role FROM delegation WHERE revoked_at IS NULL")


def revoke_all(url: str) -> list[tuple[int, str, str]]:
    found = standing(url)
    for key, login, _ in found:
        with signed_in(url, login) as session:
            delegation.revoke(session, key)
    return found


@pytest.fixture
def alone(server_url):
    """A server on which nothing is delegated; what was before is delegated again afterwards."""
    before = revoke_all(server_url)
    yield server_url
    revoke_all(server_url)
    for _, login, role in before:
        give(server_url, login, Role(role))


@pytest.fixture
def kept_apart(alone):
    """Where account managers see their own alone."""
    with signed_in(alone, "admin") as admin:
        settings.set_value(admin, "am_sees_own_only", "on")
    yield alone
    with signed_in(alone, "admin") as admin:
        settings.set_value(admin, "am_sees_own_only", "")


SIGHT = "SELECT 'application', id FROM application UNION ALL SELECT 'customer', id FROM customer " \
        "UNION ALL SELECT 'words', customer_id FROM customer_words " \
        "UNION ALL SELECT 'part', application_id FROM application_words"  # fmt: skip


def seen(url: str, login: str) -> set[tuple[str, int]]:
    with person(url, login) as link:
        return set(link.execute(SIGHT).fetchall())


def touched(url: str, login: str, sql: str) -> int:
    with person(url, login) as link, link.transaction(force_rollback=True):
        link.execute("SELECT set_config('chemsales.event', 'touched', true)")
        return link.execute(sql).rowcount


def test_a_delegate_sees_and_writes_what_the_signature_needs(kept_apart, found):
    words = "UPDATE customer_words SET words = words"
    own, own_words = seen(kept_apart, DEPUTY), touched(kept_apart, DEPUTY, words)
    review = {(kind, key) for key in found.waiting for kind in ("application", "part")}
    all_seen = seen(kept_apart, "gm")
    customers = {each for each in all_seen if each[0] in ("customer", "words")}
    assert customers - own
    papers = (*found.customers[:2], *found.accused)
    of_papers = {(kind, key) for kind in ("customer", "words") for key in papers}
    for login, role, sees, writes in (
        ("finance", Role.FINANCE, of_papers, own_words),
        ("sales", Role.SALES_HEAD, customers, own_words),
        ("gm", Role.GENERAL_MANAGER, customers, touched(kept_apart, "gm", words)),
    ):
        give(kept_apart, login, role)
        more = seen(kept_apart, DEPUTY) - own
        assert review - own <= more
        assert more & customers == sees - own, login
        assert touched(kept_apart, DEPUTY, words) == writes, login
        if role is Role.SALES_HEAD:
            with signed_in(kept_apart, DEPUTY) as session:
                assert verdict(lambda s=session: DEEDS[Action.EVALUATION_SIGN](s, found)) == ALLOWED
        if role is Role.FINANCE:
            with signed_in(kept_apart, DEPUTY) as session:
                key = found.papers[1]
                given = (key, licence_version(key), Verdict.APPROVE)
                assert verdict(lambda s=session, g=given: licences.decide(s, *g)) == ALLOWED
        revoke_all(kept_apart)
        assert seen(kept_apart, DEPUTY) == own, login


def test_the_rights_of_a_delegate_are_good_for_nothing_without_a_delegation(alone):
    with signed_in(alone, "gm") as session:
        today = session.today()
        given = delegation.delegate(
            session, "finance", Role.GENERAL_MANAGER, today, today, "出差"
        ).value
        delegation.revoke(session, given)
    insert = "INSERT INTO customer_words SELECT * FROM customer_words LIMIT 1"
    assert tried(alone, "finance", insert) == "42501"


def test_after_the_revocation_the_login_signs_and_sees_no_more(kept_apart, found):
    own, sale = seen(kept_apart, DEPUTY), found.waiting[0]
    key = give(kept_apart, "sales", Role.SALES_HEAD)
    with signed_in(kept_apart, DEPUTY) as session:
        assert verdict(lambda: decide(session, sale, Verdict.APPROVE)) == ALLOWED
        version = version_of(sale)
    assert seen(kept_apart, DEPUTY) > own
    with signed_in(kept_apart, "sales") as sales:
        delegation.revoke(sales, key)
    with signed_in(kept_apart, DEPUTY) as session:
        how = verdict(lambda: accreditation.decide(session, sale, version, Verdict.APPROVE, "意见"))
    assert how == f"{FORBIDDEN}: reason.role_lacks_action"
    assert seen(kept_apart, DEPUTY) == own
    with person(kept_apart, DEPUTY) as link:
        assert attempt(link, Hostile(signature(sale, "sales", "sales"))) == "CS002"


def begun(url: str, login: str, sql: str) -> psycopg.Connection:
    """A transaction of this person that has run a statement and is not ended yet."""
    link, key = psycopg.connect(address(url), user=login, password=PASSWORD), uuid.uuid4().hex
    link.execute("SELECT set_config('chemsales.event', %s, true)", (key,))
    link.execute(sql)
    note(link, key)
    return link


def second(url: str, work: Callable[[], object], first: psycopg.Connection) -> object:
    """How a work ends that begins while `first` is not ended; that commits once the work waits."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' " \
              "AND datname = current_database()"  # fmt: skip
    with psycopg.connect(url, autocommit=True) as owner, ThreadPoolExecutor(1) as pool:
        told = pool.submit(work)
        while not told.done() and not owner.execute(waiting).fetchall():
            pass
        first.commit()
        first.close()
        return told.exception(60) or told.result()


def tried(url: str, login: str, sql: str) -> str:
    with person(url, login) as link:
        return attempt(link, Hostile(sql))


@pytest.fixture
def revoking(server_url):
    """The sales head delegates, and revokes it in a transaction that is not ended yet."""
    key = give(server_url, "sales", Role.SALES_HEAD)
    return key, begun(
        server_url,
        "sales",
        f"UPDATE delegation SET revoked_by = 'x', revoked_at = 'x' WHERE id = {key}",
    )


def test_a_signature_waits_for_a_revocation_that_is_not_committed(server_url, found, revoking):
    signing = partial(tried, server_url, DEPUTY, signature(found.waiting[0], "sales", "sales"))
    assert second(server_url, signing, revoking[1]) == "CS002"


def test_of_two_revocations_at_once_the_second_is_told(server_url, revoking):
    def revoke(session, key):
        with connected():
            return delegation.revoke(session, key)

    with signed_in(server_url, "sales") as sales:
        told = second(server_url, partial(revoke, sales, revoking[0]), revoking[1])
    assert isinstance(told, Conflict), told


def test_of_two_delegations_of_the_same_days_at_once_one_stands(server_url):
    first = begun(server_url, "sales", given_to("am", "sales_head"))
    other = partial(tried, server_url, "sales", given_to(DEPUTY, "sales_head"))
    assert second(server_url, other, first) == "P0001"
