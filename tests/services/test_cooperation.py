"""Rating cooperation: own customers, evidence per aspect, a second person confirms (A.X 24)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from chemsales.queries import cooperation as queries
from chemsales.queries import listing as lists
from chemsales.queries.cooperation import RatingState
from chemsales.queries.filtering import Filter, Request, Sort
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, NotFound
from chemsales.rules.evaluation import Aspect
from chemsales.rules.roles import Actor, Role
from chemsales.services import cooperation, people, policy
from chemsales.services.cooperation import Line
from chemsales.services.session import Session
from chemsales.storage.database import execute, rows
from tests.factory import Clock, accredit, draft_of, employ
from tests.racing import race

AsRole = Callable[..., Session]
PLAN = (Aspect.PLAN_ON_TIME, 90, "三个月计划均于 25 日前报送")
PRICE = (Aspect.PRICE_DISCIPLINE, 71, "无低价倾销记录")


@pytest.fixture
def customer(ready: str, clock: Clock) -> int:
    """A customer of 张伟, accredited on 2026-05-20; now it is 2026-07-06."""
    clock.set(2026, 5, 20)
    key = accredit(draft_of("海洋塑料有限公司"), clock)
    clock.set(2026, 7, 6)
    return key


@pytest.fixture
def manager(as_role: AsRole) -> Session:
    return as_role(Role.ACCOUNT_MANAGER)


@pytest.fixture
def head(as_role: AsRole) -> Session:
    return as_role(Role.SALES_HEAD)


def only(session: Session, month: str = "2026-06") -> queries.RatingRow:
    """The one row of a month."""
    (row,) = queries.ratings(session.actor, month)
    return row


def test_ratings_as_a_list(customer: int, manager: Session, head: Session) -> None:
    """Found by how they stand, by manager, points and evidence; counted as they are listed."""
    listing = queries.ratings_of("2026-06")

    def found(**filters: str) -> int:
        wanted = tuple(Filter(name, text) for name, text in filters.items())
        return lists.count(head.actor, listing, Request(filters=wanted))

    def standing(state: RatingState, login: str = "") -> list[int]:
        return lists.ids(head.actor, listing, queries.in_state(state, login))

    assert standing(RatingState.UNRATED, "am") == [customer]
    assert standing(RatingState.UNRATED, "am2") == []
    rating = cooperation.rate(manager, customer, "2026-06", [PLAN, PRICE]).value
    assert standing(RatingState.WAITING) == [customer]
    assert [found(evidence=text) for text in ("倾销", "!倾销", "=", "<>", "拜访")] == [
        1,
        0,
        0,
        1,
        0,
    ]
    assert [found(score=">80"), found(score="<80"), found(manager="张伟")] == [1, 0, 1]
    assert lists.ids(head.actor, listing, Request(sorts=(Sort("evidence"),))) == [customer]
    assert lists.count(head.actor, listing, Request("hysl")) == 1
    cooperation.confirm(head, rating, 1)
    assert [bool(standing(state)) for state in RatingState] == [False, False, True]
    assert only(head).state is RatingState.CONFIRMED


def test_a_rating_is_the_weighted_mean_of_its_lines_and_keeps_their_evidence(
    customer: int, manager: Session
) -> None:
    done = cooperation.rate(manager, customer, "2026-06", [PLAN, PRICE])
    row = only(manager)
    assert (row.customer_id, row.rating_id, row.score) == (customer, done.value, 81)  # 80.5
    assert (row.rated_by, row.confirmed_by, row.version) == ("am", "", 1)
    assert [(line.aspect, line.points, line.evidence) for line in row.lines] == [PLAN, PRICE]
    event = rows("SELECT use_case, clause, edition FROM event WHERE key = ?", (done.event,))
    assert event == [("cooperation.rate", "C16.1", 1)]


def test_weights_are_those_of_the_month_s_edition(
    customer: int, manager: Session, head: Session
) -> None:
    weights = {"plan_on_time": 75, "price_discipline": 25}
    policy.add_edition(head, date(2026, 6, 30), {"cooperation_weights": weights}, "调整权重")
    for month, score in (("2026-05", 81), ("2026-06", 85)):
        cooperation.rate(manager, customer, month, [PLAN, PRICE])
        assert only(manager, month).score == score


@pytest.mark.parametrize(
    ("lines", "places"),
    [
        ([], ["aspects"]),
        ([(Aspect.INFORMATION, 50, "")], ["information"]),
        ([(Aspect.INFORMATION, 50, " \n\u200b")], ["information"]),
        ([(Aspect.INFORMATION, 50, "长" * 501)], ["information"]),
        ([PLAN, (Aspect.PLAN_ON_TIME, 10, "又一次")], ["aspects"]),
        ([(Aspect.PLAN_ON_TIME, 101, "好")], ["plan_on_time"]),
        ([(Aspect.PLAN_ON_TIME, -1, "差")], ["plan_on_time"]),
        (
            [(Aspect.PLAN_ON_TIME, 1, ""), PRICE, (Aspect.INFORMATION, 2, " ")],
            ["plan_on_time", "information"],
        ),
    ],
)
def test_points_out_of_range_and_lines_without_evidence_are_refused(
    customer: int, manager: Session, lines: list[Line], places: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        cooperation.rate(manager, customer, "2026-06", lines)
    assert [problem.place for problem in refused.value.problems] == places
    assert rows("SELECT count(*) FROM cooperation_rating") == [(0,)]


def test_only_the_own_account_manager_rates(customer: int, as_role: AsRole) -> None:
    other = as_role(Role.ACCOUNT_MANAGER, "am2")
    with pytest.raises(NotAllowed) as refused:
        cooperation.rate(other, customer, "2026-06", [PLAN])
    assert refused.value.reasons == queries.rating_reasons("am", "张伟", "am2")
    assert refused.value.reasons[0].code == "reason.not_your_customer"
    assert queries.rating_reasons("am", "", "am") == ()
    for role in Role:
        if role is not Role.ACCOUNT_MANAGER:
            with pytest.raises(NotAllowed):
                cooperation.rate(as_role(role), customer, "2026-06", [PLAN])


@pytest.mark.parametrize(
    ("month", "code"),
    [
        ("2026-04", "reason.month_before_accreditation"),
        ("2026-05", None),
        ("2026-07", None),
        ("2026-08", "reason.month_not_begun"),
    ],
)
def test_months_that_can_be_rated(
    customer: int, manager: Session, month: str, code: str | None
) -> None:
    if code is None:
        cooperation.rate(manager, customer, month, [PLAN])
        assert only(manager, month).score == 90
        return
    with pytest.raises(NotAllowed) as refused:
        cooperation.rate(manager, customer, month, [PLAN])
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_unknown_customers_months_and_ratings(
    customer: int, manager: Session, head: Session
) -> None:
    with pytest.raises(NotFound):
        cooperation.rate(manager, customer + 1, "2026-06", [PLAN])
    with pytest.raises(Invalid):
        cooperation.rate(manager, customer, "2026-6", [PLAN])
    with pytest.raises(NotFound):
        cooperation.confirm(head, 99, 1)


def test_customers_without_a_rating_are_listed_from_their_accreditation_on(
    customer: int, manager: Session
) -> None:
    assert queries.ratings(manager.actor, "2026-04") == []
    row = only(manager, "2026-05")
    assert (row.customer_id, row.rating_id, row.score, row.lines) == (customer, None, None, ())


def test_a_new_rating_voids_the_one_before_which_stays_as_history(
    customer: int, manager: Session, head: Session
) -> None:
    first = cooperation.rate(manager, customer, "2026-06", [PLAN]).value
    cooperation.confirm(head, first, 1)
    second = cooperation.rate(manager, customer, "2026-06", [PRICE]).value
    row = only(manager)
    assert (row.rating_id, row.score, row.confirmed_by) == (second, 71, "")
    stored = rows("SELECT id, score, void FROM cooperation_rating ORDER BY id")
    assert stored == [(first, 90, 1), (second, 71, 0)]
    assert rows("SELECT count(*) FROM cooperation_evidence") == [(2,)]
    with pytest.raises(Exception, match="history"):
        execute("UPDATE cooperation_evidence SET points = 0")


def test_confirming(customer: int, manager: Session, head: Session, as_role: AsRole) -> None:
    rating = cooperation.rate(manager, customer, "2026-06", [PLAN]).value
    for role in Role:
        if role is not Role.SALES_HEAD:
            with pytest.raises(NotAllowed):
                cooperation.confirm(as_role(role), rating, 1)
    with pytest.raises(Conflict) as stale:
        cooperation.confirm(head, rating, 2)
    assert stale.value.reasons[0].params == {"what": "海洋塑料有限公司 2026-06"}
    cooperation.confirm(head, rating, 1)
    row = only(manager)
    assert (row.confirmed_by, row.version) == ("sales", 2)
    with pytest.raises(NotAllowed) as again:
        cooperation.confirm(head, rating, 2)
    assert again.value.reasons == queries.confirming_reasons("am", "sales", "sales")
    assert again.value.reasons[0].code == "reason.rating_confirmed"


def test_a_rating_that_was_replaced_while_it_was_looked_at_is_not_confirmed(
    customer: int, manager: Session, head: Session
) -> None:
    first = cooperation.rate(manager, customer, "2026-06", [PLAN]).value
    cooperation.rate(manager, customer, "2026-06", [PRICE])
    for seen in (1, 2):
        with pytest.raises(Conflict):
            cooperation.confirm(head, first, seen)
    assert only(manager).confirmed_by == ""


def test_nobody_confirms_the_own_rating(
    customer: int, head: Session, as_role: AsRole, clock: Clock
) -> None:
    """An account manager who heads the sales department too: another head has to confirm."""
    roles = frozenset({Role.ACCOUNT_MANAGER, Role.SALES_HEAD})
    people.set_roles(as_role(Role.ADMINISTRATOR), "am", roles, 1)
    both = Session(Actor("am", "张伟", roles), clock)
    rating = cooperation.rate(both, customer, "2026-06", [PLAN]).value
    with pytest.raises(NotAllowed) as refused:
        cooperation.confirm(both, rating, 1)
    assert refused.value.reasons == queries.confirming_reasons("am", "", "am")
    assert [reason.code for reason in refused.value.reasons] == ["reason.own_rating"]
    cooperation.confirm(head, rating, 1)


def test_two_heads_confirm_at_once(customer: int, manager: Session, clock: Clock) -> None:
    rating = cooperation.rate(manager, customer, "2026-06", [PLAN]).value
    heads = [employ(f"head{n}", Role.SALES_HEAD, clock=clock) for n in range(4)]
    outcomes = race([partial(cooperation.confirm, head, rating, 1) for head in heads])
    lost = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(lost) == 3
    assert all(isinstance(outcome, Conflict | NotAllowed) for outcome in lost), lost
    assert only(manager).version == 2


def test_a_rating_that_another_desk_gave_is_not_voided_unseen(
    manager: Session, head: Session, customer: int
) -> None:
    first = cooperation.rate(manager, customer, "2026-06", [PLAN], (None, 0)).value
    with pytest.raises(Conflict):
        cooperation.rate(manager, customer, "2026-06", [PRICE], (None, 0))
    seen = only(manager).version
    cooperation.confirm(head, first, seen)
    with pytest.raises(Conflict):
        cooperation.rate(manager, customer, "2026-06", [PRICE], (first, seen))
    cooperation.rate(manager, customer, "2026-06", [PRICE], (first, seen + 1))
