"""The scenes of visits: those to a customer on its card, and noting one with sections left out."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from chemsales.rules.roles import Role
from chemsales.rules.visits import VisitWay
from chemsales.services import visits
from tests.factory import accredit, draft_of, session_of
from tests.factory_visits import visit
from tests.furnishing import furnish
from tests.scenes import Scene, Stage
from ui.dialogs.visit import VisitDialog

LONG = "新疆维吾尔自治区乌鲁木齐经济技术开发区国际化工新材料进出口贸易有限公司"
SAID = "T30S 熔指偏高两批，客户已留样；7042 成膜性好，开口性略差。\n建议质检科回访，随货附检验单。"


def _visited() -> int:
    """A customer that was visited, telephoned and written to; the last of these was corrected."""
    key = accredit(draft_of(LONG, 44))
    am = session_of("am")
    visits.note(am, key, visit(date(2026, 5, 12), next_on=date(2026, 6, 12)))
    visits.note(session_of("sales"), key, visit(date(2026, 6, 11), way=VisitWay.PHONE, market="无"))
    wrong = visits.note(am, key, visit(date(2026, 7, 3), way=VisitWay.MESSAGE)).value
    right = visit(
        date(2026, 7, 3), received_by="买买提·阿不都热依木 采购部经理", products=SAID,
        next_on=date(2026, 8, 3),
    )  # fmt: skip
    visits.correct(am, wrong, right)
    return key


def _card(stage: Stage) -> QWidget:
    key = furnish(_visited)
    page = stage.page("customers")
    page.open(key)
    stage.settle()
    card = page.card  # type: ignore[attr-defined]
    card.tabs.setCurrentWidget(card.visits)
    stage.settle()
    return stage.window


def _typed(stage: Stage) -> QWidget:
    _card(stage)
    stage.window.page.visits.note()  # type: ignore[attr-defined]
    dialog = stage.dialog(VisitDialog)
    dialog.form["products"].set_text(SAID)  # type: ignore[attr-defined]
    dialog.give()  # type: ignore[attr-defined]
    stage.settle()
    return dialog


SCENES = [
    Scene("customer_visits", Role.ACCOUNT_MANAGER, _card),
    Scene("customer_visit", Role.ACCOUNT_MANAGER, _typed),
]
