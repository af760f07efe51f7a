"""Gapless numbers: customer codes, application numbers."""

from __future__ import annotations

from chemsales.storage import database


def next_number(series: str) -> int:
    """The next number of a series, from 1, without gaps (taken inside the caller's transaction)."""
    database.execute(
        "INSERT INTO numbering (series, last) VALUES (?, 1) "
        "ON CONFLICT (series) DO UPDATE SET last = numbering.last + 1",
        (series,),
    )
    return int(database.rows("SELECT last FROM numbering WHERE series = ?", (series,))[0][0])
