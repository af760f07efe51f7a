"""The scenes of admission to a class: asked on the form, read by a reviewer, on the card."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from chemsales.rules.classification import CustomerClass
from chemsales.rules.roles import Role
from tests.furnishing import NAMES, application, customers, furnish, rich_draft
from tests.scenes import Scene, Stage

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


SCENES = [
    Scene("application_conditions", MANAGER, _conditions),
    Scene("customer_admitted", SALES, _card),
]
