"""C7.1, C7.2: a reviewer's acceptance of a failing check digit is part of what the next stages
sign."""

from __future__ import annotations

import peewee
import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries.checks import checks
from chemsales.rules.accreditation import acceptance_hash
from chemsales.rules.approval import Verdict
from chemsales.rules.errors import NotAllowed
from chemsales.rules.roles import Role
from chemsales.services import accreditation as service
from chemsales.services import audit
from chemsales.storage.database import execute, rows, transaction
from tests.factory import (
    decide,
    draft_of,
    make_application,
    set_acting,
    submit,
    uscc_of,
    version_of,
)
from tests.services.test_audit import tamper

PILOT = "914403001922038217"  # a real company's early code, whose check digit fails
WHY = "2015 年试点发放，已电话核实登记机关"


@pytest.fixture
def people(ready, as_role):
    return [as_role(role) for role in (Role.SALES_HEAD, Role.FINANCE, Role.GENERAL_MANAGER)]


@pytest.fixture
def am(ready, as_role):
    return as_role(Role.ACCOUNT_MANAGER)


@pytest.fixture
def submitted(am):
    key = make_application(am, draft_of("试点塑料", uscc=PILOT))
    submit(am, key)
    return key


def accept(session, key, why=WHY):
    service.override_identifier(session, key, why, version_of(key))


def verified(as_role):
    return [problem.reason.code for problem in audit.verify(as_role(Role.AUDITOR)).problems]


def test_what_is_signed_after_it_covers_the_acceptance(am, people, submitted, as_role, clock):
    sales, finance, gm = people
    put_up = queries.application(am.actor, submitted).snapshot_hash
    accept(finance, submitted)
    covered = acceptance_hash(put_up, 1, WHY, "finance")
    assert queries.application(am.actor, submitted).snapshot_hash == covered != put_up
    for person in (sales, finance, gm):
        shown = [row.reason for row in checks(person.actor, submitted, clock().date())]
        (said,) = [reason for reason in shown if reason.code == "reason.check_code_accepted"]
        assert said.params == {"name": "李强", "day": "2026-07-06"}
        decide(person, submitted)
    signed = rows("SELECT verdict, snapshot_hash FROM decision ORDER BY id")
    assert signed == [("submit", put_up), *[("approve", covered)] * 3]
    form = queries.application_form(gm.actor, submitted)
    assert form.footer.inputs_hash == covered
    assert WHY in form.facts.code_override and "李强" in form.facts.code_override
    kept = rows("SELECT round, reason, accepted_by, snapshot_hash, hash FROM code_acceptance")
    assert kept == [(1, WHY, "finance", put_up, covered)]
    (told,) = rows("SELECT who, detail FROM event WHERE outcome = 'done' "
                   "AND use_case = 'accreditation.override_identifier'")  # fmt: skip
    assert told[0] == "finance" and covered in told[1]
    assert verified(as_role) == []


def test_a_return_an_undo_and_a_new_round_stand_with_it(am, people, submitted, as_role):
    sales, finance, gm = people
    decide(sales, submitted, Verdict.RETURN, "请核对")
    service.undo(sales, submitted, version_of(submitted))
    accept(sales, submitted)
    decide(sales, submitted)
    service.undo(sales, submitted, version_of(submitted))
    decide(sales, submitted, Verdict.RETURN, "请补正")
    submit(am, submitted)  # the same code: what was accepted is in what is put up
    for person in (sales, finance, gm):
        decide(person, submitted)
    (hashed,) = rows("SELECT snapshot_hash FROM approval_case")[0]
    assert {row[0] for row in rows("SELECT snapshot_hash FROM decision WHERE round = 2")} == {
        hashed
    }
    assert verified(as_role) == []


