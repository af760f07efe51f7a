"""Classes with the conditions that they are admitted on, on both engines (C10.2, C10.3, C10.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chemsales.queries.customer_history import customer_history
from chemsales.queries.customers import customer
from chemsales.queries.review import review_lines
from chemsales.rules.admission import ANSWERS, CONDITIONS, Condition
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, Draft
from chemsales.rules.errors import Invalid
from chemsales.rules.review import ADMITTED, Marks, ReviewItem
from chemsales.rules.tiers import Level
from chemsales.services import accreditation, audit
from chemsales.services.customers import change_class
from tests import factory
from tests.factory import Clock, accredit, draft_of, make_application, session_of, version_of

AGENT, DEALER, DIRECT = CustomerClass.AGENT, CustomerClass.DEALER, CustomerClass.DIRECT
ASKED = [
    (wanted, each) for wanted in CustomerClass for each in CONDITIONS[wanted] if each in ANSWERS
]
CLAUSES = {DIRECT: "C10.2", AGENT: "C10.3", DEALER: "C10.7"}


def draft(wanted: CustomerClass, group: str = "EG") -> Draft:
    return draft_of("江阴澄江涤纶有限公司", 7, [ClassRequest(group, wanted, "江苏", 0, "聚酯切片")])


def without(given: Draft, condition: Condition) -> Draft:
    empty: object = 0 if condition is Condition.CAPACITY else ""
    (asked,) = given.classes
    return replace(given, classes=(replace(asked, **{str(condition): empty}),))


@pytest.mark.parametrize(("wanted", "condition"), ASKED)
def test_c10_2_c10_3_c10_7_an_application_that_lacks_a_condition_is_refused(
    ready: str, wanted: CustomerClass, condition: Condition
) -> None:
    key = make_application(session_of("am"), without(draft(wanted), condition))
    with pytest.raises(Invalid) as refusal:
        accreditation.submit(session_of("am"), key, version_of(key))
    (problem,) = refusal.value.problems
    assert problem.place == f"classes.EG.{condition}"
    assert problem.reason.clause == CLAUSES[wanted]


@pytest.mark.parametrize("wanted", CustomerClass)
def test_what_a_class_was_admitted_on_stays_with_its_dated_row(
    ready: str, wanted: CustomerClass
) -> None:
    """The answers are reviewed by sales, frozen with the case, kept with the class, and verified
    against what was approved (C10.2, C10.3, C10.7, C7.2)."""
    key = make_application(session_of("am"), draft(wanted))
    factory.submit(session_of("am"), key)
    item = ADMITTED[wanted]
    ((line,), others) = _lines("sales", key, item)
    assert line.own and not others
    ((group, answers),) = line.answers
    assert group == "EG" and [each for each, _text in answers] == list(CONDITIONS[wanted])
    assert all(text for _each, text in answers)
    marks = Marks(frozenset({item}))
    accreditation.decide(session_of("sales"), key, version_of(key), Verdict.APPROVE, "", marks)
    assert [line.ticked for line in _lines("finance", key, item)[0]] == [True]
    for login in ("finance", "gm"):
        factory.decide(session_of(login), key)
    held = customer(session_of("am").actor, _customer_of(key)).classes[0]
    assert dict(held.answers) == dict(answers)
    told = {row.change.field for row in customer_history(session_of("am").actor, _customer_of(key))}
    assert {str(each) for each in CONDITIONS[wanted]} <= told
    assert audit.verify(session_of("auditor")).sound


def test_c9_1_c9_2_c9_3_polyolefin_classes_have_no_conditions_and_a_level(ready: str) -> None:
    for number, (wanted, level) in enumerate(((DEALER, Level.AUCTION), (DIRECT, Level.ORDINARY))):
        asked = draft_of(f"海洋塑料{number}有限公司", 20 + number, [ClassRequest("PO", wanted)])
        found = customer(session_of("am").actor, accredit(asked))
        assert found.level is level and found.classes[0].answers == ()
    other = customer(session_of("am").actor, accredit(draft(DEALER)))
    assert other.level is None


def test_c3_3_a_change_of_class_asks_for_what_the_new_class_needs_more(
    ready: str, clock: Clock
) -> None:
    """A dealer that becomes an agent declares to sell ours alone (C10.3); what it was admitted on
    stays where nothing else is said."""
    key = accredit(draft(DEALER), clock)
    clock.set(2026, 9, 10)
    head, day = session_of("sales", clock), date(2026, 9, 1)
    with pytest.raises(Invalid) as refusal:
        change_class(head, key, "EG", AGENT, day, "签约", 1)
    (problem,) = refusal.value.problems
    assert (problem.place, problem.reason.clause) == ("only_ours", "C10.3")
    change_class(head, key, "EG", AGENT, day, "签约", 1, answers={"only_ours": "承诺书 2026-08-30"})
    before, after = customer(head.actor, key).classes
    assert dict(after.answers) == {
        **dict(before.answers), Condition.ONLY_OURS: "承诺书 2026-08-30",
    }  # fmt: skip
    assert audit.verify(session_of("auditor", clock)).sound


def _lines(login, key, item: ReviewItem):
    found = review_lines(session_of(login).actor, key)
    admitted = [each for each in found if each.line.item in ADMITTED.values()]
    own = [each for each in admitted if each.line.item is item]
    return own, [each for each in admitted if each not in own]


def _customer_of(key: int) -> int:
    stored = accreditation.load_application(key).customer_id
    assert stored is not None
    return stored
