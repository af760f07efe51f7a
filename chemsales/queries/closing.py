"""What a closing computes: every polyolefin customer's level out of the stored rows (C9.2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chemsales.queries.licences import suspended_days
from chemsales.queries.policy import load_edition_number
from chemsales.queries.reading import query
from chemsales.queries.tiers import gaps_before
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.errors import ChemsalesError, NotFound, Problem, Reason
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.periods import Month, Period, month_days
from chemsales.rules.policy import Edition, Policy
from chemsales.rules.roles import Actor
from chemsales.rules.tiers import Level, TierOutcome, TierState, missed_months, next_level
from chemsales.storage.database import rows
from chemsales.storage.fields import canonical_json
from chemsales.words import label

# customer, kg, level and form before, level and form after, outcome, reasons as canonical JSON; in
# plain texts, which the driver takes in at once, while it looks for an adapter of each enum
ResultRow = tuple[int, int, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Computation:
    """The results of a month in order of customers, and the keys of the rows that they rest on."""

    results: list[ResultRow]
    previous_closing: int | None
    gaps: tuple[Month, ...]
    batches: tuple[int, ...]
    evaluation_runs: tuple[int, ...]
    customers: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """The SHA-256 of the results."""
        return results_digest(self.results)

    def inputs(self) -> dict[str, object]:
        """What the results rest on, JSON-able: the form that a closing stores."""
        return {
            "previous_closing": self.previous_closing,
            "gaps": list(self.gaps),
            "batches": list(self.batches),
            "evaluation_runs": list(self.evaluation_runs),
            "customers": self.customers,
        }


def compute(
    month: Month, edition: Edition, runs: Sequence[int] | None = None, suspends: bool = True
) -> Computation:
    """What closing `month` by this edition comes to, as everything stands (A.X 1-8, A.X 12).

    The gate reads the scores of these evaluation runs, the first that evaluates the customer: those
    that a closing rested on where it is computed again, by default the latest approved ones, in
    which a customer without a score counts as not evaluated (A.X 6). Months
    without a closing since the one before leave the level, and the customer's reasons name them
    (A.X 7). `suspends` is False of a closing of a program that did not ask for suspensions yet.
    """
    policy = edition.policy
    previous, customers = _customers(month)
    gaps = [gap for gap in gaps_before(month) if previous is None or gap > previous[1]]
    ends = [(gap, month_days(gap)[1].isoformat()) for gap in gaps]
    taken = _taken(month)
    scores, used = gate_scores(month) if runs is None else _scores(runs)
    zeros = zero_months(month, policy)
    stopped = suspended_days([month])[month] if suspends else {}
    results: list[ResultRow] = []
    for customer_id, since, level, form, customer_class in customers:
        state = TierState(level, form)
        kg = taken.get(customer_id, 0)
        step = next_level(
            state, customer_class, month, kg, scores.get(customer_id), policy,
            zeros.get(customer_id, 0), customer_id in stopped,
        )  # fmt: skip
        reasons = step.reasons
        if ends:
            missed = (gap for gap, last in ends if since <= last)
            reasons = (*missed_months(state, customer_class, missed, policy), *reasons)
        said = canonical_json([reason.as_dict() for reason in reasons])
        before, after = (level.value, form.value), (step.level.value, step.form.value)
        results.append((customer_id, kg, *before, *after, step.outcome.value, said))
    gate = frozen_gate(customers, scores, zeros, bool(gaps))
    if suspends:
        gate["suspended"] = sorted(stopped.keys() & {each[0] for each in customers})
    return Computation(
        results, previous and previous[0], tuple(gaps), _batches(month), tuple(used), gate
    )


def frozen_gate(
    customers: Iterable[Entering],
    scores: Mapping[int, Decimal],
    zeros: Mapping[int, int],
    gaps: bool,
) -> dict[str, Any]:
    """What a closing knew of each customer beside its take and its level before, JSON-able: who is
    direct (the others deal), the gate's scores, the months without take, and, where months before
    were never closed, since when each customer is there."""
    held = list(customers)
    keys = {each[0] for each in held}
    return {
        "direct": [each[0] for each in held if each[4] is CustomerClass.DIRECT],
        "scores": {str(key): str(score) for key, score in sorted(scores.items()) if key in keys},
        "zero_months": {str(key): count for key, count in sorted(zeros.items()) if key in keys},
        "since": {str(each[0]): each[1] for each in held} if gaps else {},
    }


_TIER_PARAMETERS = ("level_", "fall_", "auction_")
_LEVEL = {str(level): level for level in Level}
_FORM = {str(form): form for form in SalesForm}
# a dealer of one polyolefin group is not pinned by being a direct customer of another
_DIRECT = """
SELECT c.customer_id FROM customer_class c
JOIN product_group g ON g.code = c.group_code AND g.polyolefin = 1
WHERE c.from_day <= ? AND (c.to_day IS NULL OR c.to_day >= ?)
GROUP BY c.customer_id
HAVING min(CASE c.customer_class WHEN 'direct' THEN 1 ELSE 0 END) = 1
"""
_STATES = """
SELECT s.customer_id, s.from_day, coalesce(r.level_after, s.level), coalesce(r.form_after, s.form)
FROM tier_start s
LEFT JOIN tier_result r ON r.closing_id = ? AND r.customer_id = s.customer_id
WHERE s.from_day <= ? AND s.customer_id IN (
  SELECT c.customer_id FROM customer_class c
  JOIN product_group g ON g.code = c.group_code AND g.polyolefin = 1
  WHERE c.from_day <= ? AND (c.to_day IS NULL OR c.to_day >= ?))
