"""What the page of tonnage and tiers asks of queries, off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chemsales.queries import offtake, tiers
from chemsales.queries.cooperation import RatingState, in_state
from chemsales.queries.filtering import Request
from chemsales.rules.errors import Reason
from chemsales.rules.periods import Month, month_range, previous_month
from chemsales.rules.roles import Actor

MATRIX_MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """What the page says of one month beside its lists; `months` are those of the matrix."""

    month: Month
    months: tuple[Month, ...]
    close_blockers: tuple[Reason, ...]
    close_warnings: tuple[Reason, ...]
    reopen_blockers: tuple[Reason, ...]


def month_facts(actor: Actor, month: Month, today: date) -> MonthFacts:
    """The twelve months that end with this one, and what may be done with it.

    Months before the first with any tonnage are left out of the twelve.
    """
    first = month
    for _number in range(MATRIX_MONTHS - 1):
        first = previous_month(first)
    known = min((row.month for row in offtake.months(actor)), default=month)
    months = month_range(max(first, min(known, month)), month)
    return MonthFacts(
        month,
        tuple(months),
        tiers.close_blockers(actor, today, month),
        tiers.close_warnings(actor, month),
        tiers.reopen_blockers(actor, month),
    )


def ratings_asked(actor: Actor, state: RatingState) -> Request:
    """What the list of ratings is asked for those that this person has to see to: the own
    customers that are not rated, or everybody's that wait for confirmation."""
    return in_state(state, actor.login if state is RatingState.UNRATED else "")
