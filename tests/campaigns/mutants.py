"""Files to import as people and machines spoil them: cells, rows, headings, bytes; seeded."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlwt

from tests.exchange.conftest import write_book

Grid = list[list[Any]]
TONNES = (
    32.5, 0.1 + 0.2, 1e308, -1e308, 1e-9, -1, 0, 12.3456, 123456789012, 100000.001, True, None, "",
    "12.345", "１２.５", "1,204.5", "1 204.5", "12吨", "'12.5", "NaN", "inf", "12%", "1.234,5",
    "12,34", "1_000", "三十吨", "12kg", "12 t", "-5", "－5", "+3", "=1+1", "#N/A", "1e3", "٣",
    "0x10", "9" * 80, "1" + "0" * 200, "12.", ".5", "00012", "1,2,3", "1\u00a0000", "12\u200b", "½",
    date(2026, 7, 3), "2026-07-03",
)  # fmt: skip
DAYS = (
    "2026-07-02", "2026/7/3", "2026年7月4日", "20260705", 46206, 46206.5, "03/07/2026", "7/13/26",
    "2026-02-30", "2099-01-01", "1899-12-31", "2026-06-15", "令和8年7月1日", "", None, "昨天", 0,
    -1, 1e300, True, "2026-07", "2026-08", "2026年7月",
)  # fmt: skip
TEXTS = (
    "", None, "某某公司", "\u202eabc", "a\u200bb", "x" * 5000, "=HYPERLINK(\"x\")", "+1", "@SUM(1)",
    "<b>粗", "%s%n{0}", "'; DROP TABLE pickup; --", "合计", "小计", "总计：", "备注：", "\u0000",
    "\r\n", "\"", "😀", "ＰＰ－Ｔ３０Ｓ", "PP-T30S ", "pp-t30s", "А", 12, 3.5, True, "\ud7ff",
)  # fmt: skip
HEADS: dict[str, tuple[tuple[str, ...], ...]] = {
    "pickups": (
        ("提货日期", "日期", "pick-up date"),
        ("客户名称", "客户", "customer"),
        ("产品", "牌号", "product code"),
        ("提货量(吨)", "数量(吨)", "提货量(公斤)", "tonnes"),
        ("类型", "随便"),
        ("提货单号", "磅单"),
    ),
    "plans": (
        ("月份", "month"),
        ("客户名称", "customer"),
        ("产品", "product code"),
        ("计划量(吨)", "计划量(公斤)"),
        ("公司欠供量(吨)", "说明"),
    ),
}


@dataclass(slots=True)
class Mutant:
    """A file to import: its rows as they were written, their format, whether bytes were spoilt."""

    kind: str
    grid: Grid
    format: str
    codec: str = ""
    separator: str = ","
    damaged: bool = False
    done: list[str] = field(default_factory=list)

    def write(self, folder: Path, chance: random.Random) -> Path:
        """The file; in every fourth a few bytes are spoilt."""
        path = folder / f"x.{self.format}"
        path.unlink(missing_ok=True)
        if self.format == "xlsx":
            write_book(path, self.grid)
        elif self.format == "xls":
            _write_old(path, self.grid)
        else:
            path.write_bytes(_text(self.grid, self.separator).encode(self.codec, "replace"))
        if chance.random() < 0.25:
            self.damaged = True
            path.write_bytes(damaged(path.read_bytes(), chance))
        return path


def mutants(seed: int, names: Sequence[str], products: Sequence[str], number: int) -> list[Mutant]:
    """So many spoilt copies of one table of this seed."""
    chance = random.Random(seed)
    kind = chance.choice(tuple(HEADS))
    base: Grid = [[chance.choice(words) for words in HEADS[kind]]]
    for at in range(chance.randrange(2, 25)):
        day = date(2026, 7, 1) + timedelta(days=chance.randrange(6))
        first: Any = day if kind == "pickups" else f"2026-{7 + at % 6:02d}"
        tonnes = chance.randrange(1, 90_000) / 1000
        last = (
            [chance.choice(("提货", "")), f"TH{seed}-{at}"]
            if kind == "pickups"
            else [chance.choice((0, 1.5, ""))]
        )
        base.append([first, chance.choice(names), chance.choice(products), tonnes, *last])
    return [_mutant(kind, base, chance) for _ in range(number)]


def _mutant(kind: str, base: Grid, chance: random.Random) -> Mutant:
    grid = [list(row) for row in base]
    done = []
    for _turn in range(chance.choice((0, 1, 1, 2, 3))):
        change = chance.choice(CHANGES)
        change(grid, chance)
        done.append(change.__name__)
    form = chance.choice(("xlsx", "xlsx", "xls", "csv", "csv"))
    codec = chance.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16"))
    return Mutant(kind, grid, form, codec, chance.choice(",;\t"), False, done)


def _any_row(grid: Grid, chance: random.Random) -> int:
    return chance.randrange(min(1, len(grid) - 1), len(grid))


def _put(row: list[Any], place: int, cell: Any) -> None:
    row += [None] * (place + 1 - len(row))
    row[place] = cell


def tonnes(grid: Grid, chance: random.Random) -> None:
    """A quantity that is none, or written otherwise."""
    _put(grid[_any_row(grid, chance)], 3, chance.choice(TONNES))


def days(grid: Grid, chance: random.Random) -> None:
    """A day or month that is none, or written otherwise."""
    _put(grid[_any_row(grid, chance)], 0, chance.choice(DAYS))


def texts(grid: Grid, chance: random.Random) -> None:
    """Anything in any cell, the headings too."""
    row = chance.choice(grid)
    _put(row, chance.randrange(len(row) + 1), chance.choice(TEXTS))


def totals(grid: Grid, chance: random.Random) -> None:
    """A line of totals, right or wrong, somewhere."""
    number = sum(r[3] for r in grid[1:] if len(r) > 3 and isinstance(r[3], float))
    said = chance.choice((number, round(number, 3), 1.0, "", "=SUM(D2:D9)"))
    line = [chance.choice(("合计", "小计", "总计：", "Total")), "", "", said]
    grid.insert(chance.randrange(1, len(grid) + 1), line)


def blanks(grid: Grid, chance: random.Random) -> None:
    """Empty lines, notes, a heading above or again."""
    line = chance.choice(
        ([], [None] * 4, ["备注：以上为七月数据"], ["七月提货明细表"], list(grid[0]))
    )
    grid.insert(chance.randrange(len(grid) + 1), line)


def twice(grid: Grid, chance: random.Random) -> None:
    """A line doubled."""
    grid.append(list(grid[_any_row(grid, chance)]))


def columns(grid: Grid, chance: random.Random) -> None:
    """A column gone, doubled, or put elsewhere."""
    at, to, how = chance.randrange(4), chance.randrange(4), chance.randrange(3)
    for row in grid:
        if at < len(row):
            cell = row[at] if how == 1 else row.pop(at)
            if how:
                row.insert(to, cell)


def ragged(grid: Grid, chance: random.Random) -> None:
    """A line that is shorter or longer than the others."""
    row = grid[_any_row(grid, chance)]
    if chance.random() < 0.5:
        del row[chance.randrange(len(row) + 1) :]
    else:
        row += ["多余", 5]


CHANGES: tuple[Callable[[Grid, random.Random], None], ...] = (
    tonnes, tonnes, days, texts, totals, blanks, twice, columns, ragged,
)  # fmt: skip


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few changed, cut out, doubled, or the end gone."""
    broken = bytearray(data)
    for _turn in range(chance.randrange(1, 6)):
        at, what = chance.randrange(len(broken)), chance.randrange(8)
        if what < 4:
            broken[at] = chance.randrange(256)
        elif what < 6:
            del broken[at : at + chance.randrange(1, 64)]
        elif what < 7:
            broken[at:at] = broken[at : at + chance.randrange(1, 64)]
        else:
            del broken[max(1, at) :]
        broken = broken or bytearray(b"x")
    return bytes(broken)


def _text(grid: Grid, separator: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(grid)
    return out.getvalue()


def _write_old(path: Path, grid: Grid) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet, days_style = book.add_sheet("数据"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, row in enumerate(grid):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write(number, place, cell, days_style)
            elif cell is not None:
                sheet.write(number, place, cell)
    book.save(str(path))
