"""The home page: the number on a card is the number of lines in it, and a line goes to its
place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from operator import attrgetter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from chemsales.queries import evaluation as evaluations
from chemsales.queries import tiers
from chemsales.queries.approval import waiting_count
from chemsales.queries.offtake import MonthState
from chemsales.rules.approval import Verdict
from chemsales.rules.calendar import COMPANY_ZONE, WorkCalendar
from chemsales.rules.errors import Reason, Unreachable
from chemsales.rules.evaluation import Aspect
from chemsales.rules.periods import month_of
from chemsales.rules.roles import Action, Actor, Role
from chemsales.services import cooperation, evaluation
from chemsales.services.session import Session
from tests import factory
from tests.factory import Clock, session_of
from tests.factory_filing import reported
from tests.furnishing import expiring, furnish, months, open_months, returned, run, waiting
from tests.scenes import Stage
from tests.ui.text_fit import problems
from ui.main_window import MainWindow
from ui.pages.today import TodayPage
from ui.work import today as work
from ui.work.today import Card, Day, Line

Open = Callable[..., MainWindow]
PAPERS = ("suspended", "expiring")
REPORTED = ("dispatch", "findings")


def nothing() -> None:
    """An empty department."""


def make(session: Session, number: int) -> int:
    """A complete application of this person."""
    return factory.make_application(session, factory.draft_of(f"海河化工{number}厂", number))


def today(window: MainWindow) -> TodayPage:
    page = Stage(window).page("today")
    assert isinstance(page, TodayPage)
    return page


def cards(window: MainWindow) -> dict[str, list[str]]:
    return {card.key: [line.text for line in card.lines] for card in today(window).cards}


@pytest.mark.parametrize(
    ("role", "keys"),
    [
        (
            Role.ACCOUNT_MANAGER,
            [
                "returned",
                "rejected",
                "drafts",
                "review",
                *PAPERS,
                "complaints",
                "resales",
                *REPORTED,
                "rate",
                "compute",
            ],
        ),
        (
            Role.SALES_HEAD,
            [
                "waiting",
                "returned",
                "rejected",
                *PAPERS,
                "agents",
                "complaints",
                "resales",
                *REPORTED,
                "unfiled",
                "inspection",
                "months",
                "confirm",
                "compute",
            ],
        ),
        (Role.FINANCE, ["waiting", *PAPERS, "dispatch"]),
        (Role.GENERAL_MANAGER, ["waiting"]),
        (Role.ADMINISTRATOR, ["upkeep"]),
        (Role.AUDITOR, []),
    ],
)
def test_cards_by_role(role: Role, keys: list[str], open_window: Open) -> None:
    assert list(cards(open_window(role))) == keys


def numbers(window: MainWindow) -> dict[str, int]:
    """What is written on the cards."""
    return {view.card.key: int(view.number.text()) for view in today(window).views}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    "prepare", [nothing, waiting, returned, open_months, run, months, expiring]
)
def test_a_number_is_the_number_of_rows_behind_it(
    prepare: Callable[[], object], role: Role, open_window: Open, sqlite_ready: str
) -> None:
    """On each card, in the table below it, and in the list that it leads to."""
    furnish(prepare)
    window = open_window(role)
    page = today(window)
    for view in page.views:
        assert int(view.number.text()) == view.card.number == len(view.table.rows()) > 0
    shown = numbers(window)
    if "approvals" in window.places:
        behind = shown.get("waiting", 0) + shown.get("returned", 0)
        stage = Stage(window)
        assert len(stage.page("approvals").queue.rows()) == behind  # type: ignore[attr-defined]
        actor = window.context.actor
        assert waiting_count(actor) == behind
        assert window.rail.tabs["approvals"].count.text() == (str(behind) if behind else "")
        today_is = window.context.session.today()
        if "months" in cards(window):
            unclosed = tiers.unclosed(actor, today_is)
            assert shown.get("months", 0) == len(unclosed)
            page_of_months = stage.page("tiers")
            listed = {row.month for row in page_of_months.months.rows()}  # type: ignore[attr-defined]
            assert {m for m in unclosed if m in listed} == {
                row.month
                for row in page_of_months.months.rows()  # type: ignore[attr-defined]
                if row.state is MonthState.OPEN and row.month < month_of(today_is)
            }


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("prepare", [waiting, returned, open_months, run, expiring])
def test_every_line_opens_the_place_where_it_is_done(
    prepare: Callable[[], object], role: Role, open_window: Open, sqlite_ready: str
) -> None:
    furnish(prepare)
    window = open_window(role)
    stage = Stage(window)
    for card in list(today(window).cards):
        for line in card.lines[:2]:
            assert line.place in window.places
            window.go(line.place, line.target)
            stage.settle()
            assert window.place == line.place
            _opened(window, card.key, line)
            stage.clear()


def _opened(window: MainWindow, key: str, line: Line) -> None:
    page = window.page
    if line.place == "approvals":
        assert page.queue.row().key == line.target  # type: ignore[attr-defined]
    elif key == "agents":
        assert ("agent", page.agents.grid.row().id) == line.target  # type: ignore[attr-defined]
    elif key == "undated":
        assert page.undated.isVisible()  # type: ignore[attr-defined]
        assert ("undated", page.undated.row().id) == line.target  # type: ignore[attr-defined]
    elif line.place == "licences":
        assert ("paper", page.shown.row.id) == line.target  # type: ignore[attr-defined]
    elif line.place == "filing":
        tab, wanted = line.target  # type: ignore[misc]
        assert page.grids[tab].row().id == wanted  # type: ignore[attr-defined]
    elif key in ("rate", "confirm"):
        _part, month, customer = line.target  # type: ignore[misc]
        if page.months.row() is not None and page.months.row().month == month:  # type: ignore[attr-defined]
            assert page.ratings.isVisible()  # type: ignore[attr-defined]
            assert page.ratings.row().customer_id == customer  # type: ignore[attr-defined]
    elif key == "compute":
        assert page.period.currentData() == line.target  # type: ignore[attr-defined]


# the list that the heading of a card opens, where it is filtered for the card
BEHIND = {
    "waiting": ("approvals", "queue", "id", {"stage"}),
    "returned": ("approvals", "queue", "id", {"stage"}),
    "drafts": ("customers", "applications", "id", {"state", "login"}),
    "review": ("customers", "applications", "id", {"state", "login"}),
    "rate": ("tiers", "ratings", "customer_id", {"state", "login"}),
    "confirm": ("tiers", "ratings", "customer_id", {"state"}),
    "agents": ("licences", "agents.grid", "id", {"state"}),
    "dispatch": ("filing", "items", "id", {"state", "login"}),
    "unfiled": ("filing", "unfiled", "id", set()),
    "findings": ("filing", "findings", "id", {"state"}),
    "suspended": ("licences", "papers", "id", {"state"}),
    "expiring": ("licences", "papers", "id", {"state", "step"}),
    "undated": ("licences", "undated", "id", {"waits", "login"}),
}


def drafts() -> None:
    """Drafts and applications in review of two account managers."""
    for login, number in (("am", 1), ("am", 2), ("am", 3), ("am2", 4), ("am2", 5)):
        made = make(session_of(login), number)
        if number in (3, 5):
            factory.submit(session_of(login), made)


def both() -> None:
    """Two applications that the sales head decides, and an evaluation that came back to her."""
    months()
    head, am = session_of("sales"), session_of("am")
    other = factory.employ("head2", Role.SALES_HEAD)
    made = evaluation.compute(head, "2026Q2").value
    (found,) = evaluations.runs(head.actor)
    evaluation.sign(other, made, found.version, Verdict.RETURN, "六月数据有误")
    for number in (1, 2):
        factory.submit(am, make(am, number))


def unconfirmed() -> None:
    """A month in which a rating waits for confirmation."""
    keys = open_months()
    lines = [(Aspect.PLAN_ON_TIME, 90, "每月 25 日前报送计划")]
    cooperation.rate(session_of("am"), keys[2], "2026-06", lines)


@pytest.mark.parametrize(
    ("prepare", "role", "counts"),
    [
        (drafts, Role.ACCOUNT_MANAGER, {"drafts": 2, "review": 1}),
        (both, Role.SALES_HEAD, {"waiting": 2, "returned": 1}),
        (open_months, Role.ACCOUNT_MANAGER, {"rate": 1}),
        (expiring, Role.SALES_HEAD, {"suspended": 2, "expiring": 3, "waiting": 1}),
        (expiring, Role.ACCOUNT_MANAGER, {"undated": 1}),
        (unconfirmed, Role.SALES_HEAD, {"confirm": 1}),
        (open_months, Role.SALES_HEAD, {"agents": 1}),
        (reported, Role.ACCOUNT_MANAGER, {"dispatch": 8}),
        (reported, Role.SALES_HEAD, {"unfiled": 2, "findings": 2}),
    ],
)
def test_a_heading_opens_the_list_filtered_for_its_card(
    prepare: Callable[[], object],
    role: Role,
    counts: dict[str, int],
    open_window: Open,
    sqlite_ready: str,
) -> None:
    """Its rows are as many as the number on the card; chips say what is filtered by."""
    furnish(prepare)
    window = open_window(role)
    stage = Stage(window)
    for key, count in counts.items():
        card = next(view for view in today(window).views if view.card.key == key)
        lines = {line.target[-1] for line in card.card.lines}  # type: ignore[index]
        assert int(card.number.text()) == count
        card.heading.click()  # type: ignore[attr-defined]
        stage.settle()
        place, name, target, filtered = BEHIND[key]
        assert window.place == place
        grid = attrgetter(name)(window.page)
        assert grid.isVisible()
        assert grid.source.count() == count
        assert {getattr(row, target) for row in grid.rows()} == lines
        assert {wanted.name for wanted in grid.request.filters} == filtered
        stage.page("today")


def test_a_change_is_seen_at_once(open_window: Open, sqlite_ready: str) -> None:
    window = open_window(Role.ACCOUNT_MANAGER)
    assert cards(window)["drafts"] == []
    assert make(session_of("am"), 1)
    window.context.changed.emit(today(window).subjects)
    assert len(cards(window)["drafts"]) == 1


def _line(text: str, since_days: int, calendar_days: int, day: Day) -> None:
    since = datetime.combine(day.today - timedelta(days=calendar_days), time(9), COMPANY_ZONE)
    assert day.waited(since) == since_days, text


def test_waiting_is_counted_in_working_days() -> None:
    """The day of arrival does not count, nor a weekend or a holiday; a make-up day does."""
    actor = session_of("sales").actor
    calendar = WorkCalendar({2026: {"off": {date(2026, 10, 1)}, "work": {date(2026, 9, 27)}}})
    monday = Day(actor, date(2026, 9, 28), calendar)
    _line("today", 0, 0, monday)
    _line("on Friday: the make-up Sunday and Monday", 2, 3, monday)
    _line("on Saturday", 2, 2, monday)
    friday = Day(actor, date(2026, 10, 2), calendar)
    _line("since Monday, with a holiday", 3, 4, friday)


def test_late_cases_stand_first_and_are_marked(
    open_window: Open, sqlite_ready: str, clock: Clock
) -> None:
    first = make(session_of("am", clock), 1)
    factory.submit(session_of("am", clock), first)
    clock.advance(days=10)
    second = make(session_of("am", clock), 2)
    factory.submit(session_of("am", clock), second)
    found = waiting_card(session_of("sales", clock).actor, session_of("sales", clock).today())
    assert [(line.target, line.late) for line in found.lines] == [
        (("accreditation", first), True),
        (("accreditation", second), False),
    ]
    assert found.late


def waiting_card(actor: Actor, day: date) -> Card:
    return next(card for card in work.cards(actor, day) if card.key == "waiting")


def test_cards_with_something_late_come_first(
    monkeypatch: pytest.MonkeyPatch, sqlite_ready: str
) -> None:
    def made(key: str, late: bool) -> Callable[[Day], Card]:
        return lambda _day: Card(key, key, (Line("a", "", "today", None, late),), "")

    own = (Action.OWN_PASSWORD,)
    monkeypatch.setattr(work, "CARDS", ((own, made("early", False)), (own, made("late", True))))
    found = work.cards(session_of("am").actor, date(2026, 7, 1))
    assert [card.key for card in found] == ["late", "early"]


def test_enter_begins_with_the_first(open_window: Open, sqlite_ready: str, qtbot: QtBot) -> None:
    manager = session_of("am")
    application = make(manager, 1)
    factory.submit(manager, application)
    window = open_window(Role.SALES_HEAD)
    window.activateWindow()
    page = today(window)
    Stage(window).settle()  # what is done once a day may read the cards again
    page.refresh()  # another desk has written
    Stage(window).settle()
    focused = window.focusWidget()
    assert focused is page.views[0].table
    qtbot.keyClick(focused, Qt.Key.Key_Return)
    assert window.place == "approvals"
    Stage(window).settle()
    row = window.page.queue.row()  # type: ignore[attr-defined]
    assert row.key == ("accreditation", application)


def test_the_button_begins_too_or_says_why_not(open_window: Open) -> None:
    window = open_window(Role.ADMINISTRATOR)
    page = today(window)
    assert page.start_button.isEnabled()
    page.start_button.click()
    assert window.place == "settings"
    window.hide()
    idle = today(open_window(Role.FINANCE))
    assert not idle.start_button.isEnabled()
    assert "没有待办" in idle.start_button.toolTip()


def test_an_empty_day_is_friendly_and_names_what_was_looked_at(open_window: Open) -> None:
    page = today(open_window(Role.GENERAL_MANAGER))
    assert page.views == []
    assert page.empty.isVisible()
    assert "没有待办" in page.empty.label.text()
    assert page.cards[0].empty in page.empty.label.text()


def test_a_heading_opens_the_list_behind_it(open_window: Open, sqlite_ready: str) -> None:
    furnish(waiting)
    window = open_window(Role.SALES_HEAD)
    heading = today(window).views[0].heading
    assert isinstance(heading, QPushButton)
    heading.click()
    assert window.place == "approvals"


def test_without_a_database_the_last_cards_stay_with_their_time(
    open_window: Open, sqlite_ready: str
) -> None:
    furnish(waiting)
    window = open_window(Role.SALES_HEAD)
    page = today(window)
    before = list(page.views)
    page._failed(Unreachable(Reason("reason.database_unreachable", {"where": "x"})))
    assert page.views == before
    assert page.notice.isVisible()
    assert page._read_at in page.notice.text()
    page.refresh()
    Stage(window).settle()
    assert not page.notice.isVisible()


@pytest.mark.parametrize("size", [(1024, 760), (1180, 760), (1366, 768)])
def test_long_words_end_inside_the_card(size: tuple[int, int], open_window: Open) -> None:
    """A long stage in English beside a long name: shortened with an ellipsis, not cut."""
    window = open_window(Role.ACCOUNT_MANAGER, "today", language="en", size=size)
    page = today(window)
    name, remark = (
        "辽阳石化分公司聚丙烯经销有限公司",
        "General manager's approval · 34 working days",
    )
    lines = tuple(Line(name, remark, "customers", ("application", n)) for n in (1, 2))
    titles = ("Waits for my decision", "My applications in review")
    page._show([Card("review", title, lines, "None is in review.") for title in titles])
    Stage(window).settle()
    assert problems(window) == []
    for view in page.views:
        grid = view.table
        last = grid.columnViewportPosition(1) + grid.columnWidth(1)
        assert last <= grid.viewport().width()
    if size == (1024, 760):  # in a small window nothing has to be shortened
        measure = page.views[0].table.fontMetrics().horizontalAdvance
        assert measure(remark) < page.views[0].table.columnWidth(1)
