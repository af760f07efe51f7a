"""Editions, the calendar, products and settings as people edit them (C18.1, C20.1, C3.1)."""

from __future__ import annotations

import json
from datetime import date

import pytest

from chemsales.queries import calendar as calendars
from chemsales.queries import policy as editions
from chemsales.queries import products as product_queries
from chemsales.queries import settings as setting_queries
from chemsales.rules.errors import Conflict, DataError, Invalid, NotAllowed, NotFound
from chemsales.rules.policy import Policy
from chemsales.rules.roles import Role
from chemsales.services import calendar, policy, products, settings, setup
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.services.people import create_first_administrator
from chemsales.storage.database import execute, rows
from tests.factory import COMPANY, PASSWORD

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def head(ready, as_role):
    return as_role(Role.SALES_HEAD)


@pytest.fixture
def admin(ready, as_role):
    return as_role(Role.ADMINISTRATOR)


# set-up


def test_the_first_start_sets_everything_up_once(db, clock):
    admin = create_first_administrator("孙丽", "admin", PASSWORD, clock)
    changed = setup.set_up(admin, date(2025, 1, 1))
    assert changed.value == 1
    assert changed.subjects == {Subject.POLICY, Subject.CALENDAR}
    (row,) = editions.editions(admin.actor)
    assert (row.number, row.effective_from, row.decided_by_name) == (1, date(2025, 1, 1), "孙丽")
    assert row.parameters == Policy().as_parameters()
    assert editions.load_edition(date(2025, 1, 1)).policy == Policy()
    with pytest.raises(NotAllowed) as refusal:
        editions.load_edition(date(2024, 12, 31))
    assert codes(refusal) == ["reason.before_first_edition"]
    with pytest.raises(NotAllowed) as refusal:
        setup.set_up(admin)
    assert codes(refusal) == ["reason.already_set_up"]


# editions


def test_an_edition_changes_what_it_names_and_keeps_the_rest(head):
    number = policy.add_edition(head, AUGUST, {"level_move": "direct"}, "委员会 2026 年第 3 号决议")
    assert number.value == 2
    policy.add_edition(head, date(2026, 9, 1), {"plan_day": 20}, "第 4 号决议")
    found = [editions.load_edition(day) for day in (JULY, AUGUST, date(2026, 9, 1))]
    assert [edition.number for edition in found] == [1, 2, 3]
    assert [edition.policy.level_move for edition in found] == ["one_step", "direct", "direct"]
    assert [edition.policy.plan_day for edition in found] == [25, 25, 20]
    assert editions.load_edition_number(2).policy == found[1].policy
    assert [row.number for row in editions.editions(head.actor)] == [3, 2, 1]
    with pytest.raises(NotFound):
        editions.load_edition_number(4)


@pytest.mark.parametrize(
    ("day", "parameters", "basis", "code"),
    [
        (date(2019, 1, 1), {}, "x", "reason.edition_order"),
        (date(2020, 1, 1), {}, "x", "reason.edition_order"),
        (AUGUST, {}, " ", "reason.text_missing"),
        (AUGUST, {"level_move": "sideways"}, "x", "reason.parameter_wrong"),
        (AUGUST, {"unknown": 1}, "x", "reason.parameter_unknown"),
    ],
)
def test_an_edition_that_makes_no_sense_is_refused(head, day, parameters, basis, code):
    with pytest.raises(Invalid) as refusal:
        policy.add_edition(head, day, parameters, basis)
    assert codes(refusal) == [code]
    assert rows("SELECT count(*) FROM rule_edition") == [(1,)]


def close(month):
    execute(
        "INSERT INTO closing (month, revision, active, edition, closed_by, closed_at, "
        "results_digest, inputs) VALUES (?, 1, 1, 1, 'sales', ?, 'x', '{}')",
        (month, "2026-08-01T00:00:00.000000Z"),
    )


@use_case(policy.Action.MONTH_CLOSE)
def close_july(op: Operation) -> None:
    close("2026-07")
    op.record(Subject.TIERS, "2026-07")


def test_rules_do_not_reach_back_into_a_closed_month(head):
    close_july(head)
    with pytest.raises(Invalid) as refusal:
        policy.add_edition(head, date(2026, 7, 31), {}, "决议")
    assert codes(refusal) == ["reason.edition_in_closed_month"]
    assert policy.add_edition(head, AUGUST, {}, "决议").value == 2


def test_only_the_sales_head_edits_rules(ready, as_role):
    for role in set(Role) - {Role.SALES_HEAD}:
        with pytest.raises(NotAllowed):
            policy.add_edition(as_role(role), AUGUST, {}, "决议")


# calendar


@pytest.mark.parametrize(("year", "off", "work"), [(2024, 28, 8), (2025, 28, 5), (2026, 33, 6)])
def test_official_years_are_those_of_the_notices(ready, as_role, year, off, work):
    row = {row.year: row for row in calendars.years(as_role(Role.AUDITOR).actor)}[year]
    kinds = [day.kind for day in row.days]
    assert (kinds.count("off"), kinds.count("work")) == (off, work)
    assert row.official
    assert row.notice.startswith("国办发明电")


def test_make_up_days_work_and_holidays_do_not(ready):
    loaded = calendars.load_calendar()
    for day, working in (
        (date(2026, 2, 14), True),  # Saturday, make-up day
        (date(2026, 2, 16), False),  # spring festival
        (date(2026, 7, 6), True),
        (date(2026, 7, 5), False),
    ):
        assert loaded.is_working(day) is working
    assert loaded.official == {2024, 2025, 2026}


