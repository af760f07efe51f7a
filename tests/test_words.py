"""The catalogue of words: complete in every language, placeholders intact, nothing left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from chemsales.rules.errors import Reason
from chemsales.words import LANGUAGES, say

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "N_": None, "Reason": (1,)}
CJK = re.compile(r"[\u3400-\u9fff]")


@cache
def used() -> dict[str, str]:
    """Every message of the source with the first place that uses it."""
    found: dict[str, str] = {}
    for top in ("chemsales", "ui"):
        for file, line, message, _comments, _context in extract_from_dir(
            ROOT / top, keywords=KEYWORDS
        ):
            text = message if isinstance(message, str) else message[0]
            found.setdefault(text, f"{top}/{file}:{line}")
    return found


@cache
def stored(language: str) -> Catalog:
    path = ROOT / "resources" / "i18n" / language / "LC_MESSAGES" / "chemsales.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)[^}]*\}", text))


def test_the_source_has_words() -> None:
    assert len(used()) > 500
    assert "reason.stage_not_yours" in used()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated(language: str) -> None:
    catalogue = stored(language)
    missing = [
        f"{place} {message!r}"
        for message, place in used().items()
        if message and (message not in catalogue or not catalogue[message].string)
    ]
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_are_sentences_not_keys(language: str) -> None:
    bare = [m.id for m in stored(language) if m.id and str(m.string).startswith("reason.")]
    assert not bare


def test_placeholders_are_the_same_in_every_language() -> None:
    english = stored("en")
    differing = [
        message.id
        for language in LANGUAGES
        for message in stored(language)
        if message.id
        and placeholders(str(message.string))
        != placeholders(str(english[message.id].string if message.id in english else message.id))
    ]
    assert not differing


def given(params: ast.expr, scope: ast.AST) -> set[str] | None:
    """The names of a reason's parameters: of a dictionary that stands there, or in the one place
    where the scope assigns it; None where they are put together otherwise."""
    if isinstance(params, ast.Dict):
        names = [key.value for key in params.keys if isinstance(key, ast.Constant)]
        return set(map(str, names)) if len(names) == len(params.keys) else None
    if not isinstance(params, ast.Name):
        return None
    values = []
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if any(getattr(held, "id", "") == params.id for held in ast.walk(target)):
                    values.append(node.value if isinstance(target, ast.Name) else None)
    return given(values[0], scope) if len(values) == 1 and values[0] is not None else None


def sentences() -> Iterator[tuple[str, str, set[str]]]:
    """Where a reason is given, which, and the names of its parameters."""
    for path in sorted((ROOT / "chemsales").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for scope in ast.walk(tree):
            for call in ast.walk(scope) if isinstance(scope, ast.FunctionDef) else ():
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Reason":
                    code, *params = call.args
                    names = given(params[0], scope) if params else set()
                    if isinstance(code, ast.Constant) and names is not None:
                        where = f"{path.relative_to(ROOT)}:{call.lineno}"
                        yield where, str(code.value), names


def test_a_reason_says_a_period_in_words() -> None:
    for code, words in (
        ("2026Q3", "2026年第三季度"),
        ("2026H1", "2026年上半年"),
        ("2026", "2026年度"),
    ):
        told = say(Reason("reason.period_not_evaluated", {"period": code}))
        assert told == f"{words}还没有计算评审。"
    other = say(Reason("reason.period_not_evaluated", {"period": "Q9"}))
    assert other == "Q9还没有计算评审。"


def test_every_reason_brings_what_its_sentence_names() -> None:
    english, found = stored("en"), list(sentences())
    assert len(found) > 300
    lacking = [
        (where, code)
        for where, code, names in found
        if not placeholders(str(english[code].string)) <= names
    ]
    assert not lacking


def test_no_word_is_left_over() -> None:
    left = {m.id for m in stored("zh_CN") if m.id} - set(used())
    assert not left


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_words(language: str) -> None:
    path = ROOT / "resources" / "i18n" / language / "LC_MESSAGES" / "chemsales.mo"
    with path.open("rb") as file:
        compiled = read_mo(file)
    words = {m.id: m.string for m in stored(language) if m.id}
    assert {m.id: m.string for m in compiled if m.id} == words


def literal_arguments(tree: ast.AST) -> list[ast.Call]:
    """Calls of the marking functions whose message is not a literal (and would not be found)."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("N_", "Reason")
        and node.args
        and not (isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str))
    ]


def test_marked_messages_are_literals() -> None:
    """`_` may look up a variable that was marked with N_ elsewhere; an f-string never."""
    wrong = []
    for top in ("chemsales", "ui"):
        for path in (ROOT / top).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for call in literal_arguments(tree):
                wrong.append(f"{path.relative_to(ROOT)}:{call.lineno}")
            for node in ast.walk(tree):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id == "_"
                    and node.args
                    and isinstance(node.args[0], ast.JoinedStr)
                ):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong


def test_no_word_hides_in_an_f_string() -> None:
    """The extraction reads an f-string as one piece: a word inside it would stay untranslated."""
    hidden = []
    for top in ("chemsales", "ui"):
        for path in (ROOT / top).rglob("*.py"):
            for text in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(text, ast.JoinedStr):
                    continue
                hidden += [
                    f"{path.relative_to(ROOT)}:{call.lineno}"
                    for call in ast.walk(text)
                    if isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Name)
                    and call.func.id in KEYWORDS
                    and call.args
                    and isinstance(call.args[0], ast.Constant)
                ]
    assert not hidden


