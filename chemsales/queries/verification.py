"""Checking the records: the hash chain, and every state derived again from the rows it rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from chemsales.queries import (
    anchors,
    closing,
    customer_change,
    delegation,
    derivations,
    disqualification,
    filing,
    handover,
    histories,
    integrity,
    licences,
    review,
)
from chemsales.queries.offtake import stored_digest
from chemsales.queries.policy import load_edition_number
from chemsales.queries.reading import query
from chemsales.queries.recomputing import evaluated, load_closing, load_evaluation
from chemsales.rules import approval, roles
from chemsales.rules.accreditation import STATES, acceptance_hash, digest
from chemsales.rules.approval import CHAINS, Case, Outcome, StageName, Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.errors import ChemsalesError, Problem, Reason
from chemsales.rules.evaluation import Indicator, score
from chemsales.rules.offtake import BatchKind
from chemsales.rules.policy import Policy
from chemsales.rules.roles import Action, Actor, Role
from chemsales.storage import chain, copying, database
from chemsales.storage.database import is_sqlite
from chemsales.storage.fields import instant_of

Check = Callable[[], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: links of the chain, its head, rows checked by kind, problems in order.

    A problem's place is "table id"; one that is only a warning does not make the records wrong.
    """

    links: int
    head: str
    counts: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing but warnings was found."""
        return all(problem.warning for problem in self.problems)


def check_permission(actor: Actor) -> None:
    """NotAllowed unless the person may verify the records."""
    roles.check(actor, Action.VERIFY)


@query(Action.VERIFY)
def verify(actor: Actor, keys: Mapping[str, bytes], today: date, anchor: str = "") -> Verification:
    """Walk the hash chain with these sealing keys, then derive every state again.

    `anchor` is a hash that was noted or printed earlier, alone or with its position ("HASH@17", see
    `queries.anchors`). The first problem is the first bad row of the chain.
    """
    hashed, position = anchors.read(anchor) if anchor else ("", 0)
    report = chain.check(database.rows, keys, "" if position else hashed, ordered=is_sqlite())
    problems = [*chain_problems(report, anchor), *histories.late_rows()]
    if position:
        problems.append(anchors.hold(hashed, position, report, today))
    for check in CHECKS:
        problems.extend(_whole(check))
    counts = tuple((table, _count(table)) for table in COUNTED)
    return Verification(report.links, report.head, counts, tuple(problems))


@query(Action.VERIFY)
def digests(actor: Actor) -> dict[str, copying.Digest]:
    """Rows and SHA-256 of every append-only table: equal where two copies hold the same history."""
    return copying.digests(database.database.obj, copying.append_only(database.database.obj))


def _whole(check: Check) -> Iterator[Problem]:
    """What a check finds; that it cannot read what is stored is found too, and ends it."""
    try:
        yield from check()
    except (ValueError, LookupError, TypeError, ArithmeticError, ChemsalesError) as error:
        why = f"{type(error).__name__}: {error}"[:100]
        yield Problem(check.__name__.strip("_"), Reason("reason.check_unreadable", {"why": why}))


COUNTED = (
    "event", "change", "approval_case", "decision", "customer", "document_blob", "import_batch",
    "pickup", "plan_line", "closing", "tier_result", "evaluation_run", "evaluation",
)  # fmt: skip


def _count(table: str) -> int:
    return int(database.rows(f'SELECT count(*) FROM "{table}"')[0][0])


def chain_problems(report: chain.ChainReport, anchor: str) -> Iterator[Problem]:
    """What a walk over the chain found, as problems."""
    for link in report.broken:
        place, params = f"{link.source} {link.source_id}", {"link": link.link}
        if link.gone:
            yield Problem(place, Reason("reason.seal_row_gone", params))
        else:
            yield Problem(place, Reason("reason.seal_row_altered", params))
    for source, source_id in report.slipped_in:
        yield Problem(f"{source} {source_id}", Reason("reason.seal_row_slipped_in", {}))
    if report.anchor_found is False:
        yield Problem("seal", Reason("reason.seal_anchor_missing", {"anchor": anchor}))
    if report.foreign:
        params = {"count": report.foreign}
        yield Problem("seal", Reason("reason.seal_key_unknown", params), warning=True)


class Signed(NamedTuple):
    """A decision as it is stored."""

    round: int = 0
    stage: str = ""
    verdict: str = ""
    signer: str = ""
    snapshot_hash: str = ""
    attempt: int = 0
    on_behalf_of: str = ""
    signed_at: str = ""


def _cases() -> Iterator[Problem]:
    """Every case played again from its decisions: same stage, round, outcome, four eyes (C7.2)."""
    found = database.rows(
        "SELECT id, chain, round, pending, outcome, opened_by, owner, snapshot, snapshot_hash "
        "FROM approval_case ORDER BY id"
    )
    signed: dict[int, list[Signed]] = {}
    for case_id, *decision in database.rows(
        "SELECT case_id, round, stage, verdict, signer, snapshot_hash, attempt, on_behalf_of, "
        "signed_at FROM decision ORDER BY case_id, id"
    ):
        signed.setdefault(case_id, []).append(Signed(*decision))
    accepted = {
        (case_id, round_): str(hashed)
        for case_id, round_, hashed in database.rows(
            "SELECT case_id, round, hash FROM code_acceptance"
        )
    }
    for case_id, name, round_, pending, outcome, opened_by, owner, snapshot, hashed in found:
        place, decisions = f"approval_case {case_id}", signed.get(case_id, [])
        if hashlib.sha256(str(snapshot).encode()).hexdigest() != hashed:
            yield Problem(place, Reason("reason.case_snapshot_altered", {}, "C7.2"))
        covered = accepted.get((case_id, round_), hashed)
        if not all(_signed_it(row, hashed, covered) for row in decisions if row.round == round_):
            yield Problem(place, Reason("reason.case_signed_other_snapshot", {}, "C7.2"))
        try:
            owners = _owners(case_id, {opened_by, owner}, decisions)
            derived = _replay(str(name), str(opened_by), str(owner), decisions, owners)
        except (ChemsalesError, KeyError, ValueError):
            yield Problem(place, Reason("reason.case_decisions_impossible", {}, "C7.2"))
            continue
        stands = (derived.round, derived.pending or None, str(derived.outcome))
        if stands != (round_, pending, outcome):
            yield Problem(place, Reason("reason.case_differs_from_decisions", {}, "C7.2"))


def _signed_it(row: Signed, snapshot: str, covered: str) -> bool:
    """Whether a row is signed on the snapshot; an approval on the acceptance that came to it too
    (nobody approves a failing code before that)."""
    return row.snapshot_hash == covered or (
        row.verdict != Verdict.APPROVE and row.snapshot_hash == snapshot
    )


def _acceptances() -> Iterator[Problem]:
    """Every acceptance of a code rests on what was submitted in its round, has its own hash, and is
    not the applicant's (C7.1, C7.2)."""
    for key, round_, why, by, snapshot, hashed, opened_by, owner, submitted in database.rows(
        "SELECT t.id, t.round, t.reason, t.accepted_by, t.snapshot_hash, t.hash, c.opened_by, "
        "c.owner, d.snapshot_hash FROM code_acceptance t JOIN approval_case c ON c.id = t.case_id "
        "LEFT JOIN decision d ON d.case_id = t.case_id AND d.round = t.round "
        "AND d.verdict = 'submit' ORDER BY t.id"
    ):
        own = acceptance_hash(str(snapshot), int(round_), str(why), str(by))
        if own != hashed or submitted != snapshot or by in (opened_by, owner):
            reason = Reason("reason.acceptance_altered", {}, "C7.1")
            yield Problem(f"code_acceptance {key}", reason)


