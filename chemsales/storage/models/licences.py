"""Papers that expire, and the suspensions that follow from them."""

from __future__ import annotations

import peewee

from chemsales.rules.customer import DocumentKind
from chemsales.storage.fields import DayField, EnumField, FlagField, InstantField, NameField
from chemsales.storage.models.accreditation import DocumentBlob
from chemsales.storage.models.approval import ApprovalCase
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer


class LicenceRow(Table):
    """A licence, or a proof that stands in for one, of a customer: frozen while its case is open,
    for good once it was accepted."""

    id = peewee.AutoField()
    customer = Link(Customer)
    kind = EnumField(DocumentKind)
    number = NameField(default="")
    issuer = NameField(default="")
    valid_from = DayField(null=True)
    valid_to = DayField(null=True)
    long_term = FlagField(default=False)
    proof = FlagField(default=False)
    sha256 = Link(DocumentBlob, column_name="sha256", object_id_name="blob_hash")
    label = NameField()
    recorded_by = NameField()
    recorded_at = InstantField()
    case = Link(ApprovalCase, null=True)
    accepted_on = DayField(null=True)

    class Meta:
        table_name = "licence"


class SuspensionRow(Table):
    """That dealings with a customer were suspended for want of a kind of paper, as the accepted
    papers have it; `to_day` is the last day of it."""

    id = peewee.AutoField()
    customer = Link(Customer)
    kind = EnumField(DocumentKind)
    from_day = DayField()
    to_day = DayField(null=True)
    noted_by = NameField()
    noted_at = InstantField()
    lifted_by = NameField(default="")
    lifted_at = InstantField(null=True)

    class Meta:
        table_name = "suspension"
