"""Exactly once: commits whose answer is lost, presses that are repeated, commands with a key."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import peewee
import pytest

from chemsales.drafts import KeptDoubts
from chemsales.rules.approval import Verdict
from chemsales.rules.errors import Conflict, Unreachable
from chemsales.services import accreditation as service
from chemsales.services import acts, operation, sending
from chemsales.services.acts import Act, Unsure, new_key
from chemsales.services.sending import Sender, left_over
from chemsales.storage.database import database, rows
from tests.conftest import opened
from tests.cutting import Cut, Wire
from tests.factory import draft_of, make_application, session_of, submit, version_of

MANY = 5


@pytest.fixture
def wire(new_database) -> Iterator[Wire]:
    """A department on a server, behind a wire that can be cut."""
    with Wire(new_database("postgresql", "ready")) as made, opened(made.url):
        yield made


def cases():
    return rows("SELECT use_case, outcome FROM event ORDER BY id DESC LIMIT 2")


@pytest.mark.parametrize("cut", [Cut.AFTER, Cut.BETWEEN])
def test_a_commit_that_landed_is_known_though_its_answer_was_lost(wire, cut):
    keys = []
    for number in range(MANY):
        wire.cut = cut
        changed = service.save_draft(session_of("am"), draft_of(f"海洋{number}", number))
        assert changed.asked
        keys.append(changed.value)
    assert wire.cuts == MANY
    assert rows("SELECT id FROM application ORDER BY id") == [(key,) for key in keys]
    assert not rows("SELECT 1 FROM event WHERE outcome = 'refused'")


def test_a_commit_that_never_got_there_is_told_and_can_be_repeated(wire):
    am, sender = session_of("am"), Sender(threading.Event())
    wire.cut = Cut.BEFORE
    with pytest.raises(Unreachable) as told:
        sender.send(service.save_draft, am, draft_of("海洋"))
    assert told.value.reasons[0].code == "reason.commit_lost"
    assert not rows("SELECT 1 FROM application")
    assert cases()[0] == ("accreditation.save_draft", "refused")
    made = sender.send(service.save_draft, am, draft_of("海洋"))
    assert rows("SELECT id FROM application") == [(made.value,)]
    assert not made.asked


def test_a_decision_is_asked_for_and_stands_once(wire):
    key = make_application(session_of("am"), draft_of("海洋"))
    submit(session_of("am"), key)
    wire.cut = Cut.AFTER
    changed = service.decide(session_of("sales"), key, version_of(key), Verdict.APPROVE)
    assert changed.asked
    assert rows("SELECT count(*) FROM decision WHERE stage = 'sales'") == [(1,)]


def test_what_comes_too_late_finds_its_key_taken(ready):
    """The commit that is still on its way when its key is asked for cannot land after that."""
    am = session_of("am")
    step = acts.Step(acts.new_key(am.desk))
    assert not operation._is_taken(am, "accreditation.save_draft", step.key)
    late = replace(am, act=Act(key=step.key))
    late.act._steps.append(step)
    with pytest.raises(Conflict):
        service.save_draft(late, draft_of("海洋"))
    assert not rows("SELECT 1 FROM application")


def test_nobody_answers_until_the_server_is_back(wire, monkeypatch):
    monkeypatch.setattr(operation, "ASK_AGAIN", (0.0, 0.1))
    am = session_of("am")
    act = Act(am.desk)
    once = replace(am, act=act)
    _cut_and_stay_down(wire, monkeypatch)
    with pytest.raises(Unsure):
        service.save_draft(once, draft_of("海洋"))
    with pytest.raises(Unsure):
        act.again()
        service.save_draft(once, draft_of("海洋"))
    wire.down = False
    act.again()
    changed = service.save_draft(once, draft_of("海洋"))
    assert changed.asked
    act.again()
    assert service.save_draft(once, draft_of("海洋")) is changed
    assert rows("SELECT id FROM application") == [(changed.value,)]


def test_a_desk_asks_until_it_is_answered(wire, monkeypatch):
    monkeypatch.setattr(operation, "ASK_AGAIN", (0.0, 0.1))
    _cut_and_stay_down(wire, monkeypatch)
    threading.Timer(1.5, lambda: setattr(wire, "down", False)).start()
    changed = Sender(threading.Event()).send(service.save_draft, session_of("am"), draft_of("海洋"))
    assert changed.asked
    assert rows("SELECT count(*) FROM application") == [(1,)]


def _cut_and_stay_down(wire, monkeypatch, where=Cut.AFTER):
    """The next commit is cut there (it lands, its answer is lost), and nobody gets through after
    it."""
    wire.cut = where
    cut = wire._break

    def stay_down(*args):
        wire.down = True
        cut(*args)

    monkeypatch.setattr(wire, "_break", stay_down)


def test_pressing_again_after_a_failure_repeats_nothing_that_is_done(ready):
    """Two use cases in one press; the second one does not get through."""
    am, sender, fail = session_of("am"), Sender(threading.Event()), [True]

    def both(session, draft):
        made = service.save_draft(session, draft)
        if fail.pop():
            raise Unreachable()
        return service.save_draft(session, replace(draft, manager_opinion="改过"), made.value, 1)

    with pytest.raises(Unreachable):
        sender.send(both, am, draft_of("海洋"))
    fail.append(False)
    sender.send(both, am, draft_of("海洋"))
    assert rows("SELECT manager_opinion, version FROM application") == [("改过", 2)]
    fail.append(False)
    sender.send(both, am, draft_of("又一个", 2))
    assert rows("SELECT count(*) FROM application") == [(2,)]


def test_what_was_typed_anew_is_another_act(ready):
    am, sender = session_of("am"), Sender(threading.Event())

    def once(session, draft):
        made = service.save_draft(session, draft)
        if draft.facts.name == "海洋":
            raise Unreachable()
        return made

    for name in ("海洋", "海天"):
        try:
            sender.send(once, am, draft_of(name))
        except Unreachable:
            continue
    assert rows("SELECT count(*) FROM application") == [(2,)]


def test_a_command_with_its_own_key_is_done_once(ready):
    for number in (1, 2):
        session = replace(session_of("am"), act=Act(key="nightly-2026-07-06"))
        if number == 1:
            service.save_draft(session, draft_of("海洋"))
            continue
        with pytest.raises(Conflict) as told:
            service.save_draft(session, draft_of("海洋"))
        assert told.value.reasons[0].code == "reason.done_before"
    assert rows("SELECT count(*) FROM application") == [(1,)]


def test_a_failing_commit_of_a_file_is_asked_too(sqlite_ready, monkeypatch):
    """The disk fails while it commits: whether it landed is read from the file itself."""
    commit = peewee.SqliteDatabase.commit
    lost = [True]

    def failing(self):
        commit(self)
        if lost.pop():
            lost.append(False)
            raise peewee.OperationalError("disk I/O error")
        lost.append(False)

    monkeypatch.setattr(peewee.SqliteDatabase, "commit", failing)
    changed = service.save_draft(session_of("am"), draft_of("海洋"))
    assert changed.asked
    assert rows("SELECT count(*) FROM application") == [(1,)]
    assert database.is_closed()


def test_the_answer_to_the_question_may_be_lost_too(wire, monkeypatch):
    """What took the key for good is not taken for the commit that never got there."""
    cut = wire._break

    def again(*args):
        if wire.cuts == 0:
            cut(*args)
            wire.cut = Cut.AFTER
        else:
            cut(*args)

    monkeypatch.setattr(wire, "_break", again)
    wire.cut = Cut.BEFORE
    with pytest.raises(Unreachable) as told:
        service.save_draft(session_of("am"), draft_of("海洋"))
    assert wire.cuts == 2
    assert told.value.reasons[0].code == "reason.commit_lost"
    assert not rows("SELECT 1 FROM application")


def test_a_refusal_is_told_though_its_trace_is_lost(wire):
    key = service.save_draft(session_of("am"), draft_of("海洋")).value
    wire.cut = Cut.BEFORE
    with pytest.raises(Conflict):
        service.save_draft(session_of("am"), draft_of("海洋"), key, 7)
    assert wire.cuts == 1


@pytest.mark.parametrize(("cut", "landed"), [(Cut.AFTER, True), (Cut.BEFORE, False)])
def test_a_commit_that_nobody_answered_for_is_asked_for_at_the_next_start(
    wire, monkeypatch, cut, landed
):
    """The program ends while it waits for an answer, and is begun again."""
    monkeypatch.setattr(operation, "ASK_AGAIN", (0.0, 0.1))
    doubts, leaving, am = KeptDoubts("chemsales", "am"), threading.Event(), session_of("am")
    _cut_and_stay_down(wire, monkeypatch, cut)
    leaving.set()
    with pytest.raises(Unsure):
        Sender(leaving, doubts).send(service.save_draft, am, draft_of("海洋"))
    with pytest.raises(Unreachable):
        left_over(am, doubts)
    (noted,) = doubts.noted()
    assert noted.use_case == "accreditation.save_draft"
    assert KeptDoubts("chemsales", "am2").noted() == []
    wire.down = False
    assert left_over(am, doubts) == [(noted, landed)]
    assert rows("SELECT count(*) FROM application") == [(int(landed),)]
    assert left_over(am, doubts) == [(noted, landed)]  # asked again, as often as it takes
    doubts.strike([noted.key])
    assert doubts.noted() == [] and left_over(am, doubts) == []


def test_what_is_answered_is_told_though_the_next_question_is_not(wire, monkeypatch):
    monkeypatch.setattr(operation, "ASK_AGAIN", (0.0, 0.1))
    doubts, am = KeptDoubts("chemsales", "am"), session_of("am")
    database.close()  # the question opens one of its own, as in the program
    first, second = new_key(), new_key()
    for key in (first, second):
        doubts.note(key, "accreditation.save_draft")
    answer = sending.came_through

    def then_down(session, use_case, key):
        landed = answer(session, use_case, key)
        wire.down = True
        wire.break_all()
        return landed

    monkeypatch.setattr(sending, "came_through", then_down)
    assert [(each.key, landed) for each, landed in left_over(am, doubts)] == [(first, False)]
    assert {each.key for each in doubts.noted()} == {first, second}
    wire.down = False
    monkeypatch.setattr(sending, "came_through", answer)
    told = left_over(am, doubts)
    assert {(each.key, landed) for each, landed in told} == {(first, False), (second, False)}


def test_what_is_answered_at_once_leaves_no_doubt(wire):
    doubts = KeptDoubts("chemsales", "am")
    wire.cut = Cut.AFTER
    sender = Sender(threading.Event(), doubts)
    assert sender.send(service.save_draft, session_of("am"), draft_of("海洋")).asked
    wire.cut = Cut.BEFORE
    with pytest.raises(Unreachable):
        sender.send(service.save_draft, session_of("am"), draft_of("海天", 2))
    assert doubts.noted() == []
