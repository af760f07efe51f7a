"""The lists of licences: every paper stands as the rule says, on both engines."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chemsales.queries import licence_lists, suspension_lists
from chemsales.queries.agent_licences import agents_on
from chemsales.queries.approval import queue
from chemsales.queries.customer_record import timeline
from chemsales.queries.customers import customer
from chemsales.queries.filtering import Filter, Request, Sort
from chemsales.queries.licence_lists import (
    PaperRow,
    due_within,
    papers,
    papers_of,
    reminded,
    suspended_now,
)
from chemsales.queries.licences import dealing_blockers, load_licences
from chemsales.queries.listing import count, tally, whole
from chemsales.queries.suspension_lists import suspensions
from chemsales.queries.undated import undated_on
from chemsales.rules.agent_licences import AgentState
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, DocumentKind
from chemsales.rules.licences import Band, LicenceState, Notice, rung, standing
from chemsales.services import agent_licences, licences, policy
from chemsales.storage import database as storage
from chemsales.words import label
from tests.factory import NOON, Clock, accredit, draft_of, session_of
from tests.factory_disqualification import disqualify
from tests.factory_licences import accredit_dated, further_papers, renew
from tests.factory_licences import paper as licence
from tests.furnishing import EXPIRING, NAMES, customers, expiring, paper, record_paper

HEAD = session_of("sales").actor
TODAY = session_of("sales").today()
NAMED = list(EXPIRING)


@pytest.fixture
def keys(ready: str) -> list[int]:
    """The customers of `expiring`."""
    return expiring()


def _standing(day: date = TODAY, request: Request | None = None) -> list[PaperRow]:
    return papers(HEAD, day, due_within() if request is None else request)


def test_c15_1_papers_that_end_within_ninety_days_by_days_left(keys: list[int]) -> None:
    found = [(row.name, row.days_left, row.band, row.state) for row in _standing()]
    assert found == [
        (NAMED[3], -16, Band.EXPIRED, LicenceState.SUSPENDED),
        (NAMED[6], -5, Band.EXPIRED, LicenceState.SUSPENDED),
        (NAMED[0], 5, Band.SOON, LicenceState.IN_FORCE),
        (NAMED[5], 14, Band.SOON, LicenceState.IN_FORCE),
        (NAMED[1], 25, Band.SOON, LicenceState.IN_FORCE),
        (NAMED[2], 80, Band.NEAR, LicenceState.IN_FORCE),
    ]
    assert [row.proof for row in _standing()] == [False, False, False, True, False, False]
    assert [row.since for row in _standing()][:3] == [date(2026, 6, 21), date(2026, 7, 2), None]


def test_c15_2_who_is_suspended_in_the_list_is_so_at_the_door(keys: list[int]) -> None:
    """On days before and after each turn, for every customer."""
    for day in (date(2026, 6, 9), date(2026, 6, 12), date(2026, 6, 21), TODAY, date(2026, 7, 21)):
        listed = {row.customer_id for row in _standing(day, suspended_now())}
        assert listed == {key for key in keys if dealing_blockers(HEAD, key, day)}, day


def test_a_renewal_replaces_and_one_that_waits_does_not(keys: list[int]) -> None:
    states = {
        name: {(row.number, row.state) for row in papers(HEAD, TODAY, customer_id=key)}
        for key, name in zip(keys, NAMED, strict=False)
    }
    replaced, waiting = LicenceState.REPLACED, LicenceState.WAITING
    assert states[NAMED[4]] == {("913701004", replaced), ("913202811", LicenceState.IN_FORCE)}
    assert states[NAMED[6]] == {
        ("913701006", LicenceState.SUSPENDED), ("913706841", waiting),
    }  # fmt: skip


def test_what_accepting_lifts_is_what_the_door_says(keys: list[int]) -> None:
    (made,) = [row for row in papers(HEAD, TODAY) if row.state is LicenceState.WAITING]
    assert licence_lists.lifted_by(HEAD, made.id, TODAY) == dealing_blockers(HEAD, keys[6], TODAY)
    on_its_last_day = Clock(NOON - timedelta(days=1))
    other = record_paper(keys[3], paper("913702009", date(2026, 7, 5)), on_its_last_day)
    assert licence_lists.lifted_by(HEAD, other, TODAY) == ()  # it has expired itself


def test_c17_1_papers_of_a_disqualified_customer_are_followed_no_more(keys: list[int]) -> None:
    before = {band: _count(band) for band in Band}
    disqualify(keys[0])  # ends soon
    disqualify(keys[3])  # has expired
    left = {NAMED[1], NAMED[2], NAMED[5], NAMED[6]}
    assert {row.name for row in _standing()} == left
    assert [row.name for row in _standing(request=suspended_now())] == [NAMED[6]]
    after = {band: _count(band) for band in Band}
    assert before[Band.SOON] - after[Band.SOON] == before[Band.EXPIRED] - after[Band.EXPIRED] == 1
    assert after[Band.NEAR] == before[Band.NEAR]
    for key in (keys[0], keys[3]):
        (row,) = papers(HEAD, TODAY, customer_id=key)
        assert (row.state, row.band, row.days_left) == (LicenceState.DISQUALIFIED, None, None)
    marked = Request(filters=(Filter("state", choices=(LicenceState.DISQUALIFIED,)),))
    assert {row.name for row in _standing(request=marked)} == {NAMED[0], NAMED[3]}
    soon = Request(filters=(Filter("left", "<=5"),))
    assert {NAMED[0], NAMED[3]}.isdisjoint(row.name for row in _standing(request=soon))
    assert NAMED[6] in {row.name for row in _standing(request=soon)}
    assert len(_standing(date(2026, 7, 5))) == 6  # it stood so on the day before
    disqualify(keys[7])
    assert whole(HEAD, undated_on(TODAY)) == []


def _count(band: Band) -> int:
    """How many papers stand in a band today, as the bar above the list counts them."""
    return count(HEAD, papers_of(TODAY, Notice()), due_within((band,)))


def test_suspensions_that_go_on_stand_first(keys: list[int]) -> None:
    found = whole(HEAD, suspension_lists.suspensions_of(TODAY))
    assert [(row.name, row.first, row.last, row.days) for row in found] == [
        (NAMED[6], date(2026, 7, 2), None, 5),
        (NAMED[3], date(2026, 6, 21), None, 16),
        (NAMED[4], date(2026, 6, 11), date(2026, 6, 24), 14),
    ]
    assert suspensions(HEAD, TODAY, keys[4]) == [found[2]]


def test_c15_2_what_is_suspended_is_listed_before_it_is_noted(keys: list[int]) -> None:
    """On every day the list and the card of today have the same, and on the day before it began
    nothing of it; nobody has run anything since 2026-07-03."""
    disqualify(keys[3])
    for day in (date(2026, 7, 2), TODAY, date(2026, 7, 12), date(2026, 8, 1), date(2026, 10, 1)):
        listed = whole(HEAD, suspension_lists.suspensions_of(day))
        stopped = {(row.customer_id, row.kind, row.first) for row in listed if row.goes_on}
        card = _standing(day, suspended_now())
        assert stopped == {(row.customer_id, row.kind, row.since) for row in card}, day
        assert len({row.id for row in listed}) == len(listed)
    asked = Request(filters=(Filter("open", choices=("yes",)),))
    assert count(HEAD, suspension_lists.suspensions_of(day), asked) == len(stopped) == 5
    before, after = (
        suspensions(HEAD, day, keys[0]) for day in (date(2026, 7, 11), date(2026, 7, 12))
    )
    assert before == []
    ((first, last, noted),) = [(row.first, row.last, row.noted_at) for row in after]
    assert (first, last, noted) == (date(2026, 7, 12), None, None)
    (ended,) = suspensions(HEAD, TODAY, keys[3])
    # nobody follows its papers any more
    assert (ended.goes_on, ended.last, ended.days, ended.cancelled) == (
        False, date(2026, 7, 5), 15, True,
    )  # fmt: skip


def test_c17_1_a_suspension_ends_with_the_qualification(keys: list[int]) -> None:
    """Its days stop growing, one that begins later is none, and a run notes nothing of it."""
    disqualify(keys[3])  # suspended since 2026-06-21, as was noted
    disqualify(keys[0])  # its paper ends on 2026-07-11
    late = date(2026, 10, 1)
    for day in (TODAY, late):
        assert [(row.last, row.days) for row in suspensions(HEAD, day, keys[3])] == [
            (date(2026, 7, 5), 15)
        ]
        assert suspensions(HEAD, day, keys[0]) == []
    by_days = whole(HEAD, suspension_lists.suspensions_of(late), Request(sorts=(Sort("days"),)))
    assert [row.days for row in by_days] == sorted(row.days for row in by_days)
    (yesterday,) = suspensions(HEAD, TODAY - timedelta(days=1), keys[3])  # it stood so then
    assert (yesterday.goes_on, yesterday.last, yesterday.cancelled) == (True, None, False)
    at = Clock()
    at.set(2026, 10, 1)
    noted = licences.run(session_of("sales", at)).value
    stood = {row.customer_id for row in whole(HEAD, suspension_lists.suspensions_of(late))}
    of_it = storage.rows("SELECT customer_id, from_day, to_day FROM suspension ORDER BY id")
    assert {customer for customer, _first, _last in of_it} == stood
    assert (keys[3], "2026-06-21", None) in of_it  # no paper covers the day after
    assert noted.begun > 0
    detail, listed = customer(HEAD, keys[3]), suspensions(HEAD, late, keys[3])
    codes = {each.what.code for each in timeline(detail, (), (), (), listed, (), ())}
    assert "reason.event_suspended" in codes and "reason.event_lifted" not in codes


def test_a_required_paper_without_validity_is_listed(keys: list[int]) -> None:
    customers()
    found = whole(HEAD, undated_on(TODAY))
    assert [(row.customer_id, row.kind) for row in found] == [
        (keys[7], DocumentKind.BUSINESS_LICENCE)
    ]
    assert NAMES[0] not in {row.name for row in found}


def test_a_paper_is_found_by_its_number_and_by_its_customer(keys: list[int]) -> None:
    for text in ("0618", "厦门鹭岛", "xmld"):
        found = papers(HEAD, TODAY, Request(text, (Filter("sort", choices=("proof",)),)))
        assert [row.name for row in found] == [NAMED[5]], text


def test_c15_2_the_queue_says_of_which_kind_a_paper_is(keys: list[int]) -> None:
    further_papers(keys[6], keys[0])
    said = {
        (NAMED[6], f"证照 · {label(DocumentKind.BUSINESS_LICENCE)} · {NAMED[6]}"),
        (NAMED[6], f"证照 · {label(DocumentKind.HAZARDOUS_LICENCE)} · {NAMED[6]}"),
        (NAMED[0], f"受理回执 · {label(DocumentKind.BUSINESS_LICENCE)} · {NAMED[0]}"),
    }
    assert {(row.title, row.called) for row in queue(HEAD)} == said
    found = queue(HEAD, Request("", (Filter("title", f"{NAMED[6]} · 证照 · 营业执照"),)))
    assert [row.title for row in found] == [NAMED[6]]


def _ahead(name: str, number: int, *renewals: tuple[date, date | None]) -> int:
    """A customer whose licence ends on 2026-08-10, with renewals that are accepted today already,
    each from a later day to its last one; its key."""
    key = accredit_dated(name, number, END)
    for at, (first, last) in enumerate(renewals):
        renew(key, replace(licence(f"R-{number}-{at}", last), valid_from=first))
    return key


END = date(2026, 8, 10)
NEXT = END + timedelta(days=1)


@pytest.fixture
def renewed(ready: str) -> dict[str, int]:
    """Customers whose renewal was accepted ahead: from the day after, a day too late, for a month
    alone, in three pieces, in three pieces of which the last ends soon."""
    third = date(2026, 9, 1)
    return {
        "after": _ahead("续证化工有限公司", 41, (NEXT, date(2031, 8, 10))),
        "late": _ahead("迟证化工有限公司", 42, (NEXT + timedelta(days=1), None)),
        "month": _ahead("月证化工有限公司", 43, (NEXT, date(2026, 8, 31))),
        "pieces": _ahead("三证化工有限公司", 44, (NEXT, date(2026, 8, 31)), (third, None)),
        "three": _ahead(
            "短证化工有限公司", 45, (NEXT, date(2026, 8, 31)), (third, date(2026, 9, 30))
        ),
    }


def _states(key: int, day: date) -> list[LicenceState]:
    return [row.state for row in papers(HEAD, day, customer_id=key)]


def test_c15_1_a_paper_that_an_accepted_one_continues_is_not_due(renewed: dict[str, int]) -> None:
    today = TODAY + timedelta(days=21)
    due = [(row.name[:2], row.valid_to) for row in _standing(today)]
    assert due == [
        ("迟证", END), ("月证", date(2026, 8, 31)), ("短证", date(2026, 9, 30)),
    ]  # fmt: skip
    state = LicenceState
    assert _states(renewed["after"], today) == [state.RENEWED, state.NEXT]
    assert _states(renewed["late"], today) == [state.IN_FORCE, state.LATER]
    assert _states(renewed["three"], today) == [state.RENEWED, state.LATER, state.NEXT]
    assert _states(renewed["after"], NEXT) == [state.REPLACED, state.IN_FORCE]
    assert _states(renewed["late"], NEXT) == [state.SUSPENDED, state.LATER]
    first = Request(filters=(Filter("state", choices=(state.RENEWED,)),))
    assert len(papers(HEAD, today, first)) == 4


def test_c15_1_what_is_due_is_what_the_rule_calls_the_next_end(renewed: dict[str, int]) -> None:
    """On every day: the first last day that is not followed, of every customer."""
    held = {key: load_licences(key) for key in renewed.values()}
    for after in (0, 1, 20, 34, 35, 36, 37, 55, 56, 57, 86, 87, 300, 1900):
        day = TODAY + timedelta(days=after)
        ends: dict[int, date] = {}
        for row in papers(HEAD, day, due_within(tuple(Band))):
            if row.valid_to is not None:
                ends[row.customer_id] = min(row.valid_to, ends.get(row.customer_id, date.max))
        ruled = {key: standing(found, day).next_expiry for key, found in held.items()}
        assert ends == {key: end for key, end in ruled.items() if end is not None}, day


def test_c15_1_each_paper_says_which_step_of_the_ladder_it_has_reached(keys: list[int]) -> None:
    """That of the rule, on every day on which a step is reached, by the edition of that day."""
    found = [(row.days_left, row.step) for row in _standing()]
    assert found == [(-16, 0), (-5, 0), (5, 7), (14, 15), (25, 30), (80, None)]
    (waiting,) = [row for row in papers(HEAD, TODAY) if row.state is LicenceState.WAITING]
    assert waiting.step is None
    told = {"licence_reminders": [100, 50, 20, 3, 0]}
    policy.add_edition(session_of("sales"), date(2026, 8, 1), told, "第 5 号决议")
    for ladder, first in (((60, 30, 15, 7, 0), TODAY), ((100, 50, 20, 3, 0), date(2026, 9, 1))):
        for after in (0, 5, 13, 19, 20, 23, 24):
            day = first + timedelta(days=after)
            notice = licence_lists.notice_on(HEAD, day)
            assert notice.ladder == ladder
            listing, asked = papers_of(day, notice), due_within(tuple(Band))
            rows = whole(HEAD, listing, asked)
            steps = Counter(rung(row.valid_to, day, ladder) for row in rows)
            del steps[None]
            assert tally(HEAD, listing, "step", asked) == dict(steps), day
            ahead = [row.days_left for row in whole(HEAD, listing, reminded(notice))]
            left = [row.days_left for row in rows if row.days_left is not None]
            assert ahead == [days for days in left if 0 <= days <= ladder[0]], day


def test_c10_5_an_agents_licence_is_told_from_the_first_step_of_the_edition(ready: str) -> None:
    accredit(draft_of("代理化工", 48, (ClassRequest("EG", CustomerClass.AGENT, "江苏", 0, "x"),)))
    head = session_of("sales")
    ((class_id,),) = storage.rows("SELECT id FROM customer_class")
    agent_licences.issue(head, class_id)  # to the end of the year
    told = {"licence_reminders": [90, 45, 20, 3, 0]}
    policy.add_edition(head, date(2026, 8, 1), told, "第 5 号决议")
    states = {
        day: [row.state for row in agents_on(HEAD, day)]
        for day in (date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3))
    }
    licensed, ending = [AgentState.LICENSED], [AgentState.ENDING]
    assert list(states.values()) == [licensed, ending, ending]
