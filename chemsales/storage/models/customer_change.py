"""Changes of a customer's file that wait for finance, or were accepted by it."""

from __future__ import annotations

import peewee

from chemsales.storage.fields import DayField, InstantField, NameField
from chemsales.storage.models.accreditation import DocumentBlob
from chemsales.storage.models.approval import ApprovalCase
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer


class CustomerChange(Table):
    """What a file is to say of whom an invoice names, with the paper that shows it (C8.1)."""

    id = peewee.AutoField()
    customer = Link(Customer)
    name = NameField(default="")
    profile = NameField(default="")
    uscc = NameField(default="")
    licence15 = NameField(default="")
    org9 = NameField(default="")
    national_tax_no = NameField(default="")
    local_tax_no = NameField(default="")
    legal_person = NameField(default="")
    bank = NameField(default="")
    account = NameField(default="")
    reason = NameField()
    changed_on = DayField()
    holder = NameField(default="")
    sha256 = Link(DocumentBlob, column_name="sha256", object_id_name="blob_hash")
    label = NameField()
    proposed_by = NameField()
    proposed_at = InstantField()
    case = Link(ApprovalCase, null=True)
    decided_on = DayField(null=True)

    class Meta:
        table_name = "customer_change"
