"""The grid over a list query: pages, requests, selection, copying, export, views, and its parts."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from chemsales.queries import listing as lists
from chemsales.queries.filtering import Filter, Kind, Request, Sort
from chemsales.queries.listing import Field, Listing
from chemsales.rules.errors import DataError, Reason
from chemsales.rules.roles import Role
from ui import theme
from ui.context import Context
from ui.tables import exporting, sources
from ui.tables.columns import Column
from ui.tables.frame import GridFrame, NameDialog
from ui.tables.model import MISSING, GridModel
from ui.tables.sources import KEPT, PAGE
from ui.tables.view import Grid
from ui.tables.views import merged
from ui.theme import Tone

COUNT = 10_000
HOSTILE = '=<img src="/etc/passwd">甲&乙</b>'
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
Settle = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the rows that the database counts up."""

    id: int
    name: str
    kg: int | None
    day: date
    level: str


def _made(found: list[tuple[Any, ...]]) -> list[Thing]:
    return [
        Thing(key, name, kg, date.fromisoformat(day), level) for key, name, kg, day, level in found
    ]


LISTING: Listing[Thing] = Listing(
    name="things",
    ctes=f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {COUNT}), "
    "thing AS (SELECT i AS id, CASE i WHEN 7 THEN ? ELSE printf('第%05d号', i * 7919 % 10007) END "
    "AS name, CASE WHEN i % 100 = 0 THEN NULL ELSE i * 1500 END AS kg, "
    "date('2026-01-01', '+' || (i % 300) || ' days') AS day, "
    "CASE i % 3 WHEN 0 THEN 'one' ELSE 'two' END AS level FROM n)",
    given=(HOSTILE,),
    source="FROM thing x",
    key="x.id",
    select="x.name, x.kg, x.day, x.level",
    make=_made,
    fields={
        "id": Field("x.id", Kind.NUMBER),
        "name": Field("x.name"),
        "kg": Field("x.kg", Kind.KG),
        "day": Field("x.day", Kind.DAY),
        "level": Field("x.level", Kind.CHOICE, choices=("two", "one")),
    },
    order=(Sort("id"),),
    searched=("x.name",),
)
TONES = {"one": Tone.OK, "two": Tone.PROBLEM}
WORDS = {"one": "一级", "two": "二级"}


def columns() -> list[Column]:
    """The columns of the things."""
    return [
        Column("编号", lambda row: row.id, number=True, field="id"),
        Column("名称", lambda row: row.name, field="name", widest=30),
        Column("数量（吨）", lambda row: row.kg, field="kg", kind=Kind.KG),
        Column("日期", lambda row: row.day, field="day", kind=Kind.DAY),
        Column(
            "级别",
            lambda row: WORDS[row.level],
            tone=lambda row: TONES[row.level],
            field="level",
            choices=tuple(WORDS.items()),
        ),
        Column("备注", lambda row: f"备注{row.id}", field="note", hidden=True),
    ]


@pytest.fixture
def context(sqlite_db: str, make_context: Callable[..., Context]) -> Context:
    """What a page of a sales head is given, over an empty database."""
    return make_context(Role.SALES_HEAD)


@pytest.fixture
def frame(qtbot: QtBot, context: Context, settle: Settle) -> Iterator[GridFrame]:
    """The things on the window, read."""
    made = _frame(qtbot, context)
    settle()
    yield made
    settle()


def _frame(qtbot: QtBot, context: Context) -> GridFrame:
    grid = Grid(columns(), key=lambda row: row.id, empty="还没有。", name="东西")
    made = GridFrame(grid, context, "things")
    qtbot.addWidget(made)
    made.resize(760, 500)
    made.show()
    qtbot.waitExposed(made)
    grid.show_list(context, LISTING)
    return made


@pytest.fixture
def grid(frame: GridFrame) -> Grid:
    """The grid of the things."""
    return frame.grid


def ids(grid: Grid, count: int = 5) -> list[int]:
    """The first keys as they are shown."""
    return [int(str(grid.source.key(at))) for at in range(min(count, grid.source.count()))]


def shown(grid: Grid, row: int, column: int) -> str:
    """The text of a cell."""
    return str(grid.rows_model.index(row, column).data())


# -- pages -----------------------------------------------------------------------------------------


