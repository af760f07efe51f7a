"""Changing a class: dated history, the class on a day, what is refused (C3.3)."""

from __future__ import annotations

import json
from datetime import date
from functools import partial

import pytest

from chemsales.queries import customers as queries
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, DocumentKind
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, NotFound
from chemsales.rules.roles import Action, Role
from chemsales.services import customers as service
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import execute, rows
from tests.factory import ANSWERS, accredit, draft_of

AGENT, DEALER, DIRECT = CustomerClass.AGENT, CustomerClass.DEALER, CustomerClass.DIRECT
ADMITTED, CHANGED = date(2026, 7, 6), date(2026, 9, 1)
change_class = partial(service.change_class, answers=ANSWERS)
PAPERS = (
    DocumentKind.BUSINESS_LICENCE,
    DocumentKind.INVOICE_DATA,
    DocumentKind.HAZARDOUS_LICENCE,
)


def class_on(actor, customer_id, group, day):
    """The one class of a customer in a group on a day, as its card tells; None without one."""
    held = [
        row.customer_class
        for row in queries.customer(actor, customer_id).classes
        if row.group_code == group and row.from_day <= day <= (row.to_day or date.max)
    ]
    assert len(held) <= 1
    return held[0] if held else None


@pytest.fixture
def customer_id(ready, clock):
    classes = [ClassRequest("PO", DEALER, "山东"), ClassRequest("BZ", DEALER, "山东")]
    key = accredit(draft_of("海洋塑料", 1, classes), clock, documents=PAPERS)
    clock.set(2026, 9, 10)
    return key


@pytest.fixture
def head(as_role):
    return as_role(Role.SALES_HEAD)


def test_c4_4_a_change_is_a_dated_row_and_the_old_class_stays_on_its_days(customer_id, head):
    changed = change_class(head, customer_id, "BZ", AGENT, CHANGED, "签订独家代理协议", 1)
    assert changed.subjects == {Subject.CUSTOMER, Subject.DISPATCH, Subject.TIERS}
    for day, expected in (
        (date(2026, 7, 5), None),
        (ADMITTED, DEALER),
        (date(2026, 8, 31), DEALER),
        (CHANGED, AGENT),
        (date(2030, 1, 1), AGENT),
    ):
        assert class_on(head.actor, customer_id, "BZ", day) == expected
    assert class_on(head.actor, customer_id, "PO", CHANGED) is DEALER
    history = [
        row for row in queries.customer(head.actor, customer_id).classes if row.group_code == "BZ"
    ]
    assert [(row.from_day, row.to_day, row.clause) for row in history] == [
        (ADMITTED, date(2026, 8, 31), "C10.1"),
        (CHANGED, None, "C3.3"),
    ]
    assert queries.customers(head.actor)[0].classes == "聚烯烃 经销商 · 纯苯 独家代理商"


@use_case(Action.MONTH_CLOSE)
def close_august(op: Operation) -> None:
    execute(
        "INSERT INTO closing (month, revision, active, edition, closed_by, closed_at, "
        "results_digest, inputs) VALUES ('2026-08', 1, 1, 1, 'sales', ?, 'x', '{}')",
        ("2026-09-01T00:00:00.000000Z",),
    )
    op.record(Subject.TIERS, "2026-08")


@pytest.mark.parametrize(
    ("group", "wanted", "day", "basis", "place"),
    [
        ("BZ", DEALER, CHANGED, "x", "customer_class"),
        ("PO", AGENT, CHANGED, "x", "customer_class"),
        ("BZ", AGENT, ADMITTED, "x", "from_day"),
        ("BZ", AGENT, date(2026, 9, 11), "x", "from_day"),
        ("BZ", AGENT, date(2026, 8, 31), "x", "from_day"),
        ("BZ", AGENT, CHANGED, " ", "basis"),
    ],
)
def test_impossible_changes_are_refused(customer_id, head, group, wanted, day, basis, place):
    close_august(head)
    with pytest.raises(Invalid) as refusal:
        change_class(head, customer_id, group, wanted, day, basis, 1)
    assert {problem.place for problem in refusal.value.problems} == {place}


@pytest.mark.parametrize(
    ("wanted", "region", "purpose", "problem"),
    [
        (AGENT, "", "", ("region", "C10.3")),
        (AGENT, "华东", "", None),
        (AGENT, "", "贸易", ("region", "C10.3")),
        (DEALER, " ", "", ("region", "C10.7")),
        (DEALER, "华东", "", None),
    ],
)
def test_a_change_asks_for_what_an_application_asks_for(
    ready, clock, head, wanted, region, purpose, problem
):
    """C10.3, C10.7: a direct customer has no region; an agent and a dealer name theirs."""
    direct = ClassRequest("EG", DIRECT, "", 0, "聚酯")
    key = accredit(draft_of("聚酯有限公司", 1, [direct]), clock)
    clock.set(2026, 9, 10)
    change = partial(change_class, head, key, "EG", wanted, CHANGED, "签约", 1)
    if problem is None:
        change(region, purpose)
        classes = queries.customer(head.actor, key).classes
        assert [(row.region, row.to_day) for row in classes if row.to_day is None] == [
            (region, None)
        ]
        return
    for asked in ((region, purpose), (None, purpose)):
        with pytest.raises(Invalid) as refusal:
            change(*asked)
        (found,) = refusal.value.problems
        assert (found.place, found.reason.clause) == problem


def test_a_direct_customer_says_what_it_uses_the_goods_for(customer_id, head):
    with pytest.raises(Invalid) as refusal:
        change_class(head, customer_id, "BZ", DIRECT, CHANGED, "自用", 1)
    (problem,) = refusal.value.problems
    assert (problem.place, problem.reason.clause) == ("purpose", "C10.2")
    change_class(head, customer_id, "BZ", DIRECT, CHANGED, "自用", 1, None, "苯乙烯")
    ((detail,),) = rows("SELECT detail FROM event WHERE use_case = 'customers.change_class' "
                        "AND outcome = 'done'")  # fmt: skip
    assert json.loads(detail)["purpose"] == "苯乙烯"


def test_who_and_what_may_not(customer_id, head, as_role):
    with pytest.raises(NotFound):
        change_class(head, customer_id, "EG", AGENT, CHANGED, "x", 1)
    with pytest.raises(Conflict):
        change_class(head, customer_id, "BZ", AGENT, CHANGED, "x", 7)
    with pytest.raises(NotAllowed):
        manager = as_role(Role.ACCOUNT_MANAGER)
        change_class(manager, customer_id, "BZ", AGENT, CHANGED, "x", 1)
    assert class_on(manager.actor, customer_id, "BZ", CHANGED) is DEALER
