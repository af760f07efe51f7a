"""Licences given to exclusive agents, on both engines (C10.5)."""

from __future__ import annotations

from datetime import date

import peewee
import pytest

from chemsales.queries import check_codes
from chemsales.queries.agent_licences import (
    agent_licences,
    agents_on,
    issue_blockers,
    licensed_on,
    to_be_licensed,
)
from chemsales.queries.disqualification import effects, load_proposal
from chemsales.reports import agent_licence
from chemsales.rules.agent_licences import AgentState
from chemsales.rules.check_codes import PaperKind
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import Forbidden, NotAllowed, NotFound
from chemsales.services import accreditation, audit, policy
from chemsales.services import agent_licences as service
from chemsales.services.changes import Subject
from chemsales.services.customers import change_class
from chemsales.storage.database import execute, rows
from tests.factory import (
    PDF,
    Clock,
    accredit,
    approved_by_all,
    draft_of,
    make_application,
    session_of,
    set_acting,
)  # fmt: skip
from tests.factory_agents import agent, agent_draft, class_of
from tests.factory_agents import licensed as give
from tests.factory_disqualification import disqualify
from tests.reports import pdf

NAME, DEALER = "江阴澄江涤纶有限公司", CustomerClass.DEALER
TODAY = date(2026, 7, 6)
LICENCE, INVOICE = DocumentKind.BUSINESS_LICENCE, DocumentKind.INVOICE_DATA


@pytest.fixture
def customer(ready: str) -> int:
    """An exclusive agent of EG in Jiangsu."""
    return agent(NAME, 7)


def state_on(day: date) -> list[AgentState]:
    return [row.state for row in agents_on(session_of("sales").actor, day)]


