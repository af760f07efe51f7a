"""Goals of reliability as campaigns: `python -m tests.campaigns [NAME ...] [--short]`.

A campaign is a module here with a `run(short: bool) -> Iterator[Score]`. It tries something many
times on databases of its own and says what went wrong; its docstring begins with the goal. The full
form is what is promised, the short form (few tries, seconds) also runs with the tests. To add one:
a module, nothing else.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Score:
    """What came of one part: how many times it was tried, and what went wrong, a sentence each."""

    name: str
    tried: int
    wrong: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it was tried and nothing went wrong."""
        return self.tried > 0 and not self.wrong


def names() -> list[str]:
    """The campaigns there are."""
    return sorted(
        path.stem
        for path in Path(__file__).parent.glob("*.py")
        if path.stem != "__init__" and "\ndef run(" in path.read_text(encoding="utf-8")
    )


def goal(name: str) -> str:
    """The first line of a campaign's docstring."""
    text = importlib.import_module(f"tests.campaigns.{name}").__doc__ or ""
    return text.strip().partition("\n")[0]


def run(name: str, short: bool) -> Iterator[Score]:
    """Run one campaign."""
    scores: Iterator[Score] = importlib.import_module(f"tests.campaigns.{name}").run(short)
    yield from scores
