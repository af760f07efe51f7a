"""The frame of the command line: usage, languages, logins, exit codes, no question ever asked."""

from __future__ import annotations

import io
import os
import re
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chemsales import words
from chemsales.cli import main, parser
from tests.cli.conftest import Command
from tests.factory import PASSWORD

COMMANDS = (
    "init-db", "demo", "import", "undo-import", "close-month", "reopen-month", "evaluate",
    "report", "export", "backup", "restore", "confirm-restored", "move", "verify", "user", "calc",
    "doctor", "version", "licences", "remind", "delegate", "revoke-delegation", "delegations",
)  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("code", words.LANGUAGES)
def test_every_command_explains_itself_in_every_language(
    bare: Command, name: str, code: str
) -> None:
    answer = bare(name, "--lang", code, "--help")
    assert answer.code == 0
    assert "--json" in answer.out and name in answer.out


@pytest.mark.parametrize("code", words.LANGUAGES)
def test_no_line_of_the_whole_help_is_in_another_language(bare: Command, code: str) -> None:
    said = bare("--help", "--lang", code).out
    line = next(line for line in said.splitlines() if "--version" in line.split())
    assert ("version number" in line) is (code == "en"), line


def test_the_examples_of_the_readme_are_understood() -> None:
    """What it shows can be typed, with what `chemsales` stands for, in every language there is."""
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    examples = [line for line in text.splitlines() if line.startswith("chemsales ")]
    assert len(examples) > 20
    for line in examples:
        typed = re.split(r"  +| \(", line)[0]
        parser().parse_args(shlex.split(typed)[1:])
    assert f"--lang {'|'.join(words.LANGUAGES)}" in text
    assert any("--application SQ" in line for line in examples)
    before = text[: text.index("\nchemsales ")]
    assert "`chemsales` below stands for `.venv/bin/python -m chemsales`" in before


def test_help_is_in_the_language_asked_for(bare: Command) -> None:
    chinese = bare("close-month", "--lang", "zh_CN", "--help").out
    english = bare("close-month", "--lang", "en", "--help").out
    assert "结账" in chinese and "结账" not in english


@pytest.mark.parametrize(
    "argv",
    [[], ["nothing"], ["close-month"], ["report", "poem", "--out", "x"], ["calc"],
     ["report", "file-card", "--out", "x.pdf"], ["report", "agent-licence", "--out", "x.pdf"],
     ["report", "disqualification", "--out", "x.pdf"],
     ["import", "pickups"], ["backup", "--keep-all", "many"]],
)  # fmt: skip
def test_wrong_usage_is_2(bare: Command, argv: list[str]) -> None:
    answer = bare(*argv)
    assert answer.code == 2 and words._("usage: ").strip() in answer.err


@pytest.mark.parametrize("code", words.LANGUAGES)
def test_the_scaffolding_of_the_help_is_in_the_language_asked_for(bare: Command, code: str) -> None:
    said = [
        bare("report", "--lang", code, "--help").out, bare("report", "--lang", code).err,
        bare("close-month", "--lang", code).err, bare("report", "poem", "--lang", code).err,
        bare("verify", "--lang", code, "--nothing").err, bare("calc", "--lang", code, "x").err,
    ]  # fmt: skip
    english = re.compile("usage|options|positional|show this|error:|argument|required|invalid")
    for text in said:
        assert bool(english.search(text)) is (code == "en"), text


@pytest.mark.parametrize("code", words.LANGUAGES)
@pytest.mark.parametrize(
    "argv",
    [
        ("undo-import", "many"), ("revoke-delegation", "1.5"), ("policy", "diff", "two"),
        ("recompute", "closing", "2026-05", "--revision", "x"),
    ],
)  # fmt: skip
def test_what_is_no_whole_number_is_refused_in_words(
    bare: Command, code: str, argv: tuple[str, ...]
) -> None:
    answer = bare(*argv, "--lang", code)
    *_usage, told = answer.err.strip().splitlines()
    assert answer.code == 2 and argv[-1] in told and "int" not in told
    english = re.search("error|argument|value|not a number|decimals", told)
    assert bool(english) is (code == "en"), told


def test_nothing_is_asked_when_a_password_lacks(
    bare: Command, department: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("should not be read"))
    for argv in (("verify",), ("verify", "--login", "admin")):
        answer = bare(*argv, "--db", department)
        assert answer.code == 5
        assert answer.err.strip()
    assert sys.stdin.read() == "should not be read"


