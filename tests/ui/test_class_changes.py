"""Another class, and a direct customer that sells on, through the window (C3.3, C10.2, C10.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chemsales.rules.admission import CONDITIONS, Condition
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.roles import Role
from chemsales.services import resale
from chemsales.storage.database import connected, rows
from chemsales.words import say
from tests.factory import ANSWERS, Clock, accredit, draft_of, session_of
from tests.factory_agents import agent, class_of
from tests.furnishing import furnish
from tests.scenes import Stage
from tests.ui.acting import dialog_of
from ui.dialogs.class_change import ClassChangeDialog
from ui.dialogs.reason import ReasonDialog
from ui.main_window import MainWindow
from ui.pages.customers import CustomersPage
from ui.pages.today import TodayPage
from ui.widgets.customer_classes import CustomerClasses

MANAGER, SALES, GM = Role.ACCOUNT_MANAGER, Role.SALES_HEAD, Role.GENERAL_MANAGER
AGENT, DEALER, DIRECT = CustomerClass.AGENT, CustomerClass.DEALER, CustomerClass.DIRECT
NAME, FOUND = "江阴澄江涤纶有限公司", "走访发现其转售乙二醇 60 吨。"
Open = Callable[..., MainWindow]
Settle = Callable[[], None]


def direct() -> int:
    """A direct customer of EG, accredited some days before."""
    asked = [ClassRequest("EG", DIRECT, "", 200_000, "聚酯切片")]
    clock = Clock()
    clock.set(2026, 6, 1)
    return accredit(draft_of(NAME, 7, asked), clock)


def pane_of(window: MainWindow, customer: int) -> CustomerClasses:
    stage = Stage(window)
    page = stage.page("customers")
    assert isinstance(page, CustomersPage)
    page.open(("classes", customer))
    stage.settle()
    assert page.card.class_pane.isVisible()
    return page.card.class_pane


def held() -> list[tuple[str, str, str]]:
    with connected():
        return rows("SELECT customer_class, region, only_ours FROM customer_class ORDER BY id")


def test_c10_3_a_class_is_changed_with_the_conditions_of_the_new_one(
    open_window: Open, settle: Settle
) -> None:
    customer = furnish(direct)
    furnish(lambda: agent("苏州吴江化纤有限公司", 8, "江苏"))
    pane = pane_of(open_window(SALES), customer)
    pane.change.click()
    dialog = dialog_of(ClassChangeDialog)
    assert isinstance(dialog, ClassChangeDialog)
    form = dialog.form
    form["customer_class"].set_text(str(AGENT))
    form["region"].set_text("江苏")
    settle()
    assert "苏州吴江化纤有限公司" in form["region"].message.text()
    form["from_day"].set_text("2026-07-01")
    form["basis"].set_text("签订独家代理协议")
    dialog.give()
    lacking = [each for each in CONDITIONS[AGENT] if each is not Condition.REGION]
    assert all(form[str(each)].wrong for each in lacking)
    for each in lacking:
        form[str(each)].set_text(str(ANSWERS[each]))
    dialog.give()
    settle()
    assert held()[0] == ("direct", "", "")
    assert ("agent", "江苏", ANSWERS[Condition.ONLY_OURS]) in held()


def test_c10_7_a_direct_customer_that_sells_on_becomes_a_dealer(
    open_window: Open, settle: Settle
) -> None:
    customer = furnish(direct)
    with connected():
        resale.note(session_of("am"), class_of(customer), FOUND)
    window = open_window(SALES)
    pane = pane_of(window, customer)
    pane.change.click()
    dialog = dialog_of(ClassChangeDialog)
    form = dialog.form  # type: ignore[attr-defined]
    form["customer_class"].set_text(str(DEALER))
    form["from_day"].set_text("2026-07-01")
    form["region"].set_text("江苏")
    form["basis"].set_text("存在转售，改为经销商")
    for each in CONDITIONS[DEALER][1:]:
        form[str(each)].set_text(str(ANSWERS[each]))
    assert not form["only_ours"].isVisible()
    dialog.give()  # type: ignore[attr-defined]
    settle()
    assert held()[-1][:2] == ("dealer", "江苏")
    assert not [card for card in _today(window, settle) if card.key == "resales" and card.lines]


def test_c10_2_a_resale_is_noted_seen_today_and_settled(open_window: Open, settle: Settle) -> None:
    customer = furnish(direct)
    pane = pane_of(open_window(MANAGER), customer)
    assert not pane.settle.isVisible() and not pane.change.isEnabled()
    pane.resale.click()
    dialog = dialog_of(ReasonDialog)
    dialog.edit.setPlainText(FOUND)  # type: ignore[attr-defined]
    dialog.verb.click()  # type: ignore[attr-defined]
    settle()
    assert FOUND in pane.found.text() and not pane.resale.isVisible()
    assert not pane.settle.isEnabled()
    window = open_window(SALES)
    card = next(card for card in _today(window, settle) if card.key == "resales")
    assert [line.text for line in card.lines] == [NAME]
    window.context.go.emit(card.lines[0].place, card.lines[0].target)
    settle()
    page = window.page
    assert isinstance(page, CustomersPage)
    pane = page.card.class_pane
    assert pane.isVisible() and FOUND in pane.found.text()
    pane.settle.click()
    dialog = dialog_of(ReasonDialog)
    dialog.edit.setPlainText("系厂内代储，未转售。")  # type: ignore[attr-defined]
    dialog.verb.click()  # type: ignore[attr-defined]
    settle()
    assert not pane.found.isVisible() and pane.resale.isVisible()
    with connected():
        assert rows("SELECT closing FROM resale_finding") == [("系厂内代储，未转售。",)]
    page.card.tabs.setCurrentWidget(page.card.timeline)
    told = [say(row.what) for _at, row in page.card.timeline.grid.rows()]
    assert told[0].endswith("转售事项由王芳了结。系厂内代储，未转售。")
    assert "发现转售。" in told[1] and told[1].endswith(FOUND)


def test_others_read_only(open_window: Open, settle: Settle) -> None:
    customer = furnish(direct)
    pane = pane_of(open_window(GM), customer)
    assert not pane.change.isEnabled() and not pane.resale.isEnabled()
    assert pane.change.toolTip()


def _today(window: MainWindow, settle: Settle) -> list[Any]:
    page = Stage(window).page("today")
    settle()
    assert isinstance(page, TodayPage)
    return list(page.cards)
