"""Visits to customers: noted, corrected, read as on a day, on both engines (C11.2)."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

import peewee
import pytest

from chemsales.queries.file_card import file_card
from chemsales.queries.visits import told
from chemsales.queries.visits import visits as visits_on
from chemsales.rules.errors import Forbidden, Invalid, NotAllowed, NotFound
from chemsales.rules.handover import Handover
from chemsales.rules.visits import SECTION_LIMIT, SECTIONS, VisitWay
from chemsales.services import audit, handover, visits
from chemsales.storage.database import execute, rows
from tests.factory import Clock, accredit, draft_of, session_of, set_acting
from tests.factory_disqualification import disqualify
from tests.factory_visits import visit

DAY = date(2026, 7, 6)
EARLIER = date(2026, 7, 3)
ACTOR = session_of("auditor").actor


@pytest.fixture
def customer(ready: str, clock: Clock) -> int:
    """A customer of the account manager "am", accredited a month before."""
    clock.set(2026, 6, 1)
    made = accredit(draft_of("青岛信诚化工有限公司", 7), clock)
    clock.set(2026, 7, 6)
    return made


def wrong(customer: int, **typed: Any) -> dict[str, str]:
    """By field, why a visit with this is refused."""
    with pytest.raises(Invalid) as refused:
        visits.note(session_of("am"), customer, replace(visit(DAY), **typed))
    assert {problem.reason.clause for problem in refused.value.problems} <= {"C11.2", ""}
    return {problem.place: problem.reason.code for problem in refused.value.problems}


def test_c11_2_a_visit_says_when_how_with_whom_and_all_four_sections(customer: int) -> None:
    am = session_of("am")
    typed = visit(EARLIER, market="无", next_on=date(2026, 8, 3))
    done = visits.note(am, customer, typed)
    newer = visits.note(session_of("sales"), customer, visit(DAY, way=VisitWay.PHONE)).value
    first, second = visits_on(ACTOR, customer, DAY)
    assert (first.id, first.visitor, first.way) == (newer, "王芳", VisitWay.PHONE)
    assert (second.id, second.visitor) == (done.value, "张伟")
    assert {place: getattr(second, place) for place in asdict(typed)} == asdict(typed)
    assert [each.what.params["person"] for each in told([first, second])] == ["王经理"] * 2
    assert audit.verify(session_of("auditor")).sound
    for place in ("visited_on", "way", "received_by", *SECTIONS):
        empty = None if place in ("visited_on", "way") else " \u200b"
        assert wrong(customer, **{place: empty})[place] in (
            "reason.field_required", "reason.text_hidden",
        )  # fmt: skip
    assert wrong(customer, visited_on=date(2026, 7, 7)) == {"visited_on": "reason.day_to_come"}
    assert wrong(customer, next_on=DAY) == {"next_on": "reason.visit_next"}
    assert wrong(customer, needs="多" * (SECTION_LIMIT + 1)) == {"needs": "reason.text_long"}


def test_c11_2_a_mistake_is_replaced_by_its_visitor_or_the_sales_head_and_stays_on_record(
    customer: int, clock: Clock
) -> None:
    am, sales = session_of("am", clock), session_of("sales", clock)
    first = visits.note(am, customer, visit(EARLIER)).value
    own = visits.note(sales, customer, visit(EARLIER)).value
    with pytest.raises(NotAllowed):
        visits.correct(am, own, visit(EARLIER))
    clock.set(2026, 7, 8)
    second = visits.correct(am, first, visit(EARLIER, needs="无")).value
    third = visits.correct(sales, second, visit(DAY, needs="降价")).value
    with pytest.raises(NotAllowed) as refused:
        visits.correct(am, first, visit(EARLIER))
    assert refused.value.reasons[0].code == "reason.visit_corrected"
    shown, other = visits_on(ACTOR, customer, date(2026, 7, 8))
    assert (shown.id, shown.visited_by, shown.needs) == (third, "am", "降价")
    assert (shown.noted_on, shown.noter) == (date(2026, 7, 8), "王芳")
    # what it replaced can be read, with who noted it and when
    assert [(each.id, each.needs, each.noted_on, each.noter) for each in shown.earlier] == [
        (second, "无", date(2026, 7, 8), "张伟"),
        (first, "希望提前一周告知检修安排。", DAY, "张伟"),
    ]
    assert (other.id, other.replaced) == (own, None)
    # the card of a day shows what was on record at its end
    assert {each.id for each in visits_on(ACTOR, customer, date(2026, 7, 7))} == {first, own}
    assert visits_on(ACTOR, customer, EARLIER) == []
    card = file_card(ACTOR, customer, date(2026, 7, 7))
    assert [line.day for line in card.visits] == ["2026-07-03", "2026-07-03"]
    later = file_card(ACTOR, customer, date(2026, 7, 8))
    assert later.footer.code != card.footer.code
    assert [str(each.day) for each in later.events if each.what.code == "reason.event_visit"]
    assert rows("SELECT needs FROM visit WHERE id = ?", (first,)) == [
        ("希望提前一周告知检修安排。",)
    ]
    assert audit.verify(session_of("auditor", clock)).sound


def test_c11_2_who_has_the_customer_now_and_the_sales_head_note_whatever_its_standing(
    customer: int, clock: Clock
) -> None:
    for login in ("finance", "gm", "admin", "auditor"):
        with pytest.raises(Forbidden):
            visits.note(session_of(login), customer, visit(DAY))
    with pytest.raises(NotAllowed):
        visits.note(session_of("am2"), customer, visit(DAY))
    with pytest.raises(NotFound):
        visits.note(session_of("sales"), 999, visit(DAY))
    with pytest.raises(NotFound):
        visits.correct(session_of("sales"), 999, visit(DAY))
    key = visits.note(session_of("am", clock), customer, visit(DAY)).value
    handover.hand_over(session_of("sales", clock), [customer], Handover("am2", DAY, "岗位调整"))
    with pytest.raises(NotAllowed):
        visits.correct(session_of("am", clock), key, visit(DAY))
    with pytest.raises(NotAllowed):
        visits.correct(session_of("am2", clock), key, visit(DAY))
    assert [each.visited_by for each in visits_on(ACTOR, customer, DAY)] == ["am"]
    visits.note(session_of("am2", clock), customer, visit(DAY))
    ended = accredit(draft_of("东营亚通化工有限公司", 8), clock)
    disqualify(ended, clock)
    visits.note(session_of("am", clock), ended, visit(DAY))


def test_a_visit_says_the_same_for_good(customer: int) -> None:
    key = visits.note(session_of("am"), customer, visit(DAY)).value
    other = accredit(draft_of("东营亚通化工有限公司", 8))
    kept = "way, received_by, products, market, service, needs, noted_by, noted_at"
    copied = (
        f"INSERT INTO visit (customer_id, visited_by, visited_on, replaces, {kept}) "
        f"SELECT {{}}, '{{}}', '{{}}', {{}}, {kept} FROM visit WHERE id = {key}"
    )
    for sql in (
        "UPDATE visit SET needs = 'x'",
        "DELETE FROM visit",
        copied.format(customer, "sales", DAY, "NULL"),  # in another's name
        copied.format(customer, "sales", DAY, key),
        copied.format(other, "am", DAY, key),
        copied.format(customer, "am", "2026-07-07", "NULL"),  # of a day to come
    ):
        set_acting("sales", "x")
        with pytest.raises(peewee.DatabaseError, match=r"history|made|corrected|check|CHECK"):
            execute(sql)
    assert len(visits_on(ACTOR, customer, DAY)) == 1
