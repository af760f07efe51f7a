"""What the sample department reports, files and is inspected for (C4.7, C8.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from chemsales.demo.people import SampleClock, session_of
from chemsales.queries.filing import UNFILED
from chemsales.queries.listing import whole
from chemsales.rules.filing import FindingDraft, InspectionDraft
from chemsales.services import dispatch, filing
from chemsales.storage.database import rows

Step = tuple[date, int, Callable[[], object]]
FIRST, LAST = date(2025, 6, 30), date(2026, 6, 30)
LEFT = 3  # of the customers are not reported and filed at first
RECEIVED = "化工品销售部 郑凯"


def steps(clock: SampleClock) -> Iterator[Step]:
    """In the first summer all but the last customers are reported, acknowledged and filed, and the
    parent department inspects; a year later it comes again, and one of its findings is overdue at
    the end. Of the last customers one is reported in the end."""
    yield FIRST, 9, partial(_send, clock, LEFT)
    yield FIRST + timedelta(days=2), 14, partial(_acknowledge, clock)
    yield FIRST + timedelta(days=3), 10, partial(_file, clock)
    yield FIRST + timedelta(days=10), 10, partial(_receive, clock)
    yield FIRST + timedelta(days=22), 16, partial(_inspect, clock, FIRST + timedelta(days=22))
    yield FIRST + timedelta(days=30), 11, partial(_close, clock, 2)
    yield LAST, 16, partial(_inspect, clock, LAST)
    yield LAST + timedelta(days=8), 11, partial(_close, clock, 1)
    yield date(2026, 10, 9), 9, partial(_send, clock, LEFT - 1)


def _send(clock: SampleClock, left: int) -> None:
    """The sales head sends what is not sent, but of the last customers."""
    found = rows(
        "SELECT id FROM dispatch WHERE sent_at IS NULL AND customer_id <= "
        "(SELECT max(id) FROM customer) - ?",
        (left,),
    )
    dispatch.send(session_of("sales", clock), [key for (key,) in found])


def _acknowledge(clock: SampleClock) -> None:
    """Finance acknowledges its own; the sales head notes what the offices signed."""
    for login, which, receipt in (
        ("finance", "office_code IS NULL", "李强"),
        ("sales", "office_code = 'QD'", "青岛驻厂办 刘工"),
        ("sales", "office_code = 'DL'", "大连驻厂办 宋敏"),
    ):
        found = rows(
            f"SELECT id FROM dispatch WHERE sent_at IS NOT NULL AND acknowledged_on IS NULL "
            f"AND {which}"
        )
        session = session_of(login, clock)
        dispatch.acknowledge(session, [key for (key,) in found], session.today(), receipt)


def _file(clock: SampleClock) -> None:
    """The sales head files who was reported."""
    head = session_of("sales", clock)
    reported = {key for (key,) in rows("SELECT customer_id FROM dispatch WHERE sent_at <> ''")}
    filing.make(head, [row.id for row in whole(head.actor, UNFILED) if row.id in reported])


def _receive(clock: SampleClock) -> None:
    head = session_of("sales", clock)
    filing.receive(head, 1, head.today(), RECEIVED)


def _inspect(clock: SampleClock, day: date) -> None:
    """Two findings, one of a customer's file."""
    found = (
        FindingDraft("开户许可证复印件缺第二页", day + timedelta(days=10), "am", 1),
        FindingDraft("个别客户档案目录未及时更新", day + timedelta(days=30), "sales"),
    )
    draft = InspectionDraft(day, RECEIVED, "抽查二十家客户的档案与备案批次", 1, found)
    filing.record_inspection(session_of("sales", clock), draft)


def _close(clock: SampleClock, count: int) -> None:
    """The sales head closes so many of the open findings."""
    head = session_of("sales", clock)
    open_ones = rows("SELECT id FROM finding WHERE closed_on IS NULL ORDER BY id")
    for (key,) in open_ones[:count]:
        filing.close_finding(head, key, "已补齐并复核。")
