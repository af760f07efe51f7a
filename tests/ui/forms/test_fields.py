"""Fields, the set of a form's fields, the binder, and what can be picked out of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from chemsales.rules.errors import Problem, Reason
from chemsales.rules.numbers import MAX_FEN, MAX_KG
from tests.ui.acting import inside
from tests.waiting import run_events
from ui.forms.binder import Binder
from ui.forms.date_field import DateField
from ui.forms.form import Form, RowGrid
from ui.forms.number_field import MoneyField, TonnesField, WholeField
from ui.forms.password import password_edit
from ui.forms.picker import SHORT, Picker, search_text
from ui.widgets.scrolled import scrolled

TODAY = date(2026, 7, 9)
ANY_FIELD = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@dataclass(frozen=True, slots=True)
class Trip:
    """A draft with an attribute of each kind, and one without a field."""

    name: str = ""
    day: date | None = None
    tonnes: int | None = None
    urgent: bool = False
    kind: str = "a"
    spoken: str = ""
    key: int = 0


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form()
    made.add("name", "名称", required=True)
    made.add("day", "日期", DateField(TODAY))
    made.add("tonnes", "吨数", TonnesField())
    made.add("urgent", "紧急", QCheckBox("是"))
    made.add("kind", "类别", Picker([("a", "甲类"), ("b", "乙类")]))
    made.add("spoken", "口头日期", DateField(TODAY))
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def binder(form: Form) -> Binder[Trip]:
    made = Binder(form.set, Trip())
    made.bind_all(form.fields)
    return made


FULL = Trip("甲公司", date(2026, 7, 1), 1_500, True, "b", "2026-07-02", 7)


def test_a_draft_goes_in_and_comes_out(binder: Binder[Trip]) -> None:
    binder.set_value(FULL)
    assert binder.value() == FULL
    assert not binder.fields.dirty


def test_what_is_typed_is_parsed_by_kind(binder: Binder[Trip], form: Form) -> None:
    binder.set_value(Trip(key=3))
    for name, text in (("name", " 甲 "), ("day", "0801"), ("tonnes", "１．５t"), ("spoken", "+1")):
        form[name].set_text(text)
    form["urgent"].set_text("1")
    got = binder.value()
    assert got == Trip("甲", date(2026, 8, 1), 1_500, True, "a", "2026-07-10", 3)


def test_text_that_is_no_day_is_kept_where_the_draft_keeps_text(
    binder: Binder[Trip], form: Form
) -> None:
    form["spoken"].set_text("月底前后")
    form["day"].set_text("月底前后")
    assert (binder.value().spoken, binder.value().day) == ("月底前后", None)


def test_an_attribute_that_is_not_there_is_a_fault(binder: Binder[Trip], form: Form) -> None:
    with pytest.raises(AttributeError):
        binder.bind("colour", form["name"])


def test_reading_shows_every_problem_and_goes_to_the_first(
    binder: Binder[Trip], form: Form
) -> None:
    form.activateWindow()
    form["tonnes"].set_text("1.2.3")
    assert binder.read() is None
    assert (form["name"].wrong, form["tonnes"].wrong, form["day"].wrong) == (True, True, False)
    assert form.focusWidget() is form["name"].editor
    form["name"].set_text("甲")
    form["tonnes"].set_text("1.2")
    assert not form["tonnes"].wrong  # judged again while it is typed
    late = Problem("day", Reason("reason.text_missing"))
    assert binder.read(lambda draft: (late,) if draft.day is None else ()) is None
    assert form["day"].wrong
    form["day"].set_text("t")
    read = binder.read(lambda draft: (late,) if draft.day is None else ())
    assert read is not None
    assert (read.name, read.day, read.tonnes) == ("甲", TODAY, 1_200)


def test_texts_of_another_draft_move_nothing_on_the_form(binder: Binder[Trip], form: Form) -> None:
    binder.set_value(FULL)
    form["name"].set_text("改了")
    heard: list[str] = []
    form.edited.connect(lambda: heard.append("edited"))
    texts = binder.texts_of(Trip("乙", None, 2_000))
    assert (texts["name"], texts["day"], texts["tonnes"]) == ("乙", "", "2.000")
    assert form["name"].text() == "改了"
    assert binder.value() == Trip("改了", *[getattr(FULL, n) for n in list(Trip.__slots__)[1:]])
    assert binder.fields.dirty
    assert heard == []


def test_dirty_is_what_differs_from_what_is_stored(binder: Binder[Trip], form: Form) -> None:
    binder.set_value(FULL)
    form["name"].set_text("乙")
    assert form.set.dirty
    form["name"].set_text("甲公司")
    assert not form.set.dirty
    form["kind"].set_text("a")
    assert form.set.dirty
    form.set.mark_clean()
    assert not form.set.dirty


def test_read_only_and_secret_fields_are_no_texts(form: Form) -> None:
    form.add("secret", "密码", password_edit())
    form["secret"].set_text("seven grey barges")
    form["name"].set_read_only(True)
    assert {"secret", "name"}.isdisjoint(form.set.texts())
    form.set.set_texts({"secret": "x"})
    assert form["secret"].text() == "seven grey barges"


def test_a_missing_field_is_told_once_it_was_left(form: Form) -> None:
    form.activateWindow()
    missing = [Problem("name", Reason("reason.text_missing"))]
    form.set.show_problems(missing, untouched=False)
    assert not form["name"].wrong
    form["name"].focus()
    form["day"].focus()
    form.set.show_problems(missing, untouched=False)
    assert form["name"].wrong


def test_rows_say_below_themselves_what_is_wrong(qtbot: QtBot) -> None:
    form = Form()
    rows = RowGrid(form.set, "contacts", ("联系人", "电话"), (0, 1))
    row = rows.add_row("0", "吴敏", {"phone": QLineEdit()})
    form.add_row(rows)
    qtbot.addWidget(form)
    form.show()
    left = form.set.show_problems(
        [
            Problem("contacts.0.phone", Reason("reason.text_missing")),
            Problem("contacts", Reason("reason.text_missing")),
            Problem("elsewhere", Reason("reason.text_missing")),
        ]
    )
    assert [problem.place for problem in left] == ["elsewhere"]
    assert row["phone"].message.isVisible()
    assert form.set.notes["contacts"].isVisible()
    assert row["phone"].editor.accessibleName() == "吴敏 电话"


@pytest.mark.parametrize(
    ("typed", "echo"),
    [("0709", "= 2026-07-09 星期四"), ("2026-07-09", "星期四"), ("7", ""), ("", "")],
)
def test_a_day_is_echoed_as_it_is_understood(typed: str, echo: str, qtbot: QtBot) -> None:
    field = DateField(TODAY)
    qtbot.addWidget(field)
    field.setText(typed)
    assert field.echo() == echo
    assert bool(field.problem()) == (typed == "7")


def test_keys_do_not_leave_the_days_that_can_be_typed(qtbot: QtBot) -> None:
    field = DateField(TODAY)
    qtbot.addWidget(field)
    field.setText("2199-12-31")
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_PageUp)
    assert field.text() == "2199-12-31"
    field.setReadOnly(True)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.text() == "2199-12-31"


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1,234.56", 123_456),
        ("１２元", 1_200),
        ("￥80万元", 80_000_000),
        ("1.234,5", None),
        ("12,34", None),
        ("3吨", None),
        ("1.005", None),
        ("", None),
    ],
)
def test_money_is_read_by_the_one_parser(typed: str, fen: int | None, qtbot: QtBot) -> None:
    field = MoneyField()
    qtbot.addWidget(field)
    field.setText(typed)
    assert field.number() == fen
    assert bool(field.problem()) == (fen is None and typed != "")


@ANY_FIELD
@given(number=st.integers(-MAX_KG, MAX_KG), text=st.text(max_size=20))
def test_numbers_are_written_out_and_read_back(qapp: QApplication, number: int, text: str) -> None:
    for field, limit in ((TonnesField(), MAX_KG), (MoneyField(), MAX_FEN), (WholeField(), 10**9)):
        if abs(number) <= limit:
            field.set_number(number)
            field.editingFinished.emit()
            assert field.number() == number
        field.setText(text)
        before = field.number()
        field.editingFinished.emit()  # what is written out means the same
        assert field.number() == before
        assert bool(field.problem()) == (before is None and bool(field.text().strip()))


@ANY_FIELD
@given(text=st.text(max_size=20) | st.text("0123456789-./年月日+tem", max_size=10))
def test_a_day_is_written_out_and_read_back(qapp: QApplication, text: str) -> None:
    field = DateField(TODAY)
    field.setText(text)
    before = field.day()
    field.editingFinished.emit()
    assert field.day() == before
    assert bool(field.problem()) == (before is None and bool(field.text().strip()))


LIST_OPENS = pytest.mark.qt_log_ignore("This plugin does not support")
KINDS = [
    "营业执照",
    "开户许可证",
    "危险化学品经营许可证",
    "国税登记证",
    "开票资料",
    "授权书",
    "重庆证明",
]


@pytest.fixture
def picker(qtbot: QtBot) -> Picker:
    made = Picker((str(n), words) for n, words in enumerate(KINDS))
    assert len(KINDS) > SHORT
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.lineEdit().setFocus()
    made.lineEdit().selectAll()
    return made


@LIST_OPENS
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("wx", "危险化学品经营许可证"),
        ("WXHXP", "危险化学品经营许可证"),
        ("yingye", "营业执照"),
        ("开票", "开票资料"),
        ("zqzm", "重庆证明"),
        ("cqzm", "重庆证明"),
    ],
)
def test_a_long_list_is_searched_by_pinyin(typed: str, found: str, picker: Picker) -> None:
    QTest.keyClicks(picker.lineEdit(), typed) if typed.isascii() else picker.setEditText(typed)
    picker.lineEdit().editingFinished.emit()
    assert picker.currentText() == found
    assert picker.value() == str(KINDS.index(found))


def test_text_that_means_nothing_or_much_changes_nothing(picker: Picker) -> None:
    picker.set_value("4")
    for typed in ("xyzzy", "证", ""):
        picker.setEditText(typed)
        picker.lineEdit().editingFinished.emit()
        assert (picker.value(), picker.currentText()) == ("4", "开票资料")


@LIST_OPENS
def test_a_list_is_searched_while_the_input_method_composes(picker: Picker) -> None:
    picker.lineEdit().clear()
    QApplication.sendEvent(picker.lineEdit(), QInputMethodEvent("wei'xian", []))
    completer = picker.completer()
    assert completer.completionCount() == 1
    assert completer.currentCompletion() == "危险化学品经营许可证"


def test_all_readings_are_searched() -> None:
    assert {"cqzm", "zqzm"} <= set(search_text("重庆证明").split())


def test_a_short_list_is_only_chosen_from(qtbot: QtBot) -> None:
    made = Picker([("a", "甲"), ("b", "乙")])
    qtbot.addWidget(made)
    assert not made.isEditable()
    made.set_value("b")
    made.set_items([("b", "乙"), ("c", "丙")])
    assert made.value() == "b"  # what was chosen stays
    made.set_value("nothing")
    assert made.value() == ""


def test_the_first_wrong_field_is_scrolled_to_however_low_the_window_is(qtbot: QtBot) -> None:
    form = Form()
    for number in range(30):
        form.add(f"f{number}", f"Field {number}", required=number in (2, 3))
    area = scrolled(form)
    qtbot.addWidget(area)
    area.resize(300, 160)
    area.show()
    qtbot.waitExposed(area)
    form["f29"].focus()
    run_events(1)
    assert inside(area, form["f29"])
    assert not inside(area, form["f2"])
    assert not form.check_required()
    run_events(1)
    assert area.focusWidget() is form["f2"].editor
    assert inside(area, form["f2"])  # with its message, which was not laid out before
