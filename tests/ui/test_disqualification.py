"""C17.1 through the window: proposed on the card, decided in Approvals, printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QStyleOptionViewItem

from chemsales.queries.approval import queue
from chemsales.queries.customers import customer as customer_file
from chemsales.queries.disqualification_form import disqualification_form
from chemsales.reports import disqualification as report
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import CustomerStatus
from chemsales.rules.disqualification import Ground
from chemsales.rules.roles import Role
from chemsales.storage.database import connected, rows
from tests.factory import PDF, Clock, accredit, draft_of, employ, session_of
from tests.factory_disqualification import disqualify, give, propose
from tests.factory_offtake import pick_up, plan
from tests.furnishing import customers, furnish
from tests.reports import pdf
from tests.ui.acting import Person, button_of, dialog_of
from tests.ui.reviewing import shown_titles, texts
from ui.dialogs.application import ApplicationDialog
from ui.dialogs.case import CaseDialog
from ui.dialogs.disqualification import DisqualificationDialog
from ui.dialogs.preview import PreviewDialog
from ui.main_window import MainWindow
from ui.tables.delegate import EndRole
from ui.widgets.labels import PlainLabel

Open = Callable[..., MainWindow]
Settle = Callable[..., None]
AUDITOR = session_of("auditor").actor


@pytest.fixture
def customer(sqlite_ready: str) -> int:
    """The first of three customers."""
    return furnish(customers)[0]


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A paper that bears a proposal out."""
    path = tmp_path / "发证机关回函.pdf"
    path.write_bytes(PDF + b"answer")
    return path


def fill(dialog: DisqualificationDialog, scan: Path) -> None:
    """What a person types and chooses."""
    form = dialog.form
    form["ground"].set_text(str(Ground.DISHONESTY))
    form["facts"].set_text("提交的许可证系伪造。")
    form["occurred_on"].set_value(date(2026, 7, 1))
    form["papers"].editor.add([scan])


def test_c17_1_a_manager_proposes_on_the_card(
    customer: int, scan: Path, open_window: Open, settle: Settle
) -> None:
    window = open_window(Role.ACCOUNT_MANAGER, "customers")
    window.page.open(customer)
    settle()
    window.page.card.disqualify.click()
    settle()
    dialog = dialog_of(DisqualificationDialog)
    dialog.verb.click()
    settle()
    for name in ("ground", "facts", "occurred_on", "papers"):
        assert "请填写" in dialog.form[name].message.text(), name
    fill(dialog, scan)
    dialog.verb.click()
    settle()
    assert window.page.card.proposal.isVisible() and window.page.card.proposed.isVisible()
    assert "取消资格审批中" in window.page.card.proposed.text()
    assert not window.page.card.disqualify.isEnabled()
    assert "QX2026-0001" in window.page.card.disqualify.toolTip()


def test_c7_2_the_sales_head_urges_what_the_sales_head_put_up(
    customer: int, open_window: Open, settle: Settle
) -> None:
    key = propose(customer, login="sales")
    give(key, employ("head2", Role.SALES_HEAD))
    window = open_window(Role.SALES_HEAD, "approvals")
    window.page.tabs.look("disqualification", key)  # type: ignore[attr-defined]
    settle()
    dialog = dialog_of(CaseDialog)
    assert dialog.urge.isVisible() and dialog.urge.isEnabled()
    Person().click(dialog.urge)
    settle()
    (row,) = queue(session_of("finance").actor)
    assert (row.kind, row.urged) == ("disqualification", 1)


def test_c17_1_three_stages_decide_with_the_evidence_beside(
    customer: int, open_window: Open, settle: Settle, clock: Clock
) -> None:
    key = propose(customer, clock)
    for role in (Role.SALES_HEAD, Role.FINANCE, Role.GENERAL_MANAGER):
        window = open_window(role, "approvals")
        settle()
        page = window.page
        page.open(("disqualification", key))
        settle()
        case = page.cases.disqualification
        assert page.cases.currentWidget() is case
        name = case.detail.stored.customer_name
        assert shown_titles(page) == {f"{name} · 取消资格"}
        assert page.case.name.text() == f"取消资格 · {name}"
        assert case.detail.stored.number == "QX2026-0001"
        assert [item.name for item in case.viewer.items] == ["回函.pdf"]
        page.acts["approvals.approve"].trigger()
        settle()
    assert customer_file(AUDITOR, customer).status is CustomerStatus.DISQUALIFIED


@pytest.mark.parametrize("width", [1024, 1366])
def test_c17_1_a_long_name_gives_way_in_the_queue_to_what_the_case_is(
    open_window: Open, settle: Settle, clock: Clock, width: int
) -> None:
    key = propose(accredit(draft_of("青岛西海岸新区东澜岑光塑料进出口贸易有限公司"), clock), clock)
    window = open_window(Role.SALES_HEAD, "approvals", size=(width, 768))
    settle()
    queue = window.page.queue  # type: ignore[attr-defined]
    index = queue.model().index(0, queue.names.index("title"))
    delegate, option = queue.itemDelegateForIndex(index), QStyleOptionViewItem()
    queue.initViewItemOption(option)
    delegate.initStyleOption(option, index)
    option.rect = queue.visualRect(index)
    assert queue.rows()[0].key == ("disqualification", key)
    seen = delegate.shortened(option, index.data(EndRole))
    assert seen.startswith("青岛") and seen.endswith("… · 取消资格")


