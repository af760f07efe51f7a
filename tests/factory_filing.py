"""Filings and inspections for tests."""

from __future__ import annotations

from datetime import date, timedelta

from chemsales.rules.filing import FindingDraft, InspectionDraft
from chemsales.services import filing
from chemsales.storage.database import rows
from tests.factory import Clock, session_of


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
