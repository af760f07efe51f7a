"""Direct customers that were found to sell on."""

from __future__ import annotations

import peewee

from chemsales.storage.fields import DayField, InstantField, NameField
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer, CustomerClassRow


class ResaleFinding(Table):
    """One finding; it is closed in words, or with the class that it is of (C10.2)."""

    id = peewee.AutoField()
    customer = Link(Customer)
    held_class = Link(CustomerClassRow, column_name="class_id", object_id_name="class_id")
    found_on = DayField()
    facts = NameField()
    found_by = NameField()
    found_at = InstantField()
    closed_on = DayField(null=True)
    closing = NameField(default="")
    closed_by = NameField(default="")
    closed_at = InstantField(null=True)

    class Meta:
        table_name = "resale_finding"
