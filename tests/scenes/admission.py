"""The scenes of admission to a class: asked on the form, read by a reviewer, on the card."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from chemsales.rules.classification import CustomerClass
from chemsales.rules.roles import Role
from tests.factory import Clock
from tests.factory_agents import agent, licensed
from tests.furnishing import NAMES, application, customers, furnish, rich_draft
from tests.scenes import Scene, Stage
from ui.dialogs.message import Message
from ui.dialogs.preview import PreviewDialog

LONG = "新疆维吾尔自治区乌鲁木齐经济技术开发区国际化工新材料进出口贸易有限公司"
SALES, MANAGER = Role.SALES_HEAD, Role.ACCOUNT_MANAGER


def _draft() -> int:
    return application(rich_draft(NAMES[0], 31))


def _conditions(stage: Stage) -> QWidget:
    """The form at its classes: an agent with its answers, a direct customer that lacks all."""
    key = furnish(_draft)
    page = stage.page("customers")
    page._open_application(key)  # type: ignore[attr-defined]
    dialog = stage.dialog()
    form = dialog.form  # type: ignore[attr-defined]
    form.fields["classes.BZ.customer_class"].set_text(str(CustomerClass.DIRECT))
    form.touch_all()
    dialog._judge()  # type: ignore[attr-defined]
    stage.settle()
    form.go_to("classes.BZ.credit")
    stage.settle()
    return dialog


def _card(stage: Stage) -> QWidget:
    key = furnish(customers)[2]
    page = stage.page("customers")
    page.open(key)
    stage.settle()
    card = page.card  # type: ignore[attr-defined]
    card.tabs.setCurrentIndex(1)
    card.classes.select_key(("EG", date(2026, 3, 12)))
    stage.settle()
    return stage.window


def _agents() -> None:
    """Three exclusive agents: one licensed, one whose licence has ended with its year, one without;
    the first two names are long."""
    clock = Clock()
    clock.set(2025, 3, 12)
    ended = agent(LONG, 41, "新疆", clock)
    licensed(ended, clock)
    licensed(agent(NAMES[0], 42, "江苏、浙江、上海", clock))
    agent(NAMES[1], 43, "山东")


def _list(stage: Stage) -> QWidget:
    furnish(_agents)
    page = stage.page("licences")
    page.open(("agents", ""))
    stage.settle()
    page.agents.grid.select_first()  # type: ignore[attr-defined]
    stage.settle()
    return stage.window


def _given(stage: Stage) -> QWidget:
    """The licence of the last row, given and shown as it prints."""
    _list(stage)
    tab = stage.window.page.agents  # type: ignore[attr-defined]
    tab.issue()
    stage.dialog(Message).accept()
    tab._issue([tab.grid.row()])
    return stage.dialog(PreviewDialog)


def _asked(stage: Stage) -> QWidget:
    _list(stage)
    stage.window.page.agents.issue()  # type: ignore[attr-defined]
    return stage.dialog(Message)


SCENES = [
    Scene("agents", SALES, _list),
    Scene("agents_issue", SALES, _asked),
    Scene("agents_licence", SALES, _given),
    Scene("application_conditions", MANAGER, _conditions),
    Scene("customer_admitted", SALES, _card),
]
