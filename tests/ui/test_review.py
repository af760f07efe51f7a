"""The review screen through the window: what is ticked, why it goes back, urging (C7.2, A.X 21)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from chemsales.rules.approval import Verdict
from chemsales.rules.customer import ApplicationState, DocumentKind
from chemsales.rules.errors import Reason, Unreachable
from chemsales.rules.review import ReturnReason, ReviewItem
from chemsales.rules.roles import Role
from chemsales.services import accreditation
from chemsales.words import label
from tests.factory import PDF, Clock, decide, draft_of, make_application, session_of, submit
from tests.furnishing import at_the_last, furnish, put_up_again
from tests.scenes import Stage
from tests.scenes.frame import section
from tests.ui.acting import Person, dialog_of, is_open, key
from tests.ui.reviewing import NAME, detail, dialog_of_application, page_of, texts, waiting
from ui.dialogs.application import ApplicationDialog
from ui.dialogs.attach import AttachDialog
from ui.dialogs.bulk_approval import BulkApprovalDialog
from ui.dialogs.message import Message
from ui.dialogs.reason import ReasonDialog
from ui.main_window import MainWindow
from ui.text import dotted
from ui.widgets.labels import Badge, PlainLabel

MANAGER, SALES, FINANCE, GM = (
    Role.ACCOUNT_MANAGER,
    Role.SALES_HEAD,
    Role.FINANCE,
    Role.GENERAL_MANAGER,
)
LICENCE, SCOPE = ReviewItem.LICENCE_GENUINE, ReviewItem.SCOPE_COVERS
TAX, INVOICE, HOLDER = ReviewItem.TAX_PAPER, ReviewItem.INVOICE_AGREES, ReviewItem.ACCOUNT_HOLDER
Open = Callable[..., MainWindow]
Settle = Callable[[], None]


def test_a_x_21_finance_ticks_its_lines_and_reads_those_of_sales(
    open_window: Open, settle: Settle
) -> None:
    made = furnish(waiting)
    page = page_of(open_window(SALES, "approvals"))
    boxes = page.accreditation.checklist.boxes
    assert list(boxes) == [LICENCE, SCOPE, ReviewItem.AGENT_ADMITTED]
    boxes[LICENCE].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(boxes[LICENCE], Qt.Key.Key_Space)
    key(page, "Ctrl+Return")
    settle()
    assert detail(made).decisions[-1].marked.ticked == (LICENCE,)
    page = page_of(open_window(FINANCE, "approvals"))
    case = page.accreditation
    assert list(case.checklist.boxes) == [INVOICE, HOLDER, TAX]
    said = texts(case.checklist)
    assert "销售部审核（只读）" in said and "财务部审核（由您勾选，已完成 0/3）" in said
    assert any("未勾选" in text and "经营范围" in text for text in texts(case.decisions))


def test_the_document_follows_the_line_that_is_ticked_or_reached(
    open_window: Open, settle: Settle
) -> None:
    made = furnish(waiting)
    decide(session_of("sales"), made)
    case = page_of(open_window(FINANCE, "approvals")).accreditation
    papers = {paper.kind: paper.key for paper in case.documents}
    assert case.viewer.key == papers[DocumentKind.INVOICE_DATA]  # that of the first line
    assert [tab.text() for tab in case.viewer.tabs] == ["开票资料", "营业执照"]
    reached = QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason)
    QApplication.sendEvent(case.checklist.boxes[TAX], reached)
    assert case.viewer.key == papers[DocumentKind.BUSINESS_LICENCE]
    Person().click(case.checklist.boxes[HOLDER])
    assert case.viewer.key == papers[DocumentKind.INVOICE_DATA]
    sales = page_of(open_window(SALES, "approvals"))
    assert sales.loaded is None  # it was sales that decided
    waiting("甲石化有限公司", 2)
    sales.refresh()
    settle()
    assert [tab.text() for tab in sales.accreditation.viewer.tabs] == ["营业执照", "开票资料"]


def test_c7_2_what_is_left_unticked_is_said_before_the_approval_and_recorded(
    open_window: Open, settle: Settle
) -> None:
    made = furnish(waiting)
    decide(session_of("sales"), made)
    page = page_of(open_window(FINANCE, "approvals"))
    boxes, left = page.accreditation.checklist.boxes, page.bar.left
    assert left.isVisible() and left.text().startswith("您的 3 项中有 3 项未勾选")
    for box in (TAX, INVOICE):
        Person().click(boxes[box])
    assert left.text() == "您的 3 项中有 1 项未勾选。同意时将如实记录。"
    assert label(HOLDER) in left.toolTip() and label(TAX) not in left.toolTip()
    assert "财务部审核（由您勾选，已完成 2/3）" in texts(page.accreditation.checklist)
    Person().click(boxes[HOLDER])
    assert not left.isVisible()
    Person().click(boxes[HOLDER])
    key(page, "Ctrl+Return")
    settle()
    assert detail(made).decisions[-1].marked.left == (HOLDER,)
    last = page_of(open_window(GM, "approvals"))
    assert last.case.currentWidget() is last.case.shown
    assert not last.bar.left.isVisible()  # no line is theirs


def test_a_click_on_the_sentence_ticks_and_what_is_ticked_is_kept_for_the_case(
    open_window: Open, settle: Settle
) -> None:
    waiting("甲石化有限公司", 1)
    waiting("丁化纤有限公司", 2)
    page = page_of(open_window(SALES, "approvals"))
    lines = page.accreditation.checklist
    sentence = next(part for part in lines.findChildren(PlainLabel) if "营业执照" in part.text())
    QTest.mouseClick(sentence, Qt.MouseButton.LeftButton)
    assert lines.ticked() == {LICENCE}
    page.queue.selectRow(1)
    settle()
    assert lines.ticked() == frozenset()
    page.queue.selectRow(0)
    settle()
    assert lines.ticked() == {LICENCE}


def test_task_8_finance_sends_a_case_back_with_its_reasons(
    open_window: Open, settle: Settle
) -> None:
    """Six lines, one of them wrong: ticked, returned with reasons, within twelve keys."""
    made = furnish(waiting)
    decide(session_of("sales"), made)
    page = page_of(open_window(FINANCE, "approvals"))
    Person().click(page.accreditation.checklist.boxes[TAX])
    key(page, "Alt+T")
    dialog = dialog_of(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    for reason in (
        ReturnReason.ACCOUNT_DIFFERS,
        ReturnReason.NAME_DIFFERS,
        ReturnReason.NAME_DIFFERS,
    ):
        QTest.keyClick(dialog.boxes[reason], Qt.Key.Key_Space)
    assert dialog.text() == "账户不是本单位账户"
    dialog.edit.setPlainText(f"{dialog.text()}\n请提供开户许可证。")
    key(dialog, "Ctrl+Return")
    settle()
    stored = detail(made)
    assert stored.state is ApplicationState.RETURNED
    back = stored.decisions[-1]
    assert back.marked.reasons == (ReturnReason.ACCOUNT_DIFFERS,)
    assert back.marked.ticked == (TAX,) and back.marked.left == (INVOICE, HOLDER)
    assert back.comment == "账户不是本单位账户\n请提供开户许可证。"


def test_the_applicant_urges_and_the_queue_shows_it(open_window: Open, settle: Settle) -> None:
    made = furnish(waiting)
    window = open_window(MANAGER, "customers")
    dialog = dialog_of_application(window, made, settle)
    assert dialog.applicant.urge.isVisible() and dialog.applicant.urge.isEnabled()
    Person().click(dialog.applicant.urge)
    settle()
    assert not dialog.applicant.urge.isEnabled() and "每个工作日" in dialog.applicant.urge.toolTip()
    dialog._judge()  # as after the pause of the form
    assert dialog.why.text() == f"已催办：{NAME}" and dialog.why.isVisible()  # before the window
    dialog.reject()
    page = page_of(open_window(SALES, "approvals"))
    assert page.queue.rows_model.index(0, 0).data() == f"催办 · {NAME}"


def test_nobody_is_offered_to_urge_a_draft(open_window: Open, settle: Settle) -> None:
    made = make_application(session_of("am"), draft_of(NAME))
    window = open_window(MANAGER, "customers")
    dialog = dialog_of_application(window, made, settle)
    assert not dialog.applicant.urge.isVisible()


def test_what_was_read_off_a_paper_stands_beside_its_scan(
    open_window: Open, settle: Settle
) -> None:
    """In the applicant's dialog and at the reviewer's; a paper in another name is a wrong check."""
    am = session_of("am")
    made = make_application(am, draft_of(NAME), (DocumentKind.BUSINESS_LICENCE,))
    accreditation.attach(
        am, made, DocumentKind.INVOICE_DATA, "开票.pdf", PDF, "J1610", long_term=True,
        issuer="中国人民银行大连分行", holder="大连恒力贸易有限公司",
    )  # fmt: skip
    accreditation.submit(am, made, detail(made).version)
    told = "J1610   发证机关 中国人民银行大连分行   户名（名称）大连恒力贸易有限公司   长期有效"
    page = page_of(open_window(SALES, "approvals"))
    page.accreditation.show_kind(DocumentKind.INVOICE_DATA)
    assert page.accreditation.viewer.note.text() == told
    assert any(
        "大连恒力贸易有限公司”与客户名称不一致" in text for text in texts(page.accreditation)
    )
    window = open_window(MANAGER, "customers")
    dialog = dialog_of_application(window, made, settle)
    assert told in texts(dialog.documents)


def test_the_facts_of_a_paper_are_asked_for_with_the_scan(
    open_window: Open, settle: Settle, tmp_path: object
) -> None:
    made = make_application(session_of("am"), draft_of(NAME), ())
    window = open_window(MANAGER, "customers")
    dialog = dialog_of_application(window, made, settle)
    path = tmp_path / "开票资料.pdf"  # type: ignore[operator]
    path.write_bytes(PDF)
    dialog.attach([path])
    asked = dialog_of(AttachDialog)
    assert isinstance(asked, AttachDialog)
    for name, text in {"number": "J1610", "issuer": "建设银行", "holder": NAME,
                       "valid_from": "2020-01-02", "valid_to": "2030-01-01"}.items():  # fmt: skip
        asked.fields[f"0.{name}"].set_text(text)
    key(asked, "Ctrl+Return")
    settle()
    paper = detail(made).documents[0]
    assert (paper.number, paper.issuer, paper.holder) == ("J1610", "建设银行", NAME)
    assert (str(paper.valid_from), str(paper.valid_to)) == ("2020-01-02", "2030-01-01")
    assert any("2020-01-02 至 2030-01-01" in text for text in texts(dialog.documents))


def test_c7_2_what_is_new_since_the_return_is_marked_wherever_it_stands(
    open_window: Open, settle: Settle
) -> None:
    """The fields before and after, the scans in their strip, and the lines that look at them."""
    furnish(put_up_again)
    case = page_of(open_window(SALES, "approvals")).accreditation
    assert case.sections["news"].isVisible()
    said = texts(case.news)
    assert said[said.index("开户行") + 1] == (
        "中国建设银行青岛分行 → 中国建设银行股份有限公司青岛黄岛支行"
    )
    assert "1,200.000 → 800.000" in said and "已替换" in said and "新增" in said
    tabs = [tab.text() for tab in case.viewer.tabs]
    assert tabs == ["营业执照", "开票资料 · 已替换", "开户许可证 · 新增"]
    marked = [
        row.findChild(PlainLabel).text()
        for row in case.checklist.findChildren(QWidget)
        if row.parent() is case.checklist and row.findChild(Badge) is not None
    ]
    assert [label(item) for item in (INVOICE, HOLDER)] == marked
    first = page_of(open_window(SALES, "approvals"))
    first.queue.selectRow(1)
    settle()
    assert not first.accreditation.sections["news"].isVisible()
    assert all("·" not in tab.text() for tab in first.accreditation.viewer.tabs)


@pytest.mark.parametrize(("language", "said"), [("zh_CN", "6 个工作日"), ("en", "6 working days")])
def test_how_long_a_case_waits_is_read_whole_in_the_queue(
    open_window: Open, settle: Settle, clock: Clock, language: str, said: str
) -> None:
    clock.set(2026, 6, 26)
    waiting("沧澜珩达供应链管理有限公司", clock=clock)
    clock.set(2026, 7, 6)
    queue = page_of(open_window(SALES, "approvals", language=language)).queue
    assert queue.rows_model.index(0, 1).data() == said
    assert queue.horizontalScrollBar().maximum() == 0
    assert queue.columnWidth(1) > queue.fontMetrics().horizontalAdvance(said)


def test_no_word_of_the_strip_of_documents_is_cut(open_window: Open, settle: Settle) -> None:
    """At a narrow width the tabs go on in further lines, and a name that is too long is elided
    before its mark; in a low one a line is seen, that of the document shown."""
    furnish(put_up_again)
    window = open_window(SALES, "approvals")
    viewer = page_of(window).accreditation.viewer
    viewer.setFixedWidth(250)
    settle()
    tabs, strip = viewer.tabs, viewer.tabs[0].parentWidget()
    assert all(tab.geometry().right() < strip.width() for tab in tabs)
    assert len({tab.y() for tab in tabs}) > 1
    assert tabs[1].text().endswith(" · 已替换") and "开票资料" in tabs[1].toolTip()
    viewer.setFixedHeight(250)
    viewer.choose(viewer.items[-1].key)
    settle()
    seen = [tab for tab in tabs if not tab.visibleRegion().isEmpty()]
    assert tabs[-1] in seen and len({tab.y() for tab in seen}) == 1


def test_c7_2_the_applicant_sees_where_an_own_case_stands_and_what_was_said_on_it(
    open_window: Open, settle: Settle, clock: Clock
) -> None:
    """Each stage with who decided what and when, whose turn it is and for how many working days;
    urging and withdrawing beside."""
    clock.set(2026, 6, 29)
    made = waiting(clock=clock)
    decide(session_of("sales", clock), made, comment="执照已核对原件。")
    clock.set(2026, 7, 6)
    window = open_window(MANAGER, "approvals")
    own = window.page.tabs.own
    own.opened.emit(own.rows()[0])
    settle()
    dialog = dialog_of(ApplicationDialog)
    assert isinstance(dialog, ApplicationDialog)
    course = [part.text() for part in dialog.head.course.findChildren(QLabel)]
    assert [part for part in course if part != "→"] == [
        "✓ " + dotted(("销售部审核", "王芳", "同意", "2026-06-29")),
        "△ " + dotted(("财务部审核", "等待：5 个工作日")),
        "总经理审批",
    ]
    assert dialog.head.decisions.isVisible() and "执照已核对原件。" in texts(dialog.head)
    assert dialog.applicant.urge.isEnabled() and dialog.applicant.withdraw.isEnabled()
    dialog.reject()
    decide(session_of("finance"), made, Verdict.RETURN, "开户行不一致")
    dialog = dialog_of_application(window, made, settle)
    course = [part.text() for part in dialog.head.course.findChildren(QLabel)]
    assert course[-1].endswith(dotted(("已退回", "等待：今日起")))
    assert not dialog.head.decisions.isVisible()
    assert "开户行不一致" in dialog.head.returned.text()


def test_phrases_of_the_stage_and_own_ones_begin_an_opinion(
    open_window: Open, settle: Settle
) -> None:
    furnish(waiting)
    page = page_of(open_window(SALES, "approvals"))
    menu = page.bar.phrases.menu()

    def lines() -> list[QAction]:
        menu.aboutToShow.emit()
        return [action for action in menu.actions() if not action.isSeparator()]

    offered = [action.text() for action in lines()]
    assert offered[0] == "资料齐全、真实，同意。"
    assert not lines()[-2].isEnabled()  # nothing is written that could be kept
    lines()[0].trigger()
    assert page.bar.opinion() == "资料齐全、真实，同意。"
    page.bar.set_opinion("老客户 A&B，同意。")
    lines()[-2].trigger()
    page.bar.set_opinion("")
    kept = lines()[3]
    assert kept.text() == "老客户 A&&B，同意。"
    kept.trigger()
    assert page.bar.opinion() == "老客户 A&B，同意。"
    other = page_of(open_window(SALES, "approvals")).bar.phrases
    assert other.own() == ["老客户 A&B，同意。"]
    menu.aboutToShow.emit()
    page.bar.phrases.forgetting.actions()[0].trigger()
    assert other.own() == []
    finance = page_of(open_window(FINANCE, "approvals"))
    assert finance.bar.phrases.own() == []


def _unreachable(*_given: object) -> None:
    raise Unreachable(Reason("reason.database_unreachable", {}))


def test_several_are_approved_at_once_only_where_the_administrator_allows_it(
    open_window: Open, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C7.2: a doubtful case is not offered, each is its own decision, none can be sent back."""
    names = ("大连恒力石化有限公司", "宁波荣盛新材料有限公司", "青岛早期试点化工有限公司")
    keys = [make_application(session_of("am"), draft_of(n, at)) for at, n in enumerate(names, 1)]
    same = make_application(session_of("am2"), draft_of("青岛早期试点化工有限公司", 9))
    for key_ in (*keys, same):
        who = "am2" if key_ == same else "am"
        accreditation.submit(session_of(who), key_, detail(key_).version)
    page = page_of(open_window(SALES, "approvals"))
    assert not page.bulk.isVisible()
    stage = Stage(open_window(Role.ADMINISTRATOR, "settings"))
    company = section(stage, "company")
    company.form["bulk_approval"].editor.setChecked(True)  # type: ignore[attr-defined]
    company.save()  # type: ignore[attr-defined]
    settle()
    page = page_of(open_window(SALES, "approvals"))
    assert page.bulk.text() == "批量同意 2 件…"
    page.queue.selectAll()
    assert page.bar.marked.text().endswith("：批量同意 2 件…")
    Person().click(page.bulk)
    dialog = dialog_of(BulkApprovalDialog)
    assert isinstance(dialog, BulkApprovalDialog)
    assert [case.title for case in dialog.chosen()] == list(names[:2])
    assert [button.text() for button in dialog.findChildren(QPushButton)] == ["取消", "同意（2）"]
    with monkeypatch.context() as away:
        away.setattr("ui.dialogs.bulk_approval.approve_all", _unreachable)
        key(dialog, "Ctrl+Return")
        settle()
    assert dialog.note.text() and dialog.verb.isEnabled()  # to be pressed again
    decide(session_of("sales"), keys[1])  # another desk is faster
    key(dialog, "Ctrl+Return")
    settle()
    assert dialog.isVisible() and names[1] in dialog.note.text()
    assert [len(detail(made).decisions) for made in (*keys, same)] == [2, 2, 1, 1]
    assert dialog.chosen() == []


