"""Every list of the program over a furnished department, on both engines: each of its columns sorts
and filters, and no row is lost or found twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chemsales.queries import listing as lists
from chemsales.queries.accreditation import APPLICATIONS
from chemsales.queries.agent_licences import agents_of
from chemsales.queries.approval import waiting_of
from chemsales.queries.cooperation import ratings_of
from chemsales.queries.customers import CUSTOMERS
from chemsales.queries.decided import decided_by, put_up_by
from chemsales.queries.dispatch_lists import ITEMS
from chemsales.queries.evaluation_scores import scores_of
from chemsales.queries.filing import FILINGS, INSPECTIONS, UNFILED, findings_of
from chemsales.queries.filtering import Filter, Kind, Request, Sort
from chemsales.queries.licence_lists import papers_of
from chemsales.queries.listing import Listing
from chemsales.queries.offtake_lists import BATCHES, pickups_of, plans_of
from chemsales.queries.offtake_matrix import matrix_of
from chemsales.queries.suspension_lists import suspensions_of
from chemsales.queries.tiers import results_of
from chemsales.queries.undated import undated_on
from chemsales.queries.violations import violations
from chemsales.rules.licences import Notice
from chemsales.rules.roles import Actor
from tests.factory import NOON, Clock, draft_of, make_application, session_of, submit
from tests.factory_filing import reported
from tests.factory_licences import lapsed
from tests.factory_offtake import pick_up
from tests.furnishing import MONTHS, expiring, run

HEAD = session_of("sales").actor
MONTH = MONTHS[-1]
TODAY = session_of("sales").today()
LISTS: dict[str, Callable[[Actor], Listing[Any]]] = {
    "customers": lambda _actor: CUSTOMERS,
    "applications": lambda _actor: APPLICATIONS,
    "waiting": waiting_of,
    "decided": decided_by,
    "own": lambda _actor: put_up_by(session_of("am").actor),
    "imports": lambda _actor: BATCHES,
    "pickups": lambda _actor: pickups_of(MONTH),
    "plans": lambda _actor: plans_of(MONTH),
    "matrix": lambda _actor: matrix_of(MONTHS),
    "ratings": lambda _actor: ratings_of(MONTH),
    "levels": lambda _actor: results_of(MONTH),
    "scores": lambda _actor: scores_of(1),
    "papers": lambda _actor: papers_of(TODAY, Notice()),
    "suspensions": lambda _actor: suspensions_of(TODAY),
    "agents": lambda _actor: agents_of(TODAY, 60),
    "undated": lambda _actor: undated_on(TODAY),
    "violations": lambda _actor: violations(),
    "dispatches": lambda _actor: ITEMS,
    "unfiled": lambda _actor: UNFILED,
    "filings": lambda _actor: FILINGS,
    "inspections": lambda _actor: INSPECTIONS,
    "findings": lambda _actor: findings_of(TODAY),
}


@pytest.fixture
def department(ready: str) -> None:
    """Three closed months and a run to sign, an application under review and a draft, licences that
    end and have ended, and a pick-up while there was none."""
    lapsed_one = lapsed("临邑恒昌化工有限公司", 88, Clock(NOON - timedelta(days=150)))
    pick_up(session_of("am"), [(lapsed_one, "PP-T30S", "2026-05-20", 9_000)])
    run()
    expiring()
    reported()
    made = [make_application(session_of("am"), draft_of(f"新客户{n}", n)) for n in (1, 2)]
    submit(session_of("am"), made[0])


def _count(listing: Listing[Any], *wanted: Filter) -> int:
    return lists.count(HEAD, listing, Request(filters=wanted))


@pytest.mark.usefixtures("department")
def test_every_column_of_every_list_sorts_and_filters() -> None:
    for name, listing_of in LISTS.items():
        listing = listing_of(HEAD)
        keys = lists.ids(HEAD, listing)
        assert len(keys) == len(set(keys)) == lists.count(HEAD, listing) > 0, name
        assert lists.page(HEAD, listing, keys) == lists.whole(HEAD, listing), name
        for column, field in listing.fields.items():
            place = f"{name}: {column}"
            for descending in (False, True):
                asked = Request(sorts=(Sort(column, descending),))
                assert sorted(lists.ids(HEAD, listing, asked)) == sorted(keys), place
            known = _count(listing, Filter(column, "<>"))
            assert known + _count(listing, Filter(column, "=")) == len(keys), place
            if field.kind is Kind.CHOICE and not field.many:
                each = [_count(listing, Filter(column, choices=(key,))) for key in field.choices]
                assert sum(each) == known, place
            if field.kind in (Kind.KG, Kind.FEN):
                total = lists.aggregate(HEAD, listing, column)
                assert total == lists.aggregate(HEAD, listing, column, keys=keys), place
                assert total.count == known, place
        assert lists.count(HEAD, listing, Request("没有这个")) == 0, name


@pytest.mark.usefixtures("department")
def test_a_search_narrows_every_list_of_customers() -> None:
    """By initials too, wherever customers are listed."""
    for name in ("customers", "matrix", "ratings", "scores", "levels", "pickups", "plans"):
        listing = LISTS[name](HEAD)
        found = lists.whole(HEAD, listing, Request("hlsh"))  # 恒力石化
        assert found, name
        assert {row.name[:4] for row in found} == {"恒力石化"}, name


@pytest.mark.usefixtures("department")
def test_a_name_is_filtered_by_its_pinyin_too() -> None:
    """The beginning of its initials or of its full pinyin, in every list that shows it."""
    for name in ("customers", "matrix", "ratings", "scores", "levels", "pickups", "plans"):
        listing = LISTS[name](HEAD)
        total, by_name = lists.count(HEAD, listing), _count(listing, Filter("name", "恒力石化"))
        assert total > by_name > 0, name
        for typed in ("hlsh", "HengLi", "ｈｌ"):
            assert _count(listing, Filter("name", typed)) == by_name, (name, typed)
            assert _count(listing, Filter("name", f"!{typed}")) == total - by_name, (name, typed)
        for typed in ("lsh", "=hlsh", "%", "v"):
            assert _count(listing, Filter("name", typed)) == 0, (name, typed)
    found = lists.whole(HEAD, APPLICATIONS, Request(filters=(Filter("name", "xkh"),)))
    assert {row.name for row in found} == {"新客户1", "新客户2"}
