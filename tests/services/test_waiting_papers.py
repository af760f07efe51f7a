"""C15.1: one renewal of a paper waits for acceptance at a time, and one proof of it."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from chemsales.queries import licences as queries
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import NotAllowed, Reason
from chemsales.services import audit
from chemsales.services import licences as service
from chemsales.storage.database import rows
from tests.factory import PDF, Clock, accredit, draft_of, session_of
from tests.factory_licences import BUSINESS, licence_version, paper, record, renew, verdict
from tests.racing import race

LATER, HAZARD = date(2036, 6, 30), DocumentKind.HAZARDOUS_LICENCE


@pytest.fixture
def customer(ready: str) -> int:
    return accredit(draft_of("东营胜华化工有限公司", 5))


def refused(customer: int, number: str = "B-7", login: str = "am") -> Reason:
    """With what a second renewal is refused; the query that greys the button says the same."""
    draft = paper(number, LATER)
    with pytest.raises(NotAllowed) as refusal:
        record(customer, draft, login=login)
    assert rows("SELECT count(*) FROM licence WHERE number = ?", (number,)) == [(0,)]
    (reason,) = refusal.value.reasons
    assert queries.waiting_blockers(session_of(login).actor, customer, draft) == (reason,)
    return reason


def test_c15_1_the_second_renewal_names_the_one_that_waits(customer: int) -> None:
    key = record(customer, paper("B-6", LATER))
    reason = refused(customer)
    assert (reason.code, reason.clause) == ("reason.licence_waits", "C15.1")
    assert reason.params == {
        "document": f"@DocumentKind.{BUSINESS}", "number": "B-6", "day": "2026-07-06",
    }  # fmt: skip
    verdict(key, "sales")
    assert refused(customer) == reason  # at finance it waits still
    verdict(key, "finance")
    renew(customer, paper("B-7", LATER))
    assert audit.verify(session_of("auditor")).sound


@pytest.mark.parametrize("end", ["rejected", "withdrawn"])
def test_c15_1_what_has_ended_stands_in_nobodys_way(customer: int, end: str) -> None:
    key = record(customer, paper("B-6", LATER))
    if end == "rejected":
        verdict(key, "sales", Verdict.REJECT)
    else:
        service.withdraw(session_of("am"), key, licence_version(key))
    renew(customer, paper("B-7", LATER))


def test_c15_1_one_that_came_back_is_corrected(customer: int) -> None:
    key = record(customer, paper("B-6", LATER))
    verdict(key, "sales", Verdict.RETURN)
    assert refused(customer).code == "reason.licence_came_back"
    am = session_of("am")
    assert queries.blockers(am.actor, key, Verdict.SUBMIT, am.today()) == ()
    service.correct(am, key, licence_version(key), paper("B-6a", LATER))
    assert refused(customer).params["number"] == "B-6a"


def test_c15_1_other_kinds_customers_and_a_proof_wait_beside_it(customer: int) -> None:
    other = accredit(draft_of("淄博众森化工有限公司", 6))
    record(customer, paper("B-6", LATER))
    record(customer, paper("受理 1", LATER, proof=True))
    record(customer, paper("H-1", LATER, HAZARD))
    record(other, paper("B-8", LATER))
    with pytest.raises(NotAllowed) as refusal:
        record(customer, paper("受理 2", LATER, proof=True))
    assert refusal.value.reasons[0].params["number"] == "受理 1"


def test_c15_1_a_correction_does_not_make_it_a_second_one(customer: int) -> None:
    """Nor may it become another kind of which one waits."""
    key = record(customer, paper("H-1", LATER, HAZARD))
    verdict(key, "sales", Verdict.RETURN)
    record(customer, paper("B-6", LATER))
    am = session_of("am")
    with pytest.raises(NotAllowed) as refusal:
        service.correct(am, key, licence_version(key), paper("B-7", LATER))
    assert refusal.value.reasons[0].params["number"] == "B-6"
    service.correct(am, key, licence_version(key), paper("H-2", LATER, HAZARD))


def test_c15_1_a_return_is_not_undone_beside_another_that_waits(customer: int) -> None:
    """What came back may have been another kind, which was corrected into this one since."""
    returned, other = (
        record(customer, paper("B-6", LATER)),
        record(customer, paper("H-1", LATER, HAZARD)),
    )
    for key in (returned, other):
        verdict(key, "sales", Verdict.RETURN)
    am, sales = session_of("am"), session_of("sales")
    service.correct(am, returned, licence_version(returned), paper("H-2", LATER, HAZARD))
    with pytest.raises(NotAllowed) as refusal:
        service.undo(sales, other, licence_version(other))
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.params["number"]) == ("reason.licence_waits", "H-2")
    assert queries.blockers(sales.actor, other, Verdict.UNDO, sales.today()) == (reason,)
    service.withdraw(am, returned, licence_version(returned))
    assert service.undo(sales, other, licence_version(other)).value is Outcome.OPEN


def test_c15_1_two_desks_at_once_leave_one_that_waits(customer: int, clock: Clock) -> None:
    def put(number: str) -> object:
        return service.record(
            session_of("am", clock), customer, paper(number, LATER), "证照.pdf", PDF
        )

    outcomes = race([partial(put, "B-6"), partial(put, "B-7")])
    assert sum(isinstance(each, NotAllowed) for each in outcomes) == 1, outcomes
    assert rows("SELECT count(*) FROM licence WHERE number IN ('B-6', 'B-7')") == [(1,)]
