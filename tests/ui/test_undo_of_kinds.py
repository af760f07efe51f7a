"""What was decided on a case of any kind is taken back with Ctrl+Z in the window (C7.2)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chemsales.rules.approval import Verdict
from chemsales.rules.roles import Role
from chemsales.services import evaluation
from chemsales.words import say
from tests.factory import PEOPLE, session_of
from tests.factory_cases import KINDS, furnished
from tests.furnishing import furnish
from tests.ui.acting import dialog_of, key
from tests.ui.reviewing import page_of
from ui.dialogs.reason import ReasonDialog
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]
Settle = Callable[[], None]
ROLES: dict[str, Role] = {login: role for login, _name, role in PEOPLE}
LONG = [name for name, kind in KINDS.items() if len(kind.signers) > 1]


@pytest.fixture
def department(sqlite_ready: str) -> None:
    """A department with a computed quarter."""
    furnish(furnished)


@pytest.mark.parametrize("name", KINDS)
def test_c7_2_a_return_is_taken_back_with_one_key(
    department: None, name: str, open_window: Open, settle: Settle
) -> None:
    kind = KINDS[name]
    made = kind.put_up()
    page = page_of(open_window(ROLES[kind.signers[0]], "approvals"))
    page.open((name, made))
    settle()
    assert page.loaded is not None
    called = page.loaded.waiting.called
    page.bar.wanted.emit(Verdict.RETURN)
    dialog = dialog_of(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    dialog.edit.setPlainText("请补充")
    dialog.verb.click()
    settle()
    assert (name, made) not in [row.key for row in page.queue.rows()]
    assert page.undo.said.text() == f"已退回：{called}"  # the kind, not the customer alone
    assert page.undo.act.isEnabled(), page.undo.why.text()
    key(page, "Ctrl+Z")
    settle()
    assert not page.undo.isVisible()
    row = page.queue.row()
    assert row is not None
    assert row.key == (name, made)
    assert page.loaded is not None
    assert page.loaded.version == kind.version(made) == 3
    assert page.bar.opinion() == ""  # why it was returned is no opinion on what is approved next
    page.bar.wanted.emit(Verdict.RETURN)
    again = dialog_of(ReasonDialog)
    assert isinstance(again, ReasonDialog)
    assert again.edit.toPlainText() == "请补充"


@pytest.mark.parametrize("name", LONG)
def test_c7_2_an_approval_is_taken_back_until_the_next_stage_acts(
    department: None, name: str, open_window: Open, settle: Settle
) -> None:
    kind = KINDS[name]
    made = kind.put_up()
    page = page_of(open_window(ROLES[kind.signers[0]], "approvals"))
    page.open((name, made))
    settle()
    assert page.case.isVisible() and not page.bar.final.isVisible()
    page.bar.wanted.emit(Verdict.APPROVE)
    settle()
    key(page, "Ctrl+Z")
    settle()
    assert kind.why_not(made, kind.signers[0], Verdict.APPROVE) == []
    page.bar.wanted.emit(Verdict.APPROVE)
    settle()
    assert page.undo.act.isEnabled(), page.undo.why.text()
    kind.give(made, kind.signers[1], Verdict.RETURN)
    page.refresh()
    settle()
    assert not page.undo.isVisible()


@pytest.mark.parametrize("login", ["am", "am2"])
def test_the_undo_goes_when_the_evaluation_is_computed_again(
    department: None, login: str, open_window: Open, settle: Settle
) -> None:
    """By who put it up, whose run is withdrawn, and by another, whose run takes its place."""
    kind = KINDS["evaluation"]
    made = kind.put_up()
    page = page_of(open_window(Role.SALES_HEAD, "approvals"))
    page.open(("evaluation", made))
    settle()
    assert page.loaded is not None
    page.bar.wanted.emit(Verdict.RETURN)
    dialog = dialog_of(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    dialog.edit.setPlainText("请复核")
    dialog.verb.click()
    settle()
    assert page.undo.act.isEnabled(), page.undo.why.text()
    evaluation.compute(session_of(login), "2026Q2")
    page.refresh()
    settle()
    assert not page.undo.isVisible()
    assert not page.undo.act.isEnabled()


@pytest.mark.parametrize("name", KINDS)
def test_c7_2_the_bar_says_why_the_last_approval_stands(
    department: None, name: str, open_window: Open, settle: Settle
) -> None:
    kind = KINDS[name]
    made = kind.put_up()
    for login in kind.signers[:-1]:
        kind.give(made, login)
    last = kind.signers[-1]
    page = page_of(open_window(ROLES[last], "approvals"))
    page.open((name, made))
    settle()
    assert page.bar.final.isVisible()  # it is said before, beside the verdicts
    assert page.bar.final.text() == "最终审批，生效后不能撤销"
    page.bar.wanted.emit(Verdict.APPROVE)
    settle()
    assert page.undo.isVisible()
    assert not page.undo.act.isEnabled()
    assert page.undo.why.text() == say(kind.chain.effect)
    assert kind.why_not(made, session_of(last)) == [kind.effect]
