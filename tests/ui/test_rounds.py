"""What is new since a return is shown to who reviews a case of any kind again (C7.2)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from chemsales.rules.approval import Verdict
from chemsales.rules.roles import Role
from tests.factory import PEOPLE
from tests.factory_cases import CORRECTED, KINDS, furnished, put_up_again
from tests.furnishing import furnish
from tests.ui.reviewing import page_of, texts
from ui.main_window import MainWindow
from ui.pages.approvals import ApprovalsPage
from ui.widgets.document_viewer import DocumentViewer
from ui.widgets.news import NewsView

Open = Callable[..., MainWindow]
Settle = Callable[[], None]
ROLES: dict[str, Role] = {login: role for login, _name, role in PEOPLE}
# a field of each kind before and after, and how its scans are marked
SAID = {
    "licence": (["编号", "B-2 → B-9"], ["已替换"]),
    "customer_change": (["账号", "5329010210310601 → 5329010210310609"], ["已替换"]),
    "disqualification": (["损失金额（元）", "- → 125,000.00"], ["已替换", "新增"]),
}


@pytest.fixture
def department(sqlite_ready: str) -> None:
    """A department with customers."""
    furnish(furnished)


def seen(page: ApprovalsPage) -> tuple[list[str], list[str]]:
    """The texts of what is new, and how the scans are marked, of the case that is shown."""
    shown = page.case.cases.currentWidget()
    assert isinstance(shown, QWidget)
    news = [text for view in shown.findChildren(NewsView) for text in texts(view)]
    (viewer,) = shown.findChildren(DocumentViewer)
    marks = [item.mark for item in viewer.items]
    if len(viewer.items) == 1:  # no strip of buttons says it
        assert viewer.name.text().startswith(marks[0])
    return news, marks


@pytest.mark.parametrize("name", CORRECTED)
def test_c7_2_what_is_new_since_the_return_is_shown_of_every_kind(
    department: None, name: str, open_window: Open, settle: Settle
) -> None:
    kind, key = KINDS[name], put_up_again(name)
    page = page_of(open_window(ROLES[kind.signers[0]], "approvals"))
    page.open((name, key))
    settle()
    news, marks = seen(page)
    pair, marked = SAID[name]
    at = news.index(pair[0])
    assert news[at : at + 2] == pair
    assert marks == marked
    assert set(marked) <= set(news)


@pytest.mark.parametrize("name", CORRECTED)
def test_nothing_is_said_to_be_new_of_a_first_round(
    department: None, name: str, open_window: Open, settle: Settle
) -> None:
    kind = KINDS[name]
    key = kind.put_up()
    page = page_of(open_window(ROLES[kind.signers[0]], "approvals"))
    page.open((name, key))
    settle()
    news, marks = seen(page)
    assert news == [] and set(marks) == {""}


@pytest.mark.parametrize("name", [name for name in CORRECTED if len(KINDS[name].signers) > 1])
def test_the_next_stage_reads_it_too(
    department: None, name: str, open_window: Open, settle: Settle
) -> None:
    kind, key = KINDS[name], put_up_again(name)
    kind.give(key, kind.signers[0], Verdict.APPROVE)
    page = page_of(open_window(ROLES[kind.signers[1]], "approvals"))
    page.open((name, key))
    settle()
    news, marks = seen(page)
    assert news and marks == SAID[name][1]
