"""`chemsales move`: to a server and back, in one command each, with what it compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Command


def test_there_and_back(
    command: Command, new_database: Callable[[str, str], str], tmp_path: Path
) -> None:
    server = new_database("postgresql", "empty")
    there = command("admin", "move", "--to", server)
    assert there.code == 0, there.err
    assert there.json["tables"]["person"]["rows"] == 7 and there.json["problems"] == []
    assert "@" not in there.json["target"], "an address with its password was shown"
    again = command("admin", "move", "--to", server)
    assert again.code == 3 and again.json["reasons"][0]["code"] == "reason.copy_target_not_empty"
    file = tmp_path / "back.db"
    back = command("admin", "move", "--from", server, "--to", file)
    assert back.code == 0, back.err
    for name in ("person", "product", "rule_edition"):
        assert back.json["tables"][name] == there.json["tables"][name]
    assert file.stat().st_size and not list(tmp_path.glob("*.moving*"))


def test_said_for_people(bare: Command, command: Command, department: str, tmp_path: Path) -> None:
    said = bare(
        "move", "--from", department, "--to", tmp_path / "x.db", "--login", "admin", "--lang", "en"
    )
    assert said.code == 0, said.err
    assert "person: 7" in said.out and "every table was compared row by row" in said.out
    refused = command("am", "move", "--to", tmp_path / "y.db")
    assert refused.code == 5 and not (tmp_path / "y.db").exists()
