"""The parts of pages: days, numbers, forms, tables, reasons, dialogs."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QInputMethodEvent, QTextLayout
from PySide6.QtWidgets import (
    QApplication,
    QCalendarWidget,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from chemsales.rules.errors import Invalid, NotAllowed, Problem, Reason
from tests.ui.text_fit import problems
from tests.waiting import run_events
from ui.actions import button, plain_tip
from ui.dialogs import message
from ui.dialogs.base import Dialog
from ui.forms.date_field import DateField
from ui.forms.form import Form
from ui.forms.number_field import TonnesField, WholeField
from ui.forms.password import PasswordForm
from ui.text import dotted
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel
from ui.widgets.reasons import ReasonsLabel
from ui.widgets.scrolled import AtMost

TODAY = date(2026, 7, 9)
HOSTILE = '<img src="/etc/passwd">甲&乙</b>'


@pytest.mark.parametrize("width", range(40, 240, 20))
def test_no_line_begins_with_a_dot(width: int, qapp: QApplication) -> None:
    text = dotted(("聚烯烃", "", "Exclusive agent", "华东", "月提货 1,200.000 吨", "注塑、薄膜"))
    assert text.split("\u00a0\u00a0·  ")[1:3] == ["Exclusive agent", "华东"]
    layout = QTextLayout(text, qapp.font())
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        lines.append(text[line.textStart() :][: line.textLength()])
    layout.endLayout()
    assert "".join(lines) == text
    assert not [line for line in lines if line.strip().startswith("·")]


def test_date_field_writes_out_what_it_understood(qtbot: QtBot) -> None:
    field = DateField(TODAY)
    qtbot.addWidget(field)
    field.setText("0801")
    field.editingFinished.emit()
    assert (field.text(), field.day(), field.problem()) == ("2026-08-01", date(2026, 8, 1), "")
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.day() == date(2026, 8, 2)
    qtbot.keyClick(field, Qt.Key.Key_PageDown)
    assert field.day() == date(2026, 7, 2)
    qtbot.keyClick(field, Qt.Key.Key_Semicolon, Qt.KeyboardModifier.ControlModifier)
    assert field.day() == TODAY
    field.setText("0230")
    field.editingFinished.emit()
    assert field.text() == "0230"
    assert field.problem()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_date_field_opens_a_calendar(qtbot: QtBot) -> None:
    field = DateField(TODAY)
    qtbot.addWidget(field)
    field.show()
    field.open_calendar()
    [calendar] = field.findChildren(QCalendarWidget)
    assert calendar.selectedDate() == QDate(2026, 7, 9)
    calendar.clicked.emit(QDate(2026, 8, 1))
    assert field.day() == date(2026, 8, 1)


@pytest.mark.parametrize(
    ("typed", "kg"),
    [
        ("12.345", 12_345),
        ("１，２０４．５", 1_204_500),
        ("1204.5吨", 1_204_500),
        ("", None),
        ("abc", None),
        ("1.2345", None),
    ],
)
def test_tonnes_are_read_by_the_one_parser(typed: str, kg: int | None, qtbot: QtBot) -> None:
    field = TonnesField()
    qtbot.addWidget(field)
    field.setText(typed)
    assert field.number() == kg
    assert bool(field.problem()) == (kg is None and typed != "")
    field.editingFinished.emit()
    assert field.number() == kg


def test_input_method_text_reaches_fields(qtbot: QtBot) -> None:
    edit = QLineEdit()
    qtbot.addWidget(edit)
    event = QInputMethodEvent()
    event.setCommitString("中国石化")
    QApplication.sendEvent(edit, event)
    assert edit.text() == "中国石化"


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form()
    made.add("name", "名称", required=True)
    kind = QComboBox()
    kind.addItem("经销商", "dealer")
    kind.addItem("直销", "direct")
    made.add("kind", "类别", kind)
    made.add("year", "年份", check=lambda text: "" if text.isdigit() else "不是年份")
    qtbot.addWidget(made)
    made.show()
    return made


def test_form_gives_and_takes_values(form: Form) -> None:
    form.set_values({"name": " 甲公司 ", "kind": "direct", "year": "2026"})
    assert form.values() == {"name": "甲公司", "kind": "direct", "year": "2026"}


def test_problems_stand_under_their_fields_and_the_first_gets_the_focus(form: Form) -> None:
    form.activateWindow()
    missing = Problem("name", Reason("reason.text_missing"))
    warning = Problem("kind", Reason("reason.role_missing"), warning=True)
    elsewhere = Problem("document.business_licence", Reason("reason.text_missing"))
    rest = form.show_problems(Invalid(missing, warning, elsewhere))
    assert rest == [elsewhere]
    assert (form["name"].wrong, form["kind"].wrong) == (True, False)
    assert form["name"].message.text().startswith("!")
    assert form["kind"].message.text().startswith("△")
    assert form.focusWidget() is form["name"].editor
    form["name"].set_text("甲")
    assert not form["name"].wrong


def test_required_and_checks(form: Form) -> None:
    form["year"].set_text("二")
    assert not form.check_required()
    assert form["name"].wrong
    assert form["year"].message.text() == "! 不是年份"
    form["year"].set_text("2026")
    assert not form["year"].wrong  # checked again while typing
    form["name"].set_text("甲")
    assert form.check_required()


def test_label_names_its_editor_for_screen_readers(form: Form) -> None:
    assert form["name"].editor.accessibleName() == "名称"
    assert form["name"].label.text() == "名称 *"


def test_hostile_names_stay_text_in_labels_and_buttons(qtbot: QtBot) -> None:
    label = PlainLabel(HOSTILE)
    made = button(HOSTILE, tip=HOSTILE)
    for widget in (label, made):
        qtbot.addWidget(widget)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert made.text() == HOSTILE.replace("&", "&&")
    assert "<img" not in made.toolTip()
    assert plain_tip("a\n<b>") == "<qt>a<br>&lt;b&gt;</qt>"


def test_reasons_stand_with_their_articles(qtbot: QtBot) -> None:
    label = ReasonsLabel(
        [Reason("reason.roles_of_two_stages", {}, "C7.2"), Reason("reason.role_missing")]
    )
    qtbot.addWidget(label)
    label.show()
    texts = [found.text() for found in label.findChildren(QLabel)]
    assert len(texts) == 2
    assert all(text and "reason." not in text for text in texts)
    [article] = label.findChildren(ArticleButton)
    assert "第七条" in article.text()
    dialog = article.open_article()
    assert dialog is not None
    assert dialog.windowTitle() in article.text()
    dialog.close()


def test_refusal_and_question_name_their_verbs(qtbot: QtBot) -> None:
    done: list[str] = []
    asked = message.ask("停用?", "以后可再启用。", "停用账号", lambda: done.append("yes"))
    assert [b.text() for b in asked.findChildren(QPushButton)] == ["取消", "停用账号"]
    asked.reject()
    assert done == []
    message.ask("停用?", "", "停用账号", lambda: done.append("yes"))._press_primary()
    assert done == ["yes"]
    refused = message.refuse(NotAllowed(Reason("reason.role_missing")))
    assert [b.text() for b in refused.findChildren(QPushButton)] == ["关闭"]
    refused.close()


def test_enter_in_a_dialogs_field_does_nothing_and_control_enter_the_verb(qtbot: QtBot) -> None:
    done: list[str] = []
    dialog = Dialog("试")
    edit = QLineEdit()
    dialog.body.addWidget(edit)
    dialog.body.addWidget(button("删除", lambda: done.append("delete"), "danger"))
    dialog.add_verb("保存", lambda: done.append("save"))
    dialog.open()
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    assert dialog.focusWidget() is edit
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert done == []
    assert dialog.isVisible()
    dialog._press_primary()
    assert done == ["save"]
    dialog.close()


def test_whole_field(qtbot: QtBot) -> None:
    field = WholeField()
    qtbot.addWidget(field)
    field.setText("１２")
    assert field.number() == 12


def test_a_short_password_typed_otherwise_again_is_told_both(qtbot: QtBot) -> None:
    form = PasswordForm(ask_old=False)
    qtbot.addWidget(form)
    form["password"].set_text("barge")
    form["repeat"].set_text("barges")
    assert not form.complete()
    assert "15" in form["password"].message.text()
    assert "不一致" in form["repeat"].message.text() or "不相同" in form["repeat"].message.text()


def test_one_line_above_the_verbs_is_shown_whole_where_it_is_longer_than_wide(
    qtbot: QtBot,
) -> None:
    dialog = Dialog("恢复")
    qtbot.addWidget(dialog)
    dialog.setMinimumWidth(520)
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.show_note("还有人连接着数据库：gm、sales。请他们关闭程序后再试，数据库保持原样。")
    run_events(10)
    [area] = dialog.findChildren(AtMost)
    assert area.viewport().size() == dialog.note.size()


@pytest.mark.parametrize(("sentences", "scrolls"), [(1, False), (3, False), (60, True)])
def test_the_sentences_above_the_verbs_leave_them_in_reach(
    sentences: int, scrolls: bool, qtbot: QtBot
) -> None:
    dialog = Dialog("导入")
    qtbot.addWidget(dialog)
    dialog.body.addWidget(PlainLabel("2026-06"))
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.show_note("\n".join(f"第 {n} 行的客户没有准入，请先办理。" for n in range(sentences)))
    run_events(10)
    [area] = dialog.findChildren(AtMost)
    assert (area.verticalScrollBar().maximum() > 0) is scrolls
    assert (area.focusPolicy() is Qt.FocusPolicy.StrongFocus) is scrolls
    assert problems(dialog) == []
    bottom = dialog.cancel_button.mapTo(dialog, dialog.cancel_button.rect().bottomLeft())
    assert dialog.rect().contains(bottom)
    assert dialog.height() < dialog.screen().availableGeometry().height() / 2
