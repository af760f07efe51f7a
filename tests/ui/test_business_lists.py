"""Every business list in the window of the program: a list query with all the tools of a list, and
what is seen in a cell finds its row when it is typed into the filter."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from chemsales.queries.filtering import Filter, Kind
from chemsales.rules.roles import Role
from tests.factory import session_of, submit
from tests.factory_filing import reported
from tests.furnishing import application, furnish, rich_draft, run, violated
from tests.scenes import Stage
from ui.main_window import MainWindow
from ui.pages.page import Page
from ui.tables import exporting
from ui.tables.columns import Column, Row
from ui.tables.frame import GridFrame
from ui.tables.sources import ListSource
from ui.tables.view import Grid

Open = Callable[..., MainWindow]
LISTS: dict[str, tuple[str, Callable[[Page], Grid]]] = {
    "customers": ("customers", lambda page: page.customers),  # type: ignore[attr-defined]
    "applications": ("customers", lambda page: page.applications),  # type: ignore[attr-defined]
    "queue": ("approvals", lambda page: page.queue),  # type: ignore[attr-defined]
    "decided": ("approvals", lambda page: page.tabs.decided),  # type: ignore[attr-defined]
    "own": ("approvals", lambda page: page.tabs.own),  # type: ignore[attr-defined]
    "papers": ("licences", lambda page: page.papers),  # type: ignore[attr-defined]
    "suspensions": ("licences", lambda page: page.suspensions),  # type: ignore[attr-defined]
    "undated": ("licences", lambda page: page.undated),  # type: ignore[attr-defined]
    "violations": ("licences", lambda page: page.violations),  # type: ignore[attr-defined]
    "agents": ("licences", lambda page: page.agents.grid),  # type: ignore[attr-defined]
    **{
        name: ("filing", lambda page, name=name: page.grids[name])  # type: ignore[misc]
        for name in ("dispatch", "unfiled", "filings", "inspections", "findings")
    },
    "levels": ("tiers", lambda page: page.levels),  # type: ignore[attr-defined]
    "matrix": ("tiers", lambda page: page.matrix.frame.grid),  # type: ignore[attr-defined]
    "ratings": ("tiers", lambda page: page.ratings),  # type: ignore[attr-defined]
    "imports": ("tiers", lambda page: page.batches),  # type: ignore[attr-defined]
    "pickups": ("tiers", lambda page: page.pickups),  # type: ignore[attr-defined]
    "plans": ("tiers", lambda page: page.plans),  # type: ignore[attr-defined]
    "scores": ("evaluation", lambda page: page.scores),  # type: ignore[attr-defined]
}
WHOSE = {"own": Role.ACCOUNT_MANAGER}  # of others it is the sales head who looks
# cells that say more than one value: how long since or until, and several classes, groups, lines
SAID = {"since", "classes", "groups", "evidence", "left"}


def busy() -> None:
    """A quarter with a run to sign, and applications to decide and to finish; licences that end,
    and pick-ups after the end of one."""
    run()
    violated()
    reported()
    for number in (91, 92, 93):
        made = application(rich_draft(f"新客户{number}有限公司", number))
        if number != 93:
            submit(session_of("am"), made)


def typed(grid: Grid, column: Column, row: Row) -> Filter | None:
    """The filter that asks for what the cell shows; None where it shows nothing."""
    if column.field in SAID or column.value(row) in (None, "", 0):
        return None
    shown = column.shown(row)
    words = {word: key for key, word in grid.source.choices(column)}
    if words:
        return Filter(column.field, choices=(words[shown],)) if shown else None
    return Filter(column.field, shown[:10] if grid.source.kind(column) is Kind.INSTANT else shown)


@pytest.mark.parametrize("name", list(LISTS))
def test_a_list_has_all_that_a_list_has(
    name: str, open_window: Open, sqlite_ready: str, tmp_path: Path
) -> None:
    furnish(busy)
    window = open_window(WHOSE.get(name, Role.SALES_HEAD))
    stage = Stage(window)
    place, grid_of = LISTS[name]
    page = stage.page(place)
    if place == "tiers":
        page.open("2026-06")  # the newest month has pick-ups alone
        stage.settle()
    grid = grid_of(page)
    grid.clear_filters()  # a list may begin narrowed
    stage.settle()
    frame = next(made for made in window.findChildren(GridFrame) if made.grid is grid)
    assert isinstance(grid.source, ListSource)
    assert {frame.chips.grid, frame.status.grid, frame.views.grid} == {grid}
    assert grid.source.count() == len(grid.rows()) > 0
    count = grid.source.count()
    assert len({grid.rowHeight(at) for at in range(count)}) == 1
    row, key = grid.rows()[0], grid.source.key(0)
    for column in grid.columns:
        assert grid.source.sortable(column), column.title
        wanted = typed(grid, column, row)
        if wanted is not None:
            grid.filter_by(wanted)
            stage.settle()
            found = [grid.source.key(at) for at in range(grid.source.count())]
            assert key in found, (column.title, wanted)
            grid.clear_filters()
            stage.settle()
    path = tmp_path / "表.csv"
    exporting.export(grid, window.context, path)
    stage.settle()
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    shown = [column.title for column in exporting.visible_columns(grid)]
    assert lines[0] == shown
    assert len(lines) == 1 + count
