"""Complaints of customers, and how they were re-graded."""

from __future__ import annotations

import peewee

from chemsales.rules.complaints import ComplaintChannel, Severity
from chemsales.storage.fields import DayField, EnumField, InstantField, NameField
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer
from chemsales.storage.models.people import Person
from chemsales.storage.models.products import Product


class Complaint(Table):
    """One complaint; `severity` is the one that it was recorded with. Closed once (C12)."""

    id = peewee.AutoField()
    number = NameField(unique=True)
    customer = Link(Customer)
    received_at = InstantField()
    channel = EnumField(ComplaintChannel)
    product = Link(Product, column_name="product_code", object_id_name="product_code", null=True)
    lot = NameField(default="")
    content = NameField()
    severity = EnumField(Severity)
    edition = peewee.BigIntegerField()
    recorded_by = NameField()
    recorded_at = InstantField()
    opinion = NameField(default="")
    told_on = DayField(null=True)
    told_way = NameField(default="")
    told_by = NameField(default="")
    meeting_on = DayField(null=True)
    meeting_chair = Link(
        Person, column_name="meeting_chair", object_id_name="meeting_chair_login", null=True
    )
    meeting_attendees = NameField(default="")
    meeting_decision = NameField(default="")
    closed_by = NameField(default="")
    closed_at = InstantField(null=True)


class ComplaintRegrade(Table):
    """That a complaint was re-graded to a graver kind, and why (C12.3)."""

    id = peewee.AutoField()
    complaint = Link(Complaint)
    severity = EnumField(Severity)
    reason = NameField()
    regraded_by = NameField()
    regraded_at = InstantField()

    class Meta:
        table_name = "complaint_regrade"