def test_an_acceptance_that_ended_with_its_code_keeps_the_return(am, people, submitted, as_role):
    """Taken back, the case would wait for a code that nobody could accept again in its round."""
    sales = people[0]
    accept(sales, submitted)
    decide(sales, submitted, Verdict.RETURN, "请核对代码")
    for code in (uscc_of(7), PILOT):
        draft = draft_of("试点塑料", uscc=code)
        service.save_draft(am, draft, submitted, version_of(submitted))
    assert queries.application(am.actor, submitted).code_override == ""
    (why,) = queries.blockers(sales.actor, submitted, Verdict.UNDO, sales.today())
    assert why.code == "reason.undo_corrected"
    with pytest.raises(NotAllowed):
        service.undo(sales, submitted, version_of(submitted))
    with pytest.raises(peewee.DatabaseError, match="does not follow"), transaction():
        set_acting("sales", "bare")
        execute(
            "INSERT INTO decision (case_id, round, stage, verdict, signer, signer_name, signed_at, "
            "comment, seen_version, snapshot_hash, edition) SELECT d.case_id, d.round, d.stage, "
            "'undo', d.signer, d.signer_name, d.signed_at, '', d.seen_version + 1, "
            "d.snapshot_hash, d.edition FROM decision d WHERE d.verdict = 'return'"
        )
    submit(am, submitted)  # a new round: accepted anew, or the undo of its own return stands
    decide(sales, submitted, Verdict.RETURN, "请核对代码")
    service.undo(sales, submitted, version_of(submitted))
    accept(sales, submitted, "再次核实")
    for person in people:
        decide(person, submitted)
    assert verified(as_role) == []


def test_a_code_is_accepted_once(people, submitted):
    sales, finance, _gm = people
    accept(sales, submitted)
    with pytest.raises(NotAllowed) as refusal:
        accept(finance, submitted, "又一个理由")
    assert [reason.code for reason in refusal.value.reasons] == ["reason.nothing_to_override"]


def accept_bare(**given):
    row = {"round": "c.round", "reason": f"'{WHY}'", "by": "'sales'", "snapshot": "c.snapshot_hash"}
    row |= given
    execute(
        "INSERT INTO code_acceptance (case_id, round, reason, accepted_by, accepted_at, "
        f"snapshot_hash, hash) SELECT c.id, {row['round']}, {row['reason']}, {row['by']}, "
        f"'2026-07-06T04:00:00.000000Z', {row['snapshot']}, '{'0' * 64}' FROM approval_case c"
    )


@pytest.mark.parametrize("forged", [
    {"by": "'am'"}, {"round": "c.round + 1"}, {"snapshot": f"'{'0' * 64}'"}, {"reason": "''"},
])  # fmt: skip
def test_the_database_refuses_a_forged_acceptance(submitted, forged):
    with pytest.raises(peewee.DatabaseError), transaction():
        set_acting("sales", "forged")
        accept_bare(**forged)


@pytest.mark.parametrize("sql", [
    "UPDATE application SET code_override = '我说可以'",
    "UPDATE code_acceptance SET reason = 'x'",
    "DELETE FROM code_acceptance",
])  # fmt: skip
def test_the_database_keeps_what_was_accepted(people, submitted, sql):
    if "code_acceptance" in sql:
        accept(people[0], submitted)
    with pytest.raises(peewee.DatabaseError), transaction():
        set_acting("sales", "forged")
        execute(sql)


def test_after_the_first_approval_nothing_is_accepted(people, submitted):
    accept(people[0], submitted)
    decide(people[0], submitted)
    tamper("UPDATE application SET code_override = ''", "application")
    with pytest.raises(peewee.DatabaseError), transaction():
        set_acting("finance", "late")
        accept_bare(by="'finance'")


def test_the_database_refuses_a_signature_on_the_snapshot_without_it(people, submitted):
    accept(people[0], submitted)
    with pytest.raises(peewee.DatabaseError, match="not this snapshot"), transaction():
        set_acting("sales", "old")
        execute(
            "INSERT INTO decision (case_id, round, stage, verdict, signer, signer_name, signed_at, "
            "comment, seen_version, snapshot_hash, edition) SELECT c.id, c.round, 'sales', "
            "'approve', 'sales', '王芳', '2026-07-06T04:00:00.000000Z', '', c.version, "
            "c.snapshot_hash, 1 FROM approval_case c"
        )


@pytest.mark.parametrize(("sql", "code"), [
    ("UPDATE code_acceptance SET reason = '别的理由'", "reason.acceptance_altered"),
    ("UPDATE code_acceptance SET accepted_by = 'finance'", "reason.acceptance_altered"),
    ("UPDATE code_acceptance SET hash = snapshot_hash", "reason.case_signed_other_snapshot"),
    ("DELETE FROM code_acceptance", "reason.case_signed_other_snapshot"),
])  # fmt: skip
def test_verification_finds_an_acceptance_that_was_altered(people, submitted, as_role, sql, code):
    accept(people[0], submitted)
    for person in people:
        decide(person, submitted)
    assert verified(as_role) == []
    tamper(sql, "code_acceptance")
    assert code in verified(as_role)
