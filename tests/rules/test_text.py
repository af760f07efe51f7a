"""Names, comments and labels of files as they are stored; the types of scans."""

from __future__ import annotations

import pytest

from chemsales.rules.documents import LARGEST, file_type
from chemsales.rules.errors import Invalid
from chemsales.rules.text import LABEL_LIMIT, clean_line, clean_text, file_label


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  海洋   塑料\t有限公司 ", "海洋 塑料 有限公司"),
        ("café", "café"),
        ("㈱甲", "㈱甲"),
        ("𠮷野", "𠮷野"),
    ],
)
def test_a_name_is_one_line(typed, stored):
    assert clean_line(typed, "name", 100) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "reason.text_missing"),
        (" \u3000 ", "reason.text_missing"),
        ("甲" * 101, "reason.text_long"),
        ("甲\u202e乙", "reason.text_hidden"),
        ("甲\u200b乙", "reason.text_hidden"),
        ("甲\n乙", "reason.text_hidden"),
        ("甲\x00乙", "reason.text_hidden"),
        ("甲\ud800乙", "reason.text_hidden"),
    ],
)
def test_names_that_are_refused(typed, code):
    with pytest.raises(Invalid) as refusal:
        clean_line(typed, "name", 100)
    (problem,) = refusal.value.problems
    assert (problem.place, problem.reason.code) == ("name", code)


def test_a_name_that_is_not_required_may_be_empty():
    assert clean_line("  ", "name", 100, required=False) == ""


def test_a_comment_keeps_its_lines_and_nothing_hidden():
    assert (
        clean_text(" 第一行\r\n第二行\r第\u202e三\x00行 ", "comment", 100)
        == "第一行\n第二行\n第三行"
    )
    with pytest.raises(Invalid):
        clean_text("甲" * 101, "comment", 100)


@pytest.mark.parametrize(
    ("file_name", "label"),
    [
        ("营业执照.pdf", "营业执照.pdf"),
        ("/etc/../passwd", "passwd"),
        ("C:\\scans\\a.png", "a.png"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("", "-"),
        ("a/", "-"),
        ("CON", "CON"),
        ("a\nb.pdf", "ab.pdf"),
    ],
)
def test_a_file_name_is_only_a_label(file_name, label):
    assert file_label(file_name) == label


def test_a_long_label_keeps_its_ending():
    label = file_label("长" * 500 + ".tiff")
    assert len(label) == LABEL_LIMIT
    assert label.endswith(".tiff")


def test_the_largest_scan_is_twenty_megabytes():
    data = b"%PDF-" + bytes(LARGEST - 5)
    assert file_type(data) == "application/pdf"
    with pytest.raises(Invalid):
        file_type(data + b"x")
    assert file_type(b"\xff\xd8\xff") == "image/jpeg"
