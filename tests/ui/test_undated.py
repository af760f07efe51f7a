"""C15.1 on Today: what has no validity on record, and where it is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from chemsales.rules.roles import Role
from tests.factory_licences import verdict
from tests.furnishing import expiring, furnish, paper, record_paper
from tests.scenes import Stage
from tests.ui.acting import dialog_of, key
from tests.ui.test_grid_lists import shown
from tests.ui.test_today import cards, today
from ui.dialogs.licence import LicenceDialog
from ui.main_window import MainWindow
from ui.pages.licences import LicencesPage

Open = Callable[..., MainWindow]
Settle = Callable[[], None]
NAME = "扬州邗江化工原料有限公司"


def test_c15_1_the_card_leads_to_the_list_and_the_list_to_recording(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    furnish(expiring)
    window = open_window(Role.ACCOUNT_MANAGER)
    (card,) = [each for each in today(window).cards if each.key == "undated"]
    assert [line.text for line in card.lines] == [NAME] and card.number == 1
    window.go(card.place, card.target)
    settle()
    page = window.page
    assert isinstance(page, LicencesPage) and page.undated.isVisible()
    assert [row.name for row in page.undated.rows()] == [NAME]
    key(page.undated, "Ctrl+N")
    settle()
    dialog = dialog_of(LicenceDialog)
    assert isinstance(dialog, LicenceDialog)
    typed = dialog.binder.value()  # type: ignore[union-attr]
    assert (typed.customer.name, typed.kind) == (NAME, "business_licence")


def ahead() -> int:
    """As `expiring`; of the one without a validity a licence was accepted that begins on 08-01."""
    customer = expiring()[7]
    draft = replace(paper("913710009", date(2036, 7, 31)), valid_from=date(2026, 8, 1))
    made = record_paper(customer, draft)
    for login in ("sales", "finance"):
        verdict(made, login)
    return customer


def test_c15_1_what_begins_later_is_on_the_card_with_its_day(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    customer = furnish(ahead)
    window = open_window(Role.ACCOUNT_MANAGER)
    (card,) = [each for each in today(window).cards if each.key == "undated"]
    assert [line.remark for line in card.lines] == ["营业执照 · 2026-08-01 起有效"]
    window.go(card.place, card.target)
    settle()
    page = window.page
    assert isinstance(page, LicencesPage) and page.undated.isVisible()
    assert [row.customer_id for row in page.undated.rows()] == [customer]
    cells = range(page.undated.model().columnCount())
    assert "2026-08-01" in [shown(page.undated, 0, column) for column in cells]


@pytest.mark.parametrize("role", [Role.SALES_HEAD, Role.FINANCE])
def test_c15_1_whoever_does_not_record_has_no_such_card(
    sqlite_ready: str, open_window: Open, settle: Settle, role: Role
) -> None:
    furnish(expiring)
    assert "undated" not in cards(open_window(role))


def test_c15_1_nor_has_who_has_no_such_customer(
    sqlite_ready: str, open_window: Open, settle: Settle
) -> None:
    assert "undated" not in cards(open_window(Role.ACCOUNT_MANAGER))
    assert Stage(open_window(Role.ACCOUNT_MANAGER)).page("licences").undated.rows() == []  # type: ignore[attr-defined]
