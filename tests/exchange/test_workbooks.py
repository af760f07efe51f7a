"""Workbooks: headings, sheets, totals, and every kind of file that must not be read."""

from __future__ import annotations

import io
import os
import struct
import time
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
import xlsxwriter
import xlwt

from chemsales.exchange.guard import MAX_ROWS
from chemsales.rules.errors import DataError
from chemsales.words import say_all
from tests.exchange.conftest import (
    DAY,
    GOOD,
    HEADINGS,
    add_sheet,
    read,
    said,
    sentences,
    write_book,
)

NAME = GOOD[1]
XLSX = "提货.xlsx"


@cache
def floor() -> float:
    """What a sound workbook of five thousand rows costs here, in seconds of the processor."""
    with TemporaryDirectory() as folder:
        path = write_book(Path(folder) / XLSX, [HEADINGS, *[GOOD] * 5_000])
        before = time.thread_time()
        read(path)
        return time.thread_time() - before


def refused(path: Path, kind: str = "pickups") -> str:
    """The codes for which a file is refused; at less than what fifty thousand sound rows cost."""
    before = time.thread_time()
    with pytest.raises(DataError) as caught:
        read(path, kind)
    spent = time.thread_time() - before
    assert spent < 10 * floor()
    assert "{" not in say_all(caught.value)
    return " ".join(r.code.removeprefix("reason.") for r in caught.value.reasons)


# -- headings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        ("提货日期", "客户名称", "产品", "提货量（吨）"),
        ("出库日期", "单位名称", "牌号", "净重/t"),
        ("Date", "Customer", "Product", "Quantity (t)"),
        ("PICK-UP DATE", "customer name", "Grade", "Tonnes"),
        ("日 期*", "客户", "品名", "实提数量\n(吨)"),
        ("日期", "客户", "产品", "吨数"),
        ("日期", "客户", "产品", "数量【单位：吨】"),
    ],
)
def test_headings_by_their_names(book, headings):
    preview = read(book((DAY, NAME, "PP-T30S", 2), headings=headings))
    assert [r.kg for r in preview.good] == [2000]


def test_columns_in_any_order_with_others_between(book):
    headings = ("序号", "数量(kg)", "经办人", "产品", "客户", "", "日期")
    preview = read(book((1, 2000, "张", "PP-T30S", NAME, "", DAY), headings=headings))
    assert [(r.kg, r.day) for r in preview.good] == [(2000, "2026-06-15")]
    assert preview.ignored_headings == ("序号", "经办人")


@pytest.mark.parametrize("above", [0, 1, 5, 9])
def test_headings_in_one_of_the_first_ten_rows(tmp_path, above):
    rows = [["2026年6月提货明细表"]] * above + [list(HEADINGS), list(GOOD)]
    preview = read(write_book(tmp_path / XLSX, rows))
    assert preview.header_row == above + 1
    assert [r.row for r in preview.good] == [above + 2]


def test_headings_further_down_are_not_looked_for(tmp_path):
    path = write_book(tmp_path / XLSX, [["说明"]] * 10 + [list(HEADINGS), list(GOOD)])
    assert refused(path) == "header_missing"


def test_headings_of_two_rows(tmp_path):
    rows = [
        ["日期", "客户", None, "产品", "提货", None],
        [None, "编码", "名称", None, "数量(吨)", "单号"],
        [DAY, "KH0001", NAME, "PP-T30S", 3, "A1"],
    ]
    preview = read(write_book(tmp_path / XLSX, rows))
    assert preview.header_row == 2
    assert [(r.row, r.kg, r.note_no) for r in preview.good] == [(3, 3000, "A1")]


def test_a_unit_in_a_row_of_its_own(tmp_path):
    rows = [["日期", "客户", "产品", "数量"], [None, None, None, "(吨)"], [DAY, NAME, "PP-T30S", 3]]
    assert [r.kg for r in read(write_book(tmp_path / XLSX, rows)).good] == [3000]


def test_a_unit_stated_above_the_headings(tmp_path):
    rows = [["提货明细", None, None, "单位：公斤"], ["日期", "客户", "产品", "数量"],
            [DAY, NAME, "PP-T30S", 3]]  # fmt: skip
    assert [r.kg for r in read(write_book(tmp_path / XLSX, rows)).good] == [3]


def test_without_any_unit_nothing_is_assumed(book):
    headings = ("日期", "客户", "产品", "数量")
    assert refused(book((DAY, NAME, "PP-T30S", 3), headings=headings)) == "unit_missing"


