"""Two agents in one region: warned of, and the general manager says why (C10.3, A.X 15)."""

from __future__ import annotations

from datetime import date

import pytest

from chemsales.queries.accreditation import submission_problems
from chemsales.queries.checks import CheckResult, checks
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ApplicationState, ClassRequest, Draft
from chemsales.rules.errors import Invalid, NotAllowed
from chemsales.services import accreditation, policy
from chemsales.services.customers import change_class
from tests.factory import (
    ANSWERS,
    Clock,
    accredit,
    decide,
    draft_of,
    make_application,
    session_of,
    submit,
    version_of,
)  # fmt: skip
from tests.factory_disqualification import disqualify

AGENT, DEALER = CustomerClass.AGENT, CustomerClass.DEALER
FIRST = "江阴澄江涤纶有限公司"
TODAY = date(2026, 7, 6)


def agent(number: int, region: str, wanted: CustomerClass = AGENT, group: str = "EG") -> Draft:
    name = FIRST if number == 1 else f"第{number}化纤有限公司"
    return draft_of(name, number, [ClassRequest(group, wanted, region, 0, "涤纶")])


def at_the_last(draft: Draft) -> int:
    key = make_application(session_of("am"), draft)
    submit(session_of("am"), key)
    for login in ("sales", "finance"):
        decide(session_of(login), key)
    return key


@pytest.fixture
def first(ready: str) -> int:
    """An agent of EG in Jiangsu."""
    return accredit(agent(1, "江苏省"))


def test_c10_3_an_overlap_is_warned_of_as_it_is_typed_and_shown_to_reviewers(first: int) -> None:
    (found,) = submission_problems(session_of("am").actor, agent(2, "江苏、安徽"), (), TODAY)[-1:]
    assert found.warning and found.place == "classes.EG.region"
    assert found.reason.clause == "C10.3"
    assert (found.reason.params["name"], found.reason.params["region"]) == (FIRST, "江苏省")
    key = at_the_last(agent(2, "江苏、安徽"))
    rows = checks(session_of("gm").actor, key, TODAY)
    shown = [row.result for row in rows if row.reason.code == "reason.agent_overlap"]
    assert shown == [CheckResult.LOOK]


@pytest.mark.parametrize(
    "other",
    [
        agent(2, "山东"),
        agent(2, "江苏", DEALER),
        draft_of("第2化纤有限公司", 2, [ClassRequest("PO", DEALER, "江苏")]),
    ],
)
def test_what_does_not_overlap_is_not_told(first: int, other: Draft) -> None:
    found = submission_problems(session_of("am").actor, other, (), TODAY)
    assert not [each for each in found if each.reason.code == "reason.agent_overlap"]


def test_c10_3_the_general_manager_says_why_there_are_two(first: int) -> None:
    key = at_the_last(agent(2, "华东"))
    with pytest.raises(NotAllowed) as refusal:
        decide(session_of("gm"), key, comment="  ")
    codes = [reason.code for reason in refusal.value.reasons]
    assert codes == ["reason.agent_overlap", "reason.overlap_unexplained"]
    decide(session_of("gm"), key, comment="该区域销量翻番，一家无力覆盖")
    assert accreditation.load_application(key).state is ApplicationState.ACCREDITED


def test_other_verdicts_and_stages_need_no_reason_for_it(first: int) -> None:
    key = at_the_last(agent(2, "江苏"))
    decide(session_of("gm"), key, Verdict.RETURN, "区域请再商")
    assert accreditation.load_application(key).state is ApplicationState.RETURNED


def test_an_edition_may_refuse_a_second_agent(first: int, clock: Clock) -> None:
    key = at_the_last(agent(2, "江苏"))
    head = session_of("sales", clock)
    day = date(2026, 7, 7)
    policy.add_edition(head, day, {"exclusive_unique": "refuse"}, "办公会纪要")
    clock.set(2026, 7, 7)
    with pytest.raises(NotAllowed):
        decide(session_of("gm", clock), key, comment="仍需一家")
    other = make_application(session_of("am", clock), agent(3, "江苏"))
    with pytest.raises(Invalid) as refusal:
        accreditation.submit(session_of("am", clock), other, version_of(other))
    assert [problem.place for problem in refusal.value.problems] == ["classes.EG.region"]
    dealer = accredit(agent(4, "江苏", DEALER), clock)
    clock.set(2026, 7, 9)
    with pytest.raises(Invalid):
        change_class(session_of("sales", clock), dealer, "EG", AGENT, date(2026, 7, 8), "签约", 1,
                     answers=ANSWERS)  # fmt: skip


def test_who_is_no_agent_any_more_is_not_in_the_way(first: int, clock: Clock) -> None:
    clock.set(2026, 7, 10)
    head = session_of("sales", clock)
    change_class(head, first, "EG", DEALER, date(2026, 7, 9), "协议终止", 1)
    key = at_the_last(agent(2, "江苏"))
    decide(session_of("gm"), key)


def test_who_is_disqualified_is_not_in_the_way(first: int) -> None:
    disqualify(first)
    key = at_the_last(agent(2, "江苏"))
    decide(session_of("gm"), key)
