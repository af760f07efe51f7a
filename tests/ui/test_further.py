"""A further class in the window: from the card over the form and three reviews to the card (C3.1,
C7.2, C10.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QPushButton

from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.customer import DocumentKind as Kind
from chemsales.rules.errors import NotAllowed
from chemsales.rules.roles import Role
from chemsales.services import accreditation
from chemsales.storage.database import connected, rows
from tests.factory import (
    NOON,
    Clock,
    accredit,
    decide,
    draft_of,
    make_application,
    session_of,
    submit,
    version_of,
)
from tests.factory_further import EG_DEALER, begin, give
from tests.furnishing import furnish
from tests.ui.acting import Person, dialog_of
from tests.ui.acting import key as press
from tests.ui.reviewing import page_of, shown_titles
from tests.ui.test_review import texts
from ui.dialogs.application import ApplicationDialog
from ui.dialogs.preview import PreviewDialog
from ui.forms import editors
from ui.main_window import MainWindow
from ui.widgets.customer_card import CustomerCard

MANAGER, SALES, GM = Role.ACCOUNT_MANAGER, Role.SALES_HEAD, Role.GENERAL_MANAGER
Open = Callable[..., MainWindow]
Settle = Callable[[], None]
NAME = "江苏华东化工有限公司"


def held() -> int:
    return accredit(draft_of(NAME, 3))


def card_of(window: MainWindow, settle: Settle, key: int) -> CustomerCard:
    window.page.open(("classes", key))
    settle()
    return window.page.card


def test_c3_1_c7_2_c10_1_from_the_card_over_the_form_and_three_reviews_to_the_card(
    open_window: Open, settle: Settle
) -> None:
    key = furnish(held)
    window = open_window(MANAGER, "customers")
    card = card_of(window, settle, key)
    assert card.class_pane.further.isEnabled()
    card.class_pane.further.click()
    settle()
    dialog = dialog_of(ApplicationDialog)
    form = dialog.form
    assert "C00001" in dialog.head.further.text() and NAME in dialog.head.further.text()
    assert form.fields["name"].text() == NAME
    assert not editors.is_editable(form.fields["name"].editor)
    assert not editors.is_editable(form.fields["bank"].editor)
    assert not form.contacts.more.isEnabled()
    assert not dialog.head.twins.isVisible()  # the customer itself is no duplicate
    form.fields["classes.EG.customer_class"].set_text(str(CustomerClass.DEALER))
    for name in ("region", "operation", "funds", "reputation", "ability"):
        form.fields[f"classes.EG.{name}"].set_text("江苏")
    dialog._judge()
    settle()
    assert [each.place for each in dialog.problems if not each.warning] == []
    assert dialog.documents.missing == []
    dialog.submit()
    settle()
    with connected():
        ((made, customer, state),) = rows(
            "SELECT id, customer_id, state FROM application WHERE further = 1"
        )
    assert (customer, state) == (key, "in_review")
    card = card_of(window, settle, key)
    assert not card.class_pane.further.isEnabled()
    assert "SQ" in card.class_pane.further.toolTip()
    for role in (SALES, Role.FINANCE, GM):
        review = open_window(role, "approvals")
        settle()
        page = page_of(review)
        shown = texts(page.accreditation.sections["further"])
        assert any(NAME in text and "C00001" in text for text in shown)
        press(page, "Ctrl+Return")
        settle()
    with connected():
        assert rows("SELECT state FROM application WHERE id = ?", (made,)) == [("accredited",)]
    card = card_of(open_window(MANAGER, "customers"), settle, key)
    assert any("SQ2026-0002" in text for text in texts(card))
    assert [(row.group_code, row.customer_class) for row in card.classes.rows()] == [
        ("PO", CustomerClass.DEALER), ("EG", CustomerClass.DEALER),
    ]  # fmt: skip


def three_wait() -> int:
    """A further class of a customer under review, between two applications of others; its key."""
    others = [make_application(session_of("am"), draft_of(f"{word}贸易有限公司", number))
              for number, word in ((51, "东阳"), (52, "西宁"))]  # fmt: skip
    made = begin(held(), EG_DEALER)
    for each in (others[0], made, others[1]):
        submit(session_of("am"), each)
    return made


def test_c7_2_back_leads_from_the_card_to_the_case_that_it_was_opened_from(
    open_window: Open, settle: Settle
) -> None:
    """Past the list of customers, and however many cases were looked at on the way; also after
    another case was opened since."""
    made = furnish(three_wait)
    window = open_window(SALES, "approvals")
    page = page_of(window)

    def look(kind: str, key: int) -> None:
        page.queue.select_key(next(r.case_id for r in page.queue.rows() if r.key == (kind, key)))
        settle()

    first = page.loaded
    assert first is not None and first.waiting.id != made
    look("accreditation", made)
    Person().press(page.case, "打开客户卡片")
    settle()
    assert window.place == "customers" and window.page.card.isVisible()
    press(window, "Alt+Left")
    settle()
    assert window.place == "approvals"
    assert page.loaded is not None and page.loaded.waiting.id == made
    press(window, "Alt+Left")  # a case that was turned past is nowhere to go back to
    settle()
    assert window.place == "approvals" and not window.acts["back"].isEnabled()
    press(window, "Alt+Right")
    settle()
    assert window.place == "customers" and window.page.card.isVisible()
    window.show_place("approvals")
    look(*first.waiting.key)
    for place in ("customers", "approvals"):
        press(window, "Alt+Left")
        settle()
        assert window.place == place
    assert page.loaded is not None and page.loaded.waiting.id == made
    assert page.queue.row().id == made


def test_the_list_that_an_application_opens_over_is_gone_back_to(
    open_window: Open, settle: Settle
) -> None:
    key = furnish(held)
    window = open_window(MANAGER)
    window.go("customers", key)
    settle()
    window.show_place("today")
    window.go("customers", ("application", 1))
    settle()
    dialog_of(ApplicationDialog).reject()
    window.page.open(key)
    settle()
    press(window, "Alt+Left")
    settle()
    assert window.place == "customers" and not window.page.card.isVisible()
    press(window, "Alt+Left")
    assert window.place == "today"
    press(window, "Alt+Left")
    settle()
    assert window.page.card.isVisible()


def test_the_class_that_it_has_is_greyed_and_a_paper_on_file_is_shown(
    open_window: Open, settle: Settle
) -> None:
    key = furnish(held)
    window = open_window(MANAGER, "customers")
    card_of(window, settle, key).class_pane.further.click()
    settle()
    dialog = dialog_of(ApplicationDialog)
    picker = dialog.form.fields["classes.PO.customer_class"].editor
    model = picker.model()
    assert not model.item(picker.findData("dealer")).isEnabled()
    assert model.item(picker.findData("direct")).isEnabled()
    assert [row.kind for row in dialog.documents.rows] == [Kind.BUSINESS_LICENCE, Kind.INVOICE_DATA]
    assert "客户档案中的材料" in texts(dialog.documents)
    offered = [
        each.text() for each in dialog.documents.findChildren(QPushButton) if each.isVisible()
    ]
    assert "查看" in offered and "移除" not in offered
    dialog.form.fields["classes.BZ.customer_class"].set_text("dealer")
    dialog._judge()
    settle()
    assert [str(kind) for kind in dialog.documents.missing] == ["hazardous_licence"]


def test_who_may_not_apply_sees_why(open_window: Open, settle: Settle) -> None:
    """Who is no account manager; that it is another's customer, the service says."""
    key = furnish(held)
    pane = card_of(open_window(SALES, "customers"), settle, key).class_pane
    assert not pane.further.isEnabled()
    assert "您不能编辑申请" in pane.further.toolTip()


