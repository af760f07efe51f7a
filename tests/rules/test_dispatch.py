"""C4.7: to whom a customer is reported, and what may become of an item."""

from __future__ import annotations

from datetime import date

import pytest

from chemsales.rules.dispatch import (
    Marks,
    acknowledge_reasons,
    day_reason,
    published,
    recipients,
    send_reasons,
)
from chemsales.rules.history import FieldChange

OFFICES = {"QD": {"PO"}, "DL": {"PO", "BZ"}, "NB": {"EG"}, "ZZ": set[str]()}
MADE = Marks("BS2026-0001")
SENT = Marks("BS2026-0001", date(2026, 7, 6))
DONE = Marks("BS2026-0001", date(2026, 7, 6), date(2026, 7, 8))


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ({"PO"}, ("", "DL", "QD")),
        ({"BZ"}, ("", "DL")),
        ({"EG", "BZ"}, ("", "DL", "NB")),
        ({"XX"}, ("",)),
        ((), ("",)),
    ],
)
def test_c4_7_finance_and_the_offices_of_the_products_are_told(groups, told):
    assert recipients(groups, OFFICES) == told


def test_c4_7_what_stays_in_the_house_is_not_published():
    changes = [FieldChange(name, "a", "b") for name in ("mnemonic", "credit_note", "bank")]
    assert [each.field for each in published(changes)] == ["bank"]


@pytest.mark.parametrize(
    ("marks", "sending", "acknowledging"),
    [
        (MADE, [], ["reason.dispatch_not_sent"]),
        (SENT, ["reason.dispatch_sent"], []),
        (DONE, ["reason.dispatch_sent"], ["reason.dispatch_acknowledged"]),
    ],
)
def test_c4_7_an_item_is_sent_once_and_then_acknowledged_once(marks, sending, acknowledging):
    assert [each.code for each in send_reasons(marks)] == sending
    assert [each.code for each in acknowledge_reasons(marks)] == acknowledging


@pytest.mark.parametrize(("day", "refused"), [(5, True), (6, False), (9, False), (10, True)])
def test_c4_7_it_is_acknowledged_between_its_sending_and_today(day, refused):
    found = day_reason(SENT, date(2026, 7, day), date(2026, 7, 9))
    assert (found is not None) is refused
