"""The summary for the operating meeting (公司经营例会, C16.2): evaluations of all customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from chemsales.reports.content import Footer, Group, Opinion
from chemsales.rules.classification import CustomerClass
from chemsales.rules.errors import Reason
from chemsales.rules.evaluation import Grade
from chemsales.rules.tiers import Level


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One customer in one product group; kilograms, values 0-100, None = no data."""

    customer_code: str
    customer_name: str
    group: Group
    customer_class: CustomerClass
    take_kg: int
    plan_kg: int
    grade: Grade
    score: Decimal | None = None
    completion: Decimal | None = None
    evenness: Decimal | None = None
    cooperation: Decimal | None = None
    level: Level | None = None
    suggested_level: Level | None = None


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A customer who should have a row and has none, and why (C16.1)."""

    customer_code: str
    customer_name: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """One month of the period; `kg` per product group in the order of `Meeting.groups`."""

    month: str
    closed: bool
    kg: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """The whole report; `period` is "2026Q3", "2026H2" or "2026"."""

    company: str
    period: str
    groups: tuple[Group, ...]
    months: tuple[MonthTotal, ...]
    rows: tuple[MeetingRow, ...]
    missing: tuple[MissingRow, ...] = ()
    revision: int = 1
    opinions: tuple[Opinion, ...] = ()
    footer: Footer = field(default_factory=Footer)
