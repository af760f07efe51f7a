"""Evaluations of a quarter, half-year or year: computed from raw data, frozen, signed (C16.1)."""

from __future__ import annotations

from typing import Any

from chemsales.queries import evaluation as queries
from chemsales.queries.approval import load_stored
from chemsales.queries.calendar import load_calendar
from chemsales.queries.evaluation import COLUMNS, RunRow
from chemsales.queries.evaluation_inputs import (
    Candidate,
    PeriodInputs,
    frozen,
    frozen_calendar,
    inputs_hash,
    load_inputs,
)
from chemsales.queries.policy import load_edition
from chemsales.queries.recomputing import signing_reasons
from chemsales.rules.accreditation import digest
from chemsales.rules.approval import EVALUATION, Outcome, Verdict
from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.errors import NotAllowed, Param, Reason
from chemsales.rules.evaluation import as_stored, evaluate
from chemsales.rules.periods import Period
from chemsales.rules.policy import Edition, Policy
from chemsales.rules.roles import Action
from chemsales.services.approval import check_seen, decide_case, open_case, signed_for
from chemsales.services.changes import Subject
from chemsales.services.offtake import lock_months
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import execute, insert_rows, rows
from chemsales.storage.fields import canonical_json
from chemsales.storage.models.evaluation import EvaluationRun

StoredRow = tuple[int, str, str, str | None, str, int, str, str, str]


@use_case(Action.EVALUATION_COMPUTE)
def compute(op: Operation, period: str) -> int:
    """Compute a period's evaluations ("2026Q3", "2026H1", "2026") for signature; the run's key.

    Every customer with a class at the period's end and a closed month since its admission gets a
    row per product group (A.X 22), all from the raw data of the whole period. The result is frozen
    with its inputs; computing again makes a new revision. What came back is computed again by
    whoever may compute: who put it up signs none of what follows. NotAllowed without a closed
    month, when nothing changed since the standing revision, while another person's waits for its
    signature, and for who alone could sign it.
    """
    wanted = Period.parse(period)
    lock_months()
    edition, calendar = load_edition(min(wanted.last_day, op.today)), load_calendar()
    inputs, before = load_inputs(wanted, op.today), queries.active_run(str(wanted))
    hashed = inputs_hash(inputs, edition.number, calendar)
    if reasons := queries.computing_reasons(op.actor, inputs, before, hashed):
        raise NotAllowed(*reasons)
    evaluated = [_row(each, edition.policy, calendar) for each in inputs.candidates]
    if before is not None:
        _replace(op, before)
    run_inputs = {**_run_inputs(inputs, before), "calendar": frozen_calendar(wanted, calendar)}
    run_id = _insert_run(op, inputs, edition, hashed, evaluated, run_inputs)
    reason = Reason(
        "reason.evaluation_computed",
        {"period": str(wanted), "count": len(evaluated), "months": "、".join(inputs.closed)},
        "C16.1",
    )
    op.record(Subject.EVALUATION, run_id, "C16.1", edition.number, (reason,), inputs_hash=hashed)
    return run_id


def _row(candidate: Candidate, policy: Policy, calendar: WorkCalendar) -> StoredRow:
    result = evaluate(candidate.inputs, policy, calendar)
    given = frozen(candidate)
    score = result.score.score
    return (
        candidate.customer_id,
        candidate.group_code,
        str(candidate.inputs.customer_class),
        None if score is None else str(score),
        str(result.score.grade),
        result.score.available_weight,
        canonical_json({**as_stored(result), "previous_score": candidate.previous_score}),
        canonical_json(given),
        digest(given),
    )


def _replace(op: Operation, before: RunRow) -> None:
    """End the standing revision: its rows stay, an undecided one is withdrawn by who computed it;
    what came back to another stays returned, and is replaced."""
    undecided = before.outcome in (Outcome.OPEN, Outcome.RETURNED)
    if undecided and before.computed_by == op.actor.login:
        decide_case(op, before.case_id, before.version, Verdict.WITHDRAW)
    execute("UPDATE evaluation_run SET active = 0 WHERE id = ?", (before.run_id,))


