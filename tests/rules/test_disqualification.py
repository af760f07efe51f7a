"""C17.1: a proposal names one of three grounds, what happened and when, and bears it out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chemsales.rules.disqualification import (
    FACTS_LIMIT,
    PAPERS_LIMIT,
    Ground,
    Proposal,
    proposal_problems,
)

TODAY = date(2026, 7, 6)
FULL = Proposal(Ground.DISHONESTY, "提交的危险化学品经营许可证系伪造。", date(2026, 7, 1))


@pytest.mark.parametrize("ground", Ground)
def test_each_ground_of_the_article_may_be_proposed(ground):
    assert not proposal_problems(replace(FULL, ground=ground, loss_fen=0), 1, TODAY)


@pytest.mark.parametrize(
    ("changed", "papers", "place", "code"),
    [
        ({"ground": None}, 1, "ground", "reason.ground_required"),
        ({"facts": " \n "}, 1, "facts", "reason.field_required"),
        ({"facts": "实" * (FACTS_LIMIT + 1)}, 1, "facts", "reason.text_too_long"),
        ({"facts": "伪造\u202e"}, 1, "facts", "reason.text_hidden"),
        ({"occurred_on": None}, 1, "occurred_on", "reason.field_required"),
        ({"occurred_on": date(2026, 7, 7)}, 1, "occurred_on", "reason.day_to_come"),
        ({"ground": Ground.LOSS}, 1, "loss_fen", "reason.loss_required"),
        ({"loss_fen": -1}, 1, "loss_fen", "reason.loss_range"),
        ({"loss_fen": 10**13}, 1, "loss_fen", "reason.loss_range"),
        ({}, 0, "papers", "reason.evidence_required"),
        ({}, PAPERS_LIMIT + 1, "papers", "reason.evidence_many"),
    ],
)
def test_what_is_missing_is_named(changed, papers, place, code):
    found = proposal_problems(replace(FULL, **changed), papers, TODAY)
    assert [(each.place, each.reason.code) for each in found] == [(place, code)]


def test_facts_of_several_lines_on_the_day_itself_are_well():
    lines = replace(FULL, facts="一、伪造证照。\n二、拒不整改。", occurred_on=TODAY)
    assert not proposal_problems(lines, PAPERS_LIMIT, TODAY)


def test_an_empty_proposal_says_all_that_it_lacks_at_once():
    places = [each.place for each in proposal_problems(Proposal(), 0, TODAY)]
    assert places == ["ground", "facts", "occurred_on", "papers"]
