"""Cases of the approval chains: where they stand, who signed, and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chemsales.queries.case_names import titles
from chemsales.queries.earlier_runs import applied_before, put_up_before
from chemsales.queries.filtering import Kind, Request, Sort
from chemsales.queries.listing import ALL, Field, Listing, count, whole
from chemsales.queries.naming import person_name
from chemsales.queries.people import signing_reasons
from chemsales.queries.reading import query
from chemsales.rules import approval, roles
from chemsales.rules.approval import (
    ACCREDITATION,
    CHAINS,
    CUSTOMER_CHANGE,
    DISQUALIFICATION,
    EVALUATION,
    LICENCE,
    Case,
    Decision,
    Outcome,
    StageName,
    Verdict,
)
from chemsales.rules.calendar import company_minute
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.review import UNMARKED, Marked
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of
from chemsales.words import _

if TYPE_CHECKING:
    from chemsales.reports.content import Opinion

DECIDING = (Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT)  # what a stage says


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
    principal_name: str = ""  # on whose behalf
    marked: Marked = UNMARKED

    @property
    def signature(self) -> str:
        """The name that is shown, with the principal's where there is one."""
        return signature(self.signer_name, self.principal_name)


def signature(name: str, principal: str) -> str:
    """Who signed, on whose behalf where that is another."""
    return _("{name} (for {principal})", name=name, principal=principal) if principal else name


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case with what the table knows beside the rules' `Case`.

    `snapshot_hash` is what is signed now: of what was put up, and of the acceptance of a failing
    check digit where one came to it in this round.
    """

    id: int
    case: Case
    version: int
    snapshot_hash: str
    edition: int
    opened_at: datetime
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A case that waits for a person: at a stage to be signed, or with its applicant after a
    return (`stage` APPLICANT).

    `kind` is its chain, `id` the key of what is reviewed in it; it waits since `since`.
    """

    case_id: int
    kind: str
    id: int
    title: str
    number: str
    stage: StageName
    round: int
    since: datetime
    owner: str
    owner_name: str
    principal_name: str = ""  # on whose behalf this person would sign
    urged: int = 0  # how often its applicant urged this stage
    called: str = ""  # the title, and before it what the case is (`case_names.titles`)
    listed: str = ""  # the title, and what the case is behind it

    @property
    def key(self) -> tuple[str, int]:
        """What is reviewed, told from everything else."""
        return self.kind, self.id


def load_stored(case_id: int) -> StoredCase:
    """A case with its decisions (two statements, of an evaluation a third one, inside services and
    queries); NotFound."""
    found = rows(
        "SELECT c.chain, c.round, c.pending, c.outcome, c.opened_by, c.owner, c.version, "
        "coalesce(t.hash, c.snapshot_hash), c.edition, c.opened_at, c.moved_at "
        "FROM approval_case c LEFT JOIN code_acceptance t ON t.case_id = c.id "
        "AND t.round = c.round WHERE c.id = ?",
        (case_id,),
    )
    if not found:
        raise NotFound(Reason("reason.case_unknown", {"id": case_id}))
    chain, round_, pending, outcome, opened_by, owner, version, hashed, edition, opened, moved = (
        found[0]
    )
    signed = tuple(
        Decision(number, StageName(stage), Verdict(verdict), signer, principal)
        for number, stage, verdict, signer, principal in rows(
            "SELECT round, stage, verdict, signer, on_behalf_of FROM decision WHERE case_id = ? "
            "ORDER BY id",
            (case_id,),
        )
    )
    stage = StageName(pending) if pending else None
    before = applied_before(chain, case_id)
    case = Case(CHAINS[chain], round_, stage, Outcome(outcome), opened_by, owner, signed, before)
    return StoredCase(
        case_id, case, version, hashed, edition, instant_of(opened), instant_of(moved)
    )


def load_decisions(case_id: int) -> list[DecisionRow]:
    """The signatures of a case in order (inside services and queries)."""
    return [
        DecisionRow(
            number,
            StageName(stage),
            Verdict(verdict),
            signer,
            name,
            instant_of(at),
            comment,
            by,
            Marked.read(marks),
        )
        for number, stage, verdict, signer, name, at, comment, by, marks in rows(
            "SELECT d.round, d.stage, d.verdict, d.signer, d.signer_name, d.signed_at, d.comment, "
            "coalesce(p.name, d.on_behalf_of), d.marks FROM decision d "
            "LEFT JOIN person p ON p.login = d.on_behalf_of WHERE d.case_id = ? ORDER BY d.id",
            (case_id,),
        )
    ]


def opinions(case_id: int) -> tuple[Opinion, ...]:
    """The signatures of a case as papers print them, in the company's time (inside queries)."""
    from chemsales.reports.content import Opinion

    return tuple(
        Opinion(
            row.stage,
            row.verdict,
            row.signature,
            company_minute(row.signed_at),
            row.comment,
            row.round,
        )
        for row in load_decisions(case_id)
    )


