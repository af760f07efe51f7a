"""The scenes of licences: the place, recording, accepting, the customer's card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from PySide6.QtWidgets import QWidget

from chemsales.rules.approval import Verdict
from chemsales.rules.roles import Role
from tests.factory import session_of
from tests.factory_cases import put_up_again
from tests.factory_licences import verdict
from tests.factory_offtake import plan
from tests.furnishing import (
    NAMES,
    application,
    customers,
    expiring,
    furnish,
    paper,
    record_paper,
    rich_draft,
    scan,
    violated,
)
from tests.scenes import Scene, Stage
from tests.waiting import run_events
from ui.dialogs.attach import DescribeDialog
from ui.dialogs.licence import LicenceDialog
from ui.dialogs.preview import PreviewDialog
from ui.pages.page import Page

SALES, MANAGER = Role.SALES_HEAD, Role.ACCOUNT_MANAGER


def _page(stage: Stage, key: str = "licences", prepare: Callable[[], object] = expiring) -> Page:
    furnish(prepare)
    return stage.page(key)


def _approval(stage: Stage) -> QWidget:
    _page(stage, "approvals")
    stage.settle()
    return stage.window


def _put_up_again() -> int:
    customers()
    return put_up_again("licence")


def _again(stage: Stage) -> QWidget:
    key = furnish(_put_up_again)
    stage.page("approvals").open(("licence", key))
    stage.settle()
    return stage.window


def _empty(stage: Stage) -> QWidget:
    stage.page("licences")
    stage.settle()
    return stage.window


def _licences(tab: int, prepare: Callable[[], object], stage: Stage) -> QWidget:
    page = _page(stage, prepare=prepare)
    page.tabs.setCurrentIndex(tab)  # type: ignore[attr-defined]
    stage.settle()
    return stage.window


def _planned() -> None:
    """Papers that end, and a plan for the month after of all that are not suspended."""
    keys = expiring()
    lines = [(keys[at], "PP-T30S", "2026-08", 1_100_000 * (at + 1), 0) for at in (0, 1, 2, 4, 5)]
    plan(session_of("am"), lines)


def _letters(stage: Stage) -> QWidget:
    page = _page(stage)
    page.papers.tick([page.papers.source.key(at) for at in range(3)])  # type: ignore[attr-defined]
    page.print_letters()  # type: ignore[attr-defined]
    return stage.dialog(PreviewDialog)


def _licence_dialog(stage: Stage) -> QWidget:
    """A renewal of the chosen row, with the number of another customer's paper."""
    page = _page(stage)
    page.new_licence()  # type: ignore[attr-defined]
    dialog = stage.dialog(LicenceDialog)
    dialog.form["number"].set_text("913202811")  # type: ignore[attr-defined]
    dialog.form["valid_from"].set_text("2026-07-01")  # type: ignore[attr-defined]
    dialog.form["valid_to"].set_text("2026-06-01")  # type: ignore[attr-defined]
    dialog.give()  # type: ignore[attr-defined]
    run_events(350)  # the pause after the last stroke
    stage.settle()
    return dialog


def _licence_scan(stage: Stage) -> QWidget:
    """A renewal that is typed from the scan that was dropped on its row."""
    page = _page(stage)
    file = Path(mkdtemp()) / "营业执照 2026.pdf"
    file.write_bytes(scan("BUSINESS LICENCE"))
    page._renew(page.papers.rows()[0], file)  # type: ignore[attr-defined]
    stage.settle()
    return stage.dialog(LicenceDialog)


def _licence_returned() -> int:
    """A renewal that the sales head sent back; its key."""
    keys = expiring()
    made = record_paper(keys[3], paper("913701209", date(2036, 7, 1)))
    verdict(made, "sales", Verdict.RETURN)
    return made


def _licence_correct(stage: Stage) -> QWidget:
    made = furnish(_licence_returned)
    stage.page("licences").open(("correct", made))
    stage.settle()
    return stage.dialog(LicenceDialog)


def _card_licences(stage: Stage) -> QWidget:
    keys = furnish(expiring)
    stage.page("customers").open(("licences", keys[6]))
    stage.settle()
    return stage.window


def bare() -> int:
    """A draft whose licence says not until when it is valid; its key."""
    return application(rich_draft(NAMES[0], 31), valid_to=None)


def _undated(stage: Stage) -> QWidget:
    key = furnish(bare)
    page = stage.page("customers")
    page.applying.open(key)  # type: ignore[attr-defined]
    return stage.dialog()


def _describe(stage: Stage) -> QWidget:
    dialog = _undated(stage)
    dialog._go_to_first()  # type: ignore[attr-defined]
    return stage.dialog(DescribeDialog)


SCENES = [
    Scene("approvals_licence", SALES, _approval),
    Scene("licence_again", SALES, _again),
    Scene("customer_licences", MANAGER, _card_licences),
    Scene("licences", MANAGER, partial(_licences, 0, expiring)),
    Scene("licences_empty", MANAGER, _empty),
    Scene("licences_suspensions", SALES, partial(_licences, 1, expiring)),
    Scene("licences_undated", SALES, partial(_licences, 2, expiring)),
    Scene("licences_violations", SALES, partial(_licences, 3, violated)),
    Scene("licences_horizon", SALES, partial(_licences, 4, _planned)),
    Scene("licences_unplanned", SALES, partial(_licences, 4, expiring)),
    Scene("licences_letters", SALES, _letters),
    Scene("licence_record", MANAGER, _licence_dialog),
    Scene("licence_scan", MANAGER, _licence_scan),
    Scene("application_undated", MANAGER, _undated),
    Scene("application_describe", MANAGER, _describe),
    Scene("licence_correct", MANAGER, _licence_correct),
]
