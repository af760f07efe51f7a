"""The conditions of a class in the window: asked, reviewed, on the card (C10.2, C10.3, C10.7)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest

from chemsales.rules.admission import ANSWERS, CONDITIONS, Condition
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.review import ADMITTED
from chemsales.rules.roles import Role
from chemsales.storage.database import connected, rows
from tests import factory
from tests.factory import accredit, draft_of, make_application, session_of
from tests.furnishing import furnish
from tests.ui.acting import key
from tests.ui.reviewing import page_of
from tests.ui.test_customers import new_form
from tests.ui.test_review import texts
from tests.waiting import run_events
from ui.main_window import MainWindow

MANAGER, SALES, GM = Role.ACCOUNT_MANAGER, Role.SALES_HEAD, Role.GENERAL_MANAGER
AGENT, DEALER, DIRECT = CustomerClass.AGENT, CustomerClass.DEALER, CustomerClass.DIRECT
Open = Callable[..., MainWindow]
Settle = Callable[[], None]


def an_agent() -> int:
    """An application for an agent at the sales review; its key."""
    asked = [ClassRequest("EG", AGENT, "江苏", 200_000, "涤纶")]
    made = make_application(session_of("am"), draft_of("江阴澄江涤纶有限公司", 7, asked))
    factory.submit(session_of("am"), made)
    return made


@pytest.mark.parametrize("wanted", CustomerClass)
def test_c10_2_c10_3_c10_7_the_form_asks_for_the_conditions_of_the_class(
    open_window: Open, settle: Settle, wanted: CustomerClass
) -> None:
    dialog = new_form(open_window(MANAGER, "customers"), settle)
    form = dialog.form
    asked = [each for each in CONDITIONS[wanted] if each in ANSWERS]
    assert not form.classes.admissions["EG"].isVisibleTo(form)
    form.fields["classes.EG.customer_class"].set_text(str(wanted))
    shown = [each for each in ANSWERS if form.fields[f"classes.EG.{each}"].isVisibleTo(form)]
    assert shown == asked
    form.touch_all()
    dialog._judge()
    settle()
    assert {f"classes.EG.{each}" for each in asked} <= {each.place for each in dialog.problems}
    for each in asked:
        editor = form.fields[f"classes.EG.{each}"].editor
        editor.setFocus()
        QTest.keyClicks(editor, "60000" if each is Condition.CAPACITY else "x")
    settle()
    (request,) = form.draft().classes
    for each in asked:
        assert getattr(request, each) == (60_000_000 if each is Condition.CAPACITY else "x")
    dialog._judge()
    settle()
    told = {problem.place for problem in dialog.problems}
    assert not {f"classes.EG.{each}" for each in asked} & told
    dialog.reject()


def test_c9_1_a_polyolefin_class_asks_for_no_conditions(open_window: Open, settle: Settle) -> None:
    form = new_form(open_window(MANAGER, "customers"), settle).form
    form.fields["classes.PO.customer_class"].set_text(str(DIRECT))
    assert not form.classes.admissions["PO"].isVisibleTo(form)


def test_what_another_class_was_asked_stays_out_of_the_draft(
    open_window: Open, settle: Settle
) -> None:
    form = new_form(open_window(MANAGER, "customers"), settle).form
    chosen = form.fields["classes.EG.customer_class"]
    chosen.set_text(str(AGENT))
    form.fields["classes.EG.only_ours"].set_text("承诺书")
    form.fields["classes.EG.funds"].set_text("授信")
    chosen.set_text(str(DEALER))
    (request,) = form.draft().classes
    assert (request.only_ours, request.funds) == ("", "授信")


def test_c10_3_sales_ticks_the_answers_and_the_last_stage_reads_them(
    open_window: Open, settle: Settle
) -> None:
    made = furnish(an_agent)
    page = page_of(open_window(SALES, "approvals"))
    case = page.accreditation
    assert ADMITTED[AGENT] in case.checklist.boxes
    said = texts(case.checklist)
    assert "乙二醇" in said and factory.ANSWERS[Condition.ONLY_OURS] in said
    case.checklist.boxes[ADMITTED[AGENT]].click()
    key(page, "Ctrl+Return")
    settle()
    factory.decide(session_of("finance"), made)
    case = page_of(open_window(GM, "approvals")).accreditation
    assert factory.ANSWERS[Condition.ONLY_OURS] in texts(case.checklist)
    assert ADMITTED[AGENT] not in case.checklist.boxes


def test_c10_3_an_overlap_is_warned_of_and_the_general_manager_writes_why(
    open_window: Open, settle: Settle
) -> None:
    def prepare() -> int:
        asked = [ClassRequest("EG", AGENT, "江苏省", 0, "涤纶")]
        accredit(draft_of("无锡太湖化工有限公司", 8, asked))
        made = an_agent()
        for login in ("sales", "finance"):
            factory.decide(session_of(login), made)
        return made

    made = furnish(prepare)
    dialog = new_form(open_window(MANAGER, "customers"), settle)
    fields = dialog.form.fields
    fields["classes.EG.customer_class"].set_text(str(AGENT))
    fields["classes.EG.region"].set_text("华东")
    run_events(350)
    settle()
    region = fields["classes.EG.region"]
    assert "无锡太湖化工有限公司" in region.message.text() and not region.wrong
    dialog.reject()
    page = page_of(open_window(GM, "approvals"))
    assert any("无锡太湖化工有限公司" in text for text in texts(page.accreditation))
    approve = page.bar.buttons[Verdict.APPROVE]
    assert not approve.isEnabled() and page.bar.edit.isEnabled()  # it is told before it is pressed
    for said in (approve.toolTip(), page.bar.why.text()):
        assert "无锡太湖化工有限公司" in said and "须在意见中写明" in said
    assert "同意也须写明" in page.bar.edit.placeholderText()
    assert page.bar.buttons[Verdict.RETURN].isEnabled()
    key(page, "Ctrl+Return")
    settle()
    assert load_state(made) == "in_review"
    page.bar.set_opinion("  ")
    assert not approve.isEnabled()
    page.bar.set_opinion("再议")
    assert approve.isEnabled() and not page.bar.why.isVisible()
    page.bar.set_opinion("")
    assert not approve.isEnabled()
    page.bar.set_opinion("该区域销量翻番，一家无力覆盖")
    key(page, "Ctrl+Return")
    settle()
    assert load_state(made) == "accredited"


def load_state(made: int) -> str:
    with connected():
        return str(rows("SELECT state FROM application WHERE id = ?", (made,))[0][0])


def test_the_card_tells_what_a_class_was_admitted_on(open_window: Open, settle: Settle) -> None:
    made = furnish(lambda: accredit(draft_of("江阴澄江涤纶有限公司", 7, [
        ClassRequest("EG", DIRECT, "", 200_000, "涤纶")])))  # fmt: skip
    page = open_window(MANAGER, "customers").pages["customers"]
    page.open(made)  # type: ignore[attr-defined]
    settle()
    card = page.card  # type: ignore[attr-defined]
    answers = card.class_pane.answers
    said = [answers.itemAt(at).widget() for at in range(answers.count())]
    assert "60,000.000" in texts(said[0])
    assert factory.ANSWERS[Condition.NO_RESALE] in texts(said[0])
