"""What an evaluation sheet is filled with (F6, C16.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from chemsales.reports.content import Footer, Group, Opinion
from chemsales.rules.classification import CustomerClass
from chemsales.rules.errors import Reason
from chemsales.rules.evaluation import Grade, Indicator
from chemsales.rules.tiers import Level


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month of the period in one product group, in kilograms; `take_kg` None = not closed.

    `short_kg` is what the company could not deliver (deducted from the plan, A.X 23).
    """

    month: str
    take_kg: int | None
    plan_kg: int | None
    short_kg: int = 0


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator: weight, value 0-100 and points (None = no data, left out of the score).

    `data` are the raw inputs as sentences, `reasons` the explanation with its article.
    """

    indicator: Indicator
    weight: int
    value: Decimal | None
    points: Decimal | None
    data: tuple[Reason, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupPart:
    """The evaluation in one product group.

    `score` is None where too little weight has data; `previous_score` is the period before;
    `level` and `suggested_level` only for polyolefins; `suggestion` says why.
    """

    group: Group
    customer_class: CustomerClass
    months: tuple[MonthLine, ...]
    lines: tuple[IndicatorLine, ...]
    score: Decimal | None
    grade: Grade
    available_weight: int
    region: str = ""
    level: Level | None = None
    suggested_level: Level | None = None
    suggestion: tuple[Reason, ...] = ()
    previous_score: Decimal | None = None
    rank: int | None = None
    ranked: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One customer's page: `period` is "2026Q3", "2026H2" or "2026"; one part per product group."""

    company: str
    period: str
    customer_code: str
    customer_name: str
    manager: str
    parts: tuple[GroupPart, ...]
    revision: int = 1
    conclusion: str = ""
    opinions: tuple[Opinion, ...] = ()
    footer: Footer = field(default_factory=Footer)

    @property
    def open_months(self) -> tuple[str, ...]:
        """The months that were not closed: with any of them the sheet is provisional."""
        lines = (line for part in self.parts for line in part.months)
        return tuple(sorted({line.month for line in lines if line.take_kg is None}))
