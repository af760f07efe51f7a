"""C7.2: a signing role is delegated for named days; both names stand on the signature."""

from __future__ import annotations

from datetime import date, timedelta

import peewee
import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries import evaluation as evaluation_queries
from chemsales.queries.approval import queue, waiting_count
from chemsales.queries.delegation import candidates, delegations, load_acting, received
from chemsales.rules.approval import StageName, Verdict
from chemsales.rules.delegation import Standing
from chemsales.rules.errors import Conflict, Forbidden, Invalid, NotAllowed
from chemsales.rules.roles import Role
from chemsales.services import accreditation as service
from chemsales.services import audit, delegation, evaluation, people
from chemsales.storage.database import connected, execute, rows, transaction
from tests.factory import (
    PASSWORD,
    decide,
    draft_of,
    make_application,
    set_acting,
    submit,
    version_of,
)  # fmt: skip
from tests.furnishing import furnish
from tests.furnishing import run as evaluated
from tests.services.test_audit import tamper

AM, SALES, FINANCE, GM = (
    Role.ACCOUNT_MANAGER, Role.SALES_HEAD, Role.FINANCE, Role.GENERAL_MANAGER,
)  # fmt: skip
MONDAY, FRIDAY = date(2026, 7, 6), date(2026, 7, 10)  # the clock stands at the Monday


def codes(refusal):
    error = refusal.value
    found = error.problems if isinstance(error, Invalid) else ()
    return [problem.reason.code for problem in found] or [reason.code for reason in error.reasons]


@pytest.fixture
def am(ready, as_role):
    return as_role(AM)


@pytest.fixture
def finance(ready, as_role):
    return as_role(FINANCE)


@pytest.fixture
def deputy(ready, as_role):
    """The account manager to whom others delegate."""
    return as_role(AM, "am2")


def give(session, to="am2", role=FINANCE, first=MONDAY, last=FRIDAY, reason="出差"):
    return delegation.delegate(session, to, role, first, last, reason).value


def acting(session):
    """The person with the delegations that stand at the clock's day."""
    with connected():
        return load_acting(session.actor, session.today())


def at_finance(am, as_role, name="海洋塑料", number=1):
    key = make_application(am, draft_of(name, number))
    submit(am, key)
    decide(as_role(SALES), key)
    return key


def blocked(session, key, verdict=Verdict.APPROVE):
    return [
        reason.code for reason in queries.blockers(acting(session), key, verdict, session.today())
    ]


def verified(as_role):
    return audit.verify(as_role(Role.AUDITOR)).problems


def test_a_delegate_signs_on_the_named_days_and_both_names_are_kept(am, finance, deputy, as_role):
    key = at_finance(am, as_role)
    assert blocked(deputy, key) == ["reason.role_lacks_action"]
    with pytest.raises(Forbidden):
        decide(deputy, key)
    give(finance)
    assert blocked(deputy, key) == []
    decide(deputy, key, comment="同意")
    decide(as_role(GM), key)
    signed = rows("SELECT stage, signer, signer_name, on_behalf_of FROM decision ORDER BY id")
    assert signed[2:] == [
        ("finance", "am2", "刘洋", "finance"),
        ("general_manager", "gm", "赵敏", ""),
    ]
    detail = queries.application(am.actor, key)
    assert detail.decisions[2].signature in ("刘洋 (for 李强)", "刘洋（代李强）")
    opinion = queries.application_form(am.actor, key).opinions[2]
    assert opinion.signer == detail.decisions[2].signature
    told = rows("SELECT detail FROM event WHERE who = 'am2' AND use_case = 'accreditation.decide' "
                "AND outcome = 'done'")  # fmt: skip
    assert '"on_behalf_of":"finance"' in told[0][0]
    assert not verified(as_role)


@pytest.mark.parametrize(("day", "allowed"), [
    (MONDAY - timedelta(days=1), False), (MONDAY, True), (FRIDAY, True),
    (FRIDAY + timedelta(days=1), False),
])  # fmt: skip
def test_both_ends_are_included_in_the_companys_zone(
    am, finance, deputy, as_role, clock, day, allowed
):
    clock.set(2026, 7, 1)
    key = at_finance(am, as_role)
    give(finance)
    clock.set(day.year, day.month, day.day - 1, 16, 30)  # half past midnight in Shanghai
    assert (blocked(deputy, key) == []) is allowed
    clock.set(day.year, day.month, day.day, 15, 30)  # half past eleven at night
    assert (blocked(deputy, key) == []) is allowed
    assert (len(queue(acting(deputy))) == 1) is allowed
    if allowed:
        decide(deputy, key)
    else:
        with pytest.raises(Forbidden):
            decide(deputy, key)


