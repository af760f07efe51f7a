"""C12: complaints are recorded under numbers without gaps, due by working days, closed by the sales
head, grave ones after a meeting, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import peewee
import pytest

from chemsales.queries.complaints import complaints_of, open_complaints, told
from chemsales.queries.disqualification import effects
from chemsales.queries.file_card import file_card
from chemsales.rules.complaints import ComplaintState, Severity, closing_problems
from chemsales.rules.errors import Conflict, Forbidden, Invalid, NotAllowed, NotFound
from chemsales.services import audit, complaints
from chemsales.storage.database import execute, rows, transaction
from tests.factory import Clock, accredit, draft_of, session_of, set_acting
from tests.factory_complaints import CONTENT, OPINION, accept, close, closing, draft
from tests.factory_disqualification import disqualify
from tests.racing import race

ACTOR = session_of("auditor").actor
GENERAL, MAJOR, SERIOUS = Severity
OPEN, LATE, CLOSED = ComplaintState.OPEN, ComplaintState.LATE, ComplaintState.CLOSED
GUARDED = r"(?i)history|for good|next number|calls the meeting|graver kind|check constraint"
FRIDAY = date(2026, 2, 13)  # the day after is worked, then comes the Spring Festival


@pytest.fixture
def customer(ready: str, clock: Clock) -> int:
    """A customer, on a Friday before a long holiday, at 10:00 in Shanghai."""
    clock.set(2026, 1, 5)
    made = accredit(draft_of("青岛信诚化工有限公司", 7), clock)
    clock.set(2026, 2, 13, 2)
    return made


def refused(deed: Any) -> dict[str, str]:
    """The problems with which it is refused, by field."""
    with pytest.raises(Invalid) as refusal:
        deed()
    return {each.place: each.reason.code for each in refusal.value.problems}


def test_c12_1_a_complaint_is_recorded_once_and_for_good(customer: int, clock: Clock) -> None:
    key = accept(customer, clock)
    (row,) = complaints_of(ACTOR, customer, FRIDAY)
    assert (row.id, row.number, row.severity, row.state) == (key, "T-2026-0001", GENERAL, OPEN)
    assert (row.content, row.lot, row.recorded_by) == (CONTENT, "TH-0312", "张伟")
    assert row.product.endswith("T30S") and row.edition == 1
    session = session_of("am", clock)
    assert refused(
        lambda: complaints.accept(
            session,
            customer,
            draft(session, received_at=clock() + timedelta(minutes=1), content=" "),
        )
    ) == {
        "received_at": "reason.complaint_to_come",
        "content": "reason.field_required",
    }
    assert refused(
        lambda: complaints.accept(session, customer, draft(session, product="XX", channel=None))
    ) == {"channel": "reason.field_required", "product": "reason.product_unknown"}
    assert accept(customer, clock, "sales", product="", lot="") > key
    clock.set(2027, 1, 4)
    accept(customer, clock)
    numbers = [number for (number,) in rows("SELECT number FROM complaint ORDER BY id")]
    assert numbers == ["T-2026-0001", "T-2026-0002", "T-2027-0001"]  # what was refused took none
    assert audit.verify(session_of("auditor", clock)).sound


def test_c12_3_the_due_date_follows_from_receipt_and_severity(customer: int, clock: Clock) -> None:
    key = accept(customer, clock)
    (row,) = complaints_of(ACTOR, customer, FRIDAY)
    assert (row.due.day.day, row.due.working_days, row.days) == (date(2026, 2, 14), 1, 1)
    clock.advance(days=1)
    complaints.regrade(session_of("am", clock), key, MAJOR, "破损扩大到五车")
    (row,) = complaints_of(ACTOR, customer, date(2026, 2, 14))
    assert (row.severity, row.due.day.day, row.due.working_days) == (MAJOR, date(2026, 2, 25), 3)
    for severity in (GENERAL, MAJOR):
        assert refused(
            lambda wanted=severity: complaints.regrade(session_of("am", clock), key, wanted, "")
        ) == {"severity": "reason.complaint_graver", "reason": "reason.field_required"}
    complaints.regrade(session_of("sales", clock), key, SERIOUS, "停车待料")
    (row,) = open_complaints(ACTOR, date(2026, 2, 26), "am")
    assert row.due.day.day == date(2026, 2, 25) and row.days == 1
    assert row.state is ComplaintState.OVERDUE
    assert [(each.before, each.severity, each.reason) for each in row.regrades] == [
        (GENERAL, MAJOR, "破损扩大到五车"), (MAJOR, SERIOUS, "停车待料"),
    ]  # fmt: skip
    (then,) = complaints_of(ACTOR, customer, FRIDAY)
    assert then.severity is GENERAL and not then.regrades
    assert open_complaints(ACTOR, FRIDAY, "am2") == []


@pytest.mark.parametrize(("second", "state"), [(0, CLOSED), (1, LATE)])
def test_c12_3_what_is_closed_after_the_last_minute_stays_late(
    customer: int, clock: Clock, second: int, state: ComplaintState
) -> None:
    key = accept(customer, clock)
    clock.instant = datetime(2026, 2, 14, 9, 30, second, tzinfo=UTC)  # 17:30 in Shanghai
    close(key, clock)
    (row,) = complaints_of(ACTOR, customer, date(2026, 3, 2))
    assert row.state is state and row.closed is not None
    assert (row.closed.closing.opinion, row.closed.by) == (OPINION, "王芳")
    (then,) = complaints_of(ACTOR, customer, FRIDAY)
    assert then.state is OPEN and then.closed is None
    assert complaints_of(ACTOR, customer, date(2026, 2, 12)) == []
    assert open_complaints(ACTOR, FRIDAY) == []


def test_c12_2_the_supervisor_closes_and_the_customer_was_told(customer: int, clock: Clock) -> None:
    key, head = accept(customer, clock), session_of("sales", clock)
    for login in ("am", "finance", "gm", "admin", "auditor"):
        with pytest.raises(Forbidden):
            complaints.close(session_of(login, clock), key, closing(head))
    yesterday, tomorrow = FRIDAY - timedelta(days=1), FRIDAY + timedelta(days=1)
    for day in (yesterday, tomorrow):
        wrong = closing(head, told_on=day)
        assert refused(lambda given=wrong: complaints.close(head, key, given)) == {
            "told_on": "reason.complaint_one_day"
        }
    given = closing(head, opinion=" ", told_on=None, told_way=None, told_by="")
    assert set(refused(lambda: complaints.close(head, key, given))) == {
        "opinion", "told_on", "told_way", "told_by",
    }  # fmt: skip
    close(key, clock)
    for deed in (
        lambda: close(key, clock),
        lambda: complaints.regrade(head, key, MAJOR, "又来电"),
    ):
        with pytest.raises(NotFound):
            deed()


def test_c12_2_a_grave_one_needs_the_general_managers_meeting(customer: int, clock: Clock) -> None:
    key, head = accept(customer, clock, severity=SERIOUS), session_of("sales", clock)
    assert refused(lambda: close(key, clock)) == {
        "meeting_on": "reason.complaint_meeting", "meeting_chair": "reason.field_required",
        "meeting_attendees": "reason.field_required", "meeting_decision": "reason.field_required",
    }  # fmt: skip
    given = closing(head, meeting=True)
    wrong = replace(given, meeting_chair="sales", meeting_on=FRIDAY - timedelta(days=1))
    assert refused(lambda: complaints.close(head, key, wrong)) == {
        "meeting_on": "reason.complaint_one_day", "meeting_chair": "reason.complaint_chair",
    }  # fmt: skip
    told_later = replace(wrong, told_on=FRIDAY + timedelta(days=1))
    later = closing_problems(told_later, SERIOUS, clock(), FRIDAY + timedelta(days=1))
    assert [each.reason.code for each in later if each.place == "meeting_on"] == [
        "reason.complaint_day"
    ]
    complaints.close(head, key, given)
    (row,) = complaints_of(ACTOR, customer, FRIDAY)
    assert row.closed is not None and row.closed.chair == "赵敏" and row.state is CLOSED
    # of a general one none is needed, but half of one is none
    other = accept(customer, clock)
    half = closing(head, meeting_attendees="赵敏")
    assert "meeting_on" in refused(lambda: complaints.close(head, other, half))


def test_who_records_and_what_follows(customer: int, clock: Clock) -> None:
    clock.set(2026, 7, 6)
    today = date(2026, 7, 6)
    session = session_of("am2", clock)
    with pytest.raises(NotAllowed):
        complaints.accept(session, customer, draft(session))
    for login in ("finance", "gm", "admin", "auditor"):
        with pytest.raises(Forbidden):
            accept(customer, clock, login)
    key = accept(customer, clock)
    with pytest.raises(NotAllowed):
        complaints.regrade(session, key, MAJOR, "又来电")
    codes = {each.code: each.params for each in effects(ACTOR, customer, today)}
    assert codes["reason.effect_complaints"] == {"count": 1}
    disqualify(customer, clock)
    second = accept(customer, clock, content="取消资格后来电：发票未收到。")  # it is no dealing
    close(key, clock)
    complaints.regrade(session_of("am", clock), second, MAJOR, "涉及税额")
    events = [each.what.code for each in told(complaints_of(ACTOR, customer, today))]
    assert events == [
        "reason.event_complaint", "reason.event_complaint_regraded", "reason.event_complaint",
        "reason.event_complaint_closed",
    ]  # fmt: skip
    lines = file_card(ACTOR, customer, today).complaints
    assert [(each.number, each.severity, each.state) for each in lines] == [
        ("T-2026-0002", MAJOR, OPEN), ("T-2026-0001", GENERAL, CLOSED),
    ]  # fmt: skip


def test_the_card_of_a_day_and_its_check_code_hold_what_was_on_record(
    customer: int, clock: Clock
) -> None:
    received = clock()
    before = file_card(ACTOR, customer, FRIDAY)
    clock.set(2026, 2, 26, 2)
    key = accept(customer, clock, received_at=received)
    assert file_card(ACTOR, customer, FRIDAY) == before  # recorded only later
    codes = {before.footer.code}
    for deed, state in (
        (lambda: None, "reason.event_complaint"),
        (lambda: complaints.regrade(session_of("am", clock), key, MAJOR, "停车待料"), "_regraded"),
        (lambda: close(key, clock, meeting=True), "_closed"),
    ):
        deed()
        card = file_card(ACTOR, customer, date(2026, 2, 26))
        assert card.footer.code not in codes
        assert any(each.what.code.endswith(state) for each in card.events)
        codes.add(card.footer.code)
    (first,) = (each for each in card.events if each.what.code == "reason.event_complaint")
    assert first.day == str(FRIDAY) and card.complaints[0].state is LATE


def test_what_was_recorded_says_the_same_for_good(customer: int, clock: Clock) -> None:
    """Against whoever has the database open with another tool, on either engine."""
    key = accept(customer, clock)
    grave = accept(customer, clock, severity=MAJOR)
    complaints.regrade(session_of("am", clock), grave, SERIOUS, "停车待料")
    answer = (
        "UPDATE complaint SET opinion = 'x', told_on = '{}', told_way = 'fax', told_by = 'x', "
        "closed_by = 'sales', closed_at = '2026-02-13T03:00:00.000000Z'{} WHERE id = {}"
    )
    meeting = (
        ", meeting_on = '{}', meeting_chair = '{}', meeting_attendees = 'x', meeting_decision = 'x'"
    )
    copied = (
        "INSERT INTO complaint (number, customer_id, received_at, channel, content, severity, "
        "edition, recorded_by, recorded_at{}) SELECT {}, customer_id, {}, channel, content, "
        f"severity, edition, recorded_by, recorded_at{{}} FROM complaint WHERE id = {key}"
    )
    raised = (
        "INSERT INTO complaint_regrade (complaint_id, severity, reason, regraded_by, "
        "regraded_at) VALUES ({}, '{}', 'x', 'am', '2026-02-13T03:00:00.000000Z')"
    )
    for sql in (
        "UPDATE complaint SET content = 'x'",
        "UPDATE complaint SET severity = 'general'",
        "UPDATE complaint SET opinion = 'x'",
        "DELETE FROM complaint",
        "UPDATE complaint_regrade SET reason = 'x'",
        "DELETE FROM complaint_regrade",
        answer.format("2026-02-12", "", key),
        answer.format("2026-02-14", "", key),
        answer.format("2026-02-13", "", grave),
        answer.format("2026-02-13", meeting.format("2026-02-12", "gm"), grave),
        answer.format("2026-02-13", meeting.format("2026-02-13", "sales"), grave),
        copied.format("", "'T-2026-0009'", "received_at", ""),
        copied.format("", "'T-2026-00002'", "received_at", ""),
        copied.format("", "'T-2026-0002'", "'2026-02-14T03:00:00.000000Z'", ""),
        raised.format(key, "general"),
        raised.format(grave, "major"),
        raised.format(grave, "serious"),
    ):  # fmt: skip
        with pytest.raises(peewee.DatabaseError, match=GUARDED), transaction():
            set_acting("sales", "x")
            execute(sql)
    closed = answer.format("2026-02-13", meeting.format("2026-02-13", "gm"), grave)
    with pytest.raises(peewee.DatabaseError, match="closed once"), transaction():
        set_acting("sales", "x")
        assert execute(closed) == 1
        execute(closed)


def test_c12_2_no_grave_one_is_closed_without_a_meeting_while_another_desk_re_grades_it(
    customer: int, clock: Clock
) -> None:
    keys = [accept(customer, clock) for _ in range(4)]
    head, am = session_of("sales", clock), session_of("am", clock)
    outcomes = race(
        [
            partial(deed, key)
            for key in keys
            for deed in (
                lambda key: complaints.close(head, key, closing(head)),
                lambda key: complaints.regrade(am, key, SERIOUS, "停车待料"),
            )
        ]
    )
    lost = [each for each in outcomes if isinstance(each, Exception)]
    assert len(lost) == 4 and all(isinstance(e, Conflict | Invalid | NotFound) for e in lost), lost
    assert not rows(
        "SELECT 1 FROM complaint c JOIN complaint_regrade r ON r.complaint_id = c.id "
        "WHERE c.closed_at IS NOT NULL"
    )
