"""C8.1 through the window: one customer from its card, all of a leaver from the list of logins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from chemsales.queries.delegation import load_acting
from chemsales.rules.approval import Verdict
from chemsales.rules.handover import Handover
from chemsales.rules.roles import Role
from chemsales.services.accreditation import withdraw
from chemsales.services.delegation import delegate
from chemsales.services.handover import hand_over
from chemsales.storage.database import connected, rows
from chemsales.words import say_all
from tests.factory import Clock, decide, session_of, submit, version_of
from tests.factory_customer_change import judge, move_account
from tests.factory_further import begin
from tests.furnishing import application, customers, furnish, rich_draft
from tests.scenes import Stage
from tests.scenes.frame import section
from tests.scenes.handover import signed_by_heir
from tests.ui.acting import button_of, dialog_of
from ui.dialogs.application import ApplicationDialog
from ui.dialogs.customer_change import CustomerChangeDialog
from ui.dialogs.handover import HandoverDialog
from ui.dialogs.message import Message
from ui.dialogs.person import PersonDialog
from ui.main_window import MainWindow
from ui.work import today as work

Open = Callable[..., MainWindow]
Settle = Callable[..., None]


@pytest.fixture
def several(sqlite_ready: str) -> list[int]:
    """Three customers of one manager."""
    return list(furnish(customers))


def rows_of(sql: str) -> list[tuple[object, ...]]:
    with connected():
        return list(rows(sql))


def managers() -> list[object]:
    return [login for (login,) in rows_of("SELECT manager FROM customer ORDER BY id")]


def test_c8_1_the_sales_head_hands_a_customer_over_on_its_card(
    several: list[int], open_window: Open, settle: Settle
) -> None:
    window = open_window(Role.SALES_HEAD, "customers")
    window.page.open(several[0])
    settle()
    card = window.page.card
    card.hand_over.click()
    settle()
    dialog = dialog_of(HandoverDialog)
    dialog.verb.click()
    settle()
    for name in ("to", "reason"):
        assert "请填写" in dialog.form[name].message.text(), name
    dialog.form["to"].set_text("am2")
    dialog.form["reason"].set_text("岗位调整")
    dialog.verb.click()
    settle()
    assert managers() == ["am2", "am", "am"]
    assert card.card.detail.manager_name == "刘洋"
    assert [each.manager for each in card.card.owners] == ["张伟", "刘洋"]
    card.hand_over.click()
    settle()
    again = dialog_of(HandoverDialog)
    assert "all_of_them" not in again.form.fields
    again.reject()


def test_c8_1_all_of_the_manager_go_from_one_card(
    several: list[int], open_window: Open, settle: Settle
) -> None:
    window = open_window(Role.SALES_HEAD, "customers")
    window.page.open(several[0])
    settle()
    window.page.card.hand_over.click()
    settle()
    dialog = dialog_of(HandoverDialog)
    dialog.form["to"].set_text("am2")
    dialog.form["reason"].set_text("离职")
    dialog.form["all_of_them"].set_value(True)
    dialog.verb.click()
    settle()
    assert managers() == ["am2"] * 3


def offered_in_menu(grid: Any, text: str, monkeypatch: pytest.MonkeyPatch) -> QAction:
    """What the menu of a table's rows calls so."""
    menus: list[QMenu] = []
    with monkeypatch.context() as patch:
        patch.setattr(QMenu, "popup", lambda menu, _place: menus.append(menu))
        grid.customContextMenuRequested.emit(grid.visualRect(grid.currentIndex()).center())
    (found,) = [act for menu in menus for act in menu.actions() if act.text() == text]
    return found


def mark(page: Any, keys: list[int], qtbot: QtBot, settle: Settle) -> None:
    """Click the first of these customers in the list, the others with Ctrl."""
    grid, held = page.customers, Qt.KeyboardModifier.NoModifier
    for key in keys:
        at = grid.rows_model.index(list(grid.source.keys()).index(key), 1)
        place = grid.visualRect(at).center()
        qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, held, place)
        held = Qt.KeyboardModifier.ControlModifier
        settle()