def test_a_password_comes_from_a_file_or_the_environment(
    bare: Command, department: str, secret: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = secret(PASSWORD)
    argv = ("verify", "--db", department, "--login", "auditor", "--json")
    assert bare(*argv, "--password-file", file).code == 0
    monkeypatch.setenv("CHEMSALES_PASSWORD", PASSWORD)
    assert bare(*argv).code == 0
    monkeypatch.setenv("CHEMSALES_PASSWORD", "wrong words every day")
    refused = bare(*argv)
    assert refused.code == 5
    assert refused.json["reasons"][0]["code"] == "reason.login_refused"
    assert bare(*argv, "--password-file", file.with_name("none")).code == 3


def test_what_a_role_may_not_do_is_5_with_its_reason(command: Command) -> None:
    for login, argv in (
        ("gm", ("close-month", "2026-05")),
        ("am", ("backup",)),
        ("sales", ("verify",)),
        ("gm", ("user", "list")),
        ("finance", ("evaluate", "2026Q2")),
    ):
        answer = command(login, *argv)
        assert answer.code == 5, argv
        assert answer.json["ok"] is False
        assert answer.json["reasons"][0]["text"]


def test_a_database_that_is_not_ours_is_3_and_stays_as_it_was(
    bare: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEMSALES_PASSWORD", PASSWORD)
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE t (a)")
    text = tmp_path / "text.db"
    text.write_text("hello")
    for path in (foreign, text):
        before = path.read_bytes()
        assert bare("verify", "--db", path, "--login", "admin", "--json").code == 3
        assert path.read_bytes() == before


def test_a_server_that_cannot_be_reached_is_4(
    bare: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEMSALES_PASSWORD", PASSWORD)
    url = "postgresql://nobody:nothing@127.0.0.1:1/chemsales"
    answer = bare("verify", "--db", url, "--login", "admin", "--json")
    assert answer.code == 4
    assert "nothing" not in answer.out  # no password in a message


def test_doctor_and_version_need_no_database(bare: Command) -> None:
    found = bare("doctor", "--json")
    assert found.code in (0, 1) and found.json["checks"]["fonts"]["ok"]
    assert bare("version", "--json").json["chemsales"]
    assert bare("doctor").out.count("\n") >= 6


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_a_sign_that_the_output_lacks_ends_nothing(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(taken, encoding=encoding))
    assert main(["doctor"]) in (0, 1)
    sys.stdout.flush()
    assert b"\\u2713" in taken.getvalue()  # the tick


def test_a_folder_that_cannot_be_used_is_3(
    command: Command, bare: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    refused = command("admin", "backup", "--to", file / "copies")
    assert refused.code == 3 and str(file) in refused.json["error"]
    assert bare("verify", "--db", file / "x.db", "--login", "admin").code == 3
    monkeypatch.setenv("CHEMSALES_HOME", str(file))
    assert bare("doctor").code == 3


def test_a_report_of_bad_rows_that_cannot_be_written_is_3(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text("客户,产品,日期,提货量(吨)\n无此客户,X,2026-05-01,1\n", encoding="utf-8")
    nowhere = tmp_path / "no" / "wrong.xlsx"
    answer = command("am", "import", "pickups", file, "--report", nowhere)
    assert answer.code == 3 and "no" in answer.json["error"]


def test_an_interrupted_command_did_nothing(bare: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> dict[str, str]:
        raise KeyboardInterrupt

    monkeypatch.setattr("chemsales.cli.doctor.versions", interrupted)
    assert bare("version").code == 1


@pytest.mark.parametrize("content", ["{x", "[1]", '{"language": "fr"}', '{"database": 5}', "\xff"])
def test_settings_that_cannot_be_understood_stop_no_command_that_needs_none(
    bare: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setenv("CHEMSALES_HOME", str(tmp_path))
    monkeypatch.setenv("CHEMSALES_PASSWORD", PASSWORD)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.json").write_text(content, encoding="latin-1")
    assert bare("version").code == 0
    assert bare("verify", "--login", "admin").code in (3, 5)  # 5: a database without people
    assert bare("doctor").code in (0, 1)


@pytest.mark.parametrize("form", ["{file}", "sqlite:{file}", "sqlite:///{file}"])
def test_an_embedded_database_is_given_as_a_file_or_as_its_url(
    bare: Command, department: str, secret: Callable[[str], Path], tmp_path: Path, form: str
) -> None:
    made = tmp_path / "a#b 50%20.db"  # signs that a URL of the web would take apart
    made.write_bytes(Path(department.removeprefix("sqlite:///")).read_bytes())
    given = form.format(file=made)
    argv = ("verify", "--login", "auditor", "--password-file", secret(PASSWORD), "--json")
    assert bare(*argv, "--db", given).code == 0
    assert [path.name for path in tmp_path.glob("*b*50*.db")] == [made.name]


@pytest.mark.parametrize("given", ["sqlite:", "sqlite:///", "sqlite://x.db", "mysql://x/y"])
def test_an_address_that_is_none_is_refused_and_makes_no_file(
    bare: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHEMSALES_PASSWORD", PASSWORD)
    refused = bare("verify", "--login", "auditor", "--json", "--db", given)
    assert refused.code == 3
    assert refused.json["reasons"][0]["code"] == "reason.database_address"
    assert {path.name for path in tmp_path.iterdir()} <= {"home"}


def piped(department: str, *argv: object) -> subprocess.CompletedProcess[bytes]:
    """A command whose output nobody reads: the pipe is closed before it says anything."""
    unread, end = os.pipe()
    os.close(unread)
    options = ("--db", department, "--login", "am")
    try:
        return subprocess.run(
            [sys.executable, "-m", "chemsales", *map(str, argv), *options],
            stdout=end, stderr=subprocess.PIPE, check=False,
            env={**os.environ, "CHEMSALES_PASSWORD": PASSWORD},
        )  # fmt: skip
    finally:
        os.close(end)


def test_what_nobody_reads_keeps_the_exit_code_of_what_was_done(
    department: str, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.csv"
    lines = ["客户,产品,日期,提货量(吨)", *("无此客户,X,2026-05-01,1",) * 3]
    file.write_text("\n".join(lines), encoding="utf-8")
    checked = piped(department, "import", "pickups", file, "--dry-run")
    assert (checked.returncode, checked.stderr) == (1, b"")
    refused = piped(department, "import", "pickups", file, "--json")
    assert (refused.returncode, refused.stderr) == (3, b"")
    listed = piped(department, "version")
    assert (listed.returncode, listed.stderr) == (0, b"")
