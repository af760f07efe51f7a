"""Lists as data: what a list shows, sorts, filters and sums, and the SQL that all of it becomes.

Names of columns come from the listing alone and values reach the database as parameters alone.
What is not known stands last in either direction, equal rows stand by their key, so that a list has
one order on every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Generic, TypeVar

from chemsales.queries.filtering import Condition, Filter, Kind, Request, Sort, read
from chemsales.queries.reading import reading
from chemsales.queries.searching import contains
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import is_sqlite, numbers, rows

R = TypeVar("R")
CHUNK = 1_000  # keys in one statement, below the limit of either engine


@dataclass(frozen=True, slots=True)
class Field:
    """A column that a list can be sorted, filtered and summed by.

    `sql` is its expression over the listing's source, `sort` another one to sort by (the stored key
    of a name), `choices` the stored values of a CHOICE in the order they sort in. Where a row has
    several values, `many` is FROM and WHERE of a sub-select in which `sql` stands for one of them:
    a filter lets the row through that has one such value (a negated one: that has none), and `sort`
    is needed. `within` (searching.by_name) is where a name is looked for as `name_key` has it, and
    `spelt` gives the condition that it is spelt as was typed, which finds it too.
    """

    sql: str
    kind: Kind = Kind.TEXT
    sort: str = ""
    choices: tuple[str, ...] = ()
    many: str = ""
    within: str = ""
    spelt: Callable[[str], tuple[str, list[object]]] | None = None

    def passes(self, wanted: Filter) -> tuple[str, list[object]]:
        """The condition that a filter asks of a row, with its parameters; Invalid."""
        condition = read(self.kind, wanted)
        if self.within and condition.texts:
            inside, parameters = condition.of_name().sql("name_key")
            sign = "NOT " if condition.negated else ""
            named = sign + self.within.format(name_key=inside)
            return self._spelt(condition, named, parameters)
        if not self.many:
            return condition.sql(self.sql)
        one = replace(condition, negated=False, empty=None if condition.empty is None else False)
        inside, parameters = one.sql(self.sql)
        sign = "NOT " if condition.negated or condition.empty else ""
        return f"{sign}EXISTS (SELECT 1 {self.many} AND {inside})", parameters

    def _spelt(
        self, condition: Condition, found: str, parameters: list[object]
    ) -> tuple[str, list[object]]:
        """The condition, with the names that are spelt so."""
        if self.spelt is None or condition.exact:
            return found, parameters
        also, values = self.spelt(condition.texts[0])
        both = f"({found} AND NOT {also})" if condition.negated else f"({found} OR {also})"
        return both, [*parameters, *values]


@dataclass(frozen=True)
class Listing(Generic[R]):
    """One list of the program.

    `source` is FROM with its joins, `key` the expression of the whole number that tells all of its
    rows apart (a page is read by keys alone), `select` what a page reads after the key, `make`
    turns those tuples (key first) into rows, in their order. `ctes` stand before SELECT; `where`
    holds for all that is listed. Parameters of `ctes` and `source` come in `given`, those of
    `where` in `parameters`. What is typed is looked for in the columns `searched`, or where
    `finding` is given by its condition (`searching.customers_with`).
    """

    name: str
    source: str
    key: str
    select: str
    make: Callable[[list[tuple[Any, ...]]], Sequence[R]]
    fields: Mapping[str, Field]
    order: tuple[Sort, ...]
    searched: tuple[str, ...] = ()
    finding: Callable[[str], tuple[str, list[object]]] | None = None
    ctes: str = ""
    given: tuple[object, ...] = ()
    where: str = ""
    parameters: tuple[object, ...] = ()
    action: Action = field(default=Action.READ)


@dataclass(frozen=True, slots=True)
class Found(Generic[R]):
    """How many rows there are, their keys in order (those of the first rows alone where `keys` are
    fewer than `count`), and the rows from number `first` on that were read along."""

    count: int
    keys: Sequence[int]
    first: int
    rows: list[R | None]

    @property
    def known(self) -> tuple[R, ...]:
        """The rows that were read along and are still there."""
        return tuple(row for row in self.rows if row is not None)


@dataclass(frozen=True, slots=True)
class Total:
    """Of some rows: how many have a value, and the sum of the values."""

    count: int
    sum: int


ALL = Request()


def ids(actor: Actor, listing: Listing[R], request: Request = ALL) -> list[int]:
    """The keys of the rows that a request lets through, in its order.

    ValueError for a column that the listing does not have, Invalid for a filter that cannot be
    read.
    """
    return list(keys(actor, listing, request))


def keys(actor: Actor, listing: Listing[R], request: Request) -> Sequence[int]:
    """As `ids`, for very many."""
    with reading(actor, listing.action):
        return _ids(listing, request)


def page(actor: Actor, listing: Listing[R], keys: Sequence[int]) -> list[R | None]:
    """The rows of these keys in this order, None for one that is gone; at most CHUNK keys."""
    with reading(actor, listing.action):
        return _page(listing, keys)


def opened(actor: Actor, listing: Listing[R], request: Request, first: int, size: int) -> Found[R]:
    """All keys, and the `size` rows from number `first` (or the last ones) that are seen first."""
    with reading(actor, listing.action):
        keys = _ids(listing, request)
        start = max(0, min(first, len(keys) - 1)) // size * size
        return Found(len(keys), keys, start, _page(listing, keys[start : start + size]))


def begun(actor: Actor, listing: Listing[R], request: Request, size: int) -> Found[R]:
    """The first `size` rows alone: all rows are counted, not sorted, which takes much longer."""
    with reading(actor, listing.action):
        keys = _ids(listing, request, size)
        many = len(keys) if len(keys) < size else _count(listing, request)
        return Found(many, keys, 0, _page(listing, keys))


def whole(actor: Actor, listing: Listing[R], request: Request = ALL) -> list[R]:
    """All rows that a request lets through, in its order; for lists that are not long."""
    condition, parameters = _condition(listing, request)
    order, ordered = _order(listing, request)
    with reading(actor, listing.action):
        sql = (
            f"{listing.ctes} SELECT {listing.key}, {listing.select} {listing.source} "
            f"WHERE {condition} ORDER BY {order}"
        )
        return list(listing.make(rows(sql, (*listing.given, *parameters, *ordered))))


def each(actor: Actor, listing: Listing[R], keys: Sequence[int]) -> Iterator[R]:
    """The rows of these keys in this order, however many, those that are gone left out."""
    left = iter(keys)
    while chunk := list(islice(left, CHUNK)):
        yield from (row for row in page(actor, listing, chunk) if row is not None)


def count(actor: Actor, listing: Listing[R], request: Request = ALL) -> int:
    """How many rows a request lets through."""
    with reading(actor, listing.action):
        return _count(listing, request)


def tally(actor: Actor, listing: Listing[R], name: str, request: Request = ALL) -> dict[Any, int]:
    """How many rows of a request have each value of a column, those that have one."""
    expression = _field(listing, name).sql
    condition, parameters = _condition(listing, request)
    sql = (
        f"{listing.ctes} SELECT {expression}, count(*) {listing.source} WHERE {condition} "
        f"AND {expression} IS NOT NULL GROUP BY 1"
    )
    with reading(actor, listing.action):
        return dict(rows(sql, (*listing.given, *parameters)))


def aggregate(
    actor: Actor,
    listing: Listing[R],
    name: str,
    request: Request = ALL,
    keys: Sequence[int] | None = None,
) -> Total:
    """The sum of a column of whole numbers over the rows of a request, or over these keys."""
    expression = _field(listing, name).sql
    sql = f"{listing.ctes} SELECT count({expression}), sum({expression}) {listing.source} WHERE "
    with reading(actor, listing.action):
        if keys is None:
            condition, parameters = _condition(listing, request)
            found = rows(sql + condition, (*listing.given, *parameters))
        else:
            found = []
            left = iter(keys)
            while chunk := list(islice(left, CHUNK)):
                condition = f"{listing.key} IN ({_marks(chunk)})"
                found += rows(sql + condition, (*listing.given, *chunk))
        return Total(sum(int(n) for n, _s in found), sum(int(s or 0) for _n, s in found))


def _ids(listing: Listing[R], request: Request, most: int | None = None) -> Sequence[int]:
    condition, parameters = _condition(listing, request)
    order, ordered = _order(listing, request)
    sql = f"{listing.ctes} SELECT {listing.key} {listing.source} WHERE {condition} ORDER BY {order}"
    if most is not None:
        sql += f" LIMIT {most:d}"
    return numbers(sql, (*listing.given, *parameters, *ordered))


def _count(listing: Listing[R], request: Request) -> int:
    condition, parameters = _condition(listing, request)
    sql = f"{listing.ctes} SELECT count(*) {listing.source} WHERE {condition}"
    return int(rows(sql, (*listing.given, *parameters))[0][0])


def _page(listing: Listing[R], keys: Sequence[int]) -> list[R | None]:
    if not keys:
        return []
    sql = (
        f"{listing.ctes} SELECT {listing.key}, {listing.select} {listing.source} "
        f"WHERE {listing.key} IN ({_marks(keys)})"
    )
    found = {row[0]: row for row in rows(sql, (*listing.given, *keys))}
    made = iter(listing.make([found[key] for key in keys if key in found]))
    return [next(made) if key in found else None for key in keys]


def _condition(listing: Listing[R], request: Request) -> tuple[str, list[object]]:
    parts, parameters = [listing.where or "1 = 1"], [*listing.parameters]
    if request.text.strip():
        if listing.finding is not None:
            condition, values = listing.finding(request.text)
        else:
            condition, values = contains(request.text, *listing.searched)
        parts.append(condition)
        parameters += values
    for wanted in request.filters:
        condition, values = _field(listing, wanted.name).passes(wanted)
        parts.append(condition)
        parameters += values
    return " AND ".join(parts), parameters


def _order(listing: Listing[R], request: Request) -> tuple[str, list[object]]:
    """What ORDER BY says, with its parameters.

    A narrowed list is found by going through the table and sorting the few that are left: to go
    through it in the order of an index costs SQLite eight times as much, and a sign keeps it off.
    """
    sign = "+" if is_sqlite() and request.narrowed else ""
    parts, parameters = [], list[object]()
    seen: set[str] = set()
    for sort in request.sorts or listing.order:
        asked = _field(listing, sort.name)
        if sort.name in seen:
            continue
        seen.add(sort.name)
        expression = asked.sort or asked.sql
        if asked.kind is Kind.CHOICE and asked.choices and not asked.sort:
            cases = " ".join(f"WHEN ? THEN {at}" for at in range(len(asked.choices)))
            expression = f"CASE {expression} {cases} END"
            parameters += asked.choices
        elif asked.kind in (Kind.TEXT, Kind.DAY, Kind.INSTANT, Kind.CHOICE) and not is_sqlite():
            expression = f'{expression} COLLATE "C"'
        parts.append(f"{sign}{expression} {'DESC' if sort.descending else 'ASC'} NULLS LAST")
    return ", ".join([*parts, listing.key]), parameters


def _field(listing: Listing[R], name: str) -> Field:
    try:
        return listing.fields[name]
    except KeyError:
        raise ValueError(f"the list {listing.name} has no column {name}") from None


def _marks(keys: Sequence[object]) -> str:
    return ", ".join("?" * len(keys))
