"""Licences through the window: recorded by the manager, accepted by two, suspended and lifted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from chemsales.queries.approval import queue
from chemsales.queries.filtering import Request
from chemsales.queries.licence_lists import papers
from chemsales.queries.licences import dealing_blockers
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import DocumentKind
from chemsales.rules.licences import LicenceState
from chemsales.rules.roles import Role
from chemsales.storage.database import connected, rows
from tests.factory import NOON, Clock, draft_of, session_of
from tests.factory_disqualification import disqualify
from tests.factory_licences import accredit_dated, further_papers, verdict
from tests.furnishing import (
    EXPIRING,
    accredit,
    application,
    expiring,
    furnish,
    paper,
    record_paper,
    scan,
)
from tests.scenes import Stage
from tests.ui.acting import Person, button_of, dialog_of, drop, is_open, key
from tests.ui.reviewing import page_of, shown_titles, texts, titles
from tests.waiting import run_events
from ui.dialogs.licence import PAUSE_MS, LicenceDialog, LicenceForm
from ui.dialogs.preview import PreviewDialog
from ui.main_window import MainWindow
from ui.pages import licences
from ui.pages.licences import LicencesPage
from ui.text import dotted
from ui.widgets.customer_picker import Picked
from ui.widgets.labels import Badge
from ui.work.licences import due

MANAGER, SALES, FINANCE = Role.ACCOUNT_MANAGER, Role.SALES_HEAD, Role.FINANCE
NAMED = list(EXPIRING)
Open = Callable[..., MainWindow]
Settle = Callable[[], None]
HEAD = session_of("sales").actor
TODAY = session_of("sales").today()


@pytest.fixture
def keys(sqlite_ready: str) -> list[int]:
    """The customers of `expiring`."""
    return furnish(expiring)


def opened(window: MainWindow) -> LicencesPage:
    page = Stage(window).page("licences")
    assert isinstance(page, LicencesPage)
    return page


def names(page: LicencesPage) -> list[str]:
    return [row.name for row in page.papers.rows()]


def filled(dialog: LicenceDialog, **texts: str) -> None:
    for name, text in texts.items():
        dialog.form[name].set_text(text)


def test_c15_1_the_page_opens_on_what_ends_within_ninety_days(
    keys: list[int], open_window: Open, settle: Settle
) -> None:
    page = opened(open_window(MANAGER))
    assert names(page) == [NAMED[at] for at in (3, 6, 0, 5, 1, 2)]
    said = [button.text() for button in page.bands.buttons.values()]
    counts = ["90 天内（6）", "已过期（2）", "30 天内（3）", "31 至 90 天（1）", "未到期（1）"]
    assert said == counts
    for made in list(page.bands.buttons.values())[1:]:
        Person().click(made)
        settle()
        assert made.isChecked()
        assert made.text().endswith(f"（{len(page.papers.rows())}）")
    Person().click(made)  # once more: all that is due again
    settle()
    assert len(names(page)) == 6
    column = page.papers.columns[page.papers.names.index("left")]
    left = [column.shown(row) for row in page.papers.rows()]
    assert left[:3] == ["已过期 16 天", "已过期 5 天", "剩 5 天"]


def test_the_chosen_paper_stands_beside_with_scan_reason_and_history(
    keys: list[int], open_window: Open, settle: Settle, qtbot: QtBot
) -> None:
    page = opened(open_window(SALES))
    page.papers.selectRow(1)
    settle()
    assert page.shown is not None
    assert page.shown.row.name == NAMED[6]
    assert [reason.clause for reason in page.shown.reasons] == ["C15.2"]
    assert [row.state for row in page.shown.history] == [LicenceState.WAITING]
    qtbot.waitUntil(lambda: page.case.viewer.view.pages > 0, timeout=20_000)
    assert not page.acts["licences.new"].isEnabled()  # the account manager records


def test_c15_2_recorded_accepted_by_two_and_lifted_the_same_day(
    keys: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    file = tmp_path / "新执照.pdf"
    file.write_bytes(scan("RENEWED"))
    said: list[str] = []
    window = open_window(MANAGER)
    window.context.said.connect(said.append)
    page = opened(window)
    key(page, "Ctrl+N")
    settle()
    dialog = dialog_of(LicenceDialog)
    assert isinstance(dialog, LicenceDialog)
    assert dialog.form["customer"].value().name == NAMED[3]
    filled(dialog, number="913701209", valid_from="20260701", valid_to="2026-06-30")
    key(dialog, "Ctrl+Return")
    settle()
    assert dialog.form["file"].wrong
    dialog.form["file"].editor.add([file])  # type: ignore[attr-defined]
    key(dialog, "Ctrl+Return")
    settle()
    assert dialog.form["valid_to"].message.text()  # it ends before it begins
    filled(dialog, valid_from="20260601", valid_to="20260705")
    key(dialog, "Ctrl+Return")
    settle()
    assert "2026-07-05" in dialog.form["valid_to"].message.text()  # it has ended
    filled(dialog, valid_from="20260701")
    filled(dialog, valid_to="20360630")
    key(dialog, "Ctrl+Return")
    settle()
    assert not is_open(LicenceDialog)
    assert said == [f"已提交审核：{NAMED[3]} · 913701209"]
    assert len(dealing_blockers(HEAD, keys[3], TODAY)) == 1
    for role in (SALES, FINANCE):
        approvals = page_of(open_window(role, "approvals"))
        approvals.queue.select_key(next(r.case_id for r in approvals.queue.rows()
                                        if r.title == NAMED[3]))  # fmt: skip
        settle()
        assert approvals.loaded is not None
        assert approvals.loaded.licence is not None
        assert [reason.clause for reason in approvals.loaded.licence.lifts] == ["C15.2"]
        key(approvals, "Ctrl+Return")
        settle()
        assert NAMED[3] not in titles(approvals)
    assert dealing_blockers(HEAD, keys[3], TODAY) == ()
    (row, *_others) = [r for r in papers(HEAD, TODAY, customer_id=keys[3]) if r.number[-1] == "9"]
    assert (row.state, row.accepted_on) == (LicenceState.IN_FORCE, TODAY)


def test_c15_2_the_queue_tells_papers_of_one_customer_apart(
    keys: list[int], open_window: Open, settle: Settle
) -> None:
    with connected():
        further_papers(keys[6], keys[0])
    window = open_window(SALES, "approvals")
    window.resize(1366, 768)
    settle()
    page = page_of(window)
    assert shown_titles(page) == {
        f"{NAMED[6]} · 证照 · 营业执照",
        f"{NAMED[6]} · 证照 · 危险化学品经营/使用许可证",
        f"{NAMED[0]} · 受理回执 · 营业执照",
    }
    column, text = page.queue.names.index("title"), page.queue.fontMetrics()
    for row in page.queue.rows():  # however narrow the column is, the customer is read in it
        assert text.horizontalAdvance(row.title) < page.queue.columnWidth(column), row.title
    page.queue.select_key(next(row.case_id for row in page.queue.rows() if row.title == NAMED[0]))
    settle()
    assert page.case.name.text() == f"受理回执 · 营业执照 · {NAMED[0]}"


@pytest.mark.parametrize("width", [1024, 1366])
def test_c15_2_a_renewal_on_today_names_its_customer_first(
    keys: list[int], open_window: Open, settle: Settle, width: int
) -> None:
    """As the queue does, so that it is read however narrow the card is; also where it came back."""
    with connected():
        further_papers(keys[6], keys[0])
    made = record_paper(keys[3], paper("913701209", date(2036, 7, 1)))
    verdict(made, "sales", Verdict.RETURN)
    for role, card, count in ((SALES, "waiting", 3), (MANAGER, "returned", 1)):
        window = open_window(role, "today", size=(width, 768))
        settle()
        (view,) = [each for each in window.page.views if each.card.key == card]
        listed = {
            row.listed for row in queue(session_of({SALES: "sales", MANAGER: "am"}[role]).actor)
        }
        assert {line.text for line in view.card.lines} == listed and len(listed) == count
        drawn, room = view.table.fontMetrics(), view.table.columnWidth(0)
        for line in view.card.lines:
            name, *what = line.text.split(" · ")
            assert name in NAMED and what[0] in ("证照", "受理回执")
            assert drawn.horizontalAdvance(f"{name} · ") < room, line.text


def test_a_scan_dropped_on_a_row_fills_customer_and_kind(
    keys: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    file = tmp_path / "执照.pdf"
    file.write_bytes(scan("RENEWED"))
    page = opened(open_window(MANAGER))
    grid = page.papers
    drop(grid, [file], QPointF(30, grid.rowViewportPosition(2) + 5))
    settle()
    dialog = dialog_of(LicenceDialog)
    assert isinstance(dialog, LicenceDialog)
    assert dialog.form["customer"].value().id == keys[0]
    assert dialog.form["kind"].text() == DocumentKind.BUSINESS_LICENCE
    assert dialog.form["file"].value() == (str(file),)


def test_a_number_of_another_customer_is_said_while_typing(
    keys: list[int], open_window: Open, settle: Settle
) -> None:
    page = opened(open_window(MANAGER))
    page.new_licence()
    dialog = dialog_of(LicenceDialog)
    assert isinstance(dialog, LicenceDialog)
    filled(dialog, number="913202811")
    run_events(350)
    settle()
    assert NAMED[4] in dialog.warning.text()


def test_c15_1_a_second_renewal_is_greyed_with_the_one_that_waits(
    keys: list[int], open_window: Open, settle: Settle
) -> None:
    """The renewal of the chosen customer waits for the sales head; a proof of it may be given."""
    page = opened(open_window(MANAGER))
    page._ask_record(LicenceForm(Picked(keys[6], NAMED[6]), "business_licence"))
    settle()
    dialog = dialog_of(LicenceDialog)
    assert isinstance(dialog, LicenceDialog)
    said = "营业执照（913706841）已于 2026-07-03 提交、正在审核"
    assert not dialog.verb.isEnabled() and said in dialog.verb.toolTip()
    assert dialog.warning.text().startswith(said)
    filled(dialog, proof="1")
    run_events(PAUSE_MS + 50)
    settle()
    assert dialog.verb.isEnabled() and not dialog.warning.isVisible()


def test_a_long_term_paper_has_no_last_day(
    keys: list[int], open_window: Open, settle: Settle
) -> None:
    page = opened(open_window(MANAGER))
    page.new_licence()
    dialog = dialog_of(LicenceDialog)
    assert isinstance(dialog, LicenceDialog)
    filled(dialog, valid_to="20300101", long_term="1")
    assert dialog.form["valid_to"].text() == ""
    assert dialog.form["valid_to"].editor.isReadOnly()
    filled(dialog, long_term="")
    assert not dialog.form["valid_to"].editor.isReadOnly()


def test_returned_corrected_and_put_up_again(
    keys: list[int], open_window: Open, settle: Settle
) -> None:
    made = record_paper(keys[3], paper("913701209", date(2036, 7, 1)))
    verdict(made, "sales", Verdict.RETURN)
    said: list[str] = []
    window = open_window(MANAGER, "approvals")
    window.context.said.connect(said.append)
    approvals = page_of(window)
    assert titles(approvals) == [NAMED[3]]
    Person().click(approvals.case.correct)
    settle()
    dialog = dialog_of(LicenceDialog)
    assert isinstance(dialog, LicenceDialog)
    assert dialog.form["customer"].editor.isReadOnly()
    filled(dialog, number="913701210")
    Person().click(button_of(dialog, "重新提交"))
    settle()
    assert said == [f"已提交审核：{NAMED[3]} · 913701210"]
    assert not is_open(LicenceDialog)
    (row,) = [each for each in papers(HEAD, TODAY) if each.id == made]
    assert (row.number, row.state) == ("913701210", LicenceState.WAITING)


def test_withdrawn_before_anybody_accepted_it(
    keys: list[int], open_window: Open, settle: Settle
) -> None:
    made = record_paper(keys[3], paper("913701209", date(2036, 7, 1)))
    page = opened(open_window(MANAGER))
    page.open(made)
    settle()
    assert page.shown is not None and page.shown.row.id == made
    Person().click(page.withdraw)
    settle()
    (row,) = [each for each in papers(HEAD, TODAY) if each.id == made]
    assert row.state is LicenceState.REFUSED
    assert not page.withdraw.isVisible()


def test_c15_2_the_card_says_since_when_and_why(
    keys: list[int], open_window: Open, settle: Settle
) -> None:
    window = open_window(MANAGER)
    page = Stage(window).page("customers")
    page.open(("licences", keys[3]))
    settle()
    card = page.card  # type: ignore[attr-defined]
    assert card.suspended.isVisible()
    assert "2026-06-21" in card.suspended.badge.text()
    assert "913701003" in card.suspended.why.text()
    assert card.tabs.currentWidget() is card.licences
    assert [row.first for row in card.licences.suspensions.rows()] == [date(2026, 6, 21)]
    Person().click(card.licences.record)
    settle()
    dialog = dialog_of(LicenceDialog)
    assert dialog.form["customer"].value().id == keys[3]  # type: ignore[attr-defined]
    dialog.close()
    page.open(keys[0])
    settle()
    assert not card.suspended.isVisible()


def unnoted() -> int:
    """A customer whose licence ended the day before yesterday, since when nobody signed in."""
    ended = TODAY - timedelta(days=2)
    return accredit_dated("未登记化工有限公司", 61, ended, Clock(NOON - timedelta(days=30)))


def test_c15_2_a_suspension_is_listed_before_the_daily_run_notes_it(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    """On the card of the customer, and in the list as on the card of today."""
    key = furnish(unnoted)
    window = open_window(MANAGER)
    page = Stage(window).page("customers")
    page.open(("licences", key))
    settle()
    card = page.card  # type: ignore[attr-defined]
    assert card.suspended.isVisible()
    found = opened(window)
    found.tabs.setCurrentWidget(found.frames["suspensions"])
    settle()
    for grid in (card.licences.suspensions, found.suspensions):
        ((customer, first, last, noted),) = [
            (row.customer_id, row.first, row.last, row.noted_at) for row in grid.rows()
        ]
        assert (customer, first, last, noted) == (key, TODAY - timedelta(days=1), None, None)
    assert due(HEAD, TODAY).suspended == 1
    assert not rows("SELECT 1 FROM suspension")


def test_letters_to_the_customers_of_the_ticked_rows(
    keys: list[int], open_window: Open, settle: Settle, qtbot: QtBot
) -> None:
    page = opened(open_window(SALES))
    page.papers.tick([page.papers.source.key(0), page.papers.source.key(2)])
    key(page, "Ctrl+P")
    settle()
    dialog = dialog_of(PreviewDialog)
    assert isinstance(dialog, PreviewDialog)
    qtbot.waitUntil(lambda: dialog.preview.view.pages == 2, timeout=20_000)
    dialog.close()


def test_letters_go_to_the_customers_of_the_list_in_sight(
    keys: list[int], open_window: Open, settle: Settle
) -> None:
    page = opened(open_window(SALES))
    page.tabs.setCurrentWidget(page.frames["suspensions"])
    settle()
    page.suspensions.select_first()
    row = page.suspensions.row()
    assert row is not None
    other = next(each for each in page.papers.rows() if each.customer_id != row.customer_id)
    page.papers.tick([other.id])
    with mock.patch.object(licences, "PreviewDialog") as shown:
        key(page, "Ctrl+P")
    assert shown.call_args.args[4] == {row.customer_id}
    for place in (page.horizon, page.agents):
        page.tabs.setCurrentWidget(place)
        assert not page.letters_button.isEnabled()
        assert "证照列表" in page.letters_button.toolTip()
    page.tabs.setCurrentIndex(0)
    assert page.letters_button.isEnabled()


def test_c17_1_papers_of_a_disqualified_customer_leave_page_count_and_calendar(
    keys: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    with connected():
        disqualify(keys[0])
    page = opened(open_window(MANAGER))
    assert NAMED[0] not in names(page) and NAMED[1] in names(page)
    file = tmp_path / "证照.ics"
    page.write_calendar(file)
    settle()
    text = file.read_bytes().decode("utf-8").replace("\r\n ", "")
    assert NAMED[0] not in text and NAMED[1] in text
    page.papers.ask(Request(NAMED[0]))
    settle()
    grid = page.papers
    model, titles_of = grid.model(), [column.title for column in grid.columns]
    said = ("状态", "到期情况", "剩余天数")
    shown = [model.index(0, titles_of.index(title)).data() for title in said]
    assert shown == ["已取消资格", "", "不再监控"]
    assert any("不再监控" in made.text() for made in page.case.findChildren(Badge))


def test_the_last_days_go_into_a_calendar_file(
    keys: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    page = opened(open_window(MANAGER))
    file = tmp_path / "证照.ics"
    page.write_calendar(file)
    settle()
    first = file.read_bytes()
    text = first.decode("utf-8").replace("\r\n ", "")
    days = [line for line in text.split("\r\n") if line.startswith("DTSTART")]
    ends = sorted(day for day in EXPIRING.values() if day >= TODAY)
    assert len(days) == len(ends) + 1  # and the proof's own
    assert {f"DTSTART;VALUE=DATE:{day:%Y%m%d}" for day in ends} < set(days)
    assert text.count("TRIGGER") == 5 * len(days)
    page.write_calendar(file)
    settle()
    assert file.read_bytes() == first


def test_a_paper_without_a_number_leaves_no_gap_among_those_of_its_kind(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    key = application(draft_of("无号化工有限公司", 71), valid_to=date(2026, 9, 30), number="")
    record_paper(accredit(key, Clock(NOON)), paper("913701209", date(2036, 7, 1)))
    page = page_of(open_window(SALES, "approvals"))
    lines = texts(page.case.cases)
    assert dotted(("有效", "证照", "2026-09-30")) in lines
    assert not [line for line in lines if "·  ·" in line]


def test_a_paper_without_a_number_leaves_no_gap_in_the_calendar(
    sqlite_ready: str, open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    key = application(draft_of("无号化工有限公司", 71), valid_to=date(2026, 9, 30), number="")
    accredit(key, Clock(NOON))
    page, file = opened(open_window(MANAGER)), tmp_path / "证照.ics"
    page.write_calendar(file)
    settle()
    text = file.read_bytes().decode("utf-8").replace("\r\n ", "")
    assert "DESCRIPTION:C00001 · 证照 · 张伟\r\n" in text