def test_english_words_hold_no_chinese() -> None:
    """Names of the window in its own tongue and examples of input aside."""
    chinese = [m.id for m in stored("en") if m.id and CJK.search(str(m.string))]
    assert len(chinese) <= 12, chinese


def test_english_words_have_no_signs_of_chinese_width() -> None:
    """Where Chinese is typed, such quotes and stops come from a Chinese font, twice as wide."""
    wide = [m.id for m in stored("en") if re.search("[“”‘’「」『』，。；：（）、]", str(m.string))]
    assert not wide


# what a converter of characters leaves: 籤 for 簽, the words of software on the mainland
MAINLAND = re.compile(
    "[籤臺“”賬]|許可權|單元格|工作簿|數據|準入|計算機|快捷鍵|專案|結帳帳|第.*行.*列|標簽|稽核|透過前"
    "|查找|響應|丟失|生成|錄入|升序|降序|掃描件|只讀|跟蹤|千克|含宏|[^何]列表[^頭]|[勾所]選行"
)


def test_traditional_words_are_those_of_taiwanese_offices() -> None:
    assert not [m.string for m in stored("zh_TW") if m.id and MAINLAND.search(str(m.string))]


def test_traditional_help_is_in_words_of_taiwanese_offices() -> None:
    pages = sorted((ROOT / "resources" / "help" / "zh_TW").glob("*.md"))
    assert len(pages) > 5
    found = {page.name: MAINLAND.findall(page.read_text("utf-8")) for page in pages}
    assert not {name: words for name, words in found.items() if words}


@pytest.mark.parametrize(
    ("language", "rated", "evaluated"), [("zh_CN", "评价", "评审"), ("zh_TW", "評價", "評審")]
)
def test_c16_1_an_evaluation_is_called_as_the_regulation_calls_it(
    language: str, rated: str, evaluated: str
) -> None:
    """The other word is that of what an account manager rates."""
    english, chinese = stored("en"), stored(language)
    said = {
        str(message.id): str(message.string)
        for message in chinese
        if message.id and "evaluat" in str(english[message.id].string).lower()
    }
    assert [key for key, text in said.items() if rated in text] == []
    assert len([text for text in said.values() if evaluated in text]) > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_said_twice(language: str) -> None:
    twice = re.compile(r"(.{12,})\1")
    assert not [m.id for m in stored(language) if m.id and twice.search(str(m.string))]


# what puts its text argument (position) before a person
SHOWN = {
    **dict.fromkeys(
        (
            "setText", "setToolTip", "setStatusTip", "setWindowTitle", "setPlaceholderText",
            "setAccessibleName", "setAccessibleDescription", "setTitle", "setInformativeText",
            "showMessage", "setWhatsThis", "set_message", "set_empty_text", "addItem",
            "PlainLabel", "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox",
            "Button", "button", "EmptyState", "Column",
        ),
        0,
    ),
    **dict.fromkeys(("addTab", "setTabText", "setItemText", "action", "add"), 1),
}  # fmt: skip
WORD = re.compile(r"[A-Za-z]{2}|[\u3400-\u9fff]")
# examples of what to type, the same in every language
NOT_WORDS = {"postgresql://host:5432/chemsales"}


def bare_words(value: ast.expr) -> list[str]:
    """The words in an expression that come from no catalogue: literals and parts of f-strings."""
    if isinstance(value, ast.Constant):
        return [value.value] if isinstance(value.value, str) and WORD.search(value.value) else []
    if isinstance(value, ast.JoinedStr):
        return [word for part in value.values for word in bare_words(part)]
    if isinstance(value, ast.BinOp):
        return bare_words(value.left) + bare_words(value.right)
    if isinstance(value, ast.IfExp):
        return bare_words(value.body) + bare_words(value.orelse)
    return []


def name_of(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def shown_literals(tree: ast.AST) -> list[tuple[int, str]]:
    found = []
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        position = SHOWN.get(name_of(call.func))
        if position is not None and len(call.args) > position:
            found += [(call.lineno, word) for word in bare_words(call.args[position])]
    return [(line, word) for line, word in found if word not in NOT_WORDS]


def test_a_bare_literal_is_found() -> None:
    for text in ('x.setText("Save")', 'PlainLabel(f"客户 {n}")', 'button("A" + _("b") + "Cd")'):
        assert shown_literals(ast.parse(text)), text
    for text in ('x.setText(_("Save"))', 'x.setText(f"{a} · {b}")', 'PlainLabel("", role="quiet")'):
        assert not shown_literals(ast.parse(text)), text


def test_no_literal_reaches_a_text_setting_call() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {word!r}"
        for path in sorted((ROOT / "ui").rglob("*.py"))
        for line, word in shown_literals(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not wrong


SHOWING = ("ui", "chemsales/cli", "chemsales/reports", "chemsales/queries", "chemsales/services")
# the signs of Chinese days on paper; the name of the first rule edition
CHINESE_IN_CODE = {"chemsales/reports/values.py", "chemsales/services/setup.py"}


def test_functions_hold_no_chinese() -> None:
    """Chinese words are in the catalogue; what the program recognises in input is in constants."""
    wrong = []
    for top in SHOWING:
        for path in sorted((ROOT / top).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            if place in CHINESE_IN_CODE:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
            for function in functions:
                said = {id(s.value) for s in function.body if isinstance(s, ast.Expr)}
                wrong += [
                    f"{place}:{node.lineno} {node.value!r}"
                    for node in ast.walk(function)
                    if isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and CJK.search(node.value)
                    and id(node) not in said
                ]
    assert not wrong