def test_c10_5_a_licence_is_numbered_and_holds_to_the_end_of_the_year(customer: int) -> None:
    assert (customer, "EG") not in licensed_on(TODAY)
    changed = service.issue(session_of("sales"), class_of(customer))
    assert changed.subjects == {Subject.AGENT_LICENCE}
    (found,) = agent_licences(session_of("auditor").actor, [changed.value])
    assert (found.number, found.from_day, found.to_day) == (
        "DL2026-0001", "2026-07-06", "2026-12-31",
    )  # fmt: skip
    assert (found.customer_name, found.region, found.group.code) == (NAME, "江苏", "EG")
    for day, expected in (
        (date(2026, 7, 5), False), (TODAY, True), (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ):  # fmt: skip
        assert ((customer, "EG") in licensed_on(day)) is expected
    assert audit.verify(session_of("auditor")).sound


def test_c10_5_it_is_given_anew_every_year(customer: int, clock: Clock) -> None:
    give(customer)
    assert state_on(TODAY) == [AgentState.LICENSED]
    assert issue_blockers(session_of("sales").actor, class_of(customer), TODAY)
    assert state_on(date(2026, 10, 31)) == [AgentState.LICENSED]
    assert state_on(date(2026, 11, 1)) == [AgentState.ENDING]
    clock.set(2026, 11, 2)
    key = give(customer, clock)
    (found,) = agent_licences(session_of("am").actor, [key])
    assert (found.number, found.from_day, found.to_day) == (
        "DL2026-0002", "2027-01-01", "2027-12-31",
    )  # fmt: skip
    assert state_on(date(2026, 11, 2)) == [AgentState.LICENSED]
    assert state_on(date(2028, 1, 1)) == [AgentState.MISSING]


def test_an_edition_may_let_it_hold_for_a_year(customer: int, clock: Clock) -> None:
    head = session_of("sales", clock)
    policy.add_edition(head, date(2026, 7, 7), {"agent_licence_term": "one_year"}, "办公会纪要")
    clock.set(2026, 7, 8)
    (found,) = agent_licences(head.actor, [give(customer, clock)])
    assert (found.from_day, found.to_day, found.footer.edition) == ("2026-07-08", "2027-07-07", 2)


def test_it_ends_with_the_class(customer: int, clock: Clock) -> None:
    key = give(customer)
    clock.set(2026, 8, 10)
    head = session_of("sales", clock)
    change_class(head, customer, "EG", DEALER, date(2026, 8, 1), "协议终止", 1)
    assert (customer, "EG") in licensed_on(date(2026, 7, 31))
    assert (customer, "EG") not in licensed_on(date(2026, 8, 1))
    (found,) = agent_licences(head.actor, [key])
    assert [(each.code, each.params["day"]) for each in found.ended] == [
        ("reason.agent_licence_ended", "2026-07-31")
    ]
    with pytest.raises(NotFound):
        service.issue(head, class_of(customer))


def test_c10_3_the_list_tells_whose_region_overlaps_while_both_are_agents(
    customer: int, clock: Clock
) -> None:
    near, far = agent("南京化纤", 52, "南京", clock), agent("济南化纤", 53, "山东", clock)
    head = session_of("sales", clock)

    def told() -> dict[int, list[tuple[str, object]]]:
        return {
            row.customer_id: [(each.code, each.params["code"]) for each in row.overlaps]
            for row in agents_on(head.actor, TODAY)
        }

    assert told() == {
        customer: [("reason.agent_overlap", "C00002")],
        near: [("reason.agent_overlap", "C00001")],
        far: [],
    }
    clock.set(2026, 7, 8)
    change_class(head, near, "EG", DEALER, date(2026, 7, 8), "协议终止", 1)
    assert told() == {customer: [], far: []}


def test_c17_1_it_ends_with_the_qualification(customer: int) -> None:
    give(customer)
    held = class_of(customer)
    disqualify(customer)
    assert licensed_on(date(2026, 7, 7)) == frozenset()
    with pytest.raises(NotFound):
        service.issue(session_of("sales"), held)
    assert agents_on(session_of("sales").actor, TODAY) == []


def test_c17_1_what_ends_is_told_before_and_on_the_licence_after(customer: int) -> None:
    key = give(customer)
    told = [each for each in effects(session_of("am").actor, customer, TODAY)
            if each.code == "reason.effect_agent_licence"]  # fmt: skip
    assert [each.params for each in told] == [{"number": "DL2026-0001", "day": "2026-12-31"}]
    (found,) = agent_licences(session_of("auditor").actor, [key])
    printed = pdf.text(agent_licence.render([found])).replace("\n", "")
    assert found.ended == () and "已于" not in printed
    assert "根据《石油销售公司化工品客户管理办法》第十条" in printed and "兹授权贵公司" in printed
    decided = load_proposal(disqualify(customer))
    assert "reason.effect_agent_licence" in {each.code for each in decided.effects}
    (ended,) = agent_licences(session_of("auditor").actor, [key])
    assert ended.footer.code == found.footer.code
    shown = pdf.text(agent_licence.render([ended]))
    assert "该许可证已于2026-07-06失效" in shown and "QX2026-0001" in shown


def test_c15_2_none_is_given_while_dealings_are_suspended(ready: str, clock: Clock) -> None:
    key = make_application(session_of("am", clock), agent_draft(NAME, 9), [INVOICE])
    accreditation.attach(session_of("am", clock), key, LICENCE, "执照.pdf", PDF,
                         valid_to=date(2026, 7, 20))  # fmt: skip
    held = class_of(approved_by_all(key, clock))
    clock.set(2026, 8, 10)
    with pytest.raises(NotAllowed) as refusal:
        service.issue(session_of("sales", clock), held)
    assert [reason.clause for reason in refusal.value.reasons] == ["C15.2"]
    assert rows("SELECT count(*) FROM agent_licence") == [(0,)]


def test_who_may_not(customer: int) -> None:
    for login in ("am", "finance", "gm", "admin", "auditor"):
        with pytest.raises(Forbidden):
            service.issue(session_of(login), class_of(customer))
    with pytest.raises(NotFound):
        service.issue(session_of("sales"), 999)
    give(customer)
    with pytest.raises(NotAllowed) as refusal:
        give(customer)
    (reason,) = refusal.value.reasons
    assert (reason.clause, reason.params["number"]) == ("C10.5", "DL2026-0001")


def test_a_licence_never_changes_and_no_agent_has_two_at_a_time(customer: int) -> None:
    key = give(customer)
    other = accredit(draft_of("临沂塑料有限公司", 8))
    dealer = class_of(other, "PO")
    copied = (
        "INSERT INTO agent_licence (number, customer_id, class_id, from_day, to_day, shown, "
        "edition, issued_by, issued_at) SELECT 'X', {}, {}, '2026-12-01', '2027-01-31', shown, "
        "edition, issued_by, issued_at FROM agent_licence"
    )
    for sql in (
        f"UPDATE agent_licence SET to_day = '2030-12-31' WHERE id = {key}",
        f"DELETE FROM agent_licence WHERE id = {key}",
        copied.format(customer, class_of(customer)),
        copied.format(other, dealer),
        copied.format(other, class_of(customer)),
    ):
        set_acting("sales", "x")
        with pytest.raises(peewee.DatabaseError, match=r"history|at a time"):
            execute(sql)


def test_agents_without_a_licence_are_asked_for(customer: int) -> None:
    head = session_of("sales").actor
    agent("苏州吴江化纤有限公司", 8, "浙江")
    give(customer)
    found = agents_on(head, TODAY, to_be_licensed())
    assert [(row.name, row.state, row.number) for row in found] == [
        ("苏州吴江化纤有限公司", AgentState.MISSING, "")
    ]
    found = agents_on(head, date(2026, 12, 1), to_be_licensed())
    assert {row.state for row in found} == {AgentState.MISSING, AgentState.ENDING}


def test_its_check_code_finds_it_and_says_when_it_has_ended(customer: int, clock: Clock) -> None:
    (found,) = agent_licences(session_of("auditor").actor, [give(customer)])
    match = check_codes.check(session_of("auditor").actor, found.footer.code, TODAY)
    assert match is not None and match.since == ()
    assert (match.kind, match.subject) == (PaperKind.AGENT_LICENCE, "DL2026-0001")
    assert match.customer == NAME and match.target == ("agents", "DL2026-0001")
    later = check_codes.check(session_of("am").actor, found.footer.code, date(2027, 1, 1))
    assert later is not None
    assert [reason.code for reason in later.since] == ["reason.agent_licence_ended"]
