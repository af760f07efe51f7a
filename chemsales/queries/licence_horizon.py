"""How many tonnes of next month's plan hang on papers that end, week by week (C15.1)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from chemsales.queries.disqualification import cancelled
from chemsales.queries.offtake_lists import STANDING
from chemsales.queries.reading import query
from chemsales.rules.periods import Month, month_of, next_month
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows

WEEKS = 13
_SQL = f"""
    WITH kept AS (
      SELECT customer_id, kind, max(coalesce(valid_to, '9999-12-31')) AS until FROM licence
      WHERE accepted_on <= ? AND (valid_from IS NULL OR valid_from <= ?)
      GROUP BY customer_id, kind
    ), ends AS (SELECT customer_id, min(until) AS until FROM kept GROUP BY customer_id)
    SELECT e.until, count(DISTINCT n.customer_id), sum(n.kg) FROM plan_line n
    JOIN ends e ON e.customer_id = n.customer_id
    WHERE n.month = ? AND n.batch_id IN {STANDING} AND e.until < ?
    AND NOT {cancelled("n.customer_id", "?")}
    GROUP BY e.until"""


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
    after; a customer counts where its paper that ends first does."""
    month, end = next_month(month_of(day)), day + timedelta(weeks=WEEKS)
    text = day.isoformat()
    customers, kilograms = Counter[int](), Counter[int]()
    for until, count, kg in rows(_SQL, (text, text, month, end.isoformat(), text)):
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
