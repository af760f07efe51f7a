"""CSV files: encodings, separators, quotes; detected and shown, never guessed around."""

from __future__ import annotations

import pytest

from chemsales.exchange.table import write_csv
from chemsales.rules.errors import DataError
from tests.exchange.conftest import read, said, sentences

HEAD = "提货日期,客户名称,产品,提货量(吨),提货单号\n"
LINE = '2026-06-15,恒力石化（大连）有限公司,PP-T30S,"1,204.5",TH1\n'


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 BOM"),
        ("gbk", "GB18030"),
        ("gb18030", "GB18030"),
        ("utf-16", "UTF-16"),
    ],
)
def test_encodings(text, codec, encoding):
    preview = read(text((HEAD + LINE).encode(codec)))
    assert preview.encoding == encoding
    assert [r.kg for r in preview.good] == [1_204_500]
    assert preview.sheet == ""


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(text, separator, end):
    lines = (HEAD + LINE.replace('"1,204.5"', "1204.5")).replace(",", separator)
    preview = read(text(lines.replace("\n", end)))
    assert preview.separator == separator
    assert [(r.row, r.kg) for r in preview.good] == [(2, 1_204_500)]


def test_line_ends_inside_quotes(text):
    preview = read(
        text(HEAD.replace("提货单号", '"提货\r\n单号"') + LINE + LINE.replace("TH1", '"T\nH2"'))
    )
    assert [(r.row, r.note_no) for r in preview.good] == [(2, "TH1"), (3, "T H2")]


def test_a_comma_in_a_number_without_quotes(text):
    preview = read(text(HEAD + LINE.replace('"', "")))
    assert said(preview) == ["2: row_too_long"]
    assert "引号" in sentences(preview)


def test_short_rows_and_empty_lines(text):
    preview = read(text(HEAD + "\n" + LINE + "2026-06-15,恒力石化（大连）有限公司\n\n"))
    assert [r.row for r in preview.good] == [3]
    assert said(preview) == ["4:产品 cell_missing", "4:提货量(吨) cell_missing"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import_file_empty"),
        (HEAD.encode() + b"2026-06-15,\xff\xff,a,1\n", "file_encoding"),
        (HEAD.encode() + LINE.encode() + b"\x00", "file_encoding"),
        ((HEAD + LINE).encode("utf-16-le"), "file_encoding"),  # without its mark
        (HEAD.encode() + b'2026-06-15,"abc,PP-T30S,1,TH1\n', "csv_quotes"),
        (HEAD.encode() + b'2026-06-15,"ab"c,PP-T30S,1,TH1\n', "csv_quotes"),
        (HEAD.encode() + b'2026-06-15,"' + b"x" * 1_000_000 + b'",PP-T30S,1,TH1\n', "csv_quotes"),
        ("说明\n没有表头\n".encode(), "header_missing"),
        (b"<html>", "header_missing"),
    ],
)
def test_files_that_are_refused(text, data, code):
    with pytest.raises(DataError) as caught:
        read(text(data))
    assert [r.code for r in caught.value.reasons] == [f"reason.{code}"]


def test_text_files_by_other_names(text):
    tabs = (HEAD + LINE.replace('"1,204.5"', "3")).replace(",", "\t")
    for name in ("提货.tsv", "提货.txt", "提货.CSV"):
        assert [r.kg for r in read(text(tabs, name)).good] == [3000]


def test_our_own_export_comes_back(tmp_path):
    path = tmp_path / "out.csv"
    row = ("2026-06-15", "恒力石化（大连）有限公司", "PP-T30S", 3, "-TH=1")
    write_csv(HEAD.strip().split(","), [row], path)
    assert "'-TH=1" in path.read_text(encoding="utf-8-sig")
    assert [r.note_no for r in read(path).good] == ["-TH=1"]


@pytest.mark.parametrize(
    ("note", "stored"),
    [
        ("T\u0301H1", "T\u0301H1"),  # a combining accent without a composed form stays
        ("Cafe\u0301", "Café"),  # one with a composed form is composed
        ("单号💠", "单号💠"),
        ("T  H\t1", "T H 1"),
        ("𠮷田", "𠮷田"),
    ],
)
def test_unusual_texts_are_kept(text, note, stored):
    assert [r.note_no for r in read(text(HEAD + LINE.replace("TH1", note))).good] == [stored]


@pytest.mark.parametrize(
    "sign", ["\x01", "\x1b[31m", "\x7f", "\u200b", "\u202e", "\ufeff", "\ue000"]
)
def test_hidden_signs_are_refused(text, sign):
    preview = read(text(HEAD + LINE.replace("TH1", f"T{sign}H")))
    assert said(preview) == ["2:提货单号 text_hidden"]


def test_a_lone_surrogate_is_no_text(text):
    with pytest.raises(DataError) as caught:
        read(text((HEAD + LINE.replace("TH1", "T\ud800")).encode("utf-8", "surrogatepass")))
    assert caught.value.reasons[0].code == "reason.file_encoding"
