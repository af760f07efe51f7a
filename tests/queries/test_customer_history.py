"""C8.1: every change of a customer's file is told with its value before and after, who and when."""

from __future__ import annotations

from datetime import date

import pytest

from chemsales.queries.customer_history import customer_history
from chemsales.rules.classification import CustomerClass
from chemsales.rules.errors import NotFound
from chemsales.rules.history import FieldChange
from chemsales.services import customers
from tests.factory import accredit, draft_of, session_of

ACTOR = session_of("finance").actor


def test_c8_1_the_versions_of_a_file(ready, clock):
    key = accredit(draft_of("青岛海泰化工有限公司", 7), clock)
    accredit(draft_of("另一家化工有限公司", 8), clock)
    clock.set(2026, 7, 9)
    customers.set_mnemonic(session_of("am", clock), key, "ht", 1)
    clock.set(2026, 7, 10)
    customers.change_class(
        session_of("sales", clock), key, "PO", CustomerClass.DIRECT, date(2026, 7, 10), "合同", 2
    )
    found = customer_history(ACTOR, key)
    later = [(row.who, row.part, row.change) for row in found if not row.first]
    assert later == [
        ("王芳", "customer_class", FieldChange("to_day", "", "2026-07-09")),
        ("张伟", "customer", FieldChange("mnemonic", "", "ht")),
    ]
    came = {(row.part, row.change.field): row.change.after for row in found if row.first}
    assert came["customer", "name"] == "青岛海泰化工有限公司"
    assert came["customer_contact", "phone"] == "13805320007"
    assert {row.of for row in found if row.part == "customer_class"} == {"聚烯烃"}
    classes = [row.change.after for row in found if row.change.field == "customer_class"]
    assert classes == ["direct", "dealer"]
    assert [found[0].at.date().isoformat(), found[-1].at.date().isoformat()] == [
        "2026-07-10", "2026-07-06",
    ]  # fmt: skip
    assert not [row for row in found if "另一家" in row.change.after]


def test_who_is_not_there_has_no_history(ready):
    with pytest.raises(NotFound):
        customer_history(ACTOR, 99)
