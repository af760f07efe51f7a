"""The scenes of handing customers over: from a card, and of a leaver from the list of logins."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from chemsales.rules.roles import Role
from tests.factory_customer_change import move_account
from tests.furnishing import application, customers, furnish, rich_draft
from tests.scenes import Scene, Stage
from tests.scenes.frame import section
from ui.dialogs.handover import HandoverDialog


def _waiting() -> int:
    return move_account(customers()[0])


def _one(stage: Stage) -> QWidget:
    furnish(_waiting)
    page = stage.page("customers")
    page.open(1)
    stage.settle()
    page.card.hand_over.click()  # type: ignore[attr-defined]
    stage.settle()
    dialog = stage.dialog(HandoverDialog)
    dialog.verb.click()  # type: ignore[attr-defined]
    stage.settle()
    return dialog


def _leaving() -> int:
    """Customers, a case and an application of a new customer, all of one account manager."""
    _waiting()
    return application(rich_draft("新客户化工有限公司", 9))


def _leaver(stage: Stage) -> QWidget:
    furnish(_leaving)
    page = section(stage, "people")
    page.table.select_key("am")  # type: ignore[attr-defined]
    stage.settle()
    page.hand_over_button.click()  # type: ignore[attr-defined]
    stage.settle()
    return stage.dialog(HandoverDialog)


SCENES = [
    Scene("handover", Role.SALES_HEAD, _one),
    Scene("handover_leaver", Role.ADMINISTRATOR, _leaver),
]
