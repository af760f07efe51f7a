"""Evaluation through the window: computed, signed, printed within three clicks from anywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialogButtonBox, QLineEdit
from pytestqt.qtbot import QtBot

from chemsales.queries import evaluation as queries
from chemsales.queries.duties import duties
from chemsales.queries.evaluation_reports import meeting, sheets
from chemsales.reports import duties as duties_report
from chemsales.reports import evaluation_sheet, operating_meeting
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.roles import Role
from chemsales.services import evaluation as service
from chemsales.services import people
from chemsales.storage.database import rows
from chemsales.words import label
from tests.factory import Clock, employ, session_of
from tests.factory_offtake import rate
from tests.furnishing import furnish, months, run, unfinished
from tests.ui.acting import Person, button_of, dialog_of, is_open
from tests.waiting import run_events
from ui.main_window import MainWindow
from ui.pages.approvals import ApprovalsPage
from ui.pages.evaluation import EvaluationPage

MANAGER, SALES = Role.ACCOUNT_MANAGER, Role.SALES_HEAD
PLACES = ("today", "approvals", "customers", "tiers", "settings")
Open = Callable[..., MainWindow]
Settle = Callable[..., None]
AUDITOR = session_of("auditor").actor


def page_of(window: MainWindow) -> EvaluationPage:
    """The evaluation page of a window."""
    assert isinstance(window.page, EvaluationPage)
    return window.page


def ready(page: EvaluationPage, settle: Settle) -> None:
    """Wait until the pages of the preview are there."""
    settle(60)
    for _number in range(200):
        if page.preview.view.pages:
            return
        run_events(10)
    raise AssertionError("no preview")


def print_to(paper: Path) -> QAbstractButton:
    """The print button of the system's dialog, which will print into this file."""
    dialog = dialog_of(QPrintDialog)
    dialog.findChild(QLineEdit, "filename").setText(str(paper))
    box = dialog.findChild(QDialogButtonBox)
    accept = QDialogButtonBox.ButtonRole.AcceptRole
    return next(made for made in box.buttons() if box.buttonRole(made) == accept)