def test_c8_1_the_customers_marked_in_the_list_go_together(
    several: list[int],
    open_window: Open,
    settle: Settle,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second, third = several
    page: Any = open_window(Role.SALES_HEAD, "customers").page
    act = page.acts["customers.hand_over"]
    assert not act.isEnabled() and act.why == "请先选择一行。"
    mark(page, [first, third], qtbot, settle)
    assert act.isEnabled()
    offered_in_menu(page.customers, "移交…", monkeypatch).trigger()
    settle()
    dialog: Any = dialog_of(HandoverDialog)
    assert dialog.customers() == (first, third) and not dialog.held.isVisible()
    told = [part.text() for part in dialog.findChildren(QLabel) if part.isVisible()]
    assert "张伟名下选中的客户（2 家）" in told
    dialog.form["to"].set_text("am2")
    dialog.form["reason"].set_text("片区调整")
    dialog.verb.click()
    settle()
    assert managers() == ["am2", "am", "am2"]
    mark(page, [second], qtbot, settle)
    act.trigger()
    settle()
    alone: Any = dialog_of(HandoverDialog)
    assert alone.customers() == (second,)
    alone.reject()


def test_c8_1_c7_2_marked_customers_of_several_managers_go_together(
    several: list[int], open_window: Open, settle: Settle, qtbot: QtBot
) -> None:
    """Those that the new manager has already are named and stay."""
    first, second, third = several
    with connected():
        given = Handover("am2", session_of("sales").today(), "调整")
        hand_over(session_of("sales"), [third], given)
    page: Any = open_window(Role.SALES_HEAD, "customers").page
    mark(page, several, qtbot, settle)
    page.acts["customers.hand_over"].trigger()
    settle()
    dialog: Any = dialog_of(HandoverDialog)
    told = [part.text() for part in dialog.findChildren(QLabel) if part.isVisible()]
    assert "选中的客户（3 家，分属 2 位客户经理）" in told
    assert any("张伟" in text and "刘洋" in text for text in told)
    assert "all_of_them" not in dialog.form.fields
    assert dialog.kept.text() == ""
    dialog.form["to"].set_text("am2")
    dialog.form["reason"].set_text("片区调整")
    settle()
    lines = dialog.kept.text().split("\n")
    assert lines[0] == "移交 3 家客户中的 2 家，其余不移交："
    assert "C00003" in lines[1] and lines[1].endswith("已由此人负责。")
    dialog.verb.click()
    settle()
    assert managers() == ["am2"] * 3
    with connected():
        assert rows("SELECT customer_id, reason FROM handover ORDER BY id") == [
            (third, "调整"), (first, "片区调整"), (second, "片区调整"),
        ]  # fmt: skip


def test_c8_1_what_another_desk_gave_away_meanwhile_is_not_taken_from_its_new_manager(
    several: list[int], open_window: Open, settle: Settle, qtbot: QtBot
) -> None:
    window, said = open_window(Role.SALES_HEAD, "customers"), list[str]()
    window.context.jobs.refused.connect(lambda error: said.append(say_all(error)))
    page: Any = window.page
    mark(page, several, qtbot, settle)
    with connected():
        given = Handover("am2", session_of("sales").today(), "离职")
        hand_over(session_of("sales"), several[:1], given)
    page.acts["customers.hand_over"].trigger()
    settle()
    assert said == ["选中的客户中，有的已换了客户经理，请重新选择后再移交。"]
    assert managers() == ["am2", "am", "am"]


def test_c8_1_c7_2_of_the_marked_ones_those_that_cannot_go_are_told_before(
    sqlite_ready: str, open_window: Open, settle: Settle, qtbot: QtBot
) -> None:
    keys = furnish(signed_by_heir)
    page: Any = open_window(Role.SALES_HEAD, "customers").page
    mark(page, keys[1:], qtbot, settle)
    page.acts["customers.hand_over"].trigger()
    settle()
    dialog: Any = dialog_of(HandoverDialog)
    dialog.form["to"].set_text("am2")
    dialog.form["reason"].set_text("调整")
    settle()
    told = dialog.kept.text().split("\n")
    assert told[0] == "移交 2 家客户中的 1 家，其余仍归张伟：" and "C00002" in told[1]
    dialog.verb.click()
    settle()
    assert managers() == ["am", "am", "am2"]


def test_c8_1_c7_2_the_customers_that_cannot_go_are_told_before_and_the_rest_goes(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    """Whoever signed a case of a customer is not its manager while that is not decided."""
    _first, _second, third = furnish(signed_by_heir)
    stage = Stage(open_window(Role.ADMINISTRATOR))
    page = section(stage, "people")
    page.table.select_key("am")
    settle()
    page.hand_over_button.click()
    settle()
    dialog = dialog_of(HandoverDialog)
    assert not dialog.kept.isVisible() and len(dialog.customers()) == 3
    dialog.form["to"].set_text("am2")
    settle()
    told = dialog.kept.text().split("\n")
    assert dialog.kept.isVisible() and told[0] == "移交 3 家客户中的 1 家，其余仍归张伟："
    assert [line.split("有未办结")[0] for line in told[1:]] == [
        "客户 C00001 恒力石化（大连）有限公司 ", "客户 C00002 青岛海科塑料制品有限公司 "
    ]  # fmt: skip
    assert dialog.customers() == (third,)
    dialog.form["reason"].set_text("离职")
    said: list[str] = []
    stage.window.context.said.connect(said.append)
    dialog.verb.click()
    settle()
    assert managers() == ["am", "am", "am2"]
    assert said == ["已移交客户：1 家；未移交客户：2 家"]
    page.table.select_key("am")
    settle()
    assert page.hand_over_button.isEnabled()  # the others still wait for somebody
    page.hand_over_button.click()
    settle()
    again = dialog_of(HandoverDialog)
    again.form["to"].set_text("am2")
    again.form["reason"].set_text("离职")
    again.verb.click()
    settle()
    assert again.isVisible() and "C00001" in again.form["to"].message.text()
    assert managers() == ["am", "am", "am2"]
    assert rows_of("SELECT count(*) FROM handover") == [(1,)]


def test_c8_1_c7_2_a_customer_that_cannot_go_says_why_on_its_card(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    first, _second, _third = furnish(signed_by_heir)
    window = open_window(Role.SALES_HEAD, "customers")
    window.page.open(first)
    settle()
    window.page.card.hand_over.click()
    settle()
    dialog = dialog_of(HandoverDialog)
    dialog.form["to"].set_text("am2")
    dialog.form["reason"].set_text("调整")
    settle()
    assert dialog.kept.isVisible() and dialog.kept.text().startswith("客户 C00001")
    dialog.verb.click()
    settle()
    assert dialog.isVisible() and "C00001" in dialog.form["to"].message.text()
    assert managers() == ["am"] * 3


def test_c8_1_a_login_with_customers_is_not_forbidden_without_saying_so(
    several: list[int], open_window: Open, settle: Settle
) -> None:
    page = section(Stage(open_window(Role.ADMINISTRATOR)), "people")
    page.table.select_key("am2")
    settle()
    assert not page.hand_over_button.isEnabled()
    page.table.select_key("am")
    settle()
    page.active_button.click()
    settle()
    asked = dialog_of(Message)
    assert "客户：3 家" in "".join(label.text() for label in asked.findChildren(type(asked.note)))
    button_of(asked, "移交客户…").click()
    settle()
    assert rows_of("SELECT active FROM person WHERE login = 'am'") == [(1,)]
    dialog = dialog_of(HandoverDialog)
    dialog.form["to"].set_text("am2")
    dialog.form["reason"].set_text("离职")
    button_of(dialog, "移交").click()
    settle()
    assert managers() == ["am2"] * 3


def test_c8_1_c7_2_applications_of_new_customers_are_counted_and_go_along(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    """Of a manager who has nothing else; the new one finds them among the own drafts."""

    def drafted() -> int:
        return application(rich_draft("新客户有限公司", 5))

    key = furnish(drafted)
    page = section(Stage(open_window(Role.ADMINISTRATOR)), "people")
    page.table.select_key("am")
    settle()
    page.active_button.click()
    settle()
    asked = dialog_of(Message)
    said = "".join(label.text() for label in asked.findChildren(type(asked.note)))
    assert "未办结的新客户申请：1 件。" in said and "名下还有客户" not in said
    button_of(asked, "移交客户…").click()
    settle()
    dialog = dialog_of(HandoverDialog)
    assert dialog.applied.isVisible() and "随同移交的新客户申请：1 件" in dialog.applied.text()
    dialog.form["to"].set_text("am2")
    dialog.form["reason"].set_text("离职")
    button_of(dialog, "移交").click()
    settle()
    assert rows_of(f"SELECT manager FROM application WHERE id = {key}") == [("am2",)]
    page.table.select_key("am")
    settle()
    assert not page.hand_over_button.isEnabled()


def test_c8_1_of_a_leaver_with_refused_applications_alone_they_are_handed_over(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    def refused() -> int:
        key = application(rich_draft("已拒绝有限公司", 5))
        submit(session_of("am"), key)
        decide(session_of("sales"), key, Verdict.REJECT, "暂不准入")
        return key

    key = furnish(refused)
    page = section(Stage(open_window(Role.ADMINISTRATOR)), "people")
    page.table.select_key("am")
    settle()
    page.active_button.click()
    settle()
    asked = dialog_of(Message)
    said = "".join(label.text() for label in asked.findChildren(type(asked.note)))
    assert "已办结、可重新申请的新客户申请：1 件。" in said and "未办结" not in said
    asked.reject()
    settle()
    assert page.hand_over_button.isEnabled()
    page.hand_over_button.click()
    settle()
    dialog = dialog_of(HandoverDialog)
    assert list(dialog.held.boxes) == [key] and dialog.applications() == (key,)
    dialog.form["to"].set_text("am2")
    dialog.form["reason"].set_text("离职")
    dialog.verb.click()
    settle()
    assert rows_of(f"SELECT manager FROM application WHERE id = {key}") == [("am2",)]
    page.table.select_key("am")
    settle()
    assert not page.hand_over_button.isEnabled()


def test_c8_1_the_sales_head_chooses_which_applications_of_a_leaver_go(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    """From the list of applications, of a manager without customers; what the new one has signed
    says why it stays, and what was refused is applied for again by the new one."""
    names = ["待移交甲有限公司", "待移交乙有限公司", "已代签丙有限公司", "已拒绝丁有限公司"]

    def left() -> list[int]:
        first, second, signed, refused = [
            application(rich_draft(name, 5 + at)) for at, name in enumerate(names)
        ]
        for key in (signed, refused):
            submit(session_of("am"), key)
        decide(session_of("sales"), refused, Verdict.REJECT, "暂不准入")
        today = session_of("sales").today()
        delegate(session_of("sales"), "am2", Role.SALES_HEAD, today, today, "出差")
        deputy = session_of("am2")
        with connected():
            deputy = replace(deputy, actor=load_acting(deputy.actor, today))
        decide(deputy, signed, Verdict.RETURN, "请补充")
        return [first, second, signed, refused]

    first, second, signed, refused = furnish(left)
    window = open_window(Role.SALES_HEAD, "customers")
    page = window.page
    assert not page.give_button.isVisible()
    page.tabs.setCurrentIndex(1)
    settle()
    assert page.give_button.isVisible() and not page.give_button.isEnabled()
    page.applications.select_key(first)
    settle()
    page.give_button.click()
    settle()
    dialog = dialog_of(HandoverDialog)
    assert list(dialog.held.boxes) == [first, second, signed, refused]
    assert dialog.applications() == (first,)
    dialog.form["to"].set_text("am2")
    for key in (signed, refused):
        dialog.held.boxes[key].setChecked(True)
    settle()
    assert not dialog.held.boxes[signed].isEnabled()
    assert "am2" in dialog.held.whys[signed].text() and dialog.held.whys[signed].isVisible()
    assert dialog.applied.text().endswith("2 件")
    dialog.form["reason"].set_text("离职")
    dialog.verb.click()
    settle()
    held = dict(rows_of("SELECT id, manager FROM application ORDER BY id"))
    assert held == {first: "am2", second: "am", signed: "am", refused: "am2"}
    other = open_window(Role.ACCOUNT_MANAGER, "today", login="am2")
    settle()
    (card,) = [card for card in other.page.cards if card.key == "received"]
    (line,) = card.lines
    assert (line.text, line.remark) == (names[3], "由张伟移交 · 已拒绝")
    other.context.go.emit(line.place, line.target)
    settle()
    form = dialog_of(ApplicationDialog)
    assert form.applicant.again.isVisible() and form.applicant.again.isEnabled()
    form.applicant.again.click()
    settle()
    ((made,),) = rows_of(f"SELECT manager FROM application WHERE id > {refused}")
    assert made == "am2"


def test_c8_1_the_dialog_of_a_draft_without_a_name_is_not_headed_as_if_all_went(
    several: list[int], open_window: Open, settle: Settle
) -> None:
    key = application(rich_draft("", 9))
    page = listed(open_window(Role.SALES_HEAD, "customers"), key, settle)
    page.give_button.click()
    settle()
    dialog = dialog_of(HandoverDialog)
    assert dialog.applications() == (key,) and dialog.customers() == ()
    headings = [part.text() for part in dialog.findChildren(QLabel) if part.isVisible()]
    assert "（未填名称）" in headings
    assert not [text for text in headings if "全部" in text]


def test_c8_1_what_another_desk_moved_deleted_or_accredited_meanwhile_says_which(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    """The list still shows it as it was; what is refused says what became of it."""

    def moved(key: int) -> None:
        given = Handover("am2", session_of("sales").today(), "离职")
        hand_over(session_of("sales"), [], given, [key])

    def deleted(key: int) -> None:
        withdraw(session_of("am"), key, version_of(key))

    def accredited(key: int) -> None:
        submit(session_of("am"), key)
        for login in ("sales", "finance", "gm"):
            decide(session_of(login), key)

    def superseded(key: int) -> None:
        submit(session_of("am"), key)
        decide(session_of("sales"), key, Verdict.REJECT, "暂不准入")
        application(rich_draft("已变丁有限公司", 23))

    names = ["已变甲有限公司", "已变乙有限公司", "已变丙有限公司", "已变丁有限公司"]
    keys = [application(rich_draft(name, 20 + at)) for at, name in enumerate(names)]
    window, said = open_window(Role.SALES_HEAD, "customers"), list[str]()
    window.context.jobs.refused.connect(lambda error: said.append(say_all(error)))
    for key, become in zip(keys, (moved, deleted, accredited, superseded), strict=True):
        page = listed(window, key, settle)
        with connected():
            become(key)
        page.give_button.click()
        settle()
    numbers = dict(rows_of("SELECT id, number FROM application"))
    assert said == [
        f"申请 {numbers[keys[0]]} 现由刘洋负责。",
        f"草稿 {numbers[keys[1]]} 已删除，不能移交。",
        "该申请随客户一并移交，请在客户卡片上移交客户。",
        "“已变丁有限公司”已有更新的申请或已是客户，本申请不再移交。",
    ]


def listed(window: MainWindow, key: int, settle: Settle) -> Any:
    """The page of customers with an application chosen in its list."""
    page: Any = window.page
    page.tabs.setCurrentIndex(1)
    settle()
    page.applications.select_key(key)
    settle()
    return page


def test_c8_1_what_asks_for_a_further_class_goes_with_its_customer_alone(
    several: list[int], open_window: Open, settle: Settle
) -> None:
    with connected():
        key = begin(several[0])
    page = open_window(Role.SALES_HEAD, "customers").page
    page.tabs.setCurrentIndex(1)
    settle()
    page.applications.select_key(key)
    settle()
    assert not page.give_button.isEnabled()
    assert "随客户" in page.give_button.toolTip()
    other = open_window(Role.ACCOUNT_MANAGER, "customers").page
    other.tabs.setCurrentIndex(1)
    settle()
    assert not other.give_button.isVisible()


def test_c8_1_the_new_manager_applies_again_for_a_further_class(
    several: list[int], open_window: Open, settle: Settle
) -> None:
    """That was refused while the customer was another's, who does not."""
    with connected():
        key = begin(several[0])
        submit(session_of("am"), key)
        decide(session_of("sales"), key, Verdict.REJECT, "暂不增加")
        today = session_of("sales").today()
        hand_over(session_of("sales"), [several[0]], Handover("am2", today, "离职"))
    former = open_window(Role.ACCOUNT_MANAGER, "customers")
    former.page.open(("application", key))
    settle()
    form = dialog_of(ApplicationDialog)
    assert not form.applicant.again.isEnabled()
    form.reject()
    other = open_window(Role.ACCOUNT_MANAGER, "customers", login="am2")
    other.page.open(("application", key))
    settle()
    form = dialog_of(ApplicationDialog)
    assert form.applicant.again.isEnabled()
    form.applicant.again.click()
    settle()
    assert rows_of(f"SELECT manager, further FROM application WHERE id > {key}") == [("am2", 1)]


def test_c8_1_the_role_is_not_taken_from_who_has_customers_without_saying_so(
    several: list[int], open_window: Open, settle: Settle
) -> None:
    page = section(Stage(open_window(Role.ADMINISTRATOR)), "people")
    page.table.select_key("am")
    settle()
    page.edit_button.click()
    settle()
    dialog = dialog_of(PersonDialog)
    assert not dialog.left.isVisible()
    dialog.boxes[Role.ACCOUNT_MANAGER].setChecked(False)
    dialog.boxes[Role.FINANCE].setChecked(True)
    settle()
    assert dialog.left.isVisible()
    assert "客户：3 家" in dialog.left.text()
    dialog.hand_over.click()
    settle()
    assert dialog_of(HandoverDialog).holding.login == "am"
    assert rows_of("SELECT role FROM person_role WHERE login = 'am'") == [("account_manager",)]


def test_c8_1_what_came_back_goes_along_and_is_found_by_the_new_manager(
    several: list[int], open_window: Open, settle: Settle
) -> None:
    with connected():
        key = move_account(several[0])
        judge(key, verdict=Verdict.RETURN, comment="请核对账号")
    window = open_window(Role.SALES_HEAD, "customers")
    for customer, goes in ((several[0], True), (several[1], False)):
        window.page.open(customer)
        settle()
        window.page.card.hand_over.click()
        settle()
        dialog = dialog_of(HandoverDialog)
        assert dialog.goes.isVisible() is goes
        if goes:
            assert dialog.goes.text().endswith("1 件")
            dialog.form["to"].set_text("am2")
            dialog.form["reason"].set_text("岗位调整")
            dialog.verb.click()
            settle()
        else:
            dialog.reject()
    other = open_window(Role.ACCOUNT_MANAGER, "approvals", login="am2")
    settle()
    assert other.page.loaded is not None
    assert other.page.loaded.waiting.key == ("customer_change", key)
    other.page.case.correct.click()
    settle()
    assert dialog_of(CustomerChangeDialog).isVisible()


def test_an_account_manager_is_told_why_not(
    several: list[int], open_window: Open, settle: Settle
) -> None:
    window = open_window(Role.ACCOUNT_MANAGER, "customers")
    window.page.open(several[0])
    settle()
    assert not window.page.card.hand_over.isEnabled()
    assert window.page.card.hand_over.toolTip()


def test_c8_1_the_new_manager_finds_what_was_handed_over_on_today(
    several: list[int], open_window: Open, settle: Settle
) -> None:
    """For a week, and as long as it is theirs; there is no such card before."""
    window = open_window(Role.ACCOUNT_MANAGER, "today")
    assert "received" not in {card.key for card in window.page.cards}
    clock = Clock()
    given = Handover("am", clock().date(), "返岗")
    with connected():
        for customer, to in ((several[0], "am2"), (several[0], "am"), (several[1], "am2")):
            hand_over(session_of("sales", clock), [customer], replace(given, to=to))
    page = Stage(open_window(Role.ACCOUNT_MANAGER)).page("today")
    (card,) = [card for card in page.cards if card.key == "received"]
    (line,) = card.lines
    assert (line.place, line.target) == ("customers", several[0])
    assert line.remark == "由刘洋移交 · 自 2026-07-06 起"
    later = work.cards(session_of("am").actor, clock().date() + timedelta(days=8))
    assert "received" not in {card.key for card in later}
