"""C8.1 through the window: changed on the card, accepted by finance in Approvals, then history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QScrollArea

from chemsales.queries.approval import queue
from chemsales.queries.customers import customer as customer_file
from chemsales.queries.file_card import file_card
from chemsales.reports import file_card as report
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.customer import CustomerFacts
from chemsales.rules.roles import Role
from chemsales.storage.database import connected
from chemsales.words import say
from tests.factory import PDF, Clock, session_of
from tests.factory_customer_change import change, judge, move_account
from tests.furnishing import customers, furnish
from tests.reports import pdf
from tests.ui.acting import Person, button_of, dialog_of, inside, is_open
from tests.ui.acting import key as press
from tests.ui.reviewing import shown_titles
from ui.dialogs.case import CaseDialog
from ui.dialogs.conflict import ConflictDialog
from ui.dialogs.customer_change import CustomerChangeDialog
from ui.dialogs.message import Message
from ui.dialogs.preview import PreviewDialog
from ui.main_window import MainWindow
from ui.text import dotted
from ui.widgets.labels import PlainLabel

Open = Callable[..., MainWindow]
Settle = Callable[..., None]
ACCOUNT = "5329010210310601"
MANAGER = Role.ACCOUNT_MANAGER


@pytest.fixture
def customer(sqlite_ready: str) -> int:
    """The first of three customers."""
    return furnish(customers)[0]


@pytest.fixture
def permit(tmp_path: Path) -> Path:
    """A paper that shows the new account."""
    path = tmp_path / "开户许可证.pdf"
    path.write_bytes(PDF + b"permit")
    return path


def facts(customer: int) -> CustomerFacts:
    return customer_file(session_of("auditor").actor, customer).facts


def test_c8_1_a_rejected_change_is_on_its_makers_today_until_looked_at(
    customer: int, open_window: Open, settle: Settle
) -> None:
    with connected():
        key = move_account(customer)
        judge(key, verdict=Verdict.REJECT, comment="账户名称与客户不符")
    window = open_window(MANAGER, "today")
    [card] = [view for view in window.page.views if view.card.key == "rejected"]
    [line] = card.card.lines
    assert "账户名称与客户不符" in line.remark
    assert line.text == f"{facts(customer).name} · 客户档案变更"
    card.go(line)
    settle()
    dialog = dialog_of(CaseDialog)
    assert dialog.said.text() == "账户名称与客户不符"
    assert dialog.cases.customer_change.detail.stored.after.account == ACCOUNT
    dialog.reject()
    window.go("today", None)
    settle()
    assert "rejected" not in {view.card.key for view in window.page.views}
    window.go("approvals", None)
    settle()
    tabs = window.page.tabs
    tabs.setCurrentWidget(tabs.frames[1])
    row = tabs.own.rows()[0]
    assert (row.outcome, row.comment) == (Outcome.REJECTED, "账户名称与客户不符")
    tabs.own.opened.emit(row)
    settle()
    assert dialog_of(CaseDialog).isVisible()


def test_c8_1_who_asked_for_a_change_looks_at_it_from_the_card(
    customer: int, open_window: Open, settle: Settle
) -> None:
    with connected():
        key = move_account(customer)
    window = open_window(MANAGER, "customers")
    window.page.open(customer)
    settle()
    window.page.card.waiting.look.click()
    settle()
    assert dialog_of(CaseDialog).cases.customer_change.detail.stored.id == key


def test_c8_1_an_own_change_says_where_it_stands_and_is_urged_and_taken_back_from_there(
    customer: int, open_window: Open, settle: Settle
) -> None:
    with connected():
        key = move_account(customer)
    today = open_window(Role.FINANCE, "today").page
    [card] = [view.card for view in today.views if view.card.key == "waiting"]
    assert [line.text.split(" · ")[1] for line in card.lines] == ["客户档案变更"]  # as in the queue
    window = open_window(MANAGER, "approvals")
    window.page.tabs.look("customer_change", key)
    settle()
    dialog = dialog_of(CaseDialog)
    assert [part.text() for part in dialog.course.findChildren(QLabel)] == [
        "△ " + dotted(("财务部审核", "等待：今日起"))
    ]
    Person().click(dialog.urge)
    settle()
    assert not is_open(CaseDialog)
    (row,) = queue(session_of("finance").actor)
    assert (row.kind, row.urged) == ("customer_change", 1)
    window.page.tabs.look("customer_change", key)
    settle()
    dialog = dialog_of(CaseDialog)
    assert not dialog.urge.isEnabled() and "每个工作日" in dialog.urge.toolTip()
    Person().click(dialog.withdraw)
    Person().press(dialog_of(Message), "撤回")
    settle()
    assert not is_open(CaseDialog) and queue(session_of("finance").actor) == []
    window.page.tabs.look("customer_change", key)
    settle()
    dialog = dialog_of(CaseDialog)
    assert not dialog.withdraw.isVisible() and not dialog.urge.isVisible()
    assert dialog.course.findChildren(QLabel)[-1].text().endswith("已撤回")


def changing(window: MainWindow, customer: int, settle: Settle) -> CustomerChangeDialog:
    """The dialog of a customer's card."""
    window.page.open(customer)
    settle()
    window.page.card.change.click()
    settle()
    return dialog_of(CustomerChangeDialog)


