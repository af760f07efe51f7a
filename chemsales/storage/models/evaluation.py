"""Cooperation ratings, evaluation runs and the evaluation of each customer and product group."""

from __future__ import annotations

import peewee

from chemsales.rules.classification import CustomerClass
from chemsales.rules.evaluation import Aspect, Grade
from chemsales.storage.fields import EnumField, FlagField, InstantField, JsonTextField, NameField
from chemsales.storage.models.approval import ApprovalCase
from chemsales.storage.models.base import Link, Table
from chemsales.storage.models.customers import Customer
from chemsales.storage.models.products import ProductGroup


class CooperationRating(Table):
    """The manager's rating of one month (配合度, A.X 24); a new one voids the old."""

    id = peewee.AutoField()
    customer = Link(Customer)
    month = NameField()
    score = peewee.BigIntegerField()
    rated_by = NameField()
    rated_at = InstantField()
    confirmed_by = NameField(null=True)
    confirmed_at = InstantField(null=True)
    void = FlagField(default=False)
    version = peewee.BigIntegerField(default=1)


class CooperationEvidence(Table):
    """One evidence line of a rating."""

    id = peewee.AutoField()
    rating = Link(CooperationRating)
    aspect = EnumField(Aspect)
    points = peewee.BigIntegerField()
    evidence = NameField()


class EvaluationRun(Table):
    """One computation of a period's evaluations out of frozen inputs."""

    id = peewee.AutoField()
    period = NameField()
    revision = peewee.BigIntegerField()
    active = FlagField(default=True)
    edition = peewee.BigIntegerField()
    case = Link(ApprovalCase, null=True)
    computed_by = NameField()
    computed_at = InstantField()
    inputs_hash = NameField()
    results_digest = NameField()
    inputs = JsonTextField()


class Evaluation(Table):
    """The score and grade of one customer in one product group, with all it was computed from."""

    id = peewee.AutoField()
    run = Link(EvaluationRun)
    customer = Link(Customer)
    group_code = Link(ProductGroup, column_name="group_code", object_id_name="group")
    customer_class = EnumField(CustomerClass)
    score = NameField(null=True)
    grade = EnumField(Grade)
    available_weight = peewee.BigIntegerField()
    indicators = JsonTextField()
    inputs = JsonTextField()
    inputs_hash = NameField()
