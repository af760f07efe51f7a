"""The window on a server: the login of the window is the login of the database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chemsales import config, signin
from chemsales.config import Config
from chemsales.rules.roles import Role
from chemsales.storage.database import is_person, rows
from tests.factory import PASSWORD
from tests.security.conftest import address
from tests.ui.conftest import login_of, sign_in, wait
from ui.desk import Desk
from ui.main_window import MainWindow

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