def test_a_draft_is_opened_from_the_list_with_its_customer(
    open_window: Open, settle: Settle
) -> None:
    def drafted() -> int:
        return begin(held(), EG_DEALER)

    key = furnish(drafted)
    window = open_window(MANAGER, "customers")
    window.page.open(("application", key))
    settle()
    dialog = dialog_of(ApplicationDialog)
    assert NAME in dialog.head.further.text()
    assert not editors.is_editable(dialog.form.fields["uscc"].editor)
    region = dialog.form.fields["classes.EG.region"]
    assert editors.is_editable(region.editor)
    region.set_text("江苏、浙江")
    dialog.save()
    settle()
    with connected():
        assert rows("SELECT region FROM application_class WHERE application_id = ?", (key,)) == [
            ("江苏、浙江",)
        ]


def test_c10_3_c10_7_region_and_purpose_are_marked_where_the_class_needs_them(
    open_window: Open, settle: Settle
) -> None:
    key = furnish(held)
    card = card_of(open_window(MANAGER, "customers"), settle, key)
    card.class_pane.further.click()
    settle()
    fields = dialog_of(ApplicationDialog).form.fields
    for wanted, marked in (
        ("", (False, False)),
        ("dealer", (True, False)),
        ("agent", (True, False)),
        ("direct", (False, True)),
    ):
        fields["classes.EG.customer_class"].set_text(wanted)
        for name, required in zip(("region", "purpose"), marked, strict=True):
            field = fields[f"classes.EG.{name}"]
            assert field.required is required, (wanted, name)
            assert (field.editor.placeholderText() == "必填") is required, (wanted, name)
    fields["classes.PO.customer_class"].set_text("direct")  # of polyolefins nothing is asked
    assert not fields["classes.PO.region"].required