@query()
def decisions(actor: Actor, case_id: int) -> list[DecisionRow]:
    """The signatures of a case in order, those of earlier rounds too."""
    return load_decisions(case_id)


def verdict_actions(put_up: Action, sign: Action) -> dict[Verdict, Action]:
    """What a person has to be permitted for each verdict of a chain: those of who put it up, and
    those of its stages."""
    by_applicant = (Verdict.SUBMIT, Verdict.WITHDRAW)
    return {verdict: put_up if verdict in by_applicant else sign for verdict in Verdict}


def forbidden(
    actor: Actor, action: Action, verdict: Verdict, stored: StoredCase | None
) -> tuple[Reason, ...]:
    """Why this person gives no such verdict at all, whatever the case; empty when permitted (inside
    services and queries)."""
    reasons = roles.blockers(actor, action) or signing_reasons(actor.login)
    if reasons and verdict is Verdict.UNDO and stored is not None:
        # who may decide nothing now may have done so as a delegate
        return approval.delegation_over(stored.case, actor) or reasons
    return reasons


def case_blockers(
    actor: Actor, action: Action, verdict: Verdict, stored: StoredCase
) -> tuple[Reason, ...]:
    """Why this person may not give this verdict on a case now (inside services and queries)."""
    return forbidden(actor, action, verdict, stored) or approval.blockers(
        stored.case, verdict, actor
    )


def _free(person: str) -> str:
    """SQL: who may sign the pending stage of the case `c`, of a run `e`: neither its applicant in
    any round, nor at another stage of it already, by the own role or another's (C7.2)."""
    return (
        f"({person} NOT IN (c.opened_by, c.owner) AND NOT EXISTS (SELECT 1 FROM decision d "
        f"WHERE d.case_id = c.id AND {person} IN (d.signer, d.on_behalf_of) "
        f"AND d.stage <> c.pending) AND {person} NOT IN ({put_up_before('e')}))"
    )


def _principal(shown: str) -> str:
    """SQL: on whose behalf this person would sign; `delegated` (g) is what stands now."""
    return (
        f"coalesce((SELECT {shown} FROM delegated g WHERE g.chain = c.chain "
        f"AND g.stage = c.pending AND {_free('g.principal')} ORDER BY g.place LIMIT 1), '')"
    )


_PRINCIPAL = _principal("g.name")
_PRINCIPAL_SORT = _principal(
    "coalesce((SELECT s.sort_key FROM person s WHERE s.login = g.principal), g.name)"
)


def _waiting(actor: Actor) -> tuple[str, list[object]]:
    """The SQL condition on approval_case `c` for what waits for a person, with its parameters.

    Open cases at a stage of one of the person's roles, own or delegated, that this person may still
    sign, and the own ones that came back for correction; an evaluation that came back to who has
    left waits for everybody who may compute it again.
    """
    conditions, parameters = [], list[object]()
    for chain in CHAINS.values():
        for stage in chain.stages:
            if actor.holds(stage.role):
                conditions.append("(c.chain = ? AND c.pending = ?)")
                parameters += [chain.name, str(stage.name)]
    mine = " OR ".join([*conditions, f"{_PRINCIPAL} <> ''"])
    whose = "c.owner = ?"
    if not roles.blockers(actor, Action.EVALUATION_COMPUTE):
        whose += " OR (e.id IS NOT NULL AND p.active = 0)"
    condition = (
        f"((c.outcome = 'open' AND ({mine}) AND {_free('CAST(? AS TEXT)')}) "
        f"OR (c.outcome = 'returned' AND ({whose}) AND coalesce(e.active, 1) = 1))"
    )
    return condition, [*parameters, *[actor.login] * 4]


def _delegated(actor: Actor) -> list[tuple[object, ...]]:
    """The stages at which this person signs for others; one that there is not where none."""
    found: list[tuple[object, ...]] = [
        (chain.name, str(stage.name), each.principal, each.name, place)
        for chain in CHAINS.values()
        for stage in chain.stages
        for place, each in enumerate(actor.principals(stage.role))
    ]
    return found or [("", "", "", "", 0)]


def _waiting_rows(found: list[tuple[Any, ...]]) -> list[WaitingRow]:
    return [
        WaitingRow(
            key, chain, subject, title, number, StageName(stage), round_, instant_of(moved), *owner
        )
        for key, chain, subject, title, number, stage, round_, moved, *owner in found
    ]


# a run has no name of its own: it is called and numbered in the language of who looks
_RUN = "(SELECT {0}_before FROM words) || {1} || (SELECT {0}_after FROM words)"


def _title(name: str) -> str:
    """SQL: what a case is called; `name` is the column of an application and of a customer."""
    return f"coalesce(a.{name}, u.{name}, {_RUN.format('title', 'e.period')})"


