"""Closing and reopening months: the level of every polyolefin customer (C9.2, C9.3, A.X 1-8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chemsales.queries import policy as editions
from chemsales.queries import tiers as queries
from chemsales.rules.errors import Invalid, NotAllowed, Problem, Reason
from chemsales.rules.periods import Month, check_month, month_days
from chemsales.rules.policy import Edition
from chemsales.rules.roles import Action
from chemsales.rules.tiers import TierOutcome, TierState, next_level
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import execute, execute_many, rows
from chemsales.storage.fields import canonical_json
from chemsales.storage.models.tiers import Closing


@dataclass(frozen=True, slots=True)
class ClosingSummary:
    """What a closing did: customers by outcome, the gaps before it (A.X 7), and the later months that
    were computed again."""

    month: Month
    revision: int
    edition: int
    customers: int
    outcomes: tuple[tuple[TierOutcome, int], ...]
    gaps: tuple[Month, ...]
    recomputed: tuple[Month, ...]


ResultRow = tuple[int, int, str, str, str, str, str, str]


@use_case(Action.MONTH_CLOSE)
def close_month(op: Operation, month: Month) -> ClosingSummary:
    """Close a month: compute every polyolefin customer's level and, where later months are closed,
    theirs again, each by its own rule edition.

    A month that was closed before keeps the edition of its first closing. NotAllowed before the
    month has ended, when it is closed, or when nothing was imported for it.
    """
    reasons = queries.closing_reasons(month, op.today)
    if reasons:
        raise NotAllowed(*reasons)
    edition = _own_edition(month)
    results, inputs = _compute(month, edition)
    revision = _store(op, month, edition, results, inputs)
    recomputed = _recompute_after(op, month)
    outcomes = Counter(row[6] for row in results)
    counted = tuple((outcome, outcomes[outcome]) for outcome in TierOutcome if outcomes[outcome])
    gaps = tuple(queries.gaps_before(month))
    said = [Reason("reason.month_closed", {"month": month, "customers": len(results)}, "C9.2")]
    said += [Reason("reason.month_gap", {"month": month, "gap": gap}, "C9.2") for gap in gaps]
    op.record(
        Subject.TIERS, month, "C9.2", edition.number, tuple(said),
        revision=revision, recomputed=list(recomputed), **{str(k): v for k, v in counted},
    )  # fmt: skip
    op.changed(Subject.CUSTOMER, Subject.OFFTAKE)
    return ClosingSummary(month, revision, edition.number, len(results), counted, gaps, recomputed)


@use_case(Action.MONTH_REOPEN)
def reopen_month(op: Operation, month: Month, reason: str) -> tuple[Month, ...]:
    """Reopen a closed month, with the reason in words; later closed months are computed again as if
    it were missing (A.X 7). Returns the months whose levels changed."""
    reasons = queries.reopening_reasons(month)
    if reasons:
        raise NotAllowed(*reasons)
    if not reason.strip():
        raise Invalid(Problem("reason", Reason("reason.reason_required", {}, "C9.2")))
    edition = _own_edition(month)
    _end(op, month, reason.strip()[:500])
    recomputed = _recompute_after(op, month)
    said = Reason("reason.month_reopened", {"month": month, "why": reason.strip()[:500]}, "C9.2")
    op.record(Subject.TIERS, month, "C9.2", edition.number, (said,), recomputed=list(recomputed))
    op.changed(Subject.CUSTOMER, Subject.OFFTAKE)
    return recomputed


def _own_edition(month: Month) -> Edition:
    """The edition that a month is computed by: that of its first closing (a closed month keeps its
    parameters), else the one in force on its last day."""
    found = rows("SELECT edition FROM closing WHERE month = ? ORDER BY revision LIMIT 1", (month,))
    if found:
        return editions.load_edition_number(found[0][0])
    return editions.load_edition(month_days(month)[1])


def _compute(month: Month, edition: Edition) -> tuple[list[ResultRow], dict[str, object]]:
    """The results of a month in order of customers, and what they rest on."""
    check_month(month)
    previous, customers = queries.closing_inputs(month)
    scores, runs = queries.gate_scores(month)
    policy = edition.policy
    zeros = queries.zero_months(month, policy)
    results: list[ResultRow] = []
    for customer_id, level, form, customer_class, kg in customers:
        step = next_level(
            TierState(level, form), customer_class, month, kg, scores.get(customer_id), policy,
            zeros.get(customer_id, 0),
        )  # fmt: skip
        said = canonical_json([reason.as_dict() for reason in step.reasons])
        results.append((customer_id, kg, level, form, step.level, step.form, step.outcome, said))
    batches = rows(
        "SELECT DISTINCT batch_id FROM pickup WHERE month = ? AND batch_id IN "
        "(SELECT id FROM import_batch WHERE undone_at IS NULL) ORDER BY batch_id",
        (month,),
    )
    inputs: dict[str, object] = {
        "previous_closing": previous,
        "batches": [batch for (batch,) in batches],
        "evaluation_runs": runs,
        "gaps": queries.gaps_before(month),
    }
    return results, inputs


def _store(
    op: Operation,
    month: Month,
    edition: Edition,
    results: Sequence[ResultRow],
    inputs: dict[str, object],
) -> int:
    """Write a closing with its results as the next revision of the month; the revision."""
    last = rows("SELECT coalesce(max(revision), 0) FROM closing WHERE month = ?", (month,))
    revision = int(last[0][0]) + 1
    closing_id = Closing.insert(
        month=month, revision=revision, active=True, edition=edition.number,
        closed_by=op.actor.login, closed_at=op.now, inputs=inputs,
        results_digest=queries.results_digest(results),
    ).execute()  # fmt: skip
    execute_many(
        "INSERT INTO tier_result (closing_id, month, customer_id, kg, level_before, form_before, "
        "level_after, form_after, outcome, reasons) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(closing_id, month, *row) for row in results],
    )
    return revision


def _end(op: Operation, month: Month, why: str) -> None:
    """End the standing closing of a month; its rows stay as history."""
    at = Closing.ended_at.db_value(op.now)
    execute(
        "UPDATE closing SET active = 0, ended_by = ?, ended_at = ?, end_reason = ? "
        "WHERE month = ? AND active = 1",
        (op.actor.login, at, why, month),
    )


def _recompute_after(op: Operation, month: Month) -> tuple[Month, ...]:
    """Compute the later closed months again, each by its own edition, until one is unchanged."""
    later = rows(
        "SELECT month, edition, results_digest FROM closing WHERE active = 1 AND month > ? "
        "ORDER BY month",
        (month,),
    )
    changed = []
    for following, number, digest in later:
        edition = editions.load_edition_number(number)
        results, inputs = _compute(following, edition)
        if queries.results_digest(results) == digest:
            break
        _end(op, following, f"recomputed after {month}")
        _store(op, following, edition, results, inputs)
        changed.append(following)
    return tuple(changed)
