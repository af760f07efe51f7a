"""The window on a server: the login of the window is the login of the database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chemsales import config, signin
from chemsales.config import Config
from chemsales.rules.roles import Role
from chemsales.services import settings
from chemsales.services.session import utc_now
from chemsales.storage.database import is_person, rows
from tests.conftest import opened
from tests.factory import PASSWORD, session_of
from tests.factory_refused import LATER, OUT, refused_parties
from tests.security.conftest import address
from tests.ui.acting import dialog_of, key
from tests.ui.conftest import login_of, sign_in, wait
from tests.waiting import run_events
from ui.desk import Desk
from ui.dialogs.application import ApplicationDialog
from ui.main_window import MainWindow
from ui.widgets.labels import PlainLabel

GUESSES, HOUR = 3, timedelta(hours=1)


@pytest.fixture
def at_server(desk: Desk, server_url: str) -> Desk:
    """The desk of a department on a server, asking who signs in."""
    chosen = Config("zh_CN", address(server_url))
    config.save(chosen)
    desk.start(chosen)
    wait(desk)
    return desk


def test_the_person_is_connected_as_himself(at_server: Desk) -> None:
    sign_in(at_server, "GM", PASSWORD)
    assert isinstance(at_server.window, MainWindow)
    assert at_server.window.context.actor.login == "gm"
    assert at_server.window.context.actor.roles == {Role.GENERAL_MANAGER}
    assert is_person()
    assert rows("SELECT session_user::text") == [("gm",)]
    at_server.log_out()
    sign_in(at_server, "finance", PASSWORD)
    assert rows("SELECT session_user::text") == [("finance",)]


def test_a_wrong_password_says_no_more_than_that(at_server: Desk) -> None:
    for login in ("gm", "nobody"):
        sign_in(at_server, login, "wrong password")
        assert login_of(at_server).note.text() == "登录名或密码不正确。"
    assert at_server.window is None


def test_guesses_are_slowed_down_at_the_desk(
    at_server: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signin, "_failures", {})
    monkeypatch.setattr(signin, "wait_after", lambda failures: (failures >= GUESSES) * HOUR)
    for _ in range(GUESSES):
        sign_in(at_server, "finance", "wrong password")
        assert login_of(at_server).note.text() == "登录名或密码不正确。"
    sign_in(at_server, "Finance", PASSWORD)
    assert "秒" in login_of(at_server).note.text()
    assert at_server.window is None
    sign_in(at_server, "gm", PASSWORD)
    assert isinstance(at_server.window, MainWindow)


def test_the_lock_asks_the_server_and_keeps_the_work(at_server: Desk) -> None:
    sign_in(at_server, "gm", PASSWORD)
    window = at_server.window
    at_server.lock()
    login_of(at_server).form["password"].set_text("wrong password")
    login_of(at_server).sign_in()
    wait(at_server)
    assert login_of(at_server).note.text() == "登录名或密码不正确。"
    login_of(at_server).form["password"].set_text(PASSWORD)
    login_of(at_server).sign_in()
    wait(at_server)
    assert at_server.login is None
    assert at_server.window is window


def test_a_server_that_is_gone_is_told_at_the_login(desk: Desk) -> None:
    desk.start(Config("zh_CN", "postgresql://127.0.0.1:1/none"))
    wait(desk)
    sign_in(desk, "gm", PASSWORD)
    assert "127.0.0.1:1" in login_of(desk).note.text()


def test_c17_1_a_manager_who_sees_the_own_alone_is_told_of_a_refused_party_while_typing(
    at_server: Desk, server_url: str
) -> None:
    with opened(server_url):
        refused_parties()
        settings.set_value(session_of("admin", utc_now), "am_sees_own_only", "on")
    sign_in(at_server, "am2", PASSWORD)
    assert isinstance(at_server.window, MainWindow)
    assert rows("SELECT count(*) FROM customer") == [(0,)]
    at_server.window.show_place("customers")
    wait(at_server)
    key(at_server.window.page, "Ctrl+N")
    wait(at_server)
    dialog = dialog_of(ApplicationDialog)
    assert isinstance(dialog, ApplicationDialog)
    dialog.form.fields["legal_person"].set_text(LATER["legal_person"])
    run_events(350)  # the pause after the last stroke
    wait(at_server)
    said = [part.text() for part in dialog.head.twins.findChildren(PlainLabel)]
    assert dialog.head.twins.isVisible()
    at = next(at for at, text in enumerate(said) if OUT.facts.name in text)  # no link: not shown
    assert "已取消资格" in said[at + 1] and "法定代表人" in said[at + 1], said
