"""Visits to customers."""

from __future__ import annotations

import peewee

from chemsales.rules.visits import VisitWay
from chemsales.storage.fields import DayField, EnumField, InstantField, NameField
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer


class Visit(Table):
    """One visit as it was noted; a row that `replaces` another corrects it, and says who visited
    as that one does (C11.2)."""

    id = peewee.AutoField()
    customer = Link(Customer)
    visited_on = DayField()
    way = EnumField(VisitWay)
    received_by = NameField()
    products = NameField()
    market = NameField()
    service = NameField()
    needs = NameField()
    next_on = DayField(null=True)
    visited_by = NameField()
    noted_by = NameField()
    noted_at = InstantField()
    replaces = Link("self", null=True, unique=True, column_name="replaces", object_id_name="of")