def _owners(case_id: int, known: set[str], decisions: list[Signed]) -> set[str]:
    """Who owns a case or owned it before it was handed over: they put it up and took it back."""
    if {row.signer for row in decisions if row.stage == StageName.APPLICANT} <= known:
        return known
    images = database.rows(
        "SELECT \"new\" FROM change WHERE table_name = 'approval_case' AND row_key = ?",
        (str(case_id),),
    )
    return known | {json.loads(image)["owner"] for (image,) in images}


def _replay(
    name: str, opened_by: str, owner: str, decisions: list[Signed], owners: set[str]
) -> Case:
    """The case after these decisions; raises where the rules would not have allowed one. An
    applicant's row is by who owned it then, one of `owners`."""
    case_chain = CHAINS[name]
    first = decisions[0] if decisions else Signed()
    begun = (
        first.round, first.stage, first.verdict, first.signer, first.attempt, first.on_behalf_of,
    )  # fmt: skip
    if begun != (1, StageName.APPLICANT, Verdict.SUBMIT, opened_by, 0, ""):
        raise ValueError("not submitted")
    case = approval.open_case(case_chain, Actor(opened_by, opened_by, frozenset()), owner)
    for row in decisions[1:]:
        own = StageName(row.stage)
        role = None if own is StageName.APPLICANT else case_chain.stage(own).role
        actor = _signer(row, role)
        attempt = approval.attempt(case, row.round, own)
        then = row.signer if role is None and row.signer in owners else owner
        decided = approval.decide(
            replace(case, owner=then), Verdict(row.verdict), actor, "as signed"
        )
        case = replace(decided, owner=owner)
        last = case.decisions[-1]
        made = (last.round, last.stage, attempt, last.on_behalf_of)
        if made != (row.round, own, row.attempt, row.on_behalf_of):
            raise ValueError("out of order")
    return case


