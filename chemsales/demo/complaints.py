"""What the sample's customers complain of: one grave complaint that was answered after a meeting,
one that waits for its answer (C12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from chemsales.demo.customers import accredited
from chemsales.demo.people import SampleClock, session_of
from chemsales.rules.complaints import (
    ComplaintChannel,
    ComplaintClosing,
    ComplaintDraft,
    Severity,
)
from chemsales.services import complaints
from chemsales.services.session import Session
from chemsales.storage.database import rows

ANSWERED, WAITING = 5, 9  # of the accredited customers, by index
FIRST, LAST = date(2026, 9, 8), date(2026, 10, 9)
GRAVE = "上周提的 32 吨聚丙烯中有 14 包破损、受潮，客户停一条线挑选，要求换货并派人到场。"
PLAIN = "九月发票至今未收到，财务催办两次无人回复。"


def steps(clock: SampleClock) -> Iterator[tuple[date, int, Callable[[], object]]]:
    """What happens when, as (day, hour, what)."""
    yield FIRST, 10, partial(_accept, clock, ANSWERED, GRAVE)
    yield FIRST, 14, partial(_regrade, clock)
    yield FIRST + timedelta(days=2), 15, partial(_close, clock)
    yield LAST, 16, partial(_accept, clock, WAITING, PLAIN)


def _session(clock: SampleClock, place: int) -> tuple[int, Session]:
    """The key of a customer, and the session of who manages it."""
    wanted = accredited()[place].name
    ((key, manager),) = rows("SELECT id, manager FROM customer WHERE name = ?", (wanted,))
    return int(key), session_of(manager, clock)


def _accept(clock: SampleClock, place: int, content: str) -> None:
    """The customer calls its account manager."""
    key, session = _session(clock, place)
    received = session.now() - timedelta(minutes=10)
    draft = ComplaintDraft(received, ComplaintChannel.TELEPHONE, content, Severity.GENERAL)
    complaints.accept(session, key, draft)


def _regrade(clock: SampleClock) -> None:
    """The account manager has been there."""
    said = "现场核实：破损、受潮共 14 包，客户一条生产线停车。"
    session = _session(clock, ANSWERED)[1]
    complaints.regrade(session, _newest(), Severity.MAJOR, said)


def _close(clock: SampleClock) -> None:
    """The sales head closes it after the general manager's meeting."""
    head = session_of("sales", clock)
    closing = ComplaintClosing(
        "换货 14 包，运费由公司承担；仓储限期更换篷布。", head.today(),
        ComplaintChannel.IN_PERSON, _session(clock, ANSWERED)[1].actor.name,
        head.today() - timedelta(days=1), "gm", "总经理、销售部、财务部、仓储负责人",
        "责任在装车、苫盖环节，同意换货。",
    )  # fmt: skip
    complaints.close(head, _newest(), closing)


def _newest() -> int:
    return int(rows("SELECT max(id) FROM complaint")[0][0])
