"""Numbered editions of the rule parameters and the working-day calendar."""

from __future__ import annotations

import peewee

from chemsales.storage.fields import DayField, FlagField, InstantField, JsonTextField, NameField
from chemsales.storage.models.base import Link, Table


class RuleEdition(Table):
    """All rule parameters as they hold from a day on; never changed."""

    number = peewee.BigIntegerField(primary_key=True)
    effective_from = DayField()
    basis = NameField(default="")
    parameters = JsonTextField()
    decided_by = NameField()
    decided_at = InstantField()


class CalendarYear(Table):
    """A year of the working-day calendar; `official` when the notice of that year is loaded."""

    year = peewee.BigIntegerField(primary_key=True)
    notice = NameField(default="")
    official = FlagField(default=False)
    version = peewee.BigIntegerField(default=1)


class CalendarDay(Table):
    """A day off or a make-up working day."""

    day = DayField(primary_key=True)
    year = Link(CalendarYear, column_name="year", object_id_name="year_number")
    kind = NameField()
    name = NameField(default="")
