"""Months, batches and the matrix of tonnage, on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from chemsales.exchange.model import PickupRow, PlanRow, Preview
from chemsales.queries import listing as lists
from chemsales.queries import offtake as queries
from chemsales.queries.filtering import Filter, Request, Sort
from chemsales.queries.listing import Total
from chemsales.queries.offtake import MonthState
from chemsales.queries.offtake_lists import plans_of
from chemsales.queries.offtake_matrix import matrix_of, month_field
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.errors import NotAllowed
from chemsales.rules.offtake import BatchKind
from chemsales.rules.roles import Role
from chemsales.rules.tiers import Level
from chemsales.services import offtake, tiers
from tests.factory import Clock, accredit, draft_of

BOTH = (
    ClassRequest("PO", CustomerClass.DEALER, "山东", 600_000, "注塑"),
    ClassRequest("EG", CustomerClass.DIRECT, "山东", 100_000, "聚酯"),
)


@pytest.fixture
def customers(ready) -> list[int]:
    """Three customers in the order of their pinyin: 安, 博, 蓝."""
    clock = Clock(datetime(2026, 1, 5, 4, 0, tzinfo=UTC))
    names = ("蓝海塑料", "安达化工", "博远贸易")
    return [accredit(draft_of(name, n, BOTH), clock) for n, name in enumerate(names, start=1)]


def batch(session, kind: BatchKind, *good) -> int:
    """An import of these rows, as if they had been read from a file."""
    fields = {"kind": kind, "file_name": f"{good[0]}.xlsx", "sha256": f"{hash(good):064x}"[-64:]}
    read = Preview(
        **fields, sheet="", encoding="", separator="", header_row=1, headings=(), fields={},
        good=good, bad=(), problems=(),
    )  # fmt: skip
    return offtake.import_batch(session, read).value


def take(customer: int, day: str, kg: int, product: str = "PP-T30S") -> PickupRow:
    kind = "pickup" if kg > 0 else "return"
    return PickupRow(2, customer, product, day, day[:7], kg, kind, "", "")


@pytest.fixture
def imported(customers, as_role) -> list[int]:
    """May and June, a plan, and a batch that was undone."""
    session = as_role(Role.ACCOUNT_MANAGER)
    one, two, _three = customers
    pickups, plans = BatchKind.PICKUPS, BatchKind.PLANS
    may = (take(one, "2026-05-02", 1000), take(two, "2026-05-03", 500))
    june = (
        take(one, "2026-06-02", 2000),
        take(one, "2026-06-09", -300),
        take(one, "2026-06-10", 40, "MEG"),
    )
    made = [
        batch(session, pickups, *may),
        batch(session, pickups, *june),
        batch(session, pickups, take(two, "2026-06-02", 7777)),
        batch(session, plans, PlanRow(2, one, "PP-T30S", "2026-07", 9000, 100)),
    ]
    offtake.undo_import(session, made[2], "重复")
    return made


def test_months_newest_first(imported, as_role):
    tiers.close_month(as_role(Role.SALES_HEAD), "2026-05")
    found = queries.months(as_role(Role.AUDITOR).actor)
    assert [(m.month, m.state, m.take_kg, m.plan_kg, m.customers) for m in found] == [
        ("2026-07", MonthState.OPEN, 0, 9000, 0),
        ("2026-06", MonthState.OPEN, 1740, 0, 1),
        ("2026-05", MonthState.CLOSED, 1500, 0, 2),
    ]
    assert [(m.revision, m.edition, m.closed_by) for m in found[1:]] == [
        (0, 0, ""),
        (1, 1, "sales"),
    ]
    assert found[1].closed_at is None and found[2].closed_at is not None


def test_the_matrix_of_customers_and_months(imported, customers, as_role):
    actor = as_role(Role.FINANCE).actor
    one, two, _three = customers
    found = queries.matrix(actor, ["2026-05", "2026-06", "2026-07"])
    assert [(r.customer_id, r.kg, r.total_kg) for r in found] == [
        (two, (500, 0, 0), 500),  # 安 before 蓝
        (one, (1000, 1740, 0), 2740),
    ]
    assert [r.kg for r in queries.matrix(actor, ["2026-06"], "EG")] == [(40,)]
    assert queries.matrix(actor, ["2024-01"]) == []
    assert queries.matrix(actor, []) == []


def test_the_matrix_as_a_list(imported, customers, as_role):
    """Sorted, filtered, searched and summed by its months, counted back from the last one."""
    actor = as_role(Role.AUDITOR).actor
    one, two, _three = customers
    tiers.close_month(as_role(Role.SALES_HEAD), "2026-05")
    months = matrix_of(("2026-05", "2026-06"))
    last, before = month_field(0), month_field(1)
    assert lists.ids(actor, months, Request(sorts=(Sort(before, True),))) == [one, two]
    assert lists.ids(actor, months, Request(sorts=(Sort(last),))) == [two, one]
    assert lists.ids(actor, months, Request(filters=(Filter(last, ">0"),))) == [one]
    assert lists.ids(actor, months, Request(filters=(Filter("total", "0.5"),))) == [two]
    assert lists.ids(actor, months, Request("lhsl")) == [one]
    assert lists.aggregate(actor, months, "total") == Total(2, 3240)
    assert lists.aggregate(actor, months, before, keys=[two]) == Total(1, 500)
    assert [row.level for row in lists.whole(actor, months)] == [None, None]  # June is open
    closed = matrix_of(("2026-05",))
    wanted = Filter("level", choices=(str(Level.AUCTION), str(Level.ORDINARY)))
    assert lists.count(actor, closed, Request(filters=(wanted,))) == 2
    assert all(row.level for row in lists.whole(actor, closed))


def test_plans_with_what_was_taken_of_them(imported, customers, as_role):
    actor = as_role(Role.AUDITOR).actor
    one = customers[0]
    batch(as_role(Role.ACCOUNT_MANAGER), BatchKind.PICKUPS, take(one, "2026-07-02", 4000))
    assert lists.whole(actor, plans_of("2026-06")) == []
    (row,) = lists.whole(actor, plans_of("2026-07"))
    assert (row.customer_id, row.kg, row.short_kg, row.taken_kg) == (one, 9000, 100, 4000)
    for wanted, found in (
        (Filter("product", "pp-t30s"), 1),
        (Filter("product", "聚丙烯"), 1),
        (Filter("product", "乙二醇"), 0),
        (Filter("taken", ">=4"), 1),
        (Filter("short", "0"), 0),
    ):
        asked = Request(filters=(wanted,))
        assert lists.count(actor, plans_of("2026-07"), asked) == found, wanted


def test_batches_newest_first(imported, as_role):
    found = queries.batches(as_role(Role.AUDITOR).actor)
    assert [row.id for row in found] == imported[::-1]
    assert found[0].kind is BatchKind.PLANS
    assert [bool(row.undone_at) for row in found] == [False, True, False, False]


def test_an_administrator_reads_no_tonnage(ready, as_role):
    actor = as_role(Role.ADMINISTRATOR).actor
    for read in (queries.months, queries.batches, lambda a: queries.matrix(a, ["2026-06"])):
        with pytest.raises(NotAllowed):
            read(actor)


def test_what_an_import_has_to_know(imported, customers, as_role):
    session = as_role(Role.ACCOUNT_MANAGER)
    tiers.close_month(as_role(Role.SALES_HEAD), "2026-05")
    context = queries.import_context(session.actor, session.today(), "2026-06")
    assert [(ref.id, ref.name, ref.groups) for ref in context.customers] == [
        (customers[0], "蓝海塑料", ("EG", "PO")),
        (customers[1], "安达化工", ("EG", "PO")),
        (customers[2], "博远贸易", ("EG", "PO")),
    ]
    assert {ref.accredited_on for ref in context.customers} == {"2026-01-05"}
    assert {ref.code: ref.group for ref in context.products}["MEG"] == "EG"
    assert (context.closed_months, context.month) == (frozenset({"2026-05"}), "2026-06")
    assert {group.code for group in context.groups} == {"PO", "BZ", "EG"}


def test_a_month_of_eight_thousand_notes_is_looked_up_in_pieces(customers, as_role):
    session = as_role(Role.ACCOUNT_MANAGER)
    rows = [
        take(customers[0], "2026-06-02", 1)._replace(note_no=f"N{n}", row=n) for n in range(8000)
    ]
    batch(session, BatchKind.PICKUPS, *rows)
    again = Preview(
        BatchKind.PICKUPS,
        "b",
        "0" * 64,
        "",
        "",
        "",
        1,
        (),
        {"note_no": "单号"},
        tuple(rows),
        (),
        (),
    )
    found = queries.database_problems(date(2026, 7, 6), again)
    assert len(found) == 8000
    assert {p.place for p in found} == {f"{n}:单号" for n in range(8000)}
