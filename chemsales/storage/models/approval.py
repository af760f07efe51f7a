"""Cases of every approval chain and their append-only decisions."""

from __future__ import annotations

import peewee

from chemsales.rules.approval import Outcome, StageName, Verdict
from chemsales.rules.roles import Role
from chemsales.storage.fields import DayField, EnumField, InstantField, JsonTextField, NameField
from chemsales.storage.models.base import Link, Table


class ApprovalCase(Table):
    """One case: what was put up for decision (frozen, with its hash) and where it stands."""

    id = peewee.AutoField()
    chain = NameField()
    subject = NameField()
    subject_id = peewee.BigIntegerField()
    round = peewee.BigIntegerField(default=1)
    pending = EnumField(StageName, null=True)
    outcome = EnumField(Outcome)
    opened_by = NameField()
    owner = NameField()
    opened_at = InstantField()
    moved_at = InstantField()
    snapshot = JsonTextField()
    snapshot_hash = NameField()
    clause = NameField()
    edition = peewee.BigIntegerField()
    version = peewee.BigIntegerField(default=1)


class Decision(Table):
    """One signature: who gave which verdict at which stage of which round, on which snapshot.

    `attempt` counts how often this stage had taken its decision back in this round before; a
    delegate signs `on_behalf_of` a principal ("": by the own role). `marks` is the JSON of
    `rules.review.Marks`, "" where nothing was to be marked.
    """

    id = peewee.AutoField()
    case = Link(ApprovalCase)
    round = peewee.BigIntegerField()
    stage = EnumField(StageName)
    verdict = EnumField(Verdict)
    signer = NameField()
    signer_name = NameField()
    signed_at = InstantField()
    comment = NameField(default="")
    seen_version = peewee.BigIntegerField()
    snapshot_hash = NameField()
    edition = peewee.BigIntegerField()
    attempt = peewee.BigIntegerField()
    on_behalf_of = NameField(default="")
    marks = NameField(default="")


class CodeAcceptance(Table):
    """That a reviewer accepts a code whose check digit fails: why, and the hash that the stages of
    this round sign from then on."""

    id = peewee.AutoField()
    case = Link(ApprovalCase)
    round = peewee.BigIntegerField()
    reason = NameField()
    accepted_by = NameField()
    accepted_at = InstantField()
    snapshot_hash = NameField()
    hash = NameField()


class CaseUrge(Table):
    """That the applicant urged the stage at which a case waited, at most once on a day."""

    id = peewee.AutoField()
    case = Link(ApprovalCase)
    round = peewee.BigIntegerField()
    stage = EnumField(StageName)
    day = DayField()
    urged_by = NameField()
    urged_at = InstantField()

    class Meta:
        table_name = "case_urge"


class ChainStage(Table):
    """A stage of an approval chain and the role that decides it, as the guards read it."""

    chain = NameField()
    position = peewee.BigIntegerField()
    stage = EnumField(StageName)
    role = EnumField(Role)

    class Meta:
        primary_key = peewee.CompositeKey("chain", "position")
