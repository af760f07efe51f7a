"""The customer's file: facts, dated classes, contacts and the starting level."""

from __future__ import annotations

import peewee

from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ContactKind, CustomerStatus
from chemsales.rules.tiers import Level
from chemsales.storage.fields import DayField, EnumField, FlagField, NameField
from chemsales.storage.models.accreditation import Application
from chemsales.storage.models.approval import ApprovalCase
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.facts import Answers, Facts
from chemsales.storage.models.products import ProductGroup
from chemsales.storage.models.words import Words


class Customer(Facts):
    """An accredited customer; the file cannot exist without its approval case (C8.1)."""

    id = peewee.AutoField()
    code = NameField(unique=True)
    sort_key = NameField(default="")
    status = EnumField(CustomerStatus)
    manager = NameField()
    case = Link(ApprovalCase)
    application = Link(Application)
    accredited_on = DayField()
    version = peewee.BigIntegerField(default=1)


class CustomerClassRow(Answers):
    """The class in one product group from a day on, with what it was admitted on (C3.1, C3.3, C9.1,
    C10.1)."""

    id = peewee.AutoField()
    customer = Link(Customer)
    group_code = Link(ProductGroup, column_name="group_code", object_id_name="group")
    customer_class = EnumField(CustomerClass)
    region = NameField(default="")
    purpose = NameField(default="")
    from_day = DayField()
    to_day = DayField(null=True)
    clause = NameField(default="")
    edition = peewee.BigIntegerField()

    class Meta:
        table_name = "customer_class"


class CustomerContact(Table):
    """A person at the customer."""

    id = peewee.AutoField()
    customer = Link(Customer)
    kind = EnumField(ContactKind)
    name = NameField()
    title = NameField(default="")
    phone = NameField(default="")
    email = NameField(default="")
    void = FlagField(default=False)


class CustomerWords(Words):
    """What a customer is found by."""

    customer = Link(Customer, primary_key=True)

    class Meta:
        table_name = "customer_words"


class TierStart(Table):
    """The level with which a polyolefin customer starts (C9.2, C9.3)."""

    customer = Link(Customer, primary_key=True)
    level = EnumField(Level)
    form = NameField(default="")
    from_day = DayField()
    clause = NameField(default="")
    edition = peewee.BigIntegerField()
