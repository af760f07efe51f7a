"""The main job through the command line alone: an empty file, a printed quarter, and back."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from chemsales.cli import lists
from chemsales.cli.base import Exit
from chemsales.queries.application_form import application_form
from chemsales.storage.backup import last_event
from chemsales.storage.database import rows
from chemsales.storage.fields import canonical_json
from tests.cli.conftest import Answer, Command
from tests.conftest import opened
from tests.factory import PASSWORD, Clock, accredit, draft_of, session_of
from tests.factory_agents import agent, licensed
from tests.factory_disqualification import propose
from tests.reports import pdf
from tests.storage.test_schema import IMMUTABLE

PICKUPS = ("提货日期", "客户名称", "产品", "提货量(吨)", "类型", "提货单号")
PLANS = ("月份", "客户名称", "产品", "计划量(吨)")
NAME = "命令行客户有限公司"


def workbook(path: Path, headings: tuple[str, ...], rows: list[tuple[object, ...]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([headings, *rows]):
            sheet.write_row(number, 0, row)
    return path


def may(day: int, tonnes: object, note: str) -> tuple[object, ...]:
    return (f"2026-05-{day:02d}", NAME, "PP-T30S", tonnes, "提货", note)


@pytest.fixture
def at_work(department: str, command: Command, tmp_path: Path) -> Command:
    """The department with one accredited customer, and May's files in tmp_path."""
    clock = Clock()
    clock.set(2026, 3, 2)
    with opened(department):
        accredit(draft_of(NAME, 1), clock)
    rows = [may(day, 60, f"TH{day}") for day in range(4, 30)]
    workbook(tmp_path / "may.xlsx", PICKUPS, rows)
    workbook(tmp_path / "plan.xlsx", PLANS, [("2026-05", NAME, "PP-T30S", 1600)])
    return command


def done(answer: Answer) -> dict[str, object]:
    assert answer.code == 0, answer.out + answer.err
    return answer.json


def test_a_new_database_gets_its_administrator_once(
    bare: Command, tmp_path: Path, secret: Callable[[str], Path]
) -> None:
    file, database = secret(PASSWORD), tmp_path / "new.db"
    argv = ("--db", database, "--login", "root", "--password-file", file, "--json")
    assert done(bare("init-db", "--name", "孙丽", *argv))["login"] == "root"
    assert bare("init-db", *argv).code == 1
    listed = done(bare("user", "list", *argv))
    assert [person["login"] for person in listed["people"]] == ["root"]  # type: ignore[index, union-attr, attr-defined]


