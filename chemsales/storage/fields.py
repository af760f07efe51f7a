"""The column types of every table: kilograms, fen, days, instants, names, flags, JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import peewee


class NameField(peewee.TextField):
    """A text of limited length; the limit itself is a CHECK of the table."""


class KilogramField(peewee.BigIntegerField):
    """Tonnes as a whole number of kilograms."""


class FlagField(peewee.IntegerField):
    """A truth value, stored as 0 or 1."""

    def db_value(self, value: bool | None) -> int | None:
        """0, 1 or NULL."""
        return None if value is None else int(value)

    def python_value(self, value: int | None) -> bool | None:
        """True, False or None."""
        return None if value is None else bool(value)


class DayField(peewee.TextField):
    """A business date, stored as YYYY-MM-DD."""

    def db_value(self, value: date | str | None) -> str | None:
        """The ISO text; a text is checked to be a real date."""
        if value is None:
            return None
        return (date.fromisoformat(value) if isinstance(value, str) else value).isoformat()

    def python_value(self, value: str | None) -> date | None:
        """The date."""
        return None if value is None else date.fromisoformat(value)


class InstantField(peewee.TextField):
    """An instant in UTC, stored as YYYY-MM-DDTHH:MM:SS.ffffffZ."""

    def db_value(self, value: datetime | None) -> str | None:
        """The ISO text in UTC; ValueError for an instant without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def python_value(self, value: str | None) -> datetime | None:
        """The instant, in UTC."""
        return None if value is None else instant_of(value)


def instant_of(text: str) -> datetime:
    """The instant of its stored text, for rows read by plain SQL."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


class EnumField(peewee.TextField):
    """A member of a StrEnum, stored as its value."""

    def __init__(self, members: type[StrEnum], **options: Any) -> None:
        self.members = members
        super().__init__(**options)

    def db_value(self, value: StrEnum | str | None) -> str | None:
        """The member's value; ValueError for anything else."""
        return None if value is None else str(self.members(value))

    def python_value(self, value: str | None) -> StrEnum | None:
        """The member."""
        return None if value is None else self.members(value)


class JsonTextField(peewee.TextField):
    """A JSON value in canonical form: sorted keys, no spaces, characters as they are."""

    def db_value(self, value: object) -> str | None:
        """The canonical text."""
        return None if value is None else canonical_json(value)

    def python_value(self, value: str | None) -> Any:
        """The value."""
        return None if value is None else json.loads(value)


_CANONICAL = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
)


def canonical_json(value: object) -> str:
    """The one text of a JSON value, the form that is hashed: sorted keys, no spaces, no floats."""
    return _CANONICAL.encode(value)
