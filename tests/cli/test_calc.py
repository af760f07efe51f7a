"""chemsales calc: the reference cases through the command line, one result per case."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from chemsales import calc
from chemsales.cli import main
from chemsales.cli.calc import KINDS
from tests.cli.conftest import Command


def write(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def test_cases_are_computed_in_order(bare: Command, tmp_path: Path) -> None:
    cases = [
        {"weeks": [250, 250, 250, 250], "working_days": [5, 5, 2, 5]},
        {"weeks": [1000, 0, 0, 0], "working_days": [1, 1, 1, 1]},
    ]
    answer = bare(
        "calc", "evenness", write(tmp_path / "c.json", {"kind": "evenness", "cases": cases})
    )
    assert answer.code == 0
    results = answer.json["results"]
    assert len(results) == 2 and results[1]["evenness"] == 0


def test_a_case_that_cannot_be_computed_is_3_and_the_others_are_there(
    bare: Command, tmp_path: Path
) -> None:
    cases = [{"kind": "uscc"}, {"kind": "uscc", "code": "91370200MA000001XX"}]
    file = write(tmp_path / "c.json", {"kind": "identifier", "cases": cases})
    answer = bare("calc", "identifier", file)
    assert answer.code == 3
    first, second = answer.json["results"]
    assert first["error"] and second["valid"] is False


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", '{"kind": "tier"}', '{"cases": 3}', "[" * 100_000,
        '{"cases": [' + "1" * 5000 + "]}",
    ],
    ids=["empty", "cut", "list", "no-cases", "number", "deep", "long-number"],
)  # fmt: skip
def test_a_file_that_is_no_document_is_3(bare: Command, tmp_path: Path, content: str) -> None:
    file = tmp_path / "c.json"
    file.write_text(content)
    assert bare("calc", "tier", file).code == 3
    missing = bare("calc", "tier", tmp_path / "none.json")
    assert missing.code == 3 and str(tmp_path / "none.json") in missing.err


def test_an_unknown_kind_is_refused(bare: Command, tmp_path: Path) -> None:
    file = write(tmp_path / "c.json", {"kind": "magic", "cases": []})
    answer = bare("calc", "magic", file)
    assert answer.code == 2 and "magic" in answer.err
    assert tuple(calc._KINDS) == KINDS  # what the command offers is what can be computed


def test_numbers_are_read_as_they_are_written(bare: Command, tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    indicators = '{"completion": 59.99999999999999999999, "evenness": 59.99999999999999999999}'
    case = f'{{"customer_class": "dealer", "indicators": {indicators}}}'
    file.write_text(f'{{"cases": [{case}]}}', encoding="utf-8-sig")  # as Windows editors save it
    (result,) = bare("calc", "score", file).json["results"]
    assert result["grade"] == "不合格"


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252", "utf-8"])
def test_the_answer_is_json_whatever_the_output_can_take(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = {"start_level": "\ud800\U0001f600", "customer_kind": "计划/经销", "monthly_tonnes": []}
    file = tmp_path / "c.json"
    file.write_text(json.dumps({"cases": [odd]}), encoding="ascii")
    taken = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(taken, encoding=encoding))
    assert main(["calc", "tier", str(file)]) == 3
    sys.stdout.flush()
    (result,) = json.loads(taken.getvalue().decode(encoding))["results"]
    assert "\U0001f600" in result["error"]