def test_logins_are_added_disabled_reset_and_given_roles(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEMSALES_NEW_PASSWORD", "another long sentence")
    done(command("admin", "user", "add", "new", "--name", "新人", "--role", "finance"))
    done(command("admin", "user", "roles", "new", "--role", "auditor"))
    done(command("admin", "user", "disable", "new"))
    assert command("new", "verify").code == 5
    done(command("admin", "user", "enable", "new"))
    once = done(command("admin", "user", "reset", "new"))["password"]
    assert isinstance(once, str) and len(once) >= 15
    listed = {
        person["login"]: person for person in done(command("admin", "user", "list"))["people"]
    }  # type: ignore[attr-defined]
    assert listed["new"]["active"] is True and listed["new"]["roles"] == ["auditor"]
    assert command("admin", "user", "disable", "nobody").code == 3
    assert (
        command("admin", "user", "roles", "new", "--role", "auditor", "--role", "finance").code == 1
    )


def test_a_command_that_is_repeated_with_its_key_is_done_once(command: Command) -> None:
    once = ("--key", "nightly-7")
    done(command("admin", "user", "disable", "am", *once))
    done(command("admin", "user", "enable", "am"))
    again = command("admin", "user", "disable", "am", *once)
    assert again.code == 1
    assert again.json["reasons"][0]["code"] == "reason.done_before"
    listed = {
        person["login"]: person for person in done(command("admin", "user", "list"))["people"]
    }  # type: ignore[attr-defined]
    assert listed["am"]["active"] is True


def test_a_given_password_is_good_for_choosing_an_own_one_and_nothing_else(
    command: Command, bare: Command, department: str, secret: Callable[[str], Path]
) -> None:
    given = done(command("admin", "user", "reset", "auditor"))["password"]
    argv = ("--db", department, "--login", "auditor", "--json", "--password-file")
    refused = bare("verify", *argv, secret(str(given)))
    assert refused.code == 5
    assert refused.json["reasons"][0]["code"] == "reason.own_password_first"
    own = secret(str(given)).with_name("own.txt")
    own.write_text("a sentence of my own choice\n", encoding="utf-8")
    change = ("user", "password", "--new-password-file", own, *argv)
    assert bare(*change, secret("wrong")).code == 5
    assert done(bare(*change, secret(str(given))))["login"] == "auditor"
    done(bare("verify", *argv, own))


def test_lists_for_people_are_in_their_words(
    bare: Command, department: str, secret: Callable[[str], Path]
) -> None:
    argv = ("--db", department, "--login", "admin", "--password-file", secret(PASSWORD))
    for language, head, line in (
        ("zh_CN", "登录名\t姓名\t角色\t正常", "sales\t王芳\t销售部负责人\t是"),
        ("en", "Login\tName\tRoles\tActive", "sales\t王芳\tSales head\tyes"),
    ):
        said = bare("user", "list", "--lang", language, *argv).out.splitlines()
        assert said[0] == head and line in said


def test_a_month_from_its_files_to_the_printed_quarter(at_work: Command, tmp_path: Path) -> None:
    checked = done(at_work("am", "import", "pickups", tmp_path / "may.xlsx", "--dry-run"))
    assert (checked["good"], checked["bad"], checked["written"]) == (26, 0, None)
    done(at_work("am", "import", "plans", tmp_path / "plan.xlsx", "--month", "2026-05"))
    batch = done(at_work("am", "import", "pickups", tmp_path / "may.xlsx"))["written"]
    again = at_work("am", "import", "pickups", tmp_path / "may.xlsx")
    assert again.code == 3 and "已于" in again.out
    done(at_work("am", "undo-import", batch, "--reason", "选错文件"))
    done(at_work("am", "import", "pickups", tmp_path / "may.xlsx"))
    closed = done(at_work("sales", "close-month", "2026-05"))
    assert closed["outcomes"] == {"auction_exit": 1} and closed["edition"] == 1
    assert at_work("sales", "close-month", "2026-05").code == 1
    evaluated = done(at_work("am", "evaluate", "2026Q2"))
    assert [row["grade"] for row in evaluated["evaluations"]] == ["优秀"]  # type: ignore[attr-defined]
    assert (evaluated["without_score"], evaluated["missing"]) == (0, 0)
    assert at_work("am", "sign-evaluation", "2026Q2").code == 5
    assert done(at_work("sales", "sign-evaluation", "2026Q2"))["outcome"] == "approved"
    assert at_work("am", "evaluate", "2026Q2").code == 1
    for kind, extra in (
        ("evaluation", ("--quarter", "2026Q2")),
        ("meeting", ("--period", "2026Q2")),
        ("duties", ("--period", "2026Q2")),
        ("application", ("--application", "sq2026-0001")),
    ):
        out = tmp_path / f"{kind}.pdf"
        done(at_work("gm", "report", kind, *extra, "--out", out))
        assert out.read_bytes().startswith(b"%PDF")
    for number in ("SQ2026-9", "0000000010"):  # of which the first nine digits are a key
        unknown = at_work("gm", "report", "application", "--application", number, "--out", out)
        assert unknown.code == 3 and number in unknown.out
    blank = tmp_path / "blank.pdf"
    done(at_work("am", "report", "application", "--out", blank))
    assert NAME in pdf.text(out.read_bytes()) and NAME not in pdf.text(blank.read_bytes())
    assert "开户审批表" in pdf.text(blank.read_bytes())
    done(at_work("sales", "reopen-month", "2026-05", "--reason", "复核"))
    assert at_work("sales", "reopen-month", "2026-05", "--reason", "复核").code == 1


def test_c17_1_the_form_of_a_disqualification_is_printed_by_its_number(
    at_work: Command, department: str, tmp_path: Path
) -> None:
    with opened(department):
        propose(rows("SELECT id FROM customer")[0][0])
    out = tmp_path / "form.pdf"
    asked = ("report", "disqualification", "--out", out)
    done(at_work("gm", *asked, "--disqualification", "qx2026-0001"))
    shown = pdf.text(out.read_bytes())
    assert NAME in shown and "QX2026-0001" in shown
    unknown = at_work("gm", *asked, "--disqualification", "QX2026-9")
    assert unknown.code == Exit.DATA and "QX2026-9" in unknown.out


def test_c8_1_the_file_card_is_printed_as_on_a_day(
    at_work: Command, department: str, tmp_path: Path
) -> None:
    out = tmp_path / "card.pdf"
    asked = ("report", "file-card", "--out", out, "--customer")
    done(at_work("auditor", *asked, "C00001"))
    shown = pdf.text(out.read_bytes())
    assert NAME in shown and "客户档案卡" in shown
    done(at_work("auditor", *asked, "C00001", "--day", "2026-03-05"))
    (code,) = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", pdf.text(out.read_bytes()))
    verified = at_work("auditor", "verify", "--code", code)
    assert verified.code == Exit.DONE and '"day": "2026-03-05"' in verified.out
    early = at_work("auditor", *asked, "C00001", "--day", "2020-01-01")
    assert early.code == Exit.DATA
    unknown = at_work("auditor", *asked, "C09999")
    assert unknown.code == Exit.DATA and "C09999" in unknown.out


def test_c10_5_the_licence_of_an_agent_is_printed_by_its_number(
    at_work: Command, department: str, tmp_path: Path
) -> None:
    with opened(department):
        licensed(agent("江阴澄江涤纶有限公司", 77))
    out = tmp_path / "licence.pdf"
    asked = ("report", "agent-licence", "--out", out)
    done(at_work("am", *asked, "--licence", "dl2026-0001"))
    shown = pdf.text(out.read_bytes())
    assert "江阴澄江涤纶有限公司" in shown and "DL2026-0001" in shown
    assert at_work("am", *asked, "--licence", "DL2026-9").code == Exit.DATA


def test_closing_without_a_plan_says_before_what_that_means(
    at_work: Command, bare: Command, department: str, tmp_path: Path, secret: Callable[[str], Path]
) -> None:
    done(at_work("am", "import", "pickups", tmp_path / "may.xlsx"))
    argv = ("--db", department, "--login", "sales", "--password-file", secret(PASSWORD))
    first, *rest = bare("close-month", "2026-05", *argv, "--lang", "zh_CN").out.splitlines()
    assert first.startswith("2026-05 没有导入经确认的计划") and "已结账" in rest[0]
    done(at_work("sales", "reopen-month", "2026-05", "--reason", "补计划"))
    done(at_work("am", "import", "plans", tmp_path / "plan.xlsx"))
    assert done(at_work("sales", "close-month", "2026-05"))["warnings"] == []


def test_a_file_with_errors_writes_nothing_or_only_the_good_rows(
    at_work: Command, tmp_path: Path
) -> None:
    rows = [may(4, 60, "A1"), may(5, "1.234,5", "A2"), may(31, 60, "A3"), may(6, -3, "A4")]
    file = workbook(tmp_path / "bad.xlsx", PICKUPS, rows)
    report = tmp_path / "wrong.xlsx"
    refused = at_work("am", "import", "pickups", file, "--report", report)
    assert refused.code == 3 and refused.json["written"] is None
    places = {problem["place"] for problem in refused.json["problems"]}
    assert {"3:提货量(吨)", "5:提货量(吨)"} <= places
    assert report.exists()
    partly = at_work("am", "import", "pickups", file, "--only-good")
    assert partly.code == 1 and partly.json["good"] == 2 and partly.json["written"]
    missing = at_work("am", "import", "pickups", tmp_path / "none.xlsx")
    assert missing.code == 3 and str(tmp_path / "none.xlsx") in missing.json["error"]


def test_lists_are_exported_as_workbook_and_csv(
    at_work: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(at_work("am", "import", "pickups", tmp_path / "may.xlsx"))
    done(at_work("sales", "close-month", "2026-05"))
    at_work("am", "evaluate", "2026Q2")
    for name, extra in (
        ("customers", ()),
        ("levels", ("--month", "2026-05")),
        ("months", ()),
        ("evaluations", ("--period", "2026Q2")),
    ):
        for suffix in ("xlsx", "csv"):
            out = tmp_path / f"{name}.{suffix}"
            assert done(at_work("gm", "export", name, *extra, "--out", out))["rows"] == 1
    book = CalamineWorkbook.from_path(tmp_path / "levels.xlsx").get_sheet_by_index(0).to_python()
    assert book[1][:4] == ["C00001", NAME, "2026-05", 1560.0]
    monkeypatch.setattr(lists, "PAGE", 3)  # read page by page, all of them
    events = done(at_work("auditor", "export", "events", "--out", tmp_path / "events.csv"))["rows"]
    with (tmp_path / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        numbers = [int(row["序号"]) for row in csv.DictReader(file)]
    assert len(numbers) == events and numbers == sorted(set(numbers), reverse=True)
    assert numbers[-1] == 1
    inputs = tmp_path / "inputs.json"
    done(at_work("auditor", "export", "inputs", "--period", "2026Q2", "--out", inputs))
    assert at_work("am", "calc", "score", inputs).code == 0
    done(at_work("auditor", "export", "inputs", "--month", "2026-05", "--out", inputs))
    stored = json.loads(inputs.read_text(encoding="utf-8"))
    computed = at_work("am", "calc", "tier", inputs).json["results"]
    assert computed[0]["reasons"][0][0].startswith("2026-05 ")  # the month, not its number
    assert [case["id"] for case in stored["cases"]] == ["2026-05 C00001"]
    assert computed[0]["one_step"] == stored["cases"][0]["expect"]["one_step"]
    assert at_work("auditor", "export", "inputs", "--month", "2026-04", "--out", inputs).code == 3
    assert at_work("auditor", "export", "inputs", "--out", inputs).code == 3
    assert at_work("gm", "export", "customers", "--out", tmp_path / "no" / "x.csv").code == 3
    halves: list[Path] = []  # one file in the place of another, whatever writes it
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda half, to: (halves.append(half), replace(half, to)))
    done(at_work("gm", "export", "customers", "--out", tmp_path / "once.csv"))
    assert len([half for half in halves if "once" in half.name]) == 1
    for wrong in ("x.pdf", "x"):  # a workbook by another name would not open
        assert at_work("gm", "export", "customers", "--out", tmp_path / wrong).code == 3
        assert not (tmp_path / wrong).exists()


def test_an_evaluation_with_scores_missing_is_done_and_says_so(
    at_work: Command, bare: Command, department: str, secret: Callable[[str], Path], tmp_path: Path
) -> None:
    clock = Clock()
    clock.set(2026, 6, 30)
    with opened(department):
        accredit(draft_of("六月末准入有限公司", 2), clock)
    done(at_work("am", "import", "pickups", tmp_path / "may.xlsx"))  # and no plan
    done(at_work("sales", "close-month", "2026-05"))
    argv = ("--db", department, "--login", "am", "--password-file", secret(PASSWORD))
    said = bare("evaluate", "2026Q2", "--lang", "en", *argv)
    assert said.code == 0
    assert len(said.out.splitlines()) == 2  # the table alone
    assert said.err.splitlines() == [
        "Evaluations without a score, too little data: 1",
        "Customers missing from the evaluation: 1",
    ]


def test_backup_damage_restore_verify(at_work: Command, department: str, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    written = done(at_work("admin", "backup", "--to", copies, "--keep-all"))["file"]
    manifest = json.loads(Path(str(written)).with_suffix(".json").read_text(encoding="utf-8"))
    done(at_work("am", "import", "pickups", tmp_path / "may.xlsx"))
    restored = done(at_work("admin", "restore", written))
    assert restored["lost_events"] >= 1  # type: ignore[operator]
    verified = done(at_work("auditor", "verify", "--anchor", manifest["head"]))
    assert verified["counts"]["pickup"] == 0  # type: ignore[index]
    path = Path(department.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA trusted_schema = 1")
        connection.execute("DROP TRIGGER event_refuse_update")
        connection.execute("UPDATE event SET who = 'gm' WHERE id = 3")
        connection.commit()
    found = at_work("auditor", "verify")  # the command before has sealed the row
    assert found.code == 1
    assert found.json["problems"][0]["place"] == "event 3"
    assert found.json["problems"][-1]["place"] == "schema"
    assert at_work("sales", "close-month", "2026-05").code == Exit.DATA  # until it is restored


def test_what_is_restored_where_nothing_was_tells_until_when_it_goes(
    command: Command, bare: Command, tmp_path: Path
) -> None:
    """Signing in to what is restored is no part of it."""
    written = done(command("admin", "backup", "--to", tmp_path))["file"]
    new = f"sqlite:///{tmp_path / 'new.db'}"
    told = done(bare("restore", written, "--db", new, "--login", "admin", "--json"))
    assert (told["replaced"], told["lost_events"]) == ("", 0)
    assert told["up_to"] == last_event(Path(str(written)))[1]


def test_a_papers_code_and_its_foot_are_verified(
    at_work: Command, department: str, tmp_path: Path
) -> None:
    with opened(department):
        key = rows("SELECT id FROM application")[0][0]
        footer = application_form(session_of("auditor").actor, key).footer
    answer = done(at_work("auditor", "verify", "--code", footer.code.lower()))
    assert (answer["matches"], answer["customer"], answer["since"]) == (True, NAME, [])
    assert [signed["verdict"] for signed in answer["decisions"]] == [  # type: ignore[attr-defined]
        "submit", "approve", "approve", "approve",
    ]  # fmt: skip
    assert at_work("auditor", "verify", "--code", "0000-0000-0000").code == 1
    wrong = footer.code[:-1] + ("0" if footer.code[-1] != "0" else "1")
    assert at_work("auditor", "verify", "--code", wrong).code == 3
    foot = f"{footer.inputs_hash}@{footer.last_event}"
    found = done(at_work("auditor", "verify", "--anchor", foot))
    assert [problem["code"] for problem in found["problems"]] == ["reason.anchor_paper_stands"]  # type: ignore[attr-defined]
    assert at_work("auditor", "verify", "--anchor", f"{'0' * 16}@1").code == 1


def test_runs_are_computed_again_to_the_same_result_and_pages(
    at_work: Command, department: str, tmp_path: Path
) -> None:
    done(at_work("am", "import", "pickups", tmp_path / "may.xlsx"))
    done(at_work("sales", "close-month", "2026-05"))
    at_work("am", "evaluate", "2026Q2")
    inputs, out, pdf = (tmp_path / name for name in ("inputs.json", "out.json", "q2.pdf"))
    for kind, of in (("closing", "2026-05"), ("evaluation", "2026Q2")):
        again = done(at_work("auditor", "recompute", kind, of, "--inputs", inputs, "--out", out))
        assert again["same"] and again["frozen"] and again["differing"] == []
        assert again["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
        computed = at_work("auditor", "calc", kind, inputs).json
        assert canonical_json(computed) == out.read_text(encoding="utf-8")
    done(at_work("auditor", "report", "evaluation", "--period", "2026Q2", "--out", pdf))
    again = done(at_work("auditor", "recompute", "evaluation", "2026Q2", "--pdf", pdf))
    assert again["pages_same"] and again["pdf_same"]
    assert again["pdf"] == hashlib.sha256(pdf.read_bytes()).hexdigest()
    pdf.write_bytes(pdf.read_bytes().replace(b"chemsales", b"chemtales"))
    assert at_work("auditor", "recompute", "evaluation", "2026Q2", "--pdf", pdf).code == 1
    inputs.write_text('{"cases": [{"customer": 1}]}', encoding="utf-8")
    for kind in ("closing", "evaluation"):
        assert at_work("auditor", "calc", kind, inputs).code == 3
        assert (
            at_work("auditor", "recompute", kind, "2025-01" if kind[0] == "c" else "2025").code == 3
        )


def test_a_class_is_changed_from_a_day_on(department: str, at_work: Command) -> None:
    """C3.3: the class before stays in the history; nothing is changed for an unknown code."""
    asked = ("PO", "direct", "--from", "today", "--reason", "直接用户")
    assert at_work("am", "change-class", "C00001", *asked).code == Exit.PERMISSION
    assert at_work("sales", "change-class", "C09999", *asked).code == Exit.DATA
    assert done(at_work("sales", "change-class", "C00001", *asked))["customer_class"] == "direct"
    with opened(department):
        held = rows("SELECT customer_class, to_day IS NULL FROM customer_class ORDER BY id")
    assert held == [("dealer", 0), ("direct", 1)]


def test_the_digests_of_what_is_never_changed(command: Command, department: str) -> None:
    """Two runs agree on all but what the sign-ins wrote; a row that was changed shows."""
    first, second = (command("auditor", "verify", "--digests").json["digests"] for _ in "12")
    assert set(first) >= IMMUTABLE
    differing = {name for name in first if first[name] != second[name]}
    assert differing <= {"event", "change", "seal"}
    assert first["rule_edition"]["rows"] == 1 and len(first["rule_edition"]["sha256"]) == 64
    with closing(sqlite3.connect(department.removeprefix("sqlite:///"))) as file, file:
        ((trigger,),) = file.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'rule_edition_refuse_update'"
        )
        file.execute("DROP TRIGGER rule_edition_refuse_update")
        file.execute("UPDATE rule_edition SET basis = basis || 'x'")
        file.execute(trigger)
    changed = command("auditor", "verify", "--digests")
    assert changed.code == 1
    assert changed.json["digests"]["rule_edition"] != first["rule_edition"]
