"""Level runs and evaluations as documents: their frozen inputs, and the results that are stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chemsales.queries.calendar import load_calendar
from chemsales.queries.closing import entering, frozen_gate, gate_scores_of, zero_months
from chemsales.queries.evaluation import SELECT, load_evaluations
from chemsales.queries.evaluation_inputs import frozen_calendar
from chemsales.queries.evaluation_reports import sheets_of
from chemsales.queries.policy import load_edition_number
from chemsales.queries.reading import query
from chemsales.rules import recomputing
from chemsales.rules.accreditation import digest
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.periods import Month, Period, month_days
from chemsales.rules.policy import Policy
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import canonical_json

if TYPE_CHECKING:
    from chemsales.reports.evaluation_data import Sheet


@dataclass(frozen=True, slots=True)
class Recomputation:
    """A run beside itself: `document` holds the frozen inputs as `chemsales calc` takes them,
    `stored` and `again` the canonical JSON of what is stored and of what comes out of them now.

    `frozen` is False for a run of a program that did not freeze all of its inputs yet: what lacks
    was read from the records of today.
    """

    kind: str
    title: str
    revision: int
    edition: int
    document: Mapping[str, Any]
    stored: str
    again: str
    frozen: bool

    @property
    def same(self) -> bool:
        """Whether the same comes out."""
        return self.stored == self.again

    @property
    def differing(self) -> tuple[str, ...]:
        """The customers for whom something else comes out."""
        sides = [json.loads(text)["results"] for text in (self.stored, self.again)]
        return tuple(str(one["customer"]) for one, two in zip(*sides, strict=True) if one != two)


_KINDS = {"closing": recomputing.closing, "evaluation": recomputing.evaluation}


def recomputed(kind: str, document: Mapping[str, Any], policy: Policy) -> str:
    """The canonical result of a document: what `chemsales calc` prints of it."""
    shared = {key: document[key] for key in recomputing.SHARED if key in document}
    results = [_KINDS[kind]({**shared, **case}, policy) for case in document["cases"]]
    return canonical_json({"kind": kind, "results": results})


@query()
def closing(actor: Actor, month: Month, revision: int = 0) -> Recomputation:
    """A month's standing closing, or one of its revisions, computed again; NotFound."""
    found = rows(
        "SELECT id, revision FROM closing WHERE month = ? AND (revision = ? OR (? = 0 AND "
        "active = 1))",
        (month, revision, revision),
    )
    if not found:
        raise NotFound(Reason("reason.month_not_closed", {"month": month}, "C9.2"))
    return load_closing(found[0][0])


def load_closing(closing_id: int) -> Recomputation:
    """One closing computed again (inside queries)."""
    month, revision, number, text = rows(
        "SELECT month, revision, edition, inputs FROM closing WHERE id = ?", (closing_id,)
    )[0]
    inputs = json.loads(text)
    held = inputs.get("customers")
    gate = held or _gate_of_today(month, number, inputs)
    cases, stored = [], []
    for key, code, kg, level, form, level_after, form_after, outcome, reasons in rows(
        "SELECT r.customer_id, c.code, r.kg, r.level_before, r.form_before, r.level_after, "
        "r.form_after, r.outcome, r.reasons FROM tier_result r "
        "JOIN customer c ON c.id = r.customer_id WHERE r.closing_id = ? ORDER BY c.code",
        (closing_id,),
    ):
        own, since = str(key), gate["since"].get(str(key), "")
        cases.append({
            "customer": code, "kg": kg, "level": level, "form": form,
            "customer_class": "direct" if key in gate["direct"] else "dealer",
            "score": gate["scores"].get(own), "zero_months": gate["zero_months"].get(own, 0),
            **({"suspended": True} if key in gate.get("suspended", ()) else {}),
            "missed": [g for g in inputs["gaps"] if since <= month_days(g)[1].isoformat()],
        })  # fmt: skip
        stored.append({
            "customer": code, "kg": kg, "before": [level, form],
            "after": [level_after, form_after], "outcome": outcome, "reasons": json.loads(reasons),
        })  # fmt: skip
    policy = load_edition_number(number).policy
    document = {
        "kind": "closing", "month": month, "revision": revision, "edition": number,
        "parameters": policy.as_parameters(), "cases": cases,
    }  # fmt: skip
    return _beside("closing", month, document, stored, policy, held is not None)


