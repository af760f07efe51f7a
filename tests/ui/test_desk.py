"""The course of a day through the real windows: first start, signing in, lock, language,
leaving."""

from __future__ import annotations

import gc
import json
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from chemsales import config, demo
from chemsales.config import Config, default_database
from chemsales.demo.loader import Progress
from chemsales.demo.people import SampleClock, found_department
from chemsales.queries.people import has_people
from chemsales.rules.roles import Role
from chemsales.services import backup, people
from chemsales.services.settings import set_value
from chemsales.storage.database import database, rows
from chemsales.words import label
from tests.factory import COMPANY, PASSWORD, session_of
from tests.ui.conftest import login_of, sign_in, wait
from tests.ui.text_fit import problems
from tests.waiting import run_events
from ui import memory, theme
from ui.desk import Desk
from ui.dialogs.message import Message
from ui.first_run import CONTENT, LOGINS, FirstRun
from ui.login import LoginWindow
from ui.main_window import MainWindow

OWN = "two herons above the cold estuary"


def first_run(desk: Desk) -> FirstRun:
    assert isinstance(desk.window, FirstRun)
    return desk.window


def to_content(desk: Desk) -> FirstRun:
    desk.start(None)
    dialog = first_run(desk)
    dialog.go_on()
    dialog.go_on()
    wait(desk)
    assert dialog.stack.currentIndex() == CONTENT
    return dialog


def test_first_start_creates_the_administrator_and_the_second_asks_to_sign_in(
    desk: Desk, qapp: QApplication
) -> None:
    dialog = to_content(desk)
    dialog.admin.set_values({"name": "陈主任", "login": "chen"})
    for name in ("password", "repeat"):
        dialog.password[name].set_text(OWN)
    dialog.go_on()
    wait(desk)
    assert config.load() == Config("zh_CN", default_database())
    assert has_people()
    sign_in(desk, "chen", OWN)
    assert isinstance(desk.window, MainWindow)
    assert desk.window.context.actor.roles == {Role.ADMINISTRATOR}
    assert list(desk.window.places) == ["today", "settings"]

    second = Desk(qapp)
    second.start(config.load())
    assert isinstance(login_of(second), LoginWindow)
    assert second.window is None
    assert not second.login._ready  # before the database is open
    wait(second)
    assert second.login._ready
    second.login.hide()
    assert second.jobs.stop(10)


def test_first_start_with_sample_data_shows_its_logins(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(progress: Progress) -> None:  # the people; tests/test_demo.py loads their history
        found_department(SampleClock())
        progress(1, 1)

    monkeypatch.setattr(demo, "load", load)
    dialog = to_content(desk)
    dialog.content.choose("sample")
    assert not dialog.admin.isVisible()
    dialog.go_on()
    wait(desk)
    assert dialog.stack.currentIndex() == LOGINS, dialog.note.text()
    roles = {row[3] for row in dialog.logins.rows()}
    assert roles == {label(role) for role in Role}
    login, password, _name, _role = dialog.logins.rows()[0]
    dialog.go_on()
    sign_in(desk, login, password)
    assert isinstance(desk.window, MainWindow)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("", "chen", OWN, OWN), "name"),
        (("陈", "", OWN, OWN), "login"),
        (("陈", "chen", "short", "short"), "password"),
        (("陈", "chen", OWN, OWN + "x"), "repeat"),
        (("陈", "a b", OWN, OWN), "login"),
    ],
)
def test_first_start_says_under_the_field_what_is_wrong(
    typed: tuple[str, ...], field: str, desk: Desk
) -> None:
    dialog = to_content(desk)
    name, login, password, repeat = typed
    dialog.admin.set_values({"name": name, "login": login})
    dialog.password["password"].set_text(password)
    dialog.password["repeat"].set_text(repeat)
    dialog.go_on()
    wait(desk)
    fields = {**dialog.admin.fields, **dialog.password.fields}
    assert [key for key, found in fields.items() if found.wrong] == [field]
    assert not has_people()
    assert config.load() is None


def test_first_start_on_an_unreachable_server_says_so(desk: Desk) -> None:
    desk.start(None)
    dialog = first_run(desk)
    dialog.go_on()
    dialog.place.choose("server")
    dialog.go_on()
    assert dialog.address["url"].wrong  # nothing typed
    for address in ("postgresql://nobody:x@127.0.0.1:9/none", "mysql://x/y", "nonsense"):
        dialog.address["url"].set_text(address)
        dialog.go_on()
        wait(desk)
        assert dialog.note.isVisible(), address
        assert dialog.next.isEnabled()
    assert config.load() is None