def test_the_last_stage_may_be_signed_by_a_delegate_too(am, deputy, as_role):
    key = at_finance(am, as_role)
    decide(as_role(FINANCE), key)
    give(as_role(GM), role=GM)
    decide(deputy, key)
    assert rows("SELECT state FROM application") == [("accredited",)]
    assert not verified(as_role)


def test_what_waits_for_the_principal_waits_for_the_delegate_with_the_name(
    am, finance, deputy, as_role
):
    at_finance(am, as_role)
    assert queue(acting(deputy)) == []
    give(finance)
    (row,) = queue(acting(deputy))
    assert (row.stage, row.principal_name) == (StageName.FINANCE, "李强")
    assert waiting_count(acting(deputy)) == 1
    assert [each.principal_name for each in queue(finance.actor)] == [""]


def test_c16_1_the_sales_heads_evaluations_are_signed_by_a_delegate(am, deputy, as_role, clock):
    run = furnish(evaluated)
    give(as_role(SALES), role=SALES)
    (row,) = [each for each in queue(acting(deputy)) if each.kind == "evaluation"]
    assert (row.id, row.principal_name) == (run, "王芳")
    (version,) = rows("SELECT c.version FROM approval_case c JOIN evaluation_run r "
                      "ON r.case_id = c.id WHERE r.id = ?", (run,))[0]  # fmt: skip
    with connected():
        assert evaluation_queries.blockers(acting(deputy), run, Verdict.APPROVE, MONDAY) == ()
    evaluation.sign(deputy, run, version, Verdict.APPROVE)
    signed = rows("SELECT signer, on_behalf_of FROM decision ORDER BY id DESC LIMIT 1")
    assert signed == [("am2", "sales")]
    assert not verified(as_role)


WRONG = [
    ({"role": SALES}, "reason.delegation_role_not_held"),
    ({"to": "finance"}, "reason.delegation_to_oneself"),
    ({"to": "admin"}, "reason.delegate_unfit"),
    ({"to": "auditor"}, "reason.delegate_unfit"),
    ({"to": "nobody"}, "reason.delegate_unfit"),
    ({"first": MONDAY - timedelta(days=1)}, "reason.delegation_past"),
    ({"first": FRIDAY, "last": MONDAY}, "reason.delegation_backwards"),
    ({"reason": " "}, "reason.text_missing"),
]


@pytest.mark.parametrize(("given", "code"), WRONG, ids=[code for _, code in WRONG])
def test_a_delegation_that_may_not_be_given_is_refused(finance, given, code):
    with pytest.raises(Invalid) as refusal:
        give(finance, **given)
    assert code in codes(refusal)
    assert rows("SELECT count(*) FROM delegation") == [(0,)]


def test_days_are_delegated_once(finance):
    key = give(finance)
    for first, last in ((MONDAY, MONDAY), (FRIDAY, FRIDAY + timedelta(days=9))):
        with pytest.raises(Invalid) as refusal:
            give(finance, "am", first=first, last=last)
        assert codes(refusal) == ["reason.delegation_overlaps"]
    give(finance, "am", first=FRIDAY + timedelta(days=1), last=FRIDAY + timedelta(days=2))
    delegation.revoke(finance, key)
    give(finance, "am")


def test_what_is_delegated_is_not_delegated_on(finance, deputy, as_role):
    give(finance)
    with pytest.raises(Forbidden):
        give(deputy, "am")
    give(as_role(GM), "finance", GM)
    with pytest.raises(Invalid) as refusal:
        give(finance, "am", GM)
    assert codes(refusal) == ["reason.delegation_role_not_held"]


def test_nobody_delegates_with_a_password_that_is_not_confirmed(finance, as_role):
    people.reset_password(as_role(Role.ADMINISTRATOR), "finance")
    with pytest.raises(Forbidden) as refusal:
        give(finance)
    assert codes(refusal) == ["reason.server_reset_unconfirmed"]