@pytest.mark.parametrize("place", PLACES)
def test_c16_1_print_is_three_clicks_away_from_anywhere(
    place: str,
    sqlite_ready: str,
    open_window: Open,
    settle: Settle,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    furnish(run)
    window = open_window(SALES, place)
    person = Person()
    person.click(window.rail.tabs["evaluation"])
    page = page_of(window)
    ready(page, settle)
    shown = page.preview.data
    assert shown == evaluation_sheet.render(sheets(AUDITOR, 1))
    assert page.preview.view.document.data == shown
    person.click(page.preview.print_button)
    paper = tmp_path / "paper.pdf"
    with qtbot.waitSignal(page.preview.printed, timeout=30_000) as printed:
        person.click(print_to(paper))
    assert person.clicks == 3
    assert printed.args == [True]
    assert len(PdfDocument(paper)) == page.preview.view.pages == 3
    page.preview.save_to(tmp_path / "sheets.pdf")
    settle()
    assert (tmp_path / "sheets.pdf").read_bytes() == shown


def test_not_computed_yet_is_three_clicks_too(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(months)
    window = open_window(MANAGER, "customers")
    person = Person()
    person.click(window.rail.tabs["evaluation"])
    settle()
    page = page_of(window)
    assert page.period.currentData() == "2026Q2"
    assert page.state.text().endswith("未计算")
    person.press(page, "计算并预览")
    ready(page, settle)
    person.click(page.preview.print_button)
    assert is_open(QPrintDialog)
    assert person.clicks == 3
    dialog_of(QPrintDialog).reject()
    (found,) = queries.runs(AUDITOR, "2026Q2")
    assert found.outcome is Outcome.OPEN


def test_ticked_customers_alone_are_drawn(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(run)
    page = page_of(open_window(SALES, "evaluation"))
    ready(page, settle)
    row = page.scores.rows()[0]
    page.scores.tick([row.evaluation_id])
    assert page.preview_button.text() == "预览所选 1 家"
    Person().click(page.preview_button)
    ready(page, settle)
    assert page.preview.data == evaluation_sheet.render(sheets(AUDITOR, 1, {row.customer_id}))
    assert page.preview.view.pages == 1


def test_a_score_shows_its_reasons_on_click(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(run)
    page = page_of(open_window(SALES, "evaluation"))
    ready(page, settle)
    cell = page.scores.visualRect(page.scores.rows_model.index(0, 1)).center()
    QTest.mouseClick(page.scores.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert page.tabs.currentWidget() is page.reasons
    assert button_of(page.reasons, "依据第十六条").isVisible()


def test_signed_in_approvals_then_printed_with_the_signature(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(run)
    window = open_window(SALES, "evaluation")
    page = page_of(window)
    ready(page, settle)
    unsigned = page.preview.data
    Person().click(page.sign_button)
    settle()
    approvals = window.page
    assert isinstance(approvals, ApprovalsPage)
    assert approvals.case.name.text() == "客户评审 2026Q2"
    Person().click(approvals.bar.buttons[Verdict.APPROVE])
    settle()
    assert approvals.queue.rows() == []
    assert queries.runs(AUDITOR)[0].outcome is Outcome.APPROVED
    Person().click(window.rail.tabs["evaluation"])
    ready(page, settle)
    assert page.state.text().endswith("已同意")
    assert not page.sign_button.isVisible()
    assert page.preview.data != unsigned
    assert page.preview.data == evaluation_sheet.render(sheets(AUDITOR, 1))


def test_c16_1_what_came_back_to_a_leaver_is_found_and_computed_by_another(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    """Among what came back, as an own one would be; what followed is put up in the own name."""

    def left() -> None:
        key = run()
        (found,) = queries.runs(AUDITOR)
        service.sign(session_of("sales"), key, found.version, Verdict.RETURN, "请复核")
        ((version,),) = rows("SELECT version FROM person WHERE login = 'am'")
        people.set_active(session_of("admin"), "am", False, version)

    furnish(left)
    window = open_window(MANAGER, "today", login="am2")
    settle()
    window.show_place("approvals")
    settle()
    approvals = window.page
    assert isinstance(approvals, ApprovalsPage)
    assert [(row.kind, row.owner) for row in approvals.queue.rows()] == [("evaluation", "am")]
    assert approvals.case.correct.isVisible()
    Person().click(approvals.case.correct)
    settle(60)
    page = page_of(window)
    assert page.state.text().endswith("已退回")
    Person().click(page.compute_button)
    settle(60)
    assert page.run.text().startswith("第 2 次，刘洋")
    assert page.state.text().endswith(label(Outcome.OPEN))
    window.show_place("approvals")
    settle()
    assert window.page.queue.rows() == []


def test_who_alone_signs_does_not_compute(open_window: Open, settle: Settle) -> None:
    furnish(months)
    page = page_of(open_window(SALES, "evaluation"))
    settle()
    assert not page.compute_button.isEnabled()
    assert "唯一的销售部负责人" in page.acts["evaluation.compute"].why


def test_who_computed_does_not_sign(sqlite_ready: str, open_window: Open, settle: Settle) -> None:
    furnish(months)
    employ("head2", SALES)
    service.compute(session_of("sales"), "2026Q2")
    window = open_window(SALES, "evaluation")
    page = page_of(window)
    ready(page, settle)
    assert not page.sign_button.isEnabled()
    assert page.why.isVisible()
    window.show_place("approvals")
    settle()
    assert window.page.queue.rows() == []


def test_c16_2_summary_for_the_operating_meeting(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(run)
    page = page_of(open_window(Role.GENERAL_MANAGER, "evaluation"))
    page.tabs.setCurrentWidget(page.summary)
    settle(60)
    assert page.summary.data == operating_meeting.render(meeting(AUDITOR, 1))


def test_c7_2_separation_of_duties_is_shown_without_an_evaluation(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(months)
    window = open_window(SALES, "evaluation")
    settle()
    page = page_of(window)
    assert not page.acts["evaluation.print"].isEnabled()
    page.open(("duties", "2026Q1"))
    settle(30)
    assert page.tabs.currentWidget() is page.duties
    assert page.acts["evaluation.print"].isEnabled()
    report = duties(session_of("gm").actor, "2026Q1", window.context.session.today())
    assert report.chains[0].cases
    assert page.duties.data == duties_report.render(report)


def test_who_sees_own_cases_alone_has_no_report_of_all(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    page = page_of(open_window(MANAGER, "evaluation"))
    settle()
    assert page.tabs.indexOf(page.duties) < 0


def test_a_period_with_open_months_is_marked_as_provisional(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(unfinished)
    page = page_of(open_window(SALES, "evaluation"))
    settle(60)
    assert page.provisional.isVisible()
    assert page.provisional.text().endswith("暂定")
    assert page.run.text().endswith("未结账：2026-05、2026-06")


def test_what_need_not_or_cannot_be_computed_is_greyed_with_the_reason(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    unrated = furnish(months)[2]
    service.compute(session_of("am"), "2026Q2")
    page = page_of(open_window(MANAGER, "evaluation"))
    settle(60)
    assert not page.compute_button.isEnabled()
    assert "没有变化" in page.compute_button.toolTip()
    page.open("2026Q1")  # no month of it is closed
    settle(60)
    assert not page.compute_button.isEnabled()
    assert not page.preview_button.isEnabled()
    assert "2026年第一季度" in page.preview_button.toolTip()
    page.open("2026Q2")
    rate(Clock(), unrated, "2026-06", 12)
    page.refresh()
    settle(60)
    assert page.compute_button.isEnabled()


def test_the_periods_offered_are_those_with_data(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(months)  # of April to June
    page = page_of(open_window(SALES, "evaluation"))
    settle(60)
    assert page.period.values() == ["2026Q2", "2026H2", "2026", "2026Q3", "2026H1"]
    page.open("2025Q4")  # asked for by name
    settle(60)
    assert page.period.value() == "2025Q4"
    assert page.period.values()[-1] == "2025Q4"
    page.open("2026H1")
    settle(60)
    assert "2025Q4" not in page.period.values()


def test_a_finished_period_is_not_provisional(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(run)
    page = page_of(open_window(SALES, "evaluation"))
    settle(60)
    assert page.state.isVisible()
    assert not page.provisional.isVisible()
    assert "未结账" not in page.run.text()


def test_a_manager_without_the_right_to_sign_sees_why(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(run)
    page = page_of(open_window(MANAGER, "evaluation"))
    settle(60)
    assert not page.sign_button.isEnabled()
    for line in page.why.text().split("\n"):
        assert line in page.sign_button.toolTip()
