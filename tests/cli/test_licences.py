"""Licences at the command line: what ends, what was noted, what a scheduler is told."""

from __future__ import annotations

import pytest

from chemsales.cli.base import Exit
from tests.cli.conftest import Command
from tests.conftest import opened
from tests.furnishing import EXPIRING, expiring

NAMED = set(EXPIRING)
RENEWED = "江阴澄江涤纶有限公司"  # without an end


@pytest.fixture
def expired(department: str) -> None:
    """The customers of `expiring`, long after their papers have ended."""
    with opened(department):
        expiring()


@pytest.mark.usefixtures("expired")
def test_c15_1_standing_papers_by_their_last_day(command: Command) -> None:
    answer = command("auditor", "licences", "list")
    assert answer.code == 0
    found = answer.json["licences"]
    assert {row["name"] for row in found} == NAMED
    ends = [row["valid_to"] for row in found]
    assert ends == [*sorted(filter(None, ends)), None]
    assert (found[-1]["name"], found[-1]["days_left"]) == (RENEWED, None)
    assert found[0]["state"] == "suspended" and found[0]["since"] == "2026-06-21"


@pytest.mark.usefixtures("expired")
def test_c15_2_the_daily_run_notes_once(command: Command) -> None:
    first, again = command("am", "licences", "run"), command("sales", "licences", "run")
    assert (first.json["begun"], first.json["ended"]) == (4, 0)  # two are noted already
    assert (again.json["begun"], again.json["ended"]) == (0, 0)
    assert command("admin", "licences", "run").code == Exit.PERMISSION


@pytest.mark.usefixtures("expired")
def test_a_scheduler_is_told_by_the_exit_code(command: Command) -> None:
    answer = command("am", "remind", "--due", 30, "--format", "json")
    assert answer.code == 1
    assert {row["name"] for row in answer.json["licences"]} == NAMED - {RENEWED}


def test_nothing_ends_where_there_is_nothing(command: Command) -> None:
    answer = command("am", "remind")
    assert (answer.code, answer.json["licences"]) == (0, [])
