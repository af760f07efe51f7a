"""The one door for text: what it takes away, and that there is no other."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from chemsales.config import resource
from chemsales.reports import application_form, style
from chemsales.reports.glyphs import check_glyphs
from chemsales.reports.style import TextStyle, clean, face, para
from chemsales.rules.errors import DataError
from chemsales.words import language, say
from tests.reports import pdf, samples

REPORTS = Path(style.__file__).parent


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("宁波华塑", "宁波华塑"),
        ("  宁波\t华塑 \n", "宁波 华塑"),
        ("<b>粗</b> & <img src='/etc/passwd'>", "<b>粗</b> & <img src='/etc/passwd'>"),
        ("a\x00b\x07c\x1b[31md", "abc[31md"),
        ("gpj\u202eexe", "gpjexe"),
        ("a\u200b\u200d\u2066\ufeff\u00adb", "ab"),
        ("一\r\n二\r三\u2028四\x0b五", "一\n二\n三\n四\n五"),
        ("宽\u00a0空\u2003格", "宽 空 格"),
        ("葛\U000e0100城", "葛城"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("lone \ud800 surrogate", "lone  surrogate"),
    ],
)
def test_cleaned(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_long_text_is_cut_and_says_so() -> None:
    assert clean("客" * 100_000) == "客" * (style.LIMIT - 1) + "…"
    assert len(para("客" * 100_000, TextStyle(limit=50)).text) == 50


def test_lines_beyond_the_most_are_cut_and_say_so() -> None:
    shown = para("客户管理办法" * 20, TextStyle(10, max_lines=2))
    lines = shown.lines(100)
    assert lines == ["客户管理办法客户管理", "办法客户管理办法客…"]


def test_a_long_word_shrinks_the_text_before_it_is_broken() -> None:
    assert para("Completion %", TextStyle(8, whole=True)).lines(33) == ["Completion", "%"]
    assert para("C" * 40, TextStyle(8, whole=True)).lines(30) != ["C" * 40]


@pytest.mark.parametrize("name", ["Paragraph", "XPreformatted", "drawString", "Table", "textLine"])
def test_there_is_no_other_way_to_paper(name: str) -> None:
    """ReportLab's Paragraph reads markup; only style.py may draw strings at all."""
    allowed = {"drawString": {"style.py"}}.get(name, set())
    for path in sorted(REPORTS.parent.rglob("*.py")):
        if path.parent != REPORTS or path.name not in allowed:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            used = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("reportlab"):
                    used |= {alias.name for alias in node.names}
            assert name not in used or path.parent != REPORTS, f"{path}: {name}"


@pytest.mark.parametrize(
    ("char", "field", "words"),
    [
        ("\U0001f600", "name", "客户名称"),
        ("\ue000", "bank", "开户行"),
        ("\u0e01", "manager_opinion", "客户经理意见"),
    ],
)
def test_a_missing_glyph_is_found_before_printing(char: str, field: str, words: str) -> None:
    form = samples.form()
    if field == "manager_opinion":
        hard = application_form.replace(form, manager_opinion=f"好{char}的")
    else:
        facts = application_form.replace(form.facts, **{field: f"好{char}的"})
        hard = application_form.replace(form, facts=facts)
    with pytest.raises(DataError) as refused:
        application_form.render(hard)
    reason = refused.value.reasons[0]
    assert reason.code == "reason.glyph_missing"
    with language("zh_CN"):
        text = say(reason)
    assert words in text
    assert char in text
    assert f"U+{ord(char):04X}" in text


def test_para_itself_refuses_a_missing_glyph() -> None:
    with pytest.raises(DataError):
        para("好\U0001f600", TextStyle()).height(100)


def test_names_with_rare_characters_are_printed_and_copied_out() -> None:
    name = "𫖯林㛃琇𬭊有限公司"
    check_glyphs(name, "name")
    form = samples.form()
    data = application_form.render(
        application_form.replace(form, facts=application_form.replace(form.facts, name=name))
    )
    assert name in pdf.text(data)


@pytest.mark.parametrize("code", ["zh_CN", "en"])
def test_all_words_of_the_program_can_be_printed(code: str) -> None:
    path = resource("i18n", code, "LC_MESSAGES", "chemsales.po")
    with path.open("rb") as file:
        words = [(str(m.id), str(m.string or m.id)) for m in read_po(file) if m.id]
    lacking = {
        (msgid, char) for msgid, text in words for char in clean(text) if not face().has(char)
    }
    assert not lacking


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys; from chemsales.reports import application_form, evaluation_sheet, "
        "operating_meeting; print([m for m in ('reportlab', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