def test_a_year_by_hand_is_provisional_until_it_is_confirmed(head):
    with pytest.raises(DataError) as refusal:
        calendar.load_year(head, 2027)
    assert codes(refusal) == ["reason.calendar_year_unknown"]
    calendar.set_day(head, date(2027, 1, 1), "off", "元旦")
    calendar.set_day(head, date(2027, 1, 3), "work")
    loaded = calendars.load_calendar()
    assert not loaded.is_working(date(2027, 1, 1))
    assert loaded.is_working(date(2027, 1, 3))
    assert 2027 not in loaded.official
    with pytest.raises(NotFound):
        calendar.confirm_year(head, 2028, "通知", 1)
    [seen] = [row.version for row in calendars.years(head.actor) if row.year == 2027]
    with pytest.raises(Conflict):
        calendar.confirm_year(head, 2027, "国办发明电〔2026〕9号", seen - 1)  # a day came since
    calendar.confirm_year(head, 2027, "国办发明电〔2026〕9号", seen)
    with pytest.raises(Conflict):
        calendar.confirm_year(head, 2027, "国办发明电〔2026〕9号", seen)
    assert 2027 in calendars.load_calendar().official


def test_a_day_is_edited_and_the_year_can_be_loaded_again(admin):
    day = date(2026, 2, 14)
    calendar.set_day(admin, day, "off", "公司放假")
    assert not calendars.load_calendar().is_working(day)
    calendar.set_day(admin, day, "")
    assert not calendars.load_calendar().is_working(day)  # an ordinary Saturday
    assert calendar.load_year(admin, 2026).value == 39
    assert calendars.load_calendar().is_working(day)
    with pytest.raises(Invalid):
        calendar.set_day(admin, day, "holiday")


# products


def test_groups_and_products(admin):
    products.add_group(admin, " mtbe ", "甲基叔丁基醚", "MTBE", hazardous=True)
    products.add_product(admin, "ｍｔｂｅ－1", "MTBE 一级品", "MTBE")
    group = {row.code: row for row in product_queries.groups(admin.actor)}["MTBE"]
    assert (group.name, group.hazardous, group.polyolefin) == ("甲基叔丁基醚", True, False)
    product = {row.code: row for row in product_queries.products(admin.actor)}["MTBE-1"]
    assert (product.group_name, product.active) == ("甲基叔丁基醚", True)
    products.set_active(admin, "MTBE-1", False, 1)
    products.set_active(admin, "MTBE", False, 1, group=True)
    assert "MTBE" not in product_queries.load_groups()
    assert product_queries.load_groups(active=False)["MTBE"].hazardous
    with pytest.raises(Conflict):
        products.set_active(admin, "MTBE", True, 1, group=True)


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda s: products.add_group(s, "PO", "聚烯烃"), Invalid),
        (lambda s: products.add_group(s, "a b", "空格"), Invalid),
        (lambda s: products.add_group(s, "NEW", " "), Invalid),
        (lambda s: products.add_product(s, "MEG", "乙二醇", "EG"), Invalid),
        (lambda s: products.add_product(s, "X", "某产品", "NO"), NotFound),
        (lambda s: products.set_active(s, "NO", True, 1), NotFound),
    ],
)
def test_bad_products_are_refused(admin, act, error):
    with pytest.raises(error):
        act(admin)


# settings


def test_settings(admin, as_role):
    assert setting_queries.value("company") == COMPANY
    assert setting_queries.value("department", "化工品销售部") == "化工品销售部"
    settings.set_value(admin, "department", "化工品销售一部")
    settings.set_value(admin, "company", "新公司")
    assert setting_queries.value("company") == "新公司"
    assert setting_queries.value("department") == "化工品销售一部"
    with pytest.raises(NotFound):
        settings.set_value(admin, "colour", "red")
    with pytest.raises(Invalid):
        settings.set_value(admin, "company", "甲" * 101)
    with pytest.raises(NotAllowed):
        settings.set_value(as_role(Role.SALES_HEAD), "company", "x")
    old, new = rows(
        "SELECT old, new FROM change WHERE row_key = 'company' ORDER BY id DESC LIMIT 1"
    )[0]
    assert (json.loads(old)["value"], json.loads(new)["value"]) == (COMPANY, "新公司")


def test_a_day_that_another_desk_entered_is_not_replaced_unseen(head, admin):
    day = date(2027, 5, 4)
    calendar.set_day(head, day, "off", "青年节", seen=("", ""))
    with pytest.raises(Conflict):
        calendar.set_day(admin, day, "work", "调休", seen=("", ""))
    calendar.set_day(admin, day, "work", "调休", seen=("off", "青年节"))
    assert calendars.load_calendar().is_working(day)


def test_a_setting_that_another_desk_changed_is_not_replaced_unseen(admin):
    settings.set_value(admin, "department", "销售一部", 0)
    with pytest.raises(Conflict):
        settings.set_value(admin, "department", "销售二部", 0)
    seen = setting_queries.stored(admin.actor)["department"].version
    settings.set_value(admin, "department", "销售二部", seen)
    with pytest.raises(Conflict):
        settings.set_value(admin, "department", "销售三部", seen)
    assert setting_queries.value("department") == "销售二部"


def test_an_edition_begun_from_an_older_one_is_refused(head):
    policy.add_edition(head, AUGUST, {"plan_day": 20}, "第 4 号决议", 1)
    with pytest.raises(Conflict) as refusal:
        policy.add_edition(head, date(2026, 9, 1), {"plan_day": 22}, "第 5 号决议", 1)
    assert codes(refusal) == ["reason.edition_newer"]
    policy.add_edition(head, date(2026, 9, 1), {"plan_day": 22}, "第 5 号决议", 2)
