"""Proposals to cancel a customer's qualification, with their evidence."""

from __future__ import annotations

import peewee

from chemsales.rules.disqualification import Ground
from chemsales.storage.fields import (
    DayField,
    EnumField,
    FlagField,
    InstantField,
    JsonTextField,
    NameField,
)
from chemsales.storage.models.accreditation import DocumentBlob
from chemsales.storage.models.approval import ApprovalCase
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer


class Disqualification(Table):
    """A proposal: frozen while its case is open, for good once it was decided."""

    id = peewee.AutoField()
    number = NameField(unique=True)
    customer = Link(Customer)
    ground = EnumField(Ground)
    facts = NameField()
    occurred_on = DayField()
    loss_fen = peewee.BigIntegerField(null=True)
    effects = JsonTextField()
    proposed_by = NameField()
    proposed_at = InstantField()
    case = Link(ApprovalCase, null=True)
    decided_on = DayField(null=True)


class DisqualificationPaper(Table):
    """A scan that bears a proposal out; a wrong one is voided, never deleted."""

    id = peewee.AutoField()
    disqualification = Link(Disqualification)
    sha256 = Link(DocumentBlob, column_name="sha256", object_id_name="blob_hash")
    label = NameField()
    void = FlagField(default=False)

    class Meta:
        table_name = "disqualification_paper"
