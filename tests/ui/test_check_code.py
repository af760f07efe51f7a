"""Checking a paper's code in the window: typed, found with its signatures, gone to; slips shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from chemsales.queries import check_codes
from chemsales.queries.application_form import application_form
from chemsales.queries.renewal_letters import renewal_letters
from chemsales.rules.roles import Role
from tests.factory import accredit, draft_of, session_of
from tests.furnishing import expiring
from tests.scenes import Stage
from tests.ui import keyboard
from tests.ui.acting import Person, key
from tests.ui.text_fit import problems
from ui import theme
from ui.dialogs.check_code import CheckCodeDialog
from ui.main_window import MainWindow
from ui.pages.customers import CustomersPage
from ui.tab_order import stops
from ui.widgets.decisions import DecisionsView
from ui.widgets.labels import PlainLabel

Open = Callable[..., MainWindow]


def test_a_code_leads_to_its_paper(open_window: Open) -> None:
    stage = Stage(open_window(Role.FINANCE))
    customer = accredit(draft_of("纸面有限公司", 1))
    code = application_form(session_of("finance").actor, 1).footer.code
    stage.window.acts["check_code"].trigger()
    dialog = stage.dialog(CheckCodeDialog)
    assert isinstance(dialog, CheckCodeDialog)
    QTest.keyClicks(dialog.edit, code[:-1])
    key(dialog, "Return")
    stage.settle()
    assert dialog.form["code"].wrong
    assert dialog.match is None and not dialog.open_button.isVisible()
    QTest.keyClicks(dialog.edit, code[-1].lower())
    key(dialog, "Return")
    stage.settle()
    assert dialog.match is not None and dialog.match.customer == "纸面有限公司"
    assert len(dialog.match.decisions) == 4 and not dialog.match.since
    assert customer
    Person().click(dialog.open_button)
    stage.settle()
    assert stage.window.place == "customers"


def test_c15_1_the_code_of_a_renewal_letter_leads_to_the_customers_papers(
    open_window: Open,
) -> None:
    stage = Stage(open_window(Role.ACCOUNT_MANAGER))
    customer = expiring()[3]
    session = session_of("am")
    (letter,) = renewal_letters(session.actor, session.today(), [customer])
    stage.window.acts["check_code"].trigger()
    dialog = stage.dialog(CheckCodeDialog)
    assert isinstance(dialog, CheckCodeDialog)
    QTest.keyClicks(dialog.edit, letter.footer.code)
    key(dialog, "Return")
    stage.settle()
    said = [each.text() for each in dialog.findChildren(PlainLabel)]
    assert any(letter.number in each and letter.customer_name in each for each in said), said
    assert "纸面所载签批" not in said and not dialog.findChildren(DecisionsView)
    Person().click(dialog.open_button)
    stage.settle()
    page = stage.window.page
    assert isinstance(page, CustomersPage)
    assert page.card.tabs.currentWidget() is page.card.licences


def test_another_code_forgets_what_was_found(open_window: Open) -> None:
    stage = Stage(open_window(Role.AUDITOR))
    accredit(draft_of("纸面有限公司", 1))
    stage.window.acts["check_code"].trigger()
    dialog = stage.dialog(CheckCodeDialog)
    assert isinstance(dialog, CheckCodeDialog)
    dialog.form["code"].set_text(application_form(session_of("auditor").actor, 1).footer.code)
    dialog.check()
    stage.settle()
    assert dialog.match is not None
    QTest.keyClicks(dialog.edit, "0")
    assert dialog.match is None and not dialog.open_button.isVisible()
    dialog.form["code"].set_text("0000-0000-0000")
    Person().click(dialog.verb)
    stage.settle()
    assert dialog.match is None and dialog.found.count() == 2  # the badge and the sentence


def test_who_reads_no_business_is_told_why(open_window: Open) -> None:
    act = open_window(Role.ADMINISTRATOR).acts["check_code"]
    assert not act.isEnabled() and act.why


def test_what_was_found_scrolls_where_the_screen_is_full(
    open_window: Open, qapp: QApplication
) -> None:
    theme.apply(qapp, "light", 150)
    stage = Stage(open_window(Role.AUDITOR))
    accredit(draft_of("纸面有限公司", 1))
    code = application_form(session_of("auditor").actor, 1).footer.code
    match = check_codes.check(session_of("auditor").actor, code, date(2026, 7, 6))
    assert match is not None
    stage.window.acts["check_code"].trigger()
    dialog = stage.dialog(CheckCodeDialog)
    assert isinstance(dialog, CheckCodeDialog)
    rounds = [
        replace(each, round=number, comment="请补正营业执照复印件后再报。")
        for number in range(1, 6)
        for each in match.decisions
    ]
    dialog._show(replace(match, decisions=tuple(rounds)))
    stage.settle()
    screen = dialog.screen().availableGeometry()
    assert dialog.frameGeometry().top() >= 0
    assert dialog.frameGeometry().bottom() <= screen.bottom()
    for button in (dialog.cancel_button, dialog.open_button, dialog.verb):
        assert dialog.rect().contains(button.geometry()) and not button.visibleRegion().isEmpty()
    (area,) = filter(QScrollArea.isVisible, dialog.findChildren(QScrollArea))
    assert area.verticalScrollBar().maximum() > 0
    assert area in stops(dialog)  # its end is reached by keys as well
    assert problems(dialog) == [] and keyboard.nameless(dialog) == []
