"""Complaints through the window: recorded on the card, seen today, re-graded and closed (C12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.complaints import ComplaintState, Severity
from chemsales.rules.roles import Actor, Role
from chemsales.storage.database import connected, rows
from chemsales.words import say
from tests.factory import Clock, accredit, draft_of
from tests.factory_complaints import accept
from tests.furnishing import furnish
from tests.scenes import Stage
from tests.ui.acting import dialog_of
from ui.dialogs.complaint import ComplaintClosingDialog, ComplaintDialog
from ui.dialogs.reason import ReasonDialog
from ui.main_window import MainWindow
from ui.pages.customers import CustomersPage
from ui.pages.today import TodayPage
from ui.widgets.labels import PlainLabel
from ui.work.cards import Day
from ui.work.complaints import open_card

MANAGER, SALES, GM = Role.ACCOUNT_MANAGER, Role.SALES_HEAD, Role.GENERAL_MANAGER
NAME, SAID = "青岛信诚化工有限公司", "膜卷粘连，要求退换两吨。"
Open = Callable[..., MainWindow]
Settle = Callable[[], None]


def customer() -> int:
    return accredit(draft_of(NAME, 7))


def page_of(window: MainWindow, key: int) -> CustomersPage:
    stage = Stage(window)
    page = stage.page("customers")
    assert isinstance(page, CustomersPage)
    page.open(("complaints", key))
    stage.settle()
    assert page.card.complaints.isVisible()
    return page


def today_of(window: MainWindow, settle: Settle) -> list[str]:
    """What the card of today tells of complaints; the first line is gone to."""
    page = Stage(window).page("today")
    settle()
    assert isinstance(page, TodayPage)
    (card,) = (each for each in page.cards if each.key == "complaints")
    if card.lines:
        window.context.go.emit(card.lines[0].place, card.lines[0].target)
        settle()
    return [f"{line.text} {line.remark}" for line in card.lines]


def test_c12_a_complaint_from_the_call_to_its_closing(open_window: Open, settle: Settle) -> None:
    key = furnish(customer)
    window = open_window(MANAGER)
    page = page_of(window, key)
    pane = page.card.complaints
    page.complaints.accept()
    settle()
    dialog = dialog_of(ComplaintDialog)
    assert isinstance(dialog, ComplaintDialog)
    form = dialog.form
    assert form["received_time"].text() == "12:00" and form["received_on"].text() == "2026-07-06"
    dialog.give()
    assert form["channel"].wrong and form["content"].wrong
    form["received_time"].set_text("1201")
    form["channel"].set_text("telephone")
    form["content"].set_text(SAID)
    dialog.give()
    assert form["received_time"].wrong
    form["received_time"].set_text("1140")
    dialog.give()
    settle()
    row = pane.grid.row()
    assert (row.number, row.content, row.state) == ("T-2026-0001", SAID, ComplaintState.OPEN)
    assert not pane.close_button.isEnabled() and pane.close_button.toolTip()
    told: list[str] = []
    window.context.said.connect(told.append)
    pane.grades[Severity.MAJOR].click()
    asked = dialog_of(ReasonDialog)
    asked.edit.setPlainText("客户停车待料")  # type: ignore[attr-defined]
    asked.verb.click()  # type: ignore[attr-defined]
    settle()
    assert pane.grid.row().severity is Severity.MAJOR
    assert not pane.grades[Severity.MAJOR].isVisible()
    assert told == ["T-2026-0001 性质已调整：一般 → 较大。"]
    read = [each.text() for each in pane.findChildren(PlainLabel)]
    assert [text for text in read if text.startswith("一般 → 较大") and "客户停车待料" in text]
    assert today_of(window, settle) == [f"{NAME} T-2026-0001 · 较大 · 还剩 3 个工作日"]


def test_c12_2_a_grave_one_is_not_closed_without_its_meeting(
    open_window: Open, settle: Settle
) -> None:
    key = furnish(customer)
    with connected():
        accept(key, severity=Severity.SERIOUS, content=SAID)
    window = open_window(SALES)
    assert len(today_of(window, settle)) == 1
    page = window.page
    assert isinstance(page, CustomersPage)
    pane = page.card.complaints
    assert pane.isVisible() and not any(made.isVisible() for made in pane.grades.values())
    pane.close_button.click()
    settle()
    dialog = dialog_of(ComplaintClosingDialog)
    assert isinstance(dialog, ComplaintClosingDialog)
    form = dialog.form
    form["opinion"].set_text("同意退换两吨。")
    form["told_way"].set_text("telephone")
    dialog.give()
    for name in ("meeting_on", "meeting_attendees", "meeting_decision"):
        assert form[name].wrong and form[name].message.text(), name
    form["meeting_on"].set_text("2026-07-03")
    form["meeting_attendees"].set_text("赵敏、王芳、质检科")
    form["meeting_decision"].set_text("退换两吨。")
    dialog.give()
    assert "2026-07-06" in form["meeting_on"].message.text()
    form["meeting_on"].set_text("2026-07-06")
    dialog.give()
    settle()
    assert pane.grid.row().state is ComplaintState.CLOSED and not pane.close_button.isVisible()
    with connected():
        assert rows("SELECT meeting_chair, told_by FROM complaint") == [("gm", "张伟")]
    told = [say(row.what) for _at, row in page.card.timeline.grid.rows()]
    assert told[0] == "投诉 T-2026-0001 由王芳办结。同意退换两吨。"
    assert today_of(window, settle) == []


def test_a_draft_of_yesterday_keeps_the_minute_of_receipt(
    open_window: Open, settle: Settle, clock: Clock
) -> None:
    page = page_of(open_window(MANAGER), furnish(customer))
    shown = []
    for _sitting in range(2):
        page.complaints.accept()
        settle()
        dialog = dialog_of(ComplaintDialog)
        assert isinstance(dialog, ComplaintDialog)
        dialog.bar.restore.click()
        shown.append([dialog.form[name].text() for name in ("received_on", "received_time")])
        assert dialog.form["content"].text() == ("" if len(shown) == 1 else SAID)
        dialog.form["content"].set_text(SAID)
        dialog.reject()
        settle()
        clock.advance(days=1, hours=3)
    assert shown == [["2026-07-06", "12:00"]] * 2


def test_a_sales_head_who_manages_customers_too_is_told_of_all(ready: str) -> None:
    accept(customer())
    told = []
    for roles in ({MANAGER}, {MANAGER, SALES}, {SALES}):
        actor = Actor("am2", "刘洋", frozenset(roles))
        day = Day(actor, date(2026, 7, 6), WorkCalendar())
        told.append([line.text for line in open_card(day).lines])
    assert told == [[], [NAME], [NAME]]


def test_others_read_them(open_window: Open) -> None:
    key = furnish(customer)
    with connected():
        accept(key, content=SAID)
    page = page_of(open_window(GM), key)
    pane = page.card.complaints
    assert pane.grid.row().content == SAID and page.complaints.why(shown=True)
    for made in (pane.close_button, *pane.grades.values()):
        assert made.isVisible() and not made.isEnabled() and made.toolTip()
