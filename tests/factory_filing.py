"""Filings and inspections for tests."""

from __future__ import annotations

from datetime import date, timedelta

from chemsales.rules.filing import FindingDraft, InspectionDraft
from chemsales.services import filing
from chemsales.storage.database import rows
from tests.factory import NOON, Clock, accredit, draft_of, session_of
from tests.factory_dispatch import acknowledge, items, open_offices, send


def file(customers: list[int], clock: Clock | None = None) -> int:
    """A batch with these customers; its key."""
    return filing.make(session_of("sales", clock), customers).value


def inspection(day: date, customer: int | None = None, batch: int | None = None) -> InspectionDraft:
    """An inspection of a day with two findings, due in ten and in thirty days."""
    return InspectionDraft(
        day, "化工品销售部 郑凯", "抽查客户档案二十份", batch,
        (
            FindingDraft("开户许可证复印件缺页", day + timedelta(days=10), "am", customer),
            FindingDraft("档案目录未更新", day + timedelta(days=30), "sales"),
        ),
    )  # fmt: skip


def inspect(day: date, customer: int | None = None, batch: int | None = None) -> list[int]:
    """An inspection that was held on a day; the keys of its findings."""
    session = session_of("sales", Clock())
    key = filing.record_inspection(session, inspection(day, customer, batch)).value
    return [
        int(each)
        for (each,) in rows("SELECT id FROM finding WHERE inspection_id = ? ORDER BY id", (key,))
    ]


def reported(clock: Clock | None = None) -> list[int]:
    """Three customers of two offices' products: one sent and acknowledged in part and filed, with
    an inspection that is overdue; one sent; one as it was made. Their keys."""
    began = clock or Clock(NOON - timedelta(days=60))
    open_offices(began)
    made = [
        accredit(draft_of(name, 460 + at), began)
        for at, name in enumerate(
            ("青岛信诚化工有限公司", "临邑恒昌化工有限公司", "恒力石化（大连）有限公司")
        )
    ]
    first, second, _third = made
    send(first, began)
    send(second, began)
    acknowledge(items(first)["QD"], "am", began)
    batch = file([first], began)
    inspect(began.instant.date(), first, batch)
    return made
