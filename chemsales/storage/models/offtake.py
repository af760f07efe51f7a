"""Imported batches, weighed pick-ups and confirmed monthly plans (提货量)."""

from __future__ import annotations

import peewee

from chemsales.rules.offtake import BatchKind, PickupKind
from chemsales.storage.fields import DayField, EnumField, InstantField, KilogramField, NameField
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer
from chemsales.storage.models.products import Product


class ImportBatch(Table):
    """One import of one file; its rows stand or are undone together."""

    id = peewee.AutoField()
    kind = EnumField(BatchKind)
    file_name = NameField()
    sha256 = NameField()
    months = NameField(default="")
    row_count = peewee.BigIntegerField()
    rejected = peewee.BigIntegerField()
    total_kg = KilogramField()
    rows_digest = NameField()
    imported_by = NameField()
    imported_at = InstantField()
    undone_by = NameField(null=True)
    undone_at = InstantField(null=True)
    undo_reason = NameField(default="")


class Pickup(Table):
    """A weighed pick-up, or a return with negative kilograms; counts while its batch stands."""

    id = peewee.AutoField()
    batch = Link(ImportBatch)
    customer = Link(Customer)
    product_code = Link(Product, column_name="product_code", object_id_name="product")
    day = DayField()
    month = NameField()
    kg = KilogramField()
    kind = EnumField(PickupKind)
    note_no = NameField(default="")
    warehouse = NameField(default="")


class PlanLine(Table):
    """The confirmed quantity of a customer and product in a month; `short_kg` was lacking."""

    id = peewee.AutoField()
    batch = Link(ImportBatch)
    customer = Link(Customer)
    product_code = Link(Product, column_name="product_code", object_id_name="product")
    month = NameField()
    kg = KilogramField()
    short_kg = KilogramField(default=0)
