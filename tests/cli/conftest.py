"""A command line for tests: commands run in this process, on a department of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chemsales.cli import main
from chemsales.storage import database as storage
from tests.factory import PASSWORD


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said: its exit code, its output, and the output as JSON where it is."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The output as JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Command = Callable[..., Answer]


@pytest.fixture
def bare(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """`bare("doctor", "--json")` runs a command as typed, without a database or login."""
    for name in ("CHEMSALES_PASSWORD", "CHEMSALES_LOGIN", "CHEMSALES_DB"):
        monkeypatch.delenv(name, raising=False)

    def run(*argv: object) -> Answer:
        capsys.readouterr()
        code = main([str(part) for part in argv])
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    before = storage.database.obj
    yield run
    storage.close()
    storage.database.obj = before


@pytest.fixture
def department(new_database: Callable[[str, str], str]) -> str:
    """The URL of a department's database (tests.factory.seed_department) that no one has open."""
    return new_database("sqlite", "ready")


@pytest.fixture
def command(bare: Command, department: str, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`command("sales", "close-month", "2026-05")` acts as a login in the department's database."""
    monkeypatch.setenv("CHEMSALES_PASSWORD", PASSWORD)

    def run(login: str, *argv: object) -> Answer:
        return bare(*argv, "--db", department, "--login", login, "--json")

    return run


@pytest.fixture
def secret(tmp_path: Path) -> Callable[[str], Path]:
    """`secret("words")`: a file whose first line is a password."""

    def write(password: str) -> Path:
        path = tmp_path / "password.txt"
        path.write_text(password + "\n", encoding="utf-8")
        return path

    return write
