"""Dispatch, filing and inspections through the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from chemsales.queries.dispatch_notes import dispatch_notes
from chemsales.reports import dispatch_note as report
from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.classification import CustomerClass
from chemsales.rules.roles import Role
from chemsales.services import customers as customer_service
from chemsales.services import filing, policy
from chemsales.storage.database import rows
from tests.factory import session_of
from tests.factory_dispatch import items
from tests.factory_disqualification import disqualify
from tests.factory_filing import reported
from tests.furnishing import furnish
from tests.reports import pdf
from tests.scenes import Stage
from tests.ui.acting import Person, dialog_of, key
from ui.dialogs.filing import ClosingDialog, InspectionDialog, ReceiptDialog
from ui.dialogs.message import Message
from ui.dialogs.office import OfficeDialog
from ui.dialogs.preview import PreviewDialog
from ui.main_window import MainWindow
from ui.pages.filing import FilingPage
from ui.tables.view import Grid
from ui.work.cards import Day
from ui.work.filing_cards import dispatches

MANAGER, SALES, FINANCE = Role.ACCOUNT_MANAGER, Role.SALES_HEAD, Role.FINANCE
Open = Callable[..., MainWindow]
Settle = Callable[[], None]


@pytest.fixture
def made(sqlite_ready: str) -> list[int]:
    """The customers of `reported`."""
    return furnish(reported)


def opened(window: MainWindow, tab: str = "dispatch") -> FilingPage:
    page = Stage(window).page("filing")
    assert isinstance(page, FilingPage)
    page.open(tab)
    Stage(window).settle()
    return page


def numbers(grid: Grid) -> list[str]:
    return [row.number for row in grid.rows()]


def tick_all(grid: Grid) -> None:
    grid.tick([row.id for row in grid.rows()])


def acknowledged(page: FilingPage, settle: Settle, keys: list[int], who: str = "") -> None:
    """By Alt+K, the dialog and Ctrl+Enter."""
    page.items.tick(keys)
    page.items.setFocus()
    key(page, "Alt+K")
    settle()
    dialog = dialog_of(ReceiptDialog)
    if who:
        dialog.form["receipt"].set_text(who)
    key(dialog, "Ctrl+Return")
    settle()


def test_c4_7_the_list_is_empty_only_when_all_is_acknowledged(
    made: list[int], open_window: Open, settle: Settle
) -> None:
    page = opened(open_window(MANAGER))
    assert [number[-2:] for number in numbers(page.items)] == [
        "09", "08", "07", "06", "05", "04", "02", "01",
    ]  # fmt: skip
    page.items.tick([row.id for row in page.items.rows() if row.sent_at is None])
    key(page, "Alt+S")
    settle()
    assert rows("SELECT count(*) FROM dispatch WHERE sent_at IS NULL") == [(0,)]
    assert len(page.items.rows()) == 8 and page.items.ticked_rows() == []
    office = [row.id for row in page.items.rows() if row.office]
    acknowledged(page, settle, office, "收发室 刘工")
    assert {row.recipient for row in page.items.rows()} == {"finance"}
    page = opened(open_window(FINANCE))
    assert not page.acts["filing.send"].isEnabled()
    mine = [row.id for row in page.items.rows()]
    assert len(mine) == 3
    acknowledged(page, settle, mine)  # the own name stands there already
    assert page.items.rows() == []
    found = rows("SELECT DISTINCT receipt FROM dispatch WHERE office_code IS NULL")
    assert found == [("李强",)]


def test_c4_7_what_is_not_theirs_is_refused_in_the_dialog(
    made: list[int], open_window: Open, settle: Settle
) -> None:
    page = opened(open_window(FINANCE))
    offices = [row.id for row in page.items.rows() if row.office]
    acknowledged(page, settle, offices)
    assert "由张伟负责" in dialog_of(ReceiptDialog).note.text()
    marks = ", ".join("?" * len(offices))
    assert set(rows(f"SELECT acknowledged_on FROM dispatch WHERE id IN ({marks})", offices)) == {
        (None,)
    }


def test_c4_7_what_the_service_would_refuse_of_a_row_is_greyed_with_its_reason(
    made: list[int], open_window: Open, settle: Settle
) -> None:
    page = opened(open_window(FINANCE))
    office = next(row for row in page.items.rows() if row.office and row.sent_at)
    own = next(row for row in page.items.rows() if not row.office and row.sent_at)
    unsent = next(row for row in page.items.rows() if not row.office and not row.sent_at)
    acknowledge = page.acts["filing.acknowledge"]
    for row, why in ((office, "由张伟负责"), (own, ""), (unsent, "尚未报送")):
        page.items.select_key(row.id)
        settle()
        assert why in acknowledge.toolTip() and acknowledge.isEnabled() is not bool(why)
    page = opened(open_window(SALES), "filings")
    receipt = page.acts["filing.receipt"]
    assert receipt.isEnabled()
    filing.receive(session_of("sales"), page.filings.row().id, date(2026, 7, 6), "郑凯")
    page.refresh()
    settle()
    assert not receipt.isEnabled() and "2026-07-06" in receipt.toolTip()


def test_c8_2_a_change_is_printed_with_old_and_new(
    made: list[int], open_window: Open, settle: Settle
) -> None:
    sales = session_of("sales")
    customer_service.change_class(
        sales, made[0], "PO", CustomerClass.DIRECT, date(2026, 7, 6), "合同", 1
    )
    page = opened(open_window(MANAGER))
    changed = [row for row in page.items.rows() if row.what == "change"]
    assert {row.office for row in changed} == {"", "大连驻厂办", "青岛驻厂办"}
    page.items.tick([row.id for row in changed])
    key(page, "Ctrl+P")
    settle()
    preview = dialog_of(PreviewDialog).preview
    assert preview.data == report.render(dispatch_notes(sales.actor, items(made[0]).values()))
    assert "客户类别聚烯烃经销商直销客户" in pdf.text(preview.data)


def test_c8_3_customers_are_filed_exported_and_received(
    made: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    page = opened(open_window(SALES), "unfiled")
    assert {row.id for row in page.unfiled.rows()} == set(made[1:])
    tick_all(page.unfiled)
    key(page, "Ctrl+N")
    settle()
    Person().press(dialog_of(Message), "备案")
    settle()
    assert page.unfiled.rows() == []
    assert page.filings.row().number == "BA2026-0002"
    first, second = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    for path in (first, second):
        page.export(page.filings.row().id, path)
        settle()
    assert first.read_bytes() == second.read_bytes()
    Person().press(page, page.acts["filing.receipt"].text())
    settle()
    dialog = dialog_of(ReceiptDialog)
    dialog.form["receipt"].set_text("化工品销售部 郑凯")
    Person().click(dialog.verb)
    settle()
    assert page.filings.row().received_on == date(2026, 7, 6)


def test_c8_3_who_was_disqualified_meanwhile_is_not_filed(
    made: list[int], open_window: Open, settle: Settle
) -> None:
    page = opened(open_window(SALES), "unfiled")
    tick_all(page.unfiled)
    key(page, "Ctrl+N")
    settle()
    disqualify(made[1])
    Person().press(dialog_of(Message), "备案")
    settle()
    told = [label.text() for label in dialog_of(Message).findChildren(QLabel)]
    assert any("资格已于 2026-07-06 取消" in text for text in told), told
    assert rows("SELECT count(*) FROM filing") == [(1,)]


def test_c4_7_an_office_and_its_products_are_kept_in_the_settings(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    page = Stage(open_window(Role.ADMINISTRATOR)).page("settings")
    page.open("offices")
    settle()
    section = page.shown["offices"]  # type: ignore[attr-defined]
    section.new_office()
    settle()
    dialog = dialog_of(OfficeDialog)
    for name, text in (("code", "qd"), ("name", "青岛驻厂办")):
        dialog.form[name].set_text(text)
    dialog.form["group.PO"].set_value(True)
    Person().click(dialog.verb)
    settle()
    section.offices.select_first()
    section.ask_groups()
    settle()
    dialog = dialog_of(OfficeDialog)
    assert dialog.groups() == ["PO"] and dialog.form["code"].text() == "QD"
    dialog.form["group.EG"].set_value(True)
    Person().click(dialog.verb)
    settle()
    (row,) = section.offices.rows()
    assert (row.code, row.groups, row.active) == ("QD", ("EG", "PO"), True)
    section.offices.select_first()
    section.acts["settings.end_office"].trigger()
    settle()
    assert not section.offices.rows()[0].active


def test_c8_3_an_inspection_is_recorded_and_its_findings_closed(
    made: list[int], open_window: Open, settle: Settle
) -> None:
    window = open_window(SALES)
    page = opened(window, "inspections")
    page.ask_inspect()
    settle()
    dialog = dialog_of(InspectionDialog)
    for name, text in (
        ("inspector", "化工品销售部 郑凯"), ("scope", "抽查档案"), ("findings.0.words", "缺页"),
    ):  # fmt: skip
        dialog.form[name].set_text(text)
    examples = [dialog.form[f"findings.1.{name}"].editor for name in ("due_on", "customer_id")]
    assert [each.placeholderText() for each in examples] == ["年-月-日", "客户"]  # type: ignore[attr-defined]
    Person().click(dialog.verb)
    settle()
    assert dialog.form["findings.0.due_on"].wrong and dialog.form["findings.0.responsible"].wrong
    told = [dialog.form[f"findings.0.{name}"].message.text() for name in ("due_on", "responsible")]
    assert "整改期限：必填" in told[0] and "责任人：必填" in told[1]
    dialog.form["findings.0.due_on"].set_text("2026-07-20")
    dialog.form["findings.0.responsible"].set_text("am")
    Person().click(dialog.verb)
    settle()
    assert len(page.inspections.rows()) == 2
    page = opened(open_window(MANAGER), "findings")
    states = [(row.words, str(row.state)) for row in page.findings.rows()]
    assert states[-1] == ("缺页", "open") and states[0][1] == "overdue"
    page.findings.select_key(page.findings.rows()[-1].id)
    page.ask_close()
    settle()
    closing = dialog_of(ClosingDialog)
    closing.form["closing"].set_text("已补齐")
    key(closing, "Ctrl+Return")
    settle()
    assert [row.words for row in page.findings.rows()] == [words for words, _state in states[:-1]]


def test_an_item_is_late_by_the_days_of_the_edition(made: list[int]) -> None:
    am = session_of("am").actor
    day = date(2026, 7, 9)  # two months after the items were made
    before = dispatches(Day(am, day, WorkCalendar()))
    ((unsent,),) = rows("SELECT count(*) FROM dispatch WHERE sent_at IS NULL")
    assert sum(line.late for line in before.lines) == unsent > 0
    policy.add_edition(session_of("sales"), date(2026, 7, 7), {"change_days": 60}, "办公会纪要")
    assert not dispatches(Day(am, day, WorkCalendar())).late
