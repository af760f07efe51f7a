"""The scenes of a further class: asked for on the card, filled in, before the general manager."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.roles import Role
from tests.factory import decide, session_of, submit
from tests.factory_agents import agent
from tests.factory_further import begin, give
from tests.furnishing import customers, furnish
from tests.scenes import Scene, Stage
from tests.scenes.business import turn_to
from ui.dialogs.application import ApplicationDialog

BENZENE = ClassRequest("BZ", CustomerClass.AGENT, "山东", 300_000, "苯乙烯、苯胺用户的代理销售")


def _drafted() -> int:
    """A draft for the first customer, which lacks the paper of benzene."""
    return begin(customers()[0], BENZENE)


def _at_the_last() -> int:
    """An application at the general manager's whose region overlaps with another agent's."""
    key = customers()[0]
    agent("南通润邦化工有限公司", 51, "华东")
    asked = ClassRequest("EG", CustomerClass.AGENT, "江苏", 200_000, "聚酯切片")
    made = begin(key, asked)
    submit(session_of("am"), made)
    for login in ("sales", "finance"):
        decide(session_of(login), made, comment="资料齐全，同意。")
    return made


def _card(stage: Stage) -> QWidget:
    key = furnish(customers)[0]
    stage.page("customers").open(("classes", key))
    stage.settle()
    return stage.window


def _form(stage: Stage) -> QWidget:
    key = furnish(_drafted)
    stage.page("customers").open(("application", key))
    return stage.dialog(ApplicationDialog)


def _classes(stage: Stage) -> QWidget:
    dialog = _form(stage)
    dialog.form.go_to("classes.BZ.credit")  # type: ignore[attr-defined]
    dialog.form.go_to("classes.EG.purpose")  # type: ignore[attr-defined]
    stage.settle()
    return dialog


def _review(stage: Stage) -> QWidget:
    furnish(_at_the_last)
    stage.page("approvals")
    return stage.window


def _given() -> int:
    """The first customer, a dealer of ethylene glycol too by now."""
    key = customers()[0]
    give(key)
    return key


def _signed(stage: Stage) -> QWidget:
    stage.page("customers").open(furnish(_given))
    stage.settle()
    turn_to(stage.window.page.card.tabs, "Signatures")  # type: ignore[attr-defined]
    stage.settle()
    return stage.window


SCENES = [
    Scene("customer_further", Role.ACCOUNT_MANAGER, _card),
    Scene("customer_further_signed", Role.ACCOUNT_MANAGER, _signed),
    Scene("application_further", Role.ACCOUNT_MANAGER, _form),
    Scene("application_further_classes", Role.ACCOUNT_MANAGER, _classes),
    Scene("approvals_further", Role.GENERAL_MANAGER, _review),
]