def test_a_revocation_ends_it_at_once_and_stays_on_record(am, finance, deputy, as_role, clock):
    signed, waits = at_finance(am, as_role), at_finance(am, as_role, "海天化工", 2)
    key = give(finance)
    decide(deputy, signed)
    clock.advance(minutes=1)
    with pytest.raises(Forbidden):
        delegation.revoke(deputy, key)
    with pytest.raises(NotAllowed) as refusal:
        delegation.revoke(as_role(GM), key)
    assert codes(refusal) == ["reason.delegation_of_another"]
    delegation.revoke(finance, key)
    with pytest.raises(Conflict):
        delegation.revoke(finance, key)
    assert blocked(deputy, waits) == ["reason.role_lacks_action"]
    with pytest.raises(Forbidden):
        decide(deputy, waits)
    (row,) = delegations(finance.actor)
    assert (row.delegate_name, row.reason, row.revoked_at) == ("刘洋", "出差", clock())
    assert not verified(as_role)


def test_a_principal_who_may_no_longer_sign_lends_nothing(am, finance, deputy, as_role):
    key, admin = at_finance(am, as_role), as_role(Role.ADMINISTRATOR)
    give(finance)
    people.set_active(admin, "finance", False, 1)
    assert blocked(deputy, key) == ["reason.role_lacks_action"]
    people.set_active(admin, "finance", True, 2)
    people.set_roles(admin, "finance", {AM}, 3)
    with pytest.raises(Forbidden):
        decide(deputy, key)


def test_a_delegation_lets_nobody_hold_two_stages(am, finance, as_role):
    sales, gm = as_role(SALES), as_role(GM)
    give(finance, "sales")
    signed = at_finance(am, as_role)  # by sales: the delegate holds that stage
    assert blocked(sales, signed) == ["reason.signed_another_stage"]
    give(gm, "am2", GM)
    give(sales, "finance", SALES)
    key = make_application(am, draft_of("海天化工", 2))
    submit(am, key)
    decide(finance, key)  # on behalf of sales, who holds that stage now too
    both = ["reason.signed_another_stage", "reason.principal_signed_another_stage"]
    assert blocked(sales, key) == both
    assert blocked(finance, key) == both[:1]
    with pytest.raises(NotAllowed) as refusal:
        decide(sales, key)
    assert codes(refusal) == both
    assert queue(acting(sales)) == []
    assert not verified(as_role)


def test_nobody_signs_for_who_has_signed_another_stage(am, deputy, as_role):
    sales, gm = as_role(SALES), as_role(GM)
    give(sales, "gm", SALES)
    give(gm, "am2", GM)
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    decide(gm, key)  # on behalf of sales
    decide(as_role(FINANCE), key)
    assert blocked(deputy, key) == ["reason.principal_signed_another_stage"]
    assert queue(acting(deputy)) == []
    with pytest.raises(NotAllowed):
        decide(deputy, key)


def test_the_applicant_signs_nothing_as_a_delegate_either(am, finance, as_role):
    give(finance, "am")
    key = at_finance(am, as_role)
    assert blocked(am, key) == ["reason.applicant_cannot_sign"]
    assert [row for row in queue(acting(am)) if row.stage is StageName.FINANCE] == []


def test_a_delegate_undoes_what_he_signed_while_the_delegation_stands(
    am, finance, deputy, as_role, clock
):
    key = at_finance(am, as_role)
    given = give(finance)
    decide(deputy, key)
    assert blocked(finance, key, Verdict.UNDO) == ["reason.undo_only_signer"]
    assert blocked(deputy, key, Verdict.UNDO) == []
    service.undo(deputy, key, version_of(key))
    decide(deputy, key)
    clock.advance(minutes=1)
    delegation.revoke(finance, given)
    assert blocked(deputy, key, Verdict.UNDO) == ["reason.undo_delegation_over"]
    with pytest.raises(Forbidden):
        service.undo(deputy, key, version_of(key))
    signed = rows("SELECT verdict, signer, on_behalf_of FROM decision WHERE stage = 'finance' "
                  "ORDER BY id")  # fmt: skip
    assert signed == [
        ("approve", "am2", "finance"), ("undo", "am2", "finance"), ("approve", "am2", "finance"),
    ]  # fmt: skip
    assert not verified(as_role)