def _gate_of_today(month: Month, number: int, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a closing did not freeze yet, read as it stands."""
    policy = load_edition_number(number).policy
    scores = gate_scores_of(inputs["evaluation_runs"])
    return frozen_gate(entering(month), scores, zero_months(month, policy), bool(inputs["gaps"]))


@query()
def evaluation(actor: Actor, period: str, revision: int = 0) -> Recomputation:
    """A period's standing run, or one of its revisions, computed again; NotFound."""
    found = rows(
        "SELECT id FROM evaluation_run WHERE period = ? AND (revision = ? OR (? = 0 AND "
        "active = 1))",
        (str(Period.parse(period)), revision, revision),
    )
    if not found:
        raise NotFound(Reason("reason.period_not_evaluated", {"period": period}, "C16.1"))
    return load_evaluation(found[0][0])


def load_evaluation(run_id: int) -> Recomputation:
    """One evaluation run computed again (inside queries)."""
    period, revision, number, text = rows(
        "SELECT period, revision, edition, inputs FROM evaluation_run WHERE id = ?", (run_id,)
    )[0]
    held = json.loads(text).get("calendar")
    calendar = held or frozen_calendar(Period.parse(period), load_calendar())
    cases, stored = [], []
    for group, kind, score, grade, weight, indicators, inputs in rows(
        "SELECT group_code, customer_class, score, grade, available_weight, indicators, inputs "
        "FROM evaluation WHERE run_id = ? ORDER BY id",
        (run_id,),
    ):
        given, made = json.loads(inputs), json.loads(indicators)
        cases.append({**given, "group": group, "previous_score": made["previous_score"]})
        stored.append({
            "customer": given["customer"]["code"], "group": group, "customer_class": kind,
            "score": score, "grade": grade, "available_weight": weight, "indicators": made,
        })  # fmt: skip
    policy = load_edition_number(number).policy
    document = {
        "kind": "evaluation", "period": period, "revision": revision, "edition": number,
        "parameters": policy.as_parameters(), "calendar": calendar, "cases": cases,
    }  # fmt: skip
    return _beside("evaluation", period, document, stored, policy, held is not None)


def evaluated(run_id: int) -> list[tuple[Any, ...]]:
    """The rows of a run that its digest is over, in their order."""
    return rows(f"SELECT {SELECT} FROM evaluation e WHERE e.run_id = ? ORDER BY e.id", (run_id,))


def signing_reasons(run_id: int) -> tuple[Reason, ...]:
    """Why the results of a run are none to approve: they are not those that were computed, or do
    not follow from their frozen inputs (C16.1)."""
    made = rows("SELECT results_digest FROM evaluation_run WHERE id = ?", (run_id,))[0][0]
    if digest([list(row) for row in evaluated(run_id)]) != made:
        return (Reason("reason.evaluation_altered", {}, "C16.1"),)
    again = load_evaluation(run_id)
    if again.frozen and again.differing:
        return (Reason("reason.evaluation_differs", {}, "C16.1"),)
    return ()


def _beside(
    kind: str,
    title: str,
    document: Mapping[str, Any],
    stored: list[dict[str, Any]],
    policy: Policy,
    frozen: bool,
) -> Recomputation:
    return Recomputation(
        kind, title, document["revision"], document["edition"], document,
        canonical_json({"kind": kind, "results": stored}), recomputed(kind, document, policy),
        frozen,
    )  # fmt: skip


@query(Action.REPORT_PRINT)
def evaluation_sheets(actor: Actor, found: Recomputation) -> tuple[list[Sheet], list[Sheet]]:
    """The sheets of a run out of what is stored, and out of what was computed again: their PDFs are
    the same bytes where nothing differs."""
    run_id = rows(
        "SELECT id FROM evaluation_run WHERE period = ? AND revision = ?",
        (found.title, found.revision),
    )[0][0]
    again = json.loads(found.again)["results"]
    return (
        sheets_of(run_id, load_evaluations(run_id)),
        sheets_of(run_id, load_evaluations(run_id, again)),
    )