ORDER BY s.customer_id
"""
_STANDING = "(SELECT id FROM import_batch WHERE undone_at IS NULL)"
_TAKEN = f"""
SELECT p.customer_id, sum(p.kg) FROM pickup p
WHERE p.month = ?
  AND p.product_code IN (SELECT d.code FROM product d JOIN product_group g
                         ON g.code = d.group_code AND g.polyolefin = 1)
  AND p.batch_id IN {_STANDING}
GROUP BY p.customer_id
"""

Entering = tuple[int, str, Level, SalesForm, CustomerClass]


def _customers(month: Month) -> tuple[tuple[int, Month] | None, list[Entering]]:
    """The standing closing before `month` (its key and month), and every polyolefin customer as it
    enters the month: since when, level and form, and the class of the month's last day."""
    last = month_days(month)[1].isoformat()
    found = rows(
        "SELECT id, month FROM closing WHERE active = 1 AND month < ? ORDER BY month DESC LIMIT 1",
        (month,),
    )
    previous = (int(found[0][0]), str(found[0][1])) if found else None
    pinned = {customer_id for (customer_id,) in rows(_DIRECT, (last, last))}
    dealer, direct = CustomerClass.DEALER, CustomerClass.DIRECT
    customers = [
        (key, since, _LEVEL[level], _FORM[form], direct if key in pinned else dealer)
        for key, since, level, form in rows(
            _STATES, (previous[0] if previous else 0, last, last, last)
        )
    ]
    return previous, customers


def _taken(month: Month) -> dict[int, int]:
    """The kilograms of each customer: weighed pick-ups net of returns, polyolefins of all grades,
    of the imports that stand (A.X 3)."""
    return {customer_id: int(kg) for customer_id, kg in rows(_TAKEN, (month,))}


def _batches(month: Month) -> tuple[int, ...]:
    """The standing imports that have pick-ups in the month."""
    found = rows(
        "SELECT id FROM import_batch WHERE kind = 'pickups' AND undone_at IS NULL "
        "AND months LIKE ? ORDER BY id",
        (f"%{month}%",),
    )
    return tuple(int(batch) for (batch,) in found)


def gate_runs(month: Month) -> list[int]:
    """The approved evaluation runs of periods that ended before `month`, the latest period first;
    of a period the latest approved revision alone (A.X 6)."""
    latest = {
        str(period): int(run_id)
        for run_id, period in rows(
            "SELECT r.id, r.period FROM evaluation_run r "
            "JOIN approval_case c ON c.id = r.case_id WHERE c.outcome = 'approved' "
            "ORDER BY r.revision"
        )
    }
    first = month_days(month)[0]
    ended = [
        (Period.parse(period).last_day, run_id)
        for period, run_id in latest.items()
        if Period.parse(period).last_day < first
    ]
    return [run_id for _last, run_id in sorted(ended, reverse=True)]


def _scores(runs: Iterable[int]) -> tuple[dict[int, Decimal], list[int]]:
    """Each customer's score of its polyolefins in the first of the runs that evaluates it (the
    lowest of several groups; none where that run has too little data for a score), and the runs
    that were the first for anybody."""
    evaluated: set[int] = set()
    scores: dict[int, Decimal] = {}
    used = []
    for run_id in runs:
        fresh = [
            (customer_id, stored)
            for customer_id, stored in rows(
                "SELECT e.customer_id, e.score FROM evaluation e JOIN product_group g "
                "ON g.code = e.group_code AND g.polyolefin = 1 WHERE e.run_id = ?",
                (run_id,),
            )
            if customer_id not in evaluated
        ]
        for customer_id, stored in fresh:
            evaluated.add(customer_id)
            if stored is not None:
                score = Decimal(stored)
                scores[customer_id] = min(scores.get(customer_id, score), score)
        if fresh:
            used.append(run_id)
    return scores, used


def entering(month: Month) -> list[Entering]:
    """Every polyolefin customer as it enters a month."""
    return _customers(month)[1]


def gate_scores_of(runs: Iterable[int]) -> dict[int, Decimal]:
    """The scores that the gate takes from these evaluation runs, the latest first."""
    return _scores(runs)[0]


