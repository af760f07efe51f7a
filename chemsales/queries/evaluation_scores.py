"""The scores of a run as a list, and how many have each grade."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

from chemsales.queries.evaluation import SELECT, EvaluationRow, evaluation_of
from chemsales.queries.filtering import Kind, Sort
from chemsales.queries.listing import Field, Listing
from chemsales.queries.naming import customer_name
from chemsales.queries.reading import query
from chemsales.queries.searching import customers_with
from chemsales.rules.classification import CustomerClass
from chemsales.rules.evaluation import Grade
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows


def _scores(found: list[tuple[Any, ...]]) -> list[EvaluationRow]:
    return [evaluation_of(row) for row in found]


_SCORE = "CAST(e.score AS NUMERIC)"


@lru_cache(maxsize=100)
def scores_of(run_id: int) -> Listing[EvaluationRow]:
    """The list of the scores of a run, in the order in which they were computed and are printed."""
    return Listing(
        name="scores",
        source="FROM evaluation e JOIN customer c ON c.id = e.customer_id "
        "JOIN product_group g ON g.code = e.group_code",
        key="e.id",
        select=SELECT,
        make=_scores,
        fields={
            "place": Field("e.id", Kind.NUMBER),
            "code": Field("c.code"),
            "name": customer_name("c"),
            "group": Field("g.name || ' ' || g.name_en || ' ' || g.code", sort="g.code"),
            "class": Field("e.customer_class", Kind.CHOICE, choices=tuple(map(str, CustomerClass))),
            # found as it is shown, sorted as it was computed
            "score": Field(f"round({_SCORE}, 2)", Kind.NUMBER, sort=_SCORE),
            "grade": Field("e.grade", Kind.CHOICE, choices=tuple(map(str, Grade))),
            "weight": Field("e.available_weight", Kind.NUMBER),
        },
        order=(Sort("place"),),
        finding=partial(customers_with, key="c.id"),
        where="e.run_id = ?",
        parameters=(run_id,),
    )


@query()
def grade_counts(actor: Actor, run_id: int) -> dict[Grade, int]:
    """How many scores of a run have each grade, the best first; grades without any left out."""
    found = dict(
        rows("SELECT grade, count(*) FROM evaluation WHERE run_id = ? GROUP BY grade", (run_id,))
    )
    return {grade: int(found[grade]) for grade in Grade if grade in found}
