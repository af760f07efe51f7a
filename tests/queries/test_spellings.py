"""Names are the same in whatever spelling: to the filters of lists, to duplicates, to imports."""

from __future__ import annotations

import pytest

from chemsales.exchange.matching import Customers
from chemsales.queries import accreditation as applications
from chemsales.queries import listing as lists
from chemsales.queries.accreditation import APPLICATIONS
from chemsales.queries.cooperation import ratings_of
from chemsales.queries.customers import CUSTOMERS
from chemsales.queries.filtering import Filter, Request
from chemsales.queries.offtake import import_context
from chemsales.queries.offtake_lists import pickups_of, plans_of
from chemsales.queries.offtake_matrix import matrix_of
from tests.factory import Clock, accredit, draft_of, session_of
from tests.factory_offtake import pick_up, plan

NAME, LATIN = "恒力石化（大连）有限公司", "ＡＢＣ塑料 有限公司"
MONTH = "2026-06"
SPELLINGS = [
    (NAME, [1]), ("（大连）", [1]), ("(大连)", [1]), ("〔大连〕", [1]), ("(大连", [1]),
    ("大连 )", [1]), ("=恒力石化(大连)有限公司", [1]), ("abc塑料", [2]), ("ＡＢＣ", [2]),
    ("塑料有限", [2]), ("!(大连)", [2]), ("＝abc塑料有限公司", [2]), ("=abc", []), ("%", []),
    ("<>", [1, 2]), ("=", []),
]  # fmt: skip


@pytest.fixture
def customers(ready: str) -> tuple[int, int]:
    """Two customers with a month of pick-ups and plans."""
    clock = Clock()
    clock.set(2026, 3, 2)
    first, second = (accredit(draft_of(name, n), clock) for n, name in ((1, NAME), (2, LATIN)))
    clock.set(2026, 7, 6)
    am = session_of("am", clock)
    pick_up(am, [(each, "PP-T30S", f"{MONTH}-10", 60_000) for each in (first, second)])
    plan(am, [(each, "PP-T30S", MONTH, 90_000, 0) for each in (first, second)])
    return first, second


@pytest.mark.usefixtures("customers")
def test_a_filter_finds_a_name_in_every_width_and_bracket() -> None:
    reader = session_of("am").actor
    every = (CUSTOMERS, APPLICATIONS, pickups_of(MONTH), plans_of(MONTH), matrix_of((MONTH,)),
             ratings_of(MONTH))  # fmt: skip
    for listing in every:
        for typed, places in SPELLINGS:
            found = lists.whole(reader, listing, Request(filters=(Filter("name", typed),)))
            expected = sorted((NAME, LATIN)[place - 1] for place in places)
            assert sorted(row.name for row in found) == expected, (listing.name, typed)


@pytest.mark.parametrize(
    "name", ["恒力石化(大连)有限公司", "恒力石化〔大连〕有限公司", "abc塑料有限公司"]
)
def test_a_name_in_other_brackets_is_a_duplicate_and_known_to_imports(
    customers: tuple[int, int], name: str
) -> None:
    """C7.1: the reviewer is told, and a file means the customer that is there."""
    am = session_of("am")
    reasons = applications.duplicates(am.actor, draft_of(name, 9))
    assert [reason.code for reason in reasons] == ["reason.duplicate_name"]
    known = Customers(import_context(am.actor, am.today()).customers)
    found = known.existing(name, "")
    assert found is not None and found.id == customers[1 if name.startswith("abc") else 0]
