"""How instants, days and kilograms are written on the window."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from chemsales.rules.calendar import company_minute


def dotted(words: Iterable[str]) -> str:
    """Words with dots between them, empty ones left out; a line that is broken ends with a dot and
    never begins with one."""
    return "\u00a0\u00a0·  ".join(filter(None, words))


def when(instant: datetime | None) -> str:
    """An instant as the company's clock shows it, "2026-07-09 14:03"; "" for none."""
    return "" if instant is None else company_minute(instant)


def day(value: date | None) -> str:
    """A day as "2026-07-09"; "" for none."""
    return "" if value is None else value.isoformat()