def gate_scores(month: Month) -> tuple[dict[int, Decimal], list[int]]:
    """The score of each customer's polyolefins in its latest approved evaluation before `month`
    begins (A.X 6), and the runs they were taken from.

    A customer without an approved evaluation, or whose latest one has too little data for a score,
    is not in the mapping: it counts as not evaluated, an older score does not gate it.
    """
    return _scores(gate_runs(month))


def zero_months(month: Month, policy: Policy) -> Mapping[int, int]:
    """The closed months without take right before `month`, by customer, where the policy asks for
    them; a month that is not closed or counts as missing neither counts nor ends the count (A.X 4,
    7, 12)."""
    if policy.auction_return_after_zero_months is None:
        return {}
    found = rows(
        "WITH seen AS (SELECT r.customer_id, r.month, r.kg, r.outcome FROM tier_result r "
        "JOIN closing c ON c.id = r.closing_id WHERE c.active = 1 AND c.month < ?), "
        "took AS (SELECT customer_id, max(month) AS month FROM seen WHERE kg > 0 "
        "GROUP BY customer_id) "
        "SELECT s.customer_id, count(*) FROM seen s "
        "LEFT JOIN took t ON t.customer_id = s.customer_id "
        "WHERE (t.month IS NULL OR s.month > t.month) AND s.outcome <> ? GROUP BY s.customer_id",
        (month, TierOutcome.MISSING),
    )
    return {customer_id: int(count) for customer_id, count in found}


def results_digest(results: Iterable[Sequence[object]]) -> str:
    """The SHA-256 of a closing's results in order of customers, each a ResultRow."""
    digest = hashlib.sha256()
    for row in results:
        digest.update("\x1f".join(map(str, row)).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def stored_digest(closing_id: int) -> str:
    """`results_digest` of what the tables hold of a closing."""
    return results_digest(
        rows(
            "SELECT customer_id, kg, level_before, form_before, level_after, form_after, outcome, "
            "reasons FROM tier_result WHERE closing_id = ? ORDER BY customer_id",
            (closing_id,),
        )
    )


@query()
def calc_document(actor: Actor, month: Month) -> dict[str, Any]:
    """The inputs of a month's standing closing in the form that `chemsales calc tier` recomputes.

    `expect` is what the closing says; the parameters are those of its rule edition. NotFound where
    the month is not closed.
    """
    found = rows(
        "SELECT id, revision, edition, inputs FROM closing WHERE active = 1 AND month = ?", (month,)
    )
    if not found:
        raise NotFound(Reason("reason.month_not_closed", {"month": month}, "C9.2"))
    closing_id, revision, number, inputs = found[0]
    parameters = load_edition_number(number).policy.as_parameters()
    reading = "one_step" if parameters["level_move"] == "one_step" else "direct_mapping"
    rested = json.loads(inputs)
    scores, _used = _scores(rested["evaluation_runs"])
    stopped = rested.get("customers", {}).get("suspended", ())
    classes = {entering[0]: str(entering[4]) for entering in _customers(month)[1]}
    cases = [
        {
            "id": f"{month} {code}",
            "source": f"revision {revision}, edition {number}",
            "start_level": before,
            "customer_kind": classes[key],
            "first_month": month,
            "monthly_tonnes": [format_tonnes(kg, grouping=False)],
            "evaluation_scores": [str(scores[key]) if key in scores else None],
            "suspended": [key in stopped],
            "expect": {reading: [label(Level(after))]},
        }
        for key, code, kg, before, after in rows(
            "SELECT r.customer_id, c.code, r.kg, r.level_before, r.level_after FROM tier_result r "
            "JOIN customer c ON c.id = r.customer_id WHERE r.closing_id = ? ORDER BY c.code",
            (closing_id,),
        )
    ]
    wanted = {name: parameters[name] for name in parameters if name.startswith(_TIER_PARAMETERS)}
    return {"kind": "tier", "parameters": wanted, "cases": cases}


def problems() -> Iterator[Problem]:
    """What is wrong with the closings: results that are not those that were computed, and, of the
    standing ones, those that the stored pick-ups, classes and evaluations do not lead to (C9.2)."""
    for closing_id, month, number, digest, inputs, active in rows(
        "SELECT id, month, edition, results_digest, inputs, active FROM closing ORDER BY month, id"
    ):
        place = f"closing {closing_id}"
        others = "SELECT 1 FROM tier_result WHERE closing_id = ? AND month <> ?"
        if stored_digest(closing_id) != digest or rows(others, (closing_id, month)):
            yield Problem(place, Reason("reason.closing_altered", {"month": month}, "C9.2"))
        if active and recomputed_digest(month, number, inputs) != digest:
            yield Problem(place, Reason("reason.closing_differs", {"month": month}, "C9.2"))


def recomputed_digest(month: Month, edition: int, inputs: str) -> str:
    """The digest of a closing computed again; "" where its edition is gone."""
    try:
        rested = json.loads(inputs)
        suspends = "suspended" in rested.get("customers", ())
        runs = rested["evaluation_runs"]
        return compute(month, load_edition_number(edition), runs, suspends).digest
    except ChemsalesError:
        return ""