def test_first_start_speaks_the_language_chosen_at_once(desk: Desk) -> None:
    desk.start(None)
    assert first_run(desk).next.text() == "下一步"
    first_run(desk).language.choose("en")
    assert first_run(desk).next.text() == "Next"
    assert first_run(desk).language.key() == "en"


def test_first_start_has_readable_text_on_every_step(desk: Desk) -> None:
    desk.start(None)
    found = []
    for language in ("zh_CN", "en"):
        if language == "en":
            first_run(desk).language.choose("en")
        for page in range(LOGINS + 1):
            dialog = first_run(desk)
            dialog._show(page)
            if page == LOGINS:
                dialog.logins.set_rows([("am", "seven grey barges at dawn", "张伟", "客户经理")])
            run_events(5)
            found += problems(dialog)
    assert found == []


def test_a_damaged_database_is_told_and_another_can_be_chosen(desk: Desk) -> None:
    path = config.data_dir() / "broken.db"
    path.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    desk.start(Config("zh_CN", f"sqlite:///{path}"))
    wait(desk)
    login = login_of(desk)
    assert "broken.db" in login.note.text()
    assert not login.sign_in_button.isEnabled()
    assert login.setup_button.isVisible()
    login.setup_button.click()
    assert isinstance(desk.window, FirstRun)


@pytest.fixture
def at_login(sqlite_ready: str, desk: Desk) -> Desk:
    """The desk of a department at work, asking who signs in; it ends before its database does."""
    chosen = Config("zh_CN", sqlite_ready)
    config.save(chosen)
    desk.start(chosen)
    wait(desk)
    return desk


@pytest.mark.parametrize("login", ["am", "AM", " am "])
def test_signs_in(login: str, at_login: Desk) -> None:
    sign_in(at_login, login, PASSWORD)
    assert isinstance(at_login.window, MainWindow)
    assert at_login.window.context.actor.login == "am"
    assert at_login.login is None


def test_refusal_shows_its_reason_and_the_throttle_its_seconds(at_login: Desk) -> None:
    for _ in range(5):
        sign_in(at_login, "am", "wrong password")
        assert login_of(at_login).note.text() == "登录名或密码不正确。"
    sign_in(at_login, "am", PASSWORD)
    assert "秒" in login_of(at_login).note.text()
    assert at_login.window is None


def test_enter_goes_from_login_to_password_and_signs_in(at_login: Desk, qtbot: QtBot) -> None:
    window = login_of(at_login)
    window.activateWindow()
    name, password = window.form["login"].editor, window._password
    assert isinstance(name, QLineEdit)
    name.setFocus()
    qtbot.keyClicks(name, "am")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    qtbot.keyClicks(password, PASSWORD)
    qtbot.keyClick(password, Qt.Key.Key_Return)
    wait(at_login)
    assert isinstance(at_login.window, MainWindow)


def test_nothing_typed_asks_for_it(at_login: Desk) -> None:
    sign_in(at_login, "am", "")
    assert login_of(at_login).note.text() == "请输入登录名和密码。"


def test_a_given_password_has_to_be_replaced(at_login: Desk) -> None:
    from chemsales.services import people
    from tests.factory import session_of

    given = people.reset_password(session_of("admin"), "finance").value
    sign_in(at_login, "finance", given)
    window = login_of(at_login)
    assert window.stack.currentIndex() == 1
    for name in ("password", "repeat"):
        window.new_password[name].set_text("short")
    window.change()
    wait(at_login)
    assert window.new_password["password"].wrong
    for name in ("password", "repeat"):
        window.new_password[name].set_text(OWN)
    window.change()
    wait(at_login)
    assert isinstance(at_login.window, MainWindow)
    assert at_login.window.context.actor.roles == {Role.FINANCE}


@pytest.fixture
def at_work(at_login: Desk) -> Desk:
    """The sales head's window is open."""
    sign_in(at_login, "sales", PASSWORD)
    return at_login


def window_of(desk: Desk) -> MainWindow:
    assert isinstance(desk.window, MainWindow)
    return desk.window


def speak(desk: Desk, language: str) -> None:
    """Choose a language in the window's menu."""
    menu = window_of(desk).top.menu
    menu.aboutToShow.emit()
    next(found for found in menu.actions() if found.text() == language).trigger()


def visible() -> set[str]:
    return {
        type(widget).__name__
        for widget in QApplication.topLevelWidgets()
        if widget.isVisible() and widget.isWindow()
    }


def test_locks_when_untouched_and_hides_open_dialogs(at_work: Desk) -> None:
    dialog = QDialog(at_work.window)
    dialog.open()
    assert at_work.idle is not None
    at_work.idle.look()
    assert at_work.login is None  # touched a moment ago
    at_work.idle._touched -= 15 * 60
    at_work.idle.look()
    assert visible() == {"LoginWindow"}
    sign_in(at_work, "sales", "wrong password")
    assert visible() == {"LoginWindow"}
    sign_in(at_work, "sales", PASSWORD)
    assert visible() == {"MainWindow", "QDialog"}
    assert at_work.login is None
    dialog.close()


