"""Visits to customers for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from chemsales.rules.visits import VisitDraft, VisitWay

TYPED = VisitDraft(
    None, VisitWay.ON_SITE, "王经理", "T30S 质量稳定。", "华东注塑需求平稳。", "提货及时。",
    "希望提前一周告知检修安排。",
)  # fmt: skip


def visit(day: date, **other: Any) -> VisitDraft:
    """A visit of a day, with something in each section."""
    return replace(TYPED, visited_on=day, **other)
