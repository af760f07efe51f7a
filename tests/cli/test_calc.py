"""chemsales calc: the reference cases through the command line, one result per case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("content", ["", "{", "[]", '{"kind": "tier"}', '{"cases": 3}'])
def test_a_file_that_is_no_document_is_3(bare: Command, tmp_path: Path, content: str) -> None:
    file = tmp_path / "c.json"
    file.write_text(content)
    assert bare("calc", "tier", file).code == 3
    assert bare("calc", "tier", tmp_path / "none.json").code == 3


def test_an_unknown_kind_is_refused(bare: Command, tmp_path: Path) -> None:
    file = write(tmp_path / "c.json", {"kind": "magic", "cases": []})
    assert bare("calc", "magic", file).code in (2, 3)
