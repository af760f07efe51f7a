"""Product groups and products."""

from __future__ import annotations

import peewee

from chemsales.storage.fields import FlagField, NameField
from chemsales.storage.models.base import Link, Table


class ProductGroup(Table):
    """A group of products; polyolefins carry levels (C9), hazardous ones need a licence."""

    code = NameField(primary_key=True)
    name = NameField()
    name_en = NameField(default="")
    polyolefin = FlagField(default=False)
    hazardous = FlagField(default=False)
    active = FlagField(default=True)
    version = peewee.BigIntegerField(default=1)


class Product(Table):
    """A product (牌号) of a group."""

    code = NameField(primary_key=True)
    name = NameField()
    name_en = NameField(default="")
    group_code = Link(ProductGroup, column_name="group_code", object_id_name="group")
    active = FlagField(default=True)
    version = peewee.BigIntegerField(default=1)
