"""The grid over rows in memory: sorting, filtering, choosing, copying, ticking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from chemsales.queries.filtering import Sort
from ui.tables.columns import Column
from ui.tables.delegate import ToneRole
from ui.tables.view import Grid
from ui.theme import Tone

HOSTILE = '<img src="/etc/passwd">甲&乙</b>'


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
def table(qtbot: QtBot) -> Grid:
    made = Grid(
        [
            Column("名称", lambda row: row.name, stretch=True, field="name"),
            Column(
                "得分",
                lambda row: row.score,
                lambda row: f"{row.score or '-'} 分",
                number=True,
                field="score",
                summed=True,
            ),
            Column("日期", lambda row: row.day, tone=lambda row: Tone.OK, field="day"),
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
        ("score", False, [1, 2, 4, 3]),  # as numbers, the unknown last in either order
        ("score", True, [4, 2, 1, 3]),
        ("day", False, [4, 2, 3, 1]),
        ("name", False, [4, 1, 2, 3]),  # by pinyin: an hui, chang cheng, dong hai, img
    ],
)
def test_sorts_decimals_and_days_by_value(
    column: str, descending: bool, keys: list[int], table: Grid
) -> None:
    table.sort_by(Sort(column, descending))
    assert [row.key for row in table.rows()] == keys


def test_keeps_the_chosen_row_when_rows_are_read_again(table: Grid) -> None:
    assert table.select_key(2)
    table.set_rows(list(reversed(ROWS)))
    assert table.row().key == 2
    table.set_rows(ROWS[:1])
    assert table.row() is None


def test_the_focus_chooses_no_row_and_down_goes_to_the_first(table: Grid, qtbot: QtBot) -> None:
    QApplication.sendEvent(table, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert table.row() is None
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.row() == ROWS[0]


def test_copies_raw_values_with_headings(table: Grid, qtbot: QtBot) -> None:
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0] == "长城\t9.5\t2026-07-09"
    assert len(lines) == 4
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(table, Qt.Key.Key_C, both)
    assert QGuiApplication.clipboard().text().split("\n")[0] == "名称\t得分\t日期"


def test_enter_opens_and_space_ticks(table: Grid, qtbot: QtBot) -> None:
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


def test_empty_table_says_so(table: Grid) -> None:
    assert not table.empty.isVisible()
    table.set_rows([])
    assert table.empty.isVisible()
    assert table.empty.label.text() == "还没有客户。"


def test_hostile_names_stay_text_everywhere(table: Grid) -> None:
    index = table.rows_model.index(2, 0)
    assert index.data() == HOSTILE
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip


def test_a_tone_is_a_word_too(table: Grid) -> None:
    index = table.rows_model.index(0, 2)
    assert index.data(ToneRole) == "ok"
    assert index.data() == "2026-07-09"
    table.grab()  # paints the badge


def test_an_error_in_a_cell_is_shown_once_and_not_raised(qtbot: QtBot) -> None:
    def broken(row: Row) -> str:
        if row.key == 2:
            raise ZeroDivisionError
        return row.name

    made = Grid([Column("名称", lambda row: row.key, lambda row: str(row.key))])
    qtbot.addWidget(made)
    made.set_rows(ROWS)
    made.rows_model.columns[0] = Column("名称", broken)
    assert made.rows_model.index(1, 0).data() == "?"


def test_columns_share_what_room_there_is(table: Grid) -> None:
    for width in (900, 420):
        table.resize(width, 300)
        QApplication.processEvents()
        total = sum(table.columnWidth(n) for n in range(3))
        assert total <= table.viewport().width() + 2
        if width == 900:
            assert total >= table.viewport().width() - 2


def test_a_column_that_took_room_gives_it_back_when_the_grid_is_wider(table: Grid) -> None:
    long = "沧澜珩达供应链管理有限公司华东区域销售分公司"
    table.set_rows([Row(1, long, Decimal(1234567), date(2026, 7, 9))])
    digit, natural = table.fontMetrics().horizontalAdvance("0"), table.columnWidth(1)
    for width in range(30 * digit, 48 * digit, 4):
        table.resize(width, 300)
        QApplication.processEvents()
        if table.columnWidth(1) > natural:  # little of the badge after it would be seen
            break
    assert table.columnWidth(1) > natural
    table.resize(60 * digit, 300)
    QApplication.processEvents()
    assert table.columnWidth(1) == natural
    assert table.horizontalScrollBar().maximum() == 0


def test_nothing_is_scrolled_for_less_than_a_digit(qtbot: QtBot) -> None:
    made = Grid([Column("名称", lambda row: row.name), Column("编号", lambda row: "C00001234")])
    qtbot.addWidget(made)
    made.set_rows(ROWS)
    made.show()
    made.resize(900, 300)
    QApplication.processEvents()
    digit, needed = made.fontMetrics().horizontalAdvance("0"), made.header.length()
    frame = made.width() - made.viewport().width()
    for lacking, scrolled in ((0, 0), (digit, 0), (2 * digit, 2 * digit)):
        made.resize(needed + frame - lacking, 300)
        QApplication.processEvents()
        assert made.horizontalScrollBar().maximum() == scrolled


@pytest.mark.parametrize("digits", [48, 60, 80, 160])
def test_a_wide_grid_shortens_texts_rather_than_being_scrolled_and_numbers_never(
    table: Grid, digits: int
) -> None:
    long = "沧澜珩达供应链管理有限公司华东区域销售分公司"
    table.set_rows([Row(1, long, Decimal(1234567), date(2026, 7, 9))])
    digit = table.fontMetrics().horizontalAdvance("0")
    natural = [table.columnWidth(number) for number in (1, 2)]
    table.resize(digits * digit + 20, 300)
    QApplication.processEvents()
    assert [table.columnWidth(number) for number in (1, 2)] == natural
    assert table.horizontalScrollBar().maximum() == 0
    assert table.columnWidth(0) >= 14 * digit
    assert long in table.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_a_code_beside_long_texts_is_never_shortened(qtbot: QtBot) -> None:
    long, code = "沧澜珩达供应链管理有限公司华东区域销售分公司", "BS2026-0014"
    columns = [Column("编号", lambda row: code), *[Column(t, lambda row: long) for t in "甲乙丙"]]
    grid = Grid(columns, key=lambda row: row, name="报送", ticks=True)
    qtbot.addWidget(grid)
    grid.show()
    grid.set_rows([1])
    digit = grid.fontMetrics().horizontalAdvance("0")
    natural = grid.columnWidth(0)
    for digits in (160, 100, 80, 72, 60):
        grid.resize(digits * digit, 300)
        QApplication.processEvents()
        assert grid.columnWidth(0) >= natural


def test_a_name_keeps_enough_room_to_be_told_and_the_rest_is_scrolled(table: Grid) -> None:
    long = "沧澜珩达供应链管理有限公司"
    table.set_rows([Row(1, long, Decimal(7), date(2026, 7, 9))])
    table.resize(320, 300)
    QApplication.processEvents()
    digit = table.fontMetrics().horizontalAdvance("0")
    room = table.viewport().width()
    assert table.columnWidth(0) >= min(24 * digit, 0.6 * room) - 1
    assert table.columnWidth(0) <= 0.6 * room + 1  # the next column is seen to be there
    assert long in table.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_headings_are_measured_anew_in_another_font(table: Grid) -> None:
    before = table.header.sectionSizeHint(0)
    font = table.header.font()
    font.setPointSizeF(2 * font.pointSizeF())
    table.header.setFont(font)
    assert table.header.sectionSizeHint(0) > before


def test_a_cell_is_answered_at_once_as_one_by_one(table: Grid) -> None:
    """What a painted cell shows is asked by QStyledItemDelegate in one go."""
    model, delegate = table.rows_model, QStyledItemDelegate()
    for at in range(len(ROWS)):
        for column in range(len(table.columns)):
            index, option = model.index(at, column), QStyleOptionViewItem()
            delegate.initStyleOption(option, index)
            assert option.text == model.data(index)
            right = model.data(index, Qt.ItemDataRole.TextAlignmentRole)
            assert (option.displayAlignment == right) == table.columns[column].right
            box = model.data(index, Qt.ItemDataRole.CheckStateRole)
            shown = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator in option.features
            assert shown == (box is not None)
            assert box is None or option.checkState == box


@pytest.mark.parametrize("place", [(-1, 0), (0, -1), (len(ROWS), 0), (0, 3)])
def test_there_is_no_cell_beside_the_rows_and_columns(place: tuple[int, int], table: Grid) -> None:
    assert not table.rows_model.index(*place).isValid()