def _insert_run(
    op: Operation,
    inputs: PeriodInputs,
    edition: Edition,
    hashed: str,
    evaluated: list[StoredRow],
    run_inputs: dict[str, Any],
) -> int:
    period = str(inputs.period)
    last = rows("SELECT coalesce(max(revision), 0) FROM evaluation_run WHERE period = ?", (period,))
    revision = int(last[0][0]) + 1
    results = digest([list(row) for row in evaluated])
    run_id = int(
        EvaluationRun.insert(
            period=period,
            revision=revision,
            edition=edition.number,
            computed_by=op.actor.login,
            computed_at=op.now,
            inputs_hash=hashed,
            results_digest=results,
            inputs=run_inputs,
        ).execute()
    )
    insert_rows("evaluation", ("run_id", *COLUMNS), [(run_id, *row) for row in evaluated])
    snapshot = {
        "period": period,
        "revision": revision,
        "inputs_hash": hashed,
        "results_digest": results,
        "rows": len(evaluated),
    }
    login = op.actor.login
    case_id = open_case(op, EVALUATION, Subject.EVALUATION, run_id, login, snapshot, edition.number)
    execute("UPDATE evaluation_run SET case_id = ? WHERE id = ?", (case_id, run_id))
    return run_id


def _run_inputs(inputs: PeriodInputs, before: RunRow | None) -> dict[str, Any]:
    """What belongs to the whole run and its reports, frozen."""
    return {
        "closed": list(inputs.closed),
        "closings": list(inputs.closings),
        "totals": inputs.totals,
        "groups": [list(group) for group in inputs.groups],
        "company": inputs.company,
        "missing": [
            {
                "customer_id": each.customer_id,
                "code": each.code,
                "name": each.name,
                "reasons": [reason.as_dict() for reason in each.reasons],
            }
            for each in inputs.missing
        ],
        "replaces": None if before is None else before.revision,
    }


@use_case(Action.EVALUATION_SIGN)
def sign(
    op: Operation, run_id: int, seen_version: int, verdict: Verdict, comment: str = ""
) -> Outcome:
    """Approve, return or reject the evaluations of a run; how the case then stands (A.X 24).

    The sales head signs what somebody else computed. An approved run is frozen: later corrections
    of data make a new revision. Conflict where the run was decided meanwhile, NotAllowed before the
    period is over, where the data or the edition in force changed since the computation, and where
    the stored scores are not what the frozen inputs come to.
    """
    return _decide(op, run_id, seen_version, verdict, comment)


@use_case(Action.EVALUATION_SIGN)
def undo(op: Operation, run_id: int, seen_version: int) -> Outcome:
    """Take back the own return until the period is computed again; how the case then stands.

    An approved run is frozen and stands: NotAllowed, with the reasons of
    `queries.evaluation.blockers`.
    """
    return _decide(op, run_id, seen_version, Verdict.UNDO, "")


def _decide(
    op: Operation, run_id: int, seen_version: int, verdict: Verdict, comment: str
) -> Outcome:
    lock_months()
    run = queries.load_run(run_id)
    stored = load_stored(run.case_id)
    check_seen(stored, seen_version)
    reasons = list(queries.verdict_blockers(op.actor, run, stored, verdict, op.today))
    if verdict is Verdict.APPROVE and not reasons:
        inputs = load_inputs(Period.parse(run.period), op.today)
        if inputs_hash(inputs, run.edition, load_calendar()) != run.inputs_hash:
            params: dict[str, Param] = {"period": run.period, "revision": run.revision}
            reasons.append(Reason("reason.evaluation_outdated", params, "C16.1"))
        reasons += signing_reasons(run_id)
    if reasons:
        raise NotAllowed(*reasons)
    case = decide_case(op, run.case_id, seen_version, verdict, comment)
    op.record(
        Subject.EVALUATION,
        run_id,
        "C16.1",
        run.edition,
        period=run.period,
        revision=run.revision,
        verdict=str(verdict),
        inputs_hash=run.inputs_hash,
        **signed_for(case),
    )
    op.changed(Subject.TIERS)
    return case.outcome
