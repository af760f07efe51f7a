"""Exclusive agents and their licences through the window (C10.5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

from PySide6.QtCore import Qt

from chemsales.rules.errors import Reason
from chemsales.rules.roles import Role
from chemsales.storage.database import connected, rows
from tests.factory import Clock
from tests.factory_agents import agent, licensed
from tests.furnishing import furnish
from tests.reports.pdf import text
from tests.scenes import Stage
from tests.ui.acting import Person, dialog_of
from ui.dialogs.message import Message
from ui.dialogs.preview import PreviewDialog
from ui.main_window import MainWindow
from ui.pages.licences import LicencesPage
from ui.pages.today import TodayPage
from ui.tables.model import ToneRole
from ui.widgets.agents import overlap_words
from ui.widgets.labels import PlainLabel

SALES, MANAGER, GM = Role.SALES_HEAD, Role.ACCOUNT_MANAGER, Role.GENERAL_MANAGER
NAMES = ("江阴澄江涤纶有限公司", "苏州吴江化纤有限公司", "无锡太湖化工有限公司")
Open = Callable[..., MainWindow]
Settle = Callable[[], None]


def three() -> list[int]:
    """Three exclusive agents, the first with its licence."""
    found = [agent(name, 40 + at, region) for at, (name, region) in enumerate(
        zip(NAMES, ("江苏", "浙江", "山东"), strict=True))]  # fmt: skip
    licensed(found[0])
    return found


def page_of(window: MainWindow, settle: Settle) -> LicencesPage:
    stage = Stage(window)
    page = stage.page("licences")
    page.open(("agents", ""))
    settle()
    assert isinstance(page, LicencesPage)
    return page


def numbers() -> list[str]:
    with connected():
        return [number for (number,) in rows("SELECT number FROM agent_licence ORDER BY id")]


def test_c10_5_the_sales_head_gives_a_licence_and_sees_it_as_it_prints(
    open_window: Open, settle: Settle
) -> None:
    furnish(three)
    window = open_window(SALES)
    page = page_of(window, settle)
    tab = page.agents
    shown = [(row.name, row.number) for row in tab.grid.rows()]
    assert dict(shown) == {NAMES[0]: "DL2026-0001", NAMES[1]: "", NAMES[2]: ""}
    chosen = next(row for row in tab.grid.rows() if row.name == NAMES[1])
    assert tab.grid.select_key(chosen.id)
    settle()
    issue = page.acts["licences.issue"]
    assert issue.isEnabled() and not page.acts["licences.print_agent"].isEnabled()
    issue.trigger()
    settle()
    asked = dialog_of(Message)
    told = " ".join(label.text() for label in asked.findChildren(PlainLabel))
    assert "2026-07-06至2026-12-31" in told
    Person().press(asked, "颁发")
    settle()
    assert numbers() == ["DL2026-0001", "DL2026-0002"]
    Stage(window).settle()
    paper = dialog_of(PreviewDialog)
    assert isinstance(paper, PreviewDialog)
    assert paper.preview.view.document is not None
    printed = text(paper.preview.view.document.data)
    assert "DL2026-0002" in printed and NAMES[1] in printed and "浙江" in printed
    assert "第十条(三)1(2)" in printed
    paper.reject()
    settle()
    row = next(row for row in tab.grid.rows() if row.name == NAMES[1])
    assert (row.number, row.to_day) == ("DL2026-0002", date(2026, 12, 31))


def test_several_are_given_at_once_without_those_that_have_one(
    open_window: Open, settle: Settle
) -> None:
    furnish(three)
    page = page_of(open_window(SALES), settle)
    tab = page.agents
    tab.grid.tick([tab.grid.source.key(at) for at in range(3)])
    settle()
    page.acts["licences.issue"].trigger()
    settle()
    Person().press(dialog_of(Message), "颁发")
    settle()
    assert len(numbers()) == 3
    dialog_of(PreviewDialog).reject()


def test_one_that_is_refused_does_not_hold_up_the_others(open_window: Open, settle: Settle) -> None:
    keys = furnish(three)
    page = page_of(open_window(SALES), settle)
    tab = page.agents
    tab.grid.tick([tab.grid.source.key(at) for at in range(3)])
    settle()
    page.acts["licences.issue"].trigger()
    settle()
    licensed(keys[1])  # another desk was faster
    Person().press(dialog_of(Message), "颁发")
    settle()
    assert len(numbers()) == 3
    told = " ".join(label.text() for label in dialog_of(Message).findChildren(PlainLabel))
    assert NAMES[1] in told and "DL2026-0002" in told and NAMES[2] not in told
    dialog_of(Message).reject()
    dialog_of(PreviewDialog).reject()
    settle()
    given = [tab.grid.source.key(at) for at in range(3)]
    tab.grid.tick(given)
    settle()
    issue = page.acts["licences.issue"]
    assert not issue.isEnabled() and "都已有" in issue.toolTip()


def test_a_licence_that_holds_for_long_greys_the_button_with_its_reason(
    open_window: Open, settle: Settle
) -> None:
    furnish(three)
    page = page_of(open_window(SALES), settle)
    chosen = next(row for row in page.agents.grid.rows() if row.number)
    page.agents.grid.select_key(chosen.id)
    settle()
    issue = page.acts["licences.issue"]
    assert not issue.isEnabled() and "2026-09-30" in issue.toolTip()
    assert page.acts["licences.print_agent"].isEnabled()


def test_others_see_the_list_and_print_but_give_nothing(open_window: Open, settle: Settle) -> None:
    furnish(three)
    page = page_of(open_window(GM), settle)
    page.agents.grid.select_key(next(row for row in page.agents.grid.rows() if row.number).id)
    settle()
    assert not page.acts["licences.issue"].isEnabled()
    page.acts["licences.print_agent"].trigger()
    settle()
    dialog_of(PreviewDialog).reject()


def test_today_tells_the_sales_head_who_has_no_licence(open_window: Open, settle: Settle) -> None:
    furnish(three)
    window = open_window(SALES)
    settle()
    page = window.page
    assert isinstance(page, TodayPage)
    card = next(card for card in page.cards if card.key == "agents")
    assert {line.text for line in card.lines} == set(NAMES[1:])
    window.context.go.emit(card.place, card.target)
    settle()
    licences = window.page
    assert isinstance(licences, LicencesPage)
    assert {row.name for row in licences.agents.grid.rows()} == set(NAMES[1:])


def test_c10_5_next_year_s_licences_are_given_to_several_in_the_last_quarter(
    open_window: Open, settle: Settle, clock: Clock
) -> None:
    furnish(three)
    clock.set(2026, 10, 5)
    page = page_of(open_window(SALES), settle)
    tab = page.agents
    tab.grid.tick([tab.grid.source.key(at) for at in range(3)])
    settle()
    page.acts["licences.issue"].trigger()
    settle()
    Person().press(dialog_of(Message), "颁发")
    settle()
    dialog_of(PreviewDialog).reject()
    found = {row.name: row.to_day for row in tab.grid.rows()}
    assert found[NAMES[0]] == date(2027, 12, 31)
    assert found[NAMES[1]] == found[NAMES[2]] == date(2026, 12, 31)


def overlapping() -> None:
    for at, region in enumerate(("江苏、上海", "南京", "山东")):
        agent(NAMES[at], 40 + at, region)


def test_c10_3_the_list_marks_whose_region_overlaps_and_names_the_other(
    open_window: Open, settle: Settle
) -> None:
    furnish(overlapping)
    tab = page_of(open_window(SALES), settle).agents
    grid = tab.grid
    at = next(place for place, each in enumerate(grid.columns) if each.field == "region")
    cells = {row.name: grid.rows_model.index(place, at) for place, row in enumerate(grid.rows())}
    signs = {name: cell.data(ToneRole) for name, cell in cells.items()}
    assert signs == {NAMES[0]: "soon", NAMES[1]: "soon", NAMES[2]: None}
    tips = {name: cell.data(Qt.ItemDataRole.ToolTipRole) for name, cell in cells.items()}
    assert NAMES[1] in tips[NAMES[0]] and NAMES[0] in tips[NAMES[1]]
    assert "重叠" not in tips[NAMES[2]] and "山东" in tips[NAMES[2]]
    grid.select_key(next(row.id for row in grid.rows() if row.name == NAMES[1]))
    settle()
    assert tab.overlaps.isVisible() and "C00001" in tab.overlaps.text()
    grid.select_key(next(row.id for row in grid.rows() if row.name == NAMES[2]))
    settle()
    assert not tab.overlaps.isVisible()


def test_of_many_overlaps_the_first_are_told_and_the_rest_counted() -> None:
    told = [Reason("reason.agent_overlap_unseen", {"region": f"苏{n}", "since": "2026-01-01"})
            for n in range(5)]  # fmt: skip
    row = SimpleNamespace(overlaps=tuple(told))
    lines = overlap_words(row).split("\n")  # type: ignore[arg-type]
    assert len(lines) == 4 and "苏2" in lines[2] and "2" in lines[3]
    assert overlap_words(SimpleNamespace(overlaps=())) == ""  # type: ignore[arg-type]
