"""Months of take for tests: standing batches of pick-ups and plans, closings and ratings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from itertools import count

from chemsales.exchange.model import PickupRow, PlanRow, Preview, Row
from chemsales.rules.evaluation import Aspect
from chemsales.rules.offtake import BatchKind, PickupKind
from chemsales.services import cooperation, evaluation, offtake, tiers
from chemsales.services.session import Session
from chemsales.storage.database import rows
from tests.factory import Clock, accredit, draft_of, session_of

files = count()
Line = tuple[int, str, str, int]  # customer, product, day or month, kilograms
Plan = tuple[int, str, str, int, int]  # and the company's shortfall


def unproblematic(kind: BatchKind, good: Sequence[Row]) -> Preview:
    """A file that was read without a problem."""
    return Preview(
        kind=kind,
        file_name=f"{kind}.xlsx",
        sha256=hashlib.sha256(f"{next(files)}".encode()).hexdigest(),
        sheet="数据",
        encoding="",
        separator="",
        header_row=1,
        headings=(),
        fields={},
        good=tuple(good),
        bad=(),
        problems=(),
    )


def pick_up(session: Session, lines: Sequence[Line]) -> int:
    """Import pick-ups (negative: returns), each in the natural month of its day; the batch."""
    good = [
        PickupRow(
            row,
            customer,
            product,
            day,
            day[:7],
            kg,
            str(PickupKind.PICKUP if kg > 0 else PickupKind.RETURN),
            "",
            "",
        )
        for row, (customer, product, day, kg) in enumerate(lines, start=2)
    ]
    return offtake.import_batch(session, unproblematic(BatchKind.PICKUPS, good)).value


def plan(session: Session, lines: Sequence[Plan]) -> int:
    """Import confirmed monthly plans; the batch."""
    good = [PlanRow(row, *line) for row, line in enumerate(lines, start=2)]
    return offtake.import_batch(session, unproblematic(BatchKind.PLANS, good)).value


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


def a_riser(clock: Clock) -> int:
    """A customer whose 2310 t of 2026-05, closed and evaluated, make two stars where a rise is
    direct; its key. The clock is at 2026-07-06 then."""
    clock.set(2026, 3, 2)
    customer = accredit(draft_of("受影响有限公司", 1), clock)
    clock.set(2026, 7, 6)
    am = session_of("am", clock)
    pick_up(am, weekdays("2026-05", 110_000, customer))
    plan(am, [(customer, "PP-T30S", "2026-05", 2_500_000, 0)])
    close(session_of("sales", clock), "2026-05")
    evaluation.compute(am, "2026Q2")
    return customer
