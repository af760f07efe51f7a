"""The scenes of admission to a class: asked on the form, read by a reviewer, on the card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.roles import Role
from chemsales.services import resale
from tests.factory import Clock, accredit, draft_of, session_of
from tests.factory_agents import agent, class_of, licensed
from tests.furnishing import NAMES, application, customers, furnish, rich_draft
from tests.scenes import Scene, Stage
from ui.dialogs.class_change import ClassChangeDialog
from ui.dialogs.message import Message
from ui.dialogs.preview import PreviewDialog
from ui.dialogs.reason import ReasonDialog

LONG = "新疆维吾尔自治区乌鲁木齐经济技术开发区国际化工新材料进出口贸易有限公司"
SALES, MANAGER = Role.SALES_HEAD, Role.ACCOUNT_MANAGER


def _draft() -> int:
    return application(rich_draft(NAMES[0], 31))


def _conditions(stage: Stage) -> QWidget:
    """The form at its classes: an agent with its answers, a direct customer that lacks all."""
    key = furnish(_draft)
    page = stage.page("customers")
    page.applying.open(key)  # type: ignore[attr-defined]
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
    """Three exclusive agents: one licensed, one whose licence has ended with its year, one without,
    which has Shanghai too; the first two names are long."""
    clock = Clock()
    clock.set(2025, 3, 12)
    ended = agent(LONG, 41, "新疆", clock)
    licensed(ended, clock)
    licensed(agent(NAMES[0], 42, "江苏、浙江、上海", clock))
    agent(NAMES[1], 43, "上海、山东")


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


def _direct() -> int:
    """A direct customer that was found to sell on; its key."""
    asked = [ClassRequest("EG", CustomerClass.DIRECT, "", 200_000, "聚酯切片")]
    key = accredit(draft_of(LONG, 44, asked))
    found = (
        "走访发现其将 60 吨乙二醇转售给江阴某贸易公司，见磅单照片；其仓库另有两车待发，司机证实。"
    )
    resale.note(session_of("am"), class_of(key), found)
    return key


def _beside_agents() -> int:
    _agents()
    return _direct()


def _classes(stage: Stage, prepare: Callable[[], int] = _direct) -> QWidget:
    key = furnish(prepare)
    stage.page("customers").open(("classes", key))
    stage.settle()
    return stage.window


def _settling(stage: Stage) -> QWidget:
    _classes(stage)
    stage.window.page.card.class_pane.settle.click()  # type: ignore[attr-defined]
    return stage.dialog(ReasonDialog)


def _changing(stage: Stage) -> QWidget:
    """A direct customer that becomes an agent in the region of another."""
    _classes(stage, _beside_agents)
    stage.window.page.card.class_pane.change.click()  # type: ignore[attr-defined]
    dialog = stage.dialog(ClassChangeDialog)
    form = dialog.form  # type: ignore[attr-defined]
    form["customer_class"].set_text(str(CustomerClass.AGENT))
    form["region"].set_text("华东")
    stage.settle()
    return dialog


def _lacking(stage: Stage) -> QWidget:
    dialog = _changing(stage)
    dialog.form["from_day"].set_text("2026-07-01")  # type: ignore[attr-defined]
    dialog.give()  # type: ignore[attr-defined]
    stage.settle()
    return dialog


SCENES = [
    Scene("customer_classes", SALES, _classes),
    Scene("customer_settling", SALES, _settling),
    Scene("customer_class_change", SALES, _changing),
    Scene("customer_class_lacking", SALES, _lacking),
    Scene("agents", SALES, _list),
    Scene("agents_issue", SALES, _asked),
    Scene("agents_licence", SALES, _given),
    Scene("application_conditions", MANAGER, _conditions),
    Scene("customer_admitted", SALES, _card),
]
