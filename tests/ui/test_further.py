"""A further class in the window: from the card over the form and three reviews to the card (C3.1,
C7.2, C10.1)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import DocumentKind as Kind
from chemsales.rules.roles import Role
from chemsales.storage.database import connected, rows
from tests.factory import accredit, draft_of
from tests.factory_further import EG_DEALER, begin
from tests.furnishing import furnish
from tests.ui.acting import dialog_of
from tests.ui.acting import key as press
from tests.ui.reviewing import page_of
from tests.ui.test_review import texts
from ui.dialogs.application import ApplicationDialog
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
    assert "您的角色不能编辑申请" in pane.further.toolTip()


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
