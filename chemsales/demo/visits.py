"""Visits to two of the sample's customers, one of them corrected the day after (C11.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from chemsales.demo.customers import SampleCustomer, accredited
from chemsales.demo.people import SampleClock, session_of
from chemsales.rules.visits import VisitDraft, VisitWay
from chemsales.services import visits
from chemsales.storage.database import rows

OFTEN, ONCE = 0, 3  # of the accredited customers, by index
ASKED = VisitDraft(
    date(2026, 7, 22), VisitWay.PHONE, "采购部", "T30S 近两批熔指偏高，已留样，请质检科复核。",
    "周边开工率约七成，聚丙烯需求偏弱。", "无。", "希望随货附每批检验单。",
)  # fmt: skip
DRAFTS = (
    VisitDraft(
        date(2026, 4, 15), VisitWay.ON_SITE, "总经理、采购部", "各牌号质量稳定，包装完好。",
        "华东注塑订单充足，二季度需求平稳。", "提货排队时间较长。",
        "希望提前一周告知装置检修安排。", date(2026, 7, 15),
    ),
    ASKED,
    VisitDraft(
        date(2026, 9, 16), VisitWay.ON_SITE, "采购部", "检验单已随货，质量无异议。",
        "四季度薄膜料需求看涨。", "提货改为预约后等候明显缩短。", "希望增加 7042 月度计划量。",
        date(2026, 12, 16),
    ),
)  # fmt: skip
CORRECTED = "T30S 近三批熔指偏高，已留样，请质检科复核。"


def steps(clock: SampleClock) -> Iterator[tuple[date, int, Callable[[], object]]]:
    """What happens when, as (day, hour, what)."""
    people = accredited()
    often, once = people[OFTEN], people[ONCE]
    for draft in DRAFTS:
        assert draft.visited_on is not None
        yield draft.visited_on, 16, partial(_note, clock, often, often.manager, draft)
    yield date(2026, 7, 23), 9, partial(_correct, clock, often)
    met = VisitDraft(
        date(2026, 8, 27), VisitWay.ELSEWHERE, "总经理", "无。", "行业展会了解，同行库存普遍偏低。",
        "结算开票及时。", "希望参加年度客户座谈会。",
    )  # fmt: skip
    yield date(2026, 8, 27), 16, partial(_note, clock, once, "sales", met)


def _note(clock: SampleClock, customer: SampleCustomer, login: str, draft: VisitDraft) -> None:
    ((key,),) = rows("SELECT id FROM customer WHERE name = ?", (customer.name,))
    visits.note(session_of(login, clock), key, draft)


def _correct(clock: SampleClock, customer: SampleCustomer) -> None:
    """The manager puts right how many batches it was about."""
    ((key,),) = rows("SELECT id FROM visit WHERE visited_on = ?", (str(ASKED.visited_on),))
    right = replace(ASKED, products=CORRECTED)
    visits.correct(session_of(customer.manager, clock), key, right)
