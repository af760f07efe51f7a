"""Applications for accreditation with their classes, contacts and scanned documents."""

from __future__ import annotations

import peewee

from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ApplicationState, ContactKind, DocumentKind
from chemsales.storage.fields import (
    DayField,
    EnumField,
    FlagField,
    InstantField,
    KilogramField,
    NameField,
)
from chemsales.storage.models.approval import ApprovalCase
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.facts import Answers, Facts
from chemsales.storage.models.products import ProductGroup
from chemsales.storage.models.words import Words


class DocumentBlob(Table):
    """The bytes of a scan, under their hash."""

    sha256 = NameField(primary_key=True)
    size = peewee.BigIntegerField()
    mime = NameField()
    data = peewee.BlobField()


class Application(Facts):
    """An application for accreditation (客户开户审批表); a `further` one is for another class
    of a customer that exists."""

    id = peewee.AutoField()
    number = NameField(unique=True)
    state = EnumField(ApplicationState)
    case = Link(ApprovalCase, null=True)
    customer_id = peewee.BigIntegerField(null=True)
    further = FlagField(default=False)
    sort_key = NameField(default="")
    manager = NameField()
    manager_opinion = NameField(default="")
    created_by = NameField()
    created_at = InstantField()
    version = peewee.BigIntegerField(default=1)


class ApplicationClass(Answers):
    """The class that is asked for in one product group, with the answers to its conditions."""

    id = peewee.AutoField()
    application = Link(Application)
    group_code = Link(ProductGroup, column_name="group_code", object_id_name="group")
    customer_class = EnumField(CustomerClass)
    form = NameField(default="")
    region = NameField(default="")
    monthly_kg = KilogramField(default=0)
    purpose = NameField(default="")


class ApplicationContact(Table):
    """A person at the customer."""

    id = peewee.AutoField()
    application = Link(Application)
    kind = EnumField(ContactKind)
    name = NameField()
    title = NameField(default="")
    phone = NameField(default="")
    email = NameField(default="")


class ApplicationWords(Words):
    """What an application is found by."""

    application = Link(Application, primary_key=True)

    class Meta:
        table_name = "application_words"


class ApplicationDocument(Table):
    """A scanned paper attached to an application; a wrong one is voided, never deleted."""

    id = peewee.AutoField()
    application = Link(Application)
    kind = EnumField(DocumentKind)
    sha256 = Link(DocumentBlob, column_name="sha256", object_id_name="blob_hash")
    label = NameField()
    number = NameField(default="")
    issuer = NameField(default="")
    holder = NameField(default="")
    valid_from = DayField(null=True)
    valid_to = DayField(null=True)
    long_term = FlagField(default=False)
    void = FlagField(default=False)