def test_what_is_withdrawn_under_review_opens_as_the_draft_it_was(
    open_window: Open, settle: Settle
) -> None:
    made = furnish(waiting)
    window = open_window(MANAGER, "customers")
    reviewed = dialog_of_application(window, made, settle)
    assert not reviewed.editable
    Person().click(reviewed.applicant.withdraw)
    Person().press(dialog_of(Message), "撤回")
    settle()
    fresh = dialog_of(ApplicationDialog)
    assert isinstance(fresh, ApplicationDialog) and fresh.detail is not None
    assert fresh.detail.id != made and fresh.editable
    assert fresh.form.fields["name"].text() == NAME
    assert len(fresh.detail.documents) == 2
    assert detail(made).state is ApplicationState.WITHDRAWN


def test_a_withdrawn_application_is_applied_for_again_from_its_dialog(
    open_window: Open, settle: Settle
) -> None:
    made = furnish(waiting)
    decide(session_of("sales"), made, Verdict.RETURN, "请补充")
    accreditation.withdraw(session_of("am"), made, detail(made).version)
    window = open_window(MANAGER, "customers")
    ended = dialog_of_application(window, made, settle)
    assert ended.applicant.again.isVisible() and not ended.applicant.urge.isVisible()
    Person().click(ended.applicant.again)
    settle()
    fresh = dialog_of(ApplicationDialog)
    assert isinstance(fresh, ApplicationDialog) and fresh.detail is not None
    assert fresh.detail.id != made and fresh.editable
    assert fresh.form.fields["name"].text() == NAME
    assert len(fresh.detail.documents) == 2


