"""Customers and applications through the window: C7.1 field by field, scans, drafts, submission."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from chemsales.queries import accreditation
from chemsales.queries.customer_history import HistoryRow
from chemsales.queries.search import find
from chemsales.reports import application_form as report
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import ApplicationState, DocumentKind
from chemsales.rules.errors import NotFound
from chemsales.rules.history import FieldChange
from chemsales.rules.roles import Role
from chemsales.storage.database import connected, rows
from tests import factory, factory_offtake
from tests.factory import accredit, decide, draft_of, make_application, session_of, submit, uscc_of
from tests.furnishing import scan
from tests.ui.acting import Person, button_of, dialog_of, drop, is_open, key
from tests.waiting import run_events
from ui.dialogs.application import ApplicationDialog
from ui.dialogs.attach import AttachDialog
from ui.dialogs.base import Dialog
from ui.dialogs.conflict import ConflictDialog
from ui.dialogs.message import Message
from ui.dialogs.mnemonic import MnemonicDialog
from ui.dialogs.preview import PreviewDialog
from ui.forms.application import place_name
from ui.forms.merging import Side
from ui.main_window import MainWindow
from ui.widgets.article import ArticleButton
from ui.widgets.customer_history import CustomerHistory
from ui.widgets.labels import PlainLabel

MANAGER, SALES = Role.ACCOUNT_MANAGER, Role.SALES_HEAD
NAME = "恒力石化（大连）有限公司"
FACTS = {
    "name": NAME,
    "uscc": uscc_of(7),
    "bank": "中国建设银行大连分行",
    "account": "21201501200051500001",
    "invoice_address": "辽宁省大连市中山区人民路 1 号",
    "invoice_phone": "0411-82530001",
}
Open = Callable[..., MainWindow]
Settle = Callable[[], None]


@pytest.fixture
def scans(tmp_path: Path) -> list[Path]:
    """A licence and the invoice data as files, named as people name them."""
    paths = [tmp_path / "恒力 营业执照.pdf", tmp_path / "开票资料.pdf"]
    for path in paths:
        path.write_bytes(scan(path.name.encode().hex()[:12]))
    return paths


def new_form(window: MainWindow, settle: Settle) -> ApplicationDialog:
    """The empty form, opened by Ctrl+N."""
    key(window.page, "Ctrl+N")
    settle()
    dialog = dialog_of(ApplicationDialog)
    assert isinstance(dialog, ApplicationDialog)
    run_events(350)  # the pause after the last stroke
    settle()
    return dialog


def fill(dialog: ApplicationDialog, settle: Settle, **facts: str) -> None:
    """Type facts, and ask for a class of dealer of polyolefins."""
    for name, value in facts.items():
        dialog.form.fields[name].set_text(value)
    row = dialog.form.classes.rows["PO"]
    row["customer_class"].set_text("dealer")
    row["region"].set_text("华东")
    row["monthly_kg"].set_text("1,200")
    run_events(350)
    settle()


def test_c7_1_a_quantity_that_is_asked_for_is_above_zero_or_not_said(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    dialog = new_form(open_window(MANAGER, "customers"), settle)
    fill(dialog, settle)
    monthly = dialog.form.classes.rows["PO"]["monthly_kg"]
    assert not monthly.problem() and not dialog.form.classes.unreadable()
    monthly.set_text("0.000")
    dialog.form.touch_all()
    dialog._judge()  # as a moment after typing
    settle()
    assert "零" in monthly.message.text() and not dialog.submit_button.isEnabled()
    assert dialog.form.classes.unreadable() == ["classes.PO.monthly_kg"]
    monthly.set_text("")
    dialog._judge()
    settle()
    assert not monthly.message.text() and not dialog.form.classes.unreadable()


def test_no_exclusive_agent_of_polyolefins_is_offered_and_the_reason_is_told(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    dialog = new_form(open_window(MANAGER, "customers"), settle)
    for code, offered in (("PO", False), ("BZ", True)):
        picker = dialog.form.classes.rows[code]["customer_class"].editor
        agent = picker.model().index(picker.findData("agent"), 0)
        assert bool(agent.flags() & Qt.ItemFlag.ItemIsEnabled) is offered
        assert ("聚烯烃" in (agent.data(Qt.ItemDataRole.ToolTipRole) or "")) is not offered
    picker = dialog.form.classes.rows["PO"]["customer_class"].editor
    picker.setFocus()
    seen = [picker.currentData()]
    for _stroke in range(4):
        QTest.keyClick(picker, Qt.Key.Key_Down)
        seen.append(picker.currentData())
    assert seen == ["", "direct", "dealer", "dealer", "dealer"]


def test_a19_what_the_other_set_of_papers_wanted_does_not_stay_in_the_way(
    open_window: Open, settle: Settle
) -> None:
    dialog = new_form(open_window(MANAGER, "customers"), settle)
    form = dialog.form
    form.fields["profile"].set_text("legacy")
    fill(dialog, settle, licence15="12345")
    assert "licence15" in {problem.place for problem in dialog.problems}
    form.fields["profile"].set_text("merged")
    fill(dialog, settle, **FACTS)
    assert not form.fields["licence15"].isVisible() and form.draft().facts.licence15 == ""
    places = {problem.place for problem in dialog.problems}
    assert places == {"document.business_licence", "document.invoice_data"}
    form.fields["profile"].set_text("legacy")
    assert form.draft().facts.licence15 == "12345"  # what was typed is not lost by a look


def test_c7_1_manager_creates_with_scans_and_submits(
    open_window: Open, settle: Settle, scans: list[Path]
) -> None:
    window = open_window(MANAGER, "customers")
    dialog = new_form(window, settle)
    assert not dialog.submit_button.isEnabled()
    assert "开户行" in dialog.submit_button.toolTip()
    assert dialog.why.text().startswith("还差或有误")
    fill(dialog, settle, **FACTS)
    assert "营业执照" in dialog.why.text()
    drop(dialog, scans)
    attach = dialog_of(AttachDialog)
    assert isinstance(attach, AttachDialog)
    kinds = [found.kind for found in attach.scans()]
    assert kinds == [DocumentKind.BUSINESS_LICENCE, DocumentKind.INVOICE_DATA]
    attach.fields["0.valid_to"].set_text("20360930")
    Person().click(attach.verb)
    settle()
    assert not is_open(AttachDialog)
    assert dialog.why.text() == "内容齐全，按 Ctrl+Enter 提交。"
    offered = []
    button = dialog.submit_button
    dialog.context.jobs.ended.connect(  # of writes: a read may end before the key is heard
        lambda job: job.writes and offered.append(is_open(ApplicationDialog) and button.isEnabled())
    )
    key(dialog, "Ctrl+Return")
    settle()
    assert not is_open(ApplicationDialog), dialog.note.text()
    assert offered and not any(offered)  # not between saving and submitting either
    stored = accreditation.application(session_of("am").actor, 1)
    assert stored.state is ApplicationState.IN_REVIEW
    assert stored.draft.facts.name == NAME
    assert stored.draft.classes[0].monthly_kg == 1_200_000
    assert [d.kind for d in stored.documents] == kinds
    assert stored.documents[0].valid_to.isoformat() == "2036-09-30"
    data = accreditation.document_bytes(session_of("am").actor, stored.documents[0].key)[1]
    assert data == scans[0].read_bytes()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "必填"),
        ("uscc", "91370200MA", "18"),
        ("account", "abc", "账号"),
        ("invoice_phone", "12", "电话"),
        ("established_on", "2026-02-30", "日期"),
    ],
)
def test_c7_1_tells_field_by_field(
    open_window: Open, settle: Settle, field: str, value: str, message: str
) -> None:
    window = open_window(MANAGER, "customers")
    dialog = new_form(window, settle)
    fill(dialog, settle, **{**FACTS, field: value})
    dialog._go_to_first()
    found = dialog.form.fields[field]
    assert found.wrong
    assert message in found.message.text()
    assert not dialog.submit_button.isEnabled()


def test_a_field_not_yet_visited_is_not_scolded(open_window: Open, settle: Settle) -> None:
    window = open_window(MANAGER, "customers")
    dialog = new_form(window, settle)
    assert not any(field.wrong for field in dialog.form.fields.values())
    dialog.form.fields["bank"].editor.setFocus()
    dialog.form.fields["account"].editor.setFocus()
    run_events(350)
    settle()
    wrong = [name for name, field in dialog.form.fields.items() if field.wrong]
    assert "bank" in wrong
    assert "account" not in wrong


def test_draft_is_saved_at_any_moment(open_window: Open, settle: Settle) -> None:
    window = open_window(MANAGER, "customers")
    dialog = new_form(window, settle)
    dialog.form.fields["short_name"].set_text("恒力")
    assert dialog.head.saved.text() == "尚未保存"
    key(dialog, "Ctrl+S")
    settle()
    assert dialog.head.saved.text().startswith("已保存")
    assert dialog.head.number.text() == "SQ2026-0001"
    dialog.form.fields["short_name"].set_text("恒力石化")
    key(dialog, "Ctrl+S")
    settle()
    dialog.reject()
    assert not is_open(ApplicationDialog)
    assert accreditation.application(session_of("am").actor, 1).draft.facts.short_name == "恒力石化"


def test_saving_twice_makes_one_application_with_what_was_typed_last(
    open_window: Open, settle: Settle
) -> None:
    dialog = new_form(open_window(MANAGER, "customers"), settle)
    dialog.form.fields["short_name"].set_text("恒力")
    dialog.save()
    dialog.form.fields["short_name"].set_text("恒力石化")
    dialog.save()
    dialog.save()
    assert not dialog.save_button.isEnabled()
    settle()
    assert dialog.save_button.isEnabled()
    auditor = session_of("auditor").actor
    assert accreditation.application(auditor, 1).draft.facts.short_name == "恒力石化"
    assert accreditation.application(auditor, 1).version == 2
    with pytest.raises(NotFound):
        accreditation.application(auditor, 2)


def test_closing_never_loses_what_was_typed(open_window: Open, settle: Settle) -> None:
    window = open_window(MANAGER, "customers")
    dialog = new_form(window, settle)
    dialog.form.fields["name"].set_text(NAME)
    key(dialog, "Esc")
    assert dialog.isVisible()
    Person().press(dialog_of(Message), "保存草稿")
    settle()
    assert not is_open(ApplicationDialog)
    assert accreditation.application(session_of("am").actor, 1).draft.facts.name == NAME


def test_what_another_desk_changed_is_chosen_field_by_field(
    open_window: Open, settle: Settle
) -> None:
    from chemsales.services.accreditation import save_draft

    am = session_of("am")
    made = make_application(am, draft_of(NAME))
    window = open_window(MANAGER, "customers")
    window.page.open(("application", made))
    settle()
    dialog = dialog_of(ApplicationDialog)
    assert isinstance(dialog, ApplicationDialog)
    theirs = draft_of("别处改的名称", legal_person="林远", bank="中国银行青岛分行")
    save_draft(am, theirs, made, factory.version_of(made))
    dialog.form.fields["name"].set_text("我的名称")
    dialog.form.fields["short_name"].set_text("我的简称")
    dialog.form.fields["bank"].set_text("交通银行青岛分行")
    dialog.form.contacts.rows[2]["name"].set_text("孙悦")
    dialog.save()
    settle()
    asked = dialog_of(ConflictDialog)
    assert isinstance(asked, ConflictDialog)
    found = {d.names: (d.mine, d.theirs, d.side) for d in asked.found}
    assert found == {
        ("name",): ("我的名称", "别处改的名称", Side.UNDECIDED),
        ("bank",): ("交通银行青岛分行", "中国银行青岛分行", Side.UNDECIDED),
        ("legal_person",): ("陈立", "林远", Side.THEIRS),
        ("short_name",): ("我的简称", "-", Side.MINE),
        ("contacts.2.name",): ("孙悦", "-", Side.MINE),
    }
    assert [label for label in asked.findChildren(PlainLabel) if "张伟于" in label.text()]
    assert dialog.form.fields["name"].text() == "我的名称"  # nothing moved under the question
    Person().press(asked, "保存所选内容")
    assert asked.note.isVisible()  # not before every field is chosen
    by_title = dict(zip((d.title for d in asked.found), asked.choices, strict=True))
    by_title["客户名称"].choose("mine")
    by_title["开户行"].choose("theirs")
    Person().press(asked, "保存所选内容")
    settle()
    stored = accreditation.application(am.actor, made).draft
    facts = stored.facts
    assert (facts.name, facts.short_name) == ("我的名称", "我的简称")
    assert (facts.legal_person, facts.bank) == ("林远", "中国银行青岛分行")
    assert "孙悦" in [contact.name for contact in stored.contacts]
    assert not dialog.dirty


def test_a_conflict_that_is_left_changes_nothing(open_window: Open, settle: Settle) -> None:
    from chemsales.services.accreditation import save_draft

    am = session_of("am")
    made = make_application(am, draft_of(NAME))
    window = open_window(MANAGER, "customers")
    window.page.open(("application", made))
    settle()
    dialog = dialog_of(ApplicationDialog)
    assert isinstance(dialog, ApplicationDialog)
    save_draft(am, draft_of("别处改的名称"), made, factory.version_of(made))
    dialog.form.fields["name"].set_text("我的名称")
    dialog.save()
    settle()
    dialog_of(ConflictDialog).reject()
    settle()
    assert dialog.form.fields["name"].text() == "我的名称"
    assert dialog.dirty
    assert accreditation.application(am.actor, made).draft.facts.name == "别处改的名称"


def test_an_application_that_is_under_review_by_now_cannot_be_saved_over(
    open_window: Open, settle: Settle
) -> None:
    made = make_application(session_of("am"), draft_of(NAME))
    window = open_window(MANAGER, "customers")
    window.page.open(("application", made))
    settle()
    dialog = dialog_of(ApplicationDialog)
    assert isinstance(dialog, ApplicationDialog)
    submit(session_of("am"), made)
    dialog.form.fields["name"].set_text("我的名称")
    dialog.save()
    settle()
    assert not is_open(ConflictDialog)
    assert dialog.form.fields["name"].text() == "我的名称"
    shown = dialog.note.text() or dialog_of(Message).windowTitle()
    assert shown


def test_hints_at_a_twin(open_window: Open, settle: Settle) -> None:
    accredit(draft_of("青岛海科塑料制品有限公司", 7))
    window = open_window(MANAGER, "customers")
    dialog = new_form(window, settle)
    assert not dialog.head.twins.isVisible()
    fill(dialog, settle, **{**FACTS, "name": "青岛海科塑料制品"})
    assert dialog.head.twins.isVisible()
    assert "C00001" in dialog.submit_button.toolTip()
    fill(dialog, settle, uscc=uscc_of(8), name="青岛海科塑料制品有限公司")
    assert dialog.head.twins.isVisible()  # the same name alone is only told
    assert "C00001" not in dialog.submit_button.toolTip()


def test_returned_application_shows_why_and_goes_into_a_new_round(
    open_window: Open, settle: Settle
) -> None:
    made = make_application(session_of("am"), draft_of(NAME))
    submit(session_of("am"), made)
    decide(session_of("sales"), made, Verdict.RETURN, "开户行名称不一致")
    window = open_window(MANAGER, "customers")
    window.page.open(("application", made))
    settle()
    dialog = dialog_of(ApplicationDialog)
    assert isinstance(dialog, ApplicationDialog)
    assert "王芳（销售部审核）" in dialog.head.returned.text()
    assert "开户行名称不一致" in dialog.head.returned.text()
    fill(dialog, settle, bank="中国银行青岛分行")
    Person().click(dialog.submit_button)
    settle()
    stored = accreditation.application(session_of("am").actor, made)
    assert (stored.state, stored.round) == (ApplicationState.IN_REVIEW, 2)


def test_an_application_under_review_is_only_read(open_window: Open, settle: Settle) -> None:
    made = make_application(session_of("am"), draft_of(NAME))
    submit(session_of("am"), made)
    window = open_window(MANAGER, "customers")
    window.page.open(("application", made))
    settle()
    dialog = dialog_of(ApplicationDialog)
    assert isinstance(dialog, ApplicationDialog)
    assert not dialog.save_button.isVisible()
    assert not dialog.submit_button.isVisible()
    assert dialog.form.fields["name"].editor.isReadOnly()
    drop(dialog, [Path(__file__)])
    assert not is_open(AttachDialog)


def test_a_hostile_scan_is_refused_and_the_good_one_stays(
    open_window: Open, settle: Settle, tmp_path: Path, scans: list[Path]
) -> None:
    fake = tmp_path / "坏文件.pdf"
    fake.write_bytes(b"MZ this is a program")
    window = open_window(MANAGER, "customers")
    dialog = new_form(window, settle)
    drop(dialog, [fake, scans[0]])
    Person().click(dialog_of(AttachDialog).verb)
    settle()
    assert "坏文件.pdf" in dialog.note.text()
    assert [d.label for d in dialog.detail.documents] == [scans[0].name]


def test_search_finds_pinyin_while_it_is_composed(open_window: Open, settle: Settle) -> None:
    for number, name in enumerate((NAME, "青岛海科塑料制品有限公司", "宁波荣盛贸易有限公司"), 1):
        accredit(draft_of(name, number))
    window = open_window(SALES, "customers")
    page = window.page
    assert len(page.customers.rows()) == 3
    event = QInputMethodEvent("q'd'h'k", [])
    QApplication.sendEvent(page.search, event)
    run_events(250)
    settle()
    assert [row.name for row in page.customers.rows()] == ["青岛海科塑料制品有限公司"]
    commit = QInputMethodEvent("", [])
    commit.setCommitString("荣盛")
    QApplication.sendEvent(page.search, commit)
    run_events(250)
    settle()
    assert [row.name for row in page.customers.rows()] == ["宁波荣盛贸易有限公司"]


def test_the_account_manager_changes_the_mnemonic_on_the_card(
    open_window: Open, settle: Settle
) -> None:
    customer = accredit(draft_of(NAME, 5, mnemonic="hlsh"))
    window = open_window(MANAGER, "customers")
    window.page.open(customer)
    settle()
    Person().click(window.page.card.mnemonic)
    dialog = dialog_of(MnemonicDialog)
    assert dialog.form["mnemonic"].text() == "hlsh"
    dialog.form["mnemonic"].set_text("x" * 40)
    Person().click(button_of(dialog, "保存"))
    settle()
    assert not is_open(MnemonicDialog)
    assert window.page.card.card.detail.facts.mnemonic == "x" * 40
    assert [hit.key for hit in find(session_of("am").actor, "xxx")] == [customer]


def test_nobody_else_may_change_the_mnemonic_and_is_told_why(
    open_window: Open, settle: Settle
) -> None:
    customer = accredit(draft_of(NAME, 5))
    window = open_window(MANAGER, "customers", login="am2")
    window.page.open(customer)
    settle()
    made = window.page.card.mnemonic
    assert not made.isEnabled()
    assert "只有其客户经理可以修改" in made.toolTip()


def test_c4_4_card_shows_levels_with_reasons_and_article(open_window: Open, settle: Settle) -> None:
    clock = factory.Clock()
    clock.set(2026, 3, 12)
    customer = accredit(draft_of(NAME, 5), clock)
    clock.set(2026, 5, 2)
    factory_offtake.pick_up(
        session_of("am", clock), factory_offtake.weekdays("2026-04", 60_000, customer)
    )
    factory_offtake.close(session_of("sales", clock), "2026-04")
    window = open_window(SALES, "customers")
    window.page.customers.select_first()
    key(window.page, "Return")
    settle()
    card = window.page.card
    assert window.page.view.currentIndex() == 1
    assert card.name.text() == NAME
    assert [row.month for row in card.levels.rows()] == ["2026-04"]
    card.tabs.setCurrentIndex(1)
    article = button_of(card.reasons, "依据第九条")
    Person().click(article)
    text = dialog_of(Dialog)
    assert "第九条" in text.windowTitle()
    text.reject()
    key(window.page, "Esc")
    assert window.page.view.currentIndex() == 0


def test_a_card_that_is_not_wanted_any_longer_does_not_open(
    open_window: Open, settle: Settle
) -> None:
    made = accredit(draft_of(NAME))
    window = open_window(SALES, "customers")
    page = window.page
    page.open(made)
    page.show_list()  # before the card was read
    settle()
    assert page.view.currentIndex() == 0
    page.open(made)
    settle()
    assert page.view.currentIndex() == 1


def test_application_form_prints_the_bytes_shown(
    open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    accredit(draft_of(NAME, 5))
    window = open_window(SALES, "customers")
    assert not button_of(window.page, "开户审批表").isEnabled()
    window.page.customers.select_first()
    Person().press(window.page, "开户审批表")
    settle()
    preview = dialog_of(PreviewDialog).preview
    from chemsales.queries.application_form import application_form

    assert preview.data == report.render(application_form(session_of("sales").actor, 1))
    preview.save_to(tmp_path / "form.pdf")
    settle()
    assert (tmp_path / "form.pdf").read_bytes() == preview.data


def test_names_are_never_markup(open_window: Open, settle: Settle) -> None:
    hostile = "<img src='/etc/passwd'><b>甲</b>&乙"
    made = make_application(session_of("am"), draft_of(hostile, 9))
    window = open_window(MANAGER, "customers")
    window.page.open(("application", made))
    settle()
    dialog = dialog_of(ApplicationDialog)
    assert dialog.form.fields["name"].text() == hostile
    with connected():
        assert rows("SELECT name FROM application")[0][0] == hostile
    assert window.page.applications.rows()[0].name == hostile


def test_only_a_manager_applies(open_window: Open) -> None:
    window = open_window(SALES, "customers")
    assert not window.page.new_button.isEnabled()
    assert window.page.new_button.toolTip()


@pytest.mark.parametrize(
    ("facts", "field", "said"),
    [
        ({"name": "恒力石化（大莲）有限公司"}, "name", "读音相同"),
        ({"name": "恒力石化（大边）有限公司"}, "name", "只差一个字"),
        ({"name": "宁波荣盛新材料有限公司", "account": "37101986010051500001"}, "account",
         "银行账号"),
        ({"name": "宁波荣盛新材料有限公司", "invoice_phone": "05328689 0001"}, "invoice_phone",
         "电话"),
        ({"name": "宁波荣盛新材料有限公司", "parent_company": NAME}, "parent_company", "同一集团"),
    ],
)  # fmt: skip
def test_c7_1_a_likely_duplicate_is_told_while_typing_and_nothing_is_saved(
    open_window: Open, settle: Settle, facts: dict[str, str], field: str, said: str
) -> None:
    """Usability task 7: above the form stands whom it resembles and in which field, before anything
    is saved; the sentence stands under the field alone."""
    accredit(draft_of(NAME, 1))
    dialog = new_form(open_window(MANAGER, "customers"), settle)
    for name, text in facts.items():
        dialog.form.fields[name].set_text(text)
    run_events(350)
    settle()
    assert dialog.detail is None
    told = [part.text() for part in dialog.head.twins.findChildren(PlainLabel)]
    assert told == [f"相同或相近：{place_name(field)}"]
    assert [link.text() for link in links(dialog)] == [f"C00001 {NAME}"]
    under = dialog.form.fields[field].message
    assert said in under.text() and "C00001" in under.text() and not under.isHidden()
    assert dialog.head.twins.isVisible() and not dialog.head.more.isVisible()
    for article in dialog.head.twins.findChildren(ArticleButton):
        assert article.visibleRegion().boundingRect() == article.rect()
    assert rows("SELECT count(*) FROM application") == [(1,)]


def links(dialog: ApplicationDialog) -> list[QPushButton]:
    """The names above the form that lead to a card."""
    found = dialog.head.twins.findChildren(QPushButton)
    return [each for each in found if not isinstance(each, ArticleButton)]


def test_c7_1_whom_it_resembles_is_looked_at_on_the_card_and_what_was_typed_is_kept(
    open_window: Open, settle: Settle
) -> None:
    """Each customer once, however much it shares; an application in progress has no card."""
    accredit(draft_of(NAME, 1))
    other = make_application(session_of("am2"), draft_of("宁波荣盛新材料有限公司", 2))
    submit(session_of("am2"), other)
    window = open_window(MANAGER, "customers")
    dialog = new_form(window, settle)
    for name, text in {"name": "恒力石化（大莲）有限公司", "account": "37101986010051500001",
                       "parent_company": "宁波荣盛新材料有限公司"}.items():  # fmt: skip
        dialog.form.fields[name].set_text(text)
    run_events(350)
    settle()
    told = [part.text() for part in dialog.head.twins.findChildren(PlainLabel)]
    assert "相同或相近：客户名称、账号" in told and "SQ2026-0002 宁波荣盛新材料有限公司" in told
    (link,) = links(dialog)
    said: list[str] = []
    window.context.said.connect(said.append)
    Person().click(link)
    settle()
    assert not is_open(ApplicationDialog)
    assert said == ["填写的内容已留存，再次打开时可以恢复。"]
    assert window.page.card.isVisible() and window.page.card.card.detail.code == "C00001"
    assert rows("SELECT count(*) FROM application") == [(2,)]  # nothing was stored of it
    again = new_form(window, settle)
    Person().click(again.bar.restore)
    assert again.form.fields["name"].text() == "恒力石化（大莲）有限公司"


def test_the_history_tells_tonnes_groups_and_articles_in_words(qtbot: QtBot) -> None:
    view = CustomerHistory()
    qtbot.addWidget(view)
    changes = [FieldChange("capacity_kg", "0", "60000000"), FieldChange("clause", "", "C10.1")]
    view.show_history(
        [
            HistoryRow(n, factory.NOON, "王芳", "customer_class", "乙二醇", change, False, "C10.1")
            for n, change in enumerate(changes)
        ]
    )
    shown = {view.grid.model().index(n, 5).data() for n in range(2)}
    assert shown == {"60,000.000", "依据第十条(一)"}
