"""Closing and reopening months: the level of every polyolefin customer (C9.2, C9.3, A.X 1-8)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from chemsales.queries import closing, tiers
from chemsales.queries.closing import Computation
from chemsales.queries.policy import load_edition, load_edition_number
from chemsales.rules.errors import Invalid, NotAllowed, Problem, Reason
from chemsales.rules.periods import Month, month_days
from chemsales.rules.policy import Edition
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_text
from chemsales.rules.tiers import TierOutcome
from chemsales.services.changes import Subject
from chemsales.services.offtake import REASON_LIMIT, lock_months
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import insert_rows, rows
from chemsales.storage.models.tiers import Closing

RESULT = (
    "closing_id", "month", "customer_id", "kg", "level_before", "form_before", "level_after",
    "form_after", "outcome", "reasons",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClosingSummary:
    """What a closing did: customers by outcome, the months before it that are not closed (A.X 7),
    and the later months that were computed again."""

    month: Month
    revision: int
    edition: int
    customers: int
    outcomes: tuple[tuple[TierOutcome, int], ...]
    gaps: tuple[Month, ...]
    recomputed: tuple[Month, ...]


@use_case(Action.MONTH_CLOSE)
def close_month(op: Operation, month: Month) -> ClosingSummary:
    """Close a month: compute every polyolefin customer's level and, where later months are closed,
    theirs again, each by its own rule edition.

    A month that was closed before keeps the edition of its first closing. NotAllowed before the
    month has ended, when it is closed, or when nothing was imported for it.
    """
    lock_months()
    reasons = tiers.closing_reasons(month, op.today)
    if reasons:
        raise NotAllowed(*reasons)
    edition = _own_edition(month)
    computed = closing.compute(month, edition)
    revision = _store(op, month, edition.number, computed)
    recomputed = _recompute_after(op, month)
    outcomes = Counter(TierOutcome(row[6]) for row in computed.results)
    counted = tuple((outcome, outcomes[outcome]) for outcome in TierOutcome if outcomes[outcome])
    gaps = tuple(tiers.gaps_before(month))
    customers = len(computed.results)
    said = [Reason("reason.month_closed", {"month": month, "customers": customers}, "C9.2")]
    said += [Reason("reason.month_gap", {"month": month, "gap": gap}, "C9.2") for gap in gaps]
    said += tiers.closing_warnings(month)
    op.record(
        Subject.TIERS, month, "C9.2", edition.number, tuple(said),
        revision=revision, recomputed=list(recomputed), outcomes=dict(counted),
    )  # fmt: skip
    op.changed(Subject.CUSTOMER, Subject.OFFTAKE)
    return ClosingSummary(month, revision, edition.number, customers, counted, gaps, recomputed)


@use_case(Action.MONTH_REOPEN)
def reopen_month(op: Operation, month: Month, reason: str) -> tuple[Month, ...]:
    """Reopen a closed month, with the reason in words; later closed months are computed again as if
    it were missing (A.X 7). Returns the months that were stored anew.

    NotAllowed when the month is not closed, Invalid without a reason.
    """
    lock_months()
    reasons = tiers.reopening_reasons(month)
    if reasons:
        raise NotAllowed(*reasons)
    why = clean_text(reason, "reason", REASON_LIMIT)
    if not why:
        raise Invalid(Problem("reason", Reason("reason.reason_required", {}, "C9.2")))
    edition = _own_edition(month)
    _end(op, month, why)
    recomputed = _recompute_after(op, month)
    said = Reason("reason.month_reopened", {"month": month, "why": why}, "C9.2")
    op.record(Subject.TIERS, month, "C9.2", edition.number, (said,), recomputed=list(recomputed))
    op.changed(Subject.CUSTOMER, Subject.OFFTAKE)
    return recomputed


def _own_edition(month: Month) -> Edition:
    """The edition that a month is computed by: that of its first closing (a closed month keeps its
    parameters), else the one in force on its last day."""
    found = rows("SELECT edition FROM closing WHERE month = ? ORDER BY revision LIMIT 1", (month,))
    if found:
        return load_edition_number(found[0][0])
    return load_edition(month_days(month)[1])


def _store(op: Operation, month: Month, edition: int, computed: Computation) -> int:
    """Write a closing with its results as the next revision of the month; the revision."""
    last = rows("SELECT coalesce(max(revision), 0) FROM closing WHERE month = ?", (month,))
    revision = int(last[0][0]) + 1
    closing_id = Closing.insert(
        month=month, revision=revision, edition=edition, closed_by=op.actor.login,
        closed_at=op.now, inputs=computed.inputs(), results_digest=computed.digest,
    ).execute()  # fmt: skip
    insert_rows("tier_result", RESULT, [(closing_id, month, *row) for row in computed.results])
    return revision


def _end(op: Operation, month: Month, why: str = "") -> None:
    """End the standing closing of a month; its rows stay as history."""
    ended = {"active": False, "ended_by": op.actor.login, "ended_at": op.now, "end_reason": why}
    Closing.update(ended).where(Closing.month == month, Closing.active == 1).execute()


def _recompute_after(op: Operation, month: Month) -> tuple[Month, ...]:
    """Compute the later closed months again, each by its own edition and on the evaluations that it
    rested on; those whose results differ, which are stored anew."""
    changed = []
    for later, number, digest, inputs in rows(
        "SELECT month, edition, results_digest, inputs FROM closing "
        "WHERE active = 1 AND month > ? ORDER BY month",
        (month,),
    ):
        runs = json.loads(inputs)["evaluation_runs"]
        computed = closing.compute(later, load_edition_number(number), runs)
        if computed.digest != digest:
            _end(op, later)
            _store(op, later, number, computed)
            changed.append(later)
    return tuple(changed)
