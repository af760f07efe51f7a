"""The scenes of dispatch, filing and inspections."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from chemsales.rules.roles import Role
from tests.factory_filing import reported
from tests.furnishing import furnish
from tests.scenes import Scene, Stage
from ui.dialogs.filing import ClosingDialog, InspectionDialog, ReceiptDialog
from ui.dialogs.message import Message
from ui.dialogs.preview import PreviewDialog
from ui.pages.page import Page

SALES, MANAGER, FINANCE = Role.SALES_HEAD, Role.ACCOUNT_MANAGER, Role.FINANCE


def _page(stage: Stage, tab: str = "dispatch") -> Page:
    furnish(reported)
    page = stage.page("filing")
    page.open(tab)
    stage.settle()
    return page


def _tab(tab: str, stage: Stage) -> QWidget:
    _page(stage, tab)
    return stage.window


def _empty(stage: Stage) -> QWidget:
    stage.page("filing")
    return stage.window


def _acknowledge(stage: Stage) -> QWidget:
    _page(stage).acknowledge()  # type: ignore[attr-defined]
    return stage.dialog(ReceiptDialog)


def _notes(stage: Stage) -> QWidget:
    page = _page(stage)
    page.items.tick([page.items.source.key(at) for at in range(3)])  # type: ignore[attr-defined]
    page.print_notes()  # type: ignore[attr-defined]
    return stage.dialog(PreviewDialog)


def _make(stage: Stage) -> QWidget:
    _page(stage, "unfiled").ask_make()  # type: ignore[attr-defined]
    return stage.dialog(Message)


def _receipt(stage: Stage) -> QWidget:
    _page(stage, "filings").ask_receipt()  # type: ignore[attr-defined]
    return stage.dialog(ReceiptDialog)


def _inspect(stage: Stage) -> QWidget:
    """One finding is complete, of another only the words are typed."""
    _page(stage, "inspections").ask_inspect()  # type: ignore[attr-defined]
    dialog = stage.dialog(InspectionDialog)
    form = dialog.form  # type: ignore[attr-defined]
    form["inspector"].set_text("化工品销售部 郑凯")
    form["scope"].set_text("抽查客户档案二十份")
    for name, text in (("words", "开户许可证复印件缺页"), ("due_on", "2026-07-20")):
        form[f"findings.0.{name}"].set_text(text)
    form["findings.0.responsible"].set_text("am")
    form["findings.1.words"].set_text("档案目录未更新")
    dialog.give()  # type: ignore[attr-defined]
    stage.settle()
    return dialog


def _close(stage: Stage) -> QWidget:
    _page(stage, "findings").ask_close()  # type: ignore[attr-defined]
    return stage.dialog(ClosingDialog)


SCENES = [
    Scene("filing_dispatch", MANAGER, partial(_tab, "dispatch")),
    Scene("filing_dispatch_finance", FINANCE, partial(_tab, "dispatch")),
    Scene("filing_empty", SALES, _empty),
    Scene("filing_unfiled", SALES, partial(_tab, "unfiled")),
    Scene("filing_batches", SALES, partial(_tab, "filings")),
    Scene("filing_inspections", SALES, partial(_tab, "inspections")),
    Scene("filing_findings", SALES, partial(_tab, "findings")),
    Scene("filing_acknowledge", MANAGER, _acknowledge),
    Scene("filing_notes", MANAGER, _notes),
    Scene("filing_make", SALES, _make),
    Scene("filing_receipt", SALES, _receipt),
    Scene("filing_inspect", SALES, _inspect),
    Scene("filing_close", SALES, _close),
]
