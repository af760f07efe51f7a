"""The scenes of complaints: those of a customer on its card, recording one, closing a grave one."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.rules.complaints import ComplaintChannel, Severity
from chemsales.rules.roles import Role
from chemsales.services import complaints
from tests.factory import Clock, accredit, draft_of, session_of
from tests.factory_complaints import accept, close
from tests.furnishing import furnish
from tests.scenes import Scene, Stage
from ui.dialogs.complaint import ComplaintClosingDialog, ComplaintDialog

LONG = "新疆维吾尔自治区乌鲁木齐经济技术开发区国际化工新材料进出口贸易有限公司"


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 7, day, hour, 20, tzinfo=COMPANY_ZONE)


def complained() -> int:
    """A customer with a complaint that is overdue and was re-graded, one that is due, one that was
    closed late; its key."""
    clock = Clock()
    clock.set(2026, 6, 1)
    key = accredit(draft_of(LONG, 44), clock)
    clock.set(2026, 6, 24)
    early = accept(key, clock, content="提货单打印的仓库与实际不符，司机往返一次。", lot="TH-0288")
    clock.set(2026, 6, 26)
    close(early, clock)
    late = accept(key, received_at=_at(1, 9))
    complaints.regrade(session_of("am"), late, Severity.MAJOR, "破损扩大到五车，客户停车待料。")
    accept(
        key, received_at=_at(6, 11), channel=ComplaintChannel.LETTER, product="", lot="",
        content="六月发票至今未收到。",
    )  # fmt: skip
    return key


def _card(stage: Stage) -> QWidget:
    key = furnish(complained)
    stage.page("customers").open(("complaints", key))
    stage.settle()
    return stage.window


def _record(stage: Stage) -> QWidget:
    _card(stage)
    stage.window.page.complaints.accept()  # type: ignore[attr-defined]
    dialog = stage.dialog(ComplaintDialog)
    dialog.form["received_time"].set_text("23:59")  # type: ignore[attr-defined]
    dialog.form["channel"].set_text("telephone")  # type: ignore[attr-defined]
    dialog.give()  # type: ignore[attr-defined]
    dialog.form["content"].set_text("7042 开口性差，膜卷粘连。")  # type: ignore[attr-defined]
    dialog.give()  # type: ignore[attr-defined]
    stage.settle()
    return dialog


def _close(stage: Stage) -> QWidget:
    _card(stage)
    stage.window.page.card.complaints.close_button.click()  # type: ignore[attr-defined]
    dialog = stage.dialog(ComplaintClosingDialog)
    dialog.form["opinion"].set_text("补发 14 包，装车班组整改。")  # type: ignore[attr-defined]
    dialog.give()  # type: ignore[attr-defined]
    stage.settle()
    return dialog


SCENES = [
    Scene("customer_complaints", Role.ACCOUNT_MANAGER, _card),
    Scene("complaint_record", Role.ACCOUNT_MANAGER, _record),
    Scene("complaint_close", Role.SALES_HEAD, _close),
]
