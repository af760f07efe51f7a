"""C15.1, C15.2: papers recorded, accepted by two, suspensions noted and lifted, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import peewee
import pytest

from chemsales.queries import licences as queries
from chemsales.queries.approval import queue
from chemsales.queries.customers import customer as customer_file
from chemsales.queries.customers import customers
from chemsales.queries.decided import decided_by
from chemsales.queries.listing import whole
from chemsales.queries.suspension_lists import suspensions_of
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.customer import CustomerStatus
from chemsales.rules.errors import Conflict, Invalid, NotAllowed
from chemsales.rules.licences import WATCHED, Licence, Suspension, suspensions
from chemsales.rules.roles import Role
from chemsales.services import audit, delegation
from chemsales.services import licences as service
from chemsales.storage.database import connected, database, execute, rows, transaction
from chemsales.storage.gaps import gaps, gaps_between
from tests.factory import NOON, PDF, session_of, set_acting
from tests.factory_licences import (
    accredit_dated,
    paper,
    record,
    renew,
    verdict,
)
from tests.services.test_audit import tamper

LAST = date(2026, 11, 22)


@pytest.fixture
def customer(ready, clock):
    """A customer whose business licence is valid through 2026-11-22."""
    return accredit_dated("东营胜华化工有限公司", 5, LAST, clock)


def noted():
    return rows("SELECT kind, from_day, to_day, noted_by, lifted_by FROM suspension ORDER BY id")


def run(clock, login="sales"):
    return service.run(session_of(login, clock)).value


def status(customer):
    return customer_file(session_of("am").actor, customer).status


def test_the_papers_of_an_application_are_accepted_with_its_customer(customer):
    found = rows(
        "SELECT l.kind, l.number, l.valid_to, l.accepted_on, l.case_id = u.case_id, l.recorded_by "
        "FROM licence l JOIN customer u ON u.id = l.customer_id"
    )
    assert found == [("business_licence", "B-5", "2026-11-22", "2026-07-06", 1, "am")]


def test_c15_2_the_day_after_the_last_one_suspends(customer, clock):
    actor = session_of("finance").actor
    assert queries.dealing_blockers(actor, customer, LAST) == ()
    clock.set(2026, 11, 22)
    assert run(clock) == (0, 0)
    (reason,) = queries.dealing_blockers(actor, customer, LAST + timedelta(days=1))
    assert (reason.code, reason.clause) == ("reason.suspended", "C15.2")
    assert reason.params["number"] == "B-5"
    assert dict(queries.suspended_on(LAST)) == {}
    assert queries.suspended_on(LAST + timedelta(days=1)) == {customer: (reason,)}
    clock.set(2026, 11, 23)
    assert run(clock) == (1, 0)
    assert run(clock) == (0, 0)
    assert noted() == [("business_licence", "2026-11-23", None, "sales", "")]
    assert status(customer) is CustomerStatus.SUSPENDED
    assert customers(actor)[0].status is CustomerStatus.SUSPENDED


def test_c15_2_a_renewal_lifts_on_the_day_of_its_acceptance_and_the_level_stays(customer, clock):
    level = rows("SELECT level, form FROM tier_start")
    clock.set(2026, 11, 25)
    run(clock)
    key = record(customer, paper("B-6", date(2036, 11, 22)), clock)
    verdict(key, "sales", clock=clock)
    clock.set(2026, 12, 1)
    assert queries.dealing_reasons(customer, clock().date())
    verdict(key, "finance", clock=clock)
    assert queries.dealing_reasons(customer, clock().date()) == ()
    assert noted() == [("business_licence", "2026-11-23", "2026-11-30", "sales", "finance")]
    assert status(customer) is CustomerStatus.ACCREDITED
    assert rows("SELECT level, form FROM tier_start") == level
    (event,) = rows("SELECT clause, detail FROM event WHERE use_case = 'licences.decide' "
                    "AND who = 'finance'")  # fmt: skip
    assert event[0] == "C15.2"
    assert '"lifted":1' in event[1]


def test_c15_2_a_proof_stands_in_through_its_own_deadline(customer, clock):
    clock.set(2026, 11, 20)
    renew(customer, paper("SL-1", date(2026, 12, 10), proof=True), clock)
    clock.set(2026, 12, 10)
    assert run(clock) == (0, 0)
    clock.set(2026, 12, 11)
    assert run(clock) == (1, 0)
    (reason,) = queries.dealing_reasons(customer, date(2026, 12, 11))
    assert reason.params["number"] == "SL-1"


def test_what_was_missed_is_noted_with_its_own_days(customer, clock):
    clock.set(2026, 12, 1)
    renew(customer, paper("B-6", date(2026, 12, 20)), clock)
    assert len(noted()) == 1  # the acceptance notes what nobody ran for
    clock.set(2027, 1, 31)
    assert run(clock, "gm") == (1, 0)
    assert noted() == [
        ("business_licence", "2026-11-23", "2026-11-30", "finance", "finance"),
        ("business_licence", "2026-12-21", None, "gm", ""),
    ]


def test_a_future_renewal_lifts_by_a_run_on_its_first_day(customer, clock):
    clock.set(2026, 11, 23)
    run(clock)
    renew(customer, replace(paper("B-6", date(2036, 1, 1)), valid_from=date(2026, 12, 5)), clock)
    assert noted()[0][2] is None
    clock.set(2026, 12, 5)
    assert run(clock) == (0, 1)
    assert noted() == [("business_licence", "2026-11-23", "2026-12-04", "sales", "sales")]


def test_two_people_accept_and_never_the_manager(customer, clock):
    key = record(customer, paper("B-6"), clock)
    for login in ("am", "am2", "gm", "admin", "finance"):
        assert queries_blocked(login, key)
        with pytest.raises(NotAllowed):
            verdict(key, login)
    verdict(key, "sales")
    assert queries_blocked("sales", key)
    with pytest.raises(Conflict):  # seen before the other signed
        service.decide(session_of("finance"), key, 1, Verdict.APPROVE)
    assert rows("SELECT accepted_on FROM licence WHERE id = ?", (key,)) == [(None,)]
    assert verdict(key, "finance") is Outcome.APPROVED
    assert rows("SELECT accepted_on FROM licence WHERE id = ?", (key,)) == [("2026-07-06",)]


def queries_blocked(login, key):
    try:
        return queries.blockers(
            session_of(login).actor, key, Verdict.APPROVE, session_of(login).today()
        )
    except NotAllowed as refusal:
        return refusal.reasons


def test_it_waits_in_the_queue_and_stands_among_the_decided(customer, clock):
    key = record(customer, paper("B-6"), clock)
    (row,) = queue(session_of("sales").actor)
    assert (row.kind, row.id, row.title, row.number) == (
        "licence", key, "东营胜华化工有限公司", "C00001",
    )  # fmt: skip
    verdict(key, "sales")
    assert queue(session_of("sales").actor) == []
    assert [each.id for each in queue(session_of("finance").actor)] == [key]
    decided = whole(session_of("sales").actor, decided_by(session_of("sales").actor))
    assert ("licence", key) in {(each.kind, each.subject_id) for each in decided}


def test_a_returned_paper_is_corrected_and_both_sign_what_it_says_then(customer, clock):
    key = record(customer, paper("B-66"), clock)
    verdict(key, "sales", Verdict.RETURN)
    (row,) = queue(session_of("am").actor)
    assert row.id == key
    am = session_of("am", clock)
    with pytest.raises(Invalid) as refusal:
        service.correct(am, key, 2, paper("", date(2026, 1, 1)))
    assert [each.place for each in refusal.value.problems] == ["number", "valid_to"]
    service.correct(am, key, 2, paper("B-6", date(2030, 1, 1)), "新.pdf", PDF + b"new")
    for login in ("sales", "finance"):
        verdict(key, login)
    stored = queries.licence(am.actor, key)
    assert (stored.licence.draft.number, stored.licence.label) == ("B-6", "新.pdf")
    assert queries.licence_scan(am.actor, key) == ("application/pdf", PDF + b"new")
    assert len({row.round for row in stored.decisions}) == 2
    assert not audit.verify(session_of("auditor")).problems


def test_a_withdrawn_paper_never_counts(customer, clock):
    key = record(customer, paper("B-6"), clock)
    with pytest.raises(NotAllowed):
        service.withdraw(session_of("am2", clock), key, 1)
    assert service.withdraw(session_of("am", clock), key, 1).value is Outcome.WITHDRAWN
    assert queries.dealing_reasons(customer, LAST + timedelta(days=1))


def test_only_the_customers_manager_records(customer, clock):
    with pytest.raises(NotAllowed) as refusal:
        record(customer, paper(), clock, login="am2")
    other = session_of("am2", clock)
    assert refusal.value.reasons == queries.record_blockers(other.actor, customer, other.today())


def test_a_number_that_another_customer_has_is_told(customer, clock):
    other = accredit_dated("淄博众森化工有限公司", 6, LAST, clock)
    (warning,) = queries.warnings(session_of("am").actor, other, paper("B-5"))
    assert (warning.params["customer"], warning.params["name"]) == (
        "C00001", "东营胜华化工有限公司",
    )  # fmt: skip
    assert queries.warnings(session_of("am").actor, customer, paper("B-5")) == ()
    key = record(other, paper("B-5"), clock)
    assert queries.licence(session_of("sales").actor, key).warnings == (warning,)


def test_a_delegate_of_finance_accepts_in_both_names(customer, clock):
    key = record(customer, paper("B-6"), clock)
    verdict(key, "sales")
    delegation.delegate(
        session_of("finance"), "am2", Role.FINANCE, clock().date(), clock().date(), "出差"
    )
    assert verdict(key, "am2", clock=clock) is Outcome.APPROVED
    assert rows("SELECT on_behalf_of FROM decision ORDER BY id DESC LIMIT 1") == [("finance",)]
    assert not audit.verify(session_of("auditor")).problems


FORGED = [
    "UPDATE licence SET accepted_on = '2026-07-06' WHERE number = 'B-6'",
    "UPDATE licence SET valid_to = '2040-01-01' WHERE number = 'B-5'",
    "UPDATE licence SET number = 'x' WHERE number = 'B-6'",
    "UPDATE licence SET case_id = NULL WHERE number = 'B-6'",
    "UPDATE licence SET customer_id = customer_id + 1 WHERE number = 'B-6'",
    "DELETE FROM licence",
    "INSERT INTO licence (customer_id, kind, long_term, sha256, label, recorded_by, recorded_at, "
    "case_id, accepted_on) SELECT customer_id, kind, 1, sha256, label, 'am', recorded_at, case_id, "
    "accepted_on FROM licence WHERE number = 'B-5'",
    "INSERT INTO suspension (customer_id, kind, from_day, noted_by, noted_at) VALUES "
    "(1, 'business_licence', '2026-11-22', 'x', '2026-12-01T00:00:00.000000Z')",
    "INSERT INTO suspension (customer_id, kind, from_day, noted_by, noted_at) VALUES "
    "(1, 'business_licence', '2026-11-24', 'x', '2026-12-01T00:00:00.000000Z')",
    "INSERT INTO suspension (customer_id, kind, from_day, noted_by, noted_at) VALUES "
    "(1, 'business_licence', '2026-11-23', 'x', '2026-11-01T00:00:00.000000Z')",
    "INSERT INTO suspension (customer_id, kind, from_day, noted_by, noted_at) VALUES "
    "(1, 'hazardous_licence', '2026-11-23', 'x', '2026-12-01T00:00:00.000000Z')",
    "INSERT INTO suspension (customer_id, kind, from_day, to_day, noted_by, noted_at, lifted_at) "
    "VALUES (1, 'business_licence', '2026-11-23', '2026-11-24', 'x', "
    "'2026-12-01T00:00:00.000000Z', '2026-12-01T00:00:00.000000Z')",
]


@pytest.mark.parametrize("sql", FORGED)
def test_the_database_refuses_what_the_papers_do_not_say(customer, clock, sql):
    record(customer, paper("B-6"), clock)
    with pytest.raises(peewee.DatabaseError), transaction():
        set_acting("am", "forged")
        execute(sql)


LIFTED = [
    "UPDATE suspension SET to_day = '2026-11-24', lifted_at = '2026-12-01T00:00:00.000000Z'",
    "UPDATE suspension SET from_day = '2026-11-25'",
    "DELETE FROM suspension",
]


@pytest.mark.parametrize("sql", LIFTED)
def test_the_database_keeps_a_suspension_until_a_paper_ends_it(customer, clock, sql):
    clock.set(2026, 11, 25)
    run(clock)
    with pytest.raises(peewee.DatabaseError), transaction():
        set_acting("am", "forged")
        execute(sql)


def anything(random):
    """Up to five accepted papers of two kinds, as they may be."""
    found = []
    for _number in range(random.randrange(6)):
        first, last = (
            NOON.date() + timedelta(days=random.randrange(30)) if random.random() < 0.7 else None
            for _end in range(2)
        )
        accepted = NOON.date() + timedelta(days=random.randrange(30))
        if first is None or last is None or first <= last:
            found.append(Licence(random.choice(WATCHED[:2]), last, accepted, first))
    return found


def put_in(customer, papers):
    """Rows of these papers, past their guards, in place of all there are."""
    sha256 = rows("SELECT max(sha256) FROM document_blob")[0][0]
    execute("DELETE FROM licence")
    for each in papers:
        first, last = (day.isoformat() if day else None for day in (each.valid_from, each.valid_to))
        execute(
            "INSERT INTO licence (customer_id, kind, valid_from, valid_to, long_term, sha256, "
            "label, recorded_by, recorded_at, accepted_on) VALUES (?, ?, ?, ?, ?, ?, 'x', 'am', "
            "'x', ?)",
            (customer, str(each.kind), first, last, int(last is None), sha256,
             each.accepted_on.isoformat()),
        )  # fmt: skip


def _span(row):
    assert row.goes_on == (row.last is None)
    return Suspension(row.kind, row.first, row.last)


def test_the_sql_of_suspensions_is_the_rule(customer, clock):
    """Whatever the papers are: what a run notes by its guards, who is suspended on a day, and the
    list of it, before and after it is noted."""
    tamper("DELETE FROM licence", "licence")
    random = Random(15)
    seen, head = 0, session_of("sales").actor
    for _scenario in range(160):
        papers, until = anything(random), NOON.date() + timedelta(days=random.randrange(35))
        clock.set(until.year, until.month, until.day)
        wanted = suspensions(papers, until)
        with connected(), database.atomic() as step:
            put_in(customer, papers)
            listed = whole(head, suspensions_of(until))
            assert run(clock).begun == len(wanted)
            stored = rows("SELECT kind, from_day, to_day FROM suspension ORDER BY from_day, id")
            assert run(clock) == (0, 0)
            after = whole(head, suspensions_of(until))
            assert bool(queries.suspended_on(until)) == any(each.last is None for each in wanted)
            step.rollback()
        assert {_span(row) for row in listed} == {_span(row) for row in after} == set(wanted)
        assert len(listed) == len(after) == len(wanted)
        assert sorted(stored, key=str) == sorted(
            (
                (str(each.kind), str(each.first), str(each.last) if each.last else None)
                for each in wanted
            ),
            key=str,
        )
        seen += len(wanted)
    assert seen > 40


def test_what_is_lacking_between_two_days_is_of_what_is_lacking_at_all(customer, clock):
    """Every gap that has a day of them is there, as it is among all."""
    tamper("DELETE FROM licence", "licence")
    random, seen = Random(16), 0
    for _scenario in range(160):
        first = NOON.date() + timedelta(days=random.randrange(40))
        last = first + timedelta(days=random.randrange(4))
        given = (str(first), str(first), str(last))
        with connected(), database.atomic() as step:
            put_in(customer, anything(random))
            everything = set(rows(f"{gaps()} SELECT * FROM gap"))
            found = set(rows(f"{gaps_between()} SELECT * FROM gap", given))
            step.rollback()
        reached = {
            row
            for row in everything
            if row[2] <= given[2] and (row[3] is None or row[3] > given[0])
        }
        assert reached <= found <= everything
        seen += len(everything - found)
    assert seen > 20


def test_c15_1_a_licence_with_a_last_day_that_is_past_is_refused(customer, clock):
    """So is a proof, which could never count; on its last day it still is recorded."""
    today = clock().date()
    for proof in (False, True):
        with pytest.raises(Invalid) as refusal:
            record(customer, paper("B-6", today - timedelta(days=1), proof=proof), clock)
        (problem,) = refusal.value.problems
        assert (problem.place, problem.reason.code) == ("valid_to", "reason.licence_ended")
        assert record(customer, paper("B-6", today, proof=proof), clock)
