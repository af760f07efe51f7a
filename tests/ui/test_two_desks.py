"""Two windows on one server: what one does comes to the other, and a server that goes and comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from chemsales.config import Config
from chemsales.rules.approval import Verdict
from chemsales.rules.errors import ChemsalesError
from chemsales.services import accreditation as service
from chemsales.services.changes import Subject
from chemsales.storage.database import rows
from tests.conftest import opened
from tests.conftest_postgres import OwnServer, start_server
from tests.cutting import Cut, Wire
from tests.factory import (
    accredit,
    decide,
    draft_of,
    make_application,
    seed_department,
    session_of,
    submit,
    version_of,
)
from tests.ui.acting import Person, button_of, dialog_of, is_open
from tests.waiting import run_events
from ui.context import Context
from ui.dialogs.conflict import ConflictDialog
from ui.dialogs.mnemonic import MnemonicDialog
from ui.following import Follow
from ui.forms.merging import Side
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages.approvals import ApprovalsPage
from ui.widgets.connection_banner import ConnectionBanner

SOON = 20_000  # ms, on a busy machine
Open = Callable[[str, str], MainWindow]


def quiet(window: MainWindow) -> bool:
    """Whether nothing is under way in a window."""
    return not window.context.jobs.busy


@pytest.fixture
def wire(new_database: Callable[[str, str], str]) -> Iterator[Wire]:
    """The department on a server, behind a wire that can be cut."""
    with Wire(new_database("postgresql", "ready")) as made, opened(made.url):
        yield made


@pytest.fixture
def at_desk(qtbot: QtBot) -> Iterator[Open]:
    """`at_desk("sales", "approvals")`: the window of that person, who follows the server."""
    made: list[tuple[MainWindow, Follow]] = []

    def make(login: str, place: str) -> MainWindow:
        session = session_of(login)
        follow = Follow()
        follow.start(session)
        context = Context(session, Config("zh_CN", "postgresql://server/chemsales"), Jobs())
        window = MainWindow(context, place)
        follow.serve(context)
        made.append((window, follow))
        window.resize(1366, 768)
        window.show()
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: quiet(window), timeout=SOON)
        return window

    yield make
    for window, follow in made:
        follow.stop(20)
        jobs = window.context.jobs
        assert jobs.stop(20)
        window.discard()
        follow.deleteLater()
    run_events(0)


def waiting(name: str, number: int) -> int:
    """A submitted application; its key."""
    key = make_application(session_of("am"), draft_of(name, number))
    submit(session_of("am"), key)
    return key


def approvals(window: MainWindow) -> ApprovalsPage:
    assert isinstance(window.page, ApprovalsPage)
    return window.page


def banner(window: MainWindow) -> ConnectionBanner:
    found = window.findChild(ConnectionBanner)
    assert isinstance(found, ConnectionBanner)
    return found


def test_what_another_desk_submits_appears_and_moves_nothing(
    wire: Wire, at_desk: Open, qtbot: QtBot
) -> None:
    waiting("海洋塑料", 1)
    window = at_desk("sales", "approvals")
    page = approvals(window)
    page.bar.edit.setFocus()
    page.bar.set_opinion("看过了，还差一页")
    before = QApplication.focusWidget()
    waiting("海天化工", 2)
    qtbot.waitUntil(lambda: page.queue.source.count() == 2, timeout=SOON)
    qtbot.waitUntil(lambda: quiet(window), timeout=SOON)
    assert page.case.name.text() == "海洋塑料"
    assert page.queue.row().title == "海洋塑料"
    assert page.bar.opinion() == "看过了，还差一页"
    assert QApplication.focusWidget() is before
    assert window.rail.tabs["approvals"].count.text() == "2"


def test_a_case_that_another_desk_decided_stays_and_can_be_decided_no_more(
    wire: Wire, at_desk: Open, qtbot: QtBot
) -> None:
    first = waiting("海洋塑料", 1)
    waiting("海天化工", 2)
    window = at_desk("sales", "approvals")
    page = approvals(window)
    page.bar.set_opinion("写到一半")
    assert page.bar.acts[Verdict.APPROVE].isEnabled()
    decide(session_of("sales"), first)
    qtbot.waitUntil(page.notice.isVisible, timeout=SOON)
    qtbot.waitUntil(lambda: quiet(window), timeout=SOON)
    assert page.case.name.text() == "海洋塑料"
    assert page.bar.opinion() == "写到一半"
    assert not any(act.isEnabled() for act in page.bar.acts.values())
    assert page.bar.acts[Verdict.APPROVE].why
    page.queue.selectRow(1)
    qtbot.waitUntil(lambda: page.case.name.text() == "海天化工", timeout=SOON)
    qtbot.waitUntil(lambda: page.queue.source.count() == 1, timeout=SOON)
    qtbot.waitUntil(lambda: quiet(window), timeout=SOON)
    assert page.bar.acts[Verdict.APPROVE].isEnabled()


def test_the_own_writes_are_not_told_to_their_own_desk(
    wire: Wire, at_desk: Open, qtbot: QtBot
) -> None:
    here, there = at_desk("am", "customers"), at_desk("sales", "approvals")
    told: dict[MainWindow, list[object]] = {here: [], there: []}
    for window, subjects in told.items():
        window.context.changed_elsewhere.connect(subjects.append)
    here.context.write(service.save_draft, draft_of("海洋塑料"))
    qtbot.waitUntil(lambda: bool(told[there]), timeout=SOON)
    assert told == {here: [], there: [frozenset({Subject.ACCREDITATION})]}
    there.context.write(service.decide, 1, 1, Verdict.APPROVE, failed=lambda _error: None)
    waiting("海天化工", 2)
    qtbot.waitUntil(lambda: bool(told[here]), timeout=SOON)


def test_a_conflict_over_two_windows_is_decided_field_by_field(
    wire: Wire, at_desk: Open, qtbot: QtBot
) -> None:
    customer = accredit(draft_of("海洋塑料", 5, mnemonic="hysl"))
    here, there = at_desk("am", "customers"), at_desk("am", "customers")
    dialogs = []
    for window in (here, there):
        window.page.open(customer)
        qtbot.waitUntil(lambda window=window: quiet(window), timeout=SOON)
        Person().click(window.page.card.mnemonic)
        dialogs.append(dialog_of(MnemonicDialog))
        dialogs[-1].hide()  # a modal dialog of the other process would not block this one
    mine, theirs = dialogs
    theirs.show()
    theirs.form["mnemonic"].set_text("theirs")
    Person().click(button_of(theirs, "保存"))
    mine.show()
    mine.form["mnemonic"].set_text("mine")
    qtbot.waitUntil(mine.note.isVisible, timeout=SOON)
    assert "张伟" in mine.note.text()
    assert mine.form["mnemonic"].text() == "mine"
    Person().click(button_of(mine, "保存"))
    qtbot.waitUntil(lambda: is_open(ConflictDialog), timeout=SOON)
    conflict = dialog_of(ConflictDialog)
    assert isinstance(conflict, ConflictDialog)
    assert rows("SELECT mnemonic FROM customer") == [("theirs",)]
    conflict.choices[0].choose(Side.MINE)
    Person().click(button_of(conflict, "保存"))
    qtbot.waitUntil(lambda: quiet(here) and not is_open(MnemonicDialog), timeout=SOON)
    assert rows("SELECT mnemonic FROM customer") == [("mine",)]


def test_a_lost_server_is_said_drafts_stay_and_all_comes_back(
    wire: Wire, at_desk: Open, qtbot: QtBot
) -> None:
    waiting("海洋塑料", 1)
    window = at_desk("sales", "approvals")
    page = approvals(window)
    page.bar.set_opinion("写到一半")
    wire.down = True
    wire.break_all()
    qtbot.waitUntil(banner(window).isVisible, timeout=SOON)
    act = page.bar.acts[Verdict.APPROVE]
    assert not act.isEnabled()
    assert "没有应答" in act.why
    assert page.bar.opinion() == "写到一半"
    assert window.top.state.text() == "服务器未连接"
    wire.down = False
    waiting("海天化工", 2)  # while this desk does not listen
    Person().click(next(b for b in banner(window).findChildren(QPushButton)))
    qtbot.waitUntil(lambda: not banner(window).isVisible(), timeout=SOON)
    qtbot.waitUntil(lambda: page.queue.source.count() == 2, timeout=SOON)
    qtbot.waitUntil(lambda: quiet(window) and act.isEnabled(), timeout=SOON)
    assert page.bar.opinion() == "写到一半"
    assert page.case.name.text() == "海洋塑料"


@pytest.mark.parametrize("cut", [Cut.AFTER, Cut.BEFORE])
def test_the_person_is_told_whether_an_approval_cut_off_was_saved(
    wire: Wire, at_desk: Open, qtbot: QtBot, cut: Cut
) -> None:
    key = waiting("海洋塑料", 1)
    window = at_desk("sales", "approvals")
    said: list[str] = []
    refused: list[ChemsalesError] = []
    window.context.said.connect(said.append)
    window.context.jobs.refused.disconnect()
    window.context.jobs.refused.connect(refused.append)
    wire.cut = cut
    approvals(window).bar.acts[Verdict.APPROVE].trigger()
    qtbot.waitUntil(lambda: bool(wire.cuts) and quiet(window), timeout=SOON)
    signed = rows("SELECT count(*) FROM decision WHERE stage = 'sales'")[0][0]
    if cut is Cut.AFTER:
        assert signed == 1
        assert not refused
        assert any("已保存成功" in text for text in said)
        return
    assert signed == 0
    assert [error.reasons[0].code for error in refused] == ["reason.commit_lost"]
    qtbot.waitUntil(approvals(window).bar.acts[Verdict.APPROVE].isEnabled, timeout=SOON)
    approvals(window).bar.acts[Verdict.APPROVE].trigger()
    qtbot.waitUntil(lambda: quiet(window), timeout=SOON)
    assert rows("SELECT count(*) FROM decision WHERE stage = 'sales'") == [(1,)]
    assert version_of(key) > 1


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    """A server that this test stops and starts."""
    server = start_server(durable=True)
    yield server
    server.remove()


def test_a_server_that_is_stopped_hard_and_started_again(
    own_server: OwnServer, at_desk: Open, qtbot: QtBot
) -> None:
    with opened(own_server.create_database("chemsales")):
        seed_department()
        waiting("海洋塑料", 1)
        window = at_desk("sales", "approvals")
        page = approvals(window)
        page.bar.set_opinion("写到一半")
        own_server.stop(hard=True)
        qtbot.waitUntil(banner(window).isVisible, timeout=SOON)
        assert not page.bar.acts[Verdict.APPROVE].isEnabled()
        own_server.start()
        qtbot.waitUntil(lambda: not banner(window).isVisible(), timeout=SOON)
        act = page.bar.acts[Verdict.APPROVE]
        qtbot.waitUntil(lambda: quiet(window) and act.isEnabled(), timeout=SOON)
        assert page.bar.opinion() == "写到一半"
        act.trigger()
        qtbot.waitUntil(lambda: quiet(window), timeout=SOON)
        assert rows("SELECT comment FROM decision WHERE stage = 'sales'") == [("写到一半",)]
