"""Dispatch (报送): to whom an accreditation or a change of a published field is told (C4.7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from chemsales.rules.customer import CustomerFacts
from chemsales.rules.errors import Param, Reason
from chemsales.rules.history import FieldChange

# what stays in the house: own letters to find it by, the judgement of its credit, why a code stands
KEPT_BACK = frozenset({"mnemonic", "credit_note", "code_override"})
FACTS = tuple(item.name for item in fields(CustomerFacts) if item.name not in KEPT_BACK)
RECEIPT_LIMIT = 200
FINANCE = ""  # the recipient that is no office


class What(StrEnum):
    """What is reported of a customer."""

    ACCREDITATION = "accreditation"  # 准入
    CHANGE = "change"  # 变更


class DispatchState(StrEnum):
    """How far an item has come."""

    UNSENT = "unsent"  # 未报送
    SENT = "sent"  # 已报送，未签收
    ACKNOWLEDGED = "acknowledged"  # 已签收


@dataclass(frozen=True, slots=True)
class Marks:
    """How an item stands: the day on which it was sent, and that of its acknowledgement."""

    number: str
    sent_on: date | None = None
    acknowledged_on: date | None = None


def recipients(groups: Collection[str], offices: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Finance, and each resident office that is attached to one of these product groups, by code
    (C4.7)."""
    attached = sorted(code for code, held in offices.items() if set(held) & set(groups))
    return (FINANCE, *attached)


def published(changes: Iterable[FieldChange]) -> tuple[FieldChange, ...]:
    """The changes that recipients are told."""
    return tuple(each for each in changes if each.field not in KEPT_BACK)


def send_reasons(marks: Marks) -> tuple[Reason, ...]:
    """Why an item cannot be marked as sent."""
    if marks.sent_on is None:
        return ()
    params: dict[str, Param] = {"number": marks.number, "day": marks.sent_on.isoformat()}
    return (Reason("reason.dispatch_sent", params, "C4.7"),)


def acknowledge_reasons(marks: Marks) -> tuple[Reason, ...]:
    """Why an item cannot be marked as acknowledged: it was not sent, or is acknowledged."""
    params: dict[str, Param] = {"number": marks.number}
    if marks.sent_on is None:
        return (Reason("reason.dispatch_not_sent", params, "C4.7"),)
    if marks.acknowledged_on is None:
        return ()
    params["day"] = marks.acknowledged_on.isoformat()
    return (Reason("reason.dispatch_acknowledged", params, "C4.7"),)


def day_reason(marks: Marks, day: date, today: date) -> Reason | None:
    """Why an item cannot have been acknowledged on a day: before it was sent, or to come."""
    return receipt_day_reason(day, marks.sent_on or today, today, "C4.7")


def receipt_day_reason(day: date, first: date, today: date, clause: str) -> Reason | None:
    """Why what went out on the `first` day cannot have been confirmed on a day."""
    if first <= day <= today:
        return None
    params: dict[str, Param] = {"first": first.isoformat(), "last": today.isoformat()}
    return Reason("reason.dispatch_day", params, clause)
