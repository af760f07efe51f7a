"""The term of an exclusive agent's licence (C10.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chemsales.rules.agent_licences import Term, issue_blockers, licence_hash, next_term
from chemsales.rules.policy import DEFAULT

YEAR = replace(DEFAULT, agent_licence_term="one_year")
SINCE = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("policy", "today", "since", "standing", "first", "last"),
    [
        (DEFAULT, (2027, 1, 1), SINCE, None, (2027, 1, 1), (2027, 12, 31)),
        (DEFAULT, (2026, 7, 6), SINCE, None, (2026, 7, 6), (2026, 12, 31)),
        (DEFAULT, (2026, 12, 1), SINCE, (2026, 12, 31), (2027, 1, 1), (2027, 12, 31)),
        (DEFAULT, (2027, 2, 1), SINCE, (2026, 12, 31), (2027, 2, 1), (2027, 12, 31)),
        (DEFAULT, (2026, 12, 31), SINCE, None, (2026, 12, 31), (2026, 12, 31)),
        (DEFAULT, (2026, 3, 12), SINCE, None, (2026, 3, 12), (2026, 12, 31)),
        (YEAR, (2026, 7, 6), SINCE, None, (2026, 7, 6), (2027, 7, 5)),
        (YEAR, (2027, 6, 1), SINCE, (2027, 7, 5), (2027, 7, 6), (2028, 7, 5)),
        (YEAR, (2028, 2, 29), SINCE, None, (2028, 2, 29), (2029, 2, 28)),
    ],
)
def test_c10_5_a_term_ends_with_the_year_or_a_year_later(
    policy, today, since, standing, first, last
) -> None:
    found = next_term(policy, date(*today), since, date(*standing) if standing else None)
    assert found == Term(date(*first), date(*last))


@pytest.mark.parametrize(
    ("today", "last", "refused"),
    [
        ((2026, 9, 29), (2026, 12, 31), True),
        ((2026, 9, 30), (2026, 12, 31), False),
        ((2027, 3, 1), (2026, 12, 31), False),
        ((2026, 12, 20), (2027, 12, 31), True),
    ],
)
def test_the_next_one_is_given_in_the_last_quarter_of_the_standing_one(
    today, last, refused
) -> None:
    found = issue_blockers(date(*today), ("DL2026-0001", date(*last)))
    assert [reason.clause for reason in found] == ["C10.5"] * refused
    assert issue_blockers(date(*today), None) == ()


def test_the_hash_is_of_everything_that_it_says() -> None:
    term = Term(date(2027, 1, 1), date(2027, 12, 31))
    shown = {"customer_name": "甲", "region": "江苏"}
    told = licence_hash("DL2027-0001", term, shown)
    assert told == licence_hash("DL2027-0001", term, dict(shown))
    others = [
        licence_hash("DL2027-0002", term, shown),
        licence_hash("DL2027-0001", replace(term, last=date(2027, 12, 30)), shown),
        licence_hash("DL2027-0001", term, {**shown, "region": "浙江"}),
    ]
    assert told not in others and len(set(others)) == 3
