"""When the desktop reminds: one summary in the morning and one after noon, never twice."""

from __future__ import annotations

from datetime import datetime, time

# from when until when each summary may come; whoever starts later hears of the one that is on
SLOTS = (("morning", time(8, 30), time(12, 0)), ("afternoon", time(13, 0), time(18, 0)))


def slot_at(now: datetime) -> str:
    """The summary that is on at a local time, told from those of other days; "" for none."""
    for name, begin, end in SLOTS:
        if begin <= now.time() < end:
            return f"{now.date().isoformat()} {name}"
    return ""


def to_tell(now: datetime, told: str, count: int) -> str:
    """The summary that is to be told now, where that of `told` was the last and so many things are
    due; "" for none."""
    slot = slot_at(now)
    return slot if slot != told and count > 0 else ""
