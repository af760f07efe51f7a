"""Editions of the rule parameters: numbered, dated, never changed (C18.1, C20.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from chemsales.queries.policy import load_editions
from chemsales.rules.errors import Conflict, Invalid, Problem, Reason
from chemsales.rules.periods import month_of, next_month
from chemsales.rules.policy import Policy
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_text
from chemsales.services.changes import Subject
from chemsales.services.offtake import lock_months
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import rows
from chemsales.storage.models.policy import RuleEdition


@use_case(Action.POLICY_EDIT)
def add_edition(
    op: Operation,
    effective_from: date,
    parameters: Mapping[str, object],
    basis: str,
    seen_edition: int | None = None,
) -> int:
    """Add an edition in which `parameters` differ from the one before; its number.

    `seen_edition` is the newest one that was read; Conflict where there is a newer one by now.

    `basis` is the paper that decided it (a resolution, a notice). Invalid for a parameter that
    makes no sense, for a day that does not come after that of the edition before, and for a day in
    a closed month: what was computed keeps its parameters (C18.1).
    """
    lock_months()
    earlier = load_editions()
    if seen_edition is not None and earlier and earlier[-1].number != seen_edition:
        params = {"what": str(earlier[-1].number)}
        raise Conflict(Reason("reason.edition_newer", params, "C18.1"))
    problems = []
    if earlier and effective_from <= max(edition.effective_from for edition in earlier):
        params = {"day": max(edition.effective_from for edition in earlier).isoformat()}
        problems.append(Problem("effective_from", Reason("reason.edition_order", params, "C18.1")))
    closed = rows("SELECT max(month) FROM closing WHERE active = 1")[0][0]
    if closed and month_of(effective_from) < next_month(closed):
        reason = Reason("reason.edition_in_closed_month", {"month": closed}, "C18.1")
        problems.append(Problem("effective_from", reason))
    if not basis.strip():
        problems.append(Problem("basis", Reason("reason.text_missing", {}, "C19.1")))
    if problems:
        raise Invalid(*problems)
    before = earlier[-1].policy.as_parameters() if earlier else {}
    number = write_edition(op, effective_from, {**before, **parameters}, basis)
    day = effective_from.isoformat()
    op.record(Subject.POLICY, number, "C18.1", number, effective_from=day, basis=basis)
    return number


def write_edition(
    op: Operation, effective_from: date, parameters: Mapping[str, object], basis: str
) -> int:
    """Store the next edition, inside a use case; its number."""
    policy = Policy.from_parameters(parameters)
    number = int(rows("SELECT coalesce(max(number), 0) + 1 FROM rule_edition")[0][0])
    RuleEdition.insert(
        number=number,
        effective_from=effective_from,
        basis=clean_text(basis, "basis", 1000),
        parameters=policy.as_parameters(),
        decided_by=op.actor.login,
        decided_at=op.now,
    ).execute()
    return number