def test_what_opens_while_the_screen_is_locked_waits_behind_the_lock(at_work: Desk) -> None:
    at_work.lock()
    dialog = QDialog(at_work.window)  # the answer of something that was under way
    dialog.open()
    QApplication.processEvents()
    assert visible() == {"LoginWindow"}
    sign_in(at_work, "sales", PASSWORD)
    assert visible() == {"MainWindow", "QDialog"}
    dialog.close()


def test_whose_roles_changed_meanwhile_unlocks_a_window_of_the_new_roles(at_work: Desk) -> None:
    before = at_work.window
    at_work.lock()
    people.set_roles(session_of("admin"), "sales", {Role.ACCOUNT_MANAGER}, 1)
    sign_in(at_work, "sales", PASSWORD)
    window = window_of(at_work)
    assert window is not before
    assert window.context.actor.roles == frozenset({Role.ACCOUNT_MANAGER})
    assert visible() == {"MainWindow"}


def test_a_touch_puts_the_lock_off(at_work: Desk) -> None:
    assert at_work.idle is not None
    at_work.idle._touched -= 14.99 * 60
    QTest.keyClick(window_of(at_work), Qt.Key.Key_Shift)
    at_work.idle.look()
    assert at_work.login is None


def test_never_locks_at_zero_minutes(at_work: Desk) -> None:
    at_work._on_config(replace(at_work.config, idle_lock_minutes=0))
    assert at_work.idle is not None
    assert not at_work.idle._timer.isActive()


def test_another_person_can_sign_in_at_a_locked_window(at_work: Desk) -> None:
    at_work.lock()
    login_of(at_work).other_button.click()
    assert login_of(at_work).locked is None
    sign_in(at_work, "gm", PASSWORD)
    assert window_of(at_work).context.actor.login == "gm"
    assert visible() == {"MainWindow"}


def test_signs_out(at_work: Desk) -> None:
    window_of(at_work).acts["logout"].trigger()
    assert visible() == {"LoginWindow"}
    assert at_work.session is None


def test_language_changes_at_run_time_and_is_kept(at_work: Desk, qapp: QApplication) -> None:
    window_of(at_work).show_place("settings")
    wait(at_work)
    for code, language, settings, today in (
        ("zh_TW", "繁體中文", "設定", "今日"),
        ("en", "English", "Settings", "Today"),
        ("zh_CN", "简体中文", "设置", "今日"),
    ):
        speak(at_work, language)
        wait(at_work)
        window = window_of(at_work)
        assert window.place == "settings"
        assert window.page.heading.text() == settings
        assert window.rail.tabs["today"].text() == today
        stored = json.loads((config.config_dir() / "config.json").read_text(encoding="utf-8"))
        assert stored["language"] == code
        assert visible() == {"MainWindow"}


def test_qt_speaks_chinese_too(at_work: Desk, qapp: QApplication) -> None:
    assert qapp.translate("QPlatformTheme", "Cancel") == "取消"


def test_zoom_and_colours_hold_at_once_and_are_kept(at_work: Desk, qapp: QApplication) -> None:
    before = window_of(at_work).fontMetrics().height()
    window_of(at_work).context.appearance_wanted.emit("dark", 150)
    wait(at_work)
    window = window_of(at_work)
    assert window.fontMetrics().height() > before
    assert theme.tokens() is theme.DARK
    assert (memory.recall("scheme"), memory.recall("zoom")) == ("dark", "150")
    theme.apply(qapp)


def test_follows_the_systems_colours_where_that_is_chosen(
    at_work: Desk, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        theme, "resolved", lambda scheme: theme.DARK if scheme != "light" else theme.LIGHT
    )
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    wait(at_work)
    assert theme.tokens() is theme.LIGHT  # light was chosen
    memory.remember("scheme", "system")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    wait(at_work)
    assert theme.tokens() is theme.DARK
    assert window_of(at_work).place == "today"
    theme.apply(qapp)


