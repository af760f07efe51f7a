"""The shipped samples through the command line: customers as drafts, a sheet with errors."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from chemsales import demo
from chemsales.cli import main
from chemsales.config import resource
from chemsales.demo import workbooks
from chemsales.demo.people import password_of
from chemsales.storage import database as storage
from tests.cli.conftest import Answer, Command


def test_customers_of_a_workbook_become_drafts(command: Command) -> None:
    file = resource("samples", workbooks.CUSTOMERS)
    made = command("am", "import", "customers", file)
    assert made.code == 0 and len(made.json["written"]) == 60
    again = command("am", "import", "customers", file)
    assert again.code == 3
    assert again.json["bad"] == 66  # every row of the 60: a customer's rows fall together
    assert command("gm", "import", "customers", file).code == 5


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """What the demonstration says, done once."""
    said, before = StringIO(), storage.database.obj
    with redirect_stdout(said):
        code = main(["demo", "--out", str(tmp_path_factory.mktemp("demo") / "out"), "--json"])
    storage.close()
    storage.database.obj = before
    return Answer(code, said.getvalue(), "")


@pytest.fixture(scope="module")
def sample(shown: Answer) -> Path:
    """The database that it leaves."""
    return Path(shown.json["files"][-1]["file"])


@pytest.fixture
def at_sample(bare: Command, sample: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`at_sample("am", ...)` acts as one of the sample's fixed logins."""

    def run(login: str, *argv: object) -> Answer:
        monkeypatch.setenv("CHEMSALES_PASSWORD", password_of(login))
        return bare(*argv, "--db", sample, "--login", login, "--json")

    return run


def test_the_sheet_with_errors_names_each_and_hands_the_bad_rows_back(
    at_sample: Command, tmp_path: Path
) -> None:
    report = tmp_path / "bad.xlsx"
    file = resource("samples", workbooks.ERRORS)
    answer = at_sample("am", "import", "pickups", file, "--report", report)
    assert answer.code == 3
    assert (answer.json["good"], answer.json["bad"]) == (6, 14)
    rows = {int(problem["place"].split(":")[0]) for problem in answer.json["problems"]}
    assert set(range(8, 22)) <= rows
    handed_back = CalamineWorkbook.from_path(report).get_sheet_by_index(0).to_python()
    assert len(handed_back) == 15


def test_the_month_after_is_ready_to_import(at_sample: Command) -> None:
    month = demo.offtake.NEXT_MONTH
    for kind, name in (
        ("plans", workbooks.plans_file(month)), ("pickups", workbooks.pickups_file(month)),
    ):  # fmt: skip
        answer = at_sample("am", "import", kind, resource("samples", name), "--month", month)
        assert answer.code == 0, answer.out
        assert answer.json["bad"] == 0 and answer.json["good"] > 100


def test_the_demonstration_says_its_logins_and_files(shown: Answer) -> None:
    answer = shown
    assert answer.code == 0
    files = [Path(each["file"]) for each in answer.json["files"]]
    assert all(file.stat().st_size == size for file, size in zip(
        files, (each["bytes"] for each in answer.json["files"]), strict=True
    ) if file.suffix != ".db")  # fmt: skip
    roles = {each["login"] for each in answer.json["logins"]}
    assert {"am", "sales", "finance", "gm", "admin", "auditor"} <= roles
