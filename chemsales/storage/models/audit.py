"""Event, change and seal: who did what, which rows it touched, and the hash chain over both."""

from __future__ import annotations

import peewee

from chemsales.storage.fields import InstantField, JsonTextField, NameField
from chemsales.storage.models.base import Table


class Event(Table):
    """One use case, done or refused; written inside its transaction."""

    id = peewee.AutoField()
    key = NameField(unique=True)
    at = InstantField()
    who = NameField()
    use_case = NameField()
    outcome = NameField()
    subject = NameField()
    subject_id = NameField()
    clause = NameField()
    edition = peewee.BigIntegerField(null=True)
    reasons = JsonTextField()
    detail = JsonTextField()


class Change(Table):
    """One row touched, old and new, written by the triggers."""

    id = peewee.AutoField()
    event = NameField()
    at = InstantField()
    who = NameField()
    table_name = NameField()
    row_key = NameField()
    action = NameField()
    old = peewee.TextField(null=True)
    new = peewee.TextField(null=True)


class Seal(Table):
    """One link of the hash chain over events, changes and signed rows."""

    id = peewee.AutoField()
    source = NameField()
    source_id = peewee.BigIntegerField()
    hash = NameField()
    key_id = NameField(default="")
    at = InstantField()