def test_who_decides_in_an_own_role_too_is_told_that_the_delegation_is_over(am, as_role, clock):
    sales, finance = as_role(SALES), as_role(FINANCE)
    given = give(finance, "gm")
    key = at_finance(am, as_role)
    gm = as_role(GM)
    decide(gm, key)
    assert blocked(gm, key, Verdict.UNDO) == []
    clock.advance(minutes=1)
    delegation.revoke(finance, given)
    assert blocked(gm, key, Verdict.UNDO) == ["reason.undo_delegation_over"]
    with pytest.raises(NotAllowed) as refusal:
        service.undo(gm, key, version_of(key))
    assert codes(refusal) == ["reason.undo_delegation_over"]
    assert blocked(sales, key, Verdict.UNDO) == ["reason.undo_acted_since"]
    assert not verified(as_role)


def test_each_sees_the_own_delegations_and_the_controllers_all(finance, deputy, as_role):
    give(finance)
    give(as_role(GM), "am", GM)
    seen = {role: [row.role for row in delegations(as_role(role).actor)] for role in Role}
    assert seen[FINANCE] == [FINANCE]
    assert seen[SALES] == []
    assert seen[GM] == [GM]
    assert seen[AM] == [GM]
    assert seen[Role.ADMINISTRATOR] == seen[Role.AUDITOR] == [GM, FINANCE]
    assert [each.principal for each in received(deputy.actor)] == ["finance"]
    assert {each.login for each in candidates(finance.actor)} == {"am", "am2", "sales", "gm"}


def test_the_list_says_whether_a_delegation_lends_anything(finance, deputy, as_role, clock):
    admin = as_role(Role.ADMINISTRATOR)

    def standing():
        return [row.standing(admin.today()) for row in delegations(admin.actor)]

    give(finance)
    give(finance, first=FRIDAY + timedelta(days=1), last=FRIDAY + timedelta(days=2))
    assert standing() == [Standing.TO_COME, Standing.IN_FORCE]
    for login, role, other in (("finance", FINANCE, AM), ("am2", AM, Role.AUDITOR)):
        people.set_active(admin, login, False, seen_version(login))
        assert standing() == [Standing.IDLE] * 2
        people.set_active(admin, login, True, seen_version(login))
        people.set_roles(admin, login, {other}, seen_version(login))
        assert standing() == [Standing.IDLE] * 2
        assert acting(deputy).delegations == () or login == "am2"
        people.set_roles(admin, login, {role}, seen_version(login))
        assert standing() == [Standing.TO_COME, Standing.IN_FORCE]
    delegation.revoke(finance, delegations(admin.actor)[0].id)
    clock.set(2026, 7, 11)
    assert standing() == [Standing.REVOKED, Standing.OVER]


def seen_version(login):
    return rows("SELECT version FROM person WHERE login = ?", (login,))[0][0]


FORGED = [
    ({"on_behalf_of": "gm"}, "nobody has delegated"),  # no delegation of that person
    ({"on_behalf_of": "finance", "signer": "am"}, "nobody has delegated|not this stage"),
    ({"on_behalf_of": "finance", "signer": "gm"}, "nobody has delegated"),
    ({"on_behalf_of": "sales"}, "one person, two stages|nobody has delegated"),
    ({"on_behalf_of": "finance", "signed_at": "2026-07-10T16:00:00.000000Z"}, "nobody has"),
    ({"on_behalf_of": "finance", "signed_at": "2026-07-05T15:59:59.000000Z"}, "nobody has"),
]


@pytest.mark.parametrize(("forged", "why"), FORGED)
def test_the_database_refuses_a_forged_principal(am, finance, deputy, as_role, forged, why):
    key = at_finance(am, as_role)
    give(finance)
    with pytest.raises(peewee.DatabaseError, match=why), transaction():
        sign_bare(key, **forged)


def sign_bare(key, **given):
    """The row of a delegate's signature as it would be written bare."""
    row = {"signer": "am2", "on_behalf_of": "finance", "signed_at": "2026-07-06T05:00:00.000000Z"}
    row |= given
    set_acting("am2", "forged")
    execute(
        "INSERT INTO decision (case_id, round, stage, verdict, signer, signer_name, signed_at, "
        "comment, seen_version, snapshot_hash, edition, on_behalf_of) "
        "SELECT c.id, c.round, 'finance', 'approve', ?, '某人', ?, '', c.version, c.snapshot_hash, "
        "1, ? FROM approval_case c JOIN application a ON a.case_id = c.id WHERE a.id = ?",
        (row["signer"], row["signed_at"], row["on_behalf_of"], key),
    )


