"""Lists as data: order, filters, search, pages and sums are the same on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from chemsales.queries import listing as lists
from chemsales.queries.filtering import Filter, Kind, Request, Sort, read, stored
from chemsales.queries.listing import Field, Listing, Total
from chemsales.rules.errors import Invalid, NotAllowed
from chemsales.rules.roles import Action, Actor, Role
from chemsales.storage.database import execute, insert_rows, transaction

HOSTILE = "'); DROP TABLE thing; --"
# id, name, its sort key, number as text, kilograms, day, instant, level
THINGS = [
    (1, "长城", "chang2 cheng2", "9.5", 1_000, "2026-06-30", "2026-06-30T15:59:59.999999Z", "one"),
    (2, "安徽", "an1 hui1", "10", None, "2026-07-01", "2026-06-30T16:00:00.000000Z", "two"),
    (3, HOSTILE, "drop", "100", 2_500, None, "2026-07-31T16:00:00.000000Z", None),
    (4, "东_海%", "dong1 hai3", None, 1_000, "2025-01-01", None, "one"),
    (5, "", "", "-3", 0, "2026-12-31", "2025-12-31T16:00:00.000000Z", "two"),
]
LISTING: Listing[tuple[Any, ...]] = Listing(
    name="things",
    source="FROM thing x",
    key="x.id",
    select="x.name, x.kg",
    make=lambda found: [tuple(row) for row in found],
    fields={
        "name": Field("x.name", sort="x.sort_key"),
        "plain": Field("x.name"),
        "score": Field("CAST(x.score AS NUMERIC)", Kind.NUMBER),
        "kg": Field("x.kg", Kind.KG),
        "day": Field("x.day", Kind.DAY),
        "at": Field("x.at", Kind.INSTANT),
        "level": Field("x.level", Kind.CHOICE, choices=("two", "one")),
    },
    order=(Sort("name"),),
    searched=("x.name", "x.sort_key"),
)
READER = Actor("am", "王芳", frozenset({Role.ACCOUNT_MANAGER}))


@pytest.fixture
def things(db: str) -> None:
    """A table of five things."""
    with transaction():
        execute(
            "CREATE TABLE thing (id INTEGER, name TEXT, sort_key TEXT, score TEXT, kg BIGINT, "
            "day TEXT, at TEXT, level TEXT)"
        )
        columns = ("id", "name", "sort_key", "score", "kg", "day", "at", "level")
        insert_rows("thing", columns, THINGS)


def ids(*filters: Filter, text: str = "", sorts: tuple[Sort, ...] = ()) -> list[int]:
    return lists.ids(READER, LISTING, Request(text, filters, sorts))


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    ("sorts", "found"),
    [
        ((), [5, 2, 1, 4, 3]),  # by the stored key
        ((Sort("name", True),), [3, 4, 1, 2, 5]),
        ((Sort("plain"),), [5, 3, 4, 2, 1]),  # by code point, on a Chinese server too
        ((Sort("score"),), [5, 1, 2, 3, 4]),  # as numbers; unknown last
        ((Sort("score", True),), [3, 2, 1, 5, 4]),  # in either direction
        ((Sort("kg"),), [5, 1, 4, 3, 2]),  # ties by key
        ((Sort("kg", True),), [3, 1, 4, 5, 2]),
        ((Sort("kg"), Sort("name", True)), [5, 4, 1, 3, 2]),
        ((Sort("day"),), [4, 1, 2, 5, 3]),
        ((Sort("at", True),), [3, 2, 1, 5, 4]),
        ((Sort("level"), Sort("name")), [5, 2, 1, 4, 3]),  # in the order of the choices
        ((Sort("level", True), Sort("level"), Sort("kg", True)), [1, 4, 5, 2, 3]),
    ],
)
def test_order(sorts: tuple[Sort, ...], found: list[int]) -> None:
    assert ids(sorts=sorts) == found


FILTERS = [
    (Filter("plain", "东_"), [4]),  # signs of LIKE stand for themselves
    (Filter("plain", "%"), [4]),
    (Filter("plain", "DROP"), [3]),
    (Filter("plain", HOSTILE), [3]),
    (Filter("plain", "=长城"), [1]),
    (Filter("plain", "!海"), [1, 2, 3, 5]),
    (Filter("plain", "＝长城"), [1]),
    (Filter("plain", "！海"), [1, 2, 3, 5]),
    (Filter("plain", "ｄｒｏｐ"), [3]),
    (Filter("plain", "'）; drop"), [3]),
    (Filter("plain", "="), [5]),
    (Filter("plain", "<>"), [1, 2, 3, 4]),
    (Filter("score", "10"), [2]),
    (Filter("score", ">=9.5"), [1, 2, 3]),
    (Filter("score", ">9.5"), [2, 3]),
    (Filter("score", "<10"), [1, 5]),
    (Filter("score", "-5..10"), [1, 2, 5]),
    (Filter("score", "＞１０"), [3]),
    (Filter("score", "="), [4]),
    (Filter("kg", "1"), [1, 4]),
    (Filter("kg", "1~2.5"), [1, 3, 4]),
    (Filter("kg", ">1 吨"), [3]),
    (Filter("kg", "<=0"), [5]),
    (Filter("day", "2026-06-30"), [1]),
    (Filter("day", "2026"), [1, 2, 5]),
    (Filter("day", "2026年7月"), [2]),
    (Filter("day", "202607"), [2]),
    (Filter("day", "<2026-07"), [1, 4]),
    (Filter("day", ">2026-06"), [2, 5]),
    (Filter("day", "2025-12..2026-07-01"), [1, 2]),
    (Filter("day", "<>"), [1, 2, 4, 5]),
    (Filter("at", "2026-06-30"), [1]),  # the company's days, in UTC in the table
    (Filter("at", "2026-07-01"), [2]),
    (Filter("at", "2026-07"), [2]),
    (Filter("at", ">2026-07"), [3]),
    (Filter("at", "<2026-01"), []),
    (Filter("at", "<=2026-06"), [1, 5]),
    (Filter("at", "2026"), [1, 2, 3, 5]),
    (Filter("level", choices=("one",)), [1, 4]),
    (Filter("level", choices=("one", HOSTILE)), [1, 4]),
    (Filter("level", "="), [3]),
]


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(("wanted", "found"), FILTERS, ids=lambda value: str(value))
def test_filter(wanted: Filter, found: list[int]) -> None:
    assert sorted(ids(wanted)) == found


VALUES = {
    "plain": [name for _id, name, *_rest in THINGS],
    "score": [None if row[3] is None else Decimal(row[3]) for row in THINGS],
    "kg": [row[4] for row in THINGS],
    "day": [date.fromisoformat(row[5]) if row[5] else None for row in THINGS],
    "at": [datetime.fromisoformat(row[6]) if row[6] else None for row in THINGS],
    "level": [row[7] for row in THINGS],
}


@pytest.mark.parametrize(("wanted", "found"), FILTERS, ids=lambda value: str(value))
def test_rows_in_memory_are_filtered_alike(wanted: Filter, found: list[int]) -> None:
    condition = read(LISTING.fields[wanted.name].kind, wanted)
    passed = [at for at, value in enumerate(VALUES[wanted.name], 1) if condition.holds(value)]
    assert passed == found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.NUMBER, "abc"),
        (Kind.NUMBER, ">"),
        (Kind.NUMBER, "nan"),
        (Kind.NUMBER, "1..x"),
        (Kind.KG, "1.2345"),
        (Kind.KG, "1,20"),
        (Kind.DAY, "2026-13"),
        (Kind.DAY, "2026-02-30"),
        (Kind.INSTANT, "gestern"),
    ],
)
def test_what_cannot_be_read_is_refused(kind: Kind, text: str) -> None:
    with pytest.raises(Invalid):
        read(kind, Filter("x", text))


@pytest.mark.usefixtures("things")
def test_filters_and_search_narrow_together() -> None:
    assert ids(Filter("kg", "1"), text="CHENG") == [1]
    assert ids(Filter("kg", "1"), Filter("day", "2025"), text="海%") == [4]
    assert ids(text="\\") == []


@pytest.mark.usefixtures("things")
def test_pages_come_in_the_order_of_the_keys() -> None:
    assert lists.page(READER, LISTING, [3, 99, 1]) == [
        (3, HOSTILE, 2_500),
        None,
        (1, "长城", 1_000),
    ]
    found = lists.opened(READER, LISTING, Request(), 3, 2)
    assert (list(found.keys), found.first) == ([5, 2, 1, 4, 3], 2)
    assert [row[0] for row in found.rows if row] == [1, 4]
    assert lists.opened(READER, LISTING, Request(), 99, 2).first == 4
    assert not lists.opened(READER, LISTING, Request("nothing"), 5, 2).keys
    assert [row[0] for row in lists.each(READER, LISTING, [4, 99, 5])] == [4, 5]
    assert [row[0] for row in lists.whole(READER, LISTING, Request(text="hai"))] == [4]


@pytest.mark.usefixtures("things")
def test_counts_and_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lists.count(READER, LISTING) == 5
    assert lists.count(READER, LISTING, Request("", (Filter("kg", "1"),))) == 2
    assert lists.aggregate(READER, LISTING, "kg") == Total(4, 4_500)
    monkeypatch.setattr(lists, "CHUNK", 2)
    assert lists.aggregate(READER, LISTING, "kg", keys=[1, 2, 3, 5]) == Total(3, 3_500)
    assert lists.aggregate(READER, LISTING, "kg", keys=[]) == Total(0, 0)


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    "request_", [Request(sorts=(Sort("kg; --"),)), Request(filters=(Filter("1 = 1", "x"),))]
)
def test_columns_come_from_the_listing_alone(request_: Request) -> None:
    with pytest.raises(ValueError, match="no column"):
        lists.ids(READER, LISTING, request_)


def test_a_list_is_read_by_those_who_may() -> None:
    from dataclasses import replace

    with pytest.raises(NotAllowed):
        lists.ids(READER, replace(LISTING, action=Action.VERIFY))


def test_values_are_compared_as_they_are_stored() -> None:
    assert stored(date(2026, 7, 9)) == "2026-07-09"
    assert stored(datetime(2026, 7, 9, tzinfo=UTC)) == "2026-07-09T00:00:00.000000Z"
    assert stored(None) is None
