"""Importing and undoing: one batch, one transaction; what is imported, refused, recognised."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from chemsales import exchange
from chemsales.exchange.model import PickupRow, Preview
from chemsales.queries import offtake as queries
from chemsales.queries.tiers import unclosed
from chemsales.rules.errors import Conflict, DataError, Invalid, NotAllowed, NotFound
from chemsales.rules.offtake import BatchKind
from chemsales.rules.roles import Role
from chemsales.services import offtake, tiers
from chemsales.storage import database
from chemsales.storage.database import rows
from tests.exchange.conftest import HEADINGS, write_book
from tests.factory import Clock, accredit, draft_of, session_of
from tests.factory_disqualification import disqualify
from tests.factory_offtake import unproblematic
from tests.furnishing import furnish
from tests.racing import race

PLAN = ("月份", "客户名称", "产品", "计划量(吨)", "公司欠供量(吨)")
NAMES = ("青岛海塑贸易有限公司", "烟台蓝塑有限公司")
DAY = date(2026, 6, 15)


@pytest.fixture
def customers(ready) -> list[int]:
    """Two polyolefin dealers, accredited in May 2026."""
    return furnish(_customers)


def _customers() -> list[int]:
    clock = Clock()
    clock.set(2026, 5, 6)
    return [accredit(draft_of(name, number), clock) for number, name in enumerate(NAMES, start=1)]


@pytest.fixture
def pickups(tmp_path, customers, as_role):
    """`pickups(row, ...)`: the preview of a workbook with these rows, read in the child process."""
    return lambda *rows_, name="提货.xlsx": preview(
        write_book(tmp_path / name, [HEADINGS, *rows_]), BatchKind.PICKUPS, as_role
    )


def preview(path: Path, kind: BatchKind, as_role) -> Preview:
    session = as_role(Role.ACCOUNT_MANAGER)
    context = queries.import_context(session.actor, session.today())
    return exchange.preview(path, kind, context)


def row(note: str, kg: float = 20.5, day: date = DAY, name: str = NAMES[0]) -> tuple[object, ...]:
    return (day, name, "PP-T30S", kg, "退货" if kg < 0 else "提货", note, "一号库")


def count(table: str) -> int:
    return int(rows(f"SELECT count(*) FROM {table}")[0][0])


def codes(caught) -> list[str]:
    return [reason.code.removeprefix("reason.") for reason in caught.value.reasons]


def test_a_file_becomes_one_batch(pickups, as_role):
    session = as_role(Role.ACCOUNT_MANAGER)
    read = pickups(row("T1"), row("T2", day=date(2026, 5, 20)), row("T3", -0.5))
    changed = offtake.import_batch(session, read)

    batch = queries.batches(session.actor)[0]
    assert batch.id == changed.value
    assert (batch.kind, batch.file_name, batch.sha256) == (
        BatchKind.PICKUPS,
        "提货.xlsx",
        read.sha256,
    )
    assert batch.months == ("2026-05", "2026-06")
    assert (batch.row_count, batch.rejected, batch.total_kg) == (3, 0, 40_500)
    assert (batch.imported_by, batch.imported_by_name, batch.undone_at) == ("am", "张伟", None)
    stored = rows("SELECT day, month, kg, kind, note_no, warehouse FROM pickup ORDER BY id")
    assert stored == [
        ("2026-06-15", "2026-06", 20_500, "pickup", "T1", "一号库"),
        ("2026-05-20", "2026-05", 20_500, "pickup", "T2", "一号库"),
        ("2026-06-15", "2026-06", -500, "return", "T3", "一号库"),
    ]
    assert (
        queries.stored_digest(batch.id, batch.kind)
        == rows("SELECT rows_digest FROM import_batch")[0][0]
    )
    event = rows("SELECT who, use_case, clause, detail FROM event WHERE key = ?", (changed.event,))[
        0
    ]
    assert event[:3] == ("am", "offtake.import_batch", "C9.2")
    assert json.loads(event[3])["total_kg"] == 40_500


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"day": "2026-05-20", "month": "2026-05"}, "month_is_closed"),
        ({"day": "2026-07-01", "month": "2026-05", "kind": "return", "kg": -5}, "month_is_closed"),
        ({"day": "2026-07-07", "month": "2026-07"}, "day_in_future"),
        ({"day": "2026-06-15", "month": "2026-07"}, "month_not_of_day"),
        ({"day": "2026-07-01", "month": "2026-06"}, "month_not_of_day"),
        ({"day": "2026-06-30", "month": "2026-07", "kind": "return", "kg": -5}, "month_not_of_day"),
        ({"day": "2026-07-01", "month": "2026-06", "kind": "return", "kg": -5}, None),
    ],
)
def test_a_preview_of_now_is_checked_for_its_months_and_days_too(pickups, as_role, changes, code):
    """`state` says that nothing has changed since; the rows themselves still have to be right."""
    offtake.import_batch(as_role(Role.ACCOUNT_MANAGER), pickups(row("T1", day=date(2026, 5, 20))))
    tiers.close_month(as_role(Role.SALES_HEAD), "2026-05")
    read = pickups(row("T2"), name="第二.xlsx")
    forged = replace(read, good=(read.good[0]._replace(**changes),), state=queries.months_state())
    if code is None:
        offtake.import_batch(as_role(Role.ACCOUNT_MANAGER), forged)
        assert count("import_batch") == 2
        return
    with pytest.raises(Conflict) as refused:
        offtake.import_batch(as_role(Role.ACCOUNT_MANAGER), forged)
    assert codes(refused) == [code]
    assert (count("import_batch"), count("pickup")) == (1, 1)


def test_a_plan_becomes_one_batch(tmp_path, customers, as_role):
    path = write_book(tmp_path / "计划.xlsx", [PLAN, ("2026-06", NAMES[0], "PP-T30S", 600, 12.5)])
    offtake.import_batch(as_role(Role.SALES_HEAD), preview(path, BatchKind.PLANS, as_role))
    assert rows("SELECT month, kg, short_kg FROM plan_line") == [("2026-06", 600_000, 12_500)]
    batch = queries.batches(as_role(Role.AUDITOR).actor)[0]
    assert (
        queries.stored_digest(batch.id, batch.kind)
        == rows("SELECT rows_digest FROM import_batch")[0][0]
    )


def test_all_or_nothing_unless_only_the_good_rows_are_wanted(pickups, as_role):
    session = as_role(Role.ACCOUNT_MANAGER)
    read = pickups(row("T1"), row("T2", name="无此客户"), row("T3", 0))
    before = count("event")
    with pytest.raises(Invalid) as caught:
        offtake.import_batch(session, read)
    assert [problem.place for problem in caught.value.problems] == ["3:客户名称", "4:提货量(吨)"]
    assert (count("import_batch"), count("pickup")) == (0, 0)
    assert count("event") == before + 1  # the refusal

    offtake.import_batch(session, read, only_good=True)
    batch = queries.batches(session.actor)[0]
    assert (batch.row_count, batch.rejected, count("pickup")) == (1, 2, 1)


def test_nothing_good_is_nothing_to_import(pickups, as_role):
    read = pickups(row("T1", 0))
    with pytest.raises(DataError) as caught:
        offtake.import_batch(as_role(Role.ACCOUNT_MANAGER), read, only_good=True)
    assert codes(caught) == ["import_no_good_row"]
    assert count("import_batch") == 0


def test_the_same_file_twice(pickups, as_role):
    session = as_role(Role.ACCOUNT_MANAGER)
    read = pickups(row("T1"))
    first = offtake.import_batch(session, read).value
    with pytest.raises(Conflict) as caught:
        offtake.import_batch(session, read)
    assert codes(caught)[0] == "imported_before"
    again = pickups(row("T1"), name="copy.xlsx")
    assert again.sha256 == read.sha256
    reason = again.file_reasons[0]
    assert (reason.code, reason.params) == (
        "reason.imported_before", {"batch": first, "day": "2026-07-06", "who": "张伟"},
    )  # fmt: skip
    assert count("import_batch") == 1


def test_the_same_file_again_after_it_was_undone(pickups, as_role):
    session = as_role(Role.ACCOUNT_MANAGER)
    read = pickups(row("T1"))
    offtake.undo_import(session, offtake.import_batch(session, read).value, "月份错了")
    assert pickups(row("T1")).problems == ()
    offtake.import_batch(session, read)
    assert [bool(batch.undone_at) for batch in queries.batches(session.actor)] == [False, True]


def test_note_numbers_of_other_imports(pickups, as_role):
    session = as_role(Role.ACCOUNT_MANAGER)
    offtake.import_batch(session, pickups(row("T1"), row("T2", -1)))
    read = pickups(row("T9"), row("T1"), row("T2"), row("T1", -1), name="b.xlsx")
    assert [(p.place, p.reason.code) for p in read.problems] == [
        ("3:提货单号", "reason.note_in_use"),  # T2 stands for a return, T1 for a pick-up
    ]
    assert [bad.cells[5] for bad in read.bad] == ["T1"]
    assert len(read.good) == 3


def test_a_note_number_that_came_first_from_another_desk(pickups, as_role):
    session = as_role(Role.ACCOUNT_MANAGER)
    mine, theirs = pickups(row("T1"), row("T2")), pickups(row("T1", 3), name="b.xlsx")
    offtake.import_batch(session, theirs)
    with pytest.raises(Conflict) as caught:
        offtake.import_batch(session, mine)
    assert codes(caught) == ["note_in_use"]
    assert count("pickup") == 1


def test_a_plan_that_stands_is_not_doubled(tmp_path, customers, as_role):
    line = ("2026-06", NAMES[0], "PP-T30S", 600, 0)
    for name, other in (("a.xlsx", "2026-05"), ("b.xlsx", "2026-07")):
        path = write_book(tmp_path / name, [PLAN, line, (other, *line[1:])])
        read = preview(path, BatchKind.PLANS, as_role)
        offtake.import_batch(as_role(Role.ACCOUNT_MANAGER), read, only_good=True)
    assert [problem.place for problem in read.problems] == ["2:月份"]
    assert rows("SELECT month FROM plan_line ORDER BY id") == [
        ("2026-06",),
        ("2026-05",),
        ("2026-07",),
    ]


def test_what_a_disqualified_customer_took_is_recorded_as_a_fact(pickups, customers):
    disqualify(customers[0])
    read = pickups(row("T1"), row("T2"))
    assert [(p.place, p.reason.code, p.warning) for p in read.problems] == [
        ("2:客户名称", "reason.customer_standing", True)
    ]
    offtake.import_batch(session_of("am"), read)
    assert count("pickup") == 2


def test_one_file_from_four_desks_is_imported_once(pickups, as_role):
    read = pickups(row("T1"), row("T2"))
    outcomes = race([partial(offtake.import_batch, as_role(Role.ACCOUNT_MANAGER), read)] * 4)
    lost = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [type(outcome) for outcome in lost] == [Conflict] * 3, lost
    assert (count("import_batch"), count("pickup")) == (1, 2)


def test_a_closing_and_an_import_at_once_agree(pickups, as_role):
    """What came before the closing is in it, what came after is refused: never a row beside it."""
    offtake.import_batch(as_role(Role.ACCOUNT_MANAGER), pickups(row("T0")))
    reads = [pickups(row(f"T{n}"), name=f"{n}.xlsx") for n in (1, 2, 3)]
    works = [partial(offtake.import_batch, as_role(Role.ACCOUNT_MANAGER), read) for read in reads]
    outcomes = race([*works, partial(tiers.close_month, as_role(Role.SALES_HEAD), "2026-06")])
    assert not isinstance(outcomes[-1], Exception), outcomes
    written = count("pickup")
    assert written == 1 + sum(not isinstance(outcome, Exception) for outcome in outcomes[:-1])
    assert rows("SELECT sum(kg) FROM tier_result") == [(written * 20_500,)]


def test_a_closed_month_takes_no_import_and_no_undoing(pickups, as_role):
    session = as_role(Role.ACCOUNT_MANAGER)
    late = pickups(row("T5"), name="late.xlsx")
    batch = offtake.import_batch(session, pickups(row("T1"))).value
    tiers.close_month(as_role(Role.SALES_HEAD), "2026-06")

    with pytest.raises(Conflict) as caught:
        offtake.import_batch(session, late)
    assert codes(caught) == ["month_is_closed"]
    assert codes_of(pickups(row("T6"), name="new.xlsx")) == ["month_is_closed"]
    assert [r.code for r in queries.undo_blockers(session.actor, batch)] == [
        "reason.month_is_closed"
    ]
    with pytest.raises(NotAllowed) as caught:
        offtake.undo_import(session, batch, "错了")
    assert codes(caught) == ["month_is_closed"]

    tiers.reopen_month(as_role(Role.SALES_HEAD), "2026-06", "补录")
    assert queries.undo_blockers(session.actor, batch) == ()
    offtake.undo_import(session, batch, "错了")


def codes_of(read: Preview) -> list[str]:
    return [problem.reason.code.removeprefix("reason.") for problem in read.problems]


def test_undoing_keeps_the_rows_as_history(pickups, as_role):
    session = as_role(Role.ACCOUNT_MANAGER)
    batch = offtake.import_batch(session, pickups(row("T1"))).value
    for words in ("", "  ", "\u200b"):
        with pytest.raises(Invalid):
            offtake.undo_import(session, batch, words)
    offtake.undo_import(session, batch, " 发错\n文件 ")
    undone = queries.batches(session.actor)[0]
    assert (undone.undone_by, undone.undo_reason) == ("am", "发错\n文件")
    assert count("pickup") == 1
    assert queries.months(session.actor) == []
    with pytest.raises(NotAllowed) as caught:
        offtake.undo_import(session, batch, "又一次")
    assert codes(caught) == ["batch_undone"]
    with pytest.raises(NotFound):
        offtake.undo_import(session, 999, "没有")


@pytest.mark.parametrize(
    "role", [Role.FINANCE, Role.GENERAL_MANAGER, Role.ADMINISTRATOR, Role.AUDITOR]
)
def test_others_neither_import_nor_undo(pickups, as_role, role):
    read = pickups(row("T1"))
    with pytest.raises(NotAllowed):
        offtake.import_batch(as_role(role), read)
    with pytest.raises(NotAllowed):
        offtake.undo_import(as_role(role), 1, "x")
    with pytest.raises(NotAllowed):
        queries.import_context(as_role(role).actor, date(2026, 7, 6))


def test_imported_rows_are_never_changed(pickups, as_role):
    offtake.import_batch(as_role(Role.ACCOUNT_MANAGER), pickups(row("T1")))
    for sql in ("UPDATE pickup SET kg = 1", "DELETE FROM pickup"):
        with pytest.raises(Exception, match="history"), database.transaction():
            database.execute(sql)


def test_cancelling_writes_nothing(pickups, as_role, monkeypatch):
    monkeypatch.setattr(offtake, "_CHUNK", 2)
    read = pickups(*(row(f"T{number}") for number in range(5)))
    cancel = threading.Event()
    heard: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        heard.append((done, total))
        cancel.set()

    with pytest.raises(exchange.Cancelled):
        offtake.import_batch(as_role(Role.ACCOUNT_MANAGER), read, cancel=cancel, progress=progress)
    assert heard == [(2, 5)]
    assert (count("import_batch"), count("pickup")) == (0, 0)


def test_a_failure_half_way_writes_nothing(pickups, as_role):
    """A row that the table itself refuses: the whole batch goes."""
    read = pickups(row("T1"))
    bad = PickupRow(3, 1, "PP-T30S", "2026-06-15", "2026-06", 5, "return", "x", "")
    forged = Preview(**{**vars(read), "good": (*read.good, bad)})
    with pytest.raises(Exception, match=r"."):
        offtake.import_batch(as_role(Role.ACCOUNT_MANAGER), forged)
    assert (count("import_batch"), count("pickup")) == (0, 0)


def test_a_return_of_a_month_before_all_that_is_held_is_a_problem_of_its_row(
    tmp_path, customers, as_role
):
    session = as_role(Role.ACCOUNT_MANAGER)
    headings = [*HEADINGS, "原提货日期"]
    back = (*row("R1", -2, date(2026, 7, 2)), date(2026, 5, 20))
    path = write_book(tmp_path / "退货.xlsx", [headings, (*row("T1"), None), back])
    found = preview(path, BatchKind.PICKUPS, as_role)
    problems = [(p.place, p.reason.code, p.reason.params["first"]) for p in found.problems]
    assert problems == [("3:原提货日期", "reason.return_before_data", "2026-06")]
    assert [bad.row for bad in found.bad] == [3] and len(found.good) == 1

    may = write_book(tmp_path / "五月.xlsx", [HEADINGS, row("T2", day=date(2026, 5, 25))])
    offtake.import_batch(session, preview(may, BatchKind.PICKUPS, as_role))
    again = preview(path, BatchKind.PICKUPS, as_role)
    assert not again.problems and [r.month for r in again.good] == ["2026-06", "2026-05"]


def test_a_return_alone_begins_no_month(customers, as_role):
    """A month that only returns fall in leaves no gap in the months before it."""
    am, (customer, _) = as_role(Role.ACCOUNT_MANAGER), customers
    back = PickupRow(2, customer, "PP-T30S", "2026-06-03", "2026-01", -2_000, "return", "", "")
    taken = PickupRow(3, customer, "PP-T30S", "2026-06-04", "2026-06", 9_000, "pickup", "", "")
    written = unproblematic(BatchKind.PICKUPS, [back, taken])
    with database.connected():
        state = queries.months_state()
    offtake.import_batch(am, replace(written, state=state))
    assert queries.first_month() == "2026-06"
    assert unclosed(am.actor, date(2026, 8, 6)) == ["2026-06", "2026-07"]
