"""Cancelling a qualification (取消客户资格): the grounds, what a proposal needs (C17.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chemsales.rules.errors import Param, Problem, Reason
from chemsales.rules.numbers import MAX_FEN
from chemsales.rules.text import said_problem

FACTS_LIMIT = 2000
PAPERS_LIMIT = 20
REQUIRED = Reason("reason.field_required", {}, "C17.1")


class Ground(StrEnum):
    """The three grounds of article 17."""

    DISHONESTY = "dishonesty"  # 提供虚假信息，有欺诈、严重失信等行为
    LOSS = "loss"  # 给公司造成经济损失或严重影响公司的市场信誉
    ILLEGAL = "illegal"  # 违反法律法规，被司法或行政机关立案查处


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is put up for decision: the ground, what happened and when, and the loss in fen (0 where
    the reputation alone suffered, None where there is none to name)."""

    ground: Ground | None = None
    facts: str = ""
    occurred_on: date | None = None
    loss_fen: int | None = None


def proposal_problems(proposal: Proposal, papers: int, today: date) -> tuple[Problem, ...]:
    """What is missing or wrong in a proposal with this many papers, by field (C17.1, A.X 13)."""
    found = []
    if proposal.ground is None:
        found.append(Problem("ground", Reason("reason.ground_required", {}, "C17.1")))
    facts = said_problem(proposal.facts, FACTS_LIMIT, "C17.1")
    if facts:
        found.append(Problem("facts", facts))
    if proposal.occurred_on is None:
        found.append(Problem("occurred_on", REQUIRED))
    elif proposal.occurred_on > today:
        params: dict[str, Param] = {"day": today.isoformat()}
        found.append(Problem("occurred_on", Reason("reason.day_to_come", params, "C17.1")))
    loss = proposal.loss_fen
    if loss is None and proposal.ground is Ground.LOSS:
        found.append(Problem("loss_fen", Reason("reason.loss_required", {}, "C17.1")))
    elif loss is not None and not 0 <= loss <= MAX_FEN:
        found.append(Problem("loss_fen", Reason("reason.loss_range", {}, "C17.1")))
    if not papers:
        found.append(Problem("papers", Reason("reason.evidence_required", {}, "C17.1")))
    elif papers > PAPERS_LIMIT:
        params = {"limit": PAPERS_LIMIT}
        found.append(Problem("papers", Reason("reason.evidence_many", params, "C17.1")))
    return tuple(found)