@pytest.mark.parametrize("unit", ["(箱)", "(吨/车)", "(t/kg)"])
def test_a_unit_that_is_none(book, unit):
    headings = ("日期", "客户", "产品", "数量" + unit)
    assert refused(book((DAY, NAME, "PP-T30S", 3), headings=headings)) == "unit_missing"


def test_a_column_of_units(book):
    headings = ("日期", "客户", "产品", "数量", "单位")
    rows = [(DAY, NAME, "PP-T30S", 3, unit) for unit in ("吨", "kg", "T", "公斤", "箱", "")]
    preview = read(book(*rows, headings=headings))
    assert [r.kg for r in preview.good] == [3000, 3, 3000, 3]
    assert said(preview) == [
        "6:单位 unit_unknown", "6:数量 number_unit_missing", "7:数量 number_unit_missing",
    ]  # fmt: skip


def test_a_column_of_units_against_the_heading(book):
    headings = ("日期", "客户", "产品", "数量(吨)", "单位")
    preview = read(book((DAY, NAME, "PP-T30S", 3, "kg"), headings=headings))
    assert "2:单位 unit_contradiction" in said(preview)


def test_two_columns_for_one_field(book):
    headings = ("日期", "客户", "产品", "数量(吨)", "净重(吨)")
    path = book((DAY, NAME, "PP-T30S", 3, 3), headings=headings)
    with pytest.raises(DataError) as caught:
        read(path)
    assert caught.value.reasons[0].params == {"row": 1, "columns": "数量(吨)、净重(吨)"}


def test_a_required_column_is_not_there(book):
    with pytest.raises(DataError) as caught:
        read(book((DAY, NAME, 3), headings=("日期", "客户", "数量(吨)")))
    text = say_all(caught.value)
    assert "第 1 行" in text and "产品名称" in text and "牌号" in text


# -- sheets, hidden and merged cells -----------------------------------------------------------


def test_the_sheet_that_has_the_headings(tmp_path):
    with xlsxwriter.Workbook(tmp_path / XLSX) as book:
        add_sheet(book, [["请填写第二张表"]], "说明")
        add_sheet(book, [HEADINGS, GOOD], "六月")
    assert read(tmp_path / XLSX).sheet == "六月"


def test_two_sheets_that_both_have_them(tmp_path):
    with xlsxwriter.Workbook(tmp_path / XLSX) as book:
        add_sheet(book, [HEADINGS, GOOD], "五月")
        add_sheet(book, [HEADINGS, GOOD], "六月")
    assert refused(tmp_path / XLSX) == "sheets_rival"


def test_hidden_sheets_are_left_alone_and_hidden_rows_are_rows(tmp_path):
    with xlsxwriter.Workbook(tmp_path / XLSX) as book:
        shown = add_sheet(book, [HEADINGS, GOOD, (*GOOD[:5], "TH2", "")], "六月")
        shown.set_row(2, None, None, {"hidden": True})
        shown.autofilter(0, 0, 2, 6)
        add_sheet(book, [HEADINGS, GOOD], "旧").hide()
    assert [r.row for r in read(tmp_path / XLSX).good] == [2, 3]


def test_merged_cells_are_not_filled_in(tmp_path):
    with xlsxwriter.Workbook(tmp_path / XLSX) as book:
        sheet = add_sheet(book, [HEADINGS, GOOD, (DAY, None, *GOOD[2:5], "TH2", "")], "六月")
        sheet.merge_range(1, 1, 2, 1, NAME)
    preview = read(tmp_path / XLSX)
    assert said(preview) == ["3:客户名称 cell_missing"]
    assert "合并" in sentences(preview)


def test_formulas_count_by_their_stored_value_only(tmp_path):
    with xlsxwriter.Workbook(tmp_path / XLSX) as book:
        sheet = add_sheet(book, [HEADINGS, *[(*GOOD[:5], f"N{i}", "") for i in range(5)]], "六月")
        sheet.write_formula(1, 3, "=1+2", None, 3)
        sheet.write_formula(2, 3, "=NA()", None, "#N/A")
        sheet.write_formula(3, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 3, "=A1", None, "")
        sheet.write_formula(5, 3, '=cmd|" /C calc"!A0', None, 7)
    preview = read(tmp_path / XLSX)
    assert [(r.row, r.kg) for r in preview.good] == [(2, 3000), (6, 7000)]
    assert said(preview) == [f"{row}:提货量(吨) cell_missing" for row in (3, 4, 5)]


