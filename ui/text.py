"""How instants, days and kilograms are written on the window."""

from __future__ import annotations

from datetime import date, datetime

from chemsales.rules.calendar import company_minute


def when(instant: datetime | None) -> str:
    """An instant as the company's clock shows it, "2026-07-09 14:03"; "" for none."""
    return "" if instant is None else company_minute(instant)


def day(value: date | None) -> str:
    """A day as "2026-07-09"; "" for none."""
    return "" if value is None else value.isoformat()
