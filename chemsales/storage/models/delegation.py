"""Delegations of signatures."""

from __future__ import annotations

import peewee

from chemsales.rules.roles import Role
from chemsales.storage.fields import DayField, EnumField, InstantField, NameField
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.people import Person


class Delegation(Table):
    """Who lets whom sign in which role, from when to when and why; when that was revoked."""

    id = peewee.AutoField()
    principal = Link(Person, column_name="principal", object_id_name="principal_login")
    delegate = Link(Person, column_name="delegate", object_id_name="delegate_login")
    role = EnumField(Role)
    first_day = DayField()
    last_day = DayField()
    reason = NameField()
    made_at = InstantField()
    revoked_by = NameField(null=True)
    revoked_at = InstantField(null=True)
