"""Filing (备案) of customers with the parent sales department, and its inspections (C8.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from chemsales.rules.days import months_on
from chemsales.rules.errors import Param, Problem, Reason

PARENT = "产品经销公司化工品销售部"  # with whom customers are filed, as the regulation names it
SCOPE_LIMIT, FINDING_LIMIT, CLOSING_LIMIT, INSPECTOR_LIMIT = 500, 1000, 500, 100
FINDINGS_LIMIT = 50
REQUIRED = Reason("reason.field_required", {}, "C8.3")


class FindingState(StrEnum):
    """How a finding of an inspection stands on a day."""

    OVERDUE = "overdue"  # 逾期未整改
    OPEN = "open"  # 整改中
    CLOSED = "closed"  # 已整改


@dataclass(frozen=True, slots=True)
class Filed:
    """A customer's file as it was filed: its version, and what `queries.dispatch.load_file` told
    of it."""

    version: int
    file: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """A filing as it is exported, by the codes of its customers; days are ISO text."""

    number: str
    company: str
    made_on: str
    made_by: str
    edition: int
    customers: tuple[Filed, ...]


def in_order(files: Iterable[Filed]) -> tuple[Filed, ...]:
    """The customers of a batch as they are listed, by code."""
    return tuple(sorted(files, key=lambda filed: str(filed.file["code"])))


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """What an inspection found, of which customer where of one, and who sees to it by when."""

    words: str = ""
    due_on: date | None = None
    responsible: str = ""
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class InspectionDraft:
    """An inspection by the parent department: the day, who came, what was looked at, of which
    filing where of one."""

    held_on: date | None = None
    inspector: str = ""
    scope: str = ""
    filing_id: int | None = None
    findings: tuple[FindingDraft, ...] = ()


def inspection_problems(draft: InspectionDraft, today: date) -> tuple[Problem, ...]:
    """What is missing or wrong in an inspection, by field; of a finding "findings:N:field"."""
    found = [
        Problem(place, REQUIRED)
        for place, value in (("inspector", draft.inspector), ("scope", draft.scope))
        if not value.strip()
    ]
    if draft.held_on is None:
        found.append(Problem("held_on", REQUIRED))
    elif draft.held_on > today:
        params: dict[str, Param] = {"day": today.isoformat()}
        found.append(Problem("held_on", Reason("reason.day_to_come", params, "C8.3")))
    if len(draft.findings) > FINDINGS_LIMIT:
        limit: dict[str, Param] = {"limit": FINDINGS_LIMIT}
        found.append(Problem("findings", Reason("reason.findings_many", limit, "C8.3")))
    for number, each in enumerate(draft.findings):
        found += [
            Problem(f"findings:{number}:{place}", REQUIRED)
            for place, value in (
                ("words", each.words.strip()),
                ("due_on", each.due_on),
                ("responsible", each.responsible),
            )
            if not value
        ]
        if each.due_on and draft.held_on and each.due_on < draft.held_on:
            params = {"day": draft.held_on.isoformat()}
            reason = Reason("reason.finding_due", params, "C8.3")
            found.append(Problem(f"findings:{number}:due_on", reason))
    return tuple(found)


def next_inspection(last: date | None, first_filed: date | None, months: int) -> date | None:
    """By when the parent department inspects again: so many months after the last time, or after
    what was filed first; None while nothing is filed (C8.3, A.X 20)."""
    start = last or first_filed
    return None if start is None else months_on(start, months)
