"""Damaged and random files: refused with a reason or read whole, never an unknown exception."""

from __future__ import annotations

import random

import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chemsales.exchange import describe
from chemsales.rules.errors import DataError
from chemsales.words import say_all
from tests.exchange.conftest import DAY, GOOD, HEADINGS, read, write_book

FEW = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [GOOD[1], "PP-T30S", "2026-06-15", "12吨", "退货", "合计", "小计", "1,2", "=1"]
    ),
    st.integers(-(10**12), 10**12).map(str),
    st.floats(allow_nan=True, allow_infinity=True).map(str),
)


def outcome(path) -> int | None:
    """The kilograms read, None where the file is refused; every message can be said."""
    try:
        preview = read(path)
    except DataError as refusal:
        assert say_all(refusal)
        return None
    for problem in preview.problems:
        assert 0 < len(describe(problem)) < 600
    assert len({row.row for row in preview.good}) == len(preview.good)
    assert not {row.row for row in preview.good} & {row.row for row in preview.bad}
    return preview.total_kg


@FEW
@given(rows=st.lists(st.lists(CELLS, max_size=8), max_size=8), separator=st.sampled_from(",;\t"))
def test_random_rows_under_good_headings(tmp_path, rows, separator):
    lines = [HEADINGS, *rows]
    text = "\n".join(separator.join(str(cell) for cell in row) for row in lines)
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    outcome(path)


@FEW
@given(data=st.binary(min_size=1, max_size=400), name=st.sampled_from(["x.csv", "x.xls", "x.xlsx"]))
def test_random_bytes(tmp_path, data, name):
    path = tmp_path / name
    path.write_bytes(data)
    outcome(path)


def damaged(data: bytes, seed: int) -> bytes:
    """The bytes with a few changed, cut out or doubled."""
    chance = random.Random(seed)
    broken = bytearray(data)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(broken))
        what = chance.randrange(3)
        if what == 0:
            broken[at] = chance.randrange(256)
        elif what == 1:
            del broken[at : at + chance.randrange(1, 64)]
        else:
            broken[at:at] = broken[at : at + chance.randrange(1, 64)]
    return bytes(broken)


def test_damaged_csv_files_are_read_whole_or_refused(tmp_path):
    text = ",".join(HEADINGS) + "\n" + f'2026-06-15,{GOOD[1]},PP-T30S,"1,234.5",提货,T1,库\n' * 9
    path = tmp_path / "x.csv"
    for codec in ("utf-8", "gb18030", "utf-16"):
        for seed in range(60):
            path.write_bytes(damaged(text.encode(codec), seed))
            outcome(path)


def test_damaged_workbooks_are_read_whole_or_refused(tmp_path):
    rows = [HEADINGS, *((DAY, *GOOD[1:5], f"T{n}", "库") for n in range(20))]
    sound = write_book(tmp_path / "sound.xlsx", rows).read_bytes()
    kilograms = outcome(tmp_path / "sound.xlsx")
    path = tmp_path / "x.xlsx"
    for seed in range(200):
        path.write_bytes(damaged(sound, seed))
        # what packing sums protect is read as it was, or not at all
        assert outcome(path) in (kilograms, None)


def test_damaged_old_workbooks_are_refused_or_read(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("x")
    for number in range(20):
        for place, cell in enumerate(
            HEADINGS if not number else ("2026-06-15", *GOOD[1:5], f"T{number}", "")
        ):
            sheet.write(number, place, cell)
    book.save(str(tmp_path / "sound.xls"))
    sound = (tmp_path / "sound.xls").read_bytes()
    assert outcome(tmp_path / "sound.xls") == 19 * 32_500
    path = tmp_path / "x.xls"
    for seed in range(100):
        broken = bytearray(sound)
        chance = random.Random(seed)
        for _ in range(3):  # past the header: a directory that loops is the child's to survive
            broken[chance.randrange(512, len(broken))] = chance.randrange(256)
        path.write_bytes(bytes(broken))
        outcome(path)
