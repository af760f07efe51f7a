"""A direct customer that sells on: found, looked into, settled, on both engines (C10.2)."""

from __future__ import annotations

from datetime import date

import peewee
import pytest

from chemsales.queries.customer_history import customer_history
from chemsales.queries.resale import findings_of, open_findings
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.errors import Forbidden, Invalid, NotAllowed, NotFound
from chemsales.services import audit, resale
from chemsales.services.customers import change_class
from chemsales.storage.database import execute, rows
from tests.factory import ANSWERS, Clock, accredit, draft_of, session_of, set_acting
from tests.factory_agents import agent, class_of

FOUND = "走访发现其将 60 吨乙二醇转售给江阴某贸易公司，见磅单照片。"
DAY = date(2026, 7, 6)


@pytest.fixture
def customer(ready: str) -> int:
    """A direct customer of EG."""
    asked = [ClassRequest("EG", CustomerClass.DIRECT, "", 200_000, "聚酯切片")]
    return accredit(draft_of("江阴澄江涤纶有限公司", 7, asked))


def test_c10_2_a_resale_is_a_dated_finding_that_stays_open_until_it_is_settled(
    customer: int, clock: Clock
) -> None:
    am = session_of("am").actor
    key = resale.note(session_of("am"), class_of(customer), FOUND).value
    (found,) = findings_of(am, customer)
    assert (found.id, found.found_on, found.facts) == (key, DAY, FOUND)
    assert open_findings(am, "am") == open_findings(am) == (found,)
    assert open_findings(am, "am2") == ()
    clock.set(2026, 7, 9)
    resale.close(session_of("sales", clock), key, "系厂区内代储，未转售；已收书面说明。")
    assert open_findings(am) == ()
    told = [row.change.after for row in customer_history(am, customer)]
    assert {FOUND, "2026-07-06", "2026-07-09", "系厂区内代储，未转售；已收书面说明。"} <= set(told)
    assert audit.verify(session_of("auditor", clock)).sound
    resale.note(session_of("sales", clock), class_of(customer), "再次发现")


def test_c10_2_a_change_of_class_settles_it(customer: int, clock: Clock) -> None:
    key = resale.note(session_of("am"), class_of(customer), FOUND).value
    clock.set(2026, 8, 10)
    head = session_of("sales", clock)
    change_class(head, customer, "EG", CustomerClass.DEALER, date(2026, 8, 3), "存在转售", 1,
                 "江苏", answers=ANSWERS)  # fmt: skip
    assert open_findings(head.actor) == ()
    with pytest.raises(NotFound):
        resale.close(head, key, "不再需要")


def test_who_and_what_may_not(customer: int) -> None:
    held = class_of(customer)
    for login in ("finance", "gm", "admin", "auditor"):
        with pytest.raises(Forbidden):
            resale.note(session_of(login), held, FOUND)
    with pytest.raises(NotAllowed):
        resale.note(session_of("am2"), held, FOUND)
    for text in ("", "  "):
        with pytest.raises(Invalid):
            resale.note(session_of("am"), held, text)
    with pytest.raises(NotFound):
        resale.note(session_of("sales"), class_of(agent("苏州吴江化纤有限公司", 8)), FOUND)
    key = resale.note(session_of("am"), held, FOUND).value
    with pytest.raises(NotAllowed):
        resale.note(session_of("sales"), held, "又一次")
    for login in ("am", "finance", "gm"):
        with pytest.raises(Forbidden):
            resale.close(session_of(login), key, "已核实")
    with pytest.raises(Invalid):
        resale.close(session_of("sales"), key, " ")


def test_a_finding_says_the_same_for_good(customer: int) -> None:
    key = resale.note(session_of("am"), class_of(customer), FOUND).value
    resale.close(session_of("sales"), key, "已核实")
    for sql in (
        "UPDATE resale_finding SET facts = 'x'",
        "UPDATE resale_finding SET closing = 'x'",
        "UPDATE resale_finding SET closed_on = NULL, closing = '', closed_at = NULL",
        "DELETE FROM resale_finding",
        "INSERT INTO resale_finding (customer_id, class_id, found_on, facts, found_by, found_at, "
        "closed_on, closing, closed_at) SELECT customer_id, class_id, found_on, facts, found_by, "
        "found_at, closed_on, closing, closed_at FROM resale_finding",
    ):
        set_acting("sales", "x")
        with pytest.raises(peewee.DatabaseError, match=r"history|closed once|at a time"):
            execute(sql)
    assert rows("SELECT facts, closing FROM resale_finding") == [(FOUND, "已核实")]