def test_c8_1_an_address_and_a_contact_are_in_force_at_once(
    customer: int, open_window: Open, settle: Settle
) -> None:
    window = open_window(MANAGER, "customers")
    dialog = changing(window, customer, settle)
    assert "即时生效" in dialog.waits.text()
    dialog.verb.click()
    settle()
    assert dialog.form["reason"].message.text()
    dialog.form["reason"].set_text("客户迁址")
    dialog.form["business_address"].set_text("青岛市香港中路 9 号")
    dialog.contacts.rows[0]["name"].set_text("赵云")
    dialog.verb.click()
    settle()
    card = window.page.card
    assert facts(customer).business_address == "青岛市香港中路 9 号"
    assert "赵云" in [contact.name for contact in card.card.detail.contacts]
    assert not card.waiting.isVisible()
    newest = card.history.grid.rows()[0]
    assert (newest.reason, newest.who) == ("客户迁址", "张伟")


def test_c8_1_an_account_may_be_typed_with_blanks(
    customer: int, permit: Path, open_window: Open, settle: Settle
) -> None:
    before = facts(customer)
    window = open_window(MANAGER, "customers")
    dialog = changing(window, customer, settle)
    dialog.form["account"].set_text(f"{before.account[:4]} {before.account[4:]}")
    assert "账号" not in dialog.waits.text()  # the same one
    dialog.form["account"].set_text(f"{ACCOUNT[:4]} {ACCOUNT[4:10]} {ACCOUNT[10:]}")
    assert "账号" in dialog.waits.text()
    dialog.form["reason"].set_text("启用新账户")
    dialog.form["scan"].editor.add([permit])
    dialog.verb.click()
    settle()
    assert f"{before.account} → {ACCOUNT}" in window.page.card.waiting.what.text()


def test_c8_1_an_account_waits_for_finance_and_the_card_says_so(
    customer: int, permit: Path, open_window: Open, settle: Settle
) -> None:
    before = facts(customer)
    window = open_window(MANAGER, "customers")
    dialog = changing(window, customer, settle)
    dialog.form["reason"].set_text("启用新账户")
    dialog.form["account"].set_text(ACCOUNT)
    assert "账号" in dialog.waits.text()
    dialog.verb.click()
    settle()
    assert "证明材料" in dialog.form["scan"].message.text()
    dialog.form["scan"].editor.add([permit])
    dialog.verb.click()
    settle()
    card = window.page.card
    assert facts(customer) == before
    assert "财务部审核中" in card.waiting.badge.text()
    assert f"{before.account} → {ACCOUNT}" in card.waiting.what.text()
    again = changing(window, customer, settle)
    assert "账号" in again.form["account"].label.text()
    again.form["account"].set_text("1")
    again.form["reason"].set_text("再改")
    again.verb.click()
    settle()
    assert again.isVisible()
    again.reject()

    desk = open_window(Role.FINANCE, "approvals")
    settle()
    row = next(row for row in desk.page.queue.rows() if row.kind == "customer_change")
    desk.page.open((row.kind, row.id))
    settle()
    case = desk.page.cases.customer_change
    assert desk.page.cases.currentWidget() is case
    assert desk.page.case.name.text() == f"客户档案变更 · {before.name}"
    assert f"{before.name} · 客户档案变更" in shown_titles(desk.page)
    assert [item.name for item in case.viewer.items] == ["开户许可证.pdf"]
    desk.page.acts["approvals.approve"].trigger()
    settle()
    assert facts(customer).account == ACCOUNT


