"""People at several desks at once: exactly one wins, everybody else is told (C7.2)."""

from __future__ import annotations

import threading
from functools import partial

from chemsales.queries import accreditation as queries
from chemsales.queries import applications
from chemsales.rules.approval import Verdict
from chemsales.rules.errors import Conflict, Invalid, NotAllowed
from chemsales.rules.roles import Role
from chemsales.services import accreditation as service
from chemsales.storage.database import rows
from tests.factory import (
    accredit,
    draft_of,
    employ,
    make_application,
    session_of,
    submit,
    version_of,
)
from tests.racing import race


def heads(count):
    """So many sales heads, each at a desk of the own."""
    return [employ(f"head{n}", Role.SALES_HEAD) for n in range(count)]


def test_eight_sales_heads_decide_one_application_once(ready):
    key = make_application(session_of("am"), draft_of("海洋塑料"))
    submit(session_of("am"), key)
    seen = version_of(key)
    verdicts = [Verdict.APPROVE, Verdict.REJECT] * 4
    outcomes = race(
        [
            partial(service.decide, head, key, seen, verdict, "意见")
            for head, verdict in zip(heads(8), verdicts, strict=True)
        ]
    )
    lost = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(lost) == 7
    assert all(isinstance(outcome, Conflict) for outcome in lost), lost
    assert {outcome.reasons[0].code for outcome in lost} == {"reason.decided_elsewhere"}
    assert rows("SELECT count(*) FROM decision WHERE stage = 'sales'") == [(1,)]
    assert version_of(key) == seen + 1


def test_eight_threads_over_five_applications_decide_each_stage_once(ready):
    am = session_of("am")
    keys = []
    for number in range(1, 6):
        keys.append(make_application(am, draft_of(f"海洋塑料{number}", number)))
        submit(am, keys[-1])

    def sign_all(session):
        done = 0
        for key in keys:
            try:
                service.decide(session, key, version_of(key), Verdict.APPROVE)
            except (Conflict, NotAllowed):
                continue
            done += 1
        return done

    outcomes = race([partial(sign_all, head) for head in heads(8)])
    assert sum(outcomes) == 5, outcomes
    found = rows("SELECT case_id, count(*) FROM decision WHERE stage = 'sales' GROUP BY case_id")
    assert sorted(count for _, count in found) == [1] * 5


def test_two_managers_submit_the_same_code_at_once(ready):
    managers = [session_of("am"), session_of("am2")]
    keys = [make_application(session, draft_of(f"甲{i}", 9)) for i, session in enumerate(managers)]
    outcomes = race(
        [
            partial(service.submit, session, key, 1)
            for session, key in zip(managers, keys, strict=True)
        ]
    )
    lost = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(lost) == 1
    assert isinstance(lost[0], (Conflict, Invalid))
    assert rows("SELECT count(*) FROM application WHERE state = 'in_review'") == [(1,)]


def test_numbers_given_at_once_are_distinct_and_without_gaps(ready):
    outcomes = race(
        [partial(service.save_draft, session_of("am"), draft_of(f"客户{n}", n)) for n in range(8)]
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    numbers = sorted(row[0] for row in rows("SELECT number FROM application"))
    assert numbers == [f"SQ2026-{n:04d}" for n in range(1, 9)]


def test_reading_goes_on_while_somebody_writes(ready):
    accredit(draft_of("海洋塑料"))
    reader = session_of("auditor").actor
    works = [partial(queries.applications, reader)] * 4
    works += [
        partial(service.save_draft, session_of("am"), draft_of(f"客户{n}", n)) for n in range(2, 6)
    ]
    outcomes = race(works)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes


def test_a_verdict_that_comes_between_two_reads_is_named(ready, monkeypatch):
    """The row of an application and its case are read from one state: the loser learns who won."""
    key = make_application(session_of("am"), draft_of("海洋塑料"))
    submit(session_of("am"), key)
    seen, (slow, fast) = version_of(key), heads(2)
    entered, done, load = threading.Event(), threading.Event(), applications.load_stored

    def between(case_id):
        if not entered.is_set():
            entered.set()
            done.wait(1)  # the other desk ends meanwhile if nothing keeps it
        return load(case_id)

    def overtake():
        assert entered.wait(30)
        try:
            return service.decide(fast, key, seen, Verdict.APPROVE)
        finally:
            done.set()

    monkeypatch.setattr(applications, "load_stored", between)
    outcomes = race([partial(service.decide, slow, key, seen, Verdict.APPROVE), overtake])
    (lost,) = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert isinstance(lost, Conflict), lost
    assert lost.reasons[0].code == "reason.decided_elsewhere"
