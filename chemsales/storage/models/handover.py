"""Customers that were handed over from one account manager to another."""

from __future__ import annotations

import peewee

from chemsales.storage.fields import DayField, InstantField, NameField
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer


class Handover(Table):
    """One customer's: history, never changed; the first manager is that of its application."""

    id = peewee.AutoField()
    customer = Link(Customer)
    from_manager = NameField()
    to_manager = NameField()
    from_day = DayField()
    reason = NameField()
    given_by = NameField()
    given_at = InstantField()
