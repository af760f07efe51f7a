"""Tonnage and tiers through the window: a workbook with errors, undo, closing, ratings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from chemsales.queries import cooperation, offtake, tiers
from chemsales.queries.filtering import Filter, Sort
from chemsales.queries.offtake import MonthState
from chemsales.rules.offtake import BatchKind
from chemsales.rules.roles import Role
from chemsales.rules.tiers import Level, TierOutcome
from chemsales.words import say
from tests import factory_offtake
from tests.factory import Clock, accredit, draft_of, session_of
from tests.furnishing import furnish, months
from tests.scenes import Stage
from tests.ui.acting import Person, button_of, dialog_of, drop, is_open, key
from tests.waiting import run_events
from ui import theme
from ui.dialogs.close_month import CloseMonthDialog
from ui.dialogs.cooperation import CooperationDialog
from ui.dialogs.import_file import ImportDialog
from ui.dialogs.reason import ReasonDialog
from ui.main_window import MainWindow
from ui.pages.tiers import TONNES, TiersPage
from ui.widgets.levels import ROWS

MANAGER, SALES = Role.ACCOUNT_MANAGER, Role.SALES_HEAD
NAMES = ("恒力石化（大连）有限公司", "青岛海科塑料制品有限公司")
HEADINGS = ("提货日期", "客户名称", "产品", "数量(吨)", "提货单号")
GOOD = (
    ("2026-06-01", NAMES[0], "PP-T30S", "1,032.5", "T-1"),
    ("2026-06-02", NAMES[1], "PE-7042", "18.25", "T-2"),
)
BAD = (
    ("2026-06-31", NAMES[0], "PP-T30S", "10", "T-3"),
    ("2026-06-03", "无此客户有限公司", "PP-T30S", "10", "T-4"),
    ("2026-06-04", NAMES[1], "PP-T30S", "1.234,5", "T-5"),
)
Open = Callable[..., MainWindow]
Settle = Callable[..., None]
AUDITOR = session_of("auditor").actor


@pytest.fixture
def customers(sqlite_ready: str) -> list[int]:
    """Two dealers of polyolefins, admitted in March."""
    return furnish(_customers)


def _customers() -> list[int]:
    clock = Clock()
    clock.set(2026, 3, 12)
    return [accredit(draft_of(name, at), clock) for at, name in enumerate(NAMES, start=1)]


def workbook(folder: Path, rows: Sequence[Sequence[str]], name: str = "2026-06 提货.xlsx") -> Path:
    """A workbook with these rows under Chinese headings."""
    made = Workbook()
    made.active.append(HEADINGS)
    for row in rows:
        made.active.append(row)
    path = folder / name
    made.save(path)
    return path


def page_of(window: MainWindow) -> TiersPage:
    """The page of tonnage of a window."""
    assert isinstance(window.page, TiersPage)
    return window.page


def importing(page: TiersPage) -> ImportDialog:
    """The import dialog, opened by Ctrl+I."""
    key(page, "Ctrl+I")
    dialog = dialog_of(ImportDialog)
    assert isinstance(dialog, ImportDialog)
    return dialog


def test_the_month_that_was_imported_is_shown_afterwards(
    customers: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    window = open_window(MANAGER, "tiers")
    page = page_of(window)
    for month, day in (("2026-05", "2026-05-11"), ("2026-06", "2026-06-12")):
        dialog = importing(page)
        rows = ((day, NAMES[0], "PP-T30S", "7", f"T-{month}"),)
        drop(dialog.drop, [workbook(tmp_path, rows, f"{month}.xlsx")])
        settle(60)
        Person().click(dialog.all)
        settle(60)
        assert page.heading.text() == month
        assert page.months.row().month == month


def test_a_workbook_with_errors_is_previewed_then_its_good_rows_come_in(
    customers: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    page = page_of(open_window(MANAGER, "tiers"))
    dialog = importing(page)
    drop(dialog.drop, [workbook(tmp_path, (*GOOD, *BAD))])
    settle(60)
    assert dialog.summary.text() == "正确 2 行，1,050.750 吨，月份：2026-06；有误 3 行"
    found = [(p.place, p.warning) for p in dialog.table.rows()]
    assert found == [("4:提货日期", False), ("5:客户名称", False), ("6:数量(吨)", False)]
    chosen = dialog.table.row()  # the whole of a problem is told below the table
    assert dialog.whole.isVisible() and say(chosen.reason) in dialog.whole.text()
    assert dialog.whole.text().startswith("第 4 行")
    assert not dialog.all.isEnabled()
    assert "3 行有误" in dialog.all.toolTip()
    assert offtake.batches(AUDITOR) == []  # nothing is written before
    Person().click(dialog.only_good)
    settle(60)
    (batch,) = offtake.batches(AUDITOR)
    assert (batch.row_count, batch.rejected, batch.total_kg) == (2, 3, 1_050_750)
    bad = tmp_path / "bad.xlsx"
    dialog.save_bad_rows(bad)
    settle(60)
    sheet = load_workbook(bad).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][: len(HEADINGS)] == HEADINGS
    assert [row[4] for row in rows[1:]] == ["T-3", "T-4", "T-5"]
    assert "无此客户有限公司" in rows[2][5]
    dialog.reject()
    settle()
    assert [row.month for row in page.months.rows()] == ["2026-06"]


def test_a_right_workbook_comes_in_with_one_key_and_only_once(
    customers: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    page = page_of(open_window(MANAGER, "tiers"))
    path = workbook(tmp_path, GOOD)
    dialog = importing(page)
    dialog.read(path)
    settle(60)
    assert dialog.table.rows() == []
    assert not dialog.only_good.isVisible()
    key(dialog, "Ctrl+Return")
    settle(60)
    assert not is_open(ImportDialog)
    assert page.months.rows()[0].take_kg == 1_050_750
    again = importing(page)
    again.read(path)
    settle(60)
    assert not again.all.isEnabled()
    assert "张伟" in again.note.text()
    again.reject()


def test_the_name_of_the_file_says_that_it_holds_plans(
    customers: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    made = Workbook()
    made.active.append(("月份", "客户名称", "产品", "计划量(吨)"))
    made.active.append(("2026-06", NAMES[0], "PP-T30S", "1,200"))
    path = tmp_path / "6月计划.xlsx"
    made.save(path)
    page = page_of(open_window(MANAGER, "tiers"))
    dialog = importing(page)
    dialog.read(path)
    settle(60)
    assert dialog.kind.key() == str(BatchKind.PLANS)
    Person().click(dialog.all)
    settle(60)
    assert page.months.rows()[0].plan_kg == 1_200_000


def test_a_file_that_is_no_workbook_is_refused(
    customers: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    path = tmp_path / "提货.xlsx"
    path.write_bytes(b"no workbook at all")
    dialog = importing(page_of(open_window(MANAGER, "tiers")))
    dialog.read(path)
    settle(60)
    assert dialog.note.isVisible()
    assert not dialog.all.isVisible()


def test_a_second_file_while_the_first_is_read_says_that_it_is_read(
    customers: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    dialog = importing(page_of(open_window(MANAGER, "tiers")))
    said: list[tuple[str, str]] = []
    dialog.context.jobs.ended.connect(
        lambda job: (
            said.append((dialog.details.text(), dialog.table.empty.label.text()))
            if "提货" in job.title
            else None
        )
    )
    dialog.read(workbook(tmp_path, GOOD, "提货 1.xlsx"))
    dialog.read(workbook(tmp_path, GOOD, "提货 2.xlsx"))
    settle(60)
    assert said[0] == ("正在读取和检查…", "正在读取和检查…")
    assert len(said) == 2
    assert dialog.all.isEnabled()


def test_an_import_is_undone_with_a_reason_unless_its_month_is_closed(
    customers: list[int], open_window: Open, settle: Settle, clock: Clock
) -> None:
    factory_offtake.pick_up(session_of("am"), [(customers[0], "PP-T30S", "2026-06-01", 5_000)])
    page = page_of(open_window(SALES, "tiers"))
    page.tabs.setCurrentIndex(3)
    Person().click(page.undo_button)
    dialog = dialog_of(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    assert not dialog.verb.isEnabled()
    dialog.edit.setPlainText("文件选错了")
    Person().click(dialog.verb)
    settle()
    assert not is_open(ReasonDialog)
    assert offtake.batches(AUDITOR)[0].undo_reason == "文件选错了"
    assert page.months.rows() == []
    assert not page.undo_button.isEnabled()
    factory_offtake.pick_up(session_of("am"), [(customers[0], "PP-T30S", "2026-06-01", 6_000)])
    factory_offtake.close(session_of("sales"), "2026-06")
    page.refresh()
    settle()
    page.batches.selectRow(0)
    settle()
    assert not page.undo_button.isEnabled()
    assert "2026-06" in page.undo_why.text()


def test_c9_2_closing_gives_each_level_with_its_reason_and_reopening_takes_it_back(
    customers: list[int], open_window: Open, settle: Settle
) -> None:
    clock = Clock()
    for number, month in enumerate(("2026-04", "2026-05", "2026-06")):
        clock.set(2026, 5 + number, 2)
        lines = factory_offtake.weekdays(month, 100_000, customers[0])
        factory_offtake.pick_up(session_of("am", clock), lines)
    page = page_of(open_window(SALES, "tiers"))
    assert [row.state for row in page.months.rows()] == [MonthState.OPEN] * 3
    for month in ("2026-04", "2026-05", "2026-06"):
        page.months.select_key(month)
        settle()
        Person().click(page.close_button)
        dialog = dialog_of(CloseMonthDialog)
        assert isinstance(dialog, CloseMonthDialog)
        assert not dialog.gaps.isVisible()
        assert dialog.warnings.text().startswith(f"{month} 没有导入经确认的计划")
        key(dialog, "Ctrl+Return")
        settle()
        assert dialog.heading.text() == f"{month} 已结账"
        dialog.reject()
    row = page.levels.rows()[0]
    assert (row.level_after, row.outcome) == (Level.TWO_STAR, TierOutcome.RAISED)
    assert button_of(page.reasons, "依据第九条").isVisible()
    assert page.reasons.findChildren(type(page.heading))[0].text().startswith(NAMES[0])
    assert [r.name for r in page.levels.rows()] == [NAMES[0], NAMES[1]]
    page.moved.setChecked(True)
    settle()
    assert [r.name for r in page.levels.rows()] == [NAMES[0]]
    page.months.select_key("2026-05")
    settle()
    Person().click(page.reopen_button)
    reason = dialog_of(ReasonDialog)
    assert isinstance(reason, ReasonDialog)
    reason.edit.setPlainText("漏了一车")
    Person().click(reason.verb)
    settle()
    states = [row.state for row in page.months.rows()]
    assert states == [MonthState.CLOSED, MonthState.OPEN, MonthState.CLOSED]
    assert next(r.level_after for r in tiers.results(AUDITOR, "2026-06")) is Level.ONE_STAR
    page.months.select_key("2026-05")
    settle()
    Person().click(page.close_button)
    again = dialog_of(CloseMonthDialog)
    assert isinstance(again, CloseMonthDialog)
    Person().click(again.verb)
    settle()
    assert "2026-06" in again.facts.text()
    assert next(r.level_after for r in tiers.results(AUDITOR, "2026-06")) is Level.TWO_STAR


def test_a_month_that_has_not_ended_cannot_be_closed(
    customers: list[int], open_window: Open, settle: Settle
) -> None:
    factory_offtake.pick_up(session_of("am"), [(customers[0], "PP-T30S", "2026-07-01", 5_000)])
    page = page_of(open_window(SALES, "tiers"))
    assert not page.close_button.isEnabled()
    assert page.why.isVisible()
    assert page.why.text() in page.close_button.toolTip()


def test_only_the_sales_head_closes(
    customers: list[int], open_window: Open, settle: Settle
) -> None:
    factory_offtake.pick_up(session_of("am"), [(customers[0], "PP-T30S", "2026-06-01", 5_000)])
    page = page_of(open_window(MANAGER, "tiers"))
    assert not page.close_button.isEnabled()
    assert "您不能" in page.why.text()


def test_cooperation_is_rated_with_evidence_and_confirmed_by_another(
    customers: list[int], open_window: Open, settle: Settle
) -> None:
    factory_offtake.pick_up(session_of("am"), [(customers[0], "PP-T30S", "2026-06-01", 5_000)])
    page = page_of(open_window(MANAGER, "tiers"))
    page.tabs.setCurrentIndex(2)
    page.ratings.select_key(customers[0])
    assert not page.confirm_button.isEnabled()
    Person().click(page.rate_button)
    dialog = dialog_of(CooperationDialog)
    assert isinstance(dialog, CooperationDialog)
    points = [row["points"] for row in dialog.rows.values()]
    evidence = [row["evidence"] for row in dialog.rows.values()]
    assert not dialog.verb.isEnabled()
    points[0].set_text("１２０")
    assert "0 到 100" in points[0].message.text()
    points[0].set_text("９０")
    assert "依据" in evidence[0].message.text()
    evidence[0].set_text("每月 25 日前报送计划")
    points[1].set_text("80")
    evidence[1].set_text("无低价倾销")
    key(dialog, "Ctrl+Return")
    settle()
    assert not is_open(CooperationDialog)
    row = next(r for r in cooperation.ratings(AUDITOR, "2026-06") if r.customer_id == customers[0])
    assert (row.score, row.rated_by, row.confirmed_by) == (85, "am", "")
    head = page_of(open_window(SALES, "tiers"))
    head.tabs.setCurrentIndex(2)
    head.ratings.select_key(customers[0])
    assert not head.rate_button.isEnabled()
    Person().click(head.confirm_button)
    settle()
    row = next(r for r in cooperation.ratings(AUDITOR, "2026-06") if r.customer_id == customers[0])
    assert row.confirmed_by == "sales"
    assert not head.confirm_button.isEnabled()


def test_twelve_months_and_plans_are_lists_like_all_others(
    customers: list[int], open_window: Open, settle: Settle
) -> None:
    """Sorted and filtered by a month, with views, columns and sums; opened at a customer."""
    for month, kg in (("2026-05", 7_000), ("2026-06", 5_000)):
        lines = [(key, "PP-T30S", f"{month}-02", kg * at) for at, key in enumerate(customers, 1)]
        factory_offtake.pick_up(session_of("am"), lines)
    factory_offtake.plan(session_of("am"), [(customers[0], "PP-T30S", "2026-06", 9_000, 0)])
    window = open_window(SALES, "tiers")
    page = page_of(window)
    page.tabs.setCurrentWidget(page.matrix)
    frame = page.matrix.frame
    assert frame is not None
    grid = frame.grid
    assert [column.title for column in grid.columns][3:] == ["2026-06", "2026-05", "合计"]
    grid.sort_by(Sort("back0", descending=True))
    settle()
    assert [row.kg for row in grid.rows()] == [(14_000, 10_000), (7_000, 5_000)]
    grid.filter_by(Filter("total", ">20"))
    settle()
    assert [row.customer_id for row in grid.rows()] == [customers[1]]
    assert frame.chips.texts()[0] == "合计：>20"
    grid.select_first()
    page.months.select_key("2026-05")  # other headings, asked the same
    settle()
    frame = page.matrix.frame
    assert [column.title for column in frame.grid.columns][3:] == ["2026-05", "合计"]
    assert frame.grid.request.filters == (Filter("total", ">20"),)
    assert frame.grid.rows() == []
    frame.grid.clear_filters()
    page.months.select_key("2026-06")
    settle()
    page.tabs.setCurrentWidget(page.plans.parentWidget())
    (row,) = page.plans.rows()
    assert (row.kg, row.taken_kg) == (9_000, 5_000)
    page.plans.select_first()
    key(page.plans, "Return")
    settle()
    assert window.place == "customers"


def test_reading_a_large_file_can_be_stopped(
    customers: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    path = tmp_path / "提货.csv"
    lines = [",".join(HEADINGS)]
    lines += [f"2026-06-01,{NAMES[0]},PP-T30S,1.5,N-{n}" for n in range(90_000)]
    path.write_text("\n".join(lines), encoding="utf-8")
    dialog = importing(page_of(open_window(MANAGER, "tiers")))
    read = [(0, 1)]
    dialog.context.jobs.progressed.connect(lambda _job, done, of: read.append((done, of)))
    dialog.read(path)
    for _number in range(500):
        if dialog.busy.isVisible():
            break
        run_events(10)
    assert dialog.table.empty.label.text() == "正在读取和检查…"
    Person().click(dialog.busy.cancel)
    settle()
    assert read[-1][0] < read[-1][1]  # it was not read to its end first
    assert dialog.details.text() == "已停止，没有写入任何内容。"
    assert "选择文件" in dialog.table.empty.label.text()
    assert not dialog.all.isVisible()
    assert offtake.batches(AUDITOR) == []


def test_task_4_a_block_copied_in_a_spreadsheet_comes_in_by_pasting(
    customers: list[int], open_window: Open, settle: Settle
) -> None:
    page = page_of(open_window(MANAGER, "tiers"))
    lines = [HEADINGS, *GOOD, *BAD]
    block = "\r\n".join("\t".join(map(str, line)) for line in lines)
    QGuiApplication.clipboard().setText(block)
    key(page, "Ctrl+V")  # the months have the focus
    dialog = dialog_of(ImportDialog)
    assert isinstance(dialog, ImportDialog)
    settle(60)
    assert dialog.summary.text() == "正确 2 行，1,050.750 吨，月份：2026-06；有误 3 行"
    assert dialog.drop.name.text().startswith("粘贴 ")
    Person().click(dialog.only_good)
    settle(60)
    (batch,) = offtake.batches(AUDITOR)
    assert (batch.row_count, batch.rejected) == (2, 3)
    QGuiApplication.clipboard().setText("没有表格")
    dialog.reject()
    settle()
    again = importing(page)
    key(again, "Ctrl+V")
    assert "没有表格" in again.note.text()
    again.reject()


def test_a_low_window_shows_some_levels_and_every_column_of_theirs(
    open_window: Open, qapp: QApplication
) -> None:
    theme.apply(qapp, "light", 150)
    months()
    stage = Stage(open_window(Role.SALES_HEAD, "tiers"))
    stage.settle()
    page = stage.window.page
    assert isinstance(page, TiersPage)
    room = page.levels.viewport().height()
    assert room >= ROWS * page.levels.verticalHeader().defaultSectionSize()
    after = next(n for n, each in enumerate(page.levels.columns) if each.field == "after")
    end = page.levels.columnViewportPosition(after) + page.levels.columnWidth(after)
    assert end <= page.levels.viewport().width()
    page.fold(False)
    assert not page.months.isColumnHidden(TONNES)
