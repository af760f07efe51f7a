"""C17.1: who was disqualified comes back only by a new application, which takes over its file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries.customers import customer as customer_file
from chemsales.queries.readmission import readmission, readmission_blockers
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, CustomerStatus
from chemsales.rules.errors import Invalid, NotAllowed, NotFound
from chemsales.rules.roles import Role
from chemsales.services import accreditation
from chemsales.storage.database import rows
from tests.factory import (
    accredit,
    answered,
    decide,
    draft_of,
    employ,
    make_application,
    session_of,
    submit,
)
from tests.factory_disqualification import disqualify

NAME = "青岛信诚化工有限公司"
PO = ClassRequest("PO", CustomerClass.DEALER, "山东", 600_000, "注塑")
EG = ClassRequest("EG", CustomerClass.AGENT, "山东")


@pytest.fixture
def customer(ready, clock):
    clock.set(2026, 3, 2)
    key = accredit(draft_of(NAME, 7, (PO, EG), code_override="原件核对无误"), clock)
    clock.set(2026, 7, 6)
    return key


def test_c17_1_a_new_application_takes_over_the_file_and_makes_a_new_customer(customer, clock):
    disqualify(customer, clock)
    am = session_of("am", clock)
    begun = readmission(am.actor, customer)
    file = customer_file(am.actor, customer)
    assert (begun.customer_id, begun.code, begun.name) == (customer, "C00001", NAME)
    assert (begun.number, begun.decided_on) == ("QX2026-0001", date(2026, 7, 6))
    assert begun.draft.facts == replace(file.facts, code_override="")
    assert begun.draft.contacts == file.contacts and begun.draft.contacts
    assert begun.draft.classes == (
        ClassRequest("EG", CustomerClass.AGENT, "山东"),  # nothing of how it was admitted
        ClassRequest("PO", CustomerClass.DEALER, "山东"),
    )
    with pytest.raises(Invalid) as refusal:
        submit(am, accreditation.save_draft(am, begun.draft).value)
    places = {problem.place for problem in refusal.value.problems}
    assert {"document.business_licence", "document.invoice_data", "classes.EG.funds"} <= places


def test_c17_1_the_new_application_is_a_first_one_that_names_the_old_customer(customer, clock):
    disqualify(customer, clock)
    am = session_of("am", clock)
    begun = readmission(am.actor, customer).draft
    key = make_application(am, replace(begun, classes=tuple(map(answered, begun.classes))))
    submit(am, key)
    for login in ("sales", "finance", "gm"):  # every reviewer is told before deciding
        reviewer = session_of(login, clock)
        told = queries.duplicates(reviewer.actor, begun, key)
        assert {reason.code for reason in told} == {"reason.party_refused"}
        decide(reviewer, key, comment="同意")
    ((again,),) = rows("SELECT customer_id FROM application WHERE id = ?", (key,))
    assert again != customer
    assert rows("SELECT further, customer_id FROM application WHERE id = ?", (key,)) == [(0, again)]
    assert customer_file(am.actor, customer).status is CustomerStatus.DISQUALIFIED
    assert customer_file(am.actor, again).status is CustomerStatus.ACCREDITED


def test_c17_1_an_own_application_that_is_under_way_is_told_and_no_other(customer, clock):
    disqualify(customer, clock)
    am, other = session_of("am", clock), employ("am2", Role.ACCOUNT_MANAGER)
    begun = readmission(am.actor, customer)
    assert begun.under_way is None
    first = accreditation.save_draft(am, begun.draft).value
    renamed = replace(begun.draft.facts, name="青岛信诚新化工有限公司")
    second = accreditation.save_draft(am, replace(begun.draft, facts=renamed)).value
    assert readmission(am.actor, customer).under_way == second != first  # by its code
    assert readmission(other.actor, customer).under_way is None
    uncoded = replace(begun.draft.facts, uscc="")
    third = accreditation.save_draft(am, replace(begun.draft, facts=uncoded)).value
    assert readmission(am.actor, customer).under_way == third  # by its name
    for key in (third, second, first):
        accreditation.withdraw(am, key, queries.application(am.actor, key).version)
    assert readmission(am.actor, customer).under_way is None


def test_only_an_account_manager_and_only_for_who_is_disqualified(customer, clock):
    am, other = session_of("am", clock), employ("am2", Role.ACCOUNT_MANAGER)
    (reason,) = readmission_blockers(am.actor, customer)
    assert reason.code == "reason.not_disqualified"
    with pytest.raises(NotAllowed):
        readmission(am.actor, customer)
    disqualify(customer, clock)
    for session in (am, other):
        assert readmission_blockers(session.actor, customer) == ()
    assert readmission(other.actor, customer).name == NAME
    for login in ("sales", "finance", "gm", "auditor"):
        assert readmission_blockers(session_of(login).actor, customer)
        with pytest.raises(NotAllowed):
            readmission(session_of(login).actor, customer)
    with pytest.raises(NotFound):
        readmission(am.actor, 999)
