"""Licences at the command line: what ends, what was noted, what a scheduler is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chemsales.cli.base import Exit
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.services import policy
from chemsales.services.session import utc_now
from tests.cli.conftest import Command
from tests.conftest import opened
from tests.factory import Clock, accredit, draft_of, session_of
from tests.factory_licences import accredit_dated
from tests.factory_offtake import pick_up
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
    assert {row["step"] for row in answer.json["licences"]} == {0}  # past
    assert answer.json["agents"] == answer.json["violations"] == []


def test_c15_1_without_days_the_ladder_of_the_edition_says_how_many(
    department: str, command: Command
) -> None:
    with opened(department):
        today = session_of("am", utc_now).today()
        for number, days in ((71, 60), (72, 61), (73, 15)):
            accredit_dated(f"阶梯{number}化工", number, today + timedelta(days=days), utc_now)
    told = [(row["name"], row["step"]) for row in command("am", "remind").json["licences"]]
    assert told == [("阶梯73化工", 15), ("阶梯71化工", 60)]
    assert len(command("am", "remind", "--due", 61).json["licences"]) == 3
    with opened(department):
        ladder = {"licence_reminders": [20, 10, 5, 1, 0]}
        policy.add_edition(session_of("sales", utc_now), today, ladder, "第 6 号决议")
    told = [(row["name"], row["step"]) for row in command("am", "remind").json["licences"]]
    assert told == [("阶梯73化工", 20)]


def test_c10_5_c15_2_agents_without_a_licence_and_violations_are_told(
    department: str, command: Command
) -> None:
    with opened(department):
        agent = (ClassRequest("EG", CustomerClass.AGENT, "江苏", 0, "x"),)
        accredit(draft_of("代理化工", 74, agent), utc_now)
        then = Clock(utc_now() - timedelta(days=20))
        today = session_of("am", utc_now).today()
        ended = accredit_dated("违规化工", 75, today - timedelta(days=3), then)
        pick_up(session_of("am", utc_now), [(ended, "PP-T30S", today.isoformat(), 30_000)])
    answer = command("sales", "remind")
    assert answer.code == Exit.FINDINGS
    (found,) = answer.json["agents"]
    assert (found["name"], found["group"], found["state"]) == ("代理化工", "EG", "missing")
    (found,) = answer.json["violations"]
    assert (found["name"], found["day"], found["tonnes"]) == (
        "违规化工", today.isoformat(), "30.000",
    )  # fmt: skip


def test_nothing_ends_where_there_is_nothing(command: Command) -> None:
    answer = command("am", "remind")
    assert (answer.code, answer.json["licences"]) == (0, [])