def test_who_cannot_apply_again_is_told_why(open_window: Open, settle: Settle) -> None:
    made = furnish(waiting)
    decide(session_of("sales"), made, Verdict.REJECT, "资信不良")
    submit(session_of("am"), accreditation.apply_again(session_of("am"), made).value)
    ended = dialog_of_application(open_window(MANAGER, "customers"), made, settle)
    assert not ended.applicant.again.isEnabled()
    assert "SQ2026-0002" in ended.applicant.again.toolTip()


def test_a_draft_is_deleted_after_asking(open_window: Open, settle: Settle) -> None:
    furnish(waiting)
    made = make_application(session_of("am"), draft_of("误建化工有限公司", 41))
    window = open_window(MANAGER, "customers")
    draft = dialog_of_application(window, made, settle)
    assert not draft.applicant.withdraw.isVisible()
    Person().click(draft.applicant.delete)
    Person().press(dialog_of(Message), "删除草稿")
    settle()
    assert not is_open(ApplicationDialog)
    assert detail(made).state is ApplicationState.WITHDRAWN
    assert made not in {row.id for row in window.page.applications.rows()}


def test_the_general_manager_sees_what_is_asked_what_is_unusual_what_others_said_and_peers(
    open_window: Open, settle: Settle
) -> None:
    furnish(at_the_last)
    case = page_of(open_window(GM, "approvals")).accreditation
    places = {name: part.geometry() for name, part in case.sections.items() if part.isVisible()}
    left, right = places["classes"], places["checks"]
    assert left.top() == right.top() == 0 and left.right() < right.left()
    assert places["peers"].top() > left.bottom() and places["peers"].left() == left.left()
    assert places["decisions"].top() > right.bottom()
    assert places["decisions"].left() == right.left()
    assert places["facts"].top() > max(places[name].bottom() for name in ("peers", "decisions"))
    asked, peers = (texts(case.sections[name]) for name in ("classes", "peers"))
    assert dotted(("聚烯烃", "经销商", "华东", "月提货 1,200.000 吨", "注塑、薄膜")) in asked
    assert dotted(("聚烯烃", "经销商", "华东：2 个客户，中位数每月 1,105.000 吨")) in peers
    assert "宁波荣盛新材料贸易有限公司" in peers
    checks = texts(case.sections["checks"])
    assert any("还剩 86 天" in text for text in checks)  # what is unusual, one by one
    assert "6 项自动核对已通过" in checks  # the rest by their number
    assert "资料齐全，同意准入。" in texts(case.sections["decisions"])
    finance = page_of(open_window(FINANCE, "approvals"))
    assert not finance.accreditation.sections["peers"].isVisible()