def _signer(row: Signed, role: Role | None) -> Actor:
    """Who signed, as the rules see it: by the own role, or by a delegation that stood then."""
    if role is None or not row.on_behalf_of:
        return Actor(row.signer, row.signer, frozenset() if role is None else frozenset({role}))
    given = delegation.stood(row.on_behalf_of, row.signer, role, instant_of(row.signed_at))
    return Actor(row.signer, row.signer, frozenset(), tuple(given))


def _customers() -> Iterator[Problem]:
    """No customer without the approved case of its application (C8.1)."""
    for customer_id, outcome in database.rows(
        "SELECT customer.id, approval_case.outcome FROM customer "
        "LEFT JOIN approval_case ON approval_case.id = customer.case_id ORDER BY customer.id"
    ):
        if outcome != Outcome.APPROVED:
            yield Problem(
                f"customer {customer_id}", Reason("reason.customer_unapproved", {}, "C8.1")
            )


def _applications() -> Iterator[Problem]:
    """Every application stands where its case stands (C7.2)."""
    for application_id, state, outcome in database.rows(
        "SELECT application.id, application.state, approval_case.outcome FROM application "
        "JOIN approval_case ON approval_case.id = application.case_id ORDER BY application.id"
    ):
        if STATES[Outcome(outcome)] != state:
            place = f"application {application_id}"
            yield Problem(place, Reason("reason.application_differs_from_case", {}, "C7.2"))


def _batches() -> Iterator[Problem]:
    """Every import still has the rows that were imported, undone ones too."""
    for batch_id, kind, digested in database.rows(
        "SELECT id, kind, rows_digest FROM import_batch ORDER BY id"
    ):
        if stored_digest(batch_id, BatchKind(kind)) != digested:
            yield Problem(f"import_batch {batch_id}", Reason("reason.batch_altered", {}, "C9.2"))


def _evaluations() -> Iterator[Problem]:
    """Every evaluation run has its rows; every score follows from its frozen values (C16.1)."""
    for run_id, number, digested in database.rows(
        "SELECT id, edition, results_digest FROM evaluation_run ORDER BY id"
    ):
        found = evaluated(run_id)
        place = f"evaluation_run {run_id}"
        if digest([list(row) for row in found]) != digested:
            yield Problem(place, Reason("reason.evaluation_altered", {}, "C16.1"))
            continue
        policy = load_edition_number(number).policy
        for row in found:
            if digest(json.loads(row[7])) != row[8] or not _follows(row, policy):
                place = f"evaluation_run {run_id}, customer {row[0]}"
                yield Problem(place, Reason("reason.evaluation_differs", {}, "C16.1"))
        again = load_evaluation(run_id)
        if again.frozen:
            for customer in again.differing:
                place = f"evaluation_run {run_id}, customer {customer}"
                yield Problem(place, Reason("reason.evaluation_differs", {}, "C16.1"))


def _closings() -> Iterator[Problem]:
    """Every closing, ended ones too, follows from its frozen inputs by its own edition (C9.2)."""
    for closing_id, month, digested in database.rows(
        "SELECT id, month, results_digest FROM closing ORDER BY month, id"
    ):
        if closing.stored_digest(closing_id) != digested:
            continue  # told already
        again = load_closing(closing_id)
        if again.frozen and not again.same:
            place = f"closing {closing_id}"
            yield Problem(place, Reason("reason.closing_differs", {"month": month}, "C9.2"))


def _follows(row: tuple[Any, ...], policy: Policy) -> bool:
    """Whether the stored score and grade come out of the stored values."""
    values = {
        Indicator(name): None if value is None else Fraction(value)
        for name, value in json.loads(row[6])["values"].items()
    }
    again = score(CustomerClass(row[2]), values, policy)
    made = None if again.score is None else str(again.score)
    return (made, str(again.grade), again.available_weight) == (row[3], row[4], row[5])


CHECKS: tuple[Check, ...] = (
    _cases, _acceptances, _applications, _customers, integrity.problems, _batches,
    closing.problems, _closings, _evaluations, delegation.problems, derivations.problems,
    licences.problems, disqualification.problems, customer_change.problems, filing.problems,
    handover.problems, histories.problems, review.problems,
)  # fmt: skip
