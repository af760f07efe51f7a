"""Exactly once: what was pressed, the keys of its use cases, and asking after a lost answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chemsales.rules.errors import DoneBefore, Reason, Unreachable
from chemsales.services.changes import Changed
from chemsales.storage.database import rows

DESK_SIGNS = 8  # how a key begins: the desk that it was made at
ASK_AGAIN = (0.0, 0.2, 0.5, 1.0, 2.0)  # seconds before each question of a use case


class Unsure(Unreachable):
    """The answer to a commit was lost, and nobody could be asked yet whether it landed."""


def new_key(desk: str = "") -> str:
    """A key for one use case, made at this desk ("": at none)."""
    return (desk[:DESK_SIGNS] + uuid.uuid4().hex)[:32]


def made_at(key: str, desk: str) -> bool:
    """Whether a key was made at this desk."""
    return bool(desk) and key.startswith(desk[:DESK_SIGNS])


@dataclass(frozen=True, slots=True)
class Doubt:
    """A commit of which nobody was told whether it landed: its key, its use case, since when
    (UTC)."""

    key: str
    use_case: str
    since: datetime


class Doubts:
    """Where doubts are kept until somebody answers: here nowhere, in `drafts.KeptDoubts` a file."""

    def note(self, key: str, use_case: str) -> None:
        """The answer to this commit was lost."""

    def strike(self, keys: Iterable[str]) -> None:
        """What came of these is known."""

    def noted(self) -> list[Doubt]:
        """All that are not answered, the oldest first."""
        return []


@dataclass(slots=True)
class Step:
    """One use case of an act: its key, what holds if its commit landed, and what came of it."""

    key: str
    pending: Changed[Any] | None = None
    outcome: Changed[Any] | None = None
    afterwards: list[Callable[[], object]] = field(default_factory=list)

    def commits(self, pending: Changed[Any], afterwards: list[Callable[[], object]]) -> None:
        """Everything is written and the commit comes next: what holds when it landed."""
        self.pending, self.afterwards = pending, afterwards

    def landed(self, asked: bool = False) -> Changed[Any]:
        """It is committed: what comes after it is done, and its outcome."""
        assert self.pending is not None
        self.outcome, self.pending = replace(self.pending, asked=asked), None
        for step in self.afterwards:
            step()
        return self.outcome


class Act:
    """What a person pressed or a command does: its use cases in order, each done once.

    Sent again after a failure it answers with the first outcome of what is done already. A `key`
    that is given from outside (by a script that repeats a command) is looked up before. `doubt`
    hears key and use case of a commit whose answer was lost, before anybody is asked.
    """

    def __init__(
        self, desk: str = "", key: str = "", doubt: Callable[[str, str], None] | None = None
    ) -> None:
        self._desk, self._given, self._at = desk, key, 0
        self._steps: list[Step] = []
        self._doubt, self.doubted = doubt, list[str]()

    def again(self) -> None:
        """Begin from the first use case."""
        self._at = 0

    @property
    def asked(self) -> bool:
        """Whether it had to be asked what came of one of them."""
        return any(step.outcome is not None and step.outcome.asked for step in self._steps)

    def doubt(self, key: str, use_case: str) -> None:
        """The answer to this commit was lost."""
        if self._doubt is not None and key not in self.doubted:
            self.doubted.append(key)
            self._doubt(key, use_case)

    def step(self) -> Step:
        """The use case that comes next; DoneBefore where it was done under a given key before."""
        if self._at == len(self._steps):
            key = new_key(self._desk)
            if self._given:
                key = f"{self._given}.{self._at}" if self._at else self._given
                _refuse_repeated(key)
            self._steps.append(Step(key))
        self._at += 1
        return self._steps[self._at - 1]


def _refuse_repeated(key: str) -> None:
    if found := rows("SELECT at FROM event WHERE key = ?", (key,)):
        raise DoneBefore(Reason("reason.done_before", {"key": key, "when": str(found[0][0])}))