def test_c8_1_what_is_missing_out_of_sight_is_scrolled_to(
    customer: int, open_window: Open, settle: Settle
) -> None:
    """The account stands at the bottom, the reason for the change at the top."""
    dialog = changing(open_window(MANAGER, "customers"), customer, settle)
    account, reason = dialog.form["account"].editor, dialog.form["reason"].editor
    dialog.resize(dialog.width(), 420)
    account.setFocus()
    dialog.form["account"].set_text(ACCOUNT)
    [area] = [each for each in dialog.findChildren(QScrollArea) if each.isAncestorOf(account)]
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    assert not inside(area, reason)
    press(dialog, "Ctrl+Return")
    settle()
    assert dialog.focusWidget() is reason
    assert inside(area, reason)


def test_c8_1_a_change_that_finance_sent_back_is_corrected_from_approvals(
    customer: int, permit: Path, open_window: Open, settle: Settle, clock: Clock
) -> None:
    key = move_account(customer, clock)
    judge(key, verdict=Verdict.RETURN, comment="请附新的开户许可证", clock=clock)
    window = open_window(MANAGER, "approvals")
    settle()
    window.page.open(("customer_change", key))
    settle()
    window.page.acts["approvals.correct"].trigger()
    settle()
    dialog = dialog_of(CustomerChangeDialog)
    assert dialog.form["account"].text() == ACCOUNT
    assert dialog.form["invoice_phone"].editor.isReadOnly()
    dialog.form["account"].set_text("5329010210310777")
    dialog.form["scan"].editor.add([permit])
    dialog.verb.click()
    settle()
    judge(key, clock=clock)
    assert facts(customer).account == "5329010210310777"


def test_what_another_desk_changed_meanwhile_is_chosen_field_by_field(
    customer: int, open_window: Open, settle: Settle, clock: Clock
) -> None:
    dialog = changing(open_window(MANAGER, "customers"), customer, settle)
    dialog.form["reason"].set_text("客户迁址")
    dialog.form["business_address"].set_text("青岛市香港中路 9 号")
    change(customer, "sales", clock, None, invoice_phone="0532-86891234")
    dialog.verb.click()
    settle()
    button_of(dialog_of(ConflictDialog), "保存").click()
    settle()
    now = facts(customer)
    assert (now.business_address, now.invoice_phone) == ("青岛市香港中路 9 号", "0532-86891234")


def test_what_was_decided_opens_the_card_of_its_customer(
    customer: int, open_window: Open, settle: Settle, clock: Clock
) -> None:
    judge(move_account(customer, clock), clock=clock)
    window = open_window(Role.FINANCE, "approvals")
    settle()
    decided = window.page.tabs.decided
    row = next(row for row in decided.rows() if row.kind == "customer_change")
    decided.opened.emit(row)
    settle()
    assert window.page.card.card.detail.id == customer


def test_another_manager_is_told_why_not(customer: int, open_window: Open, settle: Settle) -> None:
    window = open_window(Role.FINANCE, "customers")
    window.page.open(customer)
    settle()
    change_button = window.page.card.change
    assert not change_button.isEnabled()
    assert change_button.toolTip()


def test_c8_1_the_card_shows_a_customer_as_it_was_on_any_day(
    customer: int, open_window: Open, settle: Settle, clock: Clock
) -> None:
    before = facts(customer)
    judge(move_account(customer, clock), clock=clock)
    window = open_window(MANAGER, "customers")
    window.page.open(customer)
    settle()
    card = window.page.card
    as_on = card.as_on
    as_on.field.setFocus()
    as_on.field.setText("2026-07-05")
    as_on.show_button.click()
    settle()
    assert card.card.detail.facts == before
    assert card.banner.isVisible()
    assert "2026-07-05" in card.banner.badge.text()
    for button in (card.change, card.mnemonic, card.disqualify, card.licences.record):
        assert not button.isEnabled()
        assert "2026-07-05" in button.toolTip()
    assert not [row for row in card.history.grid.rows() if row.change.field == "account"][1:]
    window.page.refresh()
    settle()
    assert card.card.day is not None
    card.banner.back.click()
    settle()
    assert not card.banner.isVisible()
    assert card.card.detail.facts.account == ACCOUNT
    as_on.field.setText("2020-01-01")
    as_on.show_button.click()
    settle()
    assert card.card.day is None


