"""C7.2 through the window: finance delegates, the delegate signs with both names, it is revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from chemsales.queries import accreditation
from chemsales.queries.approval import waiting_count
from chemsales.queries.filtering import Request
from chemsales.rules.approval import StageName
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.roles import Actor, Role
from chemsales.services import delegation
from chemsales.services.changes import Subject
from chemsales.storage.database import connected, rows
from tests.factory import decide, session_of
from tests.scenes import Stage
from tests.scenes.frame import section
from tests.ui.acting import key
from tests.ui.reviewing import page_of, titles
from tests.ui.reviewing import waiting as submitted
from tests.ui.test_settings import press
from ui.dialogs.delegation import DelegationDialog
from ui.dialogs.message import Message
from ui.main_window import MainWindow
from ui.pages import approvals
from ui.work.approvals import Loaded, Waiting
from ui.work.today import cards

Open = Callable[..., MainWindow]
Settle = Callable[[], None]
FIRST, LAST = date(2026, 7, 6), date(2026, 7, 10)  # the clock stands at the first
NOTHING = "没有等待您处理的审批。"
FINANCE, MANAGER = Role.FINANCE, Role.ACCOUNT_MANAGER


def give(login: str = "am2") -> int:
    return delegation.delegate(session_of("finance"), login, FINANCE, FIRST, LAST, "出差").value


@pytest.fixture
def at_finance(open_window: Open) -> int:
    made = submitted()
    decide(session_of("sales"), made)
    return made


def test_c7_2_finance_delegates_and_revokes_in_the_settings(open_window: Open) -> None:
    stage = Stage(open_window(FINANCE))
    page = section(stage, "delegation")
    press(page, "委托代签")
    dialog = stage.dialog(DelegationDialog)
    assert isinstance(dialog, DelegationDialog)
    picker = dialog.form["delegate"].editor
    offered = {picker.itemData(row) for row in range(picker.count())}  # type: ignore[attr-defined]
    assert offered == {"am", "am2", "sales", "gm"}
    press(dialog, "委托代签")
    assert dialog.isVisible()  # to whom, until when and why
    assert dialog.form["last"].wrong and dialog.form["reason"].wrong
    dialog.form.set_values(
        {"delegate": "am2", "first": FIRST.isoformat(), "last": LAST.isoformat(), "reason": "出差"}
    )
    press(dialog, "委托代签")
    stage.settle()
    table = page.table  # type: ignore[attr-defined]
    (row,) = table.rows()
    assert (row.delegate_name, row.role, row.first, row.last) == ("刘洋", FINANCE, FIRST, LAST)
    press(page, "委托代签")  # the same days once more
    again = stage.dialog(DelegationDialog)
    assert isinstance(again, DelegationDialog)
    again.form.set_values(
        {"delegate": "gm", "first": LAST.isoformat(), "last": LAST.isoformat(), "reason": "出差"}
    )
    press(again, "委托代签")
    stage.settle()
    assert again.isVisible() and again.form["first"].wrong
    again.reject()
    table.select_key(row.id)
    press(page, "撤销委托")
    press(stage.dialog(Message), "撤销委托")
    stage.settle()
    assert table.rows()[0].revoked_at is not None
    assert not page.acts["settings.revoke"].isEnabled()


@pytest.mark.parametrize("role", [MANAGER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_signs_in_no_role_has_nothing_to_delegate(role: Role, open_window: Open) -> None:
    give()
    stage = Stage(open_window(role))
    page = section(stage, "delegation")
    seen = 0 if role is MANAGER else 1
    assert len(page.table.rows()) == seen  # type: ignore[attr-defined]
    for act in ("settings.delegate", "settings.revoke"):
        assert not page.acts[act].isEnabled()
        assert page.acts[act].toolTip()


def test_c7_2_the_delegate_signs_and_sees_for_whom(
    open_window: Open, settle: Settle, at_finance: int
) -> None:
    give()
    window = open_window(MANAGER, "approvals", login="am2")
    window.context.change_elsewhere(frozenset({Subject.DELEGATION}))
    settle()
    page = page_of(window)
    (row,) = page.queue.rows()
    assert (row.stage, row.principal_name) == (StageName.FINANCE, "李强")
    assert page.queue.model().index(0, 0).data().endswith(" · 代李强")
    assert "您代李强签批" in page.case.where.text()
    (card,) = [c for c in cards(window.context.actor, FIRST) if c.key == "waiting"]
    assert card.number == waiting_count(window.context.actor) == 1
    assert "代李强" in card.lines[0].remark
    page.bar.set_opinion("同意")
    key(page, "Ctrl+Return")
    settle()
    assert titles(page) == []
    stored = accreditation.application(session_of("auditor").actor, at_finance)
    assert stored.stage is StageName.GENERAL_MANAGER
    assert stored.decisions[-1].signature == "刘洋（代李强）"
    assert page.undo.act.isEnabled(), page.undo.why.text()
    key(page, "Ctrl+Z")
    settle()
    with connected():
        assert rows("SELECT verdict, signer, on_behalf_of FROM decision ORDER BY id DESC LIMIT 1") \
            == [("undo", "am2", "finance")]  # fmt: skip


def test_c7_2_a_delegate_is_told_for_whom_nothing_is_left_and_until_when(
    open_window: Open, settle: Settle, at_finance: int
) -> None:
    window = open_window(MANAGER, "approvals", login="am2")
    page = page_of(window)
    settle()
    assert page.queue.empty.label.text() == NOTHING
    given = give()
    window.context.change_elsewhere(frozenset({Subject.DELEGATION}))
    settle()
    assert page.queue.source.count() == 1 and not page.queue.empty.isVisible()
    key(page, "Ctrl+Return")
    settle()
    told = f"{NOTHING}\n目前没有需要您代李强（财务部）签批的事项，委托至 2026-07-10 止。"
    assert page.queue.empty.isVisible() and page.queue.empty.label.text() == told
    assert page.case.currentWidget() is page.case.nothing
    assert page.case.nothing.label.text() == told
    page.queue.ask(Request(text="乙"))
    settle()
    assert page.case.nothing.label.text() == NOTHING  # what is hidden may wait
    page.queue.ask(Request())
    delegation.revoke(session_of("finance"), given)
    window.context.change_elsewhere(frozenset({Subject.DELEGATION}))
    settle()
    assert page.queue.empty.label.text() == NOTHING


def test_what_a_delegate_signed_stays_in_the_list_of_the_decided(
    open_window: Open, settle: Settle, at_finance: int
) -> None:
    page = page_of(window := open_window(MANAGER, "approvals", login="am2"))
    assert page.tabs.count() == 1
    given = give()
    window.context.change_elsewhere(frozenset({Subject.DELEGATION}))
    settle()
    assert page.tabs.tabText(1) == "我已处理（0）"
    key(page, "Ctrl+Return")
    settle()
    assert page.tabs.tabText(1) == "我已处理（1）"
    delegation.revoke(session_of("finance"), given)
    window.close()
    page = page_of(open_window(MANAGER, "approvals", login="am2"))
    settle()
    assert page.tabs.tabText(1) == "我已处理（1）"
    page.tabs.setCurrentIndex(1)
    settle()
    assert [row.subject_id for row in page.tabs.decided.rows()] == [at_finance]


def hidden(_actor: Actor, row: Waiting, _today: date) -> Loaded:
    """What a read answers that row security gives nothing to."""
    raise NotFound(Reason("reason.application_unknown", {"id": row.id}))


@pytest.mark.parametrize("out_of_sight", [False, True])
def test_what_is_revoked_while_it_is_read_stays_and_cannot_be_signed(
    out_of_sight: bool,
    open_window: Open,
    settle: Settle,
    at_finance: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = submitted("乙化工有限公司", 2)
    decide(session_of("sales"), other)
    given = give()
    window = open_window(MANAGER, "approvals", login="am2")
    window.context.change_elsewhere(frozenset({Subject.DELEGATION}))
    settle()
    page = page_of(window)
    first, _second = titles(page)
    assert page.case.name.text() == first
    page.bar.set_opinion("同意")
    if out_of_sight:  # a server shows a manager the own cases alone, where it is set so
        monkeypatch.setattr(approvals, "load", hidden)
    delegation.revoke(session_of("finance"), given)
    window.context.change_elsewhere(frozenset({Subject.DELEGATION}))
    settle()
    assert page.case.name.text() == first
    assert not page.notice.isHidden()
    assert not any(act.isEnabled() for act in page.bar.acts.values())
    assert page.bar.opinion() == "同意"
    key(page, "Ctrl+Return")
    settle()
    monkeypatch.undo()
    page.queue.selectRow(1)
    settle()
    assert titles(page) == []  # what is revoked has left the queue
    assert page.case.currentWidget() is page.case.nothing
    key(page, "Ctrl+Return")
    settle()
    for made in (at_finance, other):
        stored = accreditation.application(session_of("auditor").actor, made)
        assert stored.stage is StageName.FINANCE


def test_what_is_delegated_again_while_the_case_is_read_can_be_signed(
    open_window: Open, settle: Settle, at_finance: int
) -> None:
    window = open_window(MANAGER, "approvals", login="am2")
    page = page_of(window)
    for _time in range(2):
        given = give()
        window.context.change_elsewhere(frozenset({Subject.DELEGATION}))
        settle()
        assert page.notice.isHidden()
        assert page.acts["approvals.approve"].isEnabled()
        delegation.revoke(session_of("finance"), given)
        window.context.change_elsewhere(frozenset({Subject.DELEGATION}))
        settle()
        assert not page.acts["approvals.approve"].isEnabled()
    stored = accreditation.application(session_of("auditor").actor, at_finance)
    assert stored.stage is StageName.FINANCE
