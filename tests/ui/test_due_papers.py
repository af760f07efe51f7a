"""What of papers is due, through the window: of the licences page, of Today, of the tray."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from chemsales.queries.filtering import Request
from chemsales.rules.roles import Role
from chemsales.storage.database import connected
from chemsales.words import label
from tests.factory_licences import paper, renew
from tests.furnishing import EXPIRING, expiring, furnish
from tests.scenes import Stage
from ui.main_window import MainWindow
from ui.pages.licences import LicencesPage

NAMED = list(EXPIRING)
END = date(2026, 7, 11)  # of the first
Open = Callable[..., MainWindow]
Settle = Callable[[], None]


@pytest.fixture
def keys(sqlite_ready: str) -> list[int]:
    """The customers of `expiring`."""
    return furnish(expiring)


def opened(window: MainWindow) -> LicencesPage:
    page = Stage(window).page("licences")
    assert isinstance(page, LicencesPage)
    return page


def test_c15_1_a_paper_that_is_renewed_ahead_is_not_due(
    keys: list[int], open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    """Nor is its last day in the calendar; the list says of both how they stand."""
    with connected():
        ahead = paper("913701210", date(2031, 7, 10))
        renew(keys[0], replace(ahead, valid_from=END + timedelta(days=1)))
    page = opened(open_window(Role.ACCOUNT_MANAGER))
    settle()
    assert NAMED[0] not in {row.name for row in page.papers.rows()}
    page.write_calendar(tmp_path / "due.ics")
    settle()
    written = (tmp_path / "due.ics").read_text()
    assert "DTSTART;VALUE=DATE:20310710" in written and "VALUE=DATE:20260711" not in written
    page.open(("papers", Request(NAMED[0])))
    settle()
    rows = page.papers.rows()
    assert [label(row.state) for row in rows] == ["有效，已续办", "已续办，届时接续"]
    assert [row.valid_to for row in rows] == [END, date(2031, 7, 10)]
