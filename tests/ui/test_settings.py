"""The settings through the real window: people, editions, calendar, products, company, backup."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chemsales import config
from chemsales.queries import calendar, policy, products, settings
from chemsales.rules.roles import Role
from chemsales.rules.tiers import Level
from chemsales.services import people
from tests.factory import PASSWORD, Clock, session_of
from tests.factory_offtake import a_riser
from tests.scenes import Stage
from tests.scenes.frame import section
from tests.ui.text_fit import problems
from ui.dialogs.calendar_day import DayDialog, NoticeDialog, YearDialog
from ui.dialogs.edition import EditionDialog
from ui.dialogs.message import Message
from ui.dialogs.person import OneTimePassword, PersonDialog
from ui.dialogs.product import GroupDialog, ProductDialog
from ui.main_window import MainWindow
from ui.pages.settings import SettingsPage
from ui.pages.settings_policy import PolicySection

Open = Callable[..., MainWindow]
RIGHT = Qt.AlignmentFlag.AlignRight


def press(parent: QWidget, text: str) -> None:
    """Press the button of this text."""
    [found] = [b for b in parent.findChildren(QPushButton) if b.text() == text and b.isVisible()]
    assert found.isEnabled(), found.toolTip()
    found.click()


@pytest.fixture
def admin(open_window: Open) -> Stage:
    return Stage(open_window(Role.ADMINISTRATOR))


@pytest.fixture
def head(open_window: Open) -> Stage:
    return Stage(open_window(Role.SALES_HEAD))


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        (Role.ADMINISTRATOR, set()),
        (Role.SALES_HEAD, {"people", "company", "backup"}),
        (Role.AUDITOR, {"company", "backup"}),
    ],
)
def test_sections_by_role(role: Role, hidden: set[str], open_window: Open) -> None:
    page = Stage(open_window(role)).page("settings")
    assert isinstance(page, SettingsPage)
    shown = {section.key for section in page.sections}
    assert {"people", "company", "backup"} - shown == hidden
    assert {"appearance", "password", "policy", "calendar", "products", "about"} <= shown


def test_a_new_login_gets_a_one_time_password_that_signs_in(admin: Stage) -> None:
    page = section(admin, "people")
    press(page, "新建账号")
    dialog = admin.dialog(PersonDialog)
    assert isinstance(dialog, PersonDialog)
    dialog.form.set_values({"login": "Wu", "name": "吴越"})
    given: list[object] = []
    dialog.given.connect(given.append)
    press(dialog, "建立账号")
    assert dialog.missing.isVisible()  # no role yet
    assert dialog.missing.text() == "请至少勾选一个角色。"
    dialog.boxes[Role.SALES_HEAD].setChecked(True)
    assert not dialog.missing.isVisible()
    dialog.boxes[Role.FINANCE].setChecked(True)
    press(dialog, "建立账号")  # two stages of one chain (C7.2)
    assert given == []
    assert dialog.isVisible()
    assert "第七条" in dialog.conflicts.findChildren(QPushButton)[0].text()
    dialog.boxes[Role.FINANCE].setChecked(False)
    press(dialog, "建立账号")
    told = admin.dialog(OneTimePassword)
    assert isinstance(told, OneTimePassword)
    press(told, "复制密码")
    password = QGuiApplication.clipboard().text()
    session = people.authenticate("wu", password, session_of("admin").clock)
    assert session.must_change
    admin.settle()
    assert [row.login for row in page.table.rows()].count("wu") == 1  # type: ignore[attr-defined]


def test_a_taken_login_is_told_under_its_field_and_nothing_is_lost(admin: Stage) -> None:
    page = section(admin, "people")
    press(page, "新建账号")
    dialog = admin.dialog(PersonDialog)
    assert isinstance(dialog, PersonDialog)
    dialog.form.set_values({"login": "am", "name": "吴越"})
    dialog.boxes[Role.AUDITOR].setChecked(True)
    press(dialog, "建立账号")
    admin.settle()
    assert dialog.isVisible()
    assert dialog.form["login"].wrong
    assert dialog.form["name"].text() == "吴越"


def test_roles_login_and_password_of_another_person(admin: Stage) -> None:
    page = section(admin, "people")
    table = page.table  # type: ignore[attr-defined]
    table.select_key("admin")
    assert not page.edit_button.isEnabled()  # nobody changes the own rights
    table.select_key("am2")
    press(page, "变更角色")
    dialog = admin.dialog(PersonDialog)
    assert isinstance(dialog, PersonDialog)
    dialog.boxes[Role.FINANCE].setChecked(True)
    press(dialog, "保存")
    admin.settle()
    assert set(table.row().roles) == {Role.ACCOUNT_MANAGER, Role.FINANCE}
    press(page, "停用账号")
    press(admin.dialog(Message), "停用账号")
    admin.settle()
    assert not table.row().active
    assert not page.active_button.isVisible()
    allow = page.allow_button
    assert allow.property("role") is None  # it ends nothing: Enter presses it, and it is not red
    assert "允许所选人员重新登录" in allow.toolTip()
    press(page, "启用账号")
    admin.settle()
    assert table.row().active
    assert page.active_button.property("role") == "danger"
    assert "禁止所选人员登录" in page.active_button.toolTip()
    assert not allow.isVisible()
    press(page, "重置密码")
    press(admin.dialog(Message), "重置密码")
    told = admin.dialog(OneTimePassword)
    assert isinstance(told, OneTimePassword)
    assert people.authenticate("am2", told.password, session_of("admin").clock).must_change


def test_a_new_password_is_confirmed_by_a_second_person(admin: Stage, open_window: Open) -> None:
    page = section(admin, "people")
    table = page.table  # type: ignore[attr-defined]
    table.select_key("am2")
    assert not page.confirm_button.isEnabled()  # type: ignore[attr-defined]
    press(page, "重置密码")
    press(admin.dialog(Message), "重置密码")
    press(admin.dialog(OneTimePassword), "关闭")
    admin.settle()
    table.select_key("am2")
    assert not page.confirm_button.isEnabled()  # type: ignore[attr-defined]  # who gave it
    assert "第二人" in page.confirm_button.toolTip()  # type: ignore[attr-defined]
    auditor = Stage(open_window(Role.AUDITOR))
    page = section(auditor, "people")
    assert not page.create_button.isEnabled()  # type: ignore[attr-defined]
    page.table.select_key("am2")  # type: ignore[attr-defined]
    assert not page.reset_button.isEnabled()  # type: ignore[attr-defined]
    press(page, "确认新密码")
    press(auditor.dialog(Message), "确认新密码")
    auditor.settle()
    assert page.table.row().reset_by == ()  # type: ignore[attr-defined]


def test_own_password(head: Stage) -> None:
    page = section(head, "password")
    new = "four swans over the frozen weir"
    page.form.set_values({"old": "wrong", "password": new, "repeat": new})  # type: ignore[attr-defined]
    press(page, "修改密码")
    head.settle()
    assert page.note.text() == "登录名或密码不正确。"  # type: ignore[attr-defined]
    page.form["old"].set_text(PASSWORD)  # type: ignore[attr-defined]
    press(page, "修改密码")
    head.settle()
    assert page.note.text() == "密码已修改。"  # type: ignore[attr-defined]
    assert page.form.typed("password") == ""  # type: ignore[attr-defined]
    assert people.authenticate("sales", new, session_of("sales").clock).actor.login == "sales"


def test_a_new_edition_holds_what_differs(head: Stage) -> None:
    page = section(head, "policy")
    press(page, "新建版本")
    dialog = head.dialog(EditionDialog)
    assert isinstance(dialog, EditionDialog)
    scores = dialog.findChildren(QLineEdit)
    assert {each.alignment() & RIGHT for each in scores if each.text().isdigit()} == {RIGHT}
    assert dialog.changes() == {}
    thresholds = dialog.parameters.editors["level_thresholds_kg"]
    thresholds.set_value([1_200_000, 1_000_000, 3_000_000])
    dialog.day.setText("20270101")
    dialog.form["basis"].set_text("办公会纪要2026-8")
    press(dialog, "发布执行")
    head.settle()
    assert dialog.parameters.messages["level_thresholds_kg"].isVisible()  # not ascending
    thresholds.set_value([1_200_000, 2_400_000, 3_600_000])
    dialog.parameters.editors["level_move"].set_value("direct")
    assert set(dialog.changes()) == {"level_thresholds_kg", "level_move"}
    dialog.day.setText("2019-1-1")
    press(dialog, "发布执行")
    head.settle()
    assert dialog.form["effective_from"].wrong  # before the edition in force
    dialog.day.setText("20270101")
    press(dialog, "发布执行")
    head.settle()
    newest, first = policy.editions(session_of("sales").actor)
    assert newest.effective_from == date(2027, 1, 1)
    assert newest.parameters["level_thresholds_kg"] == [1_200_000, 2_400_000, 3_600_000]
    changed = {k for k, v in newest.parameters.items() if first.parameters[k] != v}
    assert changed == {"level_thresholds_kg", "level_move"}


def test_a_value_too_long_for_its_column_is_read_below_the_table(head: Stage) -> None:
    page = section(head, "policy")
    assert isinstance(page, PolicySection)
    weights = [info.name for info, _value in page.parameters.rows()].index("weights")
    page.parameters.selectRow(weights)
    head.settle()
    assert page.whole.text().count("40") == 3  # the first indicator of each class
    assert page.whole.text().startswith("评审指标的权重")
    assert not problems(page.whole)


def test_whom_an_edition_would_move_stands_beside_what_is_typed(
    head: Stage, clock: Clock, qtbot: QtBot
) -> None:
    a_riser(clock)
    section(head, "policy").create()  # type: ignore[attr-defined]
    dialog = head.dialog(EditionDialog)
    assert isinstance(dialog, EditionDialog)
    moves = dialog.moves
    qtbot.waitUntil(lambda: moves.text.text().startswith("不影响任何客户"))
    assert not moves.grid.isVisible()
    dialog.parameters.editors["level_move"].set_value("direct")
    qtbot.waitUntil(moves.grid.isVisible)
    [row] = moves.grid.rows()
    assert (row.customer, row.what) == ("C00001", "2026-05")
    assert (row.stands, row.would) == (Level.ORDINARY, Level.TWO_STAR)
    thresholds = dialog.parameters.editors["level_thresholds_kg"]
    thresholds.set_value([1_200_000, 1_000_000, 3_000_000])
    qtbot.waitUntil(lambda: not moves.grid.isVisible())
    assert policy.editions(session_of("sales").actor)[0].number == 1


def test_an_edition_cannot_be_made_without_the_right(admin: Stage) -> None:
    page = section(admin, "policy")
    assert not page.new_button.isEnabled()  # type: ignore[attr-defined]
    assert page.new_button.toolTip()  # type: ignore[attr-defined]
    assert page.parameters.rows()  # type: ignore[attr-defined]


def test_the_article_of_a_parameter_is_one_click_away(head: Stage) -> None:
    page = section(head, "policy")
    page.parameters.select_key("level_thresholds_kg")  # type: ignore[attr-defined]
    assert re.search("第九条.*版本 1", page.article.text())  # type: ignore[attr-defined]
    page.article.click()  # type: ignore[attr-defined]
    assert "第九条" in head.dialog().windowTitle()


def test_days_and_notices_of_the_calendar(head: Stage) -> None:
    page = section(head, "calendar")
    press(page, "登记日期")
    dialog = head.dialog(DayDialog)
    assert isinstance(dialog, DayDialog)
    dialog.day.setText("2027-1-1")
    dialog.form["name"].set_text("元旦")
    press(dialog, "保存")
    head.settle()
    years = page.years  # type: ignore[attr-defined]
    assert years.select_key(2027)
    assert not years.row().official
    press(page, "按通知确认")
    notice = head.dialog(NoticeDialog)
    assert isinstance(notice, NoticeDialog)
    notice.form["notice"].set_text("国办发明电〔2026〕1号")
    press(notice, "确认该年度")
    head.settle()
    [row] = [r for r in calendar.years(session_of("sales").actor) if r.year == 2027]
    assert (row.official, row.days[0].name) == (True, "元旦")


def test_an_official_year_is_loaded_or_refused(head: Stage) -> None:
    page = section(head, "calendar")
    press(page, "载入官方年度安排")
    dialog = head.dialog(YearDialog)
    assert isinstance(dialog, YearDialog)
    dialog.field.setText("2040")
    press(dialog, "载入该年度")
    head.settle()
    assert dialog.note.isVisible()
    dialog.field.setText("2025")
    press(dialog, "载入该年度")
    head.settle()
    assert page.years.row() is not None  # type: ignore[attr-defined]


def test_product_groups_and_products(head: Stage) -> None:
    page = section(head, "products")
    press(page, "新建产品组")
    dialog = head.dialog(GroupDialog)
    assert isinstance(dialog, GroupDialog)
    dialog.form.set_values({"code": "po", "name": "甲醇"})
    press(dialog, "建立产品组")
    head.settle()
    assert dialog.form["code"].wrong  # taken
    dialog.form.set_values({"code": "me", "name": "甲醇", "name_en": "Methanol"})
    dialog.hazardous.setChecked(True)
    press(dialog, "建立产品组")
    head.settle()
    press(page, "新建产品")
    product = head.dialog(ProductDialog)
    assert isinstance(product, ProductDialog)
    product.form.set_values({"code": "ME-1", "name": "工业甲醇", "group": "ME"})
    press(product, "建立产品")
    head.settle()
    actor = session_of("sales").actor
    [group] = [row for row in products.groups(actor) if row.code == "ME"]
    assert (group.hazardous, group.polyolefin) == (True, False)
    assert [row.name for row in products.products(actor) if row.group_code == "ME"] == ["工业甲醇"]
    page.products.select_key("ME-1")  # type: ignore[attr-defined]
    page.product_button.click()  # type: ignore[attr-defined]
    head.settle()
    assert not page.products.row().active  # type: ignore[attr-defined]


def test_company_name(admin: Stage) -> None:
    page = section(admin, "company")
    page.form["department"].set_text("化工品销售部")  # type: ignore[attr-defined]
    press(page, "保存")
    admin.settle()
    assert settings.value("department") == "化工品销售部"
    page.form["company"].set_text("甲" * 101)  # type: ignore[attr-defined]
    press(page, "保存")
    admin.settle()
    assert page.form["company"].wrong  # type: ignore[attr-defined]


def test_backup_is_made_and_listed(admin: Stage) -> None:
    page = section(admin, "backup")
    press(page, "立即备份")
    admin.settle()
    [row] = page.table.rows()  # type: ignore[attr-defined]
    assert (config.data_dir() / "backups" / row.file).is_file()
    assert row.rows > 0


def test_appearance_choices_are_sent_and_kept(head: Stage, qtbot: QtBot) -> None:
    page = section(head, "appearance")
    lock = page.lock  # type: ignore[attr-defined]
    lock.setCurrentIndex(lock.findData("30"))
    lock.activated.emit(lock.currentIndex())
    stored = config.load()
    assert stored is not None
    assert stored.idle_lock_minutes == 30
    with qtbot.waitSignal(head.window.context.appearance_wanted) as sent:
        page.zoom.setCurrentIndex(page.zoom.findData("125"))  # type: ignore[attr-defined]
        page.zoom.activated.emit(0)  # type: ignore[attr-defined]
    assert sent.args == ["light", 125]
    with qtbot.waitSignal(head.window.context.language_wanted) as sent:
        page.language.setCurrentIndex(page.language.findData("en"))  # type: ignore[attr-defined]
        page.language.activated.emit(1)  # type: ignore[attr-defined]
    assert sent.args == ["en"]


def test_about_can_be_copied(head: Stage) -> None:
    page = section(head, "about")
    press(page, "复制")
    assert "SQLite" in QGuiApplication.clipboard().text()