TITLE = _title("name")
NUMBER = f"coalesce(a.number, u.code, {_RUN.format('number', 'e.revision')})"
STANDS = (
    "d.verdict <> 'undo' AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.case_id = d.case_id "
    "AND u.round = d.round AND u.stage = d.stage AND u.attempt = d.attempt AND u.verdict = 'undo')"
)
# since the last decision that stands: what was taken back makes no case younger
_SINCE = (
    "coalesce((SELECT max(d.signed_at) FROM decision d WHERE d.case_id = c.id "
    f"AND {STANDS}), c.moved_at)"
)
_URGED = (
    "(SELECT count(*) FROM case_urge u WHERE u.case_id = c.id AND u.round = c.round "
    "AND u.stage = c.pending)"
)
_STAGE = f"coalesce(c.pending, '{StageName.APPLICANT}')"
WORDS = (
    "WITH words (title_before, title_after, number_before, number_after) AS "
    "(VALUES (CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT)))"
)
SUBJECTS = (
    f"LEFT JOIN application a ON c.chain = '{ACCREDITATION.name}' AND a.id = c.subject_id "
    f"LEFT JOIN evaluation_run e ON c.chain = '{EVALUATION.name}' AND e.id = c.subject_id "
    f"LEFT JOIN licence l ON c.chain = '{LICENCE.name}' AND l.id = c.subject_id "
    f"LEFT JOIN disqualification q ON c.chain = '{DISQUALIFICATION.name}' "
    "AND q.id = c.subject_id "
    f"LEFT JOIN customer_change h ON c.chain = '{CUSTOMER_CHANGE.name}' AND h.id = c.subject_id "
    "LEFT JOIN customer u ON u.id = coalesce(l.customer_id, q.customer_id, h.customer_id) "
    "LEFT JOIN person p ON p.login = c.owner"
)
FIELDS = {
    "title": Field(TITLE, sort=_title("sort_key")),
    "number": Field(NUMBER),
    "kind": Field("c.chain", Kind.CHOICE, choices=tuple(CHAINS)),
    "owner": person_name("c.owner"),
}


def run_words() -> tuple[str, ...]:
    """What stands before and after the period and the revision of a run."""
    mark = "\0"
    title, number = _("Evaluation {period}", period=mark), _("Revision {revision}", revision=mark)
    return (*title.split(mark), *number.split(mark))


def waiting_of(actor: Actor) -> Listing[WaitingRow]:
    """The list of what waits for this person over all chains, the longest first."""
    return _waiting_of(actor, run_words(), *titles(TITLE))


@lru_cache(maxsize=20)
def _waiting_of(actor: Actor, words: tuple[str, ...], *names: str) -> Listing[WaitingRow]:
    condition, parameters = _waiting(actor)
    delegated, (called, listed) = _delegated(actor), names
    texts = ", ".join(["CAST(? AS TEXT)"] * 4)
    lines = ", ".join([f"({texts}, CAST(? AS INTEGER))"] * len(delegated))
    return Listing(
        name="waiting",
        ctes=f"{WORDS}, delegated (chain, stage, principal, name, place) AS (VALUES {lines})",
        given=(*words, *(value for line in delegated for value in line)),
        source=f"FROM approval_case c {SUBJECTS}",
        key="c.id",
        select=f"c.chain, c.subject_id, {TITLE}, {NUMBER}, {_STAGE}, c.round, {_SINCE}, "
        f"c.owner, coalesce(p.name, c.owner), {_PRINCIPAL}, {_URGED}, {called}, {listed}",
        make=_waiting_rows,
        fields={
            **FIELDS,
            "title": Field(listed, sort=_title("sort_key")),
            "stage": Field(_STAGE, Kind.CHOICE, choices=tuple(map(str, StageName))),
            "round": Field("c.round", Kind.NUMBER),
            "since": Field(_SINCE, Kind.INSTANT),
            "principal": Field(_PRINCIPAL, sort=_PRINCIPAL_SORT),
        },
        order=(Sort("since"),),
        searched=(TITLE, NUMBER, "p.name"),
        where=condition,
        parameters=tuple(parameters),
    )


def waiting_count(actor: Actor) -> int:
    """How many cases wait for this person, over all chains."""
    return count(actor, waiting_of(actor))


def queue(actor: Actor, request: Request = ALL) -> list[WaitingRow]:
    """What waits for this person: stages to sign, own cases that came back; the longest first."""
    return whole(actor, waiting_of(actor), request)


@query()
def case_version(actor: Actor, case_id: int) -> int:
    """The version of a case now, as who signs it next has seen it; NotFound."""
    return load_stored(case_id).version


@query()
def case_of(actor: Actor, chain: str, subject_id: int) -> int | None:
    """The key of the newest case of a subject, None where it was never put up for decision."""
    ((key,),) = rows(
        "SELECT max(id) FROM approval_case WHERE chain = ? AND subject_id = ?", (chain, subject_id)
    )
    return None if key is None else int(key)
