"""Chinese names stand in one order: on SQLite, on PostgreSQL, in Python and in exported files."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from chemsales.exchange.table import write_csv, write_xlsx
from chemsales.pinyin import sort_key
from chemsales.queries import listing
from chemsales.queries.accreditation import APPLICATIONS
from chemsales.queries.approval import queue, waiting_of
from chemsales.queries.customers import CUSTOMERS, customers
from chemsales.queries.delegation import received
from chemsales.queries.filtering import Request, Sort
from chemsales.rules.roles import Actor, Role
from chemsales.services import delegation, people
from chemsales.services.accreditation import save_draft
from chemsales.services.session import Session
from chemsales.storage.database import execute, is_sqlite, rows, transaction
from tests.factory import (
    PASSWORD,
    Clock,
    accredit,
    decide,
    draft_of,
    make_application,
    session_of,
    set_acting,
    submit,
    version_of,
)

# in the order in which they have to stand; what sounds alike is told apart by its tone
IN_ORDER = [
    "3M中国", "7天化工", "A", "ABC 塑料", "Abc塑料", "安庆石化", "BASF",
    "蚌埠", "蚌埠玻璃", "亳州药业", "曹妃甸化工", "长城", "长城润滑油", "长沙塑业",
    "朝阳重工", "成都", "重庆", "重庆长风", "重庆长风化工", "大连石化", "东莞",
    "东莞新材", "涪陵", "涪陵化工", "六安", "南京", "区氏塑业", "欧阳塑业",
    "朴氏化工", "青岛", "青岛海科", "青岛海洋", "仇氏塑业", "单县塑业", "西安",
    "西安石化", "厦门", "厦门塑料", "先锋塑料", "解氏塑业", "曾氏塑业", "张家港",
    "郑州", "中国石化",
]  # fmt: skip
PLACES = [
    "重庆", "长城", "长沙", "长春", "单县", "仇氏", "曾氏",
    "解放", "解州", "区氏", "区域", "朴氏", "朴素", "乐清",
    "乐山", "乐陵", "乐氏", "厦门", "大厦", "六安", "六合",
    "东莞", "莞城", "蚌埠", "台州", "台湾", "天台", "涪陵",
    "亳州", "丽水", "番禺", "歙县", "盱眙", "铅山", "吕梁",
    "绿城", "女儿",
]  # fmt: skip
BY_NAME = Request(sorts=(Sort("name"),))
TRADES = ("", "化工", "石化", "塑料（中国）", "重工")
RARE = (
    "𠮷野家", "㙓塘化工", "鿍材料", "龘氏", "〇一化工", "々木", "ひらがな", "カタカナ", "한국화학",
    "Ünal", "Émile", "zebra", "Zebra", "ＺＥＢＲＡ", "ß-Chemie", "İzmir", "10万吨", "9万吨", "０９",
    "①号", "（中国）石化", "中国石化", "中国石化 ", "-", "!", "~", "_", "'", "\\", "%", "<b>",
    "a", "B", "b", "á", "z" * 200, "长" * 200, "石 化", "石化", "实化", "食化", "是化",
)  # fmt: skip
NAMES = sorted({*IN_ORDER, *(place + trade for place in PLACES for trade in TRADES), *RARE})


def _rest_the_guard() -> None:
    """These customers come from no application: only their names matter here."""
    table = "" if is_sqlite() else " ON customer"
    for guard in ("customer_from_approval", "customer_fact_waits"):
        execute(f'DROP TRIGGER "{guard}"{table}')
    execute("DROP INDEX customer_application")


@pytest.fixture
def many(ready):
    """Customers of all these names, stored in no order."""
    accredit(draft_of("模板"))
    names = list(NAMES)
    random.Random(20260706).shuffle(names)
    with transaction():
        execute(
            "INSERT INTO event (key, at, who, use_case, outcome, reasons, detail) VALUES "
            "('seed', '2026-07-06T04:00:00.000000Z', 'am', 'seed', 'done', '[]', '{}')"
        )
        set_acting("am", "seed")
        _rest_the_guard()
        execute(
            "UPDATE customer SET name = ?, sort_key = ?, uscc = ''", (names[0], sort_key(names[0]))
        )
        for number, name in enumerate(names[1:], 2):
            execute(
                "INSERT INTO customer (code, name, sort_key, status, manager, case_id, "
                "application_id, accredited_on) SELECT ?, ?, ?, status, manager, case_id, "
                "application_id, accredited_on FROM customer WHERE code = 'C00001'",
                (f"C{number:05d}", name, sort_key(name)),
            )
        set_acting()


def test_there_are_enough_names():
    assert len(NAMES) > 200
    assert len(set(map(sort_key, NAMES))) == len(NAMES)


def test_the_key_puts_names_in_the_order_of_their_sound():
    shuffled = list(IN_ORDER)
    random.Random(1).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == IN_ORDER


def test_both_engines_and_python_sort_alike(many, as_role, tmp_path):
    reader = as_role(Role.AUDITOR).actor
    expected = sorted(NAMES, key=sort_key)
    assert [row.name for row in customers(reader)] == expected
    assert [name for (name,) in rows("SELECT name FROM customer ORDER BY sort_key")] == expected
    keys = listing.ids(reader, CUSTOMERS, Request(sorts=(Sort("name", True),)))
    exported = [row.name for row in listing.each(reader, CUSTOMERS, keys)]
    assert exported == expected[::-1]
    write_xlsx(["name"], [[name] for name in exported], tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [cell.value for cell in sheet["A"]][1:] == expected[::-1]
    write_csv(["name"], [[name] for name in exported], tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[1:]
    assert len(lines) == len(expected)
    plain = [name for name in expected[::-1] if name.isalnum()]
    assert [line for line in lines if line.isalnum()] == plain


PEOPLE_IN_ORDER = ["单雄", "张三", "曾强", "朴正", "解缙", "仇和", "区平", "乐毅", "任远", "长青"]


@pytest.fixture
def signed(ready):
    """Applications of customers in no order, each by a person of its own, all put up."""
    names = random.Random(7).sample(IN_ORDER[7:], len(PEOPLE_IN_ORDER))
    for number, (who, name) in enumerate(zip(PEOPLE_IN_ORDER, names, strict=True)):
        login = people.create_person(
            session_of("admin"), f"p{number}", who, {Role.ACCOUNT_MANAGER}, PASSWORD
        ).value
        actor = Actor(login, who, frozenset({Role.ACCOUNT_MANAGER}))
        session = Session(actor)
        submit(session, make_application(session, draft_of(name, number)))
    return names


def test_applications_and_people_sort_alike_on_both_engines(signed, as_role):
    head = as_role(Role.SALES_HEAD).actor
    for asked, field, names in (
        (APPLICATIONS, "name", signed),
        (APPLICATIONS, "manager", PEOPLE_IN_ORDER),
        (waiting_of(head), "title", signed),
        (waiting_of(head), "owner", PEOPLE_IN_ORDER),
    ):
        for descending in (False, True):
            keys = listing.ids(head, asked, Request(sorts=(Sort(field, descending),)))
            shown = {"manager": "manager_name", "owner": "owner_name"}.get(field, field)
            found = [getattr(row, shown) for row in listing.each(head, asked, keys)]
            assert found == sorted(names, key=sort_key, reverse=descending), (asked.name, field)
            assert found != sorted(names, reverse=descending)  # by code point


def test_on_whose_behalf_sorts_by_the_sound_of_the_name(ready, as_role):
    """周 (zhou) stands before 李 (li) by code point, after it by sound."""
    admin, am, day = session_of("admin"), session_of("am"), date(2026, 7, 6)
    zhou = people.create_person(admin, "zhou", "周敏", {Role.SALES_HEAD}, PASSWORD).value
    head = Session(Actor(zhou, "周敏", frozenset({Role.SALES_HEAD})), Clock())
    for session, role in ((head, Role.SALES_HEAD), (session_of("finance"), Role.FINANCE)):
        delegation.delegate(session, "am2", role, day, day, "出差")
    for number in (1, 2):
        submit(am, make_application(am, draft_of(f"海洋{number}", number)))
    decide(session_of("sales"), 1)
    deputy = as_role(Role.ACCOUNT_MANAGER, "am2").actor
    deputy = replace(deputy, delegations=received(deputy))
    for descending, names in ((False, ["李强", "周敏"]), (True, ["周敏", "李强"])):
        found = queue(deputy, Request(sorts=(Sort("principal", descending),)))
        assert [row.principal_name for row in found] == names


def test_a_name_that_is_changed_sorts_anew(ready, as_role):
    am = session_of("am")
    keys = [make_application(am, draft_of(name, n)) for n, name in enumerate(("长城", "重庆"))]
    assert listing.ids(am.actor, APPLICATIONS, BY_NAME) == keys
    save_draft(am, draft_of("中国石化", 0), keys[0], version_of(keys[0]))
    assert listing.ids(am.actor, APPLICATIONS, BY_NAME) == keys[::-1]
