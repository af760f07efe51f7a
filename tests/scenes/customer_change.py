"""The scenes of changing a customer's file: asking for it, what waits, finance before it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from chemsales.rules.approval import Verdict
from chemsales.rules.roles import Role
from tests.factory_cases import put_up_again
from tests.factory_customer_change import judge, move_account
from tests.furnishing import customers, furnish
from tests.scenes import Scene, Stage
from ui.dialogs.case import CaseDialog
from ui.dialogs.customer_change import CustomerChangeDialog

MANAGER, FINANCE = Role.ACCOUNT_MANAGER, Role.FINANCE
LONG = "恒力石化（大连）新材料科技产业发展集团股份有限公司国际贸易分公司"


def _dialog(stage: Stage) -> QWidget:
    """The dialog with another account typed, and its paper missing."""
    key = furnish(customers)[0]
    page = stage.page("customers")
    page.open(key)
    stage.settle()
    page.card.change.click()  # type: ignore[attr-defined]
    stage.settle()
    dialog = stage.dialog(CustomerChangeDialog)
    form = dialog.form  # type: ignore[attr-defined]
    form["reason"].set_text("客户来函，自本月起启用新账户。")
    form["name"].set_text(LONG)
    form["account"].set_text("5329010210310601")
    dialog.verb.click()  # type: ignore[attr-defined]
    stage.settle()
    return dialog


def _waiting() -> int:
    return move_account(customers()[0])


def _returned() -> int:
    key = _waiting()
    judge(key, verdict=Verdict.RETURN, comment="请附新的开户许可证，并写明启用日期。")
    return key


def _rejected() -> int:
    key = _waiting()
    judge(key, verdict=Verdict.REJECT, comment="账户名称与客户不符，不予变更。")
    return key


def _looked_at(prepare: Callable[[], int], stage: Stage) -> QWidget:
    key = furnish(prepare)
    stage.page("approvals").open(("look", "customer_change", key))
    stage.settle()
    return stage.dialog(CaseDialog)


def _own(stage: Stage) -> QWidget:
    furnish(_rejected)
    tabs = stage.page("approvals").tabs  # type: ignore[attr-defined]
    tabs.setCurrentWidget(tabs.frames[1])
    tabs.own.setFocus()
    stage.settle()
    return stage.window


def _approval(stage: Stage) -> QWidget:
    key = furnish(_waiting)
    stage.page("approvals").open(("customer_change", key))
    stage.settle()
    return stage.window


def _put_up_again() -> int:
    customers()
    return put_up_again("customer_change")


def _again(stage: Stage) -> QWidget:
    key = furnish(_put_up_again)
    stage.page("approvals").open(("customer_change", key))
    stage.settle()
    return stage.window


def _correct(stage: Stage) -> QWidget:
    key = furnish(_returned)
    stage.page("customers").open(("change", key))
    stage.settle()
    return stage.dialog(CustomerChangeDialog)


def _card(stage: Stage) -> QWidget:
    furnish(_waiting)
    stage.page("customers").open(1)
    stage.settle()
    return stage.window


def _on_a_day(stage: Stage) -> QWidget:
    furnish(_waiting)
    page = stage.page("customers")
    page.open(1)
    stage.settle()
    page.card.as_on.field.setText("2026-06-30")  # type: ignore[attr-defined]
    page.card.as_on.show_button.click()  # type: ignore[attr-defined]
    stage.settle()
    return stage.window


SCENES = [
    Scene("customer_change", MANAGER, _dialog),
    Scene("customer_change_correct", MANAGER, _correct),
    Scene("customer_change_approval", FINANCE, _approval),
    Scene("customer_change_again", FINANCE, _again),
    Scene("customer_change_card", MANAGER, _card),
    Scene("customer_change_rejected", MANAGER, partial(_looked_at, _rejected)),
    Scene("customer_change_waiting", MANAGER, partial(_looked_at, _waiting)),
    Scene("approvals_own", MANAGER, _own),
    Scene("customer_on_a_day", MANAGER, _on_a_day),
]
