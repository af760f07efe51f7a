"""Closings of months and the level of every polyolefin customer that each computed."""

from __future__ import annotations

import peewee

from chemsales.rules.tiers import Level, TierOutcome
from chemsales.storage.fields import (
    EnumField,
    FlagField,
    InstantField,
    JsonTextField,
    KilogramField,
    NameField,
)
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer


class Closing(Table):
    """One closing of a month under one rule edition; a reopening or recomputation ends it."""

    id = peewee.AutoField()
    month = NameField()
    revision = peewee.BigIntegerField()
    active = FlagField(default=True)
    edition = peewee.BigIntegerField()
    closed_by = NameField()
    closed_at = InstantField()
    ended_by = NameField(null=True)
    ended_at = InstantField(null=True)
    end_reason = NameField(default="")
    results_digest = NameField()
    inputs = JsonTextField()


class TierResult(Table):
    """The level of one customer after one closing, with its reasons."""

    closing = Link(Closing)
    customer = Link(Customer)
    month = NameField()
    kg = KilogramField()
    level_before = EnumField(Level)
    form_before = NameField(default="")
    level_after = EnumField(Level)
    form_after = NameField(default="")
    outcome = EnumField(TierOutcome)
    reasons = JsonTextField()

    class Meta:
        primary_key = peewee.CompositeKey("closing", "customer")
