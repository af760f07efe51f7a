"""How many tonnes of next month's plan hang on papers that end, week by week (C15.1)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from chemsales.queries.licence_states import stands
from chemsales.queries.offtake_lists import STANDING
from chemsales.queries.reading import query
from chemsales.rules.periods import Month, month_of, next_month
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows

WEEKS = 13


def _sql() -> str:
    return f"""
    WITH asked (day) AS (VALUES (CAST(? AS TEXT))), planned AS (
      SELECT customer_id, sum(kg) AS kg FROM plan_line
      WHERE month = ? AND batch_id IN {STANDING} GROUP BY customer_id
    ), ends AS (
      SELECT n.customer_id, min(l.valid_to) AS until, min(n.kg) AS kg FROM asked k
      CROSS JOIN planned n JOIN licence l ON l.customer_id = n.customer_id
      JOIN customer u ON u.id = l.customer_id LEFT JOIN approval_case c ON c.id = l.case_id
      WHERE {stands()} GROUP BY n.customer_id
    )
    SELECT until, count(*), sum(kg) FROM ends WHERE until < ? GROUP BY until"""


@dataclass(frozen=True, slots=True)
class HorizonRow:
    """One week from a day on, both days included (`first` None: all that ended before): of how many
    customers papers end in it, and the kilograms of their plans for the month."""

    week: int
    first: date | None
    last: date
    customers: int
    kg: int


@query()
def is_planned(actor: Actor, month: Month) -> bool:
    """Whether a plan for a month stands."""
    found = rows(
        f"SELECT 1 FROM plan_line WHERE month = ? AND batch_id IN {STANDING} LIMIT 1", (month,)
    )
    return bool(found)


@query()
def horizon(actor: Actor, day: date) -> tuple[HorizonRow, ...]:
    """What has ended before a day, then each of the WEEKS from it on, with the plans of the month
    after; a customer counts where the first of its papers ends that none continues."""
    month, end = next_month(month_of(day)), day + timedelta(weeks=WEEKS)
    text = day.isoformat()
    customers, kilograms = Counter[int](), Counter[int]()
    for until, count, kg in rows(_sql(), (text, month, end.isoformat())):
        left = (date.fromisoformat(until) - day).days
        week = 0 if left < 0 else left // 7 + 1
        customers[week] += count
        kilograms[week] += int(kg)
    return tuple(
        HorizonRow(
            week,
            day + timedelta(weeks=week - 1) if week else None,
            day + timedelta(days=7 * week - 1),
            customers[week],
            kilograms[week],
        )
        for week in range(WEEKS + 1)
    )