@pytest.mark.parametrize("loss", [
    "UPDATE person SET active = 0 WHERE login = 'finance'",
    "DELETE FROM person_role WHERE login = 'finance'",
    "UPDATE person SET active = 0 WHERE login = 'am2'",
    "UPDATE delegation SET revoked_by = 'finance', revoked_at = '2026-07-06T04:30:00.000000Z'",
])  # fmt: skip
def test_the_database_refuses_a_principal_or_delegate_who_may_not(
    am, finance, deputy, as_role, loss
):
    key = at_finance(am, as_role)
    give(finance)
    with pytest.raises(peewee.DatabaseError, match="nobody has delegated"), transaction():
        set_acting("finance", "loss")
        execute(loss)
        sign_bare(key)


BENT = [
    "INSERT INTO delegation (principal, delegate, role, first_day, last_day, reason, made_at) "
    f"VALUES ('{who}', '{to}', '{role}', '{first}', '2026-07-20', 'x', '2026-07-06T04:00:00Z')"
    for who, to, role, first in (
        ("am", "am2", "finance", "2026-07-11"), ("finance", "am2", "sales_head", "2026-07-11"),
        ("finance", "admin", "finance", "2026-07-11"), ("finance", "am2", "finance", "2026-07-10"),
        ("gm", "am2", "general_manager", "2026-07-05"),
        ("gm", "gm", "general_manager", "2026-07-11"),
        ("admin", "am2", "administrator", "2026-07-11"),
    )
] + [
    "INSERT INTO delegation (principal, delegate, role, first_day, last_day, reason, made_at) "
    "VALUES ('finance', 'am2', 'finance', '2026-07-11', '2026-07-20', 'x', 'never')",
    "DELETE FROM delegation",
    "UPDATE delegation SET last_day = '2026-12-31'",
    "UPDATE delegation SET delegate = 'am'",
    "UPDATE delegation SET revoked_at = '2026-07-06T05:00:00Z'",
    "UPDATE delegation SET revoked_by = 'am2', revoked_at = '2026-07-06T05:00:00Z'",
]  # fmt: skip


def test_who_signs_in_brings_what_is_delegated_while_the_roles_allow_it(finance, as_role, clock):
    admin = as_role(Role.ADMINISTRATOR)
    give(finance)
    give(as_role(GM), role=GM, first=FRIDAY, last=FRIDAY)
    actor = people.authenticate("am2", PASSWORD, clock).actor
    assert [each.principal for each in actor.delegations] == ["finance", "gm"]
    assert [each.principal for each in actor.on(MONDAY).delegations] == ["finance"]
    people.set_roles(admin, "am2", {Role.AUDITOR}, 1)
    auditor = people.authenticate("am2", PASSWORD, clock).actor
    assert auditor.delegations == ()
    assert received(auditor) == ()
    assert acting(as_role(Role.AUDITOR, "am2")).delegations == ()


@pytest.mark.parametrize("sql", BENT)
def test_the_database_refuses_a_bent_delegation(finance, sql):
    give(finance)
    with pytest.raises(peewee.DatabaseError), transaction():
        set_acting("finance", "bent")
        execute(sql)


@pytest.mark.parametrize(("sql", "table", "code"), [
    ("UPDATE decision SET on_behalf_of = 'gm' WHERE signer = 'am2'", "decision",
     "reason.case_decisions_impossible"),
    ("UPDATE decision SET on_behalf_of = '' WHERE signer = 'am2'", "decision",
     "reason.principal_differs_from_event"),
    ("UPDATE decision SET on_behalf_of = 'finance' WHERE signer = 'gm'", "decision",
     "reason.case_decisions_impossible"),
    ("UPDATE delegation SET first_day = '2026-07-07'", "delegation",
     "reason.case_decisions_impossible"),
    ("UPDATE delegation SET revoked_by = 'finance', revoked_at = '2026-07-06T03:00:00.000000Z'",
     "delegation", "reason.row_differs_from_history"),
    ("DELETE FROM delegation", "delegation", "reason.case_decisions_impossible"),
])  # fmt: skip
def test_verification_finds_a_principal_that_was_altered(
    am, finance, deputy, as_role, sql, table, code
):
    key = at_finance(am, as_role)
    give(finance)
    decide(deputy, key)
    decide(as_role(GM), key)
    assert not verified(as_role)
    tamper(sql, table)
    assert code in [problem.reason.code for problem in verified(as_role)]
