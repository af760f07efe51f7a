"""The customers beside whom the last stage sees what an application asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chemsales.queries.applications import load_application
from chemsales.queries.customers import LEVEL_NOW, LEVELS
from chemsales.queries.offtake_lists import STANDING
from chemsales.queries.reading import query
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.evaluation import Grade
from chemsales.rules.periods import Month, month_of, previous_month
from chemsales.rules.review import median_kg, unusual_quantity
from chemsales.rules.roles import Actor
from chemsales.rules.tiers import Level
from chemsales.storage.database import rows

MONTHS = 3  # finished months that the take is the mean of
NEAREST = 3  # peers that are named


@dataclass(frozen=True, slots=True)
class Peer:
    """A customer of the same class: its mean take in kilograms a month over the last three finished
    months, its level (None outside the polyolefins) and its last signed grade (None: none)."""

    customer_id: int
    name: str
    monthly_kg: int
    level: Level | None
    grade: Grade | None


@dataclass(frozen=True, slots=True)
class Peers:
    """What is asked for in one product group beside the customers of that class there; of its
    `region` alone where there are any ("": of all regions). `nearest` stand nearest to it by take.
    """

    group_code: str
    customer_class: CustomerClass
    region: str
    asked_kg: int
    count: int
    median_kg: int
    nearest: tuple[Peer, ...]
    unusual: bool


@query()
def peers(actor: Actor, application_id: int, today: date) -> tuple[Peers, ...]:
    """The peers of each class that an application asks for; two statements a class."""
    stored = load_application(application_id)
    last = previous_month(month_of(today))
    first = last
    for _turn in range(MONTHS - 1):
        first = previous_month(first)
    return tuple(_peers(asked, first, last) for asked in stored.draft.classes)


def _peers(asked: ClassRequest, first: Month, last: Month) -> Peers:
    found = rows(
        "WITH taken (customer_id, kg) AS (SELECT k.customer_id, sum(k.kg) FROM pickup k "
        f"JOIN product d ON d.code = k.product_code WHERE k.batch_id IN {STANDING} "
        "AND d.group_code = ? AND k.month BETWEEN ? AND ? GROUP BY k.customer_id) "
        "SELECT c.id, c.name, q.region, coalesce(k.kg, 0), "
        f"CASE g.polyolefin WHEN 1 THEN {LEVEL_NOW} END "
        "FROM customer_class q JOIN customer c ON c.id = q.customer_id "
        "JOIN product_group g ON g.code = q.group_code "
        f"LEFT JOIN taken k ON k.customer_id = c.id {LEVELS}"
        "WHERE q.group_code = ? AND q.customer_class = ? AND q.to_day IS NULL "
        "AND c.status = 'accredited' ORDER BY c.id",
        (asked.group_code, first, last, asked.group_code, str(asked.customer_class)),
    )
    near = [row for row in found if asked.region and row[2] == asked.region]
    taken = sorted(
        ((int(kg) // MONTHS, key, name, level) for key, name, _region, kg, level in near or found),
        key=lambda row: (abs(row[0] - asked.monthly_kg), row[1]),
    )
    grades = _grades([row[1] for row in taken[:NEAREST]], asked.group_code)
    monthly = [row[0] for row in taken]
    return Peers(
        asked.group_code,
        asked.customer_class,
        asked.region if near else "",
        asked.monthly_kg,
        len(taken),
        median_kg(monthly),
        tuple(
            Peer(key, name, kg, Level(level) if level else None, grades.get(key))
            for kg, key, name, level in taken[:NEAREST]
        ),
        unusual_quantity(asked.monthly_kg, monthly),
    )


def _grades(keys: list[int], group: str) -> dict[int, Grade]:
    """The grade of each of these customers in the last evaluation that was signed."""
    if not keys:
        return {}
    return {
        key: Grade(grade)
        for key, grade in rows(
            "SELECT e.customer_id, e.grade FROM evaluation e "
            "JOIN evaluation_run n ON n.id = e.run_id AND n.active = 1 "
            "JOIN approval_case a ON a.id = n.case_id AND a.outcome = 'approved' "
            f"WHERE e.group_code = ? AND e.customer_id IN ({', '.join('?' * len(keys))}) "
            "ORDER BY n.computed_at, n.id",
            (group, *keys),
        )
    }