def test_leaving_closes_the_window_and_ends_the_threads(at_work: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(at_work.left, timeout=5000):
        window_of(at_work).close()
    assert at_work.jobs.stop(1)
    path = Path(database.obj.database)
    assert [each.name for each in path.parent.glob(f"{path.name}-*")] == []  # all is in the file


def test_the_work_of_the_day_is_backed_up_at_the_end(at_work: Desk, qtbot: QtBot) -> None:
    window_of(at_work).acts["logout"].trigger()
    with qtbot.waitSignal(at_work.left, timeout=20000):
        at_work.login.close()  # type: ignore[union-attr]
    [manifest] = backup.found(config.backup_dir())
    assert backup.check_backup(config.backup_dir() / manifest.file) == manifest


def test_at_the_end_a_server_is_backed_up_by_those_who_may_keep_copies(at_work: Desk) -> None:
    assert at_work._backs_up(session_of("sales")), "of a file by everybody"
    at_work.config = replace(at_work.config, database="postgresql://server/department")
    assert at_work._backs_up(session_of("admin"))
    assert not at_work._backs_up(session_of("sales"))


def press_restore(desk: Desk) -> None:
    """Choose the newest backup on its page, and say yes to the question."""
    window_of(desk).go("settings", "backup")
    wait(desk)
    page = window_of(desk).page.stack.currentWidget()  # type: ignore[attr-defined]
    assert not page.acts["settings.restore_backup"].isEnabled()
    page.table.select_first()
    page.acts["settings.restore_backup"].trigger()
    [question] = [w for w in QApplication.topLevelWidgets() if isinstance(w, Message)]
    next(b for b in question.findChildren(QPushButton) if b.text() == "恢复").click()
    wait(desk)


def test_a_backup_is_restored_from_its_page(at_work: Desk) -> None:
    window_of(at_work).acts["logout"].trigger()
    sign_in(at_work, "admin", PASSWORD)
    made = backup.back_up(session_of("admin"))
    set_value(session_of("admin"), "company", "改错了的名字")
    press_restore(at_work)
    assert at_work.login is not None and at_work.session is None
    assert at_work.login.note.text().startswith("已恢复到")
    assert rows("SELECT value FROM setting WHERE key = 'company'") == [(COMPANY,)]
    sign_in(at_work, "admin", PASSWORD)
    wait(at_work)
    assert made.name in window_of(at_work).banner.text.text(), "it waits to be confirmed"


def test_a_damaged_backup_is_refused_and_nothing_is_touched(at_work: Desk) -> None:
    window_of(at_work).acts["logout"].trigger()
    sign_in(at_work, "admin", PASSWORD)
    made = backup.back_up(session_of("admin"))
    made.write_bytes(made.read_bytes()[:-1])
    set_value(session_of("admin"), "company", "新名字")
    press_restore(at_work)
    assert at_work.login is not None and made.name in at_work.login.note.text()
    assert rows("SELECT value FROM setting WHERE key = 'company'") == [("新名字",)]
    sign_in(at_work, "admin", PASSWORD)
    assert window_of(at_work).place == "today"


def test_whose_login_is_withdrawn_sees_nothing_more(at_work: Desk, qtbot: QtBot) -> None:
    people.set_active(session_of("admin"), "sales", False, 1)
    qtbot.waitUntil(lambda: at_work.login is not None, timeout=20_000)
    assert visible() == {"LoginWindow"}
    for name, word in (("login", "sales"), ("password", PASSWORD)):
        login_of(at_work).form[name].set_text(word)
    login_of(at_work).sign_in()
    wait(at_work)
    assert visible() == {"LoginWindow"} and login_of(at_work).note.text()


def test_who_has_other_roles_begins_anew_with_them(at_work: Desk, qtbot: QtBot) -> None:
    before = window_of(at_work)
    people.set_roles(session_of("admin"), "sales", [Role.AUDITOR], 1)
    qtbot.waitUntil(lambda: at_work.login is not None, timeout=20_000)
    assert not before.isVisible()
    sign_in(at_work, "sales", PASSWORD)
    assert window_of(at_work).context.actor.roles == {Role.AUDITOR}


def test_a_change_of_somebody_else_locks_nobody(at_work: Desk, qtbot: QtBot) -> None:
    people.set_active(session_of("admin"), "finance", False, 1)
    with qtbot.waitSignal(at_work.context.changed_elsewhere, timeout=20_000):  # type: ignore[union-attr]
        pass
    wait(at_work)
    assert at_work.login is None and window_of(at_work).isVisible()


def test_every_day_begins_with_today(at_work: Desk) -> None:
    window_of(at_work).show_place("settings")
    window_of(at_work).acts["logout"].trigger()
    sign_in(at_work, "sales", PASSWORD)
    assert window_of(at_work).place == "today"


def _windows() -> list[weakref.ref[MainWindow]]:
    gc.collect()
    return [weakref.ref(found) for found in gc.get_objects() if type(found) is MainWindow]


def test_windows_that_were_replaced_are_gone(at_work: Desk) -> None:
    for place in window_of(at_work).places:
        window_of(at_work).show_place(place)
        wait(at_work)
    before = len(_windows())
    for number in range(6):
        speak(at_work, ("English", "简体中文")[number % 2])
        wait(at_work)
    run_events(50)
    assert len(_windows()) <= before + 1
