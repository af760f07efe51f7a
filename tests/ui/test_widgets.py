"""The parts of pages: days, numbers, forms, tables, reasons, dialogs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
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
from ui.actions import button, plain_tip
from ui.dialogs import message
from ui.dialogs.base import Dialog
from ui.forms.date_field import DateField
from ui.forms.form import Form
from ui.forms.number_field import TonnesField, WholeField
from ui.theme import Tone
from ui.widgets.article import ArticleButton
from ui.widgets.chips import ToneRole
from ui.widgets.labels import PlainLabel
from ui.widgets.reasons import ReasonsLabel
from ui.widgets.table import SORTED_UP_TO, Column, PlainTable

TODAY = date(2026, 7, 9)
HOSTILE = '<img src="/etc/passwd">甲&乙</b>'


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


@dataclass(frozen=True, slots=True)
class Row:
    key: int
    name: str
    score: Decimal | None
    day: date


ROWS = [
    Row(1, "长城", Decimal("9.5"), date(2026, 7, 9)),
    Row(2, "东海", Decimal("10"), date(2025, 1, 1)),
    Row(3, HOSTILE, None, date(2026, 1, 31)),
    Row(4, "安 徽", Decimal("100"), date(2024, 2, 29)),
]


@pytest.fixture
def table(qtbot: QtBot) -> PlainTable:
    made = PlainTable(
        [
            Column("名称", lambda row: row.name, stretch=True),
            Column(
                "得分", lambda row: row.score, lambda row: f"{row.score or '-'} 分", number=True
            ),
            Column("日期", lambda row: row.day, tone=lambda row: Tone.OK),
        ],
        key=lambda row: row.key,
        empty="还没有客户。",
        ticks=True,
    )
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    made.set_rows(ROWS)
    return made


@pytest.mark.parametrize(
    ("column", "descending", "keys"),
    [
        (1, False, [1, 2, 4, 3]),  # as numbers, the unknown last in either order
        (1, True, [4, 2, 1, 3]),
        (2, False, [4, 2, 3, 1]),
    ],
)
def test_sorts_decimals_and_days_by_value(
    column: int, descending: bool, keys: list[int], table: PlainTable
) -> None:
    order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
    table.sortByColumn(column, order)
    assert [row.key for row in table.rows()] == keys


def test_keeps_the_chosen_row_when_rows_are_read_again(table: PlainTable) -> None:
    assert table.select_key(2)
    table.set_rows(list(reversed(ROWS)))
    assert table.row().key == 2
    table.set_rows(ROWS[:1])
    assert table.row() is None


def test_copies_raw_values_with_headings(table: PlainTable, qtbot: QtBot) -> None:
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0] == "长城\t9.5\t2026-07-09"
    assert len(lines) == 4
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(table, Qt.Key.Key_C, both)
    assert QGuiApplication.clipboard().text().split("\n")[0] == "名称\t得分\t日期"


def test_enter_opens_and_space_ticks(table: PlainTable, qtbot: QtBot) -> None:
    opened: list[Row] = []
    table.opened.connect(opened.append)
    table.select_key(2)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert [row.key for row in opened] == [2]
    assert [row.key for row in table.ticked_rows()] == [2]
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert table.ticked_rows() == []
    table.tick([1, 4])
    table.set_rows(ROWS[1:])
    assert [row.key for row in table.ticked_rows()] == [4]


def test_empty_table_says_so(table: PlainTable) -> None:
    assert not table.empty.isVisible()
    table.set_rows([])
    assert table.empty.isVisible()
    assert table.empty.label.text() == "还没有客户。"


def test_hostile_names_stay_text_everywhere(table: PlainTable, qtbot: QtBot) -> None:
    index = table.rows_model.index(2, 0)
    assert index.data() == HOSTILE
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip
    label = PlainLabel(HOSTILE)
    made = button(HOSTILE, tip=HOSTILE)
    for widget in (label, made):
        qtbot.addWidget(widget)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert made.text() == HOSTILE.replace("&", "&&")
    assert "<img" not in made.toolTip()
    assert plain_tip("a\n<b>") == "<qt>a<br>&lt;b&gt;</qt>"


def test_a_tone_is_a_word_too(table: PlainTable) -> None:
    index = table.rows_model.index(0, 2)
    assert index.data(ToneRole) == "ok"
    assert index.data() == "2026-07-09"
    table.grab()  # paints the badge


def test_an_error_in_a_cell_is_shown_once_and_not_raised(qtbot: QtBot) -> None:
    def broken(row: Row) -> str:
        if row.key == 2:
            raise ZeroDivisionError
        return row.name

    made = PlainTable([Column("名称", lambda row: row.key, lambda row: str(row.key))])
    qtbot.addWidget(made)
    made.set_rows(ROWS)
    made.rows_model.columns[0] = Column("名称", broken)
    assert made.rows_model.index(1, 0).data() == "?"


def test_more_rows_than_can_be_sorted_keep_the_order_of_the_query(qtbot: QtBot) -> None:
    made = PlainTable([Column("数", lambda row: row)])
    qtbot.addWidget(made)
    rows = list(range(SORTED_UP_TO + 1, 0, -1))
    made.set_rows(rows)
    made.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert made.rows() == rows
    assert not made.horizontalHeader().sectionsClickable()


def test_columns_share_what_room_there_is(table: PlainTable) -> None:
    for width in (900, 420):
        table.resize(width, 300)
        QApplication.processEvents()
        total = sum(table.columnWidth(n) for n in range(3))
        assert total <= table.viewport().width() + 2
        if width == 900:
            assert total >= table.viewport().width() - 2


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
