"""A server's backup is restored in the window: what is asked, what is refused, what is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chemsales import config
from chemsales.config import Config
from chemsales.services import backup
from chemsales.services.settings import set_value
from chemsales.storage import database as storage
from chemsales.storage import exchanging
from chemsales.storage.exchanging import Owner
from tests.conftest_postgres import OwnServer
from tests.factory import COMPANY, PASSWORD
from tests.security.conftest import OWNED, OWNER, signed_in
from tests.security.test_restoring import company, databases
from tests.ui.acting import button_of
from tests.ui.conftest import login_of, sign_in, wait
from tests.waiting import run_events
from ui.desk import Desk
from ui.dialogs.restore_server import RestoreServerDialog
from ui.main_window import MainWindow

LATER = "改错了的名字"


@pytest.fixture
def made(owned: str) -> Path:
    """A backup in the backup folder, after which the company was renamed."""
    with signed_in(owned, "admin") as admin:
        written = backup.back_up(admin)
        set_value(admin, "company", LATER)
    return written


@pytest.fixture
def at_server(desk: Desk, owned: str, made: Path) -> Desk:
    """The administrator's desk at that server."""
    chosen = Config("zh_CN", owned)
    config.save(chosen)
    desk.start(chosen)
    wait(desk)
    sign_in(desk, "admin", PASSWORD)
    return desk


def asked(desk: Desk) -> RestoreServerDialog:
    """The dialog that the newest backup of the page opens."""
    window = desk.window
    assert isinstance(window, MainWindow)
    window.go("settings", "backup")
    wait(desk)
    page = window.page.stack.currentWidget()  # type: ignore[attr-defined]
    page.table.select_first()
    page.acts["settings.restore_backup"].trigger()
    [dialog] = [w for w in QApplication.topLevelWidgets() if isinstance(w, RestoreServerDialog)]
    return dialog


def give(desk: Desk, dialog: RestoreServerDialog, owner: Owner) -> None:
    """Type the owner's login and press the verb."""
    dialog.form["owner"].set_text(owner.login)
    dialog.form["password"].set_text(owner.password)
    button_of(dialog, "恢复").click()
    over(desk)


def over(desk: Desk) -> None:
    """Until nothing is under way, however busy the machine is."""
    run_events(1)
    end = time.monotonic() + 120
    while desk.jobs.busy:
        assert time.monotonic() < end, [job.title for job in desk.jobs.running()]
        run_events(5)
    run_events(1)


def kept_texts() -> str:
    """All that the program keeps at this desk: settings, drafts, logs."""
    folders = (config.state_dir(), config.data_dir(), config.config_dir())
    files = [each for folder in folders for each in folder.rglob("*") if each.is_file()]
    return "".join(each.read_bytes().decode("latin-1") for each in files)


def test_it_is_restored_and_people_sign_in_anew(
    at_server: Desk, owned: str, owned_cluster: OwnServer, made: Path
) -> None:
    give(at_server, asked(at_server), OWNER)
    assert at_server.session is None
    assert company(owned) == COMPANY
    [replaced] = [name for name in databases(owned_cluster) if name != OWNED]
    told = login_of(at_server).note.text()
    assert told.startswith("已恢复到") and replaced in told
    assert OWNER.password not in kept_texts()
    sign_in(at_server, "admin", PASSWORD)
    wait(at_server)
    window = at_server.window
    assert isinstance(window, MainWindow)
    assert made.name in window.banner.text.text(), "it waits to be confirmed"
    assert OWNER.login not in str(getattr(storage.database.obj, "connect_params", {}))


def test_what_is_refused_is_said_in_the_dialog_and_nobody_is_signed_out(
    at_server: Desk, owned: str, owned_cluster: OwnServer, made: Path
) -> None:
    dialog = asked(at_server)
    for owner in (replace(OWNER, password="not this one at all"), Owner("gm", PASSWORD)):
        give(at_server, dialog, owner)
        assert owner.login in dialog.note.text()
    with psycopg.connect(owned_cluster.url_for(OWNED, "gm", PASSWORD)):
        give(at_server, dialog, OWNER)
        assert "gm" in dialog.note.text()
    made.write_bytes(made.read_bytes()[:-1])
    give(at_server, dialog, OWNER)
    assert made.name in dialog.note.text()
    assert dialog.isVisible() and at_server.session is not None
    assert databases(owned_cluster) == [OWNED] and company(owned) == LATER


def test_what_is_refused_later_leaves_everything_and_lets_people_sign_in(
    at_server: Desk, owned: str, owned_cluster: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody signs in while the rows go over."""
    monkeypatch.setattr(exchanging, "WAIT_SECONDS", 0.0)
    dialog = asked(at_server)
    with psycopg.connect(owned_cluster.url_for(OWNED, "gm", PASSWORD)):
        monkeypatch.setattr(exchanging, "others", _blind_once(exchanging.others))
        give(at_server, dialog, OWNER)
        assert at_server.session is None and "gm" in login_of(at_server).note.text()
    assert databases(owned_cluster) == [OWNED] and company(owned) == LATER
    sign_in(at_server, "admin", PASSWORD)
    assert at_server.session is not None


def _blind_once(real: Callable[..., list[str]]) -> Callable[..., list[str]]:
    seen: list[int] = []

    def others(*arguments: object) -> list[str]:
        seen.append(1)
        return real(*arguments) if len(seen) > 1 else []

    return others


def test_it_can_be_cancelled_and_is_told_as_it_was(
    at_server: Desk,
    owned: str,
    owned_cluster: OwnServer,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the button beside the bar, as soon as there is one."""
    real, seen = exchanging.make, threading.Event()

    def slowly(owner: Owner, url: str, name: str) -> str:
        made_name = real(owner, url, name)
        seen.wait(20)
        return made_name

    monkeypatch.setattr(exchanging, "make", slowly)
    dialog = asked(at_server)
    dialog.form["owner"].set_text(OWNER.login)
    dialog.form["password"].set_text(OWNER.password)
    button_of(dialog, "恢复").click()
    qtbot.waitUntil(lambda: at_server.session is None, timeout=20000)
    qtbot.waitUntil(login_of(at_server).busy.isVisible, timeout=20000)
    assert login_of(at_server).busy.name.text()
    login_of(at_server).busy.cancel.click()
    seen.set()
    over(at_server)
    assert login_of(at_server).note.text() == "已取消。数据库保持原样。"
    assert databases(owned_cluster) == [OWNED] and company(owned) == LATER
    sign_in(at_server, "admin", PASSWORD)
    assert at_server.session is not None
