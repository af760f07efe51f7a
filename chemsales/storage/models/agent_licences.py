"""Licences of exclusive agents."""

from __future__ import annotations

import peewee

from chemsales.storage.fields import DayField, InstantField, JsonTextField, NameField
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer, CustomerClassRow


class AgentLicence(Table):
    """A licence as it was given; it is in force while its class is (C10.5)."""

    id = peewee.AutoField()
    number = NameField(unique=True)
    customer = Link(Customer)
    held_class = Link(CustomerClassRow, column_name="class_id", object_id_name="class_id")
    from_day = DayField()
    to_day = DayField()
    shown = JsonTextField()
    edition = peewee.BigIntegerField()
    issued_by = NameField()
    issued_at = InstantField()

    class Meta:
        table_name = "agent_licence"