def test_the_scroll_bar_tells_the_truth_and_rows_come_into_view(grid: Grid, settle: Settle) -> None:
    assert grid.rows_model.rowCount() == COUNT
    bar = grid.verticalScrollBar()
    visible = grid.viewport().height() // grid.rowHeight(0)
    assert COUNT - visible - 2 <= bar.maximum() <= COUNT
    assert shown(grid, 0, 0) == "1"
    assert shown(grid, 5_000, 0) == MISSING
    grid.grab()  # a row on its way is painted, not waited for
    bar.setValue(5_000)
    settle()
    assert shown(grid, 5_000, 0) == "5001"
    grid.select_first()
    QTest.keyClick(grid, Qt.Key.Key_End, CTRL)
    settle()
    assert shown(grid, COUNT - 1, 0) == str(COUNT)
    assert {grid.rowHeight(at) for at in (0, 5_000, COUNT - 1)} == {grid.rowHeight(0)}


def test_rows_on_their_way_are_painted_without_asking_for_their_cells(
    grid: Grid, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counting(answer: Callable[..., object]) -> Callable[..., object]:
        def counted(self: GridModel, index: QModelIndex, *what: object) -> object:
            asked.append(index.row())
            return answer(self, index, *what)

        return counted

    grid.verticalScrollBar().setValue(5_000)
    grid.selectionModel().select(
        grid.rows_model.index(5_001, 0),
        QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
    )
    # only now: while it scrolls, Qt asks the row under the pointer for its status tip
    for way in ("data", "multiData"):
        monkeypatch.setattr(GridModel, way, counting(getattr(GridModel, way)))
    away = grid.viewport().grab().toImage()
    assert asked == []
    middles = [grid.rowViewportPosition(at) + grid.rowHeight(at) // 2 for at in (5_000, 5_001)]
    right = grid.viewport().width() - 2
    assert [away.pixelColor(right, y).name().upper() for y in middles] == [
        theme.tokens().paper, theme.tokens().selected
    ]  # fmt: skip
    row = away.copy(0, grid.rowViewportPosition(5_000), 40, grid.rowHeight(5_000))
    colours = {row.pixel(x, y) for x in range(row.width()) for y in range(row.height())}
    assert len(colours) > 1  # the sign that it is on its way
    settle()
    grid.viewport().grab()
    assert set(asked) >= {5_000, 5_001}


def test_few_pages_are_kept(grid: Grid, settle: Settle) -> None:
    for at in range(0, COUNT, PAGE):
        grid.verticalScrollBar().setValue(at)
        settle()
    pages = grid.source.pages
    assert len(pages) == KEPT
    assert 0 not in pages
    assert shown(grid, 0, 0) == MISSING
    grid.verticalScrollBar().setValue(0)
    settle()
    assert shown(grid, 0, 0) == "1"


def test_only_pages_in_view_are_read(
    grid: Grid, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    read = sources.lists.page

    def counted(actor: Any, listing: Any, keys: Any) -> Any:
        asked.append(keys[0])
        return read(actor, listing, keys)

    monkeypatch.setattr(sources.lists, "page", counted)
    bar = grid.verticalScrollBar()
    for at in range(400, COUNT, 10):  # dragged through without a rest
        bar.setValue(at)
    settle()
    assert shown(grid, bar.value(), 0) == str(bar.value() + 1)
    assert len(asked) <= 3


def test_of_several_requests_the_newest_is_shown(grid: Grid, settle: Settle) -> None:
    grid.sort_by(Sort("kg", True))
    grid.sort_by(Sort("name"))
    grid.sort_by(Sort("id", True))
    settle()
    assert ids(grid, 3) == [COUNT, COUNT - 1, COUNT - 2]
    assert shown(grid, 0, 0) == str(COUNT)
    stale = [Thing(0, "stale", 0, date(2026, 1, 1), "one")] * PAGE
    grid.source._arrived((grid.source._shown - 1, 0), stale)  # a page of a former order
    assert shown(grid, 0, 0) == str(COUNT)
    found = sources.Found(1, [1], 0, stale[:1])
    grid.source._show(grid.source._number - 1, found)  # the keys of a former request
    assert grid.source.count() == COUNT


def test_a_page_that_cannot_be_read_is_told_once(
    grid: Grid, context: Context, monkeypatch: pytest.MonkeyPatch, settle: Settle
) -> None:
    told: list[object] = []
    context.jobs.refused.connect(told.append)
    real, asked = sources.lists.page, []

    def gone(*_args: object) -> list[Thing]:
        asked.append(1)
        raise DataError(Reason("reason.database_unreachable"))

    monkeypatch.setattr(sources.lists, "page", gone)
    grid.verticalScrollBar().setValue(5_000)
    settle()
    grid.viewport().update()
    settle()
    assert (len(told), len(asked)) == (1, 1)
    monkeypatch.setattr(sources.lists, "page", real)
    grid.refresh()
    settle()
    assert shown(grid, grid.rowAt(0), 0) != MISSING
    assert len(told) == 1


def test_a_refused_request_leaves_what_the_rows_answer(
    grid: Grid, context: Context, monkeypatch: pytest.MonkeyPatch, settle: Settle
) -> None:
    told: list[object] = []
    context.jobs.refused.connect(told.append)

    def gone(*_args: object) -> None:
        raise DataError(Reason("reason.database_unreachable"))

    grid.ask(Request(filters=(Filter("level", choices=("one",)),)))
    settle()
    before = (grid.request, ids(grid))
    monkeypatch.setattr(sources.lists, "opened", gone)
    grid.ask(Request(filters=(Filter("level", choices=("two",)),)))
    settle()
    assert (grid.request, ids(grid)) == before
    assert len(told) == 1


def test_choosing_waits_for_the_row(grid: Grid, settle: Settle) -> None:
    chosen: list[Thing | None] = []
    grid.select_first()
    grid.chosen.connect(chosen.append)
    QTest.keyClick(grid, Qt.Key.Key_End, CTRL)
    assert [row for row in chosen if row] == []
    settle()
    assert [row.id for row in chosen if row] == [COUNT]


def test_what_is_chosen_stays_chosen(grid: Grid, settle: Settle) -> None:
    grid.select_key(3)
    grid.selectionModel().select(
        grid.rows_model.index(8, 0),
        grid.selectionModel().SelectionFlag.Select | grid.selectionModel().SelectionFlag.Rows,
    )
    assert grid.selected_keys() == [3, 9]
    grid.sort_by(Sort("id", True))
    settle()
    assert sorted(map(int, map(str, grid.selected_keys()))) == [3, 9]
    grid.selectAll()
    grid.sort_by(Sort("kg"))
    settle()
    assert grid.selected_count() == COUNT
    chosen: list[object] = []
    grid.chosen.connect(chosen.append)
    grid.filter_by(Filter("id", ">100"))
    settle()
    assert grid.row() is None
    assert chosen[-1] is None


def test_reading_again_stays_where_it_is(grid: Grid, settle: Settle) -> None:
    grid.verticalScrollBar().setValue(4_000)
    settle()
    grid.refresh()
    settle()
    assert grid.verticalScrollBar().value() == 4_000
    assert shown(grid, 4_000, 0) == "4001"


# -- sorting and filtering -------------------------------------------------------------------------


def click(
    grid: Grid, name: str, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Click a heading."""
    header = grid.header
    at = header.sectionViewportPosition(grid.names.index(name)) + 20
    QTest.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, keys, QPoint(at, header.height() // 2)
    )


@contextmanager
def keys_held_back(
    monkeypatch: pytest.MonkeyPatch, keys: Callable[..., Sequence[int]] = lists.keys
) -> Iterator[None]:
    """The keys of all rows come at the end of the block."""
    go = Event()

    def late(*asked: Any) -> Sequence[int]:
        assert go.wait(20)
        return keys(*asked)

    monkeypatch.setattr(lists, "keys", late)
    try:
        yield
    finally:
        go.set()


def test_in_another_order_the_first_page_is_shown_before_all_keys_are_here(
    grid: Grid, frame: GridFrame, settle: Settle, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot,
    tmp_path: Path,
) -> None:  # fmt: skip
    with keys_held_back(monkeypatch):
        grid.sort_by(Sort("id", descending=True))
        qtbot.waitUntil(lambda: not grid.source.pending)
        assert (grid.source.count(), grid.source.whole) == (COUNT, False)
        assert ids(grid, 2) == [COUNT, COUNT - 1]
        grid.scrollToBottom()
        assert shown(grid, COUNT - 1, 0) == MISSING
        grid.selectAll()
        grid.copy()
        exporting.export(grid, frame.context, tmp_path / "all.csv")
    settle()
    assert shown(grid, COUNT - 1, 0) == "1"
    assert grid.selected_count() == COUNT  # and what is chosen stays so
    copied = QGuiApplication.clipboard().text().splitlines()
    assert (len(copied), copied[-1].split("\t")[0]) == (COUNT, "1")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sum(1 for _line in csv.reader(file)) == COUNT + 1
    numbers = f"{sum(n * 1500 for n in range(COUNT + 1) if n % 100) / 1000:,.3f}"
    assert numbers in frame.status.text()


def test_rows_that_changed_before_their_keys_came_are_shown_anew(
    grid: Grid, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    with keys_held_back(monkeypatch, lambda *_asked: [5, 4]):
        grid.sort_by(Sort("id", descending=True))
    settle()
    assert (grid.source.count(), ids(grid)) == (2, [5, 4])
    assert [shown(grid, at, 0) for at in (0, 1)] == ["5", "4"]


def test_keys_that_did_not_come_are_read_again(
    grid: Grid, context: Context, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    context.jobs.refused.connect(told.append)

    def lost(*_asked: Any) -> Sequence[int]:
        raise DataError(Reason("reason.export_format", {"file": "x"}))

    real = lists.keys
    with keys_held_back(monkeypatch, lost):
        grid.sort_by(Sort("id", descending=True))
    settle()
    assert (grid.source.whole, len(told)) == (False, 1)
    monkeypatch.setattr(lists, "keys", real)
    grid.scrollToBottom()
    settle()
    assert shown(grid, COUNT - 1, 0) == "1"


def test_headings_sort_and_shift_adds_a_key(grid: Grid, frame: GridFrame, settle: Settle) -> None:
    click(grid, "level")
    settle()
    assert grid.request.sorts == (Sort("level"),)
    assert ids(grid, 3) == [1, 2, 4]  # in the order of the choices: two, one
    click(grid, "kg", SHIFT)
    click(grid, "kg", SHIFT)
    settle()
    assert grid.request.sorts == (Sort("level"), Sort("kg", True))
    assert ids(grid, 2) == [9_998, 9_997]
    places = [grid.names.index(name) for name in ("level", "kg", "day")]
    assert [grid.header.sign(at) for at in places] == ["▲①", "▼②", ""]
    assert [text[:2] for text in frame.chips.texts()] == ["▲①", "▼②", "全部"]
    click(grid, "day")
    settle()
    assert grid.request.sorts == (Sort("day"),)
    assert grid.header.sign(places[2]) == "▲"


def test_unknown_values_stand_last_in_either_direction(grid: Grid, settle: Settle) -> None:
    for descending in (False, True):
        grid.sort_by(Sort("kg", descending))
        settle()
        last = [grid.source.key(at) for at in range(COUNT - 100, COUNT)]
        assert last == list(range(100, COUNT + 1, 100))


def test_filter_row_by_keys(grid: Grid, frame: GridFrame, qtbot: QtBot, settle: Settle) -> None:
    grid.window().activateWindow()
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_L, CTRL | SHIFT)
    row = grid.filters
    assert row.isVisible()
    assert grid.header.height() > row.height()
    assert grid.viewport().geometry().top() >= grid.header.height()
    edit = row.editors[grid.names.index("kg")]
    assert edit.accessibleName() == "筛选：数量（吨）"
    QTest.keyClicks(edit, "3..4.5")
    qtbot.wait(200)
    settle()
    assert ids(grid) == [2, 3]
    assert frame.chips.texts() == ["数量（吨）：3..4.5"]
    assert "共 2 行" in frame.status.text()
    QTest.keyClicks(edit, "x")
    qtbot.wait(200)
    settle()
    assert edit.property("wrong")
    assert "不认识" in edit.toolTip()
    assert ids(grid) == [2, 3]  # what cannot be read changes nothing
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    qtbot.wait(200)
    settle()
    assert not edit.property("wrong")
    [chip] = [made for made in frame.chips.findChildren(QPushButton) if made.isVisible()]
    chip.click()
    settle()
    assert grid.source.count() == COUNT
    assert edit.text() == ""
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    QTest.keyClick(grid, Qt.Key.Key_L, CTRL | SHIFT)
    assert not row.isVisible()


def test_choices_are_ticked(grid: Grid, frame: GridFrame, settle: Settle) -> None:
    grid.filter_column(grid.names.index("level"))
    button = grid.filters.editors[grid.names.index("level")]
    boxes = {box.text(): box for box in button.menu.actions()}
    assert list(boxes) == ["一级", "二级"]
    boxes["一级"].trigger()
    settle()
    assert ids(grid, 3) == [3, 6, 9]
    assert button.button.text() == "一级"
    assert frame.chips.texts() == ["级别：一级"]
    boxes["二级"].trigger()
    settle()
    assert grid.source.count() == COUNT
    assert button.button.text() == "已选 2 项"


def test_nothing_matches_is_not_nothing_yet(grid: Grid, context: Context, settle: Settle) -> None:
    assert not grid.empty.isVisible()
    grid.search("没有这个")
    settle()
    assert grid.empty.isVisible()
    assert grid.empty.label.text() == f"没有符合条件的行；不筛选时共 {COUNT} 行。"
    assert grid.empty.clear.isVisible()
    grid.empty.clear.click()
    settle()
    assert grid.source.count() == COUNT
    grid.set_rows([])
    assert grid.empty.label.text() == "还没有。"
    assert not grid.empty.clear.isVisible()


def test_a_filter_over_nothing_says_that_there_is_nothing_yet(
    qtbot: QtBot, context: Context, settle: Settle
) -> None:
    grid = _frame(qtbot, context).grid
    grid.show_list(context, replace(LISTING, source="FROM (SELECT * FROM thing WHERE id < 0) x"))
    grid.search("没有这个")
    settle()
    assert grid.empty.isVisible() and grid.empty.label.text() == "还没有。"
    assert not grid.empty.clear.isVisible()


# -- copying, sums, export -------------------------------------------------------------------------


def test_task_6_the_whole_filtered_list_with_its_headings_in_two_keys(
    grid: Grid, settle: Settle
) -> None:
    grid.filter_by(Filter("level", choices=("one",)))
    settle()
    QTest.keyClick(grid, Qt.Key.Key_A, CTRL)
    QTest.keyClick(grid, Qt.Key.Key_C, CTRL | SHIFT)
    settle()  # most of the rows are not here and are read first
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 1 + COUNT // 3
    assert lines[0].split("\t") == ["编号", "名称", "数量（吨）", "日期", "级别"]
    assert lines[1].split("\t") == ["3", "第03743号", "4.5", "2026-01-04", "一级"]
    assert lines[100].split("\t")[2] == ""  # number 300 has none
    assert lines[-1].startswith("9999\t")


def test_copies_what_is_visible_in_its_order(grid: Grid, frame: GridFrame) -> None:
    grid.header.moveSection(grid.header.visualIndex(3), 0)
    frame.views.set_shown("name", False)
    frame.views.set_shown("note", True)
    grid.select_key(2)
    QTest.keyClick(grid, Qt.Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == (
        "日期\t编号\t数量（吨）\t级别\t备注\n2026-01-03\t2\t3\t二级\t备注2"
    )


def test_the_status_line_counts_and_sums(frame: GridFrame, qtbot: QtBot, settle: Settle) -> None:
    grid, status = frame.grid, frame.status
    assert status.text() == "共 10,000 行"
    grid.setFocus()
    grid.selectRow(97)
    for _step in range(3):
        QTest.keyClick(grid, Qt.Key.Key_Down, SHIFT)
    qtbot.wait(100)
    settle()
    # 98, 99, 100 and 101, of which 100 has no value
    assert status.text() == (
        "共 10,000 行 · 选中 4 行 · 数量（吨）：合计 447.000，平均 149.000，计数 3"
    )
    grid.selectAll()
    qtbot.wait(100)
    settle()
    total = sum(i * 1500 for i in range(1, COUNT + 1) if i % 100)
    assert f"合计 {total // 1000:,}.{total % 1000:03d}" in status.text()
    grid.select_first()
    qtbot.wait(100)
    assert status.text() == "共 10,000 行"


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_exports_exactly_what_is_shown(
    suffix: str, frame: GridFrame, context: Context, settle: Settle, tmp_path: Path
) -> None:
    grid = frame.grid
    said: list[str] = []
    context.said.connect(said.append)
    grid.ask(Request("", (Filter("id", "<=100"),), (Sort("id", True),)))
    frame.views.set_shown("level", False)
    grid.header.moveSection(grid.header.visualIndex(1), 0)
    settle()
    path = tmp_path / f"表{suffix}"
    exporting.export(grid, context, path)
    settle()
    assert said == [f"已保存为 表{suffix}：100 行"]
    heading = ["名称", "编号", "数量（吨）", "日期"]
    if suffix == ".csv":
        lines = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
        assert lines[0] == heading
        assert lines[1] == ["第01347号", "100", "", "2026-04-11"]
        assert lines[94] == ["'" + HOSTILE, "7", "10.5", "2026-01-08"]
        assert len(lines) == 101
        return
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[1]] == heading
    assert sheet.max_row == 101
    name, number, kg, day = sheet[95]
    assert (name.value, name.data_type) == (HOSTILE, "s")  # text, no formula
    assert (number.value, kg.value, day.value.date()) == (7, 10.5, date(2026, 1, 8))


def test_an_export_that_cannot_be_written_says_why(
    grid: Grid, context: Context, settle: Settle, tmp_path: Path
) -> None:
    refused: list[object] = []
    context.jobs.refused.connect(refused.append)
    exporting.export(grid, context, tmp_path / "nowhere" / "x.xlsx")
    settle()
    exporting.export(grid, context, tmp_path / "x.doc")
    settle()
    assert all(isinstance(error, DataError) for error in refused)
    assert len(refused) == 2
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith("empty.db")] == ["home"]


# -- columns and views -----------------------------------------------------------------------------


def test_columns_are_chosen_and_remembered(
    frame: GridFrame, qtbot: QtBot, context: Context, settle: Settle
) -> None:
    grid = frame.grid
    menu = frame.columns_button.menu()
    menu.aboutToShow.emit()
    boxes = {box.text(): box for box in menu.actions()}
    assert boxes["备注"].isChecked() is False
    boxes["备注"].setChecked(True)
    boxes["级别"].setChecked(False)
    grid.header.moveSection(0, 2)
    grid.setColumnWidth(grid.names.index("name"), 222)
    qtbot.wait(500)
    other = _frame(qtbot, context)
    settle()
    again = other.grid
    assert [again.names[again.header.logicalIndex(at)] for at in range(3)] == ["name", "kg", "id"]
    assert not again.isColumnHidden(again.names.index("note"))
    assert again.isColumnHidden(again.names.index("level"))
    assert again.columnWidth(again.names.index("name")) == 222
    other.views.reset()
    assert not again.isColumnHidden(again.names.index("level"))
    for name in again.names:
        other.views.set_shown(name, False)
    assert [again.isColumnHidden(at) for at in range(6)].count(False) == 1


@pytest.mark.parametrize(
    ("names", "remembered", "order"),
    [
        ("abc", "cab", "cab"),
        ("abxc", "cab", "cabx"),  # a new one after its neighbour
        ("xabc", "cab", "xcab"),
        ("ac", "cab", "ca"),  # one that went
        ("abc", "", "abc"),
    ],
)
def test_remembered_order_is_merged(names: str, remembered: str, order: str) -> None:
    assert "".join(merged(list(names), list(remembered))) == order


def test_views_are_saved_with_their_counts(
    frame: GridFrame, qtbot: QtBot, context: Context, settle: Settle
) -> None:
    grid = frame.grid
    grid.ask(Request("", (Filter("kg", ">14999"),), (Sort("day", True), Sort("id"))))
    settle()
    frame.ask_name()
    dialog = next(w for w in grid.window().findChildren(NameDialog))
    dialog.form["name"].set_text("大单 & 新")
    dialog._press_primary()
    grid.clear_filters()
    grid.sort_by()
    settle()
    other = _frame(qtbot, context)
    settle()
    menu = other.views_button.menu()
    menu.aboutToShow.emit()
    settle()
    entries = [entry.text() for entry in menu.actions()]
    assert "大单 && 新（0）" in entries
    frame.views.apply("大单 & 新")
    settle()
    assert grid.request.filters == (Filter("kg", ">14999"),)
    assert grid.request.sorts == (Sort("day", True), Sort("id"))
    assert frame.chips.texts()[0] == "数量（吨）：>14999"
    other.views.remove("大单 & 新")
    third = _frame(qtbot, context)
    settle()
    assert third.views.named == {}


def test_what_one_person_arranged_is_not_anothers(
    frame: GridFrame,
    qtbot: QtBot,
    make_context: Callable[..., Context],
    settle: Settle,
) -> None:
    """Two logins at one machine: neither columns nor views are shared."""
    frame.views.set_shown("level", False)
    frame.views.save("我的")
    qtbot.wait(500)
    other = _frame(qtbot, make_context(Role.ACCOUNT_MANAGER))
    settle()
    assert other.views.named == {}
    assert not other.grid.isColumnHidden(other.grid.names.index("level"))
    other.views.save("他的")
    mine = _frame(qtbot, make_context(Role.SALES_HEAD))
    settle()
    assert list(mine.views.named) == ["我的"]
    assert mine.grid.isColumnHidden(mine.grid.names.index("level"))


def test_a_narrow_place_has_its_tools_in_one_menu(
    qtbot: QtBot, context: Context, settle: Settle
) -> None:
    grid = Grid(columns(), key=lambda row: row.id, empty="还没有。", name="东西")
    frame = GridFrame(grid, context, "narrow things", compact=True)
    qtbot.addWidget(frame)
    frame.show()
    grid.show_list(context, LISTING)
    settle()
    [tools] = [made for made in frame.findChildren(QPushButton) if made.isVisible()]
    assert tools.accessibleName() == "列表工具"
    menu = tools.menu()
    assert [entry.text() for entry in menu.actions()] == ["筛选", "视图", "列", "导出"]
    menu.actions()[0].trigger()
    assert grid.filters.isVisible()
    grid.filter_by(Filter("id", "<=7"))
    settle()
    frame.views.save("前七个")
    views = menu.actions()[1].menu()
    views.aboutToShow.emit()
    settle()
    assert "前七个（7）" in [entry.text() for entry in views.actions()]
    boxes = menu.actions()[2].menu()
    boxes.aboutToShow.emit()
    next(box for box in boxes.actions() if box.text() == "级别").trigger()
    assert grid.isColumnHidden(grid.names.index("level"))


def test_the_first_column_stays_in_sight(frame: GridFrame, settle: Settle) -> None:
    grid = frame.grid
    frame.resize(400, 400)
    frame.views.set_shown("note", True)
    frame.views.freeze(True)
    assert not grid.first_column.isVisible()  # nothing is scrolled away yet
    bar = grid.horizontalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(bar.maximum())
    first = grid.first_column
    assert first.isVisible()
    assert first.geometry().left() == grid.viewport().geometry().left()
    assert [first.isColumnHidden(at) for at in range(6)] == [False, *[True] * 5]
    grid.verticalScrollBar().setValue(500)
    settle()
    assert first.verticalScrollBar().value() == 500
    assert first.rowAt(3) == grid.rowAt(3)
    assert _ink(first.grab().toImage()) > 0
    frame.views.freeze(False)
    assert not first.isVisible()


def _ink(image: QImage) -> int:
    """How many of some points are not of the corner's colour."""
    paper = image.pixelColor(image.width() - 2, image.height() - 2)
    points = [(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)]
    return sum(image.pixelColor(x, y) != paper for x, y in points)


# -- what people type ------------------------------------------------------------------------------


def test_hostile_text_is_text(grid: Grid, frame: GridFrame, settle: Settle) -> None:
    grid.filter_by(Filter("name", HOSTILE))
    settle()
    grid.filter_by(Filter("name", "<img"))
    settle()
    assert ids(grid) == [7]
    assert shown(grid, 0, 1) == HOSTILE
    tip = grid.rows_model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip
    [chip] = [made for made in frame.chips.findChildren(QPushButton) if made.isVisible()]
    assert "<img" not in chip.toolTip()
    assert chip.text().startswith("名称：<img")
    grid.grab()


def test_paste_gives_the_block_where_a_page_takes_it(grid: Grid) -> None:
    pasted: list[str] = []
    grid.pasted.connect(pasted.append)
    QGuiApplication.clipboard().setText("a\tb\n1\t2")
    QTest.keyClick(grid, Qt.Key.Key_V, CTRL)
    assert pasted == []
    grid.takes_paste = True
    QTest.keyClick(grid, Qt.Key.Key_V, CTRL)
    assert pasted == ["a\tb\n1\t2"]
