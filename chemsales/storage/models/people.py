"""Logins, their roles, settings and numbering series."""

from __future__ import annotations

import peewee

from chemsales.rules.roles import Role
from chemsales.storage.fields import EnumField, FlagField, InstantField, NameField
from chemsales.storage.models.base import Link, Table


class Person(Table):
    """A login of the program."""

    login = NameField(primary_key=True)
    name = NameField()
    sort_key = NameField(default="")
    password_hash = NameField(default="")
    must_change = FlagField(default=False)
    active = FlagField(default=True)
    failures = peewee.BigIntegerField(default=0)
    locked_until = InstantField(null=True)
    created_at = InstantField()
    version = peewee.BigIntegerField(default=1)


class PersonRole(Table):
    """A role that a person holds."""

    id = peewee.AutoField()
    login = Link(Person, column_name="login", object_id_name="login_id")
    role = EnumField(Role)


class CredentialReset(Table):
    """A password that an administrator gave a person anew, and who has confirmed that since."""

    id = peewee.AutoField()
    login = Link(Person, column_name="login", object_id_name="login_id")
    reset_by = NameField()
    reset_at = InstantField()
    confirmed_by = NameField(null=True)
    confirmed_at = InstantField(null=True)


class Setting(Table):
    """A setting of the whole department, by key."""

    key = NameField(primary_key=True)
    value = NameField(default="")
    version = peewee.BigIntegerField(default=1)


class Numbering(Table):
    """The last number given in a series (customer codes, application numbers)."""

    series = NameField(primary_key=True)
    last = peewee.BigIntegerField()
