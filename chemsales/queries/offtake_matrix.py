"""The matrix of tonnage: every customer that took something, and its tonnes month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from chemsales.queries.filtering import Kind, Sort
from chemsales.queries.listing import Field, Listing, whole
from chemsales.queries.naming import customer_name
from chemsales.queries.offtake_lists import STANDING
from chemsales.queries.searching import customers_with
from chemsales.rules.periods import Month
from chemsales.rules.roles import Actor
from chemsales.rules.tiers import Level


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A customer's net kilograms in each of the months asked for, in their order, and the level
    after the last of them (None where it is not closed)."""

    customer_id: int
    code: str
    name: str
    level: Level | None
    kg: tuple[int, ...]

    @property
    def total_kg(self) -> int:
        """All the months together."""
        return sum(self.kg)


def _matrix_rows(found: list[tuple[Any, ...]]) -> list[MatrixRow]:
    return [
        MatrixRow(key, code, name, Level(level) if level else None, tuple(map(int, kg)))
        for key, code, name, level, *kg in found
    ]


def month_field(back: int) -> str:
    """The column of a month in `matrix_of`, counted back from the last one: it keeps its name, and
    so its filters and its place, when other months are shown."""
    return f"back{back}"


@lru_cache(maxsize=100)
def matrix_of(months: tuple[Month, ...], group: str = "") -> Listing[MatrixRow]:
    """The list of the customers with pick-ups in these months (the earliest first, at least one),
    of all products or of one product group."""
    # the months, and the product group, stand once in a statement, as parameters
    marks = ", ".join(f"({at}, ?)" for at in range(len(months)))
    ctes = f"WITH wanted (place, month) AS (VALUES {marks})"
    given: tuple[object, ...] = months
    in_group = ""
    if group:
        ctes += ", chosen (code) AS (SELECT d.code FROM product d WHERE d.group_code = ?)"
        given = (*given, group)
        in_group = " AND k.product_code IN (SELECT code FROM chosen)"
    standing = f"k.batch_id IN {STANDING}{in_group}"
    every = f"k.month IN (SELECT month FROM wanted) AND {standing}"

    def taken(condition: str) -> str:
        return (
            "coalesce((SELECT sum(k.kg) FROM pickup k "
            f"WHERE {condition} AND k.customer_id = u.id), 0)"
        )

    def one(at: int) -> str:
        return taken(f"k.month = (SELECT month FROM wanted WHERE place = {at}) AND {standing}")

    last = len(months) - 1
    return Listing(
        name="matrix",
        ctes=ctes,
        given=given,
        source="FROM customer u LEFT JOIN closing c ON c.active = 1 "
        f"AND c.month = (SELECT month FROM wanted WHERE place = {last}) "
        "LEFT JOIN tier_result r ON r.closing_id = c.id AND r.customer_id = u.id",
        key="u.id",
        select="u.code, u.name, r.level_after, " + ", ".join(map(one, range(len(months)))),
        make=_matrix_rows,
        fields={
            "code": Field("u.code"),
            "name": customer_name("u"),
            "level": Field("r.level_after", Kind.CHOICE, choices=tuple(map(str, Level))),
            **{month_field(last - at): Field(one(at), Kind.KG) for at in range(len(months))},
            "total": Field(taken(every), Kind.KG),
        },
        order=(Sort("name"),),
        finding=partial(customers_with, key="u.id"),
        # one look into the index for most customers, where IN would gather every pick-up first
        where=f"EXISTS (SELECT 1 FROM pickup k WHERE {every} AND k.customer_id = u.id)",
    )


def matrix(actor: Actor, months: Sequence[Month], group: str = "") -> list[MatrixRow]:
    """The net kilograms of every customer in each of the months, by the names' sort key.

    With `group` only that product group's; a customer without any row in these months is left out.
    """
    return whole(actor, matrix_of(tuple(months), group)) if months else []
