"""docs/promises.md: every promise names a command, and what the command names is there."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

from chemsales.cli import parser
from tests import campaigns
from tests.bench.__main__ import names as benches

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CAMPAIGN = re.compile(r"python -m tests\.campaigns ([a-z]+)")
TESTS = re.compile(r'make test ARGS="([^"]+)"')
BENCH = re.compile(r'make bench ARGS="([^"]+)"')
TYPED = re.compile(r"^chemsales (.+?)(?=  |\s\(|$)", re.MULTILINE)  # what it does stands behind
SAID = re.compile(r"`chemsales ([^\s`]+\s[^`]+)`")
COMMAND = re.compile(r"^chemsales ([a-z][a-z-]*)|`chemsales ([a-z][a-z-]*)", re.MULTILINE)


def promises() -> list[tuple[str, str]]:
    """What is kept, and by what it is shown."""
    kept = PAGE.partition("## Kept")[2].partition("## Not kept")[0]
    cells = [line.strip("| ").split(" | ") for line in kept.splitlines() if line.startswith("| ")]
    return [(promise, shown) for promise, shown in cells[1:]]


def test_the_headings_are_those_of_what_is_promised() -> None:
    headings = re.findall("^## (.+)$", PAGE, re.MULTILINE)
    assert headings == ["Kept", "Not kept", "Not shown"]
    assert len(promises()) > 12


def test_every_promise_is_shown_by_one_command() -> None:
    for promise, shown in promises():
        found = [*CAMPAIGN.findall(shown), *TESTS.findall(shown), *BENCH.findall(shown)]
        assert len(found) == 1, promise


def test_what_the_commands_name_is_there() -> None:
    commands = next(
        action.choices
        for action in parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    for text in (PAGE, README):
        for name in CAMPAIGN.findall(text):
            assert name in campaigns.names(), name
        for name in " ".join(BENCH.findall(text)).split():
            assert name in benches(), name
        for found in COMMAND.findall(text):
            assert "".join(found) in commands, found
        for path in TESTS.findall(text):
            assert (ROOT / path.split()[0]).exists(), path


def test_every_command_line_that_is_told_is_one() -> None:
    """In README and docs: the lines to type, and those in the text with more than a name."""
    told = []
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        parts = page.read_text(encoding="utf-8").split("```")
        told += TYPED.findall("\n".join(parts[1::2]))
        told += SAID.findall("".join(parts[::2]))
    assert len(told) > 30
    for line in told:
        parser().parse_args(shlex.split(line))  # ends the test where it is none


def test_every_campaign_stands_behind_a_promise() -> None:
    assert set(campaigns.names()) == set(CAMPAIGN.findall(PAGE))


def test_what_the_page_about_the_window_names_is_there() -> None:
    """Every test by its file and name, every bench; each line of the table names one at least."""
    page = (ROOT / "docs" / "window-tests.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert len(lines) > 20
    for line in lines:
        tests, measured = re.findall(r"`([^`]+)::(\w+)`", line), re.findall(r"bench `(\w+)`", line)
        assert tests or measured, line
        assert set(measured) <= set(benches()), line
        for path, name in tests:
            assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8"), (path, name)
