"""Cases of the approval chains: where they stand, who signed, and what waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chemsales.queries.reading import query
from chemsales.rules.approval import CHAINS, Case, Decision, Outcome, StageName, Verdict
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One signature of a case; the applicant's submissions and withdrawals stand among them."""

    round: int
    stage: StageName
    verdict: Verdict
    signer: str
    signer_name: str
    signed_at: datetime
    comment: str


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case with what the table knows beside the rules' `Case`."""

    id: int
    case: Case
    version: int
    snapshot_hash: str
    edition: int
    opened_at: datetime
    moved_at: datetime


def load_stored(case_id: int) -> StoredCase:
    """A case with its decisions (two statements, inside services and queries); NotFound."""
    found = rows(
        "SELECT chain, round, pending, outcome, opened_by, owner, version, snapshot_hash, edition, "
        "opened_at, moved_at FROM approval_case WHERE id = ?",
        (case_id,),
    )
    if not found:
        raise NotFound(Reason("reason.case_unknown", {"id": case_id}))
    chain, round_, pending, outcome, opened_by, owner, version, hashed, edition, opened, moved = (
        found[0]
    )
    signed = tuple(
        Decision(number, StageName(stage), Verdict(verdict), signer)
        for number, stage, verdict, signer in rows(
            "SELECT round, stage, verdict, signer FROM decision WHERE case_id = ? ORDER BY id",
            (case_id,),
        )
    )
    stage = StageName(pending) if pending else None
    case = Case(CHAINS[chain], round_, stage, Outcome(outcome), opened_by, owner, signed)
    return StoredCase(
        case_id, case, version, hashed, edition, instant_of(opened), instant_of(moved)
    )


def load_case(case_id: int) -> Case:
    """A case as the rules see it (inside services and queries); NotFound."""
    return load_stored(case_id).case


def load_decisions(case_id: int) -> list[DecisionRow]:
    """The signatures of a case in order (inside services and queries)."""
    return [
        DecisionRow(
            number, StageName(stage), Verdict(verdict), signer, name, instant_of(at), comment
        )
        for number, stage, verdict, signer, name, at, comment in rows(
            "SELECT round, stage, verdict, signer, signer_name, signed_at, comment "
            "FROM decision WHERE case_id = ? ORDER BY id",
            (case_id,),
        )
    ]


@query()
def decisions(actor: Actor, case_id: int) -> list[DecisionRow]:
    """The signatures of a case in order, those of earlier rounds too."""
    return load_decisions(case_id)


def waiting(actor: Actor, chains: Sequence[str] = tuple(CHAINS)) -> tuple[str, list[object]]:
    """The SQL condition on approval_case `c` for what waits for a person, with its parameters.

    Open cases at a stage of one of the person's roles that this person may still sign (not the own
    ones, none signed at another stage: C7.2), and the own ones that came back for correction.
    """
    conditions, parameters = [], list[object]()
    for name in chains:
        for stage in CHAINS[name].stages:
            if actor.holds(stage.role):
                conditions.append("(c.chain = ? AND c.pending = ?)")
                parameters += [name, str(stage.name)]
    mine = " OR ".join(conditions) or "1 = 0"
    marks = ", ".join("?" for _ in chains)
    condition = (
        f"((c.outcome = 'open' AND ({mine}) AND c.opened_by <> ? AND c.owner <> ? AND NOT EXISTS ("
        "SELECT 1 FROM decision d WHERE d.case_id = c.id AND d.signer = ? "
        "AND d.stage <> c.pending AND d.stage <> 'applicant')) "
        f"OR (c.outcome = 'returned' AND c.chain IN ({marks}) "
        "AND (c.opened_by = ? OR c.owner = ?)))"
    )
    login = actor.login
    return condition, [*parameters, login, login, login, *chains, login, login]


@query()
def waiting_count(actor: Actor) -> int:
    """How many cases wait for this person, over all chains."""
    condition, parameters = waiting(actor)
    sql = f"SELECT count(*) FROM approval_case c WHERE {condition}"
    return int(rows(sql, parameters)[0][0])
