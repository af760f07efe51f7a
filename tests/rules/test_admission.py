"""The conditions of a class and their answers (C9.1, C10.2, C10.3, C10.7)."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from chemsales.rules.admission import ANSWERS, CONDITIONS, Condition, answers_of
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, GroupInfo, request_problems
from chemsales.words import say
from tests.factory import answered

AGENT, DEALER, DIRECT = CustomerClass.AGENT, CustomerClass.DEALER, CustomerClass.DIRECT
OTHER, POLYOLEFIN = GroupInfo(polyolefin=False, hazardous=False), GroupInfo(True, False)
WHOLE = {
    wanted: answered(ClassRequest("EG", wanted, "山东", 0, "聚酯切片")) for wanted in CustomerClass
}
LACKING = [(wanted, each) for wanted in CustomerClass for each in CONDITIONS[wanted]]


@pytest.mark.parametrize("wanted", CustomerClass)
def test_a_class_with_every_answer_lacks_nothing(wanted: CustomerClass) -> None:
    assert request_problems(WHOLE[wanted], OTHER) == []


@pytest.mark.parametrize(("wanted", "condition"), LACKING)
def test_each_condition_without_evidence_is_told_with_its_article(
    wanted: CustomerClass, condition: Condition
) -> None:
    """C10.2 wants five answers of a direct customer, C10.3 six of an agent, C10.7 five of a
    dealer."""
    clause = {DIRECT: "C10.2", AGENT: "C10.3", DEALER: "C10.7"}[wanted]
    empty: object = 0 if condition is Condition.CAPACITY else "  "
    ((place, reason),) = request_problems(replace(WHOLE[wanted], **{str(condition): empty}), OTHER)
    assert (place, reason.clause) == (condition, clause)
    assert say(reason) != reason.code


def test_a_dealer_is_asked_what_an_agent_is_but_not_for_exclusivity() -> None:
    assert (*CONDITIONS[DEALER], Condition.ONLY_OURS) == CONDITIONS[AGENT]


@pytest.mark.parametrize("wanted", [DEALER, DIRECT])
def test_polyolefins_have_classes_without_conditions(wanted: CustomerClass) -> None:
    """C9.1 names whom is sold to; the conditions of C10 are those of the other products."""
    assert request_problems(ClassRequest("PO", wanted), POLYOLEFIN) == []
    assert answers_of(wanted, True, asdict(ClassRequest("PO", wanted))) == ()


def test_a_capacity_is_told_in_tonnes_and_never_below_nothing() -> None:
    answers = dict(answers_of(DIRECT, False, asdict(WHOLE[DIRECT])))
    assert answers[Condition.CAPACITY] == "60,000.000"
    places = [place for place, _ in request_problems(replace(WHOLE[DIRECT], capacity_kg=-1), OTHER)]
    assert places == ["capacity_kg"]


@pytest.mark.parametrize("name", [each for each in ANSWERS if each is not Condition.CAPACITY])
def test_an_answer_is_kept_as_a_line_without_hidden_signs(name: Condition) -> None:
    for text in ("x" * 201, "a\u200bb"):
        problems = request_problems(replace(WHOLE[AGENT], **{str(name): text}), OTHER)
        assert [place for place, _ in problems] == [name]
