"""Calendars as RFC 5545 has them: whole days with reminders, for any calendar program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import icalendar


@dataclass(frozen=True, slots=True)
class Event:
    """One whole day; `uid` is the same whenever it is written again, `alarms` are days before,
    `stamp` when it was recorded (UTC)."""

    uid: str
    day: date
    summary: str
    description: str
    stamp: datetime
    alarms: Sequence[int] = ()


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """The calendar; the same events give the same bytes."""
    import icalendar

    made = icalendar.Calendar()
    made.add("prodid", "-//chemsales//licences//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", visible(name))
    for event in events:
        made.add_component(_event(event))
    return bytes(made.to_ical())


def _event(event: Event) -> icalendar.Event:
    import icalendar

    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("dtstamp", event.stamp.astimezone(UTC))
    made.add("dtstart", event.day)
    made.add("dtend", event.day + timedelta(days=1))
    made.add("summary", visible(event.summary))
    made.add("description", visible(event.description))
    made.add("transp", "TRANSPARENT")
    for days in event.alarms:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", visible(event.summary))
        alarm.add("trigger", -timedelta(days=days))
        made.add_component(alarm)
    return made


def visible(text: str) -> str:
    """A text without the control characters that no calendar may hold."""
    return "".join(sign for sign in text if (sign >= " " and sign != "\x7f") or sign in "\r\n")
