"""The articles beside the decisions."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import opencc
import pytest

from chemsales import articles, words
from chemsales.rules.errors import NotFound

ROOT = Path(__file__).parent.parent
CLAUSE = re.compile(r"[CPR]\d+\.\d+(?:\.\d+)*")


def test_a_decision_cites_its_article() -> None:
    assert articles.cite("C9.2.3", 2).replace("，", ",") == "依据第九条(二)3,版本 2"
    assert articles.cite("C7.1") == "依据第七条第一款"
    assert articles.cite("") == articles.cite("X1.1") == ""
    with words.language("en"):
        assert articles.cite("C9.2.3", 2) == "by Article 9(2)(3), edition 2"


def test_traditional_chinese_cites_in_its_own_script() -> None:
    with words.language("zh_TW"):
        assert articles.cite("C9.2.3", 2).replace("，", ",") == "依據第九條(二)3,版本 2"
        cited = {clause: articles.article(clause).citation for clause in articles.clauses()}
    convert = opencc.OpenCC("s2tw").convert
    assert cited == {each: convert(articles.article(each).citation) for each in cited}


def test_an_article_in_either_language() -> None:
    assert articles.article("C2.1").text.startswith("所有类型客户实行“款到发货，货物自提”")
    assert articles.article("R5.2.1").document == "客户管理细则"
    with words.language("en"):
        assert articles.article("C2.1").text.startswith("All types of customers pay before")


def test_a_finer_id_falls_back_and_an_unknown_one_is_refused() -> None:
    assert articles.article("C9.2.9").id == "C9.2"
    for clause in ("", "C", "X9.2", "C99.1"):
        with pytest.raises(NotFound):
            articles.article(clause)


def test_the_regulation_is_complete() -> None:
    """Articles 1-20, the committee's duties and the detailed rules, none without text."""
    ids = articles.clauses()
    assert {int(i[1:].split(".")[0]) for i in ids if i[0] == "C"} == set(range(1, 21))
    assert {int(i[1:].split(".")[0]) for i in ids if i[0] == "P"} == {0, 1, 2, 3}
    assert {int(i[1:].split(".")[0]) for i in ids if i[0] == "R"} == set(range(1, 10))
    for language in words.LANGUAGES:
        with words.language(language):
            for clause in ids:
                found = articles.article(clause)
                assert found.id == clause
                assert found.text.strip() and found.citation.strip() and found.document.strip()


def test_the_text_is_simplified_and_mended() -> None:
    """No traditional character is left, and the two broken ones are read as 平衡 and 下一步."""
    text = "".join(articles.article(clause).text for clause in articles.clauses())
    assert not set("產銷戶開發審財務經營業報貨類級單與為應時間這") & set(text)
    assert "平衡独家代理量" in text and "下一步" in text and "?" not in text


def literals(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [value for value in constants if isinstance(value, str)]


def cited_in_code() -> dict[str, str]:
    """Every clause id that is a literal of the program, with a file that names it."""
    files = [path for top in ("chemsales", "ui") for path in sorted((ROOT / top).rglob("*.py"))]
    return {text: f.name for f in files for text in literals(f) if CLAUSE.fullmatch(text)}


def test_every_clause_that_the_program_names_has_a_text() -> None:
    missing = {c: file for c, file in cited_in_code().items() if c not in articles.clauses()}
    assert not missing


# accreditation, the archive and licences: each is tried below the window and in it
OF_THE_DOOR = (
    "C4.2", "C4.4", "C4.7", "C5.1", "C7.1", "C7.2", "C8.1", "C8.2", "C8.3", "C10.2", "C10.3",
    "C10.5", "C10.7", "C15.1", "C15.2", "C17.1",
)  # fmt: skip


@pytest.mark.parametrize("folders", [("services", "queries"), ("ui",)], ids=["service", "window"])
@pytest.mark.parametrize("clause", OF_THE_DOOR)
def test_a_clause_has_a_test_that_is_named_after_it(clause: str, folders: tuple[str, ...]) -> None:
    named = re.compile(rf"^def test_(\w+_)?{clause.lower().replace('.', '_')}_", re.MULTILINE)
    files = [path for each in folders for path in (ROOT / "tests" / each).glob("test_*.py")]
    assert any(named.search(path.read_text(encoding="utf-8")) for path in files)
