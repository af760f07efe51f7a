"""What a customer took, how it was evaluated, its scans, and what happened to it (C8.1)."""

from __future__ import annotations

from datetime import date

from chemsales.queries import customer_record as record
from chemsales.queries.customer_history import customer_history
from chemsales.queries.customers import customer as customer_file
from chemsales.queries.file_card import file_card
from chemsales.queries.handover import owner_history
from chemsales.queries.licence_lists import papers
from chemsales.queries.suspension_lists import suspensions
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.handover import Handover
from chemsales.services import handover, resale
from chemsales.services.customers import change_class
from tests.factory import ANSWERS, accredit, draft_of, session_of
from tests.factory_agents import class_of
from tests.factory_customer_change import judge, move_account
from tests.factory_disqualification import disqualify
from tests.factory_offtake import pick_up, plan, weekdays

ACTOR = session_of("auditor").actor


def events(customer, day):
    detail = customer_file(ACTOR, customer)
    return record.timeline(
        detail, owner_history(ACTOR, customer), (), papers(ACTOR, day, customer_id=customer),
        suspensions(ACTOR, day, customer), (), customer_history(ACTOR, customer),
        record.told(ACTOR, customer),
    )  # fmt: skip


def test_c8_1_one_dated_list_tells_what_happened(ready, clock):
    clock.set(2026, 3, 2)
    customer = accredit(draft_of("青岛信诚化工有限公司", 7), clock)
    clock.set(2026, 4, 1)
    judge(move_account(customer, clock), clock=clock)
    clock.set(2026, 5, 6)
    given = Handover("am2", date(2026, 5, 6), "岗位调整")
    handover.hand_over(session_of("sales", clock), [customer], given)
    clock.set(2026, 6, 1)
    back = Handover("am", date(2026, 6, 1), "返岗")
    handover.hand_over(session_of("sales", clock), [customer], back)
    clock.set(2026, 7, 6)
    disqualify(customer, clock)
    found = [(each.day.isoformat(), each.what.code) for each in events(customer, date(2026, 7, 6))]
    assert found == [
        ("2026-07-06", "reason.event_disqualified"),
        ("2026-07-06", "reason.event_class_ended"),
        ("2026-06-01", "reason.event_handed"),
        ("2026-05-06", "reason.event_handed"),
        ("2026-04-01", "reason.event_changed"),
        ("2026-04-01", "reason.event_change_decided"),
        ("2026-03-02", "reason.event_licence"),
        ("2026-03-02", "reason.event_class"),
        ("2026-03-02", "reason.event_accredited"),
    ]
    files = record.files(ACTOR, customer_file(ACTOR, customer), date(2026, 7, 6))
    assert [row.source for row in files] == [
        "application", "application", "disqualification", "customer_change",
    ]  # fmt: skip
    for row in files:
        assert record.scan(ACTOR, row.id)[1].startswith(b"%PDF")
    earlier = record.files(ACTOR, customer_file(ACTOR, customer), date(2026, 3, 31))
    assert {row.source for row in earlier} == {"application"}


def test_c10_2_resales_are_told_with_what_settled_them(ready, clock):
    """In words, and with the end of the class; on a day before that, that it was found alone."""
    clock.set(2026, 3, 2)
    asked = [ClassRequest("EG", CustomerClass.DIRECT, "", 200_000, "聚酯切片")]
    customer = accredit(draft_of("江阴澄江涤纶有限公司", 7, asked), clock)
    sales = session_of("sales", clock)
    clock.set(2026, 4, 1)
    first = resale.note(session_of("am", clock), class_of(customer), "转售 60 吨").value
    clock.set(2026, 4, 9)
    resale.close(sales, first, "系代储，未转售。")
    clock.set(2026, 5, 6)
    resale.note(sales, class_of(customer), "再次转售")
    clock.set(2026, 6, 1)
    change_class(sales, customer, "EG", CustomerClass.DEALER, date(2026, 6, 1), "存在转售", 1,
                 "江苏", answers=ANSWERS)  # fmt: skip
    found = [each for each in events(customer, date(2026, 7, 6)) if each.what.clause == "C10.2"]
    assert [(each.day.isoformat(), each.what.code) for each in found] == [
        ("2026-05-31", "reason.event_resale_ended"),
        ("2026-05-06", "reason.event_resale"),
        ("2026-04-09", "reason.event_resale_settled"),
        ("2026-04-01", "reason.event_resale"),
    ]
    said = {key: value for each in found for key, value in each.what.params.items()}
    assert (said["facts"], said["why"]) == ("转售 60 吨", "系代储，未转售。")
    for day, count in ((date(2026, 4, 8), 1), (date(2026, 5, 30), 3)):
        told = [each.what.code for each in file_card(ACTOR, customer, day).events]
        assert sum(code.startswith("reason.event_resale") for code in told) == count


def test_months_tell_what_was_taken_and_planned_by_the_imports_that_stand(ready, clock):
    clock.set(2026, 3, 2)
    customer = accredit(draft_of("青岛信诚化工有限公司", 7), clock)
    clock.set(2026, 7, 6)
    am = session_of("am", clock)
    pick_up(am, weekdays("2026-06", 60_000, customer))
    plan(am, [(customer, "PP-T30S", "2026-06", 120_000, 0), (customer, "PP-T30S", "2026-07", 5, 0)])
    found = record.takes(ACTOR, customer, date(2026, 7, 6))
    assert [(row.month, row.planned_kg) for row in found] == [("2026-07", 5), ("2026-06", 120_000)]
    assert found[1].kg > 0
    assert record.takes(ACTOR, customer, date(2026, 6, 30)) == []  # imported in July