def test_a_workbook_that_was_never_calculated(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active.append([*GOOD[:3], "=10+5", *GOOD[4:]])
    book.save(tmp_path / XLSX)
    assert said(read(tmp_path / XLSX)) == ["2:提货量(吨) cell_missing"]


def test_a_workbook_that_counts_from_1904(tmp_path):
    with xlsxwriter.Workbook(tmp_path / XLSX, {"date_1904": True}) as book:
        rows = [HEADINGS, GOOD, (46188 - 1462, *GOOD[1:5], "TH2", "")]
        add_sheet(book, rows, "六月")
    assert [r.day for r in read(tmp_path / XLSX).good] == ["2026-06-15"] * 2


def test_other_writers_and_formats(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active.append(GOOD)
    book.save(tmp_path / "o.xlsx")
    old = xlwt.Workbook()
    sheet = old.add_sheet("六月")
    days = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for place, heading in enumerate(HEADINGS):
        sheet.write(0, place, heading)
        sheet.write(1, place, GOOD[place], days if place == 0 else xlwt.Style.default_style)
    old.save(str(tmp_path / "o.xls"))
    (tmp_path / "o.xlsb").write_bytes(binary_book([HEADINGS, (46188.0, *GOOD[1:])]))
    rows = [read(tmp_path / name).good for name in ("o.xlsx", "o.xls", "o.xlsb")]
    assert rows[0] == rows[1] == rows[2]
    assert rows[0][0].kg == 32500


def binary_book(rows: list) -> bytes:
    """A small .xlsb of one sheet, written record by record."""

    def record(kind: int, data: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return (
            head
            + bytes([len(data)] if len(data) < 128 else [len(data) & 0x7F | 0x80, len(data) >> 7])
            + data
        )

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    sheet = record(129) + record(148, struct.pack("<4I", 0, len(rows) - 1, 0, len(rows[0]) - 1))
    sheet += record(145)
    for number, row in enumerate(rows):
        sheet += record(0, struct.pack("<IIHBBB", number, 0, 300, 0, 0, 0) + struct.pack("<I", 0))
        for place, cell in enumerate(row):
            at = struct.pack("<II", place, 0)
            sheet += (
                record(6, at + wide(cell))
                if isinstance(cell, str)
                else record(5, at + struct.pack("<d", cell))
            )
    sheet += record(146) + record(130)
    book = record(131) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("六月"))
    book += record(144) + record(132)
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="bin" '
        'ContentType="application/vnd.ms-excel.sheet.binary.macroFreeMain"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{relation}/worksheet" Target="worksheets/sheet1.bin"/>'
        "</Relationships>",
        "xl/workbook.bin": book,
        "xl/worksheets/sheet1.bin": sheet,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


# -- totals, notes -------------------------------------------------------------------------------


def with_totals(total: object, *, part: object = 5) -> list[list[object]]:
    rows = [[DAY, NAME, "PP-T30S", kg] for kg in (2, 3, 4)]
    return [
        ["日期", "客户", "产品", "数量(吨)"], rows[0], rows[1], [None, "小计", None, part], rows[2],
        ["合计", None, None, total], ["备注：以上为过磅数"], ["制表：王芳"],
    ]  # fmt: skip


def test_totals_are_checked_and_notes_are_left_out(tmp_path):
    preview = read(write_book(tmp_path / XLSX, with_totals(9)))
    assert [r.kg for r in preview.good] == [2000, 3000, 4000]
    assert said(preview, warnings=False) == []
    assert said(preview) == ["7: row_is_note", "8: row_is_note"]


def test_a_total_that_differs(tmp_path):
    preview = read(write_book(tmp_path / XLSX, with_totals(10)))
    assert said(preview, warnings=False) == ["6:数量(吨) total_differs"]
    assert "10.000" in sentences(preview) and "9.000" in sentences(preview)
    preview = read(write_book(tmp_path / XLSX, with_totals(9, part=6)))
    assert said(preview, warnings=False) == ["4:数量(吨) total_differs"]


def test_a_total_over_rows_that_could_not_be_read(tmp_path):
    rows = with_totals(9)
    rows[2][3] = "?"
    preview = read(write_book(tmp_path / XLSX, rows))
    assert said(preview, warnings=False) == ["3:数量(吨) number_wrong"]
    assert "4:数量(吨) total_unchecked" in said(preview)


def test_a_total_without_a_value(tmp_path):
    preview = read(write_book(tmp_path / XLSX, with_totals(None)))
    assert "6:数量(吨) total_unreadable" in said(preview)
    assert len(preview.good) == 3


def test_repeated_headings_and_empty_rows_are_no_data(book):
    preview = read(book(GOOD, [None] * 7, HEADINGS, (*GOOD[:5], "TH2", "")))
    assert [r.row for r in preview.good] == [2, 5]
    assert preview.problems == ()


# -- files that are refused ----------------------------------------------------------------------


def zipped(path: Path, parts: dict[str, bytes | str], base: Path | None = None) -> Path:
    """A zip file with these parts, on top of those of a sound workbook."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if base is not None:
            with zipfile.ZipFile(base) as sound:
                for name in sound.namelist():
                    if name not in parts:
                        archive.writestr(name, sound.read(name))
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


@pytest.fixture
def sound(tmp_path) -> Path:
    """A workbook with nothing wrong."""
    return write_book(tmp_path / "sound.xlsx", [HEADINGS, GOOD])


def test_names_that_are_not_read(tmp_path, sound):
    for name, code in (
        ("a.xlsm", "file_macros"), ("a.ods", "import_file_kind"), ("a.pdf", "import_file_kind"),
        ("a", "import_file_kind"), ("a.xls", "file_renamed"), ("a.csv", "file_renamed"),
        ("a.xlsb", "file_renamed"),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(sound.read_bytes())
        assert refused(tmp_path / name) == code, name


def test_other_kinds_under_the_name_of_a_workbook(tmp_path):
    old = xlwt.Workbook()
    old.add_sheet("六月").write(0, 0, "x")
    old.save(str(tmp_path / "o.xls"))
    ole = (tmp_path / "o.xls").read_bytes()
    for name, data, code in (
        ("a.xlsx", ole, "file_renamed"),
        ("a.xlsx", b"%PDF-1.4", "file_renamed"),
        ("a.xlsx", b"a,b\n1,2\n", "file_renamed"),
        ("a.xls", b"<html><table><tr><td>1", "file_is_web_page"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "file_is_web_page"),
        ("a.xls", b"a\tb\n", "file_renamed"),
        ("a.xlsx", b"", "import_file_empty"),
        ("a.xlsx", b"PK\x03\x04", "workbook_damaged"),
        ("a.csv", b"%PDF-1.4", "file_renamed"),
        ("a.xlsx", ole[:512] + "EncryptedPackage".encode("utf-16-le"), "file_password"),
    ):
        (tmp_path / name).write_bytes(data)
        assert refused(tmp_path / name) == code, (name, data[:20])


def test_no_file_a_folder_and_a_pipe(tmp_path):
    assert refused(tmp_path / "none.xlsx") == "file_missing"
    (tmp_path / "folder.xlsx").mkdir()
    assert refused(tmp_path / "folder.xlsx") == "file_not_regular"
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert refused(tmp_path / "pipe.xlsx") == "file_not_regular"


def test_a_truncated_workbook(tmp_path, sound):
    data = sound.read_bytes()
    for length in (30, len(data) // 2, len(data) - 30, len(data) - 1):
        (tmp_path / XLSX).write_bytes(data[:length])
        assert refused(tmp_path / XLSX) == "workbook_damaged"


def test_a_workbook_with_flipped_bytes_is_refused_or_read_whole(tmp_path, sound):
    data = sound.read_bytes()
    for place in range(40, len(data), 97):
        broken = bytearray(data)
        broken[place] ^= 0xFF
        (tmp_path / XLSX).write_bytes(bytes(broken))
        try:
            preview = read(tmp_path / XLSX)
        except DataError:
            continue
        assert preview.total_kg == 32500


def test_a_zip_bomb(tmp_path, sound):
    bomb = zipped(tmp_path / XLSX, {"xl/worksheets/sheet1.xml": b"0" * 99_000_000}, sound)
    assert bomb.stat().st_size < 200_000
    assert refused(bomb) == "workbook_unsafe"


def test_more_than_100_mb_unpacked(tmp_path, sound):
    noise = os.urandom(1 << 20) * 15  # packs badly enough for the ratio
    parts = {f"xl/media/{n}.bin": noise for n in range(7)}
    with zipfile.ZipFile(tmp_path / XLSX, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data[:100])
    path = tmp_path / XLSX
    data = bytearray(path.read_bytes())
    for at in _central(data):
        struct.pack_into("<I", data, at + 24, 15 << 20)  # what it declares
        struct.pack_into("<I", data, at + 20, 1 << 20)
    path.write_bytes(bytes(data))
    assert refused(path) == "workbook_unsafe"


def _central(data: bytearray) -> list[int]:
    """Where the entries of the list of a zip file begin."""
    found, at = [], data.find(b"PK\x01\x02")
    while at >= 0:
        found.append(at)
        at = data.find(b"PK\x01\x02", at + 4)
    return found


def test_an_entry_that_unfolds_to_more_than_it_declares(tmp_path, sound):
    zipped(tmp_path / XLSX, {"xl/worksheets/sheet1.xml": b"<row>" * 1_000_000}, sound)
    data = bytearray((tmp_path / XLSX).read_bytes())
    struct.pack_into("<I", data, _central(data)[-1] + 24, 2000)
    (tmp_path / XLSX).write_bytes(bytes(data))
    assert refused(tmp_path / XLSX) == "workbook_unsafe"


def test_too_many_entries_and_unsafe_names(tmp_path, sound):
    many = {f"xl/x{n}.xml": b"x" for n in range(1001)}
    assert refused(zipped(tmp_path / XLSX, many, sound)) == "workbook_unsafe"
    for name in ("/etc/x", "../x", "xl/../../x", "C:\\x", "xl\\x", "c:x"):
        assert refused(zipped(tmp_path / XLSX, {name: b"x"}, sound)) == "workbook_unsafe", name


def test_a_password_on_an_entry(tmp_path, sound):
    data = bytearray(sound.read_bytes())
    at = _central(data)[0]
    data[at + 8] |= 1
    (tmp_path / XLSX).write_bytes(bytes(data))
    assert refused(tmp_path / XLSX) == "file_password"


def test_macros_and_dtds_inside(tmp_path, sound):
    macros = zipped(tmp_path / XLSX, {"xl/vbaProject.bin": b"x"}, sound)
    assert refused(macros) == "file_macros"
    with zipfile.ZipFile(sound) as archive:
        types = archive.read("[Content_Types].xml").replace(b"sheet.main", b"macroEnabled.main")
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert refused(zipped(tmp_path / XLSX, {"[Content_Types].xml": types}, sound)) == "file_macros"
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
    parts = {"xl/worksheets/sheet1.xml": sheet.replace(b"?>\n", b"?>\n" + laughs)}
    assert refused(zipped(tmp_path / XLSX, parts, sound)) == "workbook_unsafe"


def test_a_zip_inside_a_zip_is_no_workbook(tmp_path, sound):
    path = zipped(tmp_path / XLSX, {"inner.xlsx": sound.read_bytes()})
    assert refused(path) == "file_renamed"


def test_links_to_other_files_are_not_followed(tmp_path, sound):
    link = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' \
           b'<Relationship Id="rId1" Type="x/externalLinkPath" Target="file:///etc/hostname" ' \
           b'TargetMode="External"/></Relationships>'  # fmt: skip
    parts = {"xl/externalLinks/_rels/externalLink1.xml.rels": link}
    assert read(zipped(tmp_path / XLSX, parts, sound)).total_kg == 32500


def test_a_million_empty_rows(tmp_path, sound):
    rows = b"".join(b'<row r="%d"/>' % n for n in range(3, 1_048_577))
    with zipfile.ZipFile(sound) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(
            b"</sheetData>", rows + b"</sheetData>"
        )
    assert (
        refused(zipped(tmp_path / XLSX, {"xl/worksheets/sheet1.xml": sheet}, sound))
        == "too_many_rows"
    )


def test_as_many_rows_as_are_read_and_one_more(tmp_path):
    line = f"2026-06-15,{NAME},PP-T30S,1\n"
    path = tmp_path / "many.csv"
    path.write_text("日期,客户,产品,数量(吨)\n" + line * MAX_ROWS, encoding="utf-8")
    preview = read(path)
    assert len(preview.good) == MAX_ROWS
    path.write_text("日期,客户,产品,数量(吨)\n" + line * (MAX_ROWS + 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read(path)
    assert caught.value.reasons[0].code == "reason.too_many_rows"


def test_many_sheets(tmp_path):
    with xlsxwriter.Workbook(tmp_path / XLSX) as book:
        for number in range(300):
            add_sheet(book, [["x"] * 10], f"s{number}")
    assert refused(tmp_path / XLSX) == "header_missing"


def test_too_many_columns(tmp_path):
    assert refused(write_book(tmp_path / XLSX, [["x"] * 600])) == "too_many_columns"


def test_a_date_cell_stays_a_day(book):
    preview = read(book((date(2026, 2, 28), "谁", "PP-T30S", 1), headings=HEADINGS[:4]))
    assert preview.bad[0].cells == ("2026-02-28", "谁", "PP-T30S", 1.0)
