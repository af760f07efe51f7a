"""Names are found in whatever spelling by every list, by duplicates and imports alike."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from chemsales.queries import listing as lists
from chemsales.queries.accreditation import APPLICATIONS
from chemsales.queries.approval import waiting_of
from chemsales.queries.cooperation import ratings_of
from chemsales.queries.customers import CUSTOMERS
from chemsales.queries.evaluation_scores import scores_of
from chemsales.queries.filtering import Filter, Kind, Request, Sort
from chemsales.queries.listing import Field, Listing
from chemsales.queries.offtake_lists import BATCHES, pickups_of, plans_of
from chemsales.queries.offtake_matrix import matrix_of
from chemsales.queries.tiers import results_of
from chemsales.services import evaluation, tiers
from chemsales.storage.database import rows
from tests.factory import Clock, accredit, draft_of, make_application, session_of, submit
from tests.factory_offtake import pick_up, plan

NAME, LATIN = "恒力石化（大连）有限公司", "ＡＢＣ塑料 有限公司"
MONTH = "2026-06"
SPELLINGS = [
    (NAME, [1]), ("（大连）", [1]), ("(大连)", [1]), ("〔大连〕", [1]), ("(大连", [1]),
    ("大连 )", [1]),
    ("=恒力石化(大连)有限公司", [1]), ("abc塑料", [2]), ("ＡＢＣ", [2]), ("塑料有限", [2]),
    ("!(大连)", [2]), ("＝abc塑料有限公司", [2]), ("=abc", []), ("%", []),
    ("<>", [1, 2]), ("=", []),
]  # fmt: skip
Any_ = Listing[Any]


@pytest.fixture
def department(ready: str) -> dict[str, Any_]:
    """Two customers with a closed, evaluated month, one application under review; every list."""
    clock = Clock()
    clock.set(2026, 3, 2)
    first, second = (accredit(draft_of(name, n), clock) for n, name in ((1, NAME), (2, LATIN)))
    clock.set(2026, 7, 6)
    am = session_of("am", clock)
    day = f"{MONTH}-10"
    pick_up(am, [(first, "PP-T30S", day, 60_000), (second, "PP-T30S", day, 70_000)])
    plan(am, [(each, "PP-T30S", MONTH, 90_000, 0) for each in (first, second)])
    tiers.close_month(session_of("sales", clock), MONTH)
    run = evaluation.compute(am, "2026Q2").value
    submit(am, make_application(am, draft_of("第三有限公司", 3)))
    sales = session_of("sales", clock).actor
    found: list[Any_] = [
        CUSTOMERS, APPLICATIONS, BATCHES, pickups_of(MONTH), plans_of(MONTH), results_of(MONTH),
        matrix_of((MONTH,), "PO"), ratings_of(MONTH), scores_of(run), waiting_of(sales),
    ]  # fmt: skip
    return {each.name: each for each in found}


def test_customers_are_found_in_whatever_spelling(department: dict[str, Any_]) -> None:
    """By pinyin in the search of every list, and in every width and bracket by the filter."""
    reader = session_of("am").actor
    for name in ("customers", "pickups", "plans", "levels", "matrix", "ratings", "scores"):
        listing = department[name]
        (found,) = lists.whole(reader, listing, Request("hlsh"))
        assert found.name == NAME
        assert lists.ids(reader, listing, Request("没有的单号")) == []
        for typed, places in SPELLINGS:
            rows_ = lists.whole(reader, listing, Request(filters=(Filter("name", typed),)))
            expected = sorted((NAME, LATIN)[place - 1] for place in places)
            assert sorted(row.name for row in rows_) == expected, (name, typed)


WIDE = [("（东）", True), ("(东)", False), ("!（东）", False), ("=一号库（东）", True)]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("typed", "passes"), WIDE)
def test_a_wide_text_is_found_as_it_was_typed(typed: str, passes: bool) -> None:
    """A column that is no name holds either width; the text finds it as it was typed."""
    condition, parameters = Field("'一号库（东）'").passes(Filter("x", typed))
    assert bool(rows(f"SELECT 1 WHERE {condition}", tuple(parameters))) is passes
