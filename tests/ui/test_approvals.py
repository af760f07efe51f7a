"""Approvals through the window: each stage in its own login, returns, rounds, conflicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from chemsales import drafts
from chemsales.queries import accreditation
from chemsales.queries.approval import queue, waiting_count
from chemsales.queries.customers import customer, customers
from chemsales.rules.approval import Outcome, StageName, Verdict
from chemsales.rules.customer import ApplicationState
from chemsales.rules.roles import Actor, Role
from chemsales.rules.tiers import Level
from chemsales.services.session import Session
from tests.factory import Clock, decide, draft_of, make_application, session_of, submit
from tests.factory_cases import KINDS, furnished
from tests.furnishing import FAILING, application, furnish, rich_draft, run
from tests.ui.acting import Person, button_of, dialog_of, is_open, key
from tests.ui.reviewing import NAME, detail, page_of, titles, waiting
from tests.waiting import run_events
from ui.context import Context
from ui.dialogs.application import ApplicationDialog
from ui.dialogs.base import Dialog
from ui.dialogs.case import CaseDialog
from ui.dialogs.reason import ReasonDialog
from ui.main_window import MainWindow
from ui.text import dotted
from ui.widgets.labels import PlainLabel

MANAGER, SALES, FINANCE, GM = (
    Role.ACCOUNT_MANAGER,
    Role.SALES_HEAD,
    Role.FINANCE,
    Role.GENERAL_MANAGER,
)
Open = Callable[..., MainWindow]
Settle = Callable[[], None]


def test_c7_2_three_people_approve_with_one_key_each(
    open_window: Open, settle: Settle, qtbot: QtBot
) -> None:
    made = waiting()
    stages = [
        (SALES, StageName.FINANCE),
        (FINANCE, StageName.GENERAL_MANAGER),
        (GM, None),
    ]
    for role, following in stages:
        window = open_window(role, "approvals")
        page = page_of(window)
        assert titles(page) == [NAME]
        assert page.case.name.text() == NAME
        viewer = page.accreditation.viewer
        qtbot.waitUntil(lambda view=viewer.view: view.pages > 0, timeout=20_000)
        page.bar.set_opinion("同意")
        key(page, "Ctrl+Return")
        settle()
        assert titles(page) == []
        assert page.case.currentIndex() == 0
        assert detail(made).stage is following
    stored = detail(made)
    assert stored.state is ApplicationState.ACCREDITED
    assert [row.signer for row in stored.decisions] == ["am", "sales", "finance", "gm"]
    filed = customer(session_of("gm").actor, stored.customer_id)
    assert filed.level is Level.AUCTION
    assert [row.group_code for row in filed.classes] == ["PO", "EG"]


def test_c4_2_what_was_reviewed_is_filed_and_found_on_the_card(
    open_window: Open, settle: Settle
) -> None:
    made = waiting()
    for login in ("sales", "finance", "gm"):
        decide(session_of(login), made)
    window = open_window(SALES, "customers")
    window.page.customers.select_first()
    key(window.page, "Return")
    settle()
    card = window.page.card
    assert card.name.text() == NAME
    signed = [label.text() for label in card.decisions.findChildren(PlainLabel)]
    names = {part for text in signed for part in text.split()}
    assert {"张伟", "王芳", "李强", "赵敏"} <= names
    assert len(card.papers.rows()) == len(detail(made).documents) == 2


def test_c5_1_what_waits_for_finance_is_not_put_to_sales_and_the_other_way_round(
    open_window: Open, settle: Settle
) -> None:
    made = waiting()
    for now, other in ((SALES, FINANCE), (FINANCE, SALES)):
        assert titles(page_of(open_window(other, "approvals"))) == []
        page = page_of(open_window(now, "approvals"))
        assert titles(page) == [NAME]
        key(page, "Ctrl+Return")
        settle()
    assert [row.signer for row in detail(made).decisions] == ["am", "sales", "finance"]


def test_c7_2_nobody_signs_out_of_order(open_window: Open) -> None:
    waiting()
    for role in (FINANCE, GM, MANAGER, Role.AUDITOR):
        window = open_window(role, "approvals")
        assert titles(page_of(window)) == []


def test_returned_with_a_reason_then_every_stage_again(open_window: Open, settle: Settle) -> None:
    made = waiting()
    decide(session_of("sales"), made)
    page = page_of(open_window(FINANCE, "approvals"))
    key(page, "Alt+T")
    dialog = dialog_of(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    assert dialog.verb.text() == "退回给 张伟"
    assert not dialog.verb.isEnabled()
    assert dialog.why.text() == "请写明原因。"
    key(dialog, "Ctrl+Return")
    assert detail(made).state is ApplicationState.IN_REVIEW
    dialog.edit.setPlainText("开户行名称不一致")
    key(dialog, "Ctrl+Return")
    settle()
    assert not is_open(ReasonDialog)
    assert detail(made).state is ApplicationState.RETURNED

    manager = open_window(MANAGER, "approvals")
    page = page_of(manager)
    assert titles(page) == [NAME]
    assert not page.bar.isVisible()
    key(page, "Ctrl+Return")
    assert detail(made).state is ApplicationState.RETURNED
    Person().click(page.case.correct)
    settle()
    form = dialog_of(ApplicationDialog)
    assert isinstance(form, ApplicationDialog)
    assert "开户行名称不一致" in form.head.returned.text()
    opinion = form.form.fields["manager_opinion"]
    assert not form.submit_button.isEnabled() and "退回后没有任何改动" in opinion.message.text()
    opinion.set_text("开户行名称以开户许可证为准，无误。")
    form._judge()  # as a moment after typing
    settle()
    Person().click(form.submit_button)
    settle()
    assert (detail(made).round, detail(made).stage) == (2, StageName.SALES)
    for role in (SALES, FINANCE, GM):
        page = page_of(open_window(role, "approvals"))
        assert titles(page) == [NAME]
        assert "第 2 轮" in page.case.where.text()
        Person().click(page.bar.buttons[Verdict.APPROVE])
        settle()
    assert detail(made).state is ApplicationState.ACCREDITED


def test_rejecting_needs_a_reason_and_ends_the_case(open_window: Open, settle: Settle) -> None:
    made = waiting()
    page = page_of(open_window(SALES, "approvals"))
    page.bar.set_opinion("材料虚假")
    Person().click(page.bar.buttons[Verdict.REJECT])
    dialog = dialog_of(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    assert dialog.text() == "材料虚假"
    Person().click(dialog.verb)
    settle()
    assert detail(made).state is ApplicationState.REJECTED
    assert customers(session_of("gm").actor) == []


def test_what_a_person_signed_is_listed_with_how_it_stands_now(
    open_window: Open, settle: Settle
) -> None:
    """Not what was taken back, nor what others signed; the number is that of the rows."""
    first, second = waiting("甲石化有限公司", 1), waiting("乙石化有限公司", 2)
    window = open_window(SALES, "approvals")
    page = page_of(window)
    assert page.tabs.tabText(1) == "我已处理（0）"
    page.bar.set_opinion("材料齐全")
    key(page, "Ctrl+Return")
    settle()
    key(page, "Ctrl+Return")
    settle()
    assert page.tabs.tabText(1) == "我已处理（2）"
    key(page, "Ctrl+Z")
    settle()
    decide(session_of("finance"), first, Verdict.RETURN, "开户行名称不一致")
    page.refresh()
    settle()
    assert page.tabs.tabText(1) == "我已处理（1）"
    page.tabs.setCurrentIndex(1)
    [row] = page.tabs.decided.rows()
    assert (row.title, row.verdict, row.comment) == ("甲石化有限公司", Verdict.APPROVE, "材料齐全")
    assert (row.outcome, row.owner_name) == (Outcome.RETURNED, "张伟")
    key(page, "Ctrl+Return")  # gives no verdict on what is not in sight
    settle()
    assert detail(second).stage is StageName.SALES
    page.tabs.decided.opened.emit(row)
    settle()
    assert window.page is not page
    assert is_open(ApplicationDialog)


def test_who_decides_nothing_has_no_list_of_decisions(open_window: Open) -> None:
    page = page_of(open_window(MANAGER, "approvals"))
    assert page.tabs.count() == 1
    assert not page.tabs.tabBar().isVisible()


@pytest.fixture
def window_of(
    make_context: Callable[..., Context], settle: Settle
) -> Callable[[Actor], MainWindow]:
    """The window of a person who is not one of the department's."""
    windows = []

    def make(actor: Actor) -> MainWindow:
        context = make_context(SALES)
        context.session = Session(actor, context.session.clock)
        window = MainWindow(context, "approvals")
        windows.append(window)
        window.resize(1366, 768)
        window.show()
        settle()
        return window

    yield make
    for window in windows:
        window.discard()