def test_what_is_open_of_an_order_is_told_before_and_kept_on_the_form(
    customer: int, scan: Path, open_window: Open, settle: Settle, clock: Clock
) -> None:
    am = session_of("am", clock)
    plan(am, [(customer, "PP-T30S", "2026-07", 80_000, 0)])
    pick_up(am, [(customer, "PE-7042", "2026-07-02", 30_500)])
    told = "2026-07 聚烯烃计划（订货）80.000 吨，已提 30.500 吨，未提 49.500 吨不再执行"
    window = open_window(Role.ACCOUNT_MANAGER, "customers")
    window.page.open(customer)
    settle()
    window.page.card.disqualify.click()
    settle()
    dialog = dialog_of(DisqualificationDialog)
    assert told in [each.text() for each in dialog.findChildren(PlainLabel)]
    fill(dialog, scan)
    dialog.verb.click()
    settle()
    with connected():
        ((key,),) = rows("SELECT id FROM disqualification")
    window = open_window(Role.SALES_HEAD, "approvals")
    settle()
    window.page.open(("disqualification", key))
    settle()
    case = window.page.cases.disqualification
    assert told in [each.text() for each in case.findChildren(PlainLabel)]
    pick_up(am, [(customer, "PP-T30S", "2026-07-03", 49_500)])
    text = pdf.text(report.render(disqualification_form(AUDITOR, key))).replace("\n", "")
    assert "已提30.500吨" in text.replace(" ", "")  # as it was when it was put up


def test_a_returned_proposal_is_corrected_from_approvals(
    customer: int, scan: Path, open_window: Open, settle: Settle, clock: Clock
) -> None:
    key = propose(customer, clock)
    give(key, "sales", Verdict.RETURN, "请补充回函原件", clock=clock)
    window = open_window(Role.ACCOUNT_MANAGER, "approvals")
    settle()
    window.page.open(("disqualification", key))
    settle()
    window.page.acts["approvals.correct"].trigger()
    settle()
    dialog = dialog_of(DisqualificationDialog)
    assert "伪造" in dialog.form["facts"].text()
    dialog.form["papers"].editor.add([scan])
    dialog.verb.click()
    settle()
    form = disqualification_form(AUDITOR, key)
    assert form.papers == ("回函.pdf", "发证机关回函.pdf")


def test_what_was_decided_opens_the_card_of_its_customer(
    customer: int, open_window: Open, settle: Settle, clock: Clock
) -> None:
    give(propose(customer, clock), "sales", clock=clock)
    window = open_window(Role.SALES_HEAD, "approvals")
    settle()
    decided = window.page.tabs.decided
    decided.opened.emit(decided.rows()[0])
    settle()
    assert window.page.card.isVisible()
    assert window.page.card.card.detail.id == customer


def test_the_form_prints_from_the_card_with_its_decision(
    customer: int, open_window: Open, settle: Settle, clock: Clock
) -> None:
    key = disqualify(customer, clock)
    window = open_window(Role.GENERAL_MANAGER, "customers")
    window.page.open(customer)
    settle()
    card = window.page.card
    assert "已取消资格" in card.status.text()
    card.proposal.click()
    settle(40)
    preview = dialog_of(PreviewDialog).preview
    form = disqualification_form(AUDITOR, key)
    assert preview.data == report.render(form)
    text = pdf.text(preview.data)
    for words in (
        "取消客户资格审批表",
        "QX2026-0001",
        "提供虚假信息，有欺诈",
        "自2026年7月6日起取消客户资格",
    ):
        assert words in text, words


def test_c17_1_who_is_disqualified_is_applied_for_anew_on_the_card(
    customer: int, open_window: Open, settle: Settle, clock: Clock
) -> None:
    window = open_window(Role.ACCOUNT_MANAGER, "customers")
    window.page.open(customer)
    settle()
    assert not window.page.card.again.isVisible()
    disqualify(customer, clock)
    window.page.open(customer)
    settle()
    card = window.page.card
    assert card.again.isVisible() and card.again.isEnabled() and not card.disqualify.isVisible()
    card.again.click()
    settle()
    dialog = dialog_of(ApplicationDialog)
    file = customer_file(AUDITOR, customer)
    assert "QX2026-0001" in dialog.head.further.text() and file.code in dialog.head.further.text()
    assert dialog.form.fields["name"].text() == file.facts.name
    assert dialog.form.fields["classes.PO.customer_class"].text() == "dealer"
    assert all(each.isEnabled() for each in (dialog.form.fields["name"], dialog.form.contacts.more))
    assert not dialog.documents.rows and dialog.documents.missing  # none is copied
    assert button_of(dialog.head.twins, file.code).text() == f"{file.code} {file.facts.name}"
    assert any(text.startswith("已取消资格") for text in texts(dialog.head.twins))
    assert not dialog.dirty  # nothing to lose yet
    dialog.form.fields["short_name"].set_text("新申请")
    dialog.save()
    settle()
    with connected():
        made = rows("SELECT name, short_name, further, customer_id FROM application WHERE id > 3")
    assert made == [(file.facts.name, "新申请", 0, None)]
    stored = dialog.detail.id
    dialog.reject()
    card.again.click()  # what was begun is gone on with
    settle()
    again = dialog_of(ApplicationDialog)
    assert again is not dialog and again.detail.id == stored
    with connected():
        assert rows("SELECT count(*) FROM application WHERE id > 3") == [(1,)]


def test_who_may_not_apply_sees_why_on_the_card(
    customer: int, open_window: Open, settle: Settle, clock: Clock
) -> None:
    disqualify(customer, clock)
    window = open_window(Role.SALES_HEAD, "customers")
    window.page.open(customer)
    settle()
    again = window.page.card.again
    assert again.isVisible() and not again.isEnabled()
    assert "您不能编辑申请" in again.toolTip()
