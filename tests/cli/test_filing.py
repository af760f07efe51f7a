"""C4.7, C8.1, C8.3 from the command line: reported, filed, inspected and handed over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chemsales.cli.base import Exit
from chemsales.queries.handover import holding
from chemsales.rules.roles import Role
from chemsales.services.delegation import delegate
from tests.cli.conftest import Command
from tests.cli.test_work import done
from tests.conftest import opened
from tests.factory import draft_of, make_application, session_of
from tests.factory_disqualification import disqualify
from tests.factory_filing import reported
from tests.factory_licences import paper, record, verdict


@pytest.fixture
def told(department: str) -> None:
    """Customers of which items were made, some filed and inspected."""
    with opened(department):
        reported()


@pytest.mark.usefixtures("told")
def test_c4_7_items_are_listed_and_a_note_is_written(command: Command, tmp_path: Path) -> None:
    every = done(command("sales", "dispatch"))["dispatches"]
    unsent = done(command("sales", "dispatch", "--state", "unsent"))["dispatches"]
    assert unsent and {row["state"] for row in unsent} == {"unsent"}  # type: ignore[index,union-attr]
    assert len(every) >= len(unsent)  # type: ignore[arg-type]
    sent = [row["sent_at"] for row in every if row["sent_at"]]  # type: ignore[index,union-attr]
    assert sent and all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", at) for at in sent)
    out, number = tmp_path / "note.pdf", unsent[0]["number"]  # type: ignore[index]
    written = done(command("finance", "dispatch", "--note", number, "--out", out))
    assert out.read_bytes().startswith(b"%PDF") and written["bytes"] == out.stat().st_size
    assert command("sales", "dispatch", "--note", "XX-1", "--out", out).code == Exit.DATA
    assert command("sales", "dispatch", "--note", number).code == Exit.USAGE


def test_nothing_was_reported_yet(command: Command) -> None:
    assert command("sales", "dispatch").code == Exit.FINDINGS


@pytest.mark.usefixtures("told")
def test_c8_3_what_is_to_be_filed_is_filed_and_written_again(
    department: str, command: Command, tmp_path: Path
) -> None:
    out, again = tmp_path / "filing.xlsx", tmp_path / "again.xlsx"
    assert command("am", "file", "--out", out).code == Exit.PERMISSION
    assert command("sales", "file", "--out", tmp_path / "filing.pdf").code == Exit.DATA
    made = done(command("sales", "file", "--out", out))
    done(command("sales", "file", "--filing", made["filing"], "--out", again))
    assert out.read_bytes() == again.read_bytes()
    none = command("sales", "file", "--out", out)
    assert (none.code, none.json["filing"]) == (Exit.FINDINGS, None)  # none is to be filed
    done(command("sales", "file", "--customer", "C00001", "--out", out))
    with opened(department):
        disqualify(1)
    out.unlink()
    refused = command("sales", "file", "--customer", "C00001", "--out", out)
    assert refused.code == Exit.FINDINGS and not out.exists()
    assert refused.json["reasons"][0]["code"] == "reason.filing_disqualified"
    assert command("sales", "file", "--filing", "BA1-1", "--out", out).code == Exit.DATA


@pytest.mark.usefixtures("told")
def test_c8_3_inspections_are_listed_with_what_is_open(command: Command) -> None:
    answer = command("auditor", "inspections")
    rows = answer.json["inspections"]
    assert rows and answer.code == (Exit.FINDINGS if any(r["open"] for r in rows) else Exit.DONE)


@pytest.mark.usefixtures("told")
def test_c8_1_customers_are_handed_over(command: Command, department: str) -> None:
    asked = ("hand-over", "am2", "--reason", "岗位调整")
    assert command("sales", *asked).code == Exit.USAGE
    assert command("am", *asked, "--customer", "C00001").code == Exit.PERMISSION
    assert command("sales", *asked, "--customer", "C99999").code == Exit.DATA
    assert done(command("sales", *asked, "--customer", "C00001"))["handed_over"] == 1
    assert command("sales", *asked, "--customer", "C00001").code == Exit.DATA  # it is am2's
    with opened(department):
        for number in (77, 78):
            make_application(session_of("am"), draft_of(f"新客户{number}有限公司", number))
        applied = holding(session_of("sales").actor, "am").applications
    number = applied[0].number
    assert command("admin", *asked, "--application", "SQ1999-0001").code == Exit.DATA
    assert command("admin", *asked, "--application", number, "--all-of", "am").code == Exit.USAGE
    assert done(command("admin", *asked, "--application", number))["applications"] == 1
    rest = done(command("admin", *asked, "--all-of", "am"))
    assert rest["handed_over"] and rest["stays"] == []
    assert rest["applications"] == len(applied) - 1 > 0
    assert command("admin", *asked, "--all-of", "am").code == Exit.DATA  # none is left


@pytest.mark.usefixtures("told")
def test_c8_1_c7_2_what_cannot_go_to_the_new_manager_stays_and_is_told(
    command: Command, department: str
) -> None:
    with opened(department):
        today = session_of("sales").today()
        delegate(session_of("sales"), "am2", Role.SALES_HEAD, today, today, "出差")
        held = holding(session_of("sales").actor, "am").customers
        verdict(record(held[0], paper("B-1")), "am2")
    asked = ("hand-over", "am2", "--reason", "岗位调整")
    refused = command("sales", *asked, "--customer", "C00001")
    assert refused.code == Exit.FINDINGS
    assert refused.json["reasons"][0]["code"] == "reason.handover_signed"
    rest = done(command("sales", *asked, "--all-of", "am"))
    assert rest["handed_over"] == len(held) - 1 > 0
    (kept,) = rest["stays"]
    assert kept["code"] == "reason.handover_signed" and "C00001" in kept["text"]
    again = command("sales", *asked, "--all-of", "am")
    assert again.code == Exit.FINDINGS
    assert [each["code"] for each in again.json["reasons"]] == ["reason.handover_signed"]
