"""Tables handed out: nothing in them is taken for a formula; bad rows come back to be corrected."""

from __future__ import annotations

import os
import threading
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from chemsales import exchange
from chemsales.exchange.table import write_csv, write_xlsx
from chemsales.words import language
from tests.exchange.conftest import DAY, GOOD, HEADINGS, read, said

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1", "＠x", '=cmd|" /C calc"!A0')


def test_text_stays_text_in_a_workbook(tmp_path):
    path = tmp_path / "out.xlsx"
    write_xlsx(["=h", "v"], [(text, 1) for text in HOSTILE], path)
    sheet = openpyxl.load_workbook(path).active
    assert [cell.data_type for cell in sheet["A"]] == ["s"] * (len(HOSTILE) + 1)
    written = [
        cell.value.replace("_x000D_", "\r") for cell in sheet["A"]
    ]  # as the format escapes it
    assert written == ["=h", *HOSTILE]
    assert all(cell.quotePrefix for cell in sheet["A"][1:])


def test_numbers_and_days_stay_what_they_are(tmp_path):
    path = tmp_path / "out.xlsx"
    row = (Decimal("1204.345"), 3, -2, date(2026, 6, 15), True, None, "")
    write_xlsx(list("abcdefg"), [row], path)
    cells = openpyxl.load_workbook(path).active[2]
    assert [cell.value for cell in cells][:3] == [1204.345, 3, -2]
    assert cells[3].is_date and cells[3].value.date() == date(2026, 6, 15)
    assert cells[4].value is True
    assert [cell.value for cell in cells[5:]] == [None] * len(cells[5:])


def test_text_stays_text_in_a_csv_file(tmp_path):
    path = tmp_path / "out.csv"
    write_csv(["=h"], [(text,) for text in (*HOSTILE, -3, Decimal("-1.5"), DAY, "a,b", None)], path)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    import csv
    import io

    found = [
        row[0] if row else ""
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    ]
    assert found == [
        "'=h",
        *("'" + text for text in HOSTILE),
        "-3",
        "-1.5",
        "2026-06-15",
        "a,b",
        "",
    ]


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    def rows():
        yield ("a",)
        raise OSError("disk full")

    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")
    for write in (write_xlsx, write_csv):
        with pytest.raises(OSError, match="disk full"):
            write(["h"], rows(), path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_one_and_a_pipe_gets_everything(tmp_path):
    real, link, pipe = tmp_path / "kept" / "real.csv", tmp_path / "link.csv", tmp_path / "pipe.csv"
    real.parent.mkdir()
    link.symlink_to(real)
    write_csv(["h"], [("甲",)], link)  # it points to nothing yet
    write_csv(["h"], [("乙",)], link)
    assert link.is_symlink() and "乙" in real.read_text("utf-8-sig")
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_csv(["h"], [("乙",)], pipe)
    reader.join(30)
    assert pipe.is_fifo() and got == [real.read_bytes()]
    names = {path.name for path in tmp_path.rglob("*")}
    assert names == {"kept", "real.csv", "link.csv", "pipe.csv"}


def test_bad_rows_come_back_and_go_in_again_when_corrected(book, tmp_path):
    wrong = (DAY, "=谁", "PP-T30S", "x", "提货", "TH2", "")
    preview = read(book(GOOD, wrong, (*GOOD[:5], "TH3", "")))
    path = tmp_path / "bad.xlsx"
    exchange.write_bad_rows(preview, path)
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[1]] == [*HEADINGS, "问题"]
    assert sheet.max_row == 2
    assert sheet["B2"].value == "=谁" and sheet["B2"].data_type == "s"
    assert "第 3 行“客户名称”列" in sheet["H2"].value
    assert "第 3 行“提货量(吨)”列" in sheet["H2"].value
    assert said(read(path)) == ["2:客户名称 customer_not_accredited", "2:提货量(吨) number_wrong"]

    sheet["B2"], sheet["D2"] = GOOD[1], 5
    sheet.parent.save(path)
    again = read(path)
    assert [(r.day, r.kg, r.note_no) for r in again.good] == [("2026-06-15", 5000, "TH2")]
    assert again.problems == ()


def test_bad_rows_speak_the_readers_language(book, tmp_path):
    preview = read(book((DAY, "谁", *GOOD[2:])))
    with language("en"):
        exchange.write_bad_rows(preview, tmp_path / "bad.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "bad.xlsx").active
    assert sheet["H1"].value == "What is wrong"
    assert 'Row 2, column "客户名称": There is no accredited customer' in sheet["H2"].value
