"""How instants, days and kilograms are written on the window."""

from __future__ import annotations

from datetime import date, datetime

from chemsales.services.session import COMPANY_ZONE


def when(instant: datetime | None) -> str:
    """An instant as the company's clock shows it, "2026-07-09 14:03"; "" for none."""
    if instant is None:
        return ""
    return instant.astimezone(COMPANY_ZONE).isoformat(sep=" ", timespec="minutes")[:16]


def day(value: date | None) -> str:
    """A day as "2026-07-09"; "" for none."""
    return "" if value is None else value.isoformat()