def regional() -> int:
    """An exclusive agent of ethylene glycol in Jiangsu."""
    agent = replace(EG_DEALER, customer_class=CustomerClass.AGENT)
    return accredit(draft_of(NAME, 3, [agent]))


def test_c10_3_an_agent_is_offered_its_class_in_another_region(
    open_window: Open, settle: Settle
) -> None:
    key = furnish(regional)
    card = card_of(open_window(MANAGER, "customers"), settle, key)
    card.class_pane.further.click()
    settle()
    dialog = dialog_of(ApplicationDialog)
    picker = dialog.form.fields["classes.EG.customer_class"].editor
    assert picker.model().item(picker.findData("agent")).isEnabled()
    dialog.form.fields["classes.EG.customer_class"].set_text("agent")
    region = dialog.form.fields["classes.EG.region"]
    for typed, told in (("江苏省", True), ("浙江", False)):
        region.set_text(typed)
        dialog._judge()
        settle()
        codes = {problem.reason.code for problem in dialog.problems}
        assert ("reason.class_same_region" in codes) is told, typed


def further_ones() -> tuple[int, int, int]:
    """A customer, the application by which it got a class, and one that is under way."""
    key = accredit(draft_of(NAME, 3), Clock(NOON - timedelta(days=1)))
    return key, give(key), begin(key, ClassRequest("BZ", CustomerClass.DEALER, "山东"))


def test_c10_1_the_applications_for_further_classes_are_opened_and_printed_from_the_card(
    open_window: Open, settle: Settle
) -> None:
    key, given, drafted = furnish(further_ones)
    card = card_of(open_window(MANAGER, "customers"), settle, key)
    said = [text for text in texts(card.further) if "增报类别" in text or "SQ" in text]
    assert len(said) == 2 and "草稿" in said[1] and "草稿" not in said[0]
    opening = [
        each for each in card.further.findChildren(QPushButton) if each.text().startswith("打开")
    ]
    opening[0].click()
    settle()
    dialog = dialog_of(ApplicationDialog)
    assert dialog.detail.id == given and not dialog.editable
    dialog.reject()
    opening[1].click()
    settle()
    dialog = dialog_of(ApplicationDialog)
    assert dialog.detail.id == drafted and dialog.editable
    dialog.reject()
    printing = [each for each in card.further.findChildren(QPushButton) if each not in opening]
    printing[0].click()
    settle()
    assert dialog_of(PreviewDialog).isVisible()


def queued() -> tuple[int, int]:
    """An application for a further class and one of a new customer, both at the sales head's."""
    key = begin(accredit(draft_of(NAME, 3), Clock(NOON - timedelta(days=1))))
    submit(session_of("am"), key)
    other = make_application(session_of("am"), draft_of("新客户有限公司", 5))
    submit(session_of("am"), other)
    return key, other


def test_today_calls_an_own_application_for_a_further_class_as_its_case_is(
    open_window: Open, settle: Settle
) -> None:
    furnish(queued)
    views = open_window(Role.ACCOUNT_MANAGER, "today").page.views
    [card] = [view.card for view in views if view.card.key == "review"]
    assert {line.text for line in card.lines} == {f"{NAME} · 增报类别", "新客户有限公司"}


def test_c7_2_the_queue_says_which_case_is_a_further_class(
    open_window: Open, settle: Settle
) -> None:
    furnish(queued)
    page = page_of(open_window(SALES, "approvals"))
    assert shown_titles(page) == {f"{NAME} · 增报类别", "新客户有限公司"}


def test_c7_2_the_last_approval_says_that_the_class_is_given(
    open_window: Open, settle: Settle
) -> None:
    further, _other = furnish(queued)
    for login in ("sales", "finance"):
        decide(session_of(login), further)
    page = page_of(open_window(GM, "approvals"))
    press(page, "Ctrl+Return")
    settle()
    assert NAME in page.undo.said.text() and not page.undo.act.isEnabled()
    assert page.undo.why.text() == "最终审批不能撤销：增报的类别已授予客户。"
    with pytest.raises(NotAllowed) as refusal:
        accreditation.undo(session_of("gm"), further, version_of(further))
    assert [reason.code for reason in refusal.value.reasons] == ["reason.undo_given"]
