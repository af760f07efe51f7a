"""Which own cases a person has looked at, on this machine; losing it shows them again."""

from __future__ import annotations

import json

from ui import memory

KEPT = 500  # the newest; older ones are on no card any more


def seen() -> frozenset[int]:
    """The cases that were looked at."""
    return frozenset(_kept())


def see(case_id: int) -> None:
    """This case was looked at."""
    kept = [each for each in _kept() if each != case_id]
    memory.remember(memory.own("seen"), json.dumps([*kept, case_id][-KEPT:]))


def _kept() -> list[int]:
    try:
        return [int(each) for each in json.loads(memory.recall(memory.own("seen")) or "[]")]
    except (ValueError, TypeError):
        return []
