"""Business dates in SQL, on either engine."""

from __future__ import annotations

from chemsales.storage.database import is_sqlite


def day_of(moment: str) -> str:
    """SQL for the business date of an instant."""
    if is_sqlite():
        return f"date({moment}, '+8 hours')"
    return f"to_char({moment}::timestamptz AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"


def days_from(day: str, count: int, sqlite: bool | None = None) -> str:
    """SQL for the business date so many days after another (before it: below 0), on the engine that
    is open unless it is said."""
    if is_sqlite() if sqlite is None else sqlite:
        return f"date({day}, '{count:+d} day')"
    return f"to_char({day}::date + ({count}), 'YYYY-MM-DD')"


def days_between(later: str, earlier: str) -> str:
    """SQL for the whole days from one business date to another."""
    if is_sqlite():
        return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"
    return f"({later}::date - {earlier}::date)"
