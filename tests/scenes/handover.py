"""The scenes of handing customers over: from a card, and of a leaver from the list of logins."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from chemsales.rules.roles import Role
from tests.factory_customer_change import move_account
from tests.furnishing import customers, furnish
from tests.scenes import Scene, Stage
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


SCENES = [Scene("handover", Role.SALES_HEAD, _one)]
