"""The scenes of business: approvals, customers, tonnage, evaluation, with their dialogs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from PySide6.QtWidgets import QTabWidget, QWidget

from chemsales.queries.evaluation import runs
from chemsales.queries.evaluation_reports import sheets
from chemsales.rules.approval import Verdict
from chemsales.rules.check_codes import grouped
from chemsales.rules.roles import Role
from chemsales.services.changes import Subject
from chemsales.services.delegation import delegate
from chemsales.services.evaluation import sign
from chemsales.words import _
from tests.factory import session_of
from tests.furnishing import (
    NAMES,
    application,
    at_finance,
    at_the_last,
    customers,
    delegated,
    furnish,
    months,
    open_months,
    put_up_again,
    returned,
    rich_draft,
    run,
    scan,
    several,
    waiting,
)
from tests.scenes import Scene, Stage
from tests.scenes.frame import section
from tests.waiting import run_events
from ui.dialogs.attach import AttachDialog
from ui.dialogs.bulk_approval import BulkApprovalDialog
from ui.dialogs.case import CaseDialog
from ui.dialogs.check_code import CheckCodeDialog
from ui.dialogs.delegation import DelegationDialog
from ui.dialogs.import_file import ImportDialog
from ui.dialogs.preview import PreviewDialog
from ui.dialogs.reason import ReasonDialog
from ui.pages.page import Page
from ui.tables.frame import GridFrame

SALES, FINANCE, GM, MANAGER = (
    Role.SALES_HEAD,
    Role.FINANCE,
    Role.GENERAL_MANAGER,
    Role.ACCOUNT_MANAGER,
)


# -- approvals -------------------------------------------------------------------------------------


def _place(key: str, prepare: Callable[[], object] | None, stage: Stage) -> Page:
    if prepare is not None:
        furnish(prepare)
    return stage.page(key)


def _seen(key: str, prepare: Callable[[], object] | None, stage: Stage) -> QWidget:
    _place(key, prepare, stage)
    stage.settle()
    return stage.window


def _failing_code(stage: Stage) -> QWidget:
    page = _place("approvals", waiting, stage)
    page.queue.selectRow(1)  # type: ignore[attr-defined]
    stage.settle()
    return stage.window


def _own_run(stage: Stage) -> QWidget:
    key = furnish(run)
    stage.page("approvals").open(("look", "evaluation", key))
    stage.settle()
    return stage.dialog(CaseDialog)


def _undoable(stage: Stage) -> QWidget:
    page = _place("approvals", waiting, stage)
    page.bar.wanted.emit(Verdict.APPROVE)  # type: ignore[attr-defined]
    stage.settle()
    return stage.window


def _decided(stage: Stage) -> QWidget:
    page = _place("approvals", run, stage)
    page.tabs.setCurrentIndex(1)  # type: ignore[attr-defined]
    stage.settle()
    return stage.window


def _delegate(stage: Stage) -> QWidget:
    """The general manager signs for the sales head."""
    furnish(delegated)
    stage.page("approvals")
    stage.window.context.change_elsewhere(frozenset({Subject.DELEGATION}))
    stage.settle()
    return stage.window


def _alone() -> None:
    """The sales head has delegated to the general manager, and nothing waits."""
    sales = session_of("sales")
    today = sales.today()
    delegate(sales, "gm", Role.SALES_HEAD, today, today + timedelta(days=4), "赴大连石化参加调度会")


def _none_left(stage: Stage) -> QWidget:
    """Nothing is left to sign for the sales head."""
    furnish(_alone)
    stage.page("approvals")
    stage.window.context.change_elsewhere(frozenset({Subject.DELEGATION}))
    stage.settle()
    return stage.window


def _delegating(stage: Stage) -> QWidget:
    furnish(delegated)
    section(stage, "delegation").give()  # type: ignore[attr-defined]
    return stage.dialog(DelegationDialog)


def _delegations(stage: Stage) -> QWidget:
    furnish(delegated)
    section(stage, "delegation")
    return stage.window


def _verdict(verdict: Verdict, stage: Stage) -> QWidget:
    page = _place("approvals", waiting, stage)
    page.bar.wanted.emit(verdict)  # type: ignore[attr-defined]
    return stage.dialog(ReasonDialog)


def _override(stage: Stage) -> QWidget:
    page = _place("approvals", waiting, stage)
    page.accreditation._ask_override()  # type: ignore[attr-defined]
    return stage.dialog(ReasonDialog)


def _several(stage: Stage) -> QWidget:
    page = _place("approvals", several, stage)
    page.bulk.click()  # type: ignore[attr-defined]
    return stage.dialog(BulkApprovalDialog)


# -- customers -------------------------------------------------------------------------------------


def _applications(stage: Stage) -> QWidget:
    page = _place("customers", returned, stage)
    page.tabs.setCurrentIndex(1)  # type: ignore[attr-defined]
    page.applications.select_first()  # type: ignore[attr-defined]
    stage.settle()
    return stage.window


CARD = {"card": "Overview", "levels": "Class and level", "performance": "Performance",
        "documents": "Papers", "signatures": "Signatures", "history": "History",
        "timeline": "Timeline"}  # fmt: skip


def _card(title: str, stage: Stage) -> QWidget:
    """The card of a customer, at the tab with this title."""
    keys = furnish(months)
    page = stage.page("customers")
    page.open(keys[0])  # type: ignore[index]
    stage.settle()
    turn_to(page.card.tabs, title)  # type: ignore[attr-defined]
    stage.settle()
    return stage.window


def turn_to(tabs: QTabWidget, title: str) -> None:
    """Show the tab with this title."""
    tabs.setCurrentIndex([tabs.tabText(at) for at in range(tabs.count())].index(_(title)))


def _mnemonic(stage: Stage) -> QWidget:
    _card("Overview", stage)
    stage.window.page.ask_mnemonic()  # type: ignore[attr-defined]
    return stage.dialog()


def _view_name(stage: Stage) -> QWidget:
    """The name of a view that is saved."""
    _place("customers", months, stage)
    stage.window.page.findChild(GridFrame).ask_name()  # type: ignore[union-attr]
    return stage.dialog()


def _application_dialog(prepare: Callable[[], int] | None, stage: Stage) -> QWidget:
    key = furnish(prepare) if prepare is not None else None
    page = stage.page("customers")
    page.applying.open(key)  # type: ignore[attr-defined]
    return stage.dialog()


def _missing(stage: Stage) -> QWidget:
    dialog = _application_dialog(None, stage)
    dialog._go_to_first()  # type: ignore[attr-defined]
    stage.settle()
    return dialog


def _legacy(stage: Stage) -> QWidget:
    dialog = _application_dialog(None, stage)
    dialog.form.fields["profile"].set_text("legacy")  # type: ignore[attr-defined]
    run_events(350)  # the pause after the last stroke
    stage.settle()
    return dialog


def _attach(stage: Stage) -> QWidget:
    folder = Path(mkdtemp())
    paths = [folder / "营业执照.pdf", folder / "开票资料 2026.pdf"]
    for path in paths:
        path.write_bytes(scan("PAPER"))
    dialog = _application_dialog(None, stage)
    dialog.attach(paths)  # type: ignore[attr-defined]
    return stage.dialog(AttachDialog)


def _form(stage: Stage) -> QWidget:
    furnish(months)
    page = stage.page("customers")
    page.customers.select_first()  # type: ignore[attr-defined]
    stage.settle()
    page.print_form()  # type: ignore[attr-defined]
    return stage.dialog(PreviewDialog)


def _scan(stage: Stage) -> QWidget:
    dialog = _application_dialog(waiting, stage)
    pane = dialog.documents  # type: ignore[attr-defined]
    pane.view(pane.rows[0])
    stage.settle()
    return dialog


def _draft() -> int:
    return application(rich_draft(NAMES[0], 31))


def _twin() -> int:
    customers()
    return application(rich_draft(NAMES[0], 21))


# -- tonnage and tiers -----------------------------------------------------------------------------


def _tiers_tab(tab: int, stage: Stage) -> QWidget:
    page = _place("tiers", months, stage)
    page.tabs.setCurrentIndex(tab)  # type: ignore[attr-defined]
    if tab == 2:
        page.ratings.select_first()  # type: ignore[attr-defined]
    stage.settle()
    return stage.window


def _import(path: Callable[[], Path] | None, stage: Stage) -> QWidget:
    page = _place("tiers", customers, stage)
    page.import_file()  # type: ignore[attr-defined]
    dialog = stage.dialog(ImportDialog)
    if path is not None:
        dialog.read(path())  # type: ignore[attr-defined]
        stage.settle()
    return dialog


def workbook() -> Path:
    """A workbook with good and bad rows."""
    from openpyxl import Workbook

    made = Workbook()
    sheet = made.active
    sheet.append(["提货日期", "客户名称", "产品", "数量(吨)", "提货单号"])
    rows = [
        ("2026-06-01", NAMES[0], "PP-T30S", "32.5", "T-1"),
        ("2026-06-02", NAMES[0], "PP-T30S", "1,204.5", "T-2"),
        ("2026-06-31", NAMES[0], "PP-T30S", "10", "T-3"),
        ("2026-06-03", "无此客户有限公司", "PP-T30S", "10", "T-4"),
        ("2026-06-04", NAMES[1], "PE-7042", "-5", "T-5"),
        ("2026-06-05", NAMES[2], "XX-1", "1.234,5", "T-6"),
        ("2026-06-08", NAMES[2], "PP-T30S", "18", "T-1"),
    ]
    for row in rows:
        sheet.append(row)
    path = Path(mkdtemp()) / "2026-06 提货.xlsx"
    made.save(path)
    return path


def _close(stage: Stage) -> QWidget:
    page = _place("tiers", open_months, stage)
    page.months.select_key("2026-06")  # type: ignore[attr-defined]
    stage.settle()
    page.ask_close()  # type: ignore[attr-defined]
    return stage.dialog()


def _closed(stage: Stage) -> QWidget:
    dialog = _close(stage)
    dialog.verb.click()  # type: ignore[attr-defined]
    stage.settle()
    return dialog


def _reopen(stage: Stage) -> QWidget:
    page = _place("tiers", months, stage)
    page.ask_reopen()  # type: ignore[attr-defined]
    return stage.dialog()


def _rate(stage: Stage) -> QWidget:
    page = _place("tiers", months, stage)
    page.tabs.setCurrentIndex(2)  # type: ignore[attr-defined]
    page.ratings.select_first()  # type: ignore[attr-defined]
    page.rate()  # type: ignore[attr-defined]
    dialog = stage.dialog()
    next(iter(dialog.rows.values()))["evidence"].set_text("")  # type: ignore[attr-defined]
    stage.settle()
    return dialog


def _undo(stage: Stage) -> QWidget:
    page = _place("tiers", open_months, stage)
    page.tabs.setCurrentIndex(3)  # type: ignore[attr-defined]
    page.ask_undo()  # type: ignore[attr-defined]
    return stage.dialog()


# -- evaluation ------------------------------------------------------------------------------------


def _evaluation_tab(tab: int, stage: Stage) -> QWidget:
    page = _place("evaluation", run, stage)
    page.scores.select_first()  # type: ignore[attr-defined]
    page.tabs.setCurrentIndex(tab)  # type: ignore[attr-defined]
    stage.settle()
    return stage.window


def _check_code(typed: str, stage: Stage) -> QWidget:
    """The paper of a code; without one, the sheet of a run that was signed after it was printed."""
    _place("evaluation", run, stage)
    session = stage.window.context.session
    if not typed:
        (found, *_others) = runs(session.actor)
        (sheet, *_rest) = sheets(session.actor, found.run_id)
        typed = sheet.footer.code.lower()
        sign(session, found.run_id, found.version, Verdict.APPROVE)
    stage.window.acts["check_code"].trigger()
    dialog = stage.dialog(CheckCodeDialog)
    dialog.form["code"].set_text(typed)  # type: ignore[attr-defined]
    dialog.check()  # type: ignore[attr-defined]
    stage.settle()
    return dialog


SCENES = [
    Scene("check_code", SALES, partial(_check_code, "")),
    Scene("check_code_unknown", SALES, partial(_check_code, grouped("000000000000"))),
    Scene("check_code_mistyped", SALES, partial(_check_code, "8K2M-Q0ZT-4XWA")),
    Scene("approvals", SALES, partial(_seen, "approvals", waiting)),
    Scene("approvals_again", SALES, partial(_seen, "approvals", put_up_again)),
    Scene("approvals_finance", FINANCE, partial(_seen, "approvals", at_finance)),
    Scene("approvals_last", GM, partial(_seen, "approvals", at_the_last)),
    Scene("approvals_empty", GM, partial(_seen, "approvals", None)),
    Scene("approvals_code", SALES, _failing_code),
    Scene("approvals_returned", MANAGER, partial(_seen, "approvals", returned)),
    Scene("approvals_evaluation", SALES, partial(_seen, "approvals", run)),
    Scene("evaluation_own", MANAGER, _own_run),
    Scene("approvals_undo", SALES, _undoable),
    Scene("approvals_decided", SALES, _decided),
    Scene("approvals_delegate", GM, _delegate),
    Scene("approvals_none_left", GM, _none_left),
    Scene("settings_delegation_given", SALES, _delegations),
    Scene("dialog_delegation", SALES, _delegating),
    Scene("approvals_return", SALES, partial(_verdict, Verdict.RETURN)),
    Scene("approvals_bulk", SALES, _several),
    Scene("approvals_reject", SALES, partial(_verdict, Verdict.REJECT)),
    Scene("approvals_override", SALES, _override),
    Scene("customers", MANAGER, partial(_seen, "customers", months)),
    Scene("customers_empty", MANAGER, partial(_seen, "customers", None)),
    Scene("customers_applications", MANAGER, _applications),
    Scene("customers_view", MANAGER, _view_name),
    Scene("customer_mnemonic", MANAGER, _mnemonic),
    *(Scene(f"customer_{tab}", SALES, partial(_card, title)) for tab, title in CARD.items()),
    Scene("application_new", MANAGER, partial(_application_dialog, None)),
    Scene("application_missing", MANAGER, _missing),
    Scene("application_legacy", MANAGER, _legacy),
    Scene("application_draft", MANAGER, partial(_application_dialog, _draft)),
    Scene("application_twin", MANAGER, partial(_application_dialog, _twin)),
    Scene("application_returned", MANAGER, partial(_application_dialog, returned)),
    Scene("application_review", FINANCE, partial(_application_dialog, waiting)),
    Scene("application_own", MANAGER, partial(_application_dialog, at_finance)),
    Scene("application_scan", FINANCE, _scan),
    Scene("application_attach", MANAGER, _attach),
    Scene("application_form", SALES, _form),
    Scene("tiers", SALES, partial(_tiers_tab, 0)),
    Scene("tiers_empty", SALES, partial(_seen, "tiers", None)),
    Scene("tiers_months", SALES, partial(_tiers_tab, 1)),
    Scene("tiers_cooperation", MANAGER, partial(_tiers_tab, 2)),
    Scene("tiers_imports", SALES, partial(_tiers_tab, 3)),
    Scene("tiers_pickups", SALES, partial(_tiers_tab, 4)),
    Scene("tiers_plans", SALES, partial(_tiers_tab, 5)),
    Scene("tiers_import", MANAGER, partial(_import, None)),
    Scene("tiers_import_problems", MANAGER, partial(_import, workbook)),
    Scene("tiers_close", SALES, _close),
    Scene("tiers_closed", SALES, _closed),
    Scene("tiers_reopen", SALES, _reopen),
    Scene("tiers_rate", MANAGER, _rate),
    Scene("tiers_undo", SALES, _undo),
    Scene("evaluation_none", MANAGER, partial(_seen, "evaluation", months)),
    Scene("evaluation", SALES, partial(_evaluation_tab, 0)),
    Scene("evaluation_reasons", SALES, partial(_evaluation_tab, 1)),
    Scene("evaluation_meeting", SALES, partial(_evaluation_tab, 2)),
    Scene("evaluation_missing", SALES, partial(_evaluation_tab, 3)),
    Scene("evaluation_duties", SALES, partial(_evaluation_tab, 4)),
]