def test_c8_1_enter_in_the_field_of_the_day_shows_the_card_of_that_day(
    customer: int, open_window: Open, settle: Settle
) -> None:
    window = open_window(MANAGER, "customers")
    window.page.open(customer)
    settle()
    card = window.page.card
    card.as_on.field.setFocus()
    card.as_on.field.setText("7-5")
    press(card.as_on.field, "Return")
    settle()
    assert card.card.day == date(2026, 7, 5)
    assert card.banner.isVisible()
    card.as_on.field.setFocus()
    card.as_on.field.setText("")
    press(card.as_on.field, "Return")
    settle()
    assert card.card.day is None


def test_c8_1_a_day_to_come_and_what_is_no_day_stay_in_the_field_with_what_is_wrong(
    customer: int, open_window: Open, settle: Settle
) -> None:
    window = open_window(MANAGER, "customers")
    window.page.open(customer)
    settle()
    as_on = window.page.card.as_on
    asked: list[object] = []
    as_on.wanted.connect(asked.append)
    for typed, said in (("2026-07-07", "日期不能晚于今天（2026-07-06）。"), ("abc", "“abc”")):
        as_on.field.setFocus()
        as_on.field.setText(typed)
        assert not as_on.message.isVisible()
        press(as_on.field, "Return")
        settle()
        assert as_on.field.text() == typed
        assert as_on.message.isVisible() and said in as_on.message.text()
    assert not asked
    as_on.field.setText("2026-07-06")
    press(as_on.field, "Return")
    assert not as_on.message.isVisible() and asked == [None]


def test_c5_1_the_card_tells_the_invoice_data_in_force_and_all_that_there_is(
    customer: int, open_window: Open, settle: Settle, clock: Clock
) -> None:
    before = facts(customer)
    key = move_account(customer, clock)
    window = open_window(Role.FINANCE, "customers")
    window.page.open(customer)
    settle()
    card = window.page.card
    shown = [label.text() for label in card.facts.findChildren(PlainLabel)]
    assert before.account in shown
    assert ACCOUNT not in shown
    titles = [card.tabs.tabText(at) for at in range(card.tabs.count())]
    assert titles == [
        "概况", "分类与级别", "提货与评审", "证照", "走访", "投诉", "资质材料", "审批记录",
        "变更记录", "大事记",
    ]  # fmt: skip
    card.tabs.setCurrentWidget(card.timeline)
    told = [say(row.what) for _at, row in card.timeline.grid.rows()]
    assert "准入（申请 SQ2026-0001）" in told
    card.papers.select_key(("customer_change", key))
    settle()
    assert card.viewer.key == ("customer_change", key)
    judge(key, clock=clock)
    window.page.refresh()
    settle()
    assert ACCOUNT in [label.text() for label in card.facts.findChildren(PlainLabel)]
    assert "档案变更" in say(card.timeline.grid.rows()[0][1].what)


def test_c8_1_the_file_card_prints_from_the_card_as_on_the_day_that_is_shown(
    customer: int, open_window: Open, settle: Settle, clock: Clock
) -> None:
    judge(move_account(customer, clock), clock=clock)
    window = open_window(MANAGER, "customers")
    window.page.open(customer)
    settle()
    card = window.page.card
    card.as_on.field.setText("2026-07-05")
    card.as_on.show_button.click()
    settle()
    card.print.click()
    settle(40)
    preview = dialog_of(PreviewDialog).preview
    made = file_card(session_of("auditor").actor, customer, date(2026, 7, 5))
    assert preview.data == report.render(made)
    assert ACCOUNT not in pdf.text(preview.data)


def test_c8_1_who_asked_withdraws_and_sees_why_finance_rejected(
    customer: int, open_window: Open, settle: Settle, clock: Clock
) -> None:
    move_account(customer, clock)
    window = open_window(MANAGER, "customers")
    window.page.open(customer)
    settle()
    card = window.page.card
    assert card.waiting.look.isVisible()
    card.waiting.withdraw.click()
    settle()
    button_of(dialog_of(Message), "撤回").click()
    settle()
    assert not card.waiting.isVisible()
    key = move_account(customer, clock)
    judge(key, verdict=Verdict.REJECT, comment="账户名称不符", clock=clock)
    window.page.refresh()
    settle()
    told = [say(row.what) for _at, row in card.timeline.grid.rows()]
    assert any("账户名称不符" in each for each in told)
