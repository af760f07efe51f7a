"""The scenes of cancelling a qualification: proposing, deciding, the card afterwards."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from chemsales.rules.approval import Verdict
from chemsales.rules.disqualification import Ground
from chemsales.rules.roles import Role
from tests.factory import session_of
from tests.factory_cases import put_up_again
from tests.factory_disqualification import disqualify, give, propose
from tests.factory_offtake import pick_up, plan
from tests.furnishing import customers, furnish, open_months
from tests.scenes import Scene, Stage
from ui.dialogs.application import ApplicationDialog
from ui.dialogs.disqualification import DisqualificationDialog

SALES, MANAGER = Role.SALES_HEAD, Role.ACCOUNT_MANAGER


def _propose(stage: Stage) -> QWidget:
    """The dialog with a ground that lacks its amount."""
    furnish(open_months)
    page = stage.page("customers")
    page.open(1)
    stage.settle()
    page.card.disqualify.click()  # type: ignore[attr-defined]
    stage.settle()
    dialog = stage.dialog(DisqualificationDialog)
    dialog.form["ground"].set_text(str(Ground.LOSS))  # type: ignore[attr-defined]
    dialog.form["facts"].set_text("货款逾期九十天未付，已书面催收三次。")  # type: ignore[attr-defined]
    dialog.verb.click()  # type: ignore[attr-defined]
    stage.settle()
    return dialog


def _returned() -> int:
    key = propose(customers()[0])
    give(key, "sales", Verdict.RETURN, "请补充发证机关回函原件。")
    return key


def _put_up_again() -> int:
    customers()
    return put_up_again("disqualification")


def _again(stage: Stage) -> QWidget:
    key = furnish(_put_up_again)
    stage.page("approvals").open(("disqualification", key))
    stage.settle()
    return stage.window


def _correct(stage: Stage) -> QWidget:
    key = furnish(_returned)
    stage.page("customers").open(("disqualification", key))
    stage.settle()
    return stage.dialog(DisqualificationDialog)


def _at_sales() -> int:
    """With orders of two months, the first partly taken."""
    am = session_of("am")
    key = customers()[0]
    plan(am, [(key, "PP-T30S", month, 300_000, 0) for month in ("2026-07", "2026-08")])
    pick_up(am, [(key, "PE-7042", "2026-07-02", 120_500)])
    return propose(key)


def _approval(stage: Stage) -> QWidget:
    key = furnish(_at_sales)
    stage.page("approvals").open(("disqualification", key))
    stage.settle()
    return stage.window


def _disqualified() -> int:
    key = customers()[0]
    disqualify(key)
    return key


def _card(stage: Stage) -> QWidget:
    key = furnish(_disqualified)
    stage.page("customers").open(key)
    stage.settle()
    return stage.window


def _readmission(stage: Stage) -> QWidget:
    """The form for who is to be admitted anew, on what its file says."""
    key = furnish(_disqualified)
    page = stage.page("customers")
    page.open(key)
    stage.settle()
    page.card.again.click()  # type: ignore[attr-defined]
    stage.settle()
    return stage.dialog(ApplicationDialog)


SCENES = [
    Scene("disqualification_propose", MANAGER, _propose),
    Scene("disqualification_correct", MANAGER, _correct),
    Scene("disqualification_approval", SALES, _approval),
    Scene("disqualification_again", SALES, _again),
    Scene("disqualification_card", MANAGER, _card),
    Scene("disqualification_readmission", MANAGER, _readmission),
]
