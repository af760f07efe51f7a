"""Another desk changed the record meanwhile: every form that changes one asks field by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QCheckBox

from chemsales.queries import calendar, cooperation, settings
from chemsales.queries import people as people_queries
from chemsales.rules.evaluation import Aspect
from chemsales.rules.roles import Role
from chemsales.services import calendar as calendar_service
from chemsales.services import cooperation as cooperation_service
from chemsales.services import people
from chemsales.services import settings as settings_service
from tests.factory import session_of
from tests.scenes import Stage
from tests.scenes.frame import section
from tests.ui.acting import Person, button_of, dialog_of, is_open
from ui.dialogs.calendar_day import DayDialog, NoticeDialog
from ui.dialogs.conflict import ConflictDialog
from ui.dialogs.cooperation import CooperationDialog
from ui.dialogs.person import PersonDialog
from ui.forms.merging import Side
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]
SAVE = "保存所选内容"


def question() -> ConflictDialog:
    dialog = dialog_of(ConflictDialog)
    assert isinstance(dialog, ConflictDialog)
    return dialog


def test_roles_of_a_person(open_window: Open) -> None:
    stage = Stage(open_window(Role.ADMINISTRATOR))
    page = section(stage, "people")
    page.table.select_key("am2")  # type: ignore[attr-defined]
    button_of(page, "变更角色").click()
    dialog = dialog_of(PersonDialog)
    assert isinstance(dialog, PersonDialog)
    [seen] = [row.version for row in people_queries.people(session_of("admin").actor)
              if row.login == "am2"]  # fmt: skip
    people.set_roles(session_of("admin"), "am2", {Role.ACCOUNT_MANAGER, Role.FINANCE}, seen)
    dialog.boxes[Role.SALES_HEAD].setChecked(True)
    dialog.boxes[Role.ACCOUNT_MANAGER].setChecked(False)
    dialog.verb.click()
    stage.settle()
    asked = question()
    sides = {d.names: d.side for d in asked.found}
    assert sides == {
        ("roles.account_manager",): Side.MINE,
        ("roles.sales_head",): Side.MINE,
        ("roles.finance",): Side.THEIRS,
    }
    asked.choices[1].choose("theirs")  # against what went without saying
    Person().press(asked, SAVE)
    stage.settle()
    assert not is_open(PersonDialog)
    [row] = [r for r in people_queries.people(session_of("admin").actor) if r.login == "am2"]
    assert set(row.roles) == {Role.FINANCE}


def test_the_names_on_forms(open_window: Open) -> None:
    stage = Stage(open_window(Role.ADMINISTRATOR))
    page = section(stage, "company")
    page.form["department"].set_text("我的部门")  # type: ignore[attr-defined]
    settings_service.set_value(session_of("admin"), "department", "别处的部门")
    settings_service.set_value(session_of("admin"), "company", "别处的公司")
    page.save()  # type: ignore[attr-defined]
    stage.settle()
    asked = question()
    assert [(d.names, d.side) for d in asked.found] == [
        (("company",), Side.THEIRS),
        (("department",), Side.UNDECIDED),
    ]
    asked.choices[1].choose("mine")
    Person().press(asked, SAVE)
    stage.settle()
    assert settings.value("department") == "我的部门"
    assert settings.value("company") == "别处的公司"
    assert page.form["company"].text() == "别处的公司"  # type: ignore[attr-defined]


def test_a_day_of_the_calendar_and_its_notice(open_window: Open) -> None:
    stage = Stage(open_window(Role.SALES_HEAD))
    page = section(stage, "calendar")
    head, day = session_of("sales"), date(2027, 5, 4)
    calendar_service.set_day(head, date(2027, 1, 1), "off", "元旦")
    page.refresh()
    stage.settle()
    page.years.select_key(2027)  # type: ignore[attr-defined]
    button_of(page, "登记日期").click()
    dialog = dialog_of(DayDialog)
    assert isinstance(dialog, DayDialog)
    calendar_service.set_day(head, day, "work", "调休上班")
    dialog.day.setText("2027-5-4")
    dialog.form["name"].set_text("青年节")
    button_of(dialog, "保存").click()
    stage.settle()
    asked = question()
    sides = {d.names[0]: (d.mine, d.theirs) for d in asked.found}
    assert sides["name"] == ("青年节", "调休上班")
    for choice in asked.choices:
        choice.choose("mine")
    Person().press(asked, SAVE)
    stage.settle()
    assert not is_open(DayDialog)
    [year] = [row for row in calendar.years(head.actor) if row.year == 2027]
    assert [row.name for row in year.days] == ["元旦", "青年节"]
    button_of(page, "按通知确认").click()
    notice = dialog_of(NoticeDialog)
    assert isinstance(notice, NoticeDialog)
    calendar_service.set_day(head, date(2027, 5, 5), "off", "青年节调休")
    notice.form["notice"].set_text("国办发明电〔2026〕1号")
    button_of(notice, "确认该年度").click()
    stage.settle()
    [difference] = question().found
    assert (difference.mine, difference.side) == ("国办发明电〔2026〕1号", Side.MINE)
    Person().press(question(), SAVE)
    stage.settle()
    [year] = [row for row in calendar.years(head.actor) if row.year == 2027]
    assert year.official


def test_a_rating(open_window: Open) -> None:
    from tests.scenes.business import months

    months()
    stage = Stage(open_window(Role.ACCOUNT_MANAGER))
    page = stage.page("tiers")
    page.tabs.setCurrentIndex(2)  # type: ignore[attr-defined]
    page.ratings.select_first()  # type: ignore[attr-defined]
    row, month = page.ratings.row(), page.facts.month  # type: ignore[attr-defined]
    page.rate()  # type: ignore[attr-defined]
    dialog = dialog_of(CooperationDialog)
    assert isinstance(dialog, CooperationDialog)
    first, second, *_rest = Aspect
    am = session_of("am")
    cooperation_service.rate(am, row.customer_id, month, [(first, 70, "别处的依据")])
    for aspect, points in ((first, "90"), (second, "80")):
        dialog.rows[aspect]["points"].set_text(points)
        dialog.rows[aspect]["evidence"].set_text("我的依据")
    dialog.verb.click()
    stage.settle()
    asked = question()
    asked.choices[0].choose("theirs")
    for choice in asked.choices[1:]:
        choice.choose("mine")
    Person().press(asked, SAVE)
    stage.settle()
    assert not is_open(CooperationDialog)
    [found] = [r for r in cooperation.ratings(am.actor, month) if r.customer_id == row.customer_id]
    lines = {line.aspect: (line.points, line.evidence) for line in found.lines}
    assert lines[first] == (70, "别处的依据")
    assert lines[second] == (80, "我的依据")


def test_a_record_that_became_the_same_is_saved_without_a_question(open_window: Open) -> None:
    stage = Stage(open_window(Role.ADMINISTRATOR))
    page = section(stage, "company")
    page.form["department"].set_text("同一个部门")  # type: ignore[attr-defined]
    settings_service.set_value(session_of("admin"), "department", "同一个部门")
    page.save()  # type: ignore[attr-defined]
    stage.settle()
    assert not is_open(ConflictDialog)
    assert not page.form.set.dirty  # type: ignore[attr-defined]


def test_asking_names_who_and_when(open_window: Open) -> None:
    stage = Stage(open_window(Role.ADMINISTRATOR))
    page = section(stage, "company")
    page.form["company"].set_text("我的公司")  # type: ignore[attr-defined]
    settings_service.set_value(session_of("admin"), "company", "<b>别处</b>")
    page.save()  # type: ignore[attr-defined]
    stage.settle()
    asked = question()
    texts = [label.text() for label in asked.findChildren(type(asked.note))]
    assert "孙丽于 2026-07-06 12:00 修改了此记录。" in texts
    assert "<b>别处</b>" in texts  # as it was typed
    assert not asked.findChildren(QCheckBox)
    asked.reject()
