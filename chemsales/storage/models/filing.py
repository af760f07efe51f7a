"""Filings with the customers in them, inspections with what they found."""

from __future__ import annotations

import peewee

from chemsales.storage.fields import DayField, InstantField, JsonTextField, NameField
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer
from chemsales.storage.models.people import Person


class Filing(Table):
    """A numbered batch of customers; `sha256` is the digest of its export."""

    id = peewee.AutoField()
    number = NameField(unique=True)
    company = NameField(default="")
    made_by = NameField()
    made_name = NameField()
    made_at = InstantField()
    made_on = DayField()
    edition = peewee.BigIntegerField()
    customers = peewee.BigIntegerField()
    sha256 = NameField()
    received_on = DayField(null=True)
    receipt = NameField(default="")
    received_by = NameField(default="")


class FilingCustomer(Table):
    """A customer in a filing, with its file as it was filed."""

    id = peewee.AutoField()
    filing = Link(Filing)
    customer = Link(Customer)
    version = peewee.BigIntegerField()
    file = JsonTextField()

    class Meta:
        table_name = "filing_customer"


class Inspection(Table):
    """A visit of the parent department; how many things it found."""

    id = peewee.AutoField()
    held_on = DayField()
    inspector = NameField()
    scope = NameField()
    filing = Link(Filing, null=True)
    findings = peewee.BigIntegerField()
    recorded_by = NameField()
    recorded_at = InstantField()


class Finding(Table):
    """What was found; closed once."""

    id = peewee.AutoField()
    inspection = Link(Inspection)
    customer = Link(Customer, null=True)
    words = NameField()
    due_on = DayField()
    responsible = Link(Person, column_name="responsible", object_id_name="responsible_login")
    closed_on = DayField(null=True)
    closed_by = NameField(default="")
    closing = NameField(default="")
