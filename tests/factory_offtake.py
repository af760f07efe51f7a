"""Months of take for tests: standing batches of pick-ups and plans, closings and ratings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from chemsales.rules.evaluation import Aspect
from chemsales.rules.offtake import BatchKind, PickupKind
from chemsales.rules.roles import Action
from chemsales.services import cooperation, tiers
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.services.session import Session
from chemsales.storage.database import rows
from chemsales.storage.models.offtake import ImportBatch, Pickup, PlanLine
from tests.factory import Clock, session_of

Line = tuple[int, str, str, int]  # customer, product, day or month, kilograms
Plan = tuple[int, str, str, int, int]  # and the company's shortfall


def _batch(op: Operation, kind: BatchKind, name: str, months: set[str], total: int) -> int:
    digest = hashlib.sha256(f"{kind} {name} {op.key}".encode()).hexdigest()
    key = ImportBatch.insert(
        kind=kind,
        file_name=name,
        sha256=digest,
        months=" ".join(sorted(months)),
        row_count=1,
        rejected=0,
        total_kg=total,
        rows_digest=digest,
        imported_by=op.actor.login,
        imported_at=op.now,
    ).execute()
    return int(key)


@use_case(Action.OFFTAKE_IMPORT)
def pick_up(op: Operation, lines: Sequence[Line]) -> int:
    """One batch of pick-ups (negative: returns), each in the natural month of its day."""
    months = {day[:7] for _, _, day, _ in lines}
    batch = _batch(op, BatchKind.PICKUPS, "提货.xlsx", months, sum(line[3] for line in lines))
    for place, (customer, product, day, kg) in enumerate(lines):
        Pickup.insert(
            batch=batch,
            customer=customer,
            product_code=product,
            day=day,
            month=day[:7],
            kg=kg,
            kind=PickupKind.PICKUP if kg > 0 else PickupKind.RETURN,
            note_no=f"{batch}-{place}",
        ).execute()
    op.record(Subject.OFFTAKE, batch)
    return batch


@use_case(Action.OFFTAKE_IMPORT)
def plan(op: Operation, lines: Sequence[Plan]) -> int:
    """One batch of confirmed monthly plans."""
    months = {month for _, _, month, _, _ in lines}
    batch = _batch(op, BatchKind.PLANS, "计划.xlsx", months, sum(line[3] for line in lines))
    for customer, product, month, kg, short in lines:
        PlanLine.insert(
            batch=batch, customer=customer, product_code=product, month=month, kg=kg, short_kg=short
        ).execute()
    op.record(Subject.OFFTAKE, batch)
    return batch


def weekdays(month: str, kg: int, customer: int, product: str = "PP-T30S") -> list[Line]:
    """The same kilograms on every weekday of a month."""
    first = date.fromisoformat(f"{month}-01").toordinal()
    days = [date.fromordinal(first + offset) for offset in range(31)]
    return [
        (customer, product, day.isoformat(), kg)
        for day in days
        if day.isoformat()[:7] == month and day.weekday() < 5
    ]


def rate(clock: Clock, customer: int, month: str, points: int, confirm: bool = True) -> int:
    """A cooperation rating of one aspect by the manager, confirmed by the sales head."""
    manager = rows("SELECT manager FROM customer WHERE id = ?", (customer,))[0][0]
    lines = [(Aspect.PLAN_ON_TIME, points, "按时报送月度计划")]
    rating = cooperation.rate(session_of(manager, clock), customer, month, lines).value
    if confirm:
        cooperation.confirm(session_of("sales", clock), rating, 1)
    return rating


def close(session: Session, *months: str) -> None:
    """Close months one after the other."""
    for month in months:
        tiers.close_month(session, month)
