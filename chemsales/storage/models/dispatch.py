"""Resident offices, and what is reported of customers to them and to finance."""

from __future__ import annotations

import peewee

from chemsales.rules.dispatch import What
from chemsales.storage.fields import (
    DayField,
    EnumField,
    FlagField,
    InstantField,
    JsonTextField,
    NameField,
)
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer
from chemsales.storage.models.products import ProductGroup


class Office(Table):
    """A resident office of the company at a plant (驻厂办)."""

    code = NameField(primary_key=True)
    name = NameField()
    name_en = NameField(default="")
    active = FlagField(default=True)
    version = peewee.BigIntegerField(default=1)


class OfficeGroup(Table):
    """A product group that an office is attached to, or was."""

    id = peewee.AutoField()
    office = Link(Office, column_name="office_code", object_id_name="office_code")
    group = Link(ProductGroup, column_name="group_code", object_id_name="group_code")
    active = FlagField(default=True)

    class Meta:
        table_name = "office_group"


class Dispatch(Table):
    """One item for one recipient: what it says stands still, its two marks come once each."""

    id = peewee.AutoField()
    number = NameField(unique=True)
    customer = Link(Customer)
    what = EnumField(What)
    office = Link(Office, column_name="office_code", object_id_name="office_code", null=True)
    version = peewee.BigIntegerField()
    file = JsonTextField()
    changes = JsonTextField()
    edition = peewee.BigIntegerField()
    made_by = NameField()
    made_at = InstantField()
    sent_by = NameField(default="")
    sent_at = InstantField(null=True)
    acknowledged_by = NameField(default="")
    acknowledged_on = DayField(null=True)
    receipt = NameField(default="")
