"""What a use case changed: one value that tells every window whether to refresh."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

R = TypeVar("R", covariant=True)


class Subject(StrEnum):
    """The subjects that pages watch."""

    PEOPLE = "people"
    DELEGATION = "delegation"
    POLICY = "policy"
    CALENDAR = "calendar"
    PRODUCTS = "products"
    ACCREDITATION = "accreditation"
    CUSTOMER = "customer"
    OFFTAKE = "offtake"
    TIERS = "tiers"
    COOPERATION = "cooperation"
    EVALUATION = "evaluation"
    LICENCE = "licence"
    AGENT_LICENCE = "agent_licence"
    DISQUALIFICATION = "disqualification"
    DISPATCH = "dispatch"
    FILING = "filing"
    CUSTOMER_CHANGE = "customer_change"
    VISIT = "visit"
    COMPLAINT = "complaint"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Changed(Generic[R]):
    """The result of a use case: its value, the subjects it touched, its audit event's key; whether
    the answer to its commit was lost and had to be asked for."""

    value: R
    subjects: frozenset[Subject]
    event: str
    asked: bool = False
