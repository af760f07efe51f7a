"""The scenes of handing customers over: from a card, and of a leaver from the list of logins."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QWidget

from chemsales.queries.delegation import load_acting
from chemsales.rules.approval import Verdict
from chemsales.rules.handover import Handover
from chemsales.rules.roles import Role
from chemsales.services.delegation import delegate
from chemsales.services.handover import hand_over
from chemsales.storage.database import connected
from tests.factory import NOON, decide, session_of, submit
from tests.factory_customer_change import move_account
from tests.factory_licences import paper, record, verdict
from tests.furnishing import application, customers, furnish, rich_draft
from tests.scenes import Scene, Stage
from tests.scenes.frame import section
from ui.dialogs.handover import HandoverDialog

TODAY = NOON.date()
NAMES = ("新客户化工有限公司", "东海精细化工科技集团有限公司", "旧客户塑料厂")


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


def _marked(stage: Stage) -> QWidget:
    """Two customers marked in the list, of which one cannot go."""
    _first, *keys = furnish(signed_by_heir)
    page = stage.page("customers")
    stage.settle()
    grid = page.customers  # type: ignore[attr-defined]
    for key in keys:
        at = grid.rows_model.index(list(grid.source.keys()).index(key), 0)
        flags = QItemSelectionModel.SelectionFlag
        grid.selectionModel().setCurrentIndex(at, flags.Select | flags.Rows)
    page.acts["customers.hand_over"].trigger()
    stage.settle()
    dialog = stage.dialog(HandoverDialog)
    dialog.form["to"].set_text("am2")  # type: ignore[attr-defined]
    stage.settle()
    return dialog


def _several() -> None:
    """Three customers, of which one is the other manager's."""
    *_keys, last = customers()
    hand_over(session_of("sales"), [last], Handover("am2", TODAY, "片区调整"))


def _of_several(stage: Stage) -> QWidget:
    """Customers of two managers, all marked; one of the two is to have them."""
    furnish(_several)
    page = stage.page("customers")
    stage.settle()
    page.customers.selectAll()  # type: ignore[attr-defined]
    page.acts["customers.hand_over"].trigger()
    stage.settle()
    dialog = stage.dialog(HandoverDialog)
    dialog.form["to"].set_text("am2")  # type: ignore[attr-defined]
    stage.settle()
    return dialog


def _leaving() -> int:
    """Customers, a case and an application of a new customer, all of one account manager."""
    _waiting()
    return application(rich_draft("新客户化工有限公司", 9))


def _applied() -> int:
    """Applications of new customers of one account manager: drafted, signed by the other one for
    the sales head, rejected."""
    first, signed, refused = (
        application(rich_draft(name, 9 + at))
        for at, name in enumerate(
            ("新客户化工有限公司", "东海精细化工科技集团有限公司", "旧客户塑料厂")
        )
    )
    for key in (signed, refused):
        submit(session_of("am"), key)
    decide(session_of("sales"), refused, Verdict.REJECT, "暂不准入")
    delegate(session_of("sales"), "am2", Role.SALES_HEAD, TODAY, TODAY, "出差")
    with connected():
        deputy = load_acting(session_of("am2").actor, TODAY)
    decide(replace(session_of("am2"), actor=deputy), signed, Verdict.RETURN, "请补充")
    return first


def _chosen(stage: Stage) -> QWidget:
    key = furnish(_applied)
    page = stage.page("customers")
    page.tabs.setCurrentIndex(1)  # type: ignore[attr-defined]
    stage.settle()
    page.applications.select_key(key)  # type: ignore[attr-defined]
    stage.settle()
    page.give_button.click()  # type: ignore[attr-defined]
    stage.settle()
    dialog = stage.dialog(HandoverDialog)
    dialog.form["to"].set_text("am2")  # type: ignore[attr-defined]
    stage.settle()
    return dialog


def signed_by_heir() -> list[int]:
    """Customers of one account manager; of two of them the other one has signed a paper for the
    sales head, which finance has not decided."""
    keys = customers()
    delegate(session_of("sales"), "am2", Role.SALES_HEAD, TODAY, TODAY, "出差")
    for key in keys[:2]:
        verdict(record(key, paper(f"B-{key}")), "am2")
    return keys


def _kept(stage: Stage) -> QWidget:
    furnish(signed_by_heir)
    page = section(stage, "people")
    page.table.select_key("am")  # type: ignore[attr-defined]
    stage.settle()
    page.hand_over_button.click()  # type: ignore[attr-defined]
    stage.settle()
    dialog = stage.dialog(HandoverDialog)
    dialog.form["to"].set_text("am2")  # type: ignore[attr-defined]
    stage.settle()
    return dialog


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
    Scene("handover_marked", Role.SALES_HEAD, _marked),
    Scene("handover_several", Role.SALES_HEAD, _of_several),
    Scene("handover_leaver", Role.ADMINISTRATOR, _leaver),
    Scene("handover_kept", Role.ADMINISTRATOR, _kept),
    Scene("handover_applications", Role.SALES_HEAD, _chosen),
]