def test_c7_2_nobody_signs_two_stages(
    sqlite_ready: str, window_of: Callable[[Actor], MainWindow], settle: Settle
) -> None:
    """Whoever signed as sales head and became finance meanwhile sees the case greyed, with why."""
    made = waiting()
    decide(session_of("sales"), made)
    both = Actor("sales", "王芳", frozenset({FINANCE}))
    page = page_of(window_of(both))
    assert titles(page) == []  # it does not wait for this person
    reasons = accreditation.blockers(both, made, Verdict.APPROVE, session_of("sales").today())
    assert [reason.code for reason in reasons] == ["reason.signed_another_stage"]


def test_c7_1_failing_code_is_accepted_with_a_reason(open_window: Open, settle: Settle) -> None:
    draft = rich_draft(NAME, 3)
    made = application(replace(draft, facts=replace(draft.facts, uscc=FAILING)))
    submit(session_of("am"), made)
    page = page_of(open_window(SALES, "approvals"))
    approve = page.bar.buttons[Verdict.APPROVE]
    assert not approve.isEnabled()
    assert FAILING in approve.toolTip()
    assert FAILING in page.bar.why.text()
    Person().press(page.accreditation, "认可")
    dialog = dialog_of(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    dialog.edit.setPlainText("营业执照原件如此，已电话核实")
    Person().click(dialog.verb)
    settle()
    assert not is_open(ReasonDialog)
    assert approve.isEnabled()
    assert detail(made).code_override == "营业执照原件如此，已电话核实"
    Person().click(approve)
    settle()
    assert detail(made).stage is StageName.FINANCE


def test_the_oldest_comes_first_and_the_next_opens(
    open_window: Open, settle: Settle, clock: Clock
) -> None:
    names = ["甲石化有限公司", "乙石化有限公司", "丙石化有限公司"]
    for number, name in enumerate(names, start=1):
        clock.set(2026, 6, 30 - number)
        waiting(name, number, clock=clock)
    clock.set(2026, 7, 6)
    page = page_of(open_window(SALES, "approvals"))
    assert titles(page) == names[::-1]
    assert page.queue.rows_model.index(0, 1).data() == "6 个工作日"
    assert page.case.name.text() == names[2]
    Person().click(page.bar.buttons[Verdict.APPROVE])
    settle()
    assert page.case.name.text() == names[1]
    page.queue.selectRow(1)
    settle()
    assert page.case.name.text() == names[0]


def test_of_several_marked_cases_the_shown_one_is_decided_and_the_bar_says_so(
    open_window: Open, settle: Settle
) -> None:
    names = ["甲石化有限公司", "乙石化有限公司", "丙石化有限公司"]
    for number, name in enumerate(names, start=1):
        waiting(name, number)
    page = page_of(open_window(SALES, "approvals"))
    assert not page.bar.marked.isVisible()
    page.queue.selectAll()
    settle()
    shown = page.case.name.text()
    assert page.bar.marked.isVisible()
    assert page.bar.marked.text() == "已选中 3 件，审批意见只对当前显示的这一件生效。"
    page.queue.selectRow(page.queue.currentIndex().row())
    settle()
    assert not page.bar.marked.isVisible()
    page.queue.selectAll()
    key(page, "Ctrl+Return")
    settle()
    assert sorted(titles(page)) == sorted(set(names) - {shown})


def test_an_opinion_is_kept_when_another_case_is_looked_at(
    open_window: Open, settle: Settle
) -> None:
    waiting("甲石化有限公司", 1)
    waiting("乙石化有限公司", 2)
    page = page_of(open_window(SALES, "approvals"))
    page.bar.set_opinion("待核实开户行")
    page.queue.selectRow(1)
    settle()
    assert page.bar.opinion() == ""
    page.queue.selectRow(0)
    settle()
    assert page.bar.opinion() == "待核实开户行"


def test_a_confirmed_verdict_is_about_the_case_that_the_dialog_names(
    open_window: Open, settle: Settle
) -> None:
    first, second = waiting("甲石化有限公司", 1), waiting("乙石化有限公司", 2)
    page = page_of(open_window(SALES, "approvals"))
    page.bar.wanted.emit(Verdict.REJECT)
    dialog = dialog_of(ReasonDialog)
    page.queue.selectRow(1)  # what an undo under way or another desk's decision does beneath it
    settle()
    assert page.case.name.text() == "乙石化有限公司"
    dialog.edit.setPlainText("资料不实")
    Person().click(dialog.verb)
    settle()
    assert detail(first).state is ApplicationState.REJECTED
    assert detail(second).state is ApplicationState.IN_REVIEW
    assert page.case.name.text() == "乙石化有限公司"
    assert page.bar.opinion() == ""


def test_no_verdict_falls_on_the_case_before_the_chosen_one(
    open_window: Open, settle: Settle
) -> None:
    first, second = waiting("甲石化有限公司", 1), waiting("乙石化有限公司", 2)
    page = page_of(open_window(SALES, "approvals"))
    page.queue.selectRow(1)
    page.bar.wanted.emit(Verdict.APPROVE)  # the case chosen is not here yet
    settle()
    assert [len(detail(made).decisions) for made in (first, second)] == [1, 1]
    page.bar.wanted.emit(Verdict.APPROVE)
    settle()
    assert [len(detail(made).decisions) for made in (first, second)] == [1, 2]


def test_an_opinion_on_the_next_case_survives_the_end_of_the_one_before(
    open_window: Open, settle: Settle
) -> None:
    waiting("甲石化有限公司", 1), waiting("乙石化有限公司", 2), waiting("丙石化有限公司", 3)
    page = page_of(open_window(SALES, "approvals"))
    decided = page.loaded
    assert decided is not None
    page.bar.set_opinion("同意甲")
    page.queue.selectRow(1)
    settle()
    page.bar.edit.setPlainText("待核实乙的开户行")
    page.case.keeper.flush()
    page._decide(decided, Verdict.APPROVE, "同意甲")  # its answer comes while the next is looked at
    settle()
    assert page.case.name.text() == "乙石化有限公司"
    assert page.bar.opinion() == "待核实乙的开户行"
    assert drafts.newest(page.case.keeper.place) is not None
    before = replace(page.case.keeper.place, subject=" ".join(map(str, decided.waiting.key)))
    assert drafts.newest(before) is None


def test_another_desk_was_faster(open_window: Open, settle: Settle) -> None:
    made = waiting()
    page = page_of(open_window(SALES, "approvals"))
    decide(session_of("sales"), made, comment="已在别处同意")
    Person().click(page.bar.buttons[Verdict.APPROVE])
    settle()
    assert page.notice.isVisible()
    assert "王芳" in page.notice.text()
    assert not is_open(Dialog)
    assert titles(page) == []
    assert len(detail(made).decisions) == 2


def test_the_line_of_a_check_shows_the_paper_that_proves_it(
    open_window: Open, settle: Settle
) -> None:
    waiting()
    page = page_of(open_window(SALES, "approvals"))
    case, viewer = page.accreditation, page.accreditation.viewer
    viewer.turn(1)
    settle()
    assert viewer.name.text() == "开票资料.pdf"
    Person().click(button_of(case, "查看"))
    settle()
    assert viewer.name.text() == "营业执照.pdf"
    assert [tab.isChecked() for tab in viewer.tabs] == [True, False]
    key(page, "F8")
    settle()
    assert viewer.name.text() == "开票资料.pdf"


def test_a_broken_scan_does_not_hold_up_the_case(open_window: Open, settle: Settle) -> None:
    made = make_application(session_of("am"), draft_of(NAME))
    submit(session_of("am"), made)
    page = page_of(open_window(SALES, "approvals"))
    run_events(200)
    settle()
    assert page.bar.buttons[Verdict.APPROVE].isEnabled()


def test_go_from_another_place_opens_the_case(open_window: Open, settle: Settle) -> None:
    waiting("甲石化有限公司", 1)
    second = waiting("乙石化有限公司", 2)
    window = open_window(SALES, "customers")
    window.context.go.emit("approvals", second)
    settle()
    assert page_of(window).case.name.text() == "乙石化有限公司"


def test_a_returned_evaluation_comes_back_to_who_computed_it(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(run)
    page = page_of(open_window(SALES, "approvals"))
    page.bar.set_opinion("六月数据有误")
    Person().click(page.bar.buttons[Verdict.RETURN])
    Person().click(dialog_of(ReasonDialog).verb)
    settle()
    window = open_window(MANAGER, "approvals")
    page = page_of(window)
    assert titles(page) == ["客户评审 2026Q2"]
    assert page.case.correct.text() == "重新计算"
    Person().click(page.case.correct)
    settle()
    assert window.place == "evaluation"
    assert window.page.state.text().endswith("已退回")


def test_c16_1_an_own_evaluation_says_where_it_stands_and_is_urged_from_there(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    """Nothing takes it back but computing its period again."""
    made = furnish(run)
    window = open_window(MANAGER, "approvals")
    tabs = page_of(window).tabs
    tabs.look("evaluation", made)
    settle()
    dialog = dialog_of(CaseDialog)
    assert isinstance(dialog, CaseDialog)
    shown = [part.text() for part in dialog.course.findChildren(QLabel)]
    assert shown == ["△ " + dotted(("销售部审核", "等待：今日起"))]
    assert not dialog.withdraw.isVisible() and dialog.note.isVisible()
    Person().click(dialog.urge)
    settle()
    assert not is_open(CaseDialog)
    (row,) = queue(session_of("sales").actor)
    assert (row.kind, row.urged) == ("evaluation", 1)
    tabs.look("evaluation", made)
    settle()
    dialog = dialog_of(CaseDialog)
    assert isinstance(dialog, CaseDialog)
    assert not dialog.urge.isEnabled() and "每个工作日" in dialog.urge.toolTip()
    Person().click(dialog.record)
    settle()
    assert not is_open(CaseDialog) and window.place == "evaluation"
    KINDS["evaluation"].give(made, "sales", Verdict.RETURN)
    again = open_window(MANAGER, "approvals")
    page_of(again).tabs.own.opened.emit(page_of(again).tabs.own.source.row(0))
    settle()
    dialog = dialog_of(CaseDialog)
    assert isinstance(dialog, CaseDialog)
    assert dialog.record.isVisible() and not dialog.urge.isVisible()
    assert not dialog.note.isVisible() and not dialog.withdraw.isVisible()
    shown = [part.text() for part in dialog.course.findChildren(QLabel)]
    assert "王芳" in shown[0] and shown[-1].split("·")[0].strip().endswith("已退回")


@pytest.mark.parametrize("name", ["licence", "disqualification", "customer_change"])
def test_c7_2_a_case_of_a_customer_leads_to_its_card_and_back(
    name: str, sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(furnished)
    kind = KINDS[name]
    made = kind.put_up()
    window = open_window(FINANCE if kind.signers == ["finance"] else SALES, "approvals")
    page = page_of(window)
    page.open((name, made))
    settle()
    assert page.loaded is not None and page.loaded.waiting.key == (name, made)
    Person().press(page.case, "打开客户卡片")
    settle()
    assert window.place == "customers" and window.page.card.isVisible()  # type: ignore[attr-defined]
    assert window.page.card.card.detail.code == page.loaded.waiting.number  # type: ignore[attr-defined]
    key(window, "Alt+Left")
    settle()
    assert window.place == "approvals"
    assert page.loaded is not None and page.loaded.waiting.key == (name, made)


@pytest.mark.parametrize("role", [MANAGER, SALES, FINANCE, GM])
def test_the_number_beside_the_tab_is_the_number_of_cases(
    role: Role, sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(run)
    first = waiting("甲石化有限公司", 41)
    second = waiting("乙石化有限公司", 42)
    waiting("丙石化有限公司", 43)
    decide(session_of("sales"), first)
    decide(session_of("sales"), second, Verdict.RETURN, "请补充")
    window = open_window(role, "approvals")
    assert waiting_count(window.context.actor) == len(page_of(window).queue.rows())


def test_the_undo_goes_when_the_next_stage_acts_and_says_why_it_cannot(
    open_window: Open, settle: Settle
) -> None:
    made = waiting()
    page = page_of(open_window(SALES, "approvals"))
    key(page, "Ctrl+Return")
    settle()
    assert page.undo.act.isEnabled()
    decide(session_of("finance"), made)
    page.refresh()
    settle()
    assert not page.undo.isVisible()
    assert not page.undo.act.isEnabled()

    last = page_of(open_window(GM, "approvals"))
    key(last, "Ctrl+Return")
    settle()
    assert last.undo.said.text() == f"已同意：{NAME}"
    assert not last.undo.act.isEnabled()
    assert last.undo.why.text() == "最终审批不能撤销：客户已准入建档。"
    last.hide()
    last.show()
    settle()
    assert not last.undo.isVisible()


def test_an_undo_that_comes_too_late_says_who_was_faster(open_window: Open, settle: Settle) -> None:
    made = waiting()
    page = page_of(open_window(SALES, "approvals"))
    key(page, "Ctrl+Return")
    settle()
    decide(session_of("finance"), made)
    key(page, "Ctrl+Z")
    settle()
    assert "李强" in page.notice.text()
    assert not page.undo.isVisible()
    assert detail(made).stage is StageName.GENERAL_MANAGER
