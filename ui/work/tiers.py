"""What the page of tonnage and tiers asks of queries, off the window's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chemsales.queries import cooperation, offtake, tiers
from chemsales.queries.cooperation import RatingRow
from chemsales.queries.offtake import MatrixRow
from chemsales.rules.errors import Reason
from chemsales.rules.periods import Month, month_range, previous_month
from chemsales.rules.roles import Actor
from chemsales.rules.tiers import Level

MATRIX_MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """Everything that the page shows of one month."""

    month: Month
    levels: Mapping[int, Level]
    ratings: Sequence[RatingRow]
    months: Sequence[Month]
    matrix: Sequence[MatrixRow]
    close_blockers: tuple[Reason, ...]
    reopen_blockers: tuple[Reason, ...]


def month_facts(actor: Actor, month: Month, today: date) -> MonthFacts:
    """The month's levels and ratings, the twelve months that end with it, what may be done.

    Months before the first with any tonnage are left out of the twelve.
    """
    first = month
    for _number in range(MATRIX_MONTHS - 1):
        first = previous_month(first)
    known = min((row.month for row in offtake.months(actor)), default=month)
    months = month_range(max(first, min(known, month)), month)
    return MonthFacts(
        month,
        tiers.levels_after(actor, month),
        cooperation.ratings(actor, month),
        months,
        offtake.matrix(actor, months),
        tiers.close_blockers(actor, today, month),
        tiers.reopen_blockers(actor, month),
    )
