"""What is valid on a day, and who is suspended (C15.1, C15.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chemsales.rules.customer import DocumentKind
from chemsales.rules.licences import (
    WATCHED,
    Band,
    Licence,
    LicenceDraft,
    Notice,
    Suspension,
    band,
    draft_problems,
    rung,
    standing,
    suspensions,
)
from chemsales.rules.policy import DEFAULT
from chemsales.words import say

BUSINESS, HAZARDOUS = DocumentKind.BUSINESS_LICENCE, DocumentKind.HAZARDOUS_LICENCE
DAY = timedelta(days=1)
ORIGIN = date(2026, 1, 1)
LAST = date(2026, 11, 22)
OLD = Licence(BUSINESS, LAST, date(2024, 3, 1), number="B-1")


def suspended(day: date, *papers: Licence) -> bool:
    return standing(papers, day).suspended


def test_c15_2_the_last_day_is_valid_and_the_next_is_suspended() -> None:
    assert not suspended(LAST, OLD)
    found = standing([OLD], LAST + DAY)
    assert (found.suspended, found.next_expiry, found.days_left) == (True, LAST, -1)
    assert found.band is Band.EXPIRED
    (reason,) = found.reasons
    assert reason.clause == "C15.2"
    assert "B-1" in say(reason)
    assert "2026-11-22" in say(reason)


def test_c15_2_a_proof_stands_in_through_its_own_deadline() -> None:
    proof = Licence(BUSINESS, date(2026, 12, 10), LAST, proof=True)
    assert not suspended(date(2026, 12, 10), OLD, proof)
    assert suspended(date(2026, 12, 11), OLD, proof)
    assert standing([OLD, proof], LAST).next_expiry == date(2026, 12, 10)


def test_c15_2_a_renewal_lifts_on_the_day_it_is_accepted_and_not_before() -> None:
    renewal = Licence(BUSINESS, date(2036, 11, 22), date(2026, 12, 1), LAST + DAY)
    assert suspended(date(2026, 11, 30), OLD, renewal)
    assert not suspended(date(2026, 12, 1), OLD, renewal)
    assert suspensions([OLD, renewal], date(2026, 12, 1)) == (
        Suspension(BUSINESS, LAST + DAY, date(2026, 11, 30)),
    )
    assert suspensions([OLD, renewal], date(2026, 11, 30)) == (
        Suspension(BUSINESS, LAST + DAY, None),
    )
    assert suspended(date(2026, 12, 1), OLD, replace(renewal, accepted_on=None))


def test_c15_2_a_long_term_licence_never_expires() -> None:
    for_ever = Licence(BUSINESS, None, ORIGIN)
    assert not suspended(date.max, for_ever)
    found = standing([for_ever], ORIGIN)
    assert (found.next_expiry, found.days_left, found.band) == (None, None, Band.VALID)
    assert not suspended(date.max, Licence(BUSINESS, date.max, ORIGIN))


def test_nothing_is_watched_before_it_is_valid_and_a_letter_of_authorisation_never() -> None:
    to_come = Licence(BUSINESS, LAST, ORIGIN, ORIGIN + 10 * DAY)
    assert standing([to_come], ORIGIN).next_expiry is None
    assert standing([to_come], ORIGIN + 10 * DAY).next_expiry == LAST
    assert not suspended(date.max, Licence(DocumentKind.AUTHORISATION, LAST, ORIGIN))
    assert not suspended(date.max)


def test_each_kind_has_to_be_covered() -> None:
    hazardous = Licence(HAZARDOUS, LAST + 5 * DAY, ORIGIN)
    assert standing([OLD, hazardous], LAST).next_expiry == LAST
    both = standing([OLD, hazardous], LAST + 6 * DAY)
    assert len(both.reasons) == 2
    assert both.days_left == -6
    assert [each.kind for each in suspensions([hazardous, OLD], date.max)] == [BUSINESS, HAZARDOUS]


@pytest.mark.parametrize(
    ("left", "expected"),
    [(-1, "expired"), (0, "soon"), (30, "soon"), (31, "near"), (90, "near"), (91, "valid")],
)
def test_bands(left: int, expected: str) -> None:
    assert band(left) == expected


def test_bands_follow_the_edition() -> None:
    assert band(45, (60, 50)) is Band.SOON
    assert standing([OLD], LAST - 61 * DAY, (60, 50)).band is Band.VALID
    assert band(None) is Band.VALID


@pytest.mark.parametrize(
    ("left", "expected"),
    [(61, None), (60, 60), (31, 60), (30, 30), (15, 15), (8, 15), (7, 7), (1, 7), (0, 0), (-9, 0)],
)
def test_c15_1_the_ladder_of_reminders(left: int, expected: int | None) -> None:
    assert rung(LAST, LAST - left * DAY) == expected


def test_the_ladder_follows_the_edition_and_a_long_term_licence_has_none() -> None:
    assert rung(LAST, LAST - 80 * DAY, (100, 3)) == 100
    assert rung(None, LAST) is None


def test_c15_1_notice_is_given_from_the_first_step_and_late_at_the_last_but_one() -> None:
    assert (Notice().ahead, Notice().late) == (60, 7)
    edition = replace(DEFAULT, licence_bands=(120, 40), licence_reminders=(100, 50, 20, 3, 0))
    assert (Notice.of(edition).bands, Notice.of(edition).ahead) == ((120, 40), 100)
    assert Notice.of(edition).late == 3


GOOD = LicenceDraft(BUSINESS, "B-2", "市场监督管理局", ORIGIN, LAST)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"valid_to": ORIGIN - DAY}, "valid_to"),
        ({"valid_to": None}, "valid_to"),
        ({"long_term": True}, "valid_to"),
        ({"valid_to": None, "long_term": True, "proof": True}, "valid_to"),
        ({"kind": DocumentKind.AUTHORISATION}, "kind"),
        ({"number": " "}, "number"),
        ({"number": "8" * 61}, "number"),
        ({"issuer": "\u202e"}, "issuer"),
    ],
)
def test_what_is_wrong_in_a_paper_is_said_under_its_field(
    change: dict[str, object], place: str
) -> None:
    assert [problem.place for problem in draft_problems(replace(GOOD, **change), ORIGIN)] == [place]


def test_papers_that_can_be_recorded() -> None:
    assert not draft_problems(GOOD, ORIGIN)
    assert not draft_problems(replace(GOOD, valid_to=None, long_term=True), ORIGIN)
    assert not draft_problems(replace(GOOD, proof=True, valid_from=LAST), ORIGIN)
    assert not draft_problems(GOOD, LAST)


def test_c15_1_a_licence_that_has_ended_is_not_recorded_any_more() -> None:
    """Nor a proof whose own deadline is past."""
    later = LAST + timedelta(days=1)
    for paper in (GOOD, replace(GOOD, proof=True)):
        (problem,) = draft_problems(paper, later)
        assert (problem.place, problem.reason.code) == ("valid_to", "reason.licence_ended")
        assert problem.reason.params == {"day": LAST.isoformat()}
    assert not draft_problems(replace(GOOD, valid_to=None, long_term=True), later)


days = st.integers(0, 40).map(lambda number: ORIGIN + number * DAY)
papers = st.lists(
    st.builds(
        Licence,
        st.sampled_from(WATCHED[:2]),
        st.one_of(st.none(), days),
        st.one_of(st.none(), days),
        st.one_of(st.none(), days),
    ),
    max_size=7,
)


def slowly(found: list[Licence], kind: DocumentKind, day: date) -> bool:
    """Whether a kind suspends on a day, straight from the sentence of the rule."""
    counted = [
        paper
        for paper in found
        if paper.kind is kind
        and paper.accepted_on is not None
        and paper.accepted_on <= day
        and (paper.valid_from is None or paper.valid_from <= day)
    ]
    return bool(counted) and not any(
        paper.valid_to is None or day <= paper.valid_to for paper in counted
    )


@given(papers, st.integers(0, 45))
def test_every_day_is_as_the_slow_reading_has_it(found: list[Licence], length: int) -> None:
    """The dated history and the standing of every day, against a walk from day to day."""
    until = ORIGIN + length * DAY
    history = suspensions(found, until)
    for number in range(length + 1):
        day = ORIGIN + number * DAY
        wanted = {kind for kind in WATCHED if slowly(found, kind, day)}
        within = [each for each in history if each.first <= day <= (each.last or until)]
        assert {each.kind for each in within} == wanted
        assert len(within) == len(wanted)  # runs of one kind neither overlap nor touch
        now = standing(found, day)
        assert now.suspended == bool(wanted)
        assert len(now.reasons) == len(wanted)
        assert (now.band is Band.EXPIRED) == bool(wanted)
    for one, other in pairwise(history):
        if one.kind is other.kind:
            assert one.last is not None
            assert one.last + DAY < other.first


@given(papers, days)
def test_what_is_covered_without_a_break_ends_where_the_slow_reading_ends(
    found: list[Licence], day: date
) -> None:
    ends = []
    for kind in WATCHED[:2]:
        last = day
        while last < ORIGIN + 60 * DAY and not slowly(found, kind, last):
            last += DAY
        begun = any(paper.kind is kind and paper.first <= day for paper in found)
        if begun and last == day:  # suspended: back to the last covered day
            while slowly(found, kind, last):
                last -= DAY
            ends.append(last)
        elif begun and last < ORIGIN + 60 * DAY:
            ends.append(last - DAY)
    assert standing(found, day).next_expiry == (min(ends) if ends else None)
